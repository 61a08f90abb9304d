"""The whole way of an alert, beside a real Postfix, a real Dovecot and the pages as they are served over HTTP: a resident
signs up, confirms, is told, answers with a picture, is answered, and leaves with one click."""

import io
import re
import smtplib
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from email.message import EmailMessage

import pytest
import requests
import uvicorn
from PIL import Image
from sqlmodel import select

from app import periodic_jobs
from bench.processes import free_port
from scheduler.answering import RULES
from scheduler.inputs import PostInput
from scheduler.planning import approve_post, plan_post, send_for_approval
from scheduler.post_audience import AlertInput
from scheduler.worker import run_until_idle
from social.accounts import Account
from social.alarms import open_alarms
from social.alerts.audience import Audience
from social.alerts.mailings import Mailing, Message, MessageState
from social.alerts.residents import Resident, ResidentState
from social.answers import send_answer
from social.attachment_fetching import original
from social.attachments import attachments_of
from social.clock import SettableClock, as_local
from social.context import Context
from social.duty_tables import DutyCall
from social.errors import InputError
from social.inbox import ReplyView, list_replies
from social.interactions import EMERGENCY, LEAD
from social.lead_views import lead_view
from social.leads import open_lead
from social.mail_password import LETTERBOX, SENDING, keep_password
from social.places import Place, PlaceKind, find_or_add_place
from social.staff import Person, Role, find_or_add_person
from social.web import alert_join
from social.web.public import public_app
from tests.alerts.cutting import CutsOff
from tests.alerts.helpers import a_resident
from tests.mail_servers import MailServers

pytestmark = pytest.mark.sqlite_only
WORDS = (
    "Did you see anything on Mill Road, Copperbeck, between noon and 2pm on Sunday? Call 101 and quote OP-LARCH, or tell "
    "Crimestoppers anonymously on 0800 555 111. In an emergency call 999."
)
SUBJECT = "Burglary on Mill Road"


@dataclass
class Service:
    """A force with its alert service at work.  address: what it sends from and reads."""

    context: Context
    mail: MailServers
    address: str
    place: Place
    author: Person
    corporate: Person

    def work(self) -> None:
        """Let the worker do everything that is due."""
        run_until_idle(self.context, periodic_jobs())

    def get(self, path: str) -> requests.Response:
        return requests.get(f"{self.context.settings.public_address}{path}", timeout=20)

    def sign_up(self, email: str) -> None:
        page = self.get("/alerts").text
        seal = re.search(r'name="form" value="([^"]+)"', page)
        assert seal is not None
        form = {"form": seal[1], "email": email, "topics": ["appeals"], "areas": [str(self.place.id)], "within_km": "0",
                "frequency": "at_once", "ways": ["email"], "lang": "en", "quiet_from": "", "quiet_to": "", "consent": "yes"}  # fmt: skip
        answer = requests.post(f"{self.context.settings.public_address}/alerts", data=form, timeout=20)
        assert answer.status_code == 200, answer.text
        assert email not in answer.text

    def alert(self, text: str = WORDS) -> None:
        """An alert, planned, approved and due."""
        given = PostInput(
            "appeal_witness", text, ("alerts",), as_local(self.context.clock.now()).replace(tzinfo=None),
            place=self.place.name, appeal_ref="OP-LARCH", alert=AlertInput(SUBJECT, Audience("appeals", (self.place.id or 0,))),
        )  # fmt: skip
        number = plan_post(self.context, given, self.author)
        if send_for_approval(self.context, number, self.author) == "in_review":
            approve_post(self.context, number, self.corporate)

    def replies(self) -> list[ReplyView]:
        with self.context.database.read() as session:
            return list_replies(session)

    def rows(self, table: type[Resident] | type[Message] | type[Mailing]) -> list[object]:
        with self.context.database.read() as session:
            return list(session.exec(select(table)))


@pytest.fixture
def service(context: Context, mail: MailServers, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setattr(alert_join, "ANSWER_AFTER", 0.0)
    address, port = mail.new_mailbox("alerts"), free_port()
    context.settings = replace(
        context.settings, public_address=f"http://127.0.0.1:{port}",
        smtp_host="localhost", smtp_port=mail.submission_port, smtp_security="starttls", smtp_ca_file=str(mail.ca_file),
        smtp_user=address, imap_host="localhost", imap_port=mail.imaps_port, imap_security="tls",
        imap_ca_file=str(mail.ca_file), imap_user=address,
    )  # fmt: skip
    now = context.clock.now()
    with context.database.write() as session:
        force = find_or_add_place(session, "Woldershire Police", PlaceKind.FORCE)
        place = find_or_add_place(session, "Copperbeck", PlaceKind.NEIGHBOURHOOD, force)
        author = find_or_add_person(session, "nia.abbot@woldershire.example", Role.AUTHOR, "Nia Abbot")
        corporate = find_or_add_person(session, "joel.marsh@woldershire.example", Role.CORPORATE, "Joel Marsh")
        sender = context.vault.seal({"from_address": f"Woldershire Police <{address}>"})
        session.add(Account(name="alerts", channel="alert", credentials_sealed=sender, added_at=now, verified_at=now))
        for kind in (SENDING, LETTERBOX):
            keep_password(session, context.vault, mail.passwords[address], kind)
    with served(context, port):
        yield Service(context, mail, address, place, author, corporate)


class served:  # noqa: N801 - used as a function
    """The public pages at work, in a thread of this process."""

    def __init__(self, context: Context, port: int) -> None:
        self.server = uvicorn.Server(
            uvicorn.Config(public_app(lambda: context), host="127.0.0.1", port=port, log_level="error")
        )
        self.thread = threading.Thread(target=self.server.run)

    def __enter__(self) -> None:
        self.thread.start()
        while not self.server.started:
            assert self.thread.is_alive()
            time.sleep(0.01)

    def __exit__(self, *_: object) -> None:
        self.server.should_exit = True
        self.thread.join(20)


def text_in(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def link_in(letter: EmailMessage, path: str) -> str:
    found = re.search(rf"http://127\.0\.0\.1:\d+{path}\S*", text_in(letter))
    assert found is not None, text_in(letter)
    return found[0]


def a_picture() -> bytes:
    target, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = "Door camera"
    Image.new("RGB", (320, 200), "grey").save(target, "JPEG", exif=exif)
    return target.getvalue()


def test_a_resident_signs_up_is_told_answers_with_a_picture_is_answered_and_leaves(
    service: Service, mail: MailServers, clock: SettableClock
) -> None:
    resident = mail.new_mailbox("resident")
    service.sign_up(resident)
    service.work()
    (confirm,) = mail.letters(resident, at_least=1)
    assert "/alerts/leave/" in str(confirm["List-Unsubscribe"]), "every message ends what it is about with one click"
    opened = requests.get(link_in(confirm, "/alerts/confirm/"), timeout=20)
    assert opened.status_code == 200
    if "<form" in opened.text:  # looking at the link alone confirms nothing: mail programs do
        requests.post(link_in(confirm, "/alerts/confirm/"), timeout=20)
    (member,) = service.rows(Resident)
    assert isinstance(member, Resident)
    assert member.state == ResidentState.CONFIRMED

    service.alert()
    service.work()
    _, alert = mail.letters(resident, at_least=2)
    assert alert["Subject"] == SUBJECT
    assert WORDS.split("?")[0] in text_in(alert)
    assert alert["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    answer_to_it(mail, alert, resident)
    mail.letters(service.address, at_least=1)
    clock.advance(timedelta(minutes=1))
    service.work()
    (reply,) = service.replies()
    assert reply.text == "I saw a man in a red coat at the back gate of Mill Road 12 at about 1pm. Picture attached."
    assert reply.urgency in (LEAD, EMERGENCY)
    kept_as_a_lead(service, reply)

    answered_by_a_person(service, mail, resident, reply)
    an_emergency_comes_first(service, mail, alert, resident)

    leave = re.match(r"<(http\S+)>, <mailto:", str(alert["List-Unsubscribe"]))
    assert leave is not None
    gone = requests.post(leave[1], data={"List-Unsubscribe": "One-Click"}, timeout=20, allow_redirects=False)
    assert gone.status_code == 200
    (member,) = service.rows(Resident)
    assert isinstance(member, Resident)
    assert member.state == ResidentState.LEFT
    with pytest.raises(InputError, match="Nobody would get this alert"):
        service.alert(f"Still looking. {WORDS}")


def test_stop_sent_back_by_mail_leaves_as_a_mail_programs_own_button_sends_it(
    service: Service, mail: MailServers, clock: SettableClock
) -> None:
    """Programs that know no RFC 8058 write to the address beside the link; people answer with that word by themselves."""
    people = [mail.new_mailbox("resident") for _ in range(3)]
    for address in people:
        a_resident(service.context, email=address, places=[service.place.id or 0])
    service.alert()
    service.work()
    button, by_word, tells = (mail.letters(address, at_least=1)[0] for address in people)
    to = re.search(r"<mailto:([^?>]+)\?subject=STOP>", str(button["List-Unsubscribe"]))
    assert to is not None
    for sender, where, subject, words in (
        (people[0], to[1], "STOP", "This message was made by Mail."),
        (people[1], str(by_word["Reply-To"]), f"Re: {SUBJECT}", "Stop.\n\nSent from my iPhone"),
        (people[2], str(tells["Reply-To"]), f"Re: {SUBJECT}", "Please stop the cars on Mill Road."),
        (people[2], service.address, "STOP", "no message of ours is named"),
    ):
        letter = EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = sender, where, subject
        letter.set_content(words)
        mail.post(letter)
    mail.letters(service.address, at_least=4)
    clock.advance(timedelta(minutes=1))
    service.work()
    states = [one.state for one in service.rows(Resident) if isinstance(one, Resident)]
    assert states == [ResidentState.LEFT, ResidentState.LEFT, ResidentState.CONFIRMED]
    assert [one.text for one in service.replies()] == ["Please stop the cars on Mill Road."]


def answer_to_it(mail: MailServers, alert: EmailMessage, resident: str) -> None:
    """As a mail program answers, with a picture, brought by whoever carries the resident's mail."""
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = f"A Resident <{resident}>", alert["Reply-To"], f"Re: {SUBJECT}"
    letter["Message-ID"] = "<answer.1@phone.example>"
    letter["In-Reply-To"] = letter["References"] = str(alert["Message-ID"])
    quoted = "\n".join(f"> {line}" for line in text_in(alert).splitlines())
    letter.set_content(
        "I saw a man in a red coat at the back gate of Mill Road 12 at about 1pm. Picture attached.\n\n"
        f"Sent from my iPhone\n\nOn Mon, 1 Jun 2026 at 10:00, Woldershire Police wrote:\n\n{quoted}\n"
    )
    letter.add_attachment(a_picture(), maintype="image", subtype="jpeg", filename="door camera.jpg")
    with smtplib.SMTP("localhost", mail.submission_port) as server:
        server.starttls(context=ssl.create_default_context(cafile=mail.ca_file))
        server.login(resident, mail.passwords[resident])
        server.send_message(letter)


def kept_as_a_lead(service: Service, reply: ReplyView) -> None:
    """A person makes it a lead, and the picture is there, sealed and as it came."""
    number = open_lead(service.context, service.author, reply.id)
    with service.context.database.read() as session:
        lead = lead_view(session, service.context.vault, number)
        (attachment,) = attachments_of(session, reply.id)
    assert lead is not None
    assert (lead.reference, lead.place) == ("OP-LARCH", "Copperbeck")
    assert [(one.held, one.found, one.has_details) for one in lead.attachments] == [(True, "image/jpeg", True)]
    assert original(service.context, attachment) == a_picture()


def answered_by_a_person(service: Service, mail: MailServers, resident: str, reply: ReplyView) -> None:
    words = "Thank you. An officer will ring you today."
    send_answer(service.context, service.corporate, reply.id, words, key="form-1", rules=RULES, seen=0)
    for _ in range(2):
        service.work()
    answer = mail.letters(resident, at_least=3)[2]
    assert answer["In-Reply-To"] == "<answer.1@phone.example>"
    assert words in text_in(answer)
    assert "red coat" not in text_in(answer)
    service.work()
    assert len(mail.letters(resident)) == 3
    ours = [one for one in service.replies() if one.id == reply.id]
    assert [one.answered_at is not None for one in ours] == [True]


def an_emergency_comes_first(service: Service, mail: MailServers, alert: EmailMessage, resident: str) -> None:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = resident, alert["Reply-To"], "HELP"
    letter.set_content("Somebody is breaking into my neighbour's house right now and she is inside, please send help!")
    mail.post(letter)
    mail.letters(service.address, at_least=2)
    service.work()
    first, _ = service.replies()
    assert first.text.startswith("HELP")
    assert first.urgency == EMERGENCY
    with service.context.database.read() as session:
        assert [call.interaction_id for call in session.exec(select(DutyCall))][-1] == first.id


def test_what_the_servers_refuse_is_known_and_reaches_the_resident_or_a_person(
    service: Service, mail: MailServers, clock: SettableClock
) -> None:
    full = mail.add_mailbox("whole.way.full@example.test", quota=1)
    service.sign_up(full)
    service.sign_up("nobody.of.this.name@example.test")
    service.work()
    mail.letters(service.address, at_least=1)
    clock.advance(timedelta(minutes=1))
    service.work()

    told = {one.resident_id: one.state for one in service.rows(Message) if isinstance(one, Message)}
    stopped = {one.id: one.email_stopped_at is not None for one in service.rows(Resident) if isinstance(one, Resident)}
    # A full mailbox may have room tomorrow, an address that is none never will.
    assert sorted((told[number], stopped[number]) for number in told) == [("bounced", True), ("waiting", False)]
    assert service.replies() == []


def test_a_wrong_password_sends_nothing_tells_somebody_and_the_right_one_sends_it_once(
    service: Service, mail: MailServers, clock: SettableClock
) -> None:
    context, resident = service.context, mail.new_mailbox("resident")
    a_resident(context, email=resident, places=[service.place.id or 0])
    with context.database.write() as session:
        keep_password(session, context.vault, "not the password", SENDING)
    service.alert()
    service.work()
    assert mail.letters(resident) == []
    assert states(service) == [MessageState.WAITING]
    with context.database.read() as session:
        told = [alarm.text for alarm in open_alarms(session)]
    assert any("password" in text for text in told), told

    with context.database.write() as session:
        keep_password(session, context.vault, mail.passwords[service.address], SENDING)
    clock.advance(timedelta(hours=2))
    service.work()
    assert len(mail.letters(resident, at_least=1)) == 1
    assert states(service) == [MessageState.SENT]


def test_a_connection_that_breaks_after_the_text_is_never_followed_by_a_second_letter(
    service: Service, mail: MailServers, clock: SettableClock
) -> None:
    context, resident = service.context, mail.new_mailbox("resident")
    a_resident(context, email=resident, places=[service.place.id or 0])
    with CutsOff(mail.smtp_port) as cutting:
        # Without encryption, so that what stands in between sees where the text ends.
        context.settings = replace(
            context.settings, smtp_host="127.0.0.1", smtp_port=cutting.port, smtp_security="none", smtp_user=""
        )
        service.alert()
        service.work()
    assert cutting.cut.is_set()
    mail.letters(resident, at_least=1)

    context.settings = replace(context.settings, smtp_port=mail.smtp_port)
    for _ in range(3):
        clock.advance(timedelta(hours=3))
        service.work()
    assert len(mail.letters(resident)) == 1
    assert states(service) == [MessageState.UNKNOWN]


def states(service: Service) -> list[str]:
    return [one.state for one in service.rows(Message) if isinstance(one, Message)]
