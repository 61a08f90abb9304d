"""The page Holds, the notice on every page, and the switch that pauses everything in two clicks (R31, R37)."""

from datetime import datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from scheduler.hold_kinds import HoldKind
from scheduler.holds import Order, place_hold, release_hold
from scheduler.queries import post_view
from scheduler.worker import publish_due
from social.context import Context
from social.places import PlaceKind, find_or_add_place
from social.staff import Role, find_or_add_person
from tests.views.helpers import HOSTILE, PAGES, Force, OpenPage, text_of

pytestmark = pytest.mark.sqlite_only
HOUR = timedelta(hours=1)


def state(context: Context, post_id: int) -> str:
    with context.database.read() as session:
        return post_view(session, post_id).status


def hold(force: Force, kind: HoldKind = HoldKind.CRITICAL_INCIDENT, **more: object) -> int:
    order = Order(kind, "Officers are at the scene.", **more)  # type: ignore[arg-type]  # passed on by name
    return place_hold(force.context, order, force.corporate)


def released(force: Force) -> int:
    """A post that a hold stopped and that waits for a yes since."""
    post_id = force.plan()
    release_hold(force.context, hold(force), force.corporate, "It is over.")
    return post_id


def press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click()
    app.run()
    assert not app.exception
    return app


def links(app: AppTest) -> list[str]:
    """The page's links: those of the sidebar, and those beside it, which a phone shows without opening it."""
    return [block.proto.label for part in (app.sidebar, app.main) for block in part if block.type == "page_link"]


def test_everything_is_paused_in_two_clicks_from_any_page(force: Force, open_page: OpenPage) -> None:
    post_id = force.plan()
    for name in PAGES:
        assert links(open_page(name, force.corporate)).count("Pause everything") == 2, name
    app = open_page("holds", force.corporate, pause="1")  # where the first click leads
    press(app, "h_pause")
    assert "Everything is paused." in text_of(app)
    assert state(force.context, post_id) == "held"
    assert "h_pause" not in [button.key for button in app.button]


def test_nobody_else_is_offered_to_pause(force: Force, open_page: OpenPage) -> None:
    for person in (force.author, force.reader):
        app = open_page("holds", person, pause="1")
        assert "Pause everything" not in links(app)
        assert "h_pause" not in [button.key for button in app.button]


def test_every_page_says_that_a_hold_is_in_force_by_whom_why_and_until_when(force: Force, open_page: OpenPage) -> None:
    place_hold(
        force.context, Order(HoldKind.MOURNING, HOSTILE, ends_at=force.context.clock.now() + HOUR), force.corporate
    )
    for name in PAGES:
        app = open_page(name, force.reader)
        said = text_of(app)
        assert "Posts are held back" in str([error.proto for error in app.error]), name
        for words in ("Mourning, the whole force, until 1 Jun 2026, 11:00", "Placed by Joel Marsh", HOSTILE):
            assert words in said, name
        assert not [block for block in app.markdown if "beacon" in block.value]


def test_the_page_without_any_hold_says_so(force: Force, open_page: OpenPage) -> None:
    said = text_of(open_page("holds", force.corporate))
    assert "No hold is in force and none is planned." in said
    assert "No post waits for a yes." in said


def test_a_hold_is_placed_with_a_look_at_what_it_would_stop(force: Force, open_page: OpenPage) -> None:
    post_id = force.plan("Officers are at the library from 2pm today.")
    app = open_page("holds", force.corporate)
    assert app.selectbox(key="h_kind").value is HoldKind.CRITICAL_INCIDENT
    assert app.text_input(key="h_reason_critical_incident").value == "A critical incident is under way."
    assert "It would stop 1 post in the queue" in str([e.proto for e in app.expander])
    press(app, "h_place")
    assert state(force.context, post_id) == "held"
    assert "Stopped now" in text_of(app)


def test_the_area_of_a_serious_incident_is_chosen_and_never_the_whole_force(
    force: Force, open_page: OpenPage, context: Context
) -> None:
    with context.database.write() as session:
        find_or_add_place(session, "Woldershire Police", PlaceKind.FORCE)
        find_or_add_place(session, "Elderwick", PlaceKind.NEIGHBOURHOOD)
    app = open_page("holds", force.author)
    area = app.selectbox(key="h_area_serious_incident")
    assert area.options == ["Elderwick", "Hexley Moor"]
    assert area.value is None
    assert "h_place" not in [button.key for button in app.button]
    area.set_value(force.place.id).run()
    press(app, "h_place")
    assert "Serious incident nearby, Hexley Moor" in text_of(app)


def test_an_author_marks_a_serious_incident_and_nothing_else(force: Force, open_page: OpenPage) -> None:
    joke = force.plan("Ducks on Mill Road again.", kind="lighthearted")
    app = open_page("holds", force.author)
    assert app.selectbox(key="h_kind").options == ["Serious incident nearby"]
    assert app.selectbox(key="h_area_serious_incident").options == ["Hexley Moor"]
    press(app, "h_place")
    assert state(force.context, joke) == "held"
    assert "until 4 Jun 2026, 10:00" in text_of(app)  # 72 hours (R38)


def test_a_period_before_a_poll_takes_candidates_and_a_time_to_come(force: Force, open_page: OpenPage) -> None:
    app = open_page("holds", force.corporate)
    app.selectbox(key="h_kind").set_value(HoldKind.PRE_ELECTION).run()
    app.text_area(key="h_names").set_value("Ines Hallam").run()
    app.checkbox(key="h_from_on").check().run()
    app.date_input(key="h_until_pre_election_day").set_value(datetime(2026, 7, 1)).run()
    press(app, "h_place")
    said = text_of(app)
    assert "Begins Tuesday 2 June 2026, 10am" in said
    assert "Candidates: Ines Hallam" in said
    assert "until 1 Jul 2026" in said


def test_what_cannot_be_placed_says_why_and_offers_no_button(force: Force, open_page: OpenPage) -> None:
    app = open_page("holds", force.corporate)
    app.text_input(key="h_reason_critical_incident").set_value(" ").run()
    assert "Say why posts are held back" in text_of(app)
    assert "h_place" not in [button.key for button in app.button]


def test_a_hold_is_released_and_its_posts_wait_for_a_yes(force: Force, open_page: OpenPage) -> None:
    post_id = force.plan()
    hold_id = hold(force)
    app = press(open_page("holds", force.corporate), f"h_off_{hold_id}")
    said = text_of(app)
    assert f"Hold {hold_id} is over." in said
    assert "1 post was stopped by a hold that is over" in said
    assert state(force.context, post_id) == "held"


def test_a_yes_is_one_click(force: Force, open_page: OpenPage) -> None:
    post_id = released(force)
    assert "1 post waits for a yes" in text_of(open_page("today", force.corporate))
    app = press(open_page("holds", force.corporate), f"h_yes_{post_id}")
    assert "No post waits for a yes." in text_of(app)
    force.context.clock.advance(HOUR)  # type: ignore[attr-defined]  # tests have a clock that can be set
    publish_due(force.context)
    assert state(force.context, post_id) == "published"


def test_a_new_time_is_one_click_and_begins_with_the_posts_own(force: Force, open_page: OpenPage) -> None:
    post_id = released(force)  # planned for 11am, an hour ahead
    fields = open_page("holds", force.corporate)
    assert fields.time_input(key=f"h_new_{post_id}_time").value.strftime("%H:%M") == "11:00"
    assert fields.date_input(key=f"h_new_{post_id}_day").value == datetime(2026, 6, 1).date()
    force.context.clock.advance(2 * HOUR)  # type: ignore[attr-defined]  # tests have a clock that can be set
    press(open_page("holds", force.corporate), f"h_move_{post_id}")
    with force.context.database.read() as session:
        view = post_view(session, post_id)
    assert view.status == "queued"
    assert view.post.due_at == force.context.clock.now() + 23 * HOUR  # 11am tomorrow


def test_to_discard_is_one_click(force: Force, open_page: OpenPage) -> None:
    post_id = released(force)
    press(open_page("holds", force.corporate), f"h_drop_{post_id}")
    assert state(force.context, post_id) == "discarded"


def test_an_author_sees_what_waits_and_says_no_yes(force: Force, open_page: OpenPage) -> None:
    post_id = released(force)
    app = open_page("holds", force.author)
    keys = [button.key for button in app.button]
    assert f"h_yes_{post_id}" not in keys
    assert f"h_drop_{post_id}" in keys


def test_corporate_communications_let_one_post_through(force: Force, open_page: OpenPage) -> None:
    post_id = force.plan()
    hold(force, HoldKind.MOURNING)
    app = open_page("holds", force.corporate)
    app.text_input(key=f"h_through_why_{post_id}").set_value("Required by law.")
    press(app, f"h_through_{post_id}")
    assert state(force.context, post_id) == "queued"


def test_what_went_out_before_is_listed_with_a_way_to_take_it_down(force: Force, open_page: OpenPage) -> None:
    force.publish(text="Officers were at the library.")
    hold(force)
    app = open_page("holds", force.corporate)
    assert "1 post went out there in the hour before" in str([e.proto for e in app.expander])
    assert "Officers were at the library." in text_of(app)


def test_a_person_of_an_area_is_offered_that_area_alone(force: Force, open_page: OpenPage, context: Context) -> None:
    from social.staff import Membership

    with context.database.write() as session:
        chief = find_or_add_person(session, "sol.weir@woldershire.example", Role.SUPERVISOR, "Sol Weir")
        session.add(Membership(person_id=chief.id or 0, place_id=force.place.id or 0))
    app = open_page("holds", chief, pause="1")
    assert app.selectbox(key="h_pause_area").options == ["Hexley Moor"]
    press(app, "h_pause")
    assert "Stop everything, Hexley Moor" in text_of(app)
