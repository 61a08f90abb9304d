"""Holds (R31, R35, R37, R38): what each stops, where, from when, and what becomes of the posts afterwards."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from scheduler import queue
from scheduler.entries import Attempt, Entry
from scheduler.hold_kinds import HoldKind
from scheduler.hold_rules import Hold, HoldPass, hold_against, holds_in_force
from scheduler.hold_views import went_out
from scheduler.holds import (
    Order,
    begin_holds,
    let_through,
    place_hold,
    posts_stopped,
    release_hold,
    say_yes,
    standing,
    stopped_posts,
)
from scheduler.planning import approve_post, discard_post, edit_post, move_post, plan_post, send_for_approval
from scheduler.posts import Post
from scheduler.queries import list_entries
from scheduler.worker import publish_due
from social.accounts import account_named
from social.audit import AuditRecord
from social.campaign_writing import launch_campaign
from social.channels import leaving
from social.channels.base import Draft
from social.errors import InputError, NotAllowed
from social.places import PlaceKind, find_or_add_place
from social.staff import Membership, Person, Role, find_or_add_person
from tests.scheduler.helpers import Force
from tests.social.campaigns import Campaigns

HOUR = timedelta(hours=1)
REASON = "Officers are at the scene."


@pytest.fixture
def areas(force: Force) -> dict[str, int]:
    """A force with two divisions; the first has a section, a team and two neighbourhoods."""
    with force.context.database.write() as session:
        top = find_or_add_place(session, "Woldershire Police", PlaceKind.FORCE)
        north = find_or_add_place(session, "North", PlaceKind.DIVISION, top)
        south = find_or_add_place(session, "South", PlaceKind.DIVISION, top)
        section = find_or_add_place(session, "Marlpit", PlaceKind.SECTION, north)
        team = find_or_add_place(session, "Marlpit team", PlaceKind.TEAM, section)
        found = [top, north, south, section, team]
        for name in ("Marlpit End", "Hexley Moor"):
            found.append(find_or_add_place(session, name, PlaceKind.NEIGHBOURHOOD, team))
        found.append(find_or_add_place(session, "Stonemere", PlaceKind.NEIGHBOURHOOD, south))
        return {place.name: place.id or 0 for place in found}


def place(force: Force, kind: HoldKind = HoldKind.STOP_ALL, area: int | None = None, **more: object) -> int:
    order = Order(kind, REASON, area, **more)  # type: ignore[arg-type]  # builders pass fields on by name
    return place_hold(force.context, order, force.corporate)


def release(force: Force, hold_id: int) -> None:
    release_hold(force.context, hold_id, force.corporate, "It is over.")


def live(force: Force) -> list[str]:
    while publish_due(force.context):
        pass
    return [post.text for post in force.network().posts]


def look(force: Force) -> Session:
    return Session(force.context.database.engine)


def waiting(force: Force) -> list[int]:
    """Posts that wait for a yes."""
    with force.context.database.read() as session:
        return [post.post_id for post in stopped_posts(session, force.clock.now()) if post.still is None]


# What stops


WORDS = {
    "lighthearted": "Ducks on Mill Road again.",
    "patrol_update": "Officers walked along Mill Road this morning.",
    "campaign": "Lock your shed before you go away.",
    "road_info": "Mill Road is closed between the bridge and the church.",
}
GOES_ON = {
    HoldKind.CRITICAL_INCIDENT: {"road_info"},
    HoldKind.PRE_ELECTION: {"lighthearted", "patrol_update", "road_info"},
    HoldKind.SERIOUS_INCIDENT: {"patrol_update", "campaign", "road_info"},
    HoldKind.STOP_ALL: set[str](),
}


@pytest.mark.parametrize("kind", GOES_ON)
def test_a_hold_stops_everything_but_what_its_kind_allows(force: Force, areas: dict[str, int], kind: HoldKind) -> None:
    for key, words in WORDS.items():
        force.queued(words, content_type=key, place="Marlpit End")
    start = force.clock.now() - timedelta(minutes=1)  # the campaign is begun in the period
    place(force, kind, areas["Marlpit End"], starts_at=start, ends_at=force.clock.now() + 2 * HOUR)
    assert set(live(force)) == {WORDS[key] for key in GOES_ON[kind]}


def test_an_appeal_for_a_missing_person_goes_out_in_mourning_and_not_under_the_kill_switch(force: Force) -> None:
    words = "Have you seen Ada, 12, missing from Mill Road? Call 999 now, or 101 with information."
    place(force, HoldKind.MOURNING)
    first = force.queued(words, content_type="appeal_missing", appeal_ref="MP1")
    live(force)
    assert force.entry(first).state == "published"
    place(force, HoldKind.STOP_ALL)
    second = force.queued(words.replace("Ada", "Ivy"), content_type="appeal_missing", appeal_ref="MP2")
    live(force)
    assert force.entry(second).state == "held"


@pytest.mark.parametrize(
    ("area", "stopped"), [("Woldershire Police", {"Marlpit End", "Stonemere", None}), ("North", {"Marlpit End"})]
)
def test_a_hold_on_an_area_stops_what_is_about_it_and_everything_in_it(
    force: Force, areas: dict[str, int], area: str, stopped: set[str | None]
) -> None:
    place(force, HoldKind.CRITICAL_INCIDENT, areas[area])
    ids = {
        name: force.queued(f"Officers were out and about, {name}.", content_type="patrol_update", place=name)
        for name in ("Marlpit End", "Stonemere", None)
    }
    live(force)
    assert {name for name, post_id in ids.items() if force.entry(post_id).state == "held"} == stopped


def test_a_light_post_about_no_area_stops_with_any_neighbourhood(force: Force, areas: dict[str, int]) -> None:
    joke = force.queued("Ducks on Mill Road again.")
    news = force.queued("Officers walked along Mill Road.", content_type="patrol_update")
    elsewhere = force.queued("Geese on Mill Road.", place="Stonemere")
    place(force, HoldKind.SERIOUS_INCIDENT, areas["Marlpit End"])
    live(force)
    assert [force.entry(post_id).state for post_id in (joke, news, elsewhere)] == ["held", "published", "published"]


def test_a_place_that_no_map_knows_is_stopped_with_any_area(force: Force, areas: dict[str, int]) -> None:
    """R31: nobody can say that a name somebody typed does not lie in the division that is stopped."""
    typed = force.queued("Ducks.", place="Nether Skelby", due_local=force.local_now() + 2 * HOUR)
    known = force.queued("Drakes.", place="Stonemere", due_local=force.local_now() + 2 * HOUR)
    hold_id = place(force, area=areas["North"])
    assert [force.raw(force.entry(post_id).id).hold_id for post_id in (typed, known)] == [hold_id, None]
    with force.context.database.read() as session:
        about = session.get_one(Post, typed).place_id
        assert [hold.id for hold in holds_in_force(session, force.clock.now(), about)] == [hold_id]


def test_an_area_that_is_held_bears_on_what_lies_above_and_below_it(force: Force, areas: dict[str, int]) -> None:
    hold_id = place(force, HoldKind.STOP_ALL, areas["Marlpit"])
    with look(force) as session:
        bearing = {name: [h.id for h in holds_in_force(session, force.clock.now(), place_id)]
                   for name, place_id in areas.items()}  # fmt: skip
    on, off = [hold_id], list[int]()
    assert bearing == {"Woldershire Police": on, "North": on, "South": off, "Marlpit": on, "Marlpit team": on,
                       "Marlpit End": on, "Hexley Moor": on, "Stonemere": off}  # fmt: skip


# Before a poll (R35)


def test_before_a_poll_campaigns_stop_unless_they_were_begun_before(force: Force) -> None:
    later = {"content_type": "campaign", "due_local": force.local_now() + 2 * HOUR}
    old = force.queued("Lock your shed.", **later, campaign="Sheds")
    force.clock.advance(HOUR)
    place(force, HoldKind.PRE_ELECTION, ends_at=force.clock.now() + 30 * 24 * HOUR)
    force.clock.advance(HOUR / 2)
    more = force.queued("Lock your shed twice.", **later, campaign="Sheds")
    new = force.queued("Lock your bike.", **later, campaign="Bikes")
    nameless = force.queued("Lock your gate.", **later)
    labelled = force.queued(
        "Is your bike marked?", content_type="survey", campaign="Bikes", due_local=later["due_local"]
    )
    safety = force.queued(
        "Mill Road is closed.", content_type="road_info", campaign="Bikes", due_local=later["due_local"]
    )
    force.clock.advance(HOUR / 2)
    live(force)
    states = [force.entry(post_id).state for post_id in (old, more, new, nameless, labelled, safety)]
    assert states == ["published", "published", "held", "held", "held", "published"]


def test_before_a_poll_a_campaign_that_was_launched_before_goes_on_with_its_first_post(force: Force) -> None:
    """R35: it was planned before; one that is planned only, or launched in the period, is new."""
    campaigns = Campaigns(force.context)
    campaigns.running(name="launched")
    planned = campaigns.plan(name="planned")
    force.clock.advance(HOUR)
    place(force, HoldKind.PRE_ELECTION, ends_at=force.clock.now() + 30 * 24 * HOUR)
    force.clock.advance(HOUR / 2)
    launch_campaign(force.context, campaigns.author, planned)
    later = {"content_type": "campaign", "due_local": force.local_now() + HOUR}
    posts = [force.queued(f"Lock your shed, {name}.", **later, campaign=name) for name in ("launched", "planned")]
    force.clock.advance(HOUR)
    live(force)
    assert [force.entry(post_id).state for post_id in posts] == ["published", "held"]


def test_before_a_poll_what_names_a_candidate_needs_corporate_approval(force: Force) -> None:
    names = "Ines Hallam\nTomos Beck"
    before = force.queued("Thanks to Ines Hallam for the new benches.", content_type="you_said_we_did",
                          due_local=force.local_now() + 2 * HOUR)  # fmt: skip
    place(force, HoldKind.PRE_ELECTION, ends_at=force.clock.now() + 30 * 24 * HOUR, names=names)
    again = plan_post(
        force.context, force.post("Benches opened by TOMOS BECK.", content_type="you_said_we_did"), force.author
    )
    send_for_approval(force.context, again, force.author)
    with pytest.raises(NotAllowed):
        approve_post(force.context, again, force.supervisor)
    approve_post(force.context, again, force.corporate)
    assert "Benches opened by TOMOS BECK." in live(force)
    local = force.queued("Benches are open.", content_type="you_said_we_did")
    force.clock.advance(2 * HOUR)
    live(force)
    assert [force.entry(post_id).state for post_id in (again, local)] == ["published", "held"]  # late: R42
    assert force.entry(before).state == "published"  # corporate communications had approved it
    assert "R42" in (force.entry(local).reason or "")


def test_what_a_supervisor_approved_stops_when_a_candidate_in_it_is_named_later(force: Force) -> None:
    given = force.post("Thanks to Ines Hallam for the benches.", content_type="you_said_we_did",
                       due_local=force.local_now() + HOUR)  # fmt: skip
    post_id = plan_post(force.context, given, force.author)
    send_for_approval(force.context, post_id, force.author)
    approve_post(force.context, post_id, force.supervisor)
    place(force, HoldKind.PRE_ELECTION, ends_at=force.clock.now() + 30 * 24 * HOUR, names="Ines Hallam")
    assert force.entry(post_id).state == "held"
    edit_post(force.context, post_id, given, force.author, expected_version=1)
    send_for_approval(force.context, post_id, force.author)
    with pytest.raises(NotAllowed):
        approve_post(force.context, post_id, force.supervisor)
    approve_post(force.context, post_id, force.corporate)
    force.clock.advance(HOUR)
    assert live(force) == ["Thanks to Ines Hallam for the benches."]


def test_what_a_supervisor_approved_stays_so_when_the_supervisor_is_promoted(force: Force) -> None:
    """R35: what counts is who somebody was when they approved it."""
    given = force.post("Thanks to Ines Hallam for the benches.", content_type="you_said_we_did",
                       due_local=force.local_now() + HOUR)  # fmt: skip
    post_id = plan_post(force.context, given, force.author)
    send_for_approval(force.context, post_id, force.author)
    approve_post(force.context, post_id, force.supervisor)
    with force.context.database.write() as session:
        session.get_one(Person, force.supervisor.id).role = Role.CORPORATE.value
    place(force, HoldKind.PRE_ELECTION, ends_at=force.clock.now() + 30 * 24 * HOUR, names="Ines Hallam")
    assert force.entry(post_id).state == "held"


def test_an_area_that_is_spelt_another_way_is_the_same_area(force: Force, areas: dict[str, int]) -> None:
    for spelt in ("marlpit end", " Marlpit  End "):
        force.queued(f"Ducks in {spelt}.", place=spelt)
    place(force, HoldKind.CRITICAL_INCIDENT, areas["North"])
    assert [entry.state for entry in force.entries()] == ["held", "held"]


# From when


def test_a_hold_stops_an_entry_that_a_worker_has_claimed_already(force: Force) -> None:
    force.queued()
    (claim,) = queue.claim(force.context, "first")
    hold_id = place(force)
    assert queue.begin_attempt(force.context, claim, "hash") is None
    entry = force.entry()
    assert entry.state == "held"
    assert f"hold {hold_id} (stop everything, the whole force; R31)" in (entry.reason or "")
    with look(force) as session:
        assert session.exec(select(Attempt)).all() == []
        assert session.exec(select(Entry.hold_id)).one() == hold_id
    assert live(force) == []


def test_a_hold_that_comes_behind_the_record_of_the_request_does_not_wait_for_it(force: Force) -> None:
    """What is being sent at that moment is out of reach; the worker records what came of it."""
    force.queued()
    (claim,) = queue.claim(force.context, "first")
    attempt = queue.begin_attempt(force.context, claim, "hash")
    assert attempt is not None
    place(force)
    assert force.entry().state == "publishing"


def test_a_request_that_is_held_up_looks_again_and_does_not_leave(
    force: Force, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that was stopped between its record and its request, or is busy with pictures for long."""
    force.queued()
    monkeypatch.setattr(leaving, "steady_seconds", lambda: force.clock.now().timestamp())
    with force.context.database.read() as session:
        channel = force.context.channel(account_named(session, "hexley"))
    publish = channel.publish

    def held_up(draft: Draft, *, key: str) -> object:
        force.clock.advance(timedelta(seconds=0.6))
        place(force)
        return publish(draft, key=key)

    monkeypatch.setattr(channel, "publish", held_up)
    publish_due(force.context)
    assert force.network().posts == []
    force.clock.advance(timedelta(minutes=1))
    assert live(force) == []
    assert force.entry().state == "held"


def test_what_is_queued_under_a_hold_is_held_at_once_and_the_rest_is_left(force: Force, areas: dict[str, int]) -> None:
    soon = force.queued("Ducks.", place="Marlpit End", due_local=force.local_now() + HOUR)
    behind = force.queued("Geese.", place="Marlpit End", due_local=force.local_now() + 5 * HOUR)
    elsewhere = force.queued("Swans.", place="Stonemere", due_local=force.local_now() + HOUR)
    place(force, HoldKind.SERIOUS_INCIDENT, areas["Marlpit End"], ends_at=force.clock.now() + 4 * HOUR)
    assert [force.entry(post_id).state for post_id in (soon, behind, elsewhere)] == ["held", "queued", "queued"]
    force.clock.advance(5 * HOUR)
    assert live(force) == ["Geese."]  # the swans are late by now, and wait for a new time (R42)


def test_a_long_queue_is_held_in_several_steps(force: Force, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [force.queued(f"Ducks {n}.", due_local=force.local_now() + HOUR) for n in range(5)]
    monkeypatch.setattr("scheduler.holds.BATCH", 2)
    place(force)
    assert [force.entry(post_id).state for post_id in ids] == ["held"] * 5


def test_what_a_hold_will_stop_can_be_asked_before_it_is_placed(force: Force, areas: dict[str, int]) -> None:
    here = force.queued("Ducks.", place="Marlpit End", due_local=force.local_now() + HOUR)
    force.queued("Geese.", place="Stonemere", due_local=force.local_now() + HOUR)
    hold = Hold(kind="serious_incident", place_id=areas["North"], starts_at=force.clock.now(), reason="", placed_by_id=1,
                placed_at=force.clock.now())  # fmt: skip
    with look(force) as session:
        assert posts_stopped(session, hold) == [here]
    assert force.entry(here).state == "queued"


def test_a_planned_hold_begins_by_itself(force: Force) -> None:
    later = force.queued("Ducks.", due_local=force.local_now() + 2 * HOUR)
    place(force, starts_at=force.clock.now() + HOUR, ends_at=force.clock.now() + 3 * HOUR)
    assert begin_holds(force.context) == 0
    assert force.entry(later).state == "queued"
    force.clock.advance(HOUR)
    assert begin_holds(force.context) == 1
    assert force.entry(later).state == "held"
    assert begin_holds(force.context) == 0


def test_a_planned_hold_that_is_called_off_stops_nothing(force: Force) -> None:
    post_id = force.queued("Ducks.", due_local=force.local_now() + 2 * HOUR)
    hold_id = place(force, starts_at=force.clock.now() + HOUR)
    release(force, hold_id)
    force.clock.advance(2 * HOUR)
    assert begin_holds(force.context) == 0
    assert live(force) == ["Ducks."]
    assert force.entry(post_id).state == "published"
    with look(force) as session:
        assert standing(session.get_one(Hold, hold_id), force.clock.now()) == "called off"


def test_what_is_queued_later_is_held_when_its_time_comes(force: Force) -> None:
    place(force, ends_at=force.clock.now() + 2 * HOUR)
    inside = force.queued("Ducks.", due_local=force.local_now() + HOUR)
    behind = force.queued("Geese.", due_local=force.local_now() + 3 * HOUR)
    assert force.entry(inside).state == "queued"
    force.clock.advance(HOUR)
    assert live(force) == []
    assert force.entry(inside).state == "held"
    force.clock.advance(2 * HOUR)
    assert live(force) == ["Geese."]
    assert waiting(force) == [inside]
    assert behind


# Afterwards


@pytest.mark.parametrize("how", ["released", "ended"])
def test_nothing_goes_out_by_itself_after_a_hold(force: Force, how: str) -> None:
    past = force.queued("Ducks.", due_local=force.local_now() + HOUR / 2)
    ahead = force.queued("Geese.", due_local=force.local_now() + 3 * HOUR)
    hold_id = place(force, ends_at=force.clock.now() + 4 * HOUR if how == "ended" else None)
    force.clock.advance(2 * HOUR if how == "released" else 4 * HOUR)
    live(force)
    if how == "released":
        release(force, hold_id)
    force.clock.advance(4 * HOUR)
    assert live(force) == []
    assert waiting(force) == [past, ahead]


@pytest.mark.parametrize("how", ["released", "ended"])
def test_what_no_worker_came_by_to_hold_is_held_afterwards(force: Force, how: str) -> None:
    """The worker was down for all of the hold, which came and went in between."""
    hold_id = place(
        force, starts_at=force.clock.now(), ends_at=force.clock.now() + HOUR / 4 if how == "ended" else None
    )
    post_id = force.queued("Ducks.", due_local=force.local_now() + HOUR / 6)
    force.clock.advance(HOUR / 4)
    if how == "released":
        release(force, hold_id)
    force.clock.advance(timedelta(minutes=5))
    assert live(force) == []
    assert waiting(force) == [post_id]


def test_what_was_due_before_a_hold_and_delayed_into_it_waits_for_a_yes(force: Force) -> None:
    post_id = force.queued("Ducks.")
    place(force, starts_at=force.clock.now() + HOUR / 6, ends_at=force.clock.now() + HOUR / 4)
    force.clock.advance(HOUR / 3)
    assert live(force) == []
    assert waiting(force) == [post_id]


def test_a_yes_sends_what_is_late_at_once_and_the_rest_at_its_time(force: Force) -> None:
    late = force.queued("Ducks.", due_local=force.local_now() + HOUR)
    ahead = force.queued("Geese.", due_local=force.local_now() + 4 * HOUR)
    hold_id = place(force)
    force.clock.advance(3 * HOUR)
    release(force, hold_id)
    for post_id in (late, ahead):
        say_yes(force.context, post_id, force.supervisor)
    assert live(force) == ["Ducks."]
    force.clock.advance(HOUR)
    assert live(force) == ["Ducks.", "Geese."]
    assert waiting(force) == []


def test_a_stopped_post_can_be_given_a_new_time_or_dropped(force: Force) -> None:
    moved, dropped = (force.queued(text, due_local=force.local_now() + HOUR) for text in ("Ducks.", "Geese."))
    hold_id = place(force)
    force.clock.advance(2 * HOUR)
    release(force, hold_id)
    move_post(force.context, moved, force.local_now() + HOUR, force.supervisor)
    discard_post(force.context, dropped, force.supervisor)
    assert waiting(force) == []
    force.clock.advance(HOUR)
    assert live(force) == ["Ducks."]


def test_an_author_does_not_say_yes(force: Force) -> None:
    post_id = force.queued("Ducks.", due_local=force.local_now() + HOUR)
    release(force, place(force))
    with pytest.raises(NotAllowed):
        say_yes(force.context, post_id, force.author)
    with pytest.raises(NotAllowed):
        move_post(force.context, post_id, force.local_now() + HOUR, force.author)
    assert force.entry(post_id).state == "held"


def test_no_yes_is_taken_while_another_hold_stops_the_post(force: Force, areas: dict[str, int]) -> None:
    post_id = force.queued("Ducks.", place="Marlpit End", due_local=force.local_now() + HOUR)
    first = place(force)
    second = place(force, HoldKind.SERIOUS_INCIDENT, areas["Marlpit End"])
    release(force, first)
    assert waiting(force) == []
    with pytest.raises(NotAllowed, match=f"hold {second}"):
        say_yes(force.context, post_id, force.corporate)
    with pytest.raises(NotAllowed, match=f"hold {second}"):
        move_post(force.context, post_id, force.local_now() + HOUR, force.corporate)
    move_post(force.context, post_id, force.local_now() + 80 * HOUR, force.corporate)  # after its end
    assert force.entry(post_id).state == "queued"


def test_an_edit_takes_a_stopped_post_back_to_a_draft_and_its_approval_with_it(force: Force) -> None:
    post_id = force.queued("Ducks?", content_type="survey", due_local=force.local_now() + HOUR)
    release(force, place(force))
    given = force.post("Geese?", content_type="survey", due_local=force.local_now() + HOUR)
    edit_post(force.context, post_id, given, force.author, expected_version=1)
    assert waiting(force) == []
    with pytest.raises(InputError, match="does not wait for a yes"):
        say_yes(force.context, post_id, force.corporate)
    force.clock.advance(HOUR)
    assert live(force) == []


def test_what_became_unknown_is_still_looked_for_under_a_hold(force: Force) -> None:
    """A hold stops what would leave; finding out what left already goes on."""
    force.queued("Ducks.")
    (claim,) = queue.claim(force.context, "lost")
    queue.begin_attempt(force.context, claim, "hash")
    force.network()._keep(Draft("Ducks."), force.clock.now(), "beatline-1-1")
    place(force)
    force.clock.advance(HOUR)
    live(force)
    force.clock.advance(HOUR)
    live(force)
    assert force.entry().state == "published"


def test_corporate_communications_let_one_version_through_where_it_is_necessary(force: Force) -> None:
    notice, other = (
        force.queued(text, content_type="event", due_local=force.local_now() + HOUR)
        for text in ("A notice.", "A fair.")
    )
    place(force, HoldKind.MOURNING)
    with pytest.raises(NotAllowed):
        let_through(force.context, notice, force.supervisor, "Required by law.")
    with pytest.raises(InputError, match="Say why"):
        let_through(force.context, notice, force.corporate, " ")
    let_through(force.context, notice, force.corporate, "Required by law.")
    force.clock.advance(HOUR)
    assert live(force) == ["A notice."]
    assert force.entry(other).state == "held"
    with pytest.raises(InputError, match="No hold"):
        let_through(force.context, notice, force.corporate, "Again.")


def test_a_changed_post_is_not_let_through_with_what_was_said_of_it_before(force: Force) -> None:
    later = {"content_type": "event", "due_local": force.local_now() + HOUR}
    post_id = force.queued("A notice.", **later)
    place(force, HoldKind.MOURNING)
    let_through(force.context, post_id, force.corporate, "Required by law.")
    edit_post(force.context, post_id, force.post("A fair.", **later), force.author, expected_version=1)
    send_for_approval(force.context, post_id, force.author)
    force.clock.advance(HOUR)
    assert live(force) == []
    assert force.entry(post_id).state == "held"


def test_nothing_is_let_through_the_kill_switch_or_an_incident(force: Force, areas: dict[str, int]) -> None:
    post_id = force.queued("Ducks.", place="Marlpit End", due_local=force.local_now() + HOUR)
    for hold_id in (place(force), place(force, HoldKind.SERIOUS_INCIDENT, areas["Marlpit End"])):
        with pytest.raises(NotAllowed, match=f"hold {hold_id}"):
            let_through(force.context, post_id, force.corporate, "It is only ducks.")
        release(force, hold_id)
    with look(force) as session:
        assert session.exec(select(HoldPass)).all() == []


# Who and what


def test_a_serious_incident_lasts_72_hours_and_anybody_may_mark_one(force: Force, areas: dict[str, int]) -> None:
    order = Order(HoldKind.SERIOUS_INCIDENT, REASON, areas["Marlpit End"])
    inside = force.queued("Ducks.", place="Marlpit End", due_local=force.local_now() + 71 * HOUR + HOUR / 2)
    behind = force.queued("Geese.", place="Marlpit End", due_local=force.local_now() + 72 * HOUR)
    hold_id = place_hold(force.context, order, force.author)
    with look(force) as session:
        assert session.get_one(Hold, hold_id).over_at == force.clock.now() + 72 * HOUR
    assert [force.entry(post_id).state for post_id in (inside, behind)] == ["held", "queued"]
    force.clock.advance(72 * HOUR)
    assert live(force) == ["Geese."]
    with pytest.raises(NotAllowed):
        place_hold(force.context, Order(HoldKind.STOP_ALL, REASON), force.author)


def test_a_person_of_one_area_holds_that_area_and_no_other(force: Force, areas: dict[str, int]) -> None:
    with force.context.database.write() as session:
        chief = find_or_add_person(session, "chief@woldershire.example", Role.SUPERVISOR)
        session.add(Membership(person_id=chief.id or 0, place_id=areas["North"]))
    for area in (areas["South"], None):
        with pytest.raises(NotAllowed):
            place_hold(force.context, Order(HoldKind.STOP_ALL, REASON, area), chief)
    hold_id = place_hold(force.context, Order(HoldKind.STOP_ALL, REASON, areas["Marlpit End"]), chief)
    release_hold(force.context, hold_id, chief, "Over.")
    other = place(force, HoldKind.STOP_ALL, areas["South"])
    with pytest.raises(NotAllowed):
        release_hold(force.context, other, chief, "Over.")


Wrong = Callable[[Force, dict[str, int]], Order]
WRONG: dict[str, Wrong] = {
    "Say why": lambda f, a: Order(HoldKind.STOP_ALL, " "),
    "which neighbourhood": lambda f, a: Order(HoldKind.SERIOUS_INCIDENT, REASON),
    "polls have a date": lambda f, a: Order(HoldKind.PRE_ELECTION, REASON),
    "before a poll only": lambda f, a: Order(HoldKind.MOURNING, REASON, names="Ines Hallam"),
    "has passed": lambda f, a: Order(HoldKind.STOP_ALL, REASON, ends_at=f.clock.now()),
    "There is no area": lambda f, a: Order(HoldKind.STOP_ALL, REASON, 999),
}


@pytest.mark.parametrize("words", WRONG)
def test_a_hold_that_makes_no_sense_is_not_placed(force: Force, areas: dict[str, int], words: str) -> None:
    with pytest.raises(InputError, match=words):
        place_hold(force.context, WRONG[words](force, areas), force.corporate)
    with look(force) as session:
        assert session.exec(select(Hold)).all() == []


def test_a_hold_is_released_once_and_with_a_reason(force: Force) -> None:
    hold_id = place(force)
    with pytest.raises(InputError, match="Say why"):
        release_hold(force.context, hold_id, force.corporate, " ")
    release(force, hold_id)
    with pytest.raises(InputError, match="over already"):
        release(force, hold_id)
    with pytest.raises(InputError, match="no hold 99"):
        release(force, 99)


def test_the_record_tells_who_placed_released_and_confirmed_and_no_words_of_the_post(force: Force) -> None:
    post_id = force.queued("Ducks of Mill Road.", due_local=force.local_now() + HOUR)
    hold_id = place(force)
    release(force, hold_id)
    say_yes(force.context, post_id, force.supervisor)
    with look(force) as session:
        rows = session.exec(select(AuditRecord).order_by(col(AuditRecord.seq))).all()
        held = [row for row in rows if row.subject_kind == "hold" or "hold" in row.action]
    assert [(row.action, row.actor) for row in held] == [
        ("place hold", force.corporate.email),
        ("release hold", force.corporate.email),
        ("confirm after hold", force.supervisor.email),
    ]
    assert not any("Ducks" in str(row) for row in rows)


def test_what_went_out_in_the_hour_before_is_listed(force: Force, areas: dict[str, int]) -> None:
    for text, about in (("Old.", "Marlpit End"), ("Here.", "Marlpit End"), ("There.", "Stonemere"), ("All.", None)):
        force.queued(text, place=about)
        live(force)
        force.clock.advance(HOUR if text == "Old." else timedelta(minutes=1))
    with look(force) as session:
        here = went_out(session, areas["Marlpit End"], force.clock.now())
        all_over = went_out(session, None, force.clock.now())
    assert [post.text for post in here] == ["All.", "Here."]
    assert [post.text for post in all_over] == ["All.", "There.", "Here."]


def test_the_decision_is_the_same_for_everybody_who_asks(force: Force, areas: dict[str, int]) -> None:
    post_id = force.queued("Ducks.", place="Marlpit End", due_local=force.local_now() + HOUR)
    hold_id = place(force, HoldKind.SERIOUS_INCIDENT, areas["Marlpit End"])
    with look(force) as session:
        post = session.get_one(Post, post_id)
        found = hold_against(session, post, None, force.clock.now())
        assert found is not None
        assert found.id == hold_id
        assert hold_against(session, post_id, None, force.clock.now() + 72 * HOUR) is None
        assert list_entries(session, post_id=post_id)[0].state == "held"
