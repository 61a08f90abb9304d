"""A reply's flags in words, the form that puts its reading right, and the part that says how well replies are read."""

import csv
from importlib.resources import files

import pytest
from sqlmodel import col, select

from social.interactions import Interaction, Reading, ReadingFlag
from social.kinds import Flag
from social.labels import Label
from social.views.reading_part import WHAT_TO_DO
from social.views.words import FLAGS
from tests.views.helpers import Force, OpenPage, text_of

pytestmark = pytest.mark.sqlite_only
MEASURED = list(csv.reader((files("insights.reading") / "measured.csv").read_text(encoding="utf-8").splitlines()))


def flagged(force: Force) -> int:
    """A reply whose reading has a flag. Returns its number."""
    force.answer(force.publish(), "you will get yours", kind="other", stance="neutral")
    with force.context.database.write() as session:
        number = session.exec(select(Interaction.id).where(col(Interaction.text) == "you will get yours")).one() or 0
        reading = session.exec(select(Reading).where(Reading.interaction_id == number)).one()
        session.add(ReadingFlag(reading_id=reading.id or 0, flag="threat", p=0.87))
    return int(number)


def test_every_flag_has_its_words() -> None:
    assert set(FLAGS) == {flag.value for flag in Flag}
    assert set(WHAT_TO_DO) == set(Flag)


def test_a_wrong_reading_is_put_right_on_the_page(force: Force, open_page: OpenPage) -> None:
    number = flagged(force)
    app = open_page("replies", reply=str(number))
    assert not app.exception
    assert "Threat: threatens or calls for violence (87% sure)." in text_of(app) + str([t.value for t in app.text])
    kind = next(box for box in app.selectbox if box.label == "What it is")
    flags = next(box for box in app.multiselect if box.label == "Flags")
    assert (kind.value, flags.value) == ("other", ["threat"])
    kind.set_value("lead")
    flags.set_value(["welfare"])
    app = next(button for button in app.button if button.label == "Save how it should be read").click().run()
    assert not app.exception
    with force.context.database.read() as session:
        said = {row.aspect: row.right for row in session.exec(select(Label))}
    assert (said["kind"], said["threat"], said["welfare"], said["spam"]) == ("lead", "no", "yes", "no")
    shown = [text.value for text in app.text]
    assert any("Somebody may be at risk" in text and "a person said so" in text for text in shown)


def test_what_works_says_what_is_found_and_what_is_right(force: Force, open_page: OpenPage) -> None:
    flagged(force)
    app = open_page("works", i_part="How well replies are read")
    assert not app.exception
    said = [block.value for block in (*app.header, *app.text)]
    assert "How well replies are read" in said
    _, _, real, alarms, right = next(row for row in MEASURED if row[:2] == ["kind", "emergency"])
    assert f"Of {real} invented emergencies, {right} were found; of {alarms} alarms, {right} were real." in said
    assert any("Nobody has judged a reading yet." in text for text in said)
