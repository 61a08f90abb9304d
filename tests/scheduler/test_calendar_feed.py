"""The plan as a calendar that other programs ask for: what it tells, to whom, and what it never tells."""

from datetime import timedelta

import icalendar
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from scheduler.calendar_feed import end_feed, feeds_of, make_feed
from scheduler.calendar_routes import calendar_routes
from scheduler.planning import plan_post
from social.clock import as_local
from social.context import Context
from social.errors import InputError
from social.people import set_areas, shut_out
from social.places import PlaceKind, find_or_add_place
from social.staff import Person, Role, find_or_add_person
from tests.scheduler.helpers import Force

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def administrator(context: Context) -> Person:
    with context.database.write() as session:
        return find_or_add_person(session, "ada.holt@woldershire.example", Role.ADMINISTRATOR, "Ada Holt")


def place(force: Force, name: str) -> int:
    with force.context.database.write() as session:
        return find_or_add_place(session, name, PlaceKind.NEIGHBOURHOOD).id or 0


def asked(context: Context, secret: str) -> tuple[int, icalendar.Calendar | None]:
    client = TestClient(Starlette(routes=calendar_routes(lambda: context)))
    answer = client.get(f"/feeds/{secret}/plan.ics")
    assert answer.headers["cache-control"] == "private, no-store"
    return answer.status_code, icalendar.Calendar.from_ical(answer.content) if answer.status_code == 200 else None


def test_it_tells_kind_time_place_and_state_and_never_the_words(force: Force) -> None:
    context, local = force.context, force.local_now() + timedelta(days=3)
    post_id = plan_post(context, force.post("The words that nobody has approved", due_local=local), force.author)
    secret = make_feed(context, force.author, None)
    status, calendar = asked(context, secret)
    assert status == 200
    assert calendar is not None
    (event,) = [one for one in calendar.walk("VEVENT") if str(one["uid"]) == f"post-{post_id}@beatline.invalid"]
    assert as_local(event.decoded("dtstart")).replace(tzinfo=None) == local
    assert "(draft)" in str(event["summary"])
    assert b"The words" in calendar.to_ical()
    assert b"nobody has approved" not in calendar.to_ical()


def test_an_address_that_was_ended_and_one_that_never_was_answer_alike(force: Force) -> None:
    context = force.context
    secret = make_feed(context, force.author, None)
    with context.database.read() as session:
        (feed,) = feeds_of(session, force.author)
    with pytest.raises(InputError, match="no calendar address of yours"):
        end_feed(context, force.corporate, feed.number)
    assert asked(context, secret)[0] == 200
    end_feed(context, force.author, feed.number)
    assert asked(context, secret) == asked(context, "never-made") == (404, None)


def test_it_shows_what_its_person_may_see_now(force: Force, administrator: Person) -> None:
    context, local = force.context, force.local_now() + timedelta(days=1)
    here, there = place(force, "Copperbeck"), place(force, "Stonemere")
    for name in ("Copperbeck", "Stonemere"):
        plan_post(context, force.post(f"Ducks in {name}.", place=name, due_local=local), force.author)
    set_areas(context, administrator, force.author.id or 0, [here], reason="their beat")
    with pytest.raises(InputError, match="areas that you look after"):
        make_feed(context, force.author, there)
    secret = make_feed(context, force.author, here)
    _, calendar = asked(context, secret)
    assert calendar is not None
    assert {str(e["location"]) for e in calendar.walk("VEVENT") if "location" in e} == {"Copperbeck"}
    set_areas(context, administrator, force.author.id or 0, [there], reason="moved")
    assert asked(context, secret)[0] == 404, "Copperbeck is theirs no more"
    set_areas(context, administrator, force.author.id or 0, [here], reason="back")
    assert asked(context, secret)[0] == 200
    shut_out(context, administrator, force.author.id or 0, reason="left")
    assert asked(context, secret)[0] == 404
