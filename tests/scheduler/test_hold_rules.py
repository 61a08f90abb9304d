"""The one decision whether a hold stops a post, without a database (R31, R35, R37, R38)."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scheduler.content_types import BUILT_IN, ContentType
from scheduler.hold_kinds import KINDS, HoldKind, kind_named
from scheduler.hold_rules import Held, Hold, names_candidate, stops

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
FORCE, NORTH, SECTION, TEAM, HERE, THERE, SOUTH, FAR = range(1, 9)
ABOVE = {
    FORCE: (FORCE,),
    NORTH: (NORTH, FORCE),
    SECTION: (SECTION, NORTH, FORCE),
    TEAM: (TEAM, SECTION, NORTH, FORCE),
    HERE: (HERE, TEAM, SECTION, NORTH, FORCE),
    THERE: (THERE, TEAM, SECTION, NORTH, FORCE),
    SOUTH: (SOUTH, FORCE),
    FAR: (FAR, SOUTH, FORCE),
}
"""Each area and those above it."""
CRITICAL = {"appeal_missing", "appeal_wanted", "appeal_closed", "road_info", "correction"}
LIGHT = {"lighthearted", "trend_day"}


def hold(kind: HoldKind, area: int | None = None, names: str = "") -> Hold:
    return Hold(kind=kind.value, place_id=area, starts_at=NOW, reason="", names=names, placed_at=NOW, placed_by_id=1)


def stopped(kind: HoldKind, area: int | None, key: str, about: int | None) -> bool:
    post = Held(BUILT_IN[key], ABOVE[about] if about else (), NOW if key == "campaign" else None)
    return stops(hold(kind, area), ABOVE[area] if area else (), post)


GOES_ON = {
    HoldKind.CRITICAL_INCIDENT: CRITICAL,
    HoldKind.MOURNING: CRITICAL,
    HoldKind.PRE_ELECTION: set(BUILT_IN) - {"campaign"},
    HoldKind.SERIOUS_INCIDENT: set(BUILT_IN) - LIGHT,
    HoldKind.STOP_ALL: set[str](),
}


@pytest.mark.parametrize("kind", HoldKind)
def test_each_kind_stops_everything_but_what_it_allows(kind: HoldKind) -> None:
    assert {key for key in BUILT_IN if not stopped(kind, None, key, HERE)} == GOES_ON[kind]
    assert {key for key in BUILT_IN if not stopped(kind, HERE, key, HERE)} == GOES_ON[kind]


def test_the_kill_switch_knows_no_exception_whatever_is_configured() -> None:
    generous = ContentType("own", "Own", passes=frozenset(HoldKind))
    assert stops(hold(HoldKind.STOP_ALL), (), Held(generous))


@pytest.mark.parametrize(
    ("area", "inside"),
    [
        (None, {FORCE, NORTH, SECTION, TEAM, HERE, THERE, SOUTH, FAR, None}),
        (FORCE, {FORCE, NORTH, SECTION, TEAM, HERE, THERE, SOUTH, FAR}),
        (NORTH, {NORTH, SECTION, TEAM, HERE, THERE}),
        (SECTION, {SECTION, TEAM, HERE, THERE}),
        (TEAM, {TEAM, HERE, THERE}),
        (HERE, {HERE}),
        (SOUTH, {SOUTH, FAR}),
    ],
)
def test_a_hold_on_an_area_stops_what_is_about_it_and_everything_in_it(
    area: int | None, inside: set[int | None]
) -> None:
    for kind in (HoldKind.CRITICAL_INCIDENT, HoldKind.MOURNING):
        assert {about for about in (*ABOVE, None) if stopped(kind, area, "patrol_update", about)} == inside


@pytest.mark.parametrize("kind", [HoldKind.CRITICAL_INCIDENT, HoldKind.MOURNING, HoldKind.SERIOUS_INCIDENT])
def test_a_light_post_for_a_larger_area_stops_with_any_neighbourhood_in_it(kind: HoldKind) -> None:
    """A joke from the force's account is read where the incident was (R38)."""
    assert {about for about in (*ABOVE, None) if stopped(kind, HERE, "lighthearted", about)} == {
        HERE, TEAM, SECTION, NORTH, FORCE, None,
    }  # fmt: skip


def test_the_kill_switch_and_a_poll_reach_posts_about_a_larger_area() -> None:
    for kind, key in ((HoldKind.STOP_ALL, "patrol_update"), (HoldKind.PRE_ELECTION, "campaign")):
        assert {about for about in (*ABOVE, None) if stopped(kind, HERE, key, about)} == {
            HERE, TEAM, SECTION, NORTH, FORCE, None,
        }  # fmt: skip


@pytest.mark.parametrize(
    ("key", "began", "stopped"),
    [
        ("campaign", timedelta(days=-1), False),
        ("campaign", timedelta(0), True),
        ("survey", timedelta(days=1), True),
        ("survey", None, False),
        ("appeal_cctv", timedelta(days=1), False),
        ("road_info", timedelta(days=1), False),
    ],
)
def test_before_a_poll_a_campaign_that_was_begun_before_goes_on(
    key: str, began: timedelta | None, stopped: bool
) -> None:
    """R35: appeals and safety go on, whatever campaign they belong to."""
    post = Held(BUILT_IN[key], campaign_began=NOW + began if began is not None else None)
    assert stops(hold(HoldKind.PRE_ELECTION), (), post) is stopped


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("Thanks to Ines Hallam for the benches.", True),
        ("THANKS TO INES\nHALLAM.", True),
        ("INES HALLAM", True),
        ("Ines met the Hallams.", False),
        ("Hines Hallam opened it.", False),
        ("The Police and Crime Commissioner came.", True),
        ("The Green Party met here.", True),
        ("Vote for your favourite police dog.", False),
    ],
)
def test_candidates_parties_and_elected_members_are_known_by_name(words: str, named: bool) -> None:
    assert names_candidate(hold(HoldKind.PRE_ELECTION, names="Ines Hallam\n\n"), ["Nothing here.", words]) is named


def test_what_names_a_candidate_goes_out_when_corporate_communications_approved_it() -> None:
    poll = hold(HoldKind.PRE_ELECTION, names="Ines Hallam")
    words = ("Thanks to Ines Hallam.",)
    assert stops(poll, (), Held(BUILT_IN["survey"], words=words))
    assert not stops(poll, (), Held(BUILT_IN["survey"], words=words, corporate=True))
    assert not stops(hold(HoldKind.MOURNING), (), Held(BUILT_IN["road_info"], words=words))


def test_a_kind_is_known_however_it_is_typed() -> None:
    assert kind_named("Stop-All") == kind_named("stop all") == HoldKind.STOP_ALL
    assert kind_named("pause") is None


def test_the_page_about_holds_is_the_rules() -> None:
    page = (Path(__file__).parents[2] / "docs/holds.md").read_text(encoding="utf-8")
    lines = [line for line in page.splitlines() if line.startswith("| `")]
    assert lines == [
        f"| `{kind.value}` | {facts.stops} | {facts.rule} | {goes_on(kind)} |" for kind, facts in KINDS.items()
    ]


def goes_on(kind: HoldKind) -> str:
    """The kinds of post that go on, or those that do not where these are fewer."""
    through = [key for key in BUILT_IN if not stopped(kind, None, key, HERE)]
    rest = [key for key in BUILT_IN if key not in through]
    if not through:
        return "none"
    named = rest if len(rest) < len(through) else through
    return ("all but " if named is rest else "") + ", ".join(f"`{key}`" for key in named)


@pytest.mark.parametrize("kind", HoldKind)
def test_a_post_about_a_place_that_no_force_holds_is_stopped_as_one_about_a_larger_area(kind: HoldKind) -> None:
    """R31: an unknown name that somebody typed may lie in the very division that is stopped."""
    for key, what in BUILT_IN.items():
        began = NOW if key == "campaign" else None
        typed, force_wide = (Held(what, areas, began, adrift=bool(areas)) for areas in ((99,), ()))
        assert stops(hold(kind, NORTH), ABOVE[NORTH], typed) is stops(hold(kind, NORTH), ABOVE[NORTH], force_wide)
    typed = Held(BUILT_IN["lighthearted"], (99,), adrift=True)
    assert stops(hold(kind, NORTH), ABOVE[NORTH], typed) is (kind is not HoldKind.PRE_ELECTION)
