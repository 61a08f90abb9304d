"""What residents do by the links of their messages: confirm, change, leave, say whether it was useful (R30, R33)."""

import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from sqlalchemy import event
from sqlmodel import select

from social.alerts.links import Purpose, link, tracking_picture, useful_links
from social.alerts.mailings import Message, Way
from social.alerts.membership import LEAVE_REASONS, code_of
from social.alerts.receipts import stop_way
from social.alerts.residents import Resident, ResidentState
from social.alerts.topics import GROUPS, TOPICS
from social.alerts.wishes import FREQUENCIES, preferences_of
from social.clock import SettableClock
from social.context import Context
from social.web import alert_join
from social.web.alert_words import WORDS
from tests.alerts.helpers import a_resident
from tests.alerts.site import EMAIL, Site, a_message, kept, open_site, residents
from tests.social.web.asgi import ask

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def site(context: Context, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setattr(alert_join, "ANSWER_AFTER", 0.0)
    return open_site(context)


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


def test_where_an_address_was_signed_up_twice_its_owner_says_which_is_theirs(site: Site) -> None:
    site.sign_up(topics=["roads"])
    site.sign_up(topics=["rural"], areas=["3"])
    (one,) = residents(site.context)
    address = link(site.context, Purpose.CONFIRM, one)
    shown = site.get(address).text
    assert "Roads and road safety; Marlpit End" in shown
    assert "Rural and wildlife crime; Copperbeck" in shown
    unsaid = site.post(address)
    assert (unsaid.status, residents(site.context)[0].state) == (400, ResidentState.UNCONFIRMED)
    marks = re.findall(r'name="asked" value="([0-9a-f]+)"', shown)
    assert site.post(address, asked=marks[1]).status == 200
    with site.context.database.read() as session:
        assert preferences_of(session, residents(site.context)[0]).topics == ("roads",)


def test_a_number_that_somebody_else_gave_is_taken_out_by_whoever_was_texted(site: Site) -> None:
    site.sign_up(phone="07700 900123", ways=["email", "text"])
    (one,) = residents(site.context)
    site.post(link(site.context, Purpose.CONFIRM, one))
    code = messages_by_text(site.context)[0]
    address = link(site.context, Purpose.NUMBER, one, code.id)
    assert "Take my number out" in site.get(address).text
    assert residents(site.context)[0].phone_key is not None, "looking changes nothing"
    assert [site.post(address).status for _ in range(2)] == [200, 200]
    assert residents(site.context)[0].phone_key is None


def messages_by_text(context: Context) -> list[Message]:
    with context.database.read() as session:
        return list(session.exec(select(Message).where(Message.way == Way.TEXT.value)))


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


def test_a_group_of_the_forces_own_stays_until_its_member_unticks_it(site: Site) -> None:
    one = a_resident(site.context, places=[2], groups=["canal_users"])
    address = link(site.context, Purpose.SETTINGS, one)
    form = {
        "topics": ["roads"],
        "areas": ["2"],
        "within_km": "0",
        "frequency": "daily",
        "ways": ["email"],
        "lang": "en",
    }
    assert "Canal users" in site.get(address).text
    for groups in (["canal_users", "schools"], ["schools"]):
        assert site.post(address, **form, groups=groups).status == 200
        with site.context.database.read() as session:
            assert preferences_of(session, one).groups == tuple(groups)
    assert site.post(address, **form, groups=["canal_users"]).status == 400  # which is not theirs any more


def test_whom_nothing_reached_is_reached_again_by_the_way_that_they_choose(site: Site) -> None:
    one = a_resident(site.context, phone="07700900123", by_text=True, by_email=False, places=[2])
    with site.context.database.write() as session:
        stop_way(session, session.get_one(Resident, one.id), Way.TEXT, site.context.clock.now())
    assert residents(site.context)[0].state == ResidentState.UNREACHABLE
    address = link(site.context, Purpose.SETTINGS, one)
    form = {"topics": ["roads"], "areas": ["2"], "within_km": "0", "frequency": "daily", "lang": "en"}
    site.post(address, **form, ways=["email"])
    assert residents(site.context)[0].state == ResidentState.CONFIRMED


def test_a_number_that_came_back_is_asked_again_and_mail_that_did_says_what_to_do(site: Site) -> None:
    one = a_resident(site.context, phone="07700900123", by_text=True, places=[2])
    with site.context.database.write() as session:
        for way in Way:
            stop_way(session, session.get_one(Resident, one.id), way, site.context.clock.now())
    address = link(site.context, Purpose.SETTINGS, one)
    assert "comes back" in site.get(address).text
    form = {"topics": ["roads"], "areas": ["2"], "within_km": "0", "frequency": "daily", "lang": "en"}
    assert "texted a code" in site.post(address, **form, ways=["text"], phone="07700 900123").text
    with site.context.database.write() as session:
        (texted,) = session.exec(select(Message).where(Message.way == Way.TEXT.value))
        texted.state = "sent"
        code = code_of(site.context, texted, session.get_one(Resident, one.id))
    site.post(address, code=code)
    (again,) = residents(site.context)
    assert (again.state, again.by_text, again.text_stopped_at) == (ResidentState.CONFIRMED, True, None)


def test_a_number_is_texted_once_its_code_was_given(site: Site) -> None:
    one = a_resident(site.context, places=[2])
    address = link(site.context, Purpose.SETTINGS, one)
    form = {"topics": ["roads"], "areas": ["2"], "within_km": "0", "frequency": "daily", "lang": "en"}
    saved = site.post(address, ways=["email", "text"], phone="07700 900123", **form)
    assert 'id="code"' in saved.text
    with site.context.database.write() as session:
        (texted,) = session.exec(select(Message).where(Message.way == Way.TEXT.value))
        texted.state = "sent"
        session.add(texted)
        code = code_of(site.context, texted, session.get_one(Resident, one.id))
    wrong = site.post(address, code="000000" if code != "000000" else "111111")
    assert (wrong.status, "not the code" in wrong.text) == (400, True)
    right = site.post(address, code=code)
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


def test_one_tap_says_whether_it_was_useful_and_a_button_says_otherwise(site: Site) -> None:
    one = a_resident(site.context, places=[2])
    message = a_message(site.context, one)
    yes, _ = useful_links(site.context, one, message)
    for _ in range(2):
        assert "yes, it was useful" in site.get(yes).text
        assert kept(site.context, message).useful is True
    assert "no, it was not useful" in site.post(yes, answer="no").text
    assert kept(site.context, message).useful is False
    assert "no, it was not useful" in site.get(yes).text, "an old link does not undo what was said since"
    assert kept(site.context, message).useful is False


def test_a_guard_of_mail_that_opens_both_links_says_nothing(site: Site) -> None:
    one = a_resident(site.context, places=[2])
    message = a_message(site.context, one)
    yes, no = useful_links(site.context, one, message)
    ask(site.app, "HEAD", yes.removeprefix(site.context.settings.public_address))
    site.get(yes, sec_purpose="prefetch;prerender")
    assert kept(site.context, message).useful is None
    for address in (yes, no, no, yes):
        shown = site.get(address).text
    assert kept(site.context, message).useful is None
    assert shown.count('name="answer"') == 2
    site.post(no, answer="yes")
    assert kept(site.context, message).useful is True


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
    assert "the address that it came from: 30 days" in said


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
