"""Areas side by side, the map, and the profile of one as a document: the figures that page, file and command share."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, col, select
from typer.testing import CliRunner

import app
from insights.area_document import as_json_document
from insights.area_map import NO_RATE, MapArea, area_map, classes_of, middle_of
from insights.area_members import members_of, unknown_parts
from insights.area_profile import area_profile
from insights.area_tables import as_csv, headline, left_over, say_officers, say_rank, table
from insights.areas import NOTE, AreaFigures, area_figures, reactions_of
from insights.figures import totals
from social.accounts import Account
from social.alerts.resident_counts import FEW
from social.alerts.residents import Resident, ResidentArea, ResidentState
from social.context import Context
from social.measurements import Measurement, Metric
from social.places import Place, PlaceKind, find_or_add_place
from social.police_data_areas import PoliceDataArea
from social.publications import Publication

pytestmark = pytest.mark.sqlite_only


class Posted:
    """Three neighbourhoods of one team, an account on a network and the one of alerts."""

    def __init__(self, context: Context, session: Session) -> None:
        self.now, self.session, self.count = context.clock.now(), session, 0
        self.team = find_or_add_place(session, "Marlpit team", PlaceKind.TEAM)
        self.beck, self.end, self.moor = (
            find_or_add_place(session, name, PlaceKind.NEIGHBOURHOOD, self.team)
            for name in ("Copperbeck", "Marlpit End", "Hexley Moor")
        )
        for place, population in ((self.beck, 4000), (self.end, 8000)):
            place.population, place.population_year, place.population_source = population, 2025, "invented"
        self.accounts = {
            channel: Account(name=channel, channel=channel, credentials_sealed=b"", added_at=self.now)
            for channel in ("facebook", "alert")
        }
        session.add_all(self.accounts.values())
        session.flush()

    def __call__(
        self, place: Place | None, posts: int, reactions: int | None, kind: str = "event", channel: str = "facebook"
    ) -> None:
        for _ in range(posts):
            self.count += 1
            post = Publication(account_id=self.accounts[channel].id or 0, platform_id=str(self.count), text="Come along.",
                               published_at=self.now - timedelta(days=1), content_type=kind,
                               place_id=place.id if place else None)  # fmt: skip
            self.session.add(post)
            self.session.flush()
            if reactions is not None:
                self.session.add(Measurement(publication_id=post.id or 0, metric=Metric.REACTIONS.value, value=reactions,
                                             source_metric="test", fetched_at=self.now, checked_at=self.now))  # fmt: skip
                self.session.flush()


@pytest.fixture
def posted(context: Context) -> Iterator[Posted]:
    with context.database.write() as session:
        yield Posted(context, session)


def found(posted: Posted, **narrow: Any) -> AreaFigures:
    posted.session.flush()
    return area_figures(posted.session, **narrow)


def test_areas_are_ranked_by_reactions_for_their_size_and_only_where_that_may_be(posted: Posted) -> None:
    posted(posted.beck, 5, 40)
    posted(posted.end, 5, 60)
    posted(posted.moor, 9, 500)  # nobody knows how many live there
    rows = found(posted).areas
    assert [(row.name, row.rank, row.per_1000) for row in rows] == [
        ("Copperbeck", 1, 50.0), ("Marlpit End", 2, 37.5), ("Hexley Moor", None, None)]  # fmt: skip
    assert say_rank(rows[2]) == "residents not known"
    assert (
        headline(found(posted))
        == "Posts about Copperbeck drew the most reactions for its size, 1.3 times those of Marlpit End; "
        "from 5 and 5 posts that may be chance."
    )


def test_under_five_posts_an_area_has_no_rank_and_alone_it_has_none_either(posted: Posted) -> None:
    posted(posted.beck, 5, 40)
    posted(posted.end, 4, 900)
    rows = found(posted).areas
    assert [(row.name, row.rank, say_rank(row)) for row in rows] == [
        ("Copperbeck", None, "nothing to compare with"), ("Hexley Moor", None, "residents not known"),
        ("Marlpit End", None, "too few to tell")]  # fmt: skip
    assert headline(found(posted)).startswith("Too few to tell")


def test_a_missing_person_appeal_is_counted_and_never_compared(posted: Posted) -> None:
    posted(posted.beck, 5, 40)
    posted(posted.end, 5, 40)
    before = {row.name: row.per_1000 for row in found(posted).areas}
    posted(posted.end, 3, 9_000, kind="appeal_missing")
    rows = {row.name: row for row in found(posted).areas}
    assert {name: row.per_1000 for name, row in rows.items()} == before
    assert (rows["Marlpit End"].figures.posts, rows["Marlpit End"].compared_posts) == (8, 5)


def test_reactions_that_no_network_reported_are_unknown_and_not_none_at_all(posted: Posted) -> None:
    posted(posted.beck, 6, None)
    [row] = [row for row in found(posted).areas if row.name == "Copperbeck"]
    assert (row.reactions, row.per_1000, row.rank, say_rank(row)) == (None, None, None, "not reported")
    assert table([row])[0]["Reactions"] == "not reported"


def test_the_table_and_what_is_left_over_add_up_to_every_post_without_alerts(posted: Posted) -> None:
    for place, posts in ((posted.beck, 3), (posted.team, 2), (None, 4), (posted.moor, 1)):
        posted(place, posts, 1)
    posted(posted.beck, 7, None, channel="alert")
    every = found(posted)
    assert (every.wider, every.nowhere) == (2, 4)
    assert sum(row.figures.posts for row in every.areas) + 6 == totals(posted.session).posts == 10
    assert left_over(every) == "Not in the table: 2 posts about wider areas and 4 posts about no area."
    own = found(posted, within=[posted.beck.id or 0, posted.team.id or 0])
    assert ([row.name for row in own.areas], own.wider, own.nowhere) == (["Copperbeck"], 2, 0)
    file = as_csv(every, "Credit.").decode("utf-8-sig").splitlines()
    assert len(file) == 1 + 3 + 3
    assert NOTE in file[-2]


@given(st.lists(st.none() | st.floats(0, 1e6), min_size=1, max_size=40))
def test_every_area_of_a_map_has_one_class_and_its_value_lies_in_it(values: list[float | None]) -> None:
    classes = classes_of(values)
    assert len(classes.labels) == len(classes.steps) == len(set(classes.labels))
    for value in values:
        label = classes.label(value)
        assert label in classes.labels
        assert (label == NO_RATE) == (value is None)
        if value is not None:
            at = classes.steps_with.index(classes.step(value))
            assert classes.lower[at] <= value <= classes.upper[at]


def test_a_map_holds_its_shapes_and_asks_no_other_machine_for_anything() -> None:
    square = [[0.0, 50.0], [0.1, 50.0], [0.1, 50.1], [0.0, 50.1], [0.0, 50.0]]
    hole = [[0.04, 50.04], [0.06, 50.04], [0.06, 50.06], [0.04, 50.06], [0.04, 50.04]]
    moved = [[x + 0.2, y] for x, y in square]
    areas = [
        MapArea(1, "Copperbeck", {"type": "Polygon", "coordinates": [square, hole]}, 3.0, 7),
        MapArea(2, "Marlpit End", {"type": "MultiPolygon", "coordinates": [[moved]]}, None, 9),
    ]
    made = area_map(areas, dark=False).to_dict()
    text = json.dumps(made)
    assert "http" not in text.replace(made["$schema"], "")
    assert len(text) < 20_000
    shapes = made["datasets"][made["layer"][0]["data"]["name"]]
    x, y = middle_of(shapes[0]["geometry"])
    assert all(low < value < high for low, value, high in ((0, x, 700), (0, y, 1300)))
    assert [shape["properties"]["rate"] for shape in shapes] == ["3.0 per 1,000", "not compared"]


def test_the_command_says_of_an_area_what_its_page_says(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    with context.database.write() as session:
        posted = Posted(context, session)
        posted(posted.beck, 5, 40)
    monkeypatch.setattr(app, "_open", lambda _settings: context)
    done = CliRunner().invoke(app.build_cli(), ["places", "profile", "copperbeck", "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["area"], told["lies_in"], told["population"], told["posts"]) == (
        "Copperbeck",
        ["Marlpit team"],
        4000,
        5,
    )
    assert (told["reactions_per_1000_residents"], told["alert_members"], told["concerns"]) == (50.0, 0, None)
    assert "text" not in told["latest_posts"][0]
    lines = CliRunner().invoke(app.build_cli(), ["places", "profile", "Copperbeck"]).stdout.splitlines()
    assert lines[:2] == ["Marlpit team > Copperbeck", "Residents: 4,000 (2025, invented)"]
    missing = CliRunner().invoke(app.build_cli(), ["places", "profile", "Nowhere"])
    assert (missing.exit_code, missing.stderr) == (
        1,
        "There is no area called 'Nowhere'. `beatline places list` shows them.\n",
    )


def test_reactions_are_the_same_from_weekly_sums_and_from_the_posts_themselves(posted: Posted) -> None:
    for days in (1, 3, 9, 20, 40):
        posted.now = posted.now - timedelta(days=days)
        posted(posted.beck, 2, days)
    posted.session.flush()
    newest = posted.now + timedelta(days=72)
    for since in (newest - timedelta(days=reach) for reach in (2, 6, 13, 33, 60, 90)):
        rows = posted.session.exec(select(Publication).where(col(Publication.published_at) >= since)).all()
        told = {one.publication_id: one.value for one in posted.session.exec(select(Measurement))}
        expected = sum(told[row.id or 0] for row in rows)
        counted = reactions_of(posted.session, [posted.beck.id or 0], since=since)
        assert counted == (len(rows), expected if rows else None), since


def test_officers_who_are_named_in_several_areas_are_never_added_up(posted: Posted) -> None:
    """M15: names are not kept, so that nobody can tell whether two areas name one officer."""
    named = ((posted.beck, 2), (posted.end, 2), (posted.moor, 0))
    for number, (place, count) in enumerate(named):
        posted.session.add(
            PoliceDataArea(place_id=place.id or 0, force="w", neighbourhood=str(number), contactable=count)
        )
    posted.session.flush()
    team, beck = (area_profile(posted.session, one.id or 0, posted.now) for one in (posted.team, posted.beck))
    assert (team.contactable, team.with_officer) == (None, (2, 3))
    assert (beck.contactable, beck.with_officer) == (2, None)
    assert say_officers(team.contactable, team.with_officer) == "in 2 of 3 areas"
    assert as_json_document(team, None)["areas_with_named_officer"] == [2, 3]


def test_the_members_of_an_area_give_away_no_hidden_number_of_one_in_it(posted: Posted) -> None:
    """R27: 12 of a team of which one neighbourhood shows 9 would say that the other has 3."""

    def join(place: Place, people: int) -> None:
        for _ in range(people):
            one = Resident(state=ResidentState.CONFIRMED.value, contact_sealed=b"", frequency="at_once", lang="en",
                           consent_at=posted.now, consent_source="website", joined_at=posted.now, changed_at=posted.now)  # fmt: skip
            posted.session.add(one)
            posted.session.flush()
            posted.session.add(ResidentArea(resident_id=one.id or 0, place_id=place.id or 0))
        posted.session.flush()

    def told(place: Place) -> int | None:
        return members_of(posted.session, place.id or 0)

    join(posted.beck, 9)
    assert (told(posted.team), told(posted.beck), told(posted.moor)) == (9, 9, 0)
    join(posted.end, 3)
    assert (told(posted.team), told(posted.end)) == (None, None)
    join(posted.moor, 2)
    assert (told(posted.team), told(posted.end), told(posted.moor)) == (14, None, None), "two hidden parts share five"


@given(st.lists(st.integers(0, 8), min_size=7, max_size=7))
def test_no_small_number_follows_from_the_numbers_of_an_area_and_all_in_it(own: list[int]) -> None:
    beneath = {0: [1, 4], 1: [2, 3], 4: [5, 6]}
    parts = {place: {place, *beneath.get(place, ())} for place in beneath} | {0: set(range(7))}
    counts = dict(enumerate(own))
    shown = [parts.get(place, {place}) for place in range(7) if unknown_parts(place, beneath, counts) is None]
    for larger in shown:
        within = [one for one in shown if one < larger]
        left = larger.difference(*within)
        assert not 0 < sum(own[place] for place in left) < FEW, "what nobody is told but can subtract"
