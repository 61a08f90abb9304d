"""Every family of checks is asked at planning, at approval and at the moment of publishing (issue: a stage may change)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlmodel import select

from scheduler.awareness import AwarenessDay
from scheduler.checking import findings_of
from scheduler.checks import FAMILIES
from scheduler.hold_kinds import HoldKind
from scheduler.hold_rules import Hold
from scheduler.holds import Order, place_hold
from scheduler.inputs import PostInput
from scheduler.lifecycle import State
from scheduler.planning import approve_post, findings_for, plan_post, problems_with, send_for_approval
from scheduler.posts import Media, Post
from scheduler.queries import post_view
from scheduler.worker import publish_due
from social.errors import InputError, TryLater
from social.house_rules import WORDS, HouseRule
from social.places import Place, PlaceKind, find_or_add_place
from tests.scheduler.helpers import Force, picture

pytestmark = pytest.mark.sqlite_only

LINE = "Call 101, 999 in an emergency or Crimestoppers on 0800 555 111."


@dataclass(frozen=True)
class Case:
    """A fault of one family.  level: of its finding.  fields: of the post.  alt: description of its picture."""

    family: str
    code: str
    level: str
    text: str
    kind: str = "survey"
    fields: Mapping[str, str] = field(default_factory=dict)
    alt: str | None = None


CASES = (
    Case("accessibility", "ALT_MISSING", "block", "Ducks.", alt=""),
    Case("length", "TOO_LONG", "block", "Ducks. " * 9000),
    Case("proceedings", "SUB_JUDICE", "block", "Got him!", "crime_update", {"case_stage": "arrested"}),
    Case("suspects", "NAMES_SUSPECT", "block", "Ryan Tellow, 26, is in custody.", "crime_update", {"case_stage": "arrested"}),
    Case("descriptions", "NATIONALITY", "needs_approval", "A Romanian man is wanted after a theft, so ring 101."),
    Case("complainants", "VICTIM_IDENTIFIABLE", "block", "A man was jailed for raping Nia Prosser.", "crime_update"),
    Case("children", "CHILD_IDENTIFIED", "block", "Ellis Marlow, 17, was charged with theft.", "crime_update", {"case_stage": "charged"}),
    Case("missing", "FOUND_NAMED", "block", "Maureen, who was missing, has been found safe.", "crime_update"),
    Case("wanted", "WANTED_PICTURE", "block", f"Wanted over a theft. {LINE}", "appeal_wanted", {"case_stage": "arrested"}, "A poster."),
    Case("reporting_line", "REPORT_LINE", "block", "Did you see a van?", "appeal_witness"),
    Case("welsh", "WELSH_MISSING", "block", "Come and see us today.", fields={"place": "Pentre Helyg"}),
    Case("hashtags", "HASHTAG_CASE", "block", "Ducks. #ducksonmillroad"),
    Case("personal_data", "DATE_OF_BIRTH", "block", "She was born on 2 May 1951."),
    Case("links", "LINK_DEAD", "block", "See https://intranet.local/page"),
    Case("pictures", "CUSTODY_PICTURE", "block", "Charged today.", "crime_update", {"case_stage": "charged"}, "Custody image of a man."),
    Case("politics", "POLITICAL", "needs_approval", "The Mayor will be there."),
    Case("tone", "LIGHT_ABOUT_HARM", "advise", "He died laughing, the duck.", "trend_day"),
    Case("wording", "WORDING", "advise", "A woman was mugged on Mill Road."),
    Case("style", "EMOJI_RUN", "advise", "Ducks! 🦆🦆🦆🦆"),
    Case("house", "HOUSE_WORD", "needs_approval", "A cuckoo was heard on Mill Road."),
    Case("repeats", "REPEATS", "advise", "The ducks of Mill Road are back."),
)  # fmt: skip


@pytest.fixture(autouse=True)
def areas_and_history(force: Force) -> None:
    """A force in Wales beside ours, a word that the force looks out for, and a post that was said yesterday."""
    with force.context.database.write() as session:
        heddlu = find_or_add_place(session, "Heddlu Dyffryn Police", PlaceKind.FORCE)
        find_or_add_place(session, "Woldershire Police", PlaceKind.FORCE)
        find_or_add_place(session, "Pentre Helyg", PlaceKind.NEIGHBOURHOOD, heddlu)
        session.add(
            HouseRule(name=WORDS, value="cuckoo", changed_at=force.clock.now(), changed_by_id=force.corporate.id or 0)
        )
    force.queued("The ducks of Mill Road are back.")
    publish_due(force.context)
    force.clock.advance(timedelta(days=1))


def test_every_family_has_its_case() -> None:
    """Of alerts, which are none of these accounts', tests/alerts/test_alert_posts.py has them."""
    assert [case.family for case in CASES] == [family for family in FAMILIES if family != "alerts"]


def faulty(force: Force, case: Case) -> PostInput:
    media = () if case.alt is None else (picture(case.alt),)
    return force.post(case.text, content_type=case.kind, media=media, **case.fields)


def sound_then_faulty(force: Force, case: Case, *, approved: bool) -> int:
    """A post that was sound when it was planned, and approved by corporate communications or a supervisor; since then
    it is what the case says, as when a rule, a stage or a configuration changed."""
    sound = force.post(
        f"Ducks on Mill Road. {LINE}", content_type="survey" if case.kind == "appeal_wanted" else case.kind
    )
    post_id = plan_post(force.context, sound, force.author)
    assert send_for_approval(force.context, post_id, force.author) == "in_review"
    if approved:
        by = force.corporate if sound.content_type == "appeal_wanted" else force.supervisor
        approve_post(force.context, post_id, by)
    with force.context.database.write() as session:
        post = session.get_one(Post, post_id)
        post.text, post.content_type = case.text.strip(), case.kind
        post.case_stage = case.fields.get("case_stage", "none")
        if "place" in case.fields:
            post.place_id = session.exec(select(Place.id).where(Place.name == case.fields["place"])).one()
        if case.alt is not None:
            session.add(Media(post_id=post_id, position=0, kind="image", alt_text=case.alt))
        session.add(post)
    return post_id


def test_it_is_found_at_planning(force: Force) -> None:
    for case in CASES:
        given = faulty(force, case)
        found = {finding.code: finding for finding in findings_for(force.context, given)}
        assert found[case.code].level == case.level, case.family
        stopped = problems_with(force.context, given)
        assert bool(stopped) is (case.level == "block"), case.family
        if case.level == "block":
            assert any(found[case.code].message in problem.message for problem in stopped), case.family


def test_it_is_found_at_approval_and_kept_with_it(force: Force) -> None:
    for case in CASES:
        post_id = sound_then_faulty(force, case, approved=False)
        with force.context.database.read() as session:
            view = post_view(session, post_id)
        found = {finding.code: finding for finding in findings_of(force.context, view, answering=True)}
        assert found[case.code].level == case.level, case.family
        if case.level == "block":
            with pytest.raises(InputError) as caught:
                approve_post(force.context, post_id, force.corporate)
            assert found[case.code].message[:60] in str(caught.value)
            assert force.entry(post_id).state == "in_review"
            continue
        approve_post(force.context, post_id, force.corporate)
        with force.context.database.read() as session:
            kept = [step.reason or "" for step in post_view(session, post_id).history if step.event == "approve"]
        assert case.code in kept[-1], case.family


def test_what_stops_a_post_stops_it_at_the_moment_of_publishing(force: Force) -> None:
    stopped = {case.family: sound_then_faulty(force, case, approved=True) for case in CASES if case.level == "block"}
    publish_due(force.context)
    assert {family: force.entry(post_id).state for family, post_id in stopped.items()
            if force.entry(post_id).state not in ("failed", "held")} == {}  # fmt: skip
    assert len(force.network().sent) == 1, "yesterday's post alone"


def test_what_now_needs_corporate_communications_does_not_go_out_on_a_supervisors_word(force: Force) -> None:
    """R41: the approval was for less than what the post asks for now."""
    raised = [case for case in CASES if case.level == "needs_approval"]
    for post_id in [sound_then_faulty(force, case, approved=True) for case in raised]:
        publish_due(force.context)
        entry = force.entry(post_id)
        assert entry.state == "held"
        assert "corporate communications" in (entry.reason or "")


# What is so at its time and in its area (R35, R38)


def hexley(force: Force) -> int:
    with force.context.database.write() as session:
        above = find_or_add_place(session, "Woldershire Police", PlaceKind.FORCE)
        place = find_or_add_place(session, "Hexley Moor", PlaceKind.NEIGHBOURHOOD, above)
        assert place.id is not None
        return place.id


def codes(force: Force, text: str = "Ducks again.", hours: float = 1, **fields: object) -> set[str]:
    given = force.post(text, due_local=force.local_now() + timedelta(hours=hours), **fields)
    return {finding.code for finding in findings_for(force.context, given)}


def test_no_light_post_goes_out_within_72_hours_of_a_serious_incident_there(force: Force) -> None:
    """R38."""
    order = Order(HoldKind.SERIOUS_INCIDENT, "A serious incident.", place_id=hexley(force))
    place_hold(force.context, order, force.corporate)
    assert (
        codes(force, place="Hexley Moor") == codes(force, place="Hexley Moor", hours=71.9) == {"LIGHT_AFTER_INCIDENT"}
    )
    assert codes(force, place="Hexley Moor", hours=72.1) == set()
    assert codes(force, place="Pentre Helyg", text="Hwyaid eto heddiw ar y stryd. | The ducks are here today.") == set()
    assert codes(force, "The survey is open.", place="Hexley Moor", content_type="survey") == set()


def test_no_light_post_goes_out_on_a_solemn_day(force: Force) -> None:
    """R38: here 4 June, a Thursday."""
    with force.context.database.write() as session:
        session.add(AwarenessDay(key="remember", name="Day of remembrance", kind="solemn", rule="fixed 06-04",
                                 duration_days=1, status="fixed", tone="solemn", scope="UK"))  # fmt: skip
    day = 24 * 2
    assert codes(force, hours=day) == {"LIGHT_ON_SOLEMN_DAY"}
    assert codes(force, hours=day - 24) == codes(force, hours=day + 24) == set()
    assert codes(force, "The survey is open.", hours=day, content_type="survey") == set()


def test_a_light_post_that_is_late_does_not_slip_into_a_solemn_day(force: Force) -> None:
    """R38: due ten minutes before midnight, when the network could not be reached, and tried again ten minutes after."""
    with force.context.database.write() as session:
        session.add(AwarenessDay(key="remember", name="Day of remembrance", kind="solemn", rule="fixed 06-04",
                                 duration_days=1, status="fixed", tone="solemn", scope="UK"))  # fmt: skip
    due = force.local_now().replace(day=3, hour=23, minute=50)
    light = force.queued(due_local=due)
    plain = force.queued("The survey is open.", content_type="survey", due_local=due + timedelta(minutes=5))
    force.clock.advance(due - force.local_now())
    force.network().fail_next("publish", TryLater("memory", "publish", "", "Cannot be reached."))
    publish_due(force.context)
    assert force.entry(light).state == State.QUEUED
    force.clock.advance(timedelta(minutes=20))
    publish_due(force.context)
    assert (force.entry(plain).state, force.entry(light).state) == (State.PUBLISHED, State.FAILED)
    assert "Day of remembrance" in (force.entry(light).reason or "")


def test_before_a_poll_candidates_and_new_campaigns_need_corporate_communications(force: Force) -> None:
    """R35: in its area and time only, and not for a campaign that was begun before."""
    post = force.post("Knife week.", content_type="campaign", campaign="knife_week")
    plan_post(force.context, post, force.author)
    force.clock.advance(timedelta(minutes=1))
    place_hold(
        force.context,
        Order(HoldKind.PRE_ELECTION, "A poll.", ends_at=force.clock.now() + timedelta(days=20), names="Perdita Vance"),
        force.corporate,
    )
    assert codes(force, "Perdita Vance opened the hall.", content_type="event") == {"PRE_ELECTION"}
    assert codes(force, "Perdita Vance opened the hall.", content_type="event", hours=24 * 21) == set()
    assert codes(force, "Road week.", content_type="campaign", campaign="road_week") == {"PRE_ELECTION"}
    assert codes(force, "Knife week goes on.", content_type="campaign", campaign="knife_week") == set()
    assert codes(force, "Ducks again.") == set()
    with force.context.database.read() as session:
        assert session.exec(select(Hold)).one().kind == "pre_election"
