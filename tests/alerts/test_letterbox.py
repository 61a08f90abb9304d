"""The letterbox beside a real Postfix and Dovecot: each letter once, none lost, and the right ones in Replies."""

import io
import smtplib
import threading
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

import pytest
from PIL import Image
from sqlmodel import col, select

from insights.reading.letter_texts import read_letter_texts
from social.alarms import LETTER, Alarm, AlarmMail, open_alarm
from social.alerts import letterbox
from social.alerts.answer_letter import find_answer, open_answer, write
from social.alerts.contacts import Contact
from social.alerts.contacts import seal as seal_contact
from social.alerts.letter_alarms import tell_of_letters
from social.alerts.letterbox import TROUBLE, mailbox_name, read_letterbox
from social.alerts.letterbox_imap import Mailbox
from social.alerts.letterbox_people import put_under_alert, set_aside
from social.alerts.letterbox_storing import UNMATCHED_ALARM, Place, still_to_decide, take_in
from social.alerts.letterbox_tables import Letterbox, LetterIn, LetterState
from social.alerts.letters_kept import PURGERS, forget_writer, letters_by, opened, platform_id_of
from social.alerts.mailings import DigestItem, Message, MessageKind
from social.alerts.messages import new_token
from social.alerts.residents import Resident
from social.attachment_fetching import original
from social.clock import SettableClock
from social.context import Context
from social.duty_letter import write_letter
from social.mail_password import LETTERBOX, keep_password
from social.operators import OPERATOR, acting
from social.publications import record_publication
from social.purging import purge
from social.settings import Settings
from social.staff import Role, find_or_add_person
from tests.alerts.letterbox_helpers import REFERENCE, SUBJECT, Told, told, with_mailbox
from tests.mail_servers import MailServers

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def alert(context: Context, mail: MailServers) -> Told:
    """An alert whose sender's mailbox is read."""
    address = mail.new_mailbox("alerts")
    with_mailbox(context, mail, address)
    return told(context, address)


def a_picture() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(target, "JPEG", exif=Image.Exif())
    return target.getvalue()


def arrive(mail: MailServers, alert: Told, *letters: EmailMessage) -> None:
    """Bring the letters, each behind the one before, and wait until they lie in the mailbox."""
    before = len(mail.letters(alert.address))
    for number, letter in enumerate(letters, 1):
        mail.post(letter, sender="resident.of.copperbeck@example.org", to=[alert.address])
        mail.letters(alert.address, at_least=before + number)


def test_a_reply_is_found_by_token_then_by_what_it_answers_then_by_the_reference(
    alert: Told, mail: MailServers
) -> None:
    context = alert.context
    arrive(
        mail,
        alert,
        alert.letter("By token.", Subject=f"RE: {SUBJECT}"),
        alert.letter("By what it answers.", To=alert.address, In_Reply_To=alert.message_id),
        alert.letter("By an earlier one.", To=alert.address, References=f"<x@example.org> {alert.message_id}"),
        alert.letter("By reference.", To=alert.address, Subject=f"About ({REFERENCE.lower()}), a van"),
        alert.letter("By nothing.", To=alert.address, Subject="Hello"),
        alert.letter("By a made up one.", To=alert.address, Subject="x",
                     References=alert.message_id.replace(alert.message.token, new_token())),
    )  # fmt: skip

    assert read_letterbox(context) == 6
    assert read_letterbox(context) == 0

    assert [one.text for one in alert.replies()] == [
        "By token.",
        "By what it answers.",
        "By an earlier one.",
        f"About ({REFERENCE.lower()}), a van\n\nBy reference.",
    ]
    assert [one.state for one in alert.letters()] == ["reply"] * 4 + ["unmatched"] * 2
    assert all(one.publication_id == alert.publication.id and not one.ours for one in alert.replies())
    assert {one.resident_id for one in alert.letters()} == {alert.resident.id}
    with context.database.read() as session:
        assert open_alarm(session, UNMATCHED_ALARM) is not None
    with mail.mailbox(alert.address) as box:
        assert len(box.search(None, "SEEN")[1][0].split()) == 6


def test_what_came_with_a_letter_is_kept_sealed_and_never_trusted(alert: Told, mail: MailServers) -> None:
    letter = alert.letter("See the picture.")
    letter.add_attachment(a_picture(), maintype="image", subtype="jpeg", filename="../../r\u00e9sum\u00e9.jpg")
    letter.add_attachment(b"MZ not a picture", maintype="image", subtype="jpeg", filename="fake.jpg")
    arrive(mail, alert, letter)

    assert read_letterbox(alert.context) == 1

    kept, refused = alert.attachments()
    assert (kept.state, kept.kind, kept.found) == ("held", "picture", "image/jpeg")
    assert original(alert.context, kept) == a_picture()
    assert (refused.state, refused.file_name) == ("failed", None)
    assert "letterbox" in str(refused.problem)
    assert read_letterbox(alert.context) == 0
    assert len(alert.attachments()) == 2


def test_of_a_letter_that_is_too_large_the_words_are_taken_in(
    alert: Told, mail: MailServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letterbox, "MOST_BYTES", 20_000)
    monkeypatch.setattr(letterbox, "FIRST_PART", 5_000)
    letter = alert.letter("A long film.")
    letter.add_attachment(b"x" * 30_000, maintype="video", subtype="mp4", filename="film.mp4")
    arrive(mail, alert, letter)

    assert read_letterbox(alert.context) == 1

    assert [one.text for one in alert.replies()] == ["A long film."]
    assert [(one.state, "too large" in str(one.problem)) for one in alert.attachments()] == [("failed", True)]


def test_machines_bounces_and_our_own_letters_are_no_replies(alert: Told, mail: MailServers) -> None:
    arrive(
        mail,
        alert,
        alert.letter("I am away.", Auto_Submitted="auto-replied"),
        alert.letter("A newsletter.", To=alert.address, Subject="Offers", Precedence="bulk"),
        alert.letter("Our own words.", From=f"Woldershire Police <{alert.address}>"),
        alert.letter("A real one, through a list.", Precedence="list"),
    )

    assert read_letterbox(alert.context) == 4

    assert [one.text for one in alert.replies()] == ["A real one, through a list."]
    assert [one.state for one in alert.letters()] == ["automatic", "automatic", "own", "reply"]
    assert [one.sealed for one in alert.letters()][:3] == [None, None, None]


def test_a_bounce_of_the_real_server_stops_the_address_and_is_no_reply(alert: Told, mail: MailServers) -> None:
    sent = alert.letter(
        "Did you see anything?", From=alert.address, To="someone@example.test", Message_ID=alert.message_id
    )
    full = mail.add_mailbox("full.for.bounces@example.test", quota=100)
    with smtplib.SMTP("localhost", mail.smtp_port) as server:
        server.sendmail(alert.address, [full], sent.as_bytes())
    mail.letters(alert.address, at_least=1)

    assert read_letterbox(alert.context) == 1

    (letter,) = alert.letters()
    assert (letter.state, letter.message_id) == ("bounce", alert.message.id)
    assert alert.replies() == []


def test_a_letter_that_cannot_be_read_stops_none_of_its_neighbours(
    alert: Told, mail: MailServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(content: bytes) -> None:
        raise ZeroDivisionError(content)

    hostile = alert.letter("Its picture breaks us.")
    hostile.add_attachment(a_picture(), maintype="image", subtype="jpeg", filename="x.jpg")
    monkeypatch.setattr("social.alerts.letterbox_storing.check", broken)
    arrive(mail, alert, alert.letter("Before."), hostile, alert.letter("After."))

    assert read_letterbox(alert.context) == 3

    assert [one.text for one in alert.replies()] == ["Before.", "After."]
    assert [one.state for one in alert.letters()] == ["reply", "unreadable", "reply"]
    with alert.context.database.read() as session:
        assert len(still_to_decide(session)) == 1


def test_letters_are_stored_once_when_the_server_numbers_them_anew(alert: Told, mail: MailServers) -> None:
    context = alert.context
    arrive(mail, alert, alert.letter("One."), alert.letter("Two."))
    assert read_letterbox(context) == 2
    with context.database.write() as session:
        row = session.get_one(Letterbox, mailbox_name(context))
        row.uid_validity, row.last_uid = 7, 4_000_000_000
        session.add(row)
    arrive(mail, alert, alert.letter("Three."))

    assert read_letterbox(context) == 1

    assert [one.text for one in alert.replies()] == ["One.", "Two.", "Three."]
    with context.database.read() as session:
        row = session.get_one(Letterbox, mailbox_name(context))
        assert row.uid_validity != 7
        assert row.last_uid < 100


def test_a_letter_that_comes_by_two_ways_is_one_and_two_readers_make_one(alert: Told, mail: MailServers) -> None:
    context, letter = alert.context, alert.letter("Twice.")
    arrive(mail, alert, letter, letter)
    with Mailbox(context.settings, mail.passwords[alert.address]) as box:
        (first, second), validity = box.after(0), box.uid_validity
        raw = box.read(first, 10_000)
    assert raw is not None
    place = Place(mailbox_name(context), validity, first, context.clock.now())
    readers = [
        threading.Thread(target=take_in, args=(context, replace(place, uid=uid), raw)) for uid in (first, second)
    ]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()

    assert read_letterbox(context) == 0
    assert [one.text for one in alert.replies()] == ["Twice."]


def test_a_reader_that_died_between_storing_and_moving_on_changes_nothing(
    alert: Told, mail: MailServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, letter = alert.context, alert.letter("Once.")
    letter.add_attachment(a_picture(), maintype="image", subtype="jpeg", filename="x.jpg")
    arrive(mail, alert, letter)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    for name in ("social.alerts.letterbox_storing.write_copies", "social.alerts.letterbox._advance"):
        with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
            patched.setattr(name, killed)
            read_letterbox(context)

    assert read_letterbox(context) == 0
    assert [one.text for one in alert.replies()] == ["Once."]
    assert [one.state for one in alert.attachments()] == ["held"]


def test_a_wrong_password_is_told_at_once_and_ends_with_the_right_one(alert: Told, mail: MailServers) -> None:
    context = alert.context
    with context.database.write() as session:
        keep_password(session, context.vault, "not the password", LETTERBOX)

    assert read_letterbox(context) == 0
    with context.database.read() as session:
        told_of = open_alarm(session, TROUBLE)
        problem = session.get_one(Letterbox, mailbox_name(context)).problem
    assert told_of is not None
    assert "password" in told_of.text
    assert problem is not None
    assert alert.address not in problem + told_of.text

    with context.database.write() as session:
        keep_password(session, context.vault, mail.passwords[alert.address], LETTERBOX)
    read_letterbox(context)
    with context.database.read() as session:
        assert open_alarm(session, TROUBLE) is None


def test_a_server_that_cannot_be_reached_is_told_when_it_lasts(alert: Told, clock: SettableClock) -> None:
    context = alert.context
    context.settings = replace(context.settings, imap_port=1)
    read_letterbox(context)
    with context.database.read() as session:
        assert open_alarm(session, TROUBLE) is None
    clock.advance(timedelta(minutes=6))
    read_letterbox(context)
    with context.database.read() as session:
        assert open_alarm(session, TROUBLE) is not None


def test_a_mailbox_on_another_machine_is_never_read_unencrypted(alert: Told) -> None:
    context = alert.context
    context.settings = replace(context.settings, imap_host="mail.woldershire.example", imap_security="none")
    assert read_letterbox(context) == 0
    with context.database.read() as session:
        assert "encrypted" in str(session.get_one(Letterbox, mailbox_name(context)).problem)


def test_listening_brings_a_letter_in_as_it_arrives_and_ends_when_told_to(
    alert: Told, mail: MailServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = alert.context
    heard = threading.Event()
    real = Mailbox.wait

    def posted_while_listening(box: Mailbox, seconds: float, stopping: threading.Event) -> bool:
        if heard.is_set():
            stopping.set()
            return real(box, seconds, stopping)
        heard.set()
        poster = threading.Thread(target=lambda: mail.post(alert.letter("Live."), to=[alert.address]))
        poster.start()
        news = real(box, seconds, stopping)
        poster.join()
        assert news
        return news

    monkeypatch.setattr(Mailbox, "wait", posted_while_listening)

    assert letterbox.watch_letterbox(context) == 1
    assert [one.text for one in alert.replies()] == ["Live."]


def test_a_letter_that_is_quicker_than_the_workers_record_waits_for_it(
    context: Context, mail: MailServers, clock: SettableClock
) -> None:
    address = mail.new_mailbox("alerts")
    with_mailbox(context, mail, address)
    alert = told(context, address, recorded=False)
    arrive(mail, alert, alert.letter("Quick."))
    assert read_letterbox(context) == 1
    assert [one.state for one in alert.letters()] == ["unmatched"]
    with context.database.read() as session:
        assert open_alarm(session, UNMATCHED_ALARM) is None

    with context.database.write() as session:
        record_publication(session, alert.publication, clock.now())

    read_letterbox(context)
    assert [one.text for one in alert.replies()] == ["Quick."]


def test_what_a_person_puts_under_an_alert_is_stored_with_its_files_or_from_kept_words(
    alert: Told, mail: MailServers
) -> None:
    context = alert.context
    person = acting(context, OPERATOR)
    for text in ("With a picture.", "Gone from the server."):
        letter = alert.letter(text, To=alert.address, Subject="Hello")
        letter.add_attachment(a_picture(), maintype="image", subtype="jpeg", filename="x.jpg")
        arrive(mail, alert, letter)
    read_letterbox(context)
    with mail.mailbox(alert.address) as box:
        box.store("2", "+FLAGS", "\\Deleted")
        box.expunge()

    for letter_in in alert.letters():
        put_under_alert(context, person, letter_in.id or 0, alert.mailing.id or 0)
    assert read_letterbox(context) == 2

    assert [one.text for one in alert.replies()] == ["Hello\n\nWith a picture.", "Hello\n\nGone from the server."]
    assert [one.interaction_id for one in alert.attachments()] == [alert.replies()[0].id]
    assert [one.state for one in alert.letters()] == ["reply", "reply"]


def test_a_message_id_that_no_server_can_be_asked_for_stops_nothing(alert: Told, mail: MailServers) -> None:
    context = alert.context
    person = acting(context, OPERATOR)
    arrive(
        mail,
        alert,
        alert.letter("Mine is odd.", To=alert.address, Subject="Hello", Message_ID="<odd(one)@example.org>"),
    )
    read_letterbox(context)
    put_under_alert(context, person, alert.letters()[0].id or 0, alert.mailing.id or 0)
    arrive(mail, alert, alert.letter("Behind it."))

    assert read_letterbox(context) == 2
    assert [one.text for one in alert.replies()] == ["Hello\n\nMine is odd.", "Behind it."]
    with context.database.read() as session, Mailbox(context.settings, mail.passwords[alert.address]) as box:
        assert session.get_one(Letterbox, mailbox_name(context)).problem is None
        assert [box.with_message_id(one) for one in ("<caf\u00e9@example.org>", "<\0@example.org>")] == [[], []]


def test_an_emergency_in_a_letter_that_no_alert_claims_is_told_until_somebody_decides(
    alert: Told, mail: MailServers, clock: SettableClock
) -> None:
    context = alert.context
    context.settings = replace(context.settings, smtp_host="localhost", smtp_from=alert.address)
    with context.database.write() as session:
        find_or_add_person(session, "joel.marsh@woldershire.example", Role.CORPORATE, "Joel Marsh")
    words = "Please help, a man is attacking my neighbour right now with a knife"
    arrive(mail, alert, alert.letter(words, To=alert.address, Subject=""),
           alert.letter("When is your next meeting?", To=alert.address, Subject=""))  # fmt: skip
    read_letterbox(context)

    assert read_letter_texts(context) == 2
    assert read_letter_texts(context) == 0

    assert tell_of_letters(context) == 1
    assert tell_of_letters(context) == 0
    clock.advance(timedelta(minutes=6))
    assert tell_of_letters(context) == 1
    with context.database.read() as session:
        (emergency,) = session.exec(select(Alarm).where(col(Alarm.key).startswith(LETTER)))
        (told_by,) = session.exec(select(AlarmMail).where(AlarmMail.urgent))
        letter = write_letter(context.settings, "duty@woldershire.example", told_by, [emergency], [])
    assert letter["Subject"].startswith("EMERGENCY?")
    assert "/letters" in letter.get_content()
    assert "knife" not in letter.get_content()

    set_aside(context, acting(context, OPERATOR), alert.letters()[0].id or 0)
    clock.advance(timedelta(minutes=6))
    assert tell_of_letters(context) == 0


def test_a_reply_to_a_digest_belongs_to_what_it_told(alert: Told, mail: MailServers) -> None:
    context, now = alert.context, alert.context.clock.now()
    with context.database.write() as session:
        digest = Message(account_id=alert.account.id or 0, resident_id=alert.resident.id, kind="digest", way="email",
                         period="2026-06-01", token=new_token(), made_at=now, due_at=now)  # fmt: skip
        session.add(digest)
        session.flush()
        session.add(
            DigestItem(mailing_id=alert.mailing.id or 0, resident_id=alert.resident.id or 0, message_id=digest.id)
        )
    arrive(mail, alert, replace(alert, message=digest).letter("About the van.", Subject="Re: Your daily alerts"))

    assert read_letterbox(context) == 1
    assert [one.text for one in alert.replies()] == ["Your daily alerts\n\nAbout the van."]


def test_an_answer_goes_to_the_writer_once_and_answers_to_it_come_back_to_the_thread(
    alert: Told, mail: MailServers
) -> None:
    context = alert.context
    arrive(mail, alert, alert.letter("Where?", From="A Friend <friend@example.org>", Message_ID="<one@example.org>"))
    read_letterbox(context)
    (letter,), (reply,) = alert.letters(), alert.replies()
    assert letter.resident_id is None
    for _ in range(2):
        with context.database.write() as session:
            number = open_answer(session, context.vault, reply.account_id, reply.platform_id, "On Mill Road.", "k1",
                                 context.clock.now())  # fmt: skip
    with context.database.read() as session:
        (message,) = session.exec(select(Message).where(Message.kind == MessageKind.ANSWER.value))
        said = write(session, context, message, None)
        found = find_answer(
            session, reply.account_id, reply.platform_id, "On  Mill Road.", letter.arrived_at - timedelta(days=9999)
        )
    assert said is not None
    assert found is not None
    assert found[0] == number
    assert (said.to, said.in_reply_to, said.subject) == ("friend@example.org", "<one@example.org>", f"Re: {SUBJECT}")
    assert "Where?" not in said.text
    assert "/alerts/" not in said.text, "whoever is no member has nothing to leave"
    assert not said.settings_link

    arrive(mail, alert, replace(alert, message=message).letter("Thank you.", From="friend@example.org"))
    read_letterbox(context)
    assert [(one.text, one.parent_platform_id) for one in alert.replies()] == [
        ("Where?", str(alert.mailing.id)),
        ("Thank you.", f"answer-{number}"),
    ]
    assert len({one.author_key for one in alert.replies()}) == 1


def test_an_answer_to_a_member_holds_their_links_and_one_to_another_address_none(
    alert: Told, mail: MailServers
) -> None:
    context = alert.context
    context.settings = replace(context.settings, public_address="https://alerts.woldershire.example")
    arrive(mail, alert, alert.letter("Where?"))
    read_letterbox(context)
    (reply,) = alert.replies()
    with context.database.write() as session:
        open_answer(session, context.vault, reply.account_id, reply.platform_id, "There.", "k1", context.clock.now())
        (message,) = session.exec(select(Message).where(Message.kind == MessageKind.ANSWER.value))
        said = write(session, context, message, None)
        assert said is not None
        assert ("/alerts/settings/" in said.text, "/alerts/leave/" in said.text) == (True, True)
        resident = session.get_one(Resident, alert.resident.id)
        resident.contact_sealed = seal_contact(context.vault, Contact("moved@example.org"))
        session.add(resident)
        session.flush()
        elsewhere = write(session, context, message, None)
    assert elsewhere is not None
    assert elsewhere.text == "There."


def test_who_wrote_goes_with_the_reply_and_an_unmatched_letter_after_the_same_days(
    alert: Told, mail: MailServers, clock: SettableClock, settings: Settings
) -> None:
    context = alert.context
    arrive(mail, alert, alert.letter("A reply."), alert.letter("Lost.", To=alert.address, Subject="Hello"))
    read_letterbox(context)
    with context.database.read() as session:
        held = letters_by(session, context.vault, alert.resident.id or 0)
        assert [one["words"] for one in held] == ["A reply.", "Hello\n\nLost."]
        database = (settings.home / "beatline.sqlite").read_bytes()
    assert b"resident.of.copperbeck" not in database
    clock.advance(timedelta(days=settings.reply_days + 9000))

    report = purge(context, dry_run=False, besides=PURGERS)

    assert report.counts["letter"] == report.counts["raw_reply"] == 1

    assert alert.letters() == alert.replies() == []


def test_a_resident_who_asks_for_it_is_not_known_to_any_letter(alert: Told, mail: MailServers) -> None:
    context = alert.context
    arrive(mail, alert, alert.letter("A reply."), alert.letter("Lost.", To=alert.address, Subject="Hello"))
    read_letterbox(context)

    with context.database.write() as session:
        forget_writer(session, alert.resident.id or 0)

    (letter,) = alert.letters()
    assert (letter.state, letter.sealed, letter.resident_id) == (LetterState.REPLY, None, None)
    assert (
        opened(
            context.vault, LetterIn(mark="", state="", mailbox="", uid_validity=0, uid=0, arrived_at=letter.arrived_at)
        )
        is None
    )
    assert alert.replies()[0].platform_id == platform_id_of(letter)
