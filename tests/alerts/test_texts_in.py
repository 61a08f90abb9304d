"""Texts that residents send back: once each, under the alert that they answer, answered by text (R19, R23, R28)."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from social.alerts.answer_letter import open_answer
from social.alerts.letter_alarms import unread_letters
from social.alerts.letterbox_tables import LetterIn, LetterState
from social.alerts.letters_kept import opened
from social.alerts.mailings import Mailing, Way
from social.alerts.residents import Resident
from social.alerts.sending import send_messages
from social.alerts.texts_in import read_texts
from social.clock import SettableClock
from social.context import Context
from social.errors import InputError
from social.interactions import Interaction
from social.practice.faults import Fault
from social.practice.network import PracticeNetwork
from social.publications import Publication, record_publication
from tests.alerts.helpers import a_resident
from tests.alerts.notify_office import an_alert, notify_office, taken

pytestmark = pytest.mark.sqlite_only
NUMBER = "07700 900123"


@pytest.fixture
def practice(clock: SettableClock, tmp_path: Path) -> Iterator[PracticeNetwork]:
    with PracticeNetwork(tmp_path / "practice", clock=clock, history_weeks=0) as network:
        yield network


@pytest.fixture
def texted(context: Context, practice: PracticeNetwork, clock: SettableClock) -> int:
    """An urgent alert that was texted to one resident.  Returns its publication's number."""
    account = notify_office(context, practice)
    an_alert(context, account, [a_resident(context, phone=NUMBER, by_text=True)], way=Way.TEXT, urgent=True)
    send_messages(context)
    with context.database.write() as session:
        mailing = session.exec(select(Mailing)).one()
        publication = Publication(account_id=account.id, platform_id=str(mailing.id), text=mailing.text,
                                  published_at=clock.now())  # fmt: skip
        number = record_publication(session, publication, clock.now()).id or 0
    clock.advance(timedelta(minutes=5))
    return number


def replies(context: Context) -> list[Interaction]:
    with context.database.read() as session:
        return list(session.exec(select(Interaction)))


def test_a_text_stands_under_the_alert_that_was_texted_and_is_answered_by_text(
    context: Context, practice: PracticeNetwork, texted: int
) -> None:
    practice.notify.text_came(NUMBER, "The van is on Mill Road now")
    assert [read_texts(context) for _ in range(2)] == [1, 0]
    (reply,) = replies(context)
    assert (reply.publication_id, reply.text) == (texted, "The van is on Mill Road now")
    with context.database.write() as session:
        letter = session.exec(select(LetterIn)).one()
        assert (letter.state, letter.resident_id is not None) == (LetterState.REPLY, True)
        assert b"900123" not in (letter.sealed or b"")
        with pytest.raises(InputError, match="788 characters at most"):
            open_answer(session, context.vault, reply.account_id, reply.platform_id, "x" * 919, "k", letter.arrived_at)
        open_answer(session, context.vault, reply.account_id, reply.platform_id, "Thank you. Please call 999.", "k1",
                    context.clock.now())  # fmt: skip
    send_messages(context)
    last = taken(practice)[-1]
    assert (last.type, last.recipient) == ("sms", "447700900123")
    words, _, below = last.body.partition("\n")
    assert words == "Thank you. Please call 999."
    assert "/alerts/settings/" in below, "a member changes or leaves from any message"


def test_a_text_from_a_number_that_was_told_of_nothing_waits_for_a_person_and_is_read_for_emergencies(
    context: Context, practice: PracticeNetwork, texted: int
) -> None:
    practice.notify.text_came("07700 900999", "He has a knife")
    read_texts(context)
    assert replies(context) == []
    with context.database.read() as session:
        letter = session.exec(select(LetterIn)).one()
        kept = opened(context.vault, letter)
    assert (letter.state, kept and (kept.sender, kept.text)) == (
        LetterState.UNMATCHED, ("+447700900999", "He has a knife"),
    )  # fmt: skip
    assert [words for _, words in unread_letters(context)] == ["He has a knife"]
    with context.database.write() as session:
        letter = session.get_one(LetterIn, letter.id)
        letter.state, letter.mailing_id = LetterState.ASSIGNED.value, session.exec(select(Mailing.id)).one()
    assert read_texts(context) == 1
    assert [one.text for one in replies(context)] == ["He has a knife"]


def test_more_texts_than_a_page_and_a_network_in_trouble_lose_none(
    context: Context, practice: PracticeNetwork, texted: int
) -> None:
    for number in range(260):
        practice.notify.text_came(NUMBER, f"Text {number}")
    practice.faults.add(Fault("listen", "unavailable", network="notify", times=1))
    assert [read_texts(context) for _ in range(3)] == [0, 260, 0]
    assert len({one.text for one in replies(context)}) == 260


@pytest.mark.parametrize(
    ("member", "state", "number", "mail"),
    [({"by_text": True}, "confirmed", False, True), ({"by_text": True, "by_email": False}, "left", False, False)],
    ids=["who gets mail as well", "whom texts alone reached"],
)
@pytest.mark.parametrize("words", ["STOP", " stop. ", "Atal"])
def test_stop_texted_back_ends_texts(
    context: Context, practice: PracticeNetwork, words: str, member: dict[str, bool], state: str, number: bool, mail: bool
) -> None:  # fmt: skip
    account = notify_office(context, practice)
    one = a_resident(context, phone=NUMBER, **member)
    other = a_resident(context, phone="07700 900124", by_text=True)
    an_alert(context, account, [one], way=Way.TEXT, urgent=True)
    practice.notify.text_came(NUMBER, words)
    practice.notify.text_came("07700 900124", "Please stop the cars")
    practice.notify.text_came("07700 900999", "STOP")
    assert [read_texts(context) for _ in range(2)] == [3, 0]
    assert send_messages(context) == 0, "what waited is not sent any more"
    with context.database.read() as session:
        left, stays = (session.get_one(Resident, resident.id) for resident in (one, other))
        assert (left.state, left.by_text, left.phone_checked_at is not None) == (state, False, number)
        assert (stays.state, stays.by_text) == ("confirmed", True)
        letters = sorted(letter.state for letter in session.exec(select(LetterIn)))
    assert letters == [LetterState.STOP, LetterState.UNMATCHED, LetterState.UNMATCHED]
    if mail:
        assert left.by_email
