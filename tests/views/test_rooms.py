"""A page stands at once and its slow parts follow; and whatever is kept meanwhile, the next run shows what is true by then."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from scheduler.planning import PostInput, plan_post, send_for_approval
from social.staff import Action, Person, Role
from social.views.parts import Page
from social.views.sign_in import still_there
from tests.views.helpers import Force, OpenPage, text_of

pytestmark = pytest.mark.sqlite_only

SCRIPT = """
import streamlit as st
from social.views.rooms import Room, first_look

first_look("seen" not in st.session_state)
st.session_state["seen"] = True
slow, slower = Room(100), Room(120)
with slower.fill():
    st.text("ready first, stands second")
if "both" in st.session_state:
    with slow.fill():
        st.text("ready later, stands first")
"""


def shapes(app: AppTest) -> int:
    return sum(element.type == "skeleton" for element in app.main)


def test_a_room_is_kept_where_it_stands_and_only_the_first_look_shows_a_shape() -> None:
    app = AppTest.from_string(SCRIPT).run()
    assert (shapes(app), [text.value for text in app.text]) == (1, ["ready first, stands second"])
    app.session_state["both"] = True
    app.run()
    assert (shapes(app), [text.value for text in app.text]) == (
        0,
        ["ready later, stands first", "ready first, stands second"],
    )


def test_no_shape_is_left_where_a_part_has_nothing_to_say(force: Force, open_page: OpenPage) -> None:
    for name in ("today", "areas"):
        app = open_page(name, as_person=force.corporate)
        assert not app.exception
        assert shapes(app) == 0, name
        assert shapes(app.run()) == 0, name


def test_what_another_person_did_shows_at_the_next_run(force: Force, open_page: OpenPage) -> None:
    """Nothing that is kept between two runs may outlive what it was made of."""
    words = "Which street should we walk first?"
    looked = {name: open_page(name, as_person=force.corporate) for name in ("today", "approvals")}
    assert not any(words in text_of(app) for app in looked.values())
    given = PostInput("survey", words, ("town-desk",), force.context.clock.now().replace(tzinfo=None, hour=15))
    post_id = plan_post(force.context, given, force.author)
    send_for_approval(force.context, post_id, force.author)
    for name in ("today", "approvals"):
        assert words in text_of(looked[name].run()), name

    force.past("patrol_update", 5, reach=1000, reactions=50)
    works = open_page("works", as_person=force.corporate)
    before = text_of(works)
    force.past("event", 6, reach=400, reactions=100)
    assert text_of(works.run()) != before

    with force.context.database.write() as session:
        session.get_one(Person, force.corporate.id).role = Role.READER.value
    assert words not in text_of(looked["approvals"].run())
    assert [one.value for one in looked["approvals"].error] == [
        "You may not approve a team's posts. Ask someone who looks after people and roles in Beatline."
    ]


def test_a_part_that_runs_by_itself_asks_whether_the_person_is_still_let_in(force: Force) -> None:
    page = Page(force.context, force.corporate, (force.account,), force.context.clock.now())
    assert still_there(page)
    assert still_there(page, Action.READ_FIGURES)
    assert not still_there(page, Action.MANAGE_PEOPLE)
    assert not still_there(replace(page, areas=frozenset({1}))), "it was drawn for other areas"
    other = replace(page, person=Person(**force.corporate.model_dump() | {"role": Role.READER.value}))
    assert not still_there(other, Action.READ_FIGURES), "it was drawn for another role"
    with force.context.database.write() as session:
        session.get_one(Person, force.corporate.id).active = False
    assert not still_there(page)
