"""Whoever is bound to areas sees what waits there, and the buttons for it, and not another team's."""

import pytest

from scheduler.planning import PostInput, plan_post, send_for_approval
from scheduler.queries import list_entries
from social.context import Context
from social.operators import KEEPER, acting
from social.people import set_areas
from social.places import PlaceKind, find_or_add_place
from social.staff import Person, Role, find_or_add_person
from tests.views.helpers import Force, OpenPage, text_of

pytestmark = pytest.mark.sqlite_only
ASKS_FOR_YES = (
    "Did you see who took a bicycle from the library on Saturday? Call 101 and quote 44/1234/26, or Crimestoppers on "
    "0800 555 111. In an emergency always call 999."
)


@pytest.fixture
def supervisor(context: Context, force: Force) -> Person:
    """A supervisor of Copperbeck alone."""
    with context.database.write() as session:
        beck = find_or_add_place(session, "Copperbeck", PlaceKind.NEIGHBOURHOOD)
        ruth = find_or_add_person(session, "ruth.lane@woldershire.example", Role.SUPERVISOR)
    set_areas(context, acting(context, KEEPER), ruth.id or 0, [beck.id or 0])
    return ruth


def waiting(context: Context, force: Force, place: str) -> int:
    given = PostInput("appeal_witness", ASKS_FOR_YES, ("town-desk",), place=place, appeal_ref="44/1234/26",
                      case_stage="none")  # fmt: skip
    post_id = plan_post(context, given, force.author)
    assert send_for_approval(context, post_id, force.author) == "in_review"
    return post_id


def test_what_waits_in_another_area_is_neither_shown_on_today_nor_decided(
    context: Context, force: Force, supervisor: Person, open_page: OpenPage
) -> None:
    theirs, others = waiting(context, force, "Copperbeck"), waiting(context, force, "Hexley Moor")
    with context.database.read() as session:
        assert len(list_entries(session, states=("in_review",))) == 2
    today = open_page("today", as_person=supervisor)
    assert "1 post waits for approval" in text_of(today)
    mine = open_page("post", as_person=supervisor, id=str(theirs))
    assert [button for button in mine.button if button.key == "p_approve"]
    elsewhere = open_page("post", as_person=supervisor, id=str(others))
    assert not [button for button in elsewhere.button if str(button.key).startswith("p_")]


def test_replies_of_another_area_are_not_shown_in_a_list_nor_by_address(
    context: Context, force: Force, supervisor: Person, open_page: OpenPage
) -> None:
    publication = force.answer(force.publish(), "Well done to the officers of Hexley Moor.")
    for shown in (
        open_page("replies", as_person=supervisor),
        open_page("replies", as_person=supervisor, thread=str(publication)),
    ):
        assert "Well done" not in text_of(shown)
    assert "Well done" in text_of(open_page("replies", as_person=force.corporate))
