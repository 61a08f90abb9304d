"""The page Areas: side by side, and the profile of one, as its people meet them."""

import json

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from insights.area_map import pressed_area
from social.audit import AuditRecord
from social.boundaries import PlaceBoundary
from social.community_pages import PageInput, pages_of, put_page
from social.context import Context
from social.operators import KEEPER, acting
from social.partners import languages_of
from social.people import set_areas
from social.places import Place, PlaceKind, find_or_add_place
from social.profiles import AskedFor, DoneAbout
from tests.views.helpers import HOSTILE, PAGES, Force, OpenPage, text_of

pytestmark = pytest.mark.sqlite_only


def press(app: AppTest, label: str) -> AppTest:
    [button] = [button for button in app.button if button.label == label]
    return button.click().run()


def boxes(app: AppTest) -> dict[str, object]:
    return {box.label: box for kind in ("text_input", "text_area", "number_input") for box in app.get(kind)}


def test_without_areas_the_page_says_how_to_bring_them_in(context: Context, open_page: OpenPage) -> None:
    assert "There are no areas yet" in text_of(open_page("areas"))


def test_areas_stand_side_by_side_with_the_note_on_readers_and_a_map_where_boundaries_are_known(
    force: Force, open_page: OpenPage
) -> None:
    force.past("event", 6, reach=900, reactions=10)
    bare = open_page("areas")
    assert "Networks do not tell us where readers live" in text_of(bare)
    assert "no boundary of these areas is known" in text_of(bare)
    assert "residents not known" in bare.dataframe[0].value.to_string()
    ring = [[0.0, 50.0], [0.1, 50.0], [0.1, 50.1], [0.0, 50.0]]
    with force.context.database.write() as session:
        place = session.get_one(Place, force.place.id)
        place.population, place.population_year, place.population_source = 2000, 2025, "invented"
        shape = json.dumps({"type": "Polygon", "coordinates": [ring]})
        session.add(
            PlaceBoundary(place_id=place.id or 0, geometry=shape, source="own", set_at=force.context.clock.now())
        )
    drawn = open_page("areas")
    assert not drawn.exception
    assert [one.proto.alt for one in drawn.get("vega_lite_chart")] == ["Map of 1 area: 1 Hexley Moor not known."]
    assert "30.0" in drawn.dataframe[0].value.to_string()
    assert "2,000 (2025, invented)" in drawn.dataframe[0].value.to_string()


def test_a_profile_shows_outsiders_words_as_nothing_but_text_and_its_figures(force: Force, open_page: OpenPage) -> None:
    with force.context.database.write() as session:
        place = session.get_one(Place, force.place.id)
        place.name = f"Moor {HOSTILE}"
    put_page(force.context, force.author, PageInput(place.id or 0, "facebook", HOSTILE, "https://www.example.org/p"))
    force.publish()
    page = open_page("areas", area=str(place.id))
    assert not page.exception
    said = text_of(page)
    assert f"Moor {HOSTILE}" in said
    assert all(
        HOSTILE not in str(one.value)
        for kind in ("markdown", "caption", "header", "subheader")
        for one in page.get(kind)
    )
    assert [part in said for part in ("Issues", "You said, we did", "Channels", "Community pages", "Partners", "Languages",
                                      "Latest posts", "Events coming", "What reached residents")] == [True] * 9  # fmt: skip
    assert "no rate" in said or "not known" in said


def test_who_looks_after_profiles_writes_down_what_was_asked_and_done_and_others_see_no_form(
    force: Force, open_page: OpenPage
) -> None:
    here = str(force.place.id)
    page = open_page("areas", as_person=force.author, area=here)
    boxes(page)["What was asked for, in your words"].set_value("Slower cars")  # type: ignore[attr-defined]  # a box
    press(page, "Save what was asked")
    page = open_page("areas", as_person=force.author, area=here)
    assert "Nothing done yet" in str([one.proto for one in page.main])
    boxes(page)["What was done, in your words"].set_value("A speed check")  # type: ignore[attr-defined]  # a box
    press(page, "Save what was done")
    boxes(page)["Share of residents in percent, if known"].set_value(4.1)  # type: ignore[attr-defined]  # a box
    refused = press(page, "Save the language")
    assert "There is a problem" in text_of(refused)
    assert "Enter the year of the share" in text_of(refused)
    with force.context.database.read() as session:
        assert [one.text for one in session.exec(select(AskedFor))] == ["Slower cars"]
        assert [one.text for one in session.exec(select(DoneAbout))] == ["A speed check"]
        assert languages_of(session, force.place.id or 0) == []
        actions = [
            row.action for row in session.exec(select(AuditRecord).where(AuditRecord.actor == force.author.email))
        ]
        assert actions[-2:] == ["keep what was asked", "keep what was done"]
    reader = open_page("areas", as_person=force.reader, area=here)
    assert "You said, Monday 1 June 2026 (a survey): Slower cars" in text_of(reader)
    assert not [button for button in reader.button if button.label.startswith("Save")]


def test_a_page_is_added_and_taken_off_the_register_on_the_profile(force: Force, open_page: OpenPage) -> None:
    here = str(force.place.id)
    page = open_page("areas", as_person=force.author, area=here)
    boxes(page)["Name of the page"].set_value("Moor Chat")  # type: ignore[attr-defined]  # a box
    boxes(page)["Address of the page"].set_value("https://www.example.org/moor")  # type: ignore[attr-defined]  # a box
    press(page, "Save the page")
    page = open_page("areas", as_person=force.author, area=here)
    [which] = [box for box in page.selectbox if box.label == "Which page"]
    which.set_value(1).run()
    press(page, "Take it off the register")
    with force.context.database.read() as session:
        [kept] = pages_of(session, retired=True)
        assert (kept.name, kept.active, kept.followers_on) == ("Moor Chat", False, None)


def test_a_change_that_somebody_else_made_meanwhile_is_told_and_what_was_typed_stays(
    force: Force, open_page: OpenPage
) -> None:
    """A form that is another one by then would lose the press, and what was typed, without a word."""
    here = force.place.id or 0
    context, author, address = force.context, force.author, "https://www.example.org/moor"
    number = put_page(context, author, PageInput(here, "facebook", "Moor Chat", address))
    page = open_page("areas", as_person=force.author, area=str(here))
    [which] = [box for box in page.selectbox if box.label == "Which page"]
    which.set_value(number).run()
    boxes(page)["Name of the page"].set_value("Moor Chatter")  # type: ignore[attr-defined]  # a box
    put_page(context, author, PageInput(here, "facebook", "Moor Talk", address), page_id=number, version=1)
    refused = press(page, "Save the page")
    assert "There is a problem" in text_of(refused)
    assert boxes(refused)["Name of the page"].value == "Moor Chatter"  # type: ignore[attr-defined]  # a box
    with force.context.database.read() as session:
        assert [one.name for one in pages_of(session)] == ["Moor Talk"]
    page = open_page("areas", as_person=force.author, area=str(here))
    [which] = [box for box in page.selectbox if box.label == "Which page"]
    which.set_value(number).run()
    for name in ("Moor Chatter", "Moor Words"):  # who saves twice is in nobody's way but their own
        boxes(page)["Name of the page"].set_value(name)  # type: ignore[attr-defined]  # a box
        press(page, "Save the page")
    with force.context.database.read() as session:
        assert [one.name for one in pages_of(session)] == ["Moor Words"]


def test_an_address_of_no_area_says_so_and_the_list_stays(force: Force, open_page: OpenPage) -> None:
    assert "There is no such area" in text_of(open_page("areas", area="99999"))
    lost = text_of(open_page("areas", area="moor"))
    assert "There is no such area. These are all of them." in lost
    assert "Areas side by side" in lost
    with force.context.database.write() as session:
        find_or_add_place(session, "Hexley Moor", PlaceKind.SECTION)
        find_or_add_place(session, "Larkfield", PlaceKind.SECTION)
        find_or_add_place(session, "Larkfield", PlaceKind.TEAM)
    for name in ("hexley moor", "Hexley Moor (section)"):  # by name, as commands take it
        named = text_of(open_page("areas", area=name))
        assert "Hexley Moor</h2>" in named
        assert ("A section." in named) == ("section" in name)
    assert "'Larkfield' names 2 areas: Larkfield (section), Larkfield (team)." in text_of(
        open_page("areas", area="Larkfield")
    )


def test_an_area_of_the_map_that_is_pressed_opens_its_profile() -> None:
    """What Streamlit hands over of a selection, of a shape or of the number on it; nothing for what is let go of."""
    assert pressed_area({"pressed_shape": [{"place": 7}], "pressed_number": {}}) == 7
    assert pressed_area({"pressed_shape": {}, "pressed_number": [{"place": 9}]}) == 9
    assert pressed_area({"pressed_shape": {}, "pressed_number": {}}) is None
    assert pressed_area({"pressed_shape": [{"place": "x"}]}) is None


def test_whoever_acts_for_one_area_begins_there_and_finds_the_others(force: Force, open_page: OpenPage) -> None:
    with force.context.database.write() as session:
        beck = find_or_add_place(session, "Copperbeck", PlaceKind.NEIGHBOURHOOD).id or 0
    for person in (force.author, force.reader):
        set_areas(force.context, acting(force.context, KEEPER), person.id or 0, [beck])
    assert '<h2 style="font-size:1.75rem;font-weight:600;margin:0;padding:0">Copperbeck</h2>' in text_of(
        open_page("areas", as_person=force.author)
    )
    every = open_page("areas", as_person=force.author, area="all")
    assert "Areas side by side" in text_of(every)
    assert list(every.dataframe[0].value["Area"]) == ["Copperbeck"], "their own, until they ask for more"
    [own] = [toggle for toggle in every.toggle if toggle.label == "Only my areas"]
    assert sorted(own.set_value(False).run().dataframe[0].value["Area"]) == ["Copperbeck", "Hexley Moor"]


def test_a_reader_of_one_area_lands_on_it_once_and_nobody_else_does(force: Force, open_page: OpenPage) -> None:
    set_areas(force.context, acting(force.context, KEEPER), force.reader.id or 0, [force.place.id or 0])
    landed = open_page("today", as_person=force.reader)
    assert [one.value for one in landed.title] == ["Areas"]
    assert "Hexley Moor</h2>" in text_of(landed)
    landed.switch_page(PAGES["today"]).run()
    assert [one.value for one in landed.title] == ["Today"]
    assert [one.value for one in open_page("today", as_person=force.corporate).title] == ["Today"]
    assert [one.value for one in open_page("works", as_person=force.reader).title] == ["What works"]
