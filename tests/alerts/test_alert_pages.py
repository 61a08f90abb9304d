"""Residents sign up, confirm, change, leave and say whether it was useful, on pages that need no script (R30, R33)."""

import asyncio
import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import event
from sqlmodel import select
from starlette.applications import Starlette

from social.accounts import Account
from social.alerts.feedback import note_opened
from social.alerts.links import Purpose, claim, link, tracking_picture, useful_links
from social.alerts.mailings import Message, MessageKind, Way
from social.alerts.membership import LEAVE_REASONS, code_of
from social.alerts.messages import new_message
from social.alerts.residents import Resident, ResidentState
from social.alerts.topics import GROUPS, TOPICS
from social.alerts.wishes import FREQUENCIES, preferences_of
from social.clock import SettableClock
from social.context import Context
from social.places import Place, PlaceKind, find_or_add_place
from social.web import alert_join, public_body, throttle
from social.web.alert_words import WORDS
from social.web.public import public_app
from social.web.throttle import FOR_ONE_ADDRESS, FORM_HOURS
from tests.alerts.helpers import a_resident
from tests.social.web.asgi import Answer, ask

pytestmark = pytest.mark.sqlite_only
EMAIL = "sam.reed@example.org"
MACHINE = 4
"""Sign-ups that one machine may send here in an hour; more in earnest."""


class Site:
    """`beatline web` as a browser meets it: one application for a whole test."""

    def __init__(self, context: Context) -> None:
        self.context, self.app = context, public_app(lambda: context)

    def get(self, address: str, **headers: str) -> Answer:
        return ask(self.app, "GET", address.removeprefix(self.context.settings.public_address), **headers)

    def post(self, address: str, client: str = "192.0.2.7", **form: str | list[str]) -> Answer:
        return ask(
            self.app, "POST", address.removeprefix(self.context.settings.public_address), client=client,
            body=urlencode(form, doseq=True).encode(), content_type="application/x-www-form-urlencoded",
        )  # fmt: skip

    def sign_up(self, client: str = "192.0.2.7", path: str = "/alerts", **changes: str | list[str]) -> Answer:
        """The form as somebody fills it in; a field changed to '' is left empty."""
        seal = re.search(r'name="form" value="([^"]+)"', self.get("/alerts").text)
        assert seal is not None
        typed = {"form": seal[1], "email": EMAIL, "topics": ["roads", "fraud"], "areas": ["2"], "within_km": "5",
                 "frequency": "daily", "ways": ["email"], "lang": "en", "quiet_from": "1320", "quiet_to": "420",
                 "groups": ["schools"], "consent": "yes"}  # fmt: skip
        return self.post(path, client, **(typed | changes))


@pytest.fixture
def site(context: Context, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setattr(alert_join, "ANSWER_AFTER", 0.0)
    monkeypatch.setattr(throttle, "FROM_ONE_MACHINE", MACHINE)
    context.settings = replace(context.settings, public_address="https://alerts.woldershire.example")
    credentials = {"from_address": "alerts@woldershire.example", "notify_api_key": "k"}
    with context.database.write() as session:
        force = find_or_add_place(session, "Woldershire Police", PlaceKind.FORCE)
        for name in ("Marlpit End", "Copperbeck"):
            find_or_add_place(session, name, PlaceKind.NEIGHBOURHOOD, force)
        session.add(Account(channel="alert", name="alerts", credentials_sealed=context.vault.seal(credentials),
                            added_at=context.clock.now()))  # fmt: skip
    return Site(context)


def residents(context: Context) -> list[Resident]:
    with context.database.read() as session:
        return list(session.exec(select(Resident)))


def a_message(context: Context, resident: Resident, kind: MessageKind = MessageKind.ALERT) -> Message:
    with context.database.write() as session:
        account = session.get_one(Account, 1)
        return new_message(session, account, resident, kind, Way.EMAIL, context.clock.now())


def kept(context: Context, message: Message) -> Message:
    with context.database.read() as session:
        return session.get_one(Message, message.id)


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
    again = site.sign_up(form=seal, email="somebody.else@example.org")
    assert (again.status, len(residents(site.context))) == (200, 1)
    late = re.findall(r'name="form" value="([^"]+)"', site.get("/alerts").text)[0]
    clock.advance(timedelta(hours=FORM_HOURS, minutes=1))
    for seal in (late, "", "x" * 43):
        answer = site.sign_up(form=seal, email="somebody.else@example.org")
        assert (answer.status, "open for too long" in answer.text) == (400, True)
    assert len(residents(site.context)) == 1


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


def test_opening_a_confirmation_changes_nothing_and_its_button_confirms_once(site: Site) -> None:
    site.sign_up(lang="en")
    (one,) = residents(site.context)
    address = link(site.context, Purpose.CONFIRM, one)
    for _ in range(2):
        assert "Yes, send me alerts" in site.get(address).text
    assert residents(site.context)[0].state == ResidentState.UNCONFIRMED
    confirmed = [site.post(address) for _ in range(2)]
    assert [one.status for one in confirmed] == [200, 200]
    assert residents(site.context)[0].state == ResidentState.CONFIRMED
    settings = re.findall(r'href="(/alerts/settings/[^"?]+)', confirmed[0].text)[0]
    assert site.get(settings).status == 200
    assert "You are signed up" in site.get(address).text


def test_settings_show_what_is_kept_and_keep_what_is_changed(site: Site) -> None:
    one = a_resident(site.context, email=EMAIL, phone="07700900123", places={2: 5, 3: 0}, topics=["roads"])
    address = link(site.context, Purpose.SETTINGS, one)
    shown = site.get(address)
    assert EMAIL not in shown.text
    assert "7700" not in shown.text.replace("07700 900123", "")  # the example stands there
    assert "ends in 123" in shown.text
    assert '<option value="keep" selected>' in shown.text
    saved = site.post(address, topics=["fraud", "roads"], areas=["2", "3"], within_km="keep", frequency="weekly",
                      ways=["email"], lang="cy")  # fmt: skip
    assert "Mae eich gosodiadau wedi" in saved.text  # the page speaks the language that was just chosen
    with site.context.database.read() as session:
        chosen = preferences_of(session, residents(site.context)[0])
    assert (dict(chosen.areas), chosen.frequency, chosen.lang) == ({2: 5.0, 3: 0.0}, "weekly", "cy")
    wrong = site.post(address, areas=["2"], within_km="0", frequency="weekly", ways=["email"], lang="cy")
    assert (wrong.status, re.findall(r'<li><a href="#([^"]+)">', wrong.text)) == (400, ["topics"])


def test_a_number_is_texted_once_its_code_was_given(site: Site) -> None:
    one = a_resident(site.context, places=[2])
    address = link(site.context, Purpose.SETTINGS, one)
    form = {"topics": ["roads"], "areas": ["2"], "within_km": "0", "frequency": "daily", "lang": "en"}
    saved = site.post(address, ways=["email", "text"], phone="07700 900123", **form)
    assert 'id="code"' in saved.text
    with site.context.database.write() as session:
        (texted,) = session.exec(select(Message).where(Message.way == "text"))
        texted.state = "sent"
        session.add(texted)
    wrong = site.post(address, code="000000" if code_of(site.context, texted) != "000000" else "111111")
    assert (wrong.status, "not the code" in wrong.text) == (400, True)
    right = site.post(address, code=code_of(site.context, texted))
    assert "Your number is confirmed" in right.text
    assert residents(site.context)[0].by_text is True
    site.post(address, ways=["email"], phone_remove="yes", **form)
    assert residents(site.context)[0].phone_key is None


def test_a_mail_program_leaves_with_one_post_and_a_scanner_that_only_looks_leaves_nobody(site: Site) -> None:
    """RFC 8058: form in parts or not, 200, no redirect, no cookie; done twice it is done once."""
    parted = (b'--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
              "multipart/form-data; boundary=b")  # fmt: skip
    plain = b"List-Unsubscribe=One-Click", "application/x-www-form-urlencoded"
    for body, kind in (parted, plain):
        one = a_resident(site.context, places=[2])
        address = link(site.context, Purpose.LEAVE, one, 12).removeprefix("https://alerts.woldershire.example")
        for method in ("GET", "HEAD"):
            assert ask(site.app, method, address).status == 200
        assert residents(site.context)[-1].state == ResidentState.CONFIRMED
        for _ in range(2):
            answer = ask(site.app, "POST", address, body=body, content_type=kind)
            assert (answer.status, answer.cookies, "location" in answer.headers) == (200, {}, False)
        left = residents(site.context)[-1]
        assert (left.state, left.contact_sealed) == (ResidentState.LEFT, b"")


def test_whoever_left_may_say_why_and_need_not(site: Site) -> None:
    one = a_resident(site.context, places=[2])
    address = link(site.context, Purpose.LEAVE, one)
    assert "You get no more messages" in site.post(address).text
    assert site.post(address, asked="yes").status == 400
    assert "Thank you for telling us why" in site.post(address, asked="yes", reason="moved").text
    assert residents(site.context)[0].left_reason == "moved"
    assert "nothing to change" in site.get(link(site.context, Purpose.SETTINGS, one)).text
    assert site.get(link(site.context, Purpose.CONFIRM, one)).status == 404


def test_one_tap_says_whether_it_was_useful_and_only_a_button_counts(site: Site) -> None:
    one = a_resident(site.context, places=[2])
    message = a_message(site.context, one)
    yes, no = useful_links(site.context, one, message)
    tapped = site.get(no)
    assert re.search(r'value="no" autofocus>', tapped.text)
    assert kept(site.context, message).useful is None
    assert "yes, it was useful" in site.post(yes, answer="yes").text
    assert kept(site.context, message).useful is True
    site.post(yes, answer="no")
    assert kept(site.context, message).useful is False


def test_nobody_votes_on_the_message_of_another(site: Site) -> None:
    one, other = (a_resident(site.context, places=[2]) for _ in range(2))
    message = a_message(site.context, other)
    assert site.post(link(site.context, Purpose.USEFUL, one, message.id), answer="yes").status == 404
    assert kept(site.context, message).useful is None


def test_opens_are_noted_once_and_only_while_tracking_is_on(site: Site, clock: SettableClock) -> None:
    one = a_resident(site.context, places=[2])
    message = a_message(site.context, one)
    on = replace(site.context.settings, alert_tracking=True)
    off, site.context.settings = site.context.settings, on
    address = tracking_picture(site.context, message)
    assert address is not None
    site.context.settings = off
    assert site.get(address).headers["content-type"] == "image/gif"
    assert kept(site.context, message).opened_at is None
    site.context.settings = on
    first = clock.now()
    for _ in range(2):
        assert site.get(address).status == 200
        clock.advance(timedelta(minutes=5))
    assert kept(site.context, message).opened_at == first


def test_the_privacy_page_says_whether_opens_are_counted_how_long_and_whom_to_ask(site: Site) -> None:
    said = site.get("/alerts/privacy").text
    assert "We do not look whether you open a message" in said
    assert "90 days" in said
    changed = {"alert_tracking": True, "alert_contact": "dpo@woldershire.example", "reply_days": 30}
    site.context.settings = replace(site.context.settings, **changed)  # type: ignore[arg-type]  # by name
    said = site.get("/alerts/privacy").text
    assert "small picture" in said
    assert "dpo@woldershire.example" in said
    assert "30 days" in said


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_bad_link_is_refused_and_the_database_never_hears_of_it(site: Site, purpose: Purpose) -> None:
    one = a_resident(site.context, places=[2])
    right = link(site.context, purpose, one, 1)
    other = link(site.context, next(p for p in Purpose if p is not purpose), one, 1).rpartition("/")[2]
    asked: list[object] = []
    event.listen(site.context.database.engine, "begin", asked.append)
    base, _, token = right.rpartition("/")
    for bad in (other, token[:-1], token + "A", "A" * 40, "%00", "é" * 20, "../../etc/passwd"):
        for answer in (site.get(f"{base}/{bad}"), site.post(f"{base}/{bad}", answer="yes")):
            assert answer.status == 404
    assert asked == []


def test_a_link_from_before_a_new_membership_opens_nothing(site: Site) -> None:
    one = a_resident(site.context, email=EMAIL, places=[2])
    address = link(site.context, Purpose.SETTINGS, one)
    site.post(link(site.context, Purpose.LEAVE, one))
    site.sign_up()
    assert site.get(address).status == 404


def test_every_page_says_that_nobody_keeps_frames_or_follows_it_and_sets_no_cookie(site: Site) -> None:
    one = a_resident(site.context, places=[2])
    addresses = ["/alerts", "/alerts/privacy", "/alerts/nothing", *(link(site.context, p, one, 1) for p in Purpose)]
    for address in addresses:
        answer = site.get(address)
        assert (answer.headers["cache-control"], answer.headers["referrer-policy"]) == ("no-store", "no-referrer")
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "style=" not in answer.text
        assert "<script" not in answer.text
        assert answer.cookies == {}


class _Lang(HTMLParser):
    """The language and the words of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words, self.lang = "", ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "html":
            self.lang = dict(attrs)["lang"] or ""

    def handle_data(self, data: str) -> None:
        self.words += data


def test_every_page_is_there_in_welsh_too_and_a_welsh_member_gets_it_so(site: Site) -> None:
    one = a_resident(site.context, places=[2], lang="cy")
    for purpose in (Purpose.SETTINGS, Purpose.LEAVE, Purpose.USEFUL, Purpose.CONFIRM):
        assert _Lang(site.get(link(site.context, purpose, one, 1)).text).lang == "cy"
    page = _Lang(site.get("/alerts?lang=cy").text)
    english = {words[0] for key, words in WORDS.items() if len(words[0]) > 12 and words[0] != words[1]}
    assert page.lang == "cy"
    assert {words for words in english if words in page.words} == set()
    assert "Cofrestru" in page.words
    assert 'lang="en"' in site.get("/alerts?lang=cy").text


def test_every_choice_has_its_words_in_both_languages() -> None:
    needed = {f"topic_{k}" for k in TOPICS} | {f"group_{k}" for k in GROUPS} | {f"reason_{k}" for k in LEAVE_REASONS}
    assert needed | set(FREQUENCIES) <= set(WORDS)
    assert [WORDS[f"topic_{key}"][0] for key in TOPICS] == list(TOPICS.values())
    assert [WORDS[f"group_{key}"][0] for key in GROUPS] == list(GROUPS.values())
    assert [WORDS[f"reason_{key}"][0] for key in LEAVE_REASONS] == list(LEAVE_REASONS.values())


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


def test_a_token_says_nothing_of_whose_it_is(site: Site) -> None:
    one = a_resident(site.context, email=EMAIL, places=[2])
    token = link(site.context, Purpose.SETTINGS, one).rpartition("/")[2]
    assert claim(site.context, Purpose.SETTINGS, token) is not None
    assert len(token) < 60
    note_opened(site.context, claim(site.context, Purpose.SETTINGS, token))  # type: ignore[arg-type]  # just checked
