"""The weeks before the account was made: posts as a force would have put them out, with their residents.

Drawn once, when the folder is made, from the seed and the moment: the same both times give the same history."""

import random
from datetime import datetime, timedelta

from social.clock import LONDON, as_local
from social.practice import history_texts as texts
from social.practice import ids
from social.practice.kinds import PLACES
from social.practice.store import Post, Store
from social.practice.world import to_ms

POSTS_A_WEEK = 5
_HOURS = (8, 9, 10, 11, 12, 12, 13, 15, 16, 17, 17, 18, 19)


def write_history(store: Store, page_id: str, *, anchor: datetime, weeks: int, seed: int) -> int:
    """Fill an empty store with the posts of `weeks` weeks before `anchor`; their number."""
    rng = random.Random(f"history/{seed}")  # noqa: S311  (simulation, not security)
    planned: list[tuple[datetime, str, str]] = []
    used: set[str] = set()
    for week in range(weeks, 0, -1):
        # Both networks carry every kind over the weeks, and no kind comes only from one place.
        for network in ("facebook", "x"):
            kinds = rng.sample(list(texts.WEIGHTS), k=POSTS_A_WEEK, counts=list(texts.WEIGHTS.values()))
            for kind in kinds:
                moment = _moment(rng, anchor, week)
                if moment < anchor:
                    planned.append((moment, network, _text(rng, kind, network, used)))
    planned.sort(key=lambda row: row[0])
    with store.writing():
        for number, (moment, network, text) in enumerate(planned, start=store.next_number()):
            created = to_ms(moment)
            platform_id = ids.x_id(created, number) if network == "x" else f"{page_id}_{ids.facebook_post_part(number)}"
            crowd = store.crowd_key(network, text)
            store.add_post(
                Post(number, network, platform_id, text, None, (), created, 1.0, "history", crowd, None, None, None)
            )
    return len(planned)


def _moment(rng: random.Random, anchor: datetime, week: int) -> datetime:
    """A plausible local time in that week before the anchor, as an instant."""
    day = as_local(anchor - timedelta(days=7 * week - rng.uniform(0.2, 6.8))).date()
    local = datetime(
        day.year, day.month, day.day, rng.choice(_HOURS), rng.choice((0, 5, 15, 20, 30, 45)), tzinfo=LONDON
    )
    return local + timedelta(seconds=rng.randrange(1, 50))


def _text(rng: random.Random, kind: str, network: str, used: set[str]) -> str:
    for _ in range(40):
        text = texts.write(rng, kind, rng.choice(PLACES), network)
        if text not in used:
            break
    used.add(text)
    return text
