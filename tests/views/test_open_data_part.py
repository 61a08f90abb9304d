"""Open data step by step on the page Areas, and the targets for what is posted: by whoever may, and with words when it fails."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from social.boundaries import boundaries_of
from social.clock import SettableClock
from social.content_targets import ContentTarget
from social.context import Context
from social.places import Place, PlaceKind, find_or_add_place
from social.practice.network import PracticeNetwork
from social.priorities import priorities_of
from social.staff import Role, find_or_add_person
from tests.conftest import START
from tests.views.helpers import Force, OpenPage, text_of

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def network(context: Context, tmp_path: Path) -> Iterator[PracticeNetwork]:
    with PracticeNetwork(
        tmp_path / "practice", clock=SettableClock(START), history_weeks=0, limit_scale=100
    ) as practice:
        context.settings = replace(context.settings, police_data_address=f"{practice.base_url}/api")
        yield practice


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click()
    return app.run()


def test_step_by_step_nothing_is_asked_before_a_button_and_nothing_written_before_the_last(
    context: Context, force: Force, open_page: OpenPage, network: PracticeNetwork
) -> None:
    with context.database.write() as session:
        top = find_or_add_place(session, "Woldershire Police", PlaceKind.FORCE)
        moor = session.get(Place, force.place.id)
        assert moor is not None
        moor.parent_id = top.id
        quarry = find_or_add_place(session, "Old Quarry", PlaceKind.TEAM, top).id
    app = open_page("areas", as_person=force.corporate)
    assert network.asked["police_data", "listen"] == 0
    app = press(app, "Look up the forces")
    app.selectbox(key="pd_force").select("woldershire").run()
    app = press(app, "Look up its neighbourhoods")
    assert "1 neighbourhood matched to areas of yours. To be matched by you: 9." in text_of(app)
    assert app.selectbox(key="pd_WD 10").label == r"Quarry Side \& Locks", "a label is Markdown, a name is not"
    app.selectbox(key="pd_WD 10").select(quarry)
    app = press(app, "Read and show what would change")
    assert "Nothing is written yet" in text_of(app)
    assert "Hexley Moor: boundary added; priorities: 1 added; events: 1 added" in text_of(app)
    with context.database.read() as session:
        assert boundaries_of(session) == {}
    app = press(app, "Take in 2 areas")
    assert not app.exception
    assert "2 areas taken in from data.police.uk." in text_of(app)
    with context.database.read() as session:
        assert set(boundaries_of(session)) == {force.place.id}
        assert [one.issue for one in priorities_of(session)] == ["Quad bikes stolen from farms."]
        names = session.exec(select(Place.name).where(Place.kind == "neighbourhood")).all()
    assert names == ["Hexley Moor"], "what was left out is not on the map"


def test_without_a_connection_the_page_says_so_and_stays_usable(
    context: Context, force: Force, open_page: OpenPage
) -> None:
    context.settings = replace(context.settings, police_data_address="http://127.0.0.1:9/api")
    app = press(open_page("areas", as_person=force.corporate), "Look up the forces")
    assert not app.exception
    assert "data.police.uk cannot be reached from here" in text_of(app)
    assert [button for button in app.button if button.label == "Look up the forces"]


def test_whoever_may_not_look_after_the_map_is_not_offered_it(force: Force, open_page: OpenPage) -> None:
    app = open_page("areas", as_person=force.reader)
    assert not [button for button in app.button if button.label == "Look up the forces"]
    assert "Set a target" not in text_of(app)


def test_a_supervisor_sets_a_target_and_the_mix_is_held_against_it(
    context: Context, force: Force, open_page: OpenPage
) -> None:
    with context.database.write() as session:
        ruth = find_or_add_person(session, "ruth.lane@woldershire.example", Role.SUPERVISOR)
    force.publish()
    context.clock.advance(timedelta(minutes=1))  # type: ignore[attr-defined]
    here = str(force.place.id)
    app = open_page("areas", as_person=ruth, area=here)
    assert "Most of all: Patrol update, 100%" in text_of(app)
    app.selectbox(key=f"mix_kind_{here}").select("patrol_update").run()
    app.slider(key=f"mix_range_{here}_patrol_update").set_range(20, 40)
    app = press(app, "Save the target")
    assert not app.exception
    assert "1 post: too few to tell against the targets." in text_of(app)
    with context.database.read() as session:
        kept = session.exec(select(ContentTarget)).one()
    assert (kept.place_id, kept.content_type, kept.least, kept.most) == (force.place.id, "patrol_update", 0.2, 0.4)
