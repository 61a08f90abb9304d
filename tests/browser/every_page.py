"""Every page, on a desk and on a phone, in both themes: axe finds nothing, nothing has to be moved sideways, nothing is
asked of another machine, and what an outsider wrote is text and nothing else. Screenshots stay under build/screens.

What `test_every_page_desk.py` and `test_every_page_phone.py` share: two files, so that two processes can look."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Request, expect
from sqlmodel import Session, select

import app
from bench.processes import BEATLINE, environment, running, wait_until_drawn, wait_until_up
from social.channels.registry import make_channel
from social.context import Context, open_context
from social.interactions import Interaction, Reading
from social.publications import Publication
from social.settings import load_settings
from social.staff import Action, Person, Role, role_allows
from tests.browser.shots import SIZES, in_both_themes, keep
from tests.browser.test_clicks import fill
from tests.browser.test_replies import faults

HOSTILE = (
    "![beacon](https://beacon.invalid/p.png) <img src=https://beacon.invalid/i.png onerror=\"window.hostile=1\"> "
    "<script>window.hostile=1</script><style>h1{display:none}</style> [click](javascript:window.hostile=1) **bold** =1+1"
)  # fmt: skip
"""What somebody might write to find out who reads it, or to act in a reader's name."""
TABLES_OWN_DOWNLOAD = """[...document.querySelectorAll('[data-testid=stElementToolbarButton]')].some(
    one => one.querySelector('[aria-label^="Download"]') && getComputedStyle(one).display !== 'none')"""
"""Whether Streamlit's own download of a table can be pressed."""
PARTS = 3
"""So many tests share the pages: one that fails says so after a minute."""
ROLES = (Role.CORPORATE, Role.ADMINISTRATOR, Role.RECORDS)
"""Who looks at a page: the first of these who may."""


def outsiders_words(session: Session, context: Context) -> None:
    """An outsider's words wherever they can come from: replies of each kind, names of a place, of a person, of an account."""
    now = context.clock.now()
    publication = session.exec(select(Publication)).first()
    assert publication is not None
    for number, kind in enumerate(("emergency", "lead", "question", "complaint", "thanks")):
        reply = Interaction(account_id=publication.account_id, publication_id=publication.id, platform_id=f"h{number}",
                            text=f"{kind} {HOSTILE}", created_at=now, fetched_at=now)  # fmt: skip
        session.add(reply)
        session.flush()
        session.add(Reading(interaction_id=reply.id, version="test-1", stance="negative", kind=kind, kind_p=0.9, lang="en",
                            lang_p=0.9, read_at=now))  # fmt: skip
    publication.text = f"Out on foot. {HOSTILE}"
    author = session.exec(select(Person).where(Person.role == Role.AUTHOR.value)).first()
    assert author is not None
    author.name = f"Nia {HOSTILE}"
    session.add_all([publication, author])


Force = tuple[str, dict[str, int]]


@pytest.fixture(scope="module")
def force(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Force]:
    """Where the app answers, and the number of a person of each role."""
    home = tmp_path_factory.mktemp("home")
    env = environment(home)
    context = open_context(load_settings({"BEATLINE_HOME": str(home)}), make_channel)
    try:
        fill(context)
        with context.database.write() as session:
            outsiders_words(session, context)
            people = {one.role: one for one in session.exec(select(Person))}
        numbers = {
            view.path: next(people[role].id or 0 for role in ROLES if view.needs is None or role_allows(people[role], Action[view.needs]))
            for view in app.VIEWS
        }  # fmt: skip
    finally:
        context.database.close()
    address = f"http://127.0.0.1:{env['BEATLINE_PORT']}"
    with running([*BEATLINE, "app"], env) as process:
        wait_until_up(f"{address}/_stcore/health", process)
        yield address, numbers


def look_at_every_page(size: str, part: int, chromium: Browser, force: Force) -> None:
    """Asserts it of the pages of that part, in both themes.  size: a key of SIZES."""
    address, numbers = force
    width, height = SIZES[size]
    page = chromium.new_page(viewport={"width": width, "height": height}, locale="en-GB", timezone_id="Europe/London")
    page.set_default_timeout(30_000)
    own = (address, address.replace("http", "ws"), "data:", "blob:")
    asked: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith(own):
            asked.append(request.url)

    page.on("request", note)
    wrong: list[str] = []
    for view in app.VIEWS[part::PARTS]:
        page.goto(f"{address}/{view.path}?as={numbers[view.path]}&id=1")
        expect(page.get_by_role("heading", name=view.title, level=1, exact=True)).to_be_visible()
        wait_until_drawn(page)
        wrong += [f"{view.title}: {one}" for one in _wrong_with(page, view, size, width)]
    page.close()
    assert not wrong, "\n".join(wrong)
    assert asked == []


def _wrong_with(page: Page, view: app.View, size: str, width: int) -> Iterator[str]:
    for theme in in_both_themes(page):
        keep(page, f"page-{view.path or 'today'}-{size}-{theme}")
        yield from (f"{theme}: {one}" for one in faults(page))
    if page.evaluate("document.documentElement.scrollWidth") > width:
        yield "it has to be moved sideways"
    if page.evaluate(TABLES_OWN_DOWNLOAD):
        yield "a table can be taken along past the record of exports"  # R24
    if page.get_by_text("Traceback").count():
        yield "it failed"
    if page.evaluate(
        "window.hostile !== undefined || !!document.querySelector('img[src*=beacon], a[href^=javascript]')"
    ):
        yield "an outsider's words are more than text"
