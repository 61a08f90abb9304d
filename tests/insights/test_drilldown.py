"""Totals add up at every level, from the force down to a single post, whatever the areas look like."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlmodel import Session

from insights.drilldown import AREA, EARLIER, ITSELF, NOWHERE, Counts, Level, Tree, add_up, counts_of, drill_down, split
from insights.facts import PublicationFacts
from insights.figures import totals, week_of
from social.accounts import Account
from social.context import Context
from social.places import Place, PlaceKind
from social.publications import Publication

pytestmark = pytest.mark.sqlite_only
START = datetime(2026, 5, 1, 9, tzinfo=UTC)
KINDS = list(PlaceKind)

counted = st.none() | st.integers(0, 10**6)
asked = st.integers(0, 50)
posts = st.lists(st.tuples(st.integers(-1, 11), counted, counted, asked, asked, asked), max_size=14)
forests = st.lists(st.integers(-1, 11), min_size=1, max_size=12).map(
    lambda parents: [parent if parent < number else -1 for number, parent in enumerate(parents)]
)
"""For each area the number of the one that it lies in, an earlier one or none."""


def fill(session: Session, account_id: int, parents: list[int], rows: list[tuple[Any, ...]]) -> list[int | None]:
    """Areas and posts of one example.  Returns the areas' ids by their number; None for -1."""
    connection = session.connection()
    for table in (PublicationFacts, Publication):
        connection.execute(delete(table))
    places: list[Place] = []
    for number, parent in enumerate(parents):
        above = places[parent].id if parent >= 0 else None
        places.append(Place(name=f"Area {number}", kind=KINDS[number % 5], parent_id=above))
        session.add(places[-1])
        session.flush()
    for number, (place, shown, reactions, replies, answered, unanswered) in enumerate(rows):
        at = START + timedelta(hours=number)
        about = places[place].id if 0 <= place < len(places) else None
        publication = Publication(
            account_id=account_id, platform_id=f"p{number}", text=f"Post {number}", published_at=at, place_id=about,
            content_type="event",
        )  # fmt: skip
        session.add(publication)
        session.flush()
        assert publication.id is not None
        session.merge(
            PublicationFacts(
                publication_id=publication.id, account_id=account_id, channel="facebook", content_type="event",
                place_id=about, published_at=at, week=week_of(at), has_picture=False, impressions=shown,
                reactions=reactions, replies_stored=replies, answered=answered, unanswered=unanswered,
            )
        )  # fmt: skip
    session.flush()
    return [*(place.id for place in places), None]


def holds(session: Session, level: Level) -> None:
    """The rows of this level add up to its total, each row to the level beneath it, and the total to the page's own."""
    assert add_up(row.counts for row in level.rows) == level.total
    for row in level.rows:
        if row.what == AREA:
            beneath = drill_down(session, row.number)
            assert beneath.total == row.counts
            assert beneath.total == counts_of(totals(session, place_id=row.number))
            holds(session, beneath)
        elif row.what in (ITSELF, NOWHERE):
            assert drill_down(session, row.number, only_here=True).total == row.counts


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parents=forests, rows=posts)
def test_totals_add_up_at_every_level_from_the_force_to_the_post(
    context: Context, parents: list[int], rows: list[tuple[Any, ...]]
) -> None:
    with context.database.write() as session:
        account = Account(name="desk", channel="facebook", credentials_sealed=b"", added_at=START)
        session.add(account)
        session.flush()
        assert account.id is not None
        fill(session, account.id, parents, rows)
        everything = drill_down(session)
        assert everything.total == counts_of(totals(session))
        assert everything.total.posts == len(rows)
        holds(session, everything)
        session.rollback()


areas = st.dictionaries(st.integers(1, 8), st.none() | st.integers(1, 9), max_size=8)
sums = st.dictionaries(
    st.none() | st.integers(1, 9),
    st.builds(Counts, asked, counted, counted, asked, asked, asked),
    max_size=9,
)


@given(parents=areas, by_place=sums)
@settings(deadline=None)
def test_no_post_is_lost_where_areas_lie_in_themselves_or_in_none_that_is_known(
    parents: dict[int, int | None], by_place: dict[int | None, Counts]
) -> None:
    tree = Tree({number: f"Area {number}" for number in parents}, parents)
    assert add_up(row.counts for row in split(tree, None, by_place)) == add_up(by_place.values())


def test_reach_is_never_added_up() -> None:
    """M03."""
    assert "reach" not in {field.name for field in fields(Counts)}


def test_a_figure_that_nobody_reports_stays_missing_in_the_sum() -> None:
    """M04."""
    assert add_up([Counts(1), Counts(2)]) == Counts(3)
    assert add_up([Counts(1, impressions=0), Counts(2)]).impressions == 0


def test_one_area_over_all_others_is_passed_over_and_what_is_about_it_alone_has_a_row() -> None:
    tree = Tree({1: "Woldershire", 2: "Copperbeck", 3: "Hexley Moor"}, {1: None, 2: 1, 3: 1})
    rows = split(tree, None, {1: Counts(1), 2: Counts(2), None: Counts(4)})
    assert [(row.what, row.label, row.counts.posts) for row in rows] == [
        (AREA, "Copperbeck", 2),
        (AREA, "Hexley Moor", 0),
        (ITSELF, "About Woldershire, no single area below", 1),
        (NOWHERE, "About no area", 4),
    ]


def test_more_posts_than_are_listed_stand_together_and_still_add_up(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("insights.drilldown.MOST_POSTS", 3)
    with context.database.write() as session:
        account = Account(name="desk", channel="facebook", credentials_sealed=b"", added_at=START)
        session.add(account)
        session.flush()
        [place_id, _] = fill(session, account.id or 0, [-1], [(0, 10, None, 1, 0, 0)] * 5)
        level = drill_down(session, place_id)
        assert [row.label for row in level.rows] == ["Post 4", "Post 3", "Post 2", "Earlier posts"]
        assert level.rows[-1].what == EARLIER
        assert level.total == counts_of(totals(session, place_id=place_id)) == Counts(5, 50, None, 5, 0, 0)
        narrowed = drill_down(session, place_id, until=START + timedelta(hours=4))
        assert [row.label for row in narrowed.rows] == ["Post 3", "Post 2", "Post 1", "Earlier posts"]
        assert narrowed.total.posts == 4
