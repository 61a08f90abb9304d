"""Mail that came back: what reports say, whom they are about, and that nobody else is touched by them."""

import random
from email import message_from_bytes
from email.message import EmailMessage
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import default

import pytest
from sqlmodel import Session, col, select

from social.accounts import Account
from social.alerts.addresses import message_id, reply_address
from social.alerts.bounces import Returned, note_bounce, read_report
from social.alerts.carriers import Bounce
from social.alerts.mailings import Message, MessageState
from social.alerts.messages import new_token
from social.alerts.residents import Resident
from social.clock import SettableClock
from social.context import Context
from tests.alerts.helpers import a_resident

pytestmark = pytest.mark.sqlite_only
FROM = "alerts@woldershire.example"


def a_sent(context: Context, resident: Resident) -> Message:
    """A message that went to the resident by mail."""
    now = context.clock.now()
    with context.database.write() as session:
        account = session.exec(select(Account)).first()
        if account is None:
            account = Account(name="alerts", channel="alert", credentials_sealed=b"", added_at=now)
            session.add(account)
            session.flush()
        message = Message(account_id=account.id, resident_id=resident.id, kind="alert", way="email", token=new_token(),
                          state="sent", made_at=now, due_at=now, sending_at=now, settled_at=now, tries=1)  # fmt: skip
        session.add(message)
        session.flush()
        session.expunge(message)
    return message


def report(
    about: Message, status: str = "5.1.1", action: str = "failed", *, diagnostic: str = "smtp; 550 no such user",
    recipient: str = "r.okafor@example.org", to: str = FROM, headers: bool = True,
) -> bytes:  # fmt: skip
    """A report as Postfix writes one."""
    whole = MIMEMultipart("report", report_type="delivery-status")
    whole["From"] = "MAILER-DAEMON@mail.example.org (Mail Delivery System)"
    whole["To"], whole["Subject"], whole["Auto-Submitted"] = to, "Undelivered Mail Returned to Sender", "auto-replied"
    whole.attach(MIMEText("I'm sorry to have to inform you that your message could not be delivered."))
    first, second = EmailMessage(), EmailMessage()
    for part in (first, second):
        del part["MIME-Version"]
    first["Reporting-MTA"], first["X-Postfix-Queue-ID"] = "dns; mail.example.org", "4D2F81C0A"
    second["Final-Recipient"], second["Action"], second["Status"] = f"rfc822; {recipient}", action, status
    second["Diagnostic-Code"] = diagnostic
    status_part = MIMEMessage(EmailMessage())
    status_part.set_type("message/delivery-status")
    status_part.set_payload([first, second])
    whole.attach(status_part)
    if headers:
        returned = MIMEText(f"From: {FROM}\nTo: {recipient}\nMessage-ID: {message_id(about, FROM)}\nSubject: Alert\n")
        returned.set_type("text/rfc822-headers")
        whole.attach(returned)
    return whole.as_bytes()


def noted(context: Context, raw: bytes) -> Message | None:
    returned = read_report(raw)
    if returned is None:
        return None
    with context.database.write() as session:
        return note_bounce(context, session, returned)


def state_of(context: Context, message: Message) -> str:
    with context.database.read() as session:
        return session.get_one(Message, message.id).state


def stopped(context: Context, resident: Resident) -> bool:
    with context.database.read() as session:
        return session.get_one(Resident, resident.id).email_stopped_at is not None


@pytest.mark.parametrize(
    ("status", "diagnostic", "bounce"),
    [
        ("5.1.1", "", Bounce.HARD),
        ("5.1.2", "", Bounce.HARD),
        ("5.1.10", "", Bounce.HARD),
        ("5.2.1", "", Bounce.HARD),
        ("5.4.4", "", Bounce.HARD),
        ("5.2.2", "smtp; 552 5.2.2 mailbox full", Bounce.SOFT),
        ("5.0.0", "smtp; 552 5.2.2 mailbox full", Bounce.SOFT),
        ("5.0.0", "smtp; 550 5.1.1 unknown", Bounce.HARD),
        ("5.7.1", "smtp; 554 5.7.1 looks like spam", Bounce.SOFT),
        ("5.1.8", "smtp; 550 5.1.8 our own domain is not known", Bounce.SOFT),
        ("5.1.7", "", Bounce.SOFT),
        ("5.0.0", "smtp; 550 blocked", Bounce.SOFT),
        ("4.4.1", "connection timed out", Bounce.SOFT),
        ("4.2.2", "", Bounce.SOFT),
        ("", "", Bounce.SOFT),
    ],
)
def test_only_an_address_that_there_is_not_is_hard(status: str, diagnostic: str, bounce: Bounce) -> None:
    message = Message(id=7, token=new_token())
    returned = read_report(report(message, status, diagnostic=diagnostic))
    assert returned is not None
    assert returned.bounce is bounce


def test_a_hard_bounce_stops_the_address_and_a_full_mailbox_is_tried_again(context: Context) -> None:
    gone, full = a_resident(context, email="r.okafor@example.org"), a_resident(context, email="full@example.org")
    to_gone, to_full = a_sent(context, gone), a_sent(context, full)
    assert noted(context, report(to_gone)) is not None
    assert noted(context, report(to_full, "5.2.2", recipient="full@example.org")) is not None
    assert (state_of(context, to_gone), stopped(context, gone)) == (MessageState.BOUNCED, True)
    assert (state_of(context, to_full), stopped(context, full)) == (MessageState.WAITING, False)


def test_a_report_is_known_by_the_address_it_came_to_where_it_brings_no_headers(context: Context) -> None:
    member = a_resident(context, email="r.okafor@example.org")
    message = a_sent(context, member)
    raw = report(message, to=reply_address(message, FROM), headers=False)
    assert noted(context, raw) is not None
    assert state_of(context, message) == MessageState.BOUNCED


def test_a_delay_and_a_success_change_nothing(context: Context) -> None:
    message = a_sent(context, a_resident(context))
    for action in ("delayed", "relayed", "delivered", "expanded"):
        returned = read_report(report(message, "4.4.1", action))
        assert returned is not None
        assert returned.bounce is None
        noted(context, report(message, "4.4.1", action))
    assert state_of(context, message) == MessageState.SENT


def test_mail_that_its_reader_had_passed_on_never_stops_the_readers_own_address(context: Context) -> None:
    member = a_resident(context, email="r.okafor@example.org")
    message = a_sent(context, member)
    noted(context, report(message, recipient="old.job@elsewhere.example"))
    assert state_of(context, message) == MessageState.WAITING
    assert not stopped(context, member)


def test_an_answer_and_an_absence_are_no_reports(context: Context) -> None:
    message = a_sent(context, a_resident(context))
    away = EmailMessage()
    away["From"], away["To"], away["Subject"] = "r.okafor@example.org", reply_address(message, FROM), "Out of office"
    away["Auto-Submitted"], away["In-Reply-To"] = "auto-replied", message_id(message, FROM)
    away.set_content("I am away. 550 5.1.1 is my favourite number.")
    assert read_report(away.as_bytes()) is None
    forwarded = EmailMessage()
    forwarded["To"] = FROM
    forwarded.set_content("Look what I got")
    forwarded.add_attachment(message_from_bytes(report(message), policy=default))
    assert read_report(forwarded.as_bytes()) is None


def test_exims_older_manner_is_read(context: Context) -> None:
    message = a_sent(context, a_resident(context, email="r.okafor@example.org"))
    old = EmailMessage()
    old["From"], old["To"], old["X-Failed-Recipients"] = "Mailer-Daemon@x.example", FROM, "r.okafor@example.org"
    old.set_content(
        "A message that you sent could not be delivered.\n  r.okafor@example.org\n    550 5.1.1 unknown\n\n"
        f"------ This is a copy of the message. ------\nMessage-ID: {message_id(message, FROM)}\n"
    )
    assert noted(context, old.as_bytes()) is not None
    assert state_of(context, message) == MessageState.BOUNCED


def test_a_made_up_report_touches_nobody(context: Context, clock: SettableClock) -> None:
    members = [a_resident(context) for _ in range(3)]
    messages = [a_sent(context, one) for one in members]
    forged = Message(**{**messages[0].model_dump(), "token": new_token()})
    assert noted(context, report(forged)) is None
    forged = Message(**{**messages[0].model_dump(), "id": messages[1].id})  # a good token under another number
    assert noted(context, report(forged)) is None
    assert [state_of(context, one) for one in messages] == [MessageState.SENT] * 3


def test_thousands_of_broken_reports_raise_nothing_and_touch_nobody_else(context: Context) -> None:
    members = [a_resident(context, email=f"resident{n}@example.org") for n in range(4)]
    messages = [a_sent(context, one) for one in members]
    rng = random.Random(20260601)
    seeds = [
        report(messages[0], recipient="resident0@example.org"),
        report(messages[0], "5.2.2", to=reply_address(messages[0], FROM), headers=False),
        report(messages[0], "4.4.1", "delayed"),
    ]
    read: list[Returned] = []
    for _ in range(4000):
        returned = read_report(_mutated(rng, rng.choice(seeds)))
        if returned is not None:
            read.append(returned)
    assert len(read) > 1000
    with context.database.write() as session:
        for returned in read[:400]:
            note_bounce(context, session, returned)
    with context.database.read() as session:
        others = [one.id for one in messages[1:]]
        states = session.exec(select(Message.state).where(col(Message.id).in_(others))).all()
        assert set(states) == {MessageState.SENT}
        assert _stopped_count(session, members[1:]) == 0


def _stopped_count(session: Session, members: list[Resident]) -> int:
    return sum(session.get_one(Resident, one.id).email_stopped_at is not None for one in members)


def _mutated(rng: random.Random, raw: bytes) -> bytes:
    data = bytearray(raw)
    for _ in range(rng.randint(1, 6)):
        how, at = rng.randrange(6), rng.randrange(max(len(data), 1))
        if how == 0:
            data[at : at + 1] = bytes([rng.randrange(256)])
        elif how == 1:
            del data[at : at + rng.randrange(1, 60)]
        elif how == 2:
            data[at:at] = rng.randbytes(rng.randrange(1, 40))
        elif how == 3:
            data[at:at] = data[at : at + rng.randrange(1, 400)]
        elif how == 4:
            data[at:at] = rng.choice(
                [b"\r\n\r\n", b"\n--", b"Content-Type: message/rfc822\n\n", b"\x00", b"=?utf-8?q?=ff?="]
            )
        else:
            del data[at:]
            data += b"x"
    return bytes(data)


def test_ten_thousand_parts_within_each_other_are_no_trouble() -> None:
    nested = b"".join(b'Content-Type: multipart/report; boundary="%d"\n\n--%d\n' % (n, n) for n in range(10_000))
    assert read_report(nested) is None
    assert read_report(b"") is None
    assert read_report(b"\x00" * 100_000) is None
