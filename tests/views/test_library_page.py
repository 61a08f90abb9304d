"""Library and Settings: what is kept for use again, and what the force sets for itself."""

from datetime import date

import pytest
from PIL import Image
from sqlmodel import select

from scheduler.picture_answers import PictureAnswers
from scheduler.posts import Media
from scheduler.templates import list_templates
from social.house_rules import house_rules
from social.notices import How, how_told
from social.staff import Role, find_or_add_person
from tests.views.helpers import HOSTILE, Force, OpenPage, text_of

pytestmark = pytest.mark.sqlite_only
NAME = f"{'a' * 64}.png"


def picture(force: Force, post_id: int, **answers: object) -> None:
    folder = force.context.settings.media_folder
    folder.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (900, 600), "green").save(folder / NAME)
    given = PictureAnswers(**answers)  # type: ignore[arg-type]  # a builder passes fields on by name
    with force.context.database.write() as session:
        session.add(Media(post_id=post_id, position=0, kind="image", file_name=NAME, mime="image/png",
                          alt_text="A duck on the green", **given.fields()))  # fmt: skip


def test_a_template_is_saved_found_by_the_link_changed_and_taken_out_of_use(force: Force, open_page: OpenPage) -> None:
    app = open_page("library", as_person=force.author)
    assert sum(one.label.startswith("Write a post from “") for one in app.get("page_link")) == 6
    app.text_input(key="l_name_new_0").input("Meet us at the market")
    app.text_area(key="l_text_new_0").input(f"Come along. {HOSTILE}")
    next(one for one in app.button if one.label == "Save the template").click().run()
    assert "The template is saved." in [one.value for one in app.success]
    assert app.text_input(key="l_name_new_0_1").value == ""
    found = open_page("library", as_person=force.author, q="market")
    assert "Meet us at the market" in text_of(found)
    assert HOSTILE in text_of(found)
    assert not any("beacon" in one.value for one in found.markdown)
    next(one for one in found.button if one.label == "Take out of use").click().run()
    with force.context.database.read() as session:
        assert not [one for one in list_templates(session) if not one.is_starter]


def test_a_picture_is_offered_again_until_its_day_of_review_has_passed(force: Force, open_page: OpenPage) -> None:
    post_id = force.publish(kind="lighthearted")
    picture(force, post_id, shows_person=True, consent="Ann agreed", owner="County paper", review_by=date(2026, 6, 20))
    app = open_page("library", as_person=force.author, l_part="Pictures", q="duck")
    said = text_of(app)
    assert "A duck on the green" in said
    assert "Owner: County paper" in said
    assert "Agreed to be shown: Ann agreed" in said
    assert "To be reviewed by: 20 June 2026" in said
    assert f"Use the picture of post {post_id} again" in said
    with force.context.database.write() as session:
        medium = session.exec(select(Media)).one()
        medium.review_by = date(2026, 5, 1)
        session.add(medium)
    said = text_of(open_page("library", as_person=force.author, l_part="Pictures"))
    assert "Review passed" in said
    assert "Use the picture" not in said


@pytest.mark.parametrize(
    ("kind", "answers"),
    [("appeal_witness", {}), ("patrol_update", {"source": "custody"}), ("patrol_update", {"enquiry_approver": "DI Lane"})],
)  # fmt: skip
def test_a_picture_of_an_appeal_or_an_enquiry_is_never_offered_again(
    kind: str, answers: dict[str, str], force: Force, open_page: OpenPage
) -> None:
    text = "Did you see it? Call 101, or Crimestoppers on 0800 555 111. In an emergency call 999."
    picture(force, force.plan(text=text, kind=kind, send=False), **answers)
    assert "duck" not in text_of(open_page("library", as_person=force.author, l_part="Pictures"))


def test_everybody_chooses_how_they_are_told(force: Force, open_page: OpenPage) -> None:
    app = open_page("settings", as_person=force.reader)
    assert "Role: reader" in text_of(app)
    app.radio(key="s_how").set_value(How.DAILY)
    next(one for one in app.button if one.label == "Save how you are told").click().run()
    assert not app.exception
    with force.context.database.read() as session:
        assert how_told(session, force.reader.id or 0) is How.DAILY
        assert how_told(session, force.author.id or 0) is How.AT_ONCE


def test_quiet_hours_and_words_are_set_by_who_may_and_read_by_all(force: Force, open_page: OpenPage) -> None:
    app = open_page("settings", as_person=force.corporate, s_part="Posts")
    app.text_area(key="s_words_force_0").input("scrote\nchav")
    next(one for one in app.button if one.label == "Save the word list").click().run()
    app.checkbox(key="s_quiet_on_force_0").check()
    next(one for one in app.button if one.label == "Save the quiet hours").click().run()
    assert not app.exception
    with force.context.database.read() as session:
        rules = house_rules(session)
    assert (rules.words, str(rules.quiet)) == (("chav", "scrote"), "22:00-07:00")
    others = open_page("settings", as_person=force.author, s_part="Posts")
    assert "Now: 10pm to 7am." in text_of(others)
    assert "chav" in text_of(others)
    assert not others.text_area


def test_the_configuration_is_shown_to_who_looks_after_it_without_secrets(force: Force, open_page: OpenPage) -> None:
    with force.context.database.write() as session:
        keeper = find_or_add_person(session, "keeper@woldershire.example", Role.ADMINISTRATOR)
    app = open_page("settings", as_person=keeper, s_part="Configuration")
    (table,) = app.dataframe
    rows = {row["Setting"]: row for row in table.value.to_dict("records")}
    assert rows["daily_note_at"]["To change it"] == "BEATLINE_DAILY_NOTE_AT"
    assert "beatline.sqlite" not in str(rows["database_url"]["Value"])
    assert not open_page("settings", as_person=force.author, s_part="Configuration").dataframe
