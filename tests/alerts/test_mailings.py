"""A mailing is made once and whole, and taken back with a correction for those who have it, on both databases."""

import threading
from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from social.accounts import Account
from social.alerts.alert_letter import write
from social.alerts.audience import Audience
from social.alerts.mailings import DigestItem, Mailing, Message, MessageKind, MessageState
from social.alerts.progress import progress_of
from social.alerts.residents import Frequency, Resident, ResidentState
from social.alerts.stopping import take_back
from social.channels.base import AlertDraft, Draft, Picture
from social.clock import SettableClock
from social.context import Context
from social.errors import NeedsPerson, Refused
from social.places import PlaceKind, find_or_add_place
from tests.alerts.helpers import a_resident, alert_account, an_alert


@pytest.fixture
def here(context: Context) -> int:
    with context.database.write() as session:
        return find_or_add_place(session, "Hexley Moor", PlaceKind.NEIGHBOURHOOD).id or 0


@pytest.fixture
def account(context: Context) -> Account:
    return alert_account(context, texts=True)


def messages(session: Session, kind: MessageKind = MessageKind.ALERT) -> list[Message]:
    return list(session.exec(select(Message).where(Message.kind == kind.value).order_by(col(Message.id))))


def test_publishing_twice_makes_one_mailing_also_at_the_same_time(
    context: Context, account: Account, here: int
) -> None:
    for frequency in (Frequency.AT_ONCE, Frequency.AT_ONCE, Frequency.DAILY):
        a_resident(context, places=[here], frequency=frequency)
    audience = Audience("appeals", (here,))
    numbers: list[int] = []

    def publish() -> None:
        numbers.append(an_alert(context, account, audience, key="entry-7"))

    threads = [threading.Thread(target=publish) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(numbers) == 3
    assert len(set(numbers)) == 1
    with context.database.read() as session:
        assert len(messages(session)) == 2
        assert len({message.token for message in messages(session)}) == 2
        assert len(session.exec(select(DigestItem)).all()) == 1
        assert session.exec(select(Mailing.members)).all() == [3]


def test_what_waits_is_stopped_and_who_has_it_is_told_in_words_that_repeat_nothing(
    context: Context, account: Account, here: int, clock: SettableClock
) -> None:
    quiet = a_resident(context, places=[here], quiet=(9 * 60, 17 * 60))
    got, lost, left, waits = (a_resident(context, places=[here]) for _ in range(4))
    weekly, daily = (a_resident(context, places=[here], frequency=f) for f in (Frequency.WEEKLY, Frequency.DAILY))
    number = an_alert(context, account, Audience("appeals", (here,)), subject="Sheds at Mill Lane", reference="WD-31")
    states = {got.id: MessageState.DELIVERED, lost.id: MessageState.UNKNOWN, left.id: MessageState.SENT,
              quiet.id: MessageState.SENT}  # fmt: skip
    with context.database.write() as session:
        for message in messages(session):
            message.state = states.get(message.resident_id, MessageState.WAITING).value
        session.get_one(Resident, left.id).state = ResidentState.LEFT.value
        digest = Message(account_id=account.id or 0, resident_id=daily.id, kind="digest", way="email", period="2026-06-01",
                         token="digest-token", state="sent", made_at=clock.now(), due_at=clock.now())  # fmt: skip
        session.add(digest)
        session.flush()
        session.get_one(DigestItem, (number, daily.id)).message_id = digest.id
    clock.advance(timedelta(hours=1))
    channel = context.channel(account)
    channel.withdraw(str(number))
    channel.withdraw(str(number))
    with context.database.read() as session:
        assert {m.resident_id: m.state for m in messages(session)}[waits.id] == "stopped"
        corrections = messages(session, MessageKind.CORRECTION)
        due = {m.resident_id: m.due_at for m in corrections}
        assert set(due) == {got.id, lost.id, quiet.id, daily.id}, "nobody who left, and nobody who knows nothing of it"
        assert due[got.id] == clock.now()
        assert due[quiet.id] > clock.now(), "what can wait keeps out of quiet hours"
        assert session.get_one(DigestItem, (number, weekly.id)).dropped_at == clock.now()
        assert session.get_one(DigestItem, (number, daily.id)).dropped_at is None
        letter = write(session, context, corrections[0], got)
        assert letter is not None
        assert "Please disregard the message that we sent you on 1/6/2026 at 10:00." in letter.text
        assert not any(word in f"{letter.subject} {letter.text}" for word in ("Sheds", "Mill Lane", "WD-31"))
        assert all(write(session, context, message, got) is None for message in messages(session)), "not sent again"
        progress = progress_of(session, number)
    assert progress is not None
    assert (progress.states, progress.in_digests, progress.corrections) == (
        {"delivered": 1, "unknown": 1, "sent": 2, "stopped": 1}, 1, {"waiting": 4},
    )  # fmt: skip
    assert not channel.is_live(str(number))


def test_an_alert_that_nobody_has_yet_is_stopped_without_a_word(context: Context, account: Account, here: int) -> None:
    a_resident(context, places=[here])
    number = an_alert(context, account, Audience("appeals", (here,)))
    with context.database.write() as session:
        assert take_back(session, session.get_one(Mailing, number), context.clock.now()) is None
    with context.database.read() as session:
        assert messages(session, MessageKind.CORRECTION) == []


@pytest.mark.sqlite_only
def test_an_alert_for_nobody_or_without_its_parts_is_refused_and_leaves_nothing(
    context: Context, account: Account, here: int
) -> None:
    channel = context.channel(account)
    with pytest.raises(Refused) as refused:
        channel.publish(Draft("Hello."), key="1")
    assert refused.value.reason == "no_audience"
    with pytest.raises(Refused) as refused:
        an_alert(context, account, Audience("appeals", (here,)))
    assert refused.value.reason == "nobody"
    a_resident(context, places=[here])
    with pytest.raises(Refused) as refused:
        channel.publish(Draft("Hello.", alert=AlertDraft("Hello", '{"topic": "gossip"}')), key="1")
    assert refused.value.reason == "audience"
    with pytest.raises(Refused) as refused:
        an_alert(context, account, Audience("appeals", (here,)), subject="x" * 101)
    assert refused.value.reason == "too_long"
    object.__setattr__(context.settings, "public_address", "")
    with pytest.raises(NeedsPerson) as needs:
        an_alert(context, account, Audience("appeals", (here,)))
    assert "public_address" in needs.value.action, "nobody could leave by a link (R30)"
    with context.database.read() as session:
        assert session.exec(select(Mailing)).all() == []
        assert messages(session) == []


@pytest.mark.sqlite_only
def test_a_letter_says_what_was_approved_where_to_turn_and_nothing_of_the_resident(
    context: Context, account: Account, here: int
) -> None:
    resident = a_resident(context, places=[here], name="Morgan", phone="07700900123", by_text=True)
    picture = Picture(b"\x89PNG picture", "image/png", "A broken padlock")
    alert = AlertDraft("Siediau | Sheds", Audience("appeals", (here,)).to_json(), True, reference="WD-31", lang="cy+en")
    draft = Draft("Clowch eich sied. | Lock your shed.", "https://www.example.org/sheds", (picture,), alert)
    context.channel(account).publish(draft, key="1")
    with context.database.read() as session:
        mail, text = (write(session, context, message, resident) for message in messages(session))
    assert mail is not None
    assert mail.text.startswith("Clowch eich sied.\n\nLock your shed.\n\nhttps://www.example.org/sheds\n\n")
    assert "Reference WD-31." in mail.text
    assert "It is not read round the clock. To report something call 101. In an emergency call 999." in mail.text
    assert mail.pictures == (picture,)
    assert (mail.useful_link, mail.settings_link, mail.lang) == (True, True, None)
    assert text is not None
    assert text.text == "Clowch eich sied. | Lock your shed. https://www.example.org/sheds"
    assert "Morgan" not in repr((mail, text))
