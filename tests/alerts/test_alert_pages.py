"""Residents sign up on a page that needs no script, and nobody learns whose address is known (R30)."""

import asyncio
import re
import sys
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select
from starlette.applications import Starlette

from social.alerts.links import Purpose, link
from social.alerts.mailings import Message
from social.alerts.residents import ResidentState
from social.alerts.wishes import preferences_of
from social.clock import SettableClock
from social.context import Context
from social.places import Place, PlaceKind, find_or_add_place
from social.web import alert_join, public_body, throttle
from social.web.throttle import FOR_ONE_ADDRESS, FORM_HOURS, Throttle
from tests.alerts.helpers import a_resident
from tests.alerts.site import EMAIL, Site, open_site, residents
from tests.social.web.asgi import ask

pytestmark = pytest.mark.sqlite_only
MACHINE = 4
"""Sign-ups that one machine may send here in an hour; more in earnest."""


@pytest.fixture
def site(context: Context, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setattr(alert_join, "ANSWER_AFTER", 0.0)
    monkeypatch.setattr(throttle, "FROM_ONE_MACHINE", MACHINE)
    return open_site(context)


def test_a_sign_up_keeps_what_was_chosen_and_asks_the_address(site: Site) -> None:
    answer = site.sign_up()
    assert (answer.status, "Look at your e-mail" in answer.text) == (200, True)
    (one,) = residents(site.context)
    with site.context.database.read() as session:
        chosen = preferences_of(session, one)
        (message,) = session.exec(select(Message))
    assert (one.state, one.consent_source, message.kind) == (ResidentState.UNCONFIRMED, "website", "confirm")
    assert (chosen.topics, dict(chosen.areas), chosen.groups) == (("fraud", "roads"), {2: 5.0}, ("schools",))
    assert (chosen.frequency, chosen.quiet, chosen.by_text) == ("daily", (1320, 420), False)


def test_a_known_and_an_unknown_address_get_the_same_page_after_the_same_time(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    now = iter([0.0, 0.3, 10.0, 10.02])  # one way through takes longer than the other
    a_resident(site.context, email="known@example.org", places=[2])

    async def no_time(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(alert_join, "ANSWER_AFTER", 0.5)
    monkeypatch.setattr(alert_join, "steady_seconds", lambda: next(now))
    monkeypatch.setattr(asyncio, "sleep", no_time)
    known, unknown = site.sign_up(email="known@example.org"), site.sign_up(email="unknown@example.org")
    assert (known.status, known.text, known.headers) == (unknown.status, unknown.text, unknown.headers)
    assert waited == [pytest.approx(0.2), pytest.approx(0.48)]
    assert "known@example.org" not in known.text


def test_what_is_wrong_is_listed_on_top_with_links_and_beside_each_field_and_nothing_typed_is_lost(site: Site) -> None:
    answer = site.sign_up(email="sam at example", topics=[], areas=["99"], ways=["text"], quiet_to="1320", consent="")
    assert answer.status == 400
    links = re.findall(r'<li><a href="#([^"]+)">', answer.text)
    assert links == ["email", "phone", "topics", "areas", "quiet_from", "consent"]
    assert set(links) <= set(re.findall(r' id="([^"]+)"', answer.text))
    assert answer.text.count('class="wrong"') == len(links)
    assert 'role="alert"' in answer.text
    assert "<title>Error: " in answer.text
    assert 'value="sam at example"' in answer.text
    assert '<option value="1320" selected>22:00' in answer.text
    assert residents(site.context) == []


@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [
        ("within_km", "a", "within_km"),
        ("within_km", "1e9", "within_km"),
        ("within_km", "999", "within_km"),
        ("quiet_from", "late", "quiet_from"),
        ("quiet_from", "", "quiet_from"),
        ("quiet_from", "9" * 5000, "quiet_from"),
        ("quiet_to", "\u00b2", "quiet_from"),
        ("frequency", "hourly", "frequency"),
        ("lang", "xx", "lang"),
        ("groups", "flat_earth", "groups"),
        ("areas", "2' OR 1=1", "areas"),
        ("ways", "", "ways"),
        ("topics", "secrets", "topics"),
        ("phone", "12", "phone"),
    ],
)
def test_what_no_form_of_ours_offers_is_a_fault_of_its_field(site: Site, field: str, value: str, fault: str) -> None:
    answer = site.sign_up(**{field: value})
    assert re.findall(r'<li><a href="#([^"]+)">', answer.text) == [fault]
    assert residents(site.context) == []


def test_what_was_typed_comes_back_as_words_and_never_as_markup(site: Site) -> None:
    answer = site.sign_up(email='"><script>alert(1)</script>', quiet_from="'><b>")
    assert "<script" not in answer.text
    assert "<b>" not in answer.text


def test_a_form_sent_twice_is_taken_once_and_one_that_lay_open_too_long_is_shown_again(
    site: Site, clock: SettableClock
) -> None:
    seal = re.findall(r'name="form" value="([^"]+)"', site.get("/alerts").text)[0]
    assert site.sign_up(form=seal).status == 200
    clock.advance(timedelta(minutes=1))
    again = site.sign_up(form=seal)
    assert (again.status, len(residents(site.context))) == (200, 1)
    # Back, the address put right, and sent again: to say 'look into your mail' would leave them waiting for ever.
    changed = site.sign_up(form=seal, email="somebody.else@example.org")
    assert (changed.status, len(residents(site.context))) == (400, 1)
    assert "somebody.else@example.org" in changed.text
    fresh = re.findall(r'name="form" value="([^"]+)"', changed.text)[0]
    assert site.sign_up(form=fresh, email="somebody.else@example.org").status == 200
    assert len(residents(site.context)) == 2
    late = re.findall(r'name="form" value="([^"]+)"', site.get("/alerts").text)[0]
    clock.advance(timedelta(hours=FORM_HOURS, minutes=1))
    for seal in (late, "", "x" * 43):
        answer = site.sign_up(form=seal, email="somebody.else@example.org")
        assert (answer.status, "open for too long" in answer.text) == (400, True)
    assert len(residents(site.context)) == 2


def test_many_threads_count_together_and_none_trips_over_another() -> None:
    counter, tripped, usual = Throttle(3, room=2), list[KeyError](), sys.getswitchinterval()

    def count() -> None:
        try:
            for number in range(4000):
                counter.wait(str(number % 5), datetime(2026, 6, 1, tzinfo=UTC) + timedelta(minutes=number))
        except KeyError as error:
            tripped.append(error)

    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=count) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(usual)
    assert tripped == []


def test_too_many_sign_ups_are_told_so_honestly_and_counted_by_address_known_or_not(
    site: Site, clock: SettableClock
) -> None:
    a_resident(site.context, email="known@example.org", places=[2])
    for email in ("known@example.org", "unknown@example.org"):
        told = [site.sign_up(email=email, client=f"192.0.2.{n}").status for n in range(FOR_ONE_ADDRESS + 1)]
        assert told == [200] * FOR_ONE_ADDRESS + [429]
    machine = [site.sign_up(email=f"r{n}@example.org", client="192.0.2.77") for n in range(MACHINE + 1)]
    assert [one.status for one in machine] == [200] * MACHINE + [429]
    assert machine[-1].headers["retry-after"] == "3600"
    assert "Try again in 60 minutes" in machine[-1].text
    clock.advance(timedelta(hours=1))
    assert site.sign_up(client="192.0.2.77").status == 200


def test_a_proxy_is_believed_about_where_a_request_comes_from_only_when_it_is_named(site: Site) -> None:
    def from_elsewhere(n: int) -> int:
        seal = re.findall(r'name="form" value="([^"]+)"', site.get("/alerts").text)[0]
        form = {"form": seal, "email": f"p{n}@example.org", "topics": "roads", "areas": "2", "within_km": "0",
                "frequency": "daily", "ways": "email", "lang": "en", "consent": "yes"}  # fmt: skip
        return ask(site.app, "POST", "/alerts", client="10.1.1.1", form=form, x_forwarded_for=f"198.51.100.{n}").status

    assert [from_elsewhere(n) for n in range(MACHINE + 1)][-1] == 429
    site.context.settings = replace(site.context.settings, web_proxy_addresses="10.1.1.1")
    assert {from_elsewhere(n) for n in range(40, 45)} == {200}


def test_many_areas_are_folded_by_what_they_lie_in_and_one_with_a_tick_is_open(site: Site) -> None:
    with site.context.database.write() as session:
        force = session.get_one(Place, 1)
        for section in ("Stonemere", "Elderwick"):
            above = find_or_add_place(session, section, PlaceKind.SECTION, force)
            for n in range(8):
                find_or_add_place(session, f"{section} {n}", PlaceKind.NEIGHBOURHOOD, above)
    text = site.get("/alerts").text
    assert text.count("<details") == 3
    assert text.count('name="areas"') == 1 + 2 + 2 * 9
    one = a_resident(site.context, places=[5])
    opened = re.findall(r"<details open><summary>([^<]+)", site.get(link(site.context, Purpose.SETTINGS, one)).text)
    assert "Stonemere" in opened


def test_without_an_account_that_sends_nobody_can_sign_up_and_the_page_says_so(context: Context) -> None:
    site = Site(context)
    answer = site.get("/alerts")
    assert (answer.status, "Sign-up is not open" in answer.text) == (503, True)
    assert site.post("/alerts", email=EMAIL).status == 503


async def _body_of(app: Starlette, parts: list[bytes], pace: float, headers: dict[str, str]) -> int:
    """The status that a POST gets whose body comes in parts, so many seconds apart."""
    sent: list[Any] = []
    left = list(parts)

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(pace)
        part = left.pop(0) if left else b""
        return {"type": "http.request", "body": part, "more_body": bool(left)}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/alerts", "raw_path": b"/alerts", "query_string": b"",
             "headers": [(k.encode(), v.encode()) for k, v in headers.items()], "scheme": "http",
             "server": ("127.0.0.1", 1), "root_path": "", "http_version": "1.1", "client": ("192.0.2.1", 1)}  # fmt: skip
    await app(scope, receive, send)
    return int(sent[0]["status"])


def test_a_body_that_trickles_in_ends_in_time_and_takes_no_place_from_others(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public_body, "WHOLE_WITHIN", 0.05)
    monkeypatch.setattr(public_body, "PLACES", 3)

    async def many() -> list[int]:
        slow = [asyncio.create_task(_body_of(site.app, [b"a"] * 500, 0.01, {})) for _ in range(3)]
        await asyncio.sleep(0)  # all three have their place
        await asyncio.sleep(0)
        one_more = await _body_of(site.app, [b"a"], 0, {})
        ended = await asyncio.gather(*slow)
        return [one_more, *ended, await _body_of(site.app, [b"email=x"], 0, {})]

    assert asyncio.run(many()) == [503, 408, 408, 408, 400]
    assert public_body.PLACES_TAKEN.taken == 0


def test_a_form_that_is_too_long_or_no_form_is_turned_away(site: Site) -> None:
    assert ask(site.app, "POST", "/alerts", body=b"x" * (public_body.LONGEST_FORM + 1)).status == 413
    assert ask(site.app, "POST", "/alerts", body=b"a=1&" * (public_body.MOST_FIELDS + 1)).status == 400
    assert ask(site.app, "POST", "/alerts", body=b"--", content_type="multipart/form-data").status == 400
    assert ask(site.app, "POST", "/alerts", body=b"\0=\xff&\x80", content_type="text/plain").status == 400


def test_an_address_as_people_type_it_leads_to_the_form_and_nothing_redirects(site: Site) -> None:
    for path, status in (("/alerts/", 200), ("/alerts/privacy/", 404), ("/", 404), ("/alerts/settings", 404)):
        answer = site.get(path)
        assert (answer.status, "location" in answer.headers) == (status, False)
    assert ask(site.app, "PUT", "/alerts").status == 404
    assert ask(site.app, "HEAD", "/alerts").status == 200
