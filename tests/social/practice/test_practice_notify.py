"""The practice Notify answers as GOV.UK Notify's documentation says, traps included."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
import requests
from notifications_python_client import NotificationsAPIClient
from notifications_python_client.authentication import create_jwt_token
from notifications_python_client.errors import HTTPError

from social.clock import SettableClock
from social.errors import InputError
from social.practice.faults import Fault
from social.practice.network import PracticeNetwork
from social.practice.notify_callbacks import AGAIN_MS, MOST_TRIES

EMAIL, TEXT = "r.okafor@example.org", "07700 900123"
PLACES = {"subject": "News", "body": "Words"}


class Service:
    """GOV.UK's own client with the practice service's key."""

    def __init__(self, practice: PracticeNetwork, key_type: str = "live") -> None:
        self.practice, self.templates = practice, practice.notify.templates
        self.client: Any = NotificationsAPIClient(practice.notify.keys.api_key(key_type), practice.base_url, timeout=3)
        self.client.request_session.trust_env = False

    def email(self, to: str = EMAIL, **more: Any) -> dict[str, Any]:
        sent: dict[str, Any] = self.client.send_email_notification(
            to, self.templates["email"], **{"personalisation": PLACES, **more}
        )
        return sent

    def text(self, to: str = TEXT, **more: Any) -> dict[str, Any]:
        sent: dict[str, Any] = self.client.send_sms_notification(
            to, self.templates["sms"], **{"personalisation": {"body": "Words"}, **more}
        )
        return sent

    def status(self, sent: dict[str, Any]) -> str:
        return str(self.client.get_notification_by_id(sent["id"])["status"])

    def refusal(self, method: str, *given: Any, **more: Any) -> tuple[int, str]:
        with pytest.raises(HTTPError) as caught:
            getattr(self, method)(*given, **more)
        return caught.value.status_code, caught.value.message[0]["error"]


@pytest.fixture
def service(practice: PracticeNetwork) -> Service:
    return Service(practice)


def test_what_is_sent_is_found_again_with_every_field_of_the_schema(service: Service) -> None:
    sent = service.email(reference="alert.1.x", one_click_unsubscribe_url="https://alerts.example/leave")
    assert sent["content"] == {
        "subject": "News",
        "body": "Words",
        "from_email": "woldershire.police@notifications.service.gov.uk",
    }
    assert sent["scheduled_for"] is None
    (found,) = service.client.get_all_notifications(reference="alert.1.x")["notifications"]
    assert found["id"] == sent["id"]
    assert set(found) >= {
        "id", "reference", "email_address", "phone_number", "line_1", "line_6", "postcode", "type", "status", "template",
        "body", "subject", "created_at", "sent_at", "completed_at",
    }  # fmt: skip
    assert (found["type"], found["email_address"], found["phone_number"]) == ("email", EMAIL, None)


def test_one_reference_sends_as_often_as_it_comes(service: Service) -> None:
    ids = [service.text(reference="alert.1.x")["id"] for _ in range(3)]
    found = service.client.get_all_notifications(reference="alert.1.x")["notifications"]
    assert [one["id"] for one in found] == ids[::-1]


def test_a_look_up_sees_only_its_own_kind_of_key(practice: PracticeNetwork, service: Service) -> None:
    sent = Service(practice, "test").email(reference="alert.1.x")
    assert service.client.get_all_notifications(reference="alert.1.x")["notifications"] == []
    assert service.status(sent) == "created"


def test_pages_hold_250_and_what_is_old_is_gone(service: Service, clock: SettableClock) -> None:
    old = service.text(reference="old")
    clock.advance(timedelta(days=7, seconds=1))
    for _ in range(251):
        service.text()
    first = service.client.get_all_notifications()
    assert len(first["notifications"]) == 250
    rest = service.client.get_all_notifications(older_than=first["notifications"][-1]["id"])
    assert len(rest["notifications"]) == 1
    assert service.client.get_all_notifications(older_than=old["id"])["notifications"] == []
    assert len(list(service.client.get_all_notifications_iterator(template_type="sms"))) == 251


def test_smoke_test_recipients_are_taken_and_never_kept(service: Service) -> None:
    for number in ("07700900000", "+447700900111", "07700 900222"):
        service.text(number, reference="smoke")
    for part in ("", "-2", "-3"):
        service.email(f"simulate-delivered{part}@notifications.service.gov.uk", reference="smoke")
    assert service.client.get_all_notifications(reference="smoke")["notifications"] == []


def test_statuses_move_on_by_themselves(service: Service, clock: SettableClock) -> None:
    courses = {
        ("email", EMAIL): ["created", "sending", "delivered"],
        ("email", "temp-fail@simulator.notify"): ["created", "sending", "temporary-failure"],
        ("email", "perm-fail@simulator.notify"): ["created", "sending", "permanent-failure"],
        ("text", TEXT): ["created", "sending", "pending", "delivered"],
        ("text", "07700900003"): ["created", "sending", "pending", "temporary-failure"],
        ("text", "07700900002"): ["created", "sending", "pending", "permanent-failure"],
    }
    sent = [getattr(service, way)(to) for way, to in courses]
    seen: list[list[str]] = [[] for _ in sent]
    for _ in range(12):
        for one, statuses in zip(sent, seen, strict=True):
            statuses.append(service.status(one))
        clock.advance(timedelta(milliseconds=500))
    assert [list(dict.fromkeys(statuses)) for statuses in seen] == list(courses.values())


def test_refusals_have_notifys_status_and_word(practice: PracticeNetwork, service: Service) -> None:
    assert service.refusal("email", "nobody@nowhere") == (400, "ValidationError")
    assert service.refusal("text", "0770090012") == (400, "ValidationError")
    assert service.refusal("text", "020 7946 0018") == (400, "ValidationError")
    assert service.refusal("email", one_click_unsubscribe_url="http://x.example") == (400, "ValidationError")
    assert service.refusal("email", reference="r" * 1001) == (400, "ValidationError")
    assert service.refusal("email", personalisation={"body": "x"}) == (400, "BadRequestError")
    assert service.refusal("text", personalisation={"body": "x" * 919}) == (400, "BadRequestError")
    assert service.refusal("email", personalisation={**PLACES, "body": "x" * 2_000_001}) == (400, "BadRequestError")
    with pytest.raises(HTTPError) as caught:
        service.client.get_notification_by_id("00000000-0000-4000-8000-000000000000")
    assert caught.value.status_code == 404
    assert practice.notify.store.listed(practice.world.now_ms()) == []


def test_a_token_must_be_signed_with_the_key_and_of_this_half_minute(
    practice: PracticeNetwork, service: Service
) -> None:
    keys, address = practice.notify.keys, f"{practice.base_url}/v2/notifications"

    def status(token: str) -> int:
        return requests.get(address, headers={"Authorization": f"Bearer {token}"}, timeout=5).status_code

    good = create_jwt_token(keys.secret("live"), keys.service_id)
    assert status(good) == 200
    assert status(create_jwt_token("another" * 6, keys.service_id)) == 403
    assert status(create_jwt_token(keys.secret("live"), "another")) == 403
    assert status(good.rpartition(".")[0] + ".") == 403
    assert status("eyJhbGciOiJub25lIn0.e30.") == 403
    assert requests.get(address, timeout=5).status_code == 401
    now = keys.seconds()
    for drift, expected in ((29, 200), (-29, 200), (33, 403), (-33, 403)):
        keys.seconds = lambda drift=drift: now + drift
        assert status(create_jwt_token(keys.secret("live"), keys.service_id)) == expected
    keys.revoke("live")
    assert status(good) == 403


def test_limits_of_the_minute_and_of_the_day_say_which_they_are(
    practice: PracticeNetwork, service: Service, clock: SettableClock
) -> None:
    practice.world.windows.scale = 4 / 3000
    practice.notify.a_day = 5
    for _ in range(4):
        service.email()
    assert service.refusal("email") == (429, "RateLimitError")
    clock.advance(timedelta(minutes=1))
    service.email()
    assert service.refusal("email") == (429, "TooManyRequestsError")
    service.text()  # counted apart
    clock.set(clock.now().replace(hour=0, minute=0) + timedelta(days=1))
    service.email()


def test_sanitising_takes_links_away_and_leaves_the_rest(service: Service) -> None:
    words = {**PLACES, "body": "now [click](https://evil.example)"}
    sent = service.email(personalisation=words, sanitise_content_for=["body"])
    assert sent["content"]["body"] == r"now \[click\]\(\)"
    assert sent["sanitised_content"]["body"]["unsanitised"] == words["body"]


def test_faults_spoil_requests_before_and_after_they_were_taken(service: Service) -> None:
    faults = {"500_before": 0, "500_after": 1, "reset_before": 0, "reset_after": 1, "cut_body": 1}
    for fault, kept in faults.items():
        service.practice.faults.add(Fault("publish", fault, network="notify"))
        with pytest.raises(HTTPError):
            service.email(reference=fault)
        assert len(service.client.get_all_notifications(reference=fault)["notifications"]) == kept


def test_the_state_outlives_the_process(practice: PracticeNetwork, service: Service) -> None:
    sent = service.email()
    credentials = practice.credentials("alert")
    practice.stop()
    practice.start()
    assert practice.credentials("alert") == credentials
    assert Service(practice).status(sent) == "created"


class _Ear:
    """An address that is told, and answers as it is told to."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, dict[str, Any]]] = []
        self.answers: list[int] = []
        ear = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                ear.heard.append((self.headers["Authorization"], json.loads(body)))
                self.send_response(ear.answers.pop(0) if ear.answers else 200)
                self.end_headers()

            def log_message(self, *_: object) -> None: ...

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/hooks/notify"


@pytest.fixture
def ear() -> Iterator[_Ear]:
    made = _Ear()
    thread = threading.Thread(target=made.server.serve_forever, args=(0.01,))
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


def test_receipts_and_texts_are_delivered_with_the_token_and_again_when_not_taken(
    practice: PracticeNetwork, service: Service, ear: _Ear, clock: SettableClock
) -> None:
    practice.callbacks.deliver_to(ear.address, "a token")
    practice.callbacks.deliver_to(ear.address, "another token", "text")
    sent = service.email(reference="alert.1.x")
    assert practice.callbacks.run_due() == []
    clock.advance(timedelta(seconds=10))
    ear.answers = [503, 429]
    assert practice.callbacks.run_due() == [503]
    assert practice.callbacks.run_due() == []
    clock.advance(timedelta(milliseconds=AGAIN_MS))
    assert practice.callbacks.run_due() == [429]
    clock.advance(timedelta(milliseconds=AGAIN_MS))
    assert practice.callbacks.run_due() == [200]
    token, receipt = ear.heard[-1]
    assert token == "Bearer a token"
    assert set(receipt) == {
        "id", "reference", "to", "status", "created_at", "completed_at", "sent_at", "notification_type", "template_id",
        "template_version",
    }  # fmt: skip
    assert (receipt["id"], receipt["status"], receipt["template_version"]) == (sent["id"], "delivered", 1)
    practice.notify.text_came(TEXT, "Thank you")
    assert practice.callbacks.run_due() == [200]
    assert ear.heard[-1][0] == "Bearer another token"
    assert (ear.heard[-1][1]["source_number"], ear.heard[-1][1]["message"]) == ("447700900123", "Thank you")
    (came,) = service.client.get_received_texts()["received_text_messages"]
    assert (came["user_number"], came["content"]) == ("447700900123", "Thank you")


def test_the_switches_end_a_notification_and_text_the_service(
    practice: PracticeNetwork, service: Service, admin: Any
) -> None:
    sent = service.email(personalisation={"subject": "<b>News</b>", "body": "Words"})
    given = {"id": sent["id"], "status": "technical-failure"}
    assert admin.call("POST", "/notify", json=given).status_code == 200
    assert service.status(sent) == "technical-failure"
    assert admin.call("POST", "/notify", json={"id": sent["id"], "status": "lost"}).status_code == 400
    assert admin.call("POST", "/notify", json={"from": TEXT, "text": "Thank you"}).status_code == 201
    assert len(service.client.get_received_texts()["received_text_messages"]) == 1
    shown = requests.get(practice.base_url, timeout=5).text
    assert "&lt;b&gt;News&lt;/b&gt;" in shown
    assert "E-mail to r.okafor@example.org" in shown


def test_a_receipt_that_is_never_taken_is_given_up(
    practice: PracticeNetwork, service: Service, ear: _Ear, clock: SettableClock
) -> None:
    practice.callbacks.deliver_to(ear.address, "a token")
    service.email()
    ear.answers = [500] * 20
    for _ in range(20):
        clock.advance(timedelta(milliseconds=AGAIN_MS))
        practice.callbacks.run_due()
    assert len(ear.heard) == MOST_TRIES + 1
    with pytest.raises(InputError):
        practice.callbacks.deliver_to("https://elsewhere.example/hook", "a token")
