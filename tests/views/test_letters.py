"""The page Letters: what no alert claims is read by a person, who says what it is about."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from PIL import Image
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from insights.reading.letter_texts import read_letter_texts
from scheduler.answering import RULES
from social.alerts.answer_letter import write
from social.alerts.letter_alarms import note_read
from social.alerts.letterbox_people import answer_letter, assign_letter
from social.alerts.letterbox_storing import Place, take_in
from social.alerts.letterbox_tables import LetterIn, LetterState
from social.alerts.letters_kept import Sealed, opened, seal
from social.alerts.mailings import Message, MessageKind
from social.audit import AuditRecord
from social.clock import SettableClock
from social.errors import InputError
from tests.alerts.letterbox_helpers import SUBJECT, Told, told
from tests.views.helpers import HOSTILE, Force, OpenPage, text_of

pytestmark = pytest.mark.sqlite_only
SENDER = "someone.private@example.org"


def a_letter(force: Force, words: str = HOSTILE, state: LetterState = LetterState.UNMATCHED) -> int:
    context = force.context
    letter = LetterIn(mark=f"{state}{words}", unread=True, state=state.value, mailbox="b", uid_validity=1, uid=1,
                      arrived_at=context.clock.now(), sealed=seal(context.vault, Sealed(SENDER, text=words)))  # fmt: skip
    with context.database.write() as session:
        session.add(letter)
    return letter.id or 0


def states(force: Force) -> list[tuple[str, int | None, bool]]:
    with force.context.database.read() as session:
        return [(one.state, one.mailing_id, one.sealed is None) for one in session.exec(select(LetterIn))]


@pytest.fixture
def alert(force: Force) -> Told:
    return told(force.context)


def test_with_no_letter_the_page_says_so(force: Force, open_page: OpenPage) -> None:
    assert "No letter waits." in text_of(open_page("letters", force.author))


def test_letters_that_name_no_alert_stand_in_the_list_of_replies_with_its_clock_and_emergencies_first(
    force: Force, alert: Told, open_page: OpenPage, clock: SettableClock
) -> None:
    context = force.context
    assert take_in(context, Place("b", 1, 9, context.clock.now()), alert.letter("Thank you all.").as_bytes())
    question = a_letter(force, "When is the next surgery?")
    assert "Answer within 3 days" in text_of(open_page("replies", force.author))
    clock.advance(timedelta(hours=73))
    urgent = a_letter(force, "He has a knife.", LetterState.UNREADABLE)
    with context.database.write() as session:
        session.get_one(LetterIn, urgent).state = LetterState.UNMATCHED.value
    note_read(context, {urgent: "emergency"}, {urgent: "reads like an emergency"})

    app = open_page("replies", force.author)
    assert "1 reply and 2 letters that name no alert." in text_of(app)
    order = [one.label for one in app.button if one.label.startswith("Open ")]
    assert [label.split(",")[0] for label in order] == [
        f"Open letter {urgent}", f"Open letter {question}", "Open reply 1",
    ]  # fmt: skip
    assert "Overdue by" in text_of(app)
    assert "Overdue (1)" in str(app.segmented_control(key="r_show").options)
    narrowed = open_page("replies", force.author, kinds="question")
    assert "Open letter" not in text_of(narrowed)
    assert "2 letters that name no alert wait to be read, and may hold anything that a reply may." in text_of(narrowed)
    assert "Open letter" not in str([one.label for one in open_page("replies", force.author, show="mine").button])


def test_of_more_letters_than_are_shown_an_emergency_comes_first_and_all_are_counted(
    force: Force, alert: Told, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("social.alerts.letterbox_storing.MOST_SHOWN", 1)
    monkeypatch.setattr("social.views.letter_part.MOST_SHOWN", 1)
    first = a_letter(force, "When is the next surgery?")
    last = a_letter(force, "He has a knife.", LetterState.UNREADABLE)
    app = open_page("replies", force.author, letter=str(last))
    assert f"Letter {last}" in [one.value for one in app.header], "one that is not in the list can be opened"
    with force.context.database.write() as session:
        session.get_one(LetterIn, last).state = LetterState.UNMATCHED.value
    note_read(force.context, {last: "emergency"}, {last: "reads like an emergency"})

    app = open_page("replies", force.author)
    assert [one.label for one in app.button if one.label.startswith("Open letter")] == [f"Open letter {last}"]
    assert "Open (2)" in str(app.segmented_control(key="r_show").options)
    assert "2 letters that name no alert wait, and 1 of them are here" in text_of(app)
    assert f"Letter {first}" not in str([one.value for one in open_page("letters", force.author).header])


def offered(app: AppTest) -> list[str]:
    """What the list offers to open, in its order."""
    return [one.label for one in app.button if one.label.startswith("Open ")]


def test_a_letter_is_read_as_a_kind_and_given_to_somebody_as_replies_are(force: Force, open_page: OpenPage) -> None:
    context = force.context
    thanks = a_letter(force, "Thank you all.")
    lead = a_letter(force, "I saw the man in the picture get into a red van on Mill Lane.")
    assert read_letter_texts(context) == 2
    assert offered(open_page("replies", force.author)) == [f"Open letter {lead}", f"Open letter {thanks}"]
    assert not offered(open_page("replies", force.author, kinds="complaint"))
    assert offered(open_page("replies", force.author, kinds="thanks")) == [f"Open letter {thanks}"]

    app = open_page("replies", force.corporate, letter=str(lead))
    app.selectbox(key=f"assignee_letter_{lead}_None").select(force.author.id)
    app = next(one for one in app.button if one.label == "Give it to them").click().run()
    assert f"With {force.author.name}." in text_of(app)
    mine = open_page("replies", force.author, show="mine")
    assert offered(mine) == [f"Open letter {lead}"]
    assert "Mine (1)" in str(mine.segmented_control(key="r_show").options)
    assert not offered(open_page("replies", force.corporate, show="mine"))
    assert offered(open_page("replies", force.corporate, show="nobody")) == [f"Open letter {thanks}"]
    with pytest.raises(InputError, match=f"letter {lead} is with {force.author.name}"):
        assign_letter(context, force.author, lead, None, was=None)


def test_a_letter_opens_beside_the_list_of_replies_and_is_answered_there(
    force: Force, alert: Told, open_page: OpenPage
) -> None:
    number = a_letter(force, "When is the next surgery?")
    app = open_page("replies", force.author)
    app = next(one for one in app.button if one.label == f"Open letter {number}").click().run()
    assert app.query_params["letter"] in (str(number), [str(number)])
    assert SENDER not in str(app)
    app.text_area(key=f"words_{number}").set_value("On Monday at six.")
    app = next(one for one in app.button if one.label == f"Send the answer to letter {number}").click().run()
    assert "The answer is on its way" in text_of(app)
    assert states(force) == [("answered", None, False)]
    assert "somebody has decided about it" in text_of(app)
    with force.context.database.read() as session:
        seen = session.exec(select(AuditRecord.subject_id).where(AuditRecord.subject_kind == "letter")).all()
    assert str(number) in seen


def test_a_letter_is_shown_as_words_alone_and_its_writer_is_not(force: Force, alert: Told, open_page: OpenPage) -> None:
    a_letter(force)
    app = open_page("letters", force.author)
    assert HOSTILE in text_of(app)
    assert not any(HOSTILE in str(block.value) for block in app.get("markdown"))
    assert SENDER not in str(app)


def test_a_person_says_which_alert_it_is_about_and_that_is_on_record(
    force: Force, alert: Told, open_page: OpenPage
) -> None:
    number = a_letter(force, "I saw a van.")
    app = open_page("letters", force.author)
    assert app.button(key=f"put_{number}").disabled
    assert SUBJECT in str(app.selectbox(key=f"alert_{number}").options)
    app = app.selectbox(key=f"alert_{number}").select_index(0).run().button(key=f"put_{number}").click().run()

    assert states(force) == [("assigned", alert.mailing.id, False)]
    assert "No letter waits." in text_of(app)
    with force.context.database.read() as session:
        rows = session.exec(select(AuditRecord).where(AuditRecord.action == "put letter under alert"))
        assert [(row.subject_kind, row.subject_id) for row in rows] == [("letter", str(number))]


def test_a_letter_about_nothing_is_set_aside_and_its_words_are_forgotten(force: Force, open_page: OpenPage) -> None:
    number = a_letter(force, state=LetterState.UNREADABLE)
    app = open_page("letters", force.author)
    assert "could not read this letter" in text_of(app)
    app.button(key=f"aside_{number}").click().run()
    assert states(force) == [("dropped", None, True)]


def test_a_letter_about_no_alert_is_answered_by_mail_and_an_answer_to_that_comes_back(
    force: Force, alert: Told, open_page: OpenPage
) -> None:
    context = force.context
    lost = alert.letter("When is the next surgery?", To=alert.address, Subject="A question", From="friend@example.org")
    assert take_in(context, Place("b", 1, 1, context.clock.now()), lost.as_bytes())
    app = open_page("letters", force.author)
    app.text_area(key="words_1").set_value("On Monday at six.")
    app = next(one for one in app.button if one.label == "Send the answer to letter 1").click().run()
    assert "The answer is on its way" in text_of(app)
    assert "No letter waits." in text_of(app)
    assert "next surgery" not in repr(opened_letter(force))
    with context.database.read() as session:
        (message,) = session.exec(select(Message).where(Message.kind == MessageKind.ANSWER.value))
        said = write(session, context, message, None)
    assert said is not None
    assert (said.to, said.subject, said.text) == ("friend@example.org", "Re: A question", "On Monday at six.")
    again = replace(alert, message=message).letter("Thank you.", From="friend@example.org", Subject="Re: A question")
    assert take_in(context, Place("b", 1, 2, context.clock.now()), again.as_bytes())
    assert "Thank you." in text_of(open_page("letters", force.author))


def test_nothing_but_999_is_answered_to_a_letter_that_reads_like_an_emergency(force: Force, alert: Told) -> None:
    number = a_letter(force, "He has a knife.")
    note_read(force.context, {number: "emergency"}, {number: "reads like an emergency"})
    with pytest.raises(InputError, match="control room"):
        answer_letter(force.context, force.author, number, "We will look into it.", RULES)
    with pytest.raises(InputError, match="Write an answer"):
        answer_letter(force.context, force.author, number, "  ", RULES)
    answer_letter(force.context, force.author, number, "Please call 999 now.", RULES)
    assert states(force) == [("answered", None, False)]


def opened_letter(force: Force) -> Sealed | None:
    with force.context.database.read() as session:
        return opened(force.context.vault, session.exec(select(LetterIn)).one())


def test_who_may_not_read_replies_sees_no_letter(force: Force, open_page: OpenPage) -> None:
    a_letter(force, "Private words.")
    assert "Private words." not in text_of(open_page("letters", force.reader))


def test_a_letters_reply_is_worked_on_as_any_other_and_its_picture_shows_with_the_lead(
    force: Force, alert: Told, open_page: OpenPage
) -> None:
    context, target = force.context, io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(target, "JPEG")
    letter = alert.letter("I saw him on Mill Lane at 9pm.")
    letter.add_attachment(target.getvalue(), maintype="image", subtype="jpeg", filename="him.jpg")
    letter.add_attachment(b"MZ", maintype="application", subtype="x-msdownload", filename="him.exe")
    assert take_in(context, Place("b", 1, 1, context.clock.now()), letter.as_bytes())

    app = open_page("replies", force.corporate, reply="1")
    assert not app.exception
    assert "I saw him on Mill Lane at 9pm." in text_of(app)
    assert "resident.of.copperbeck" not in str(app)
    assert "It goes by e-mail to whoever wrote" in text_of(app)
    assert not [one for one in app.expander if one.label.startswith("Hide this reply")], "nobody else sees a letter"
    app = app.button(key="lead_open_1").click().run()
    assert not app.exception

    app = open_page("leads", force.corporate, lead="1")
    assert not app.exception
    assert "JPEG picture" in text_of(app)
    assert "is no picture, film or PDF" in text_of(app)
    assert not [button for button in app.button if str(button.key).startswith("l_fetch")]
