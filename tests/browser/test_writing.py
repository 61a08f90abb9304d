"""Write a post as somebody types: lengths, looks and checks follow, nothing is lost, by keys and on a phone as well."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import select

from bench.processes import BEATLINE, environment, running, wait_until_up
from scheduler.counting_rules import counting_rules
from scheduler.demo.force import add_places, add_staff
from scheduler.posts import Post
from scheduler.thread_words import drafts_of
from scheduler.views.composer import HERE
from social.accounts import Account
from social.alerts.letters import Letter
from social.alerts.mailings import Mailing
from social.alerts.text_parts import longest_settings_link, price_of_texts, text_of
from social.channels.base import Draft, Picture
from social.channels.canonical import with_link
from social.channels.registry import CREDENTIALS, make_channel, unconnected
from social.context import Context, open_context
from social.settings import load_settings
from tests.browser.test_main_job import choose, settled
from tests.browser.test_replies import faults
from tests.views.helpers import HOSTILE

PHONE, DESK = {"width": 360, "height": 780}, {"width": 1280, "height": 900}
HARD = (
    "", "  Hello there. \n", "Café, naïve", "e\u0301te\u0301", "日本語テキスト", "👍", "👍🏽 ok", "👨‍👩‍👧‍👦 family", "🏴󠁧󠁢󠁷󠁬󠁳󠁿 Cymru", "🇬🇧🇬🇧",
    "1️⃣2️⃣ #️⃣ 0 9", "© ® ™ ☎ ☎️ ❤ ❤️", "https://woldershire.police.uk/a/b?c=d#e.", "see woldershire.police.uk. now",
    "(www.gov.uk/x)", "a.b-c.co.uk/path_(x)y", "mail nia@woldershire.police.uk", "http://x", "one\r\ntwo", "tab\tx",
    "“quotes” – dash…", "£5 €5 {x} [y] ~ ^", "Gŵyl y Banc ŷ", "foo.com,bar.org/baz", "#HexleyMoor @police.uk",
    "日本語example.com中国語", "https://t.co/abc123def4", "🕵️‍♂️👩🏽‍🚒 end 🐐", "https://example.org/ü/日本?q=1", "x" * 281,
    "\u200b½ ¾ ﬁ Ǆ \u2028x", "https://maps.example.com/@51.5,-0.1,15z", "A.B.C. not.alink co.uk 101.999 Mill Rd.Then",
    "One sentence. " * 30, "word " * 90, "€" * 81, "ŵ" * 71, "🐐" * 36,
)  # fmt: skip
LINK = "https://www.woldershire.police.uk/news"


def test_the_browser_counts_as_the_server_does(chromium: Browser) -> None:
    """The server's count decides; this table holds the one that is seen while typing to it."""
    cases = [(name, text, link, pictures) for name in ("x", "facebook", "alert", "memory") for text in HARD
             for link in ("", LINK) for pictures in (False, True)]  # fmt: skip
    page = chromium.new_page()
    script = f"const RULES = {json.dumps(counting_rules())};\n{(HERE / 'counting.js').read_text(encoding='utf-8')}"
    counted = page.evaluate(f"(cases) => {{ {script} return cases.map((one) => countFor(...one)); }}", cases)
    page.close()
    for (name, text, link, pictures), found in zip(cases, counted, strict=True):
        known = unconnected(name)
        assert known is not None
        given = Draft(text.strip(), link or None, (Picture(b"", "image/png", ""),) if pictures else ())
        assert found == known[1].count(given), (name, text, link, pictures)


def test_the_browser_parts_a_thread_as_the_server_does(chromium: Browser) -> None:
    texts = ("One.\n---\nTwo.", "\n---\nOne.\n\n ----- \nTwo.\n---\n", "No -- thread\n--\nhere", "One.\n\u2014-\nTwo " + LINK,
             "One.\n\u2014\n\n---\nTwo.", "One.\u2028\u00a0---\u00a0\u2028Two.", "---", "", " Plain. ",
             "One.\n---\nTwo " + LINK + "/burglary", "One.\n---\n(" + LINK + "/).")  # fmt: skip
    cases = [(text, link, threads) for text in texts for link in ("", LINK) for threads in (False, True)]
    page = chromium.new_page()
    script = f"const RULES = {json.dumps(counting_rules())};\n{(HERE / 'counting.js').read_text(encoding='utf-8')}"
    parted = page.evaluate(f"(cases) => {{ {script} return cases.map((one) => outgoing(...one)); }}", cases)
    page.close()
    for (text, link, threads), found in zip(cases, parted, strict=True):
        drafts = drafts_of(text.strip(), link, threads=threads)
        assert [(one["text"], one["link"]) for one in found] == [(one.text, one.link or "") for one in drafts], text


def test_the_browser_makes_and_prices_texts_as_the_server_does(chromium: Browser) -> None:
    settings = load_settings({"BEATLINE_TEXT_PENCE": "1"})
    cases = [{"subject": subject, "text": text.strip(), "link": link, "reference": reference, "settingsLink": "(own)"}
             for subject in ("", "Moor road closed", "x" * 130) for text in HARD if text.strip()
             for link, reference in (("", ""), (LINK, "WP-7"))]  # fmt: skip
    page = chromium.new_page()
    script = f"const RULES = {json.dumps(counting_rules())};\n{(HERE / 'counting.js').read_text(encoding='utf-8')}"
    program = f"([cases, room]) => {{ {script} return cases.map((one) => [textMessage({{ ...one, text: withLink(one.text, one.link) }}), textParts(one, room)]); }}"
    made = page.evaluate(program, [cases, longest_settings_link(settings)])
    page.close()
    for one, (words, parts) in zip(cases, made, strict=True):
        link, reference = one["link"] or None, one["reference"] or None
        like = Mailing(account_id=0, key="", subject=one["subject"], text=one["text"], link=link, topic="", audience="",
                       reference=reference, made_at=datetime.fromtimestamp(0, UTC))  # fmt: skip
        assert words == text_of(Letter(one["subject"], with_link(one["text"], link)), like, "(own)"), one
        price = price_of_texts(one["text"], link, 1, settings, subject=one["subject"], reference=reference)
        assert parts * 1000 == price, one


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Context]]:
    """Where the app answers, for a force on three networks with invented credentials."""
    home = tmp_path_factory.mktemp("writing")
    env = environment(home)
    context = open_context(load_settings({"BEATLINE_HOME": str(home)}), make_channel)
    with context.database.write() as session:
        add_places(session)
        add_staff(session)
        for name in ("x", "facebook", "alert"):
            secrets = dict.fromkeys(CREDENTIALS[name], "desk@woldershire.example")
            session.add(Account(name=f"woldershire-{name}", channel=name, handle="woldershire", platform_id="1",
                                credentials_sealed=context.vault.seal(secrets), base_url="http://127.0.0.1:9",
                                added_at=context.clock.now()))  # fmt: skip
    address = f"http://127.0.0.1:{env['BEATLINE_PORT']}"
    with running([*BEATLINE, "app"], env) as process:
        wait_until_up(f"{address}/_stcore/health", process)
        yield address, context
    context.database.close()


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def page(request: pytest.FixtureRequest, chromium: Browser, office: tuple[str, Context]) -> Iterator[Page]:
    """The page Write a post, empty."""
    dark = "dark" if request.param == PHONE else "light"
    opened = chromium.new_page(viewport=request.param, locale="en-GB", timezone_id="Europe/London", color_scheme=dark)
    opened.set_default_timeout(30_000)
    opened.goto(f"{office[0]}/write")
    opened.locator("h1").wait_for()  # the first page of a process takes longest
    settled(opened)
    opened.get_by_role("button", name="Save draft").wait_for()  # the last of the page is drawn
    settled(opened)
    yield opened
    opened.close()


def test_everything_follows_while_somebody_types_and_a_reload_loses_nothing(page: Page) -> None:
    choose(page, "Content type", "Witness")
    text = page.get_by_label("Text", exact=True)
    text.press_sequentially("Did you see a goat in #hexleymoor? " + HOSTILE + " woldershire.police.uk/goat\n\n🐐")
    lengths = page.get_by_role("list", name="Length on each network")
    expect(lengths).to_contain_text("X ")  # at once, before anything is handed over
    look = page.get_by_label("X, woldershire-x")
    expect(look).to_contain_text(HOSTILE)
    expect(look).to_contain_text("woldershire.police.uk")
    expect(page.locator(".heard", has_text=re.compile(r"X: \d+ left"))).to_be_attached()  # spoken after a pause
    expect(page.get_by_text("Draft saved at")).to_be_visible()
    expect(text).to_be_focused()  # the checks came while nobody left the field
    use = page.get_by_role("button", name="Use this")
    expect(use.first).to_be_visible()
    use.first.focus()
    page.keyboard.press("Enter")
    expect(text).to_have_value(re.compile("0800 555 111"))
    said = text.input_value()
    page.wait_for_url(re.compile(r"draft=\d+"))
    settled(page)
    page.wait_for_timeout(1200)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert faults(page) == []
    page.reload()
    settled(page)
    expect(page.get_by_label("Text", exact=True)).to_have_value(said)
    expect(page.get_by_role("combobox", name="Content type")).to_have_value("Witness appeal")


def test_what_is_too_long_is_said_at_once_and_the_summary_leads_to_its_field(
    page: Page, office: tuple[str, Context]
) -> None:
    text = page.get_by_label("Text", exact=True)
    text.press_sequentially("goat " * 60)
    expect(page.get_by_role("list", name="Length on each network")).to_contain_text("19 too many")
    expect(page.get_by_label("X, woldershire-x").locator("del").first).to_be_attached()
    page.get_by_role("button", name="Send for approval").click()
    expect(page.locator(".st-key-there_is_a_problem")).to_be_focused()
    page.get_by_role("link", name=re.compile("Choose what kind of post it is")).press("Enter")
    expect(page.get_by_role("combobox", name="Content type")).to_be_focused()
    expect(text).to_have_value("goat " * 60)
    with office[1].database.read() as session:
        assert session.exec(select(Post)).all() == []


def test_a_long_post_is_folded_where_facebook_folds_it_and_opens_by_key(page: Page) -> None:
    page.get_by_label("Text", exact=True).fill("A walk on the moor. " * 40)
    look = page.get_by_label("Facebook, woldershire-facebook")
    more = look.get_by_role("button", name="See more")
    expect(more).to_be_visible()
    more.focus()
    page.keyboard.press("Enter")
    expect(look.get_by_role("button", name="See less")).to_be_focused()
