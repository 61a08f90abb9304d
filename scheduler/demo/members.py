"""Three hundred invented residents who signed up for alerts, as a file that another system would hand over.

Their addresses are of example.org and their numbers of the range that Ofcom keeps for stories, so that none is anybody's."""

import csv
import io
import random
from datetime import datetime, timedelta

from scheduler.demo.force import AREAS
from social.alerts.residents_csv import COLUMNS
from social.alerts.topics import GROUPS, TOPICS

MANY = 300
FIRST = ("Asha", "Bryn", "Cerys", "Dilan", "Edie", "Femi", "Gethin", "Hana", "Idris", "Jory", "Kezia", "Lowri", "Merryn",
         "Nadia", "Orla", "Pavel", "Quentin", "Rhian", "Sunil", "Tamsin")  # fmt: skip
LAST = ("Ashdale", "Birtle", "Cotgrave", "Dunmore", "Ellerby", "Fenwick", "Garside", "Holbeck", "Inskip", "Jarrow", "Kilby",
        "Lathom", "Markby", "Norland", "Oxspring", "Penhale", "Rawcliffe", "Skirrow", "Thirlby", "Wexcombe")  # fmt: skip
_FREQUENCIES = ("at_once",) * 12 + ("daily",) * 5 + ("weekly",) * 3
_QUIET = ("22:00-07:00",) * 3 + ("",)


def members_file(now: datetime, many: int = MANY) -> bytes:
    """A CSV file for `beatline import subscribers`, the same each time.  now: everybody agreed before it."""
    chance = random.Random(31)  # noqa: S311 - an invented list, the same each time
    neighbourhoods = [
        (f"{team} > {name}", residents)
        for sections in AREAS.values()
        for teams in sections.values()
        for team, places in teams.items()
        for name, residents in places.items()
    ]
    names, weights = [name for name, _ in neighbourhoods], [residents for _, residents in neighbourhoods]
    target = io.StringIO()
    rows = csv.DictWriter(target, [*COLUMNS])
    rows.writeheader()
    for number in range(many):
        first, last = chance.choice(FIRST), chance.choice(LAST)
        area = chance.choices(names, weights)[0]
        texts = chance.random() < 0.3
        rows.writerow({
            "email": f"{first}.{last}.{number}@example.org".lower(),
            "phone": f"07700 900{number:03d}" if texts else "",
            "name": first,
            "topics": ";".join(chance.sample(list(TOPICS), chance.randint(3, 8))),
            "areas": f"{area} (5 km)" if chance.random() < 0.25 else area,
            "groups": chance.choice(list(GROUPS)) if chance.random() < 0.2 else "",
            "frequency": chance.choice(_FREQUENCIES),
            "ways": "email;text" if texts else "email",
            "phone_checked": "yes" if texts else "",
            "lang": "en",
            "quiet": chance.choice(_QUIET),
            "consent_date": f"{now - timedelta(days=chance.randint(10, 700)):%Y-%m-%d}",
            "consent_source": chance.choice(("website", "street surgery", "summer fair")),
        })  # fmt: skip
    return target.getvalue().encode()
