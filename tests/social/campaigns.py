"""What tests of campaigns build with: two areas, people, and a campaign that has all it needs."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from social.campaign_measures import MeasureInput, PointInput, put_measure, put_points
from social.campaign_writing import CampaignInput, launch_campaign, plan_campaign
from social.campaigns import Campaign, campaign_with_id, measures_of
from social.context import Context
from social.places import PlaceKind, find_or_add_place
from social.staff import Membership, Person, Role, find_or_add_person

FIRST = date(2026, 3, 2)
"""First day of the campaigns here, a Monday."""
WHOLE = CampaignInput(
    "lock_it_lights_out", aim="Fewer sheds are broken into.", audience="People with allotments",
    purpose="Ask what would help", feedback_plan="Say at the June meeting what was done", starts_on=FIRST,
    ends_on=date(2026, 5, 31),
)  # fmt: skip
SHEDS = MeasureInput(
    "Break-ins to sheds", "reports a week", source="force crime records", baseline=20, baseline_on=date(2026, 2, 28),
    target=14, target_on=date(2026, 5, 31),
)  # fmt: skip


@dataclass
class Campaigns:
    """Builders for the dull fields."""

    context: Context
    author: Person = field(init=False)
    reader: Person = field(init=False)
    bound: Person = field(init=False)
    beck: int = field(init=False)
    hexley: int = field(init=False)

    def __post_init__(self) -> None:
        with self.context.database.write() as session:
            force = find_or_add_place(session, "Woldershire Police", PlaceKind.FORCE)
            beck = find_or_add_place(session, "Copperbeck", PlaceKind.NEIGHBOURHOOD, force)
            hexley = find_or_add_place(session, "Hexley Moor", PlaceKind.NEIGHBOURHOOD, force)
            self.beck, self.hexley = beck.id or 0, hexley.id or 0
            self.author = find_or_add_person(session, "nia.abbot@woldershire.example", Role.AUTHOR, "Nia Abbot")
            self.reader = find_or_add_person(session, "lee.marsh@woldershire.example", Role.READER, "Lee Marsh")
            self.bound = find_or_add_person(session, "tom.askew@woldershire.example", Role.AUTHOR, "Tom Askew")
            session.add(Membership(person_id=self.bound.id or 0, place_id=self.hexley))

    def plan(self, measure: MeasureInput | None = SHEDS, **changes: Any) -> int:
        number = plan_campaign(self.context, self.author, replace(WHOLE, **{"areas": (self.beck,), **changes}))
        if measure is not None:
            put_measure(self.context, self.author, number, measure)
        return number

    def running(self, **changes: Any) -> int:
        number = self.plan(**changes)
        launch_campaign(self.context, self.author, number)
        return number

    def one(self, number: int) -> Campaign:
        with self.context.database.read() as session:
            return campaign_with_id(session, number)

    def measure(self, number: int) -> int:
        with self.context.database.read() as session:
            return measures_of(session, number)[0].id or 0

    def weekly(self, number: int, before: Sequence[float], after: Sequence[float], *, comparison: bool = False) -> None:
        """Numbers of as many weeks before the first day, and from it on."""
        begins = FIRST - timedelta(weeks=len(before))
        points = [
            PointInput(begins + timedelta(weeks=n), value, comparison=comparison)
            for n, value in enumerate([*before, *after])
        ]
        put_points(self.context, self.author, number, self.measure(number), points)
