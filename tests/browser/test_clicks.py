"""The daily tasks in as few clicks as are promised, counted; and axe finds nothing on the pages that are new to them.

What is typed, and the keys that lead from field to field, are not counted."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlmodel import col, select

from bench.processes import BEATLINE, environment, running, wait_until_up
from scheduler.demo.force import add_places, add_staff
from scheduler.hold_views import holds_now
from scheduler.planning import PostInput, plan_post, send_for_approval
from scheduler.queries import recent_posts
from scheduler.worker import publish_due
from social.accounts import Account
from social.answer_records import Answer
from social.channels.registry import make_channel
from social.clock import as_local
from social.context import Context, open_context
from social.duty_opening import open_calls
from social.duty_seen import open_emergencies
from social.interactions import Interaction, Reading
from social.places import places_named
from social.publications import Publication
from social.saved_answers import SavedAnswerInput, save_answer
from social.settings import load_settings
from social.staff import Membership, Person
from tests.browser.shots import keep_all
from tests.browser.test_main_job import settled
from tests.browser.test_replies import faults

OUT = "Out on foot in Copperbeck this morning."
PHONE = {"width": 360, "height": 780}
SUNDAY = 6


def fill(context: Context) -> None:
    """A post that is out and three that wait; an author and a reader of figures with one area each."""
    with context.database.write() as session:
        add_places(session)
        author = add_staff(session).second
        session.add(Account(name="town-desk", channel="memory", handle="town", platform_id="1",
                            credentials_sealed=context.vault.seal({}),
                            added_at=context.clock.now() - timedelta(days=7)))  # fmt: skip
        beck = places_named(session, "Copperbeck")[0].id or 0
        bound = select(Person).where(col(Person.name).in_(["Nia Abbot", "Priya Holt"]))
        session.add_all([Membership(person_id=one.id or 0, place_id=beck) for one in session.exec(bound)])
    now = as_local(context.clock.now()).replace(tzinfo=None, fold=0)
    send_for_approval(context, plan_post(context, PostInput("patrol_update", OUT, ("town-desk",), now), author), author)
    assert publish_due(context) == 1
    ask(context)
    due = as_local(context.clock.now()).replace(tzinfo=None, hour=10, minute=0, second=0, microsecond=0)
    for days, text in ((2, "Which street first?"), (1, "What matters to you?"), (3, "Is the new lamp bright enough?")):
        given = PostInput("survey", text, ("town-desk",), due + timedelta(days=days), place="Copperbeck")
        send_for_approval(context, plan_post(context, given, author), author)


def ask(context: Context) -> None:
    """A resident's question under the post that is out, 60 of its 72 hours ago."""
    now = context.clock.now()
    with context.database.write() as session:
        publication = session.exec(select(Publication)).one()
        reply = Interaction(account_id=publication.account_id, publication_id=publication.id, platform_id="q1",
                            text="When are you here again?", created_at=now - timedelta(hours=60), fetched_at=now)  # fmt: skip
        session.add(reply)
        session.flush()
        session.add(Reading(interaction_id=reply.id, version="test-1", stance="neutral", kind="question", kind_p=0.9,
                            lang="en", lang_p=0.9, read_at=now))  # fmt: skip


def residents_write(context: Context) -> None:
    """What only reads like an emergency, and a complaint; and an answer that is saved for use again."""
    now = context.clock.now()
    with context.database.write() as session:
        publication = session.exec(select(Publication)).one()
        for number, (text, kind) in enumerate(
            (("It is murder on the dance floor", "emergency"), ("Twice a week the bins burn.", "complaint"))
        ):
            reply = Interaction(account_id=publication.account_id, publication_id=publication.id, platform_id=f"w{number}",
                                text=text, created_at=now, fetched_at=now)  # fmt: skip
            session.add(reply)
            session.flush()
            session.add(Reading(interaction_id=reply.id, version="test-1", stance="negative", kind=kind, kind_p=0.9,
                                lang="en", lang_p=0.9, read_at=now))  # fmt: skip
            session.flush()
            open_calls(session, now, [reply.id or 0], "test-1")
        corporate = session.exec(select(Person).where(Person.name == "Joel Marsh")).one()
    save_answer(context, corporate, SavedAnswerInput("Patrols", "Next on Tuesday, by the bus shelter."))


@dataclass
class Office:
    address: str
    context: Context

    def number(self, name: str) -> int:
        with self.context.database.read() as session:
            return session.exec(select(Person.id).where(Person.name == name)).one() or 0

    def planned(self, text: str) -> tuple[int, date]:
        """Its number and the day on which it goes out."""
        with self.context.database.read() as session:
            post = next(post for post in recent_posts(session, 20) if post.text == text)
        assert post.due_at is not None
        return post.post_id, as_local(post.due_at).date()

    def status(self, text: str) -> str:
        with self.context.database.read() as session:
            return next(post.status for post in recent_posts(session, 20) if post.text == text)


@dataclass
class Hand:
    """Somebody at a new window of Today.  clicks: how often they pressed so far."""

    page: Page
    clicks: int = field(default=0)

    def click(self, what: Locator) -> None:
        what.click()
        self.clicks += 1
        settled(self.page)

    def took(self, clicks: int, task: str) -> None:
        """That the task is done; pictures of its end stay as build output."""
        assert self.clicks == clicks, task
        keep_all(self.page, task)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    home = tmp_path_factory.mktemp("home")
    env = environment(home)
    context = open_context(load_settings({"BEATLINE_HOME": str(home)}), make_channel)
    fill(context)
    residents_write(context)
    address = f"http://127.0.0.1:{env['BEATLINE_PORT']}"
    with running([*BEATLINE, "app"], env) as process:
        wait_until_up(f"{address}/_stcore/health", process)
        yield Office(address, context)
    context.database.close()


def begin(chromium: Browser, office: Office, name: str) -> Hand:
    page = chromium.new_page(viewport={"width": 1280, "height": 900}, locale="en-GB", timezone_id="Europe/London")
    page.set_default_timeout(30_000)
    page.goto(f"{office.address}/?as={office.number(name)}")
    settled(page)
    return Hand(page)


def test_planning_approving_repeating_and_moving_take_no_more_clicks_than_promised(
    chromium: Browser, office: Office
) -> None:
    plan_in_two(begin(chromium, office, "Nia Abbot"), office)
    approve_in_one_each(begin(chromium, office, "Joel Marsh"), office)
    repeat_in_two(begin(chromium, office, "Tom Askew"), office)
    move_by_drag_by_keys_and_in_two(begin(chromium, office, "Joel Marsh"), office)


def test_listening_looking_and_stopping_take_no_more_clicks_than_promised(chromium: Browser, office: Office) -> None:
    false_alarm_in_one(begin(chromium, office, "Tom Askew"), office)
    worries_in_one(begin(chromium, office, "Tom Askew"))
    reached = begin(chromium, office, "Priya Holt")
    expect(reached.page.get_by_role("heading", name="Copperbeck").first).to_be_visible()
    reached.took(0, "what-reached-residents")
    comms = begin(chromium, office, "Joel Marsh")
    comms.click(comms.page.get_by_role("link", name="Areas", exact=True))
    expect(comms.page.get_by_role("heading", name="Areas side by side")).to_be_visible()
    comms.took(1, "areas-side-by-side")
    weekly_look_in_one(begin(chromium, office, "Joel Marsh"))
    answer_in_three(begin(chromium, office, "Joel Marsh"), office)
    pause_in_two(begin(chromium, office, "Ruth Lane"), office)


def faults_of_all(page: Page) -> list[str]:
    """What axe finds once the sidebar is there as well, down to its foot; a phone keeps it out of sight."""
    foot = page.get_by_test_id("stSidebarContent").locator("a", has_text="Accessibility statement")
    expect(foot).to_be_attached()
    return faults(page)


def plan_in_two(hand: Hand, office: Office) -> None:
    page, words = hand.page, "Officers are at the library from 2pm."
    hand.click(page.get_by_test_id("stMain").get_by_role("button", name="Write a post"))
    page.get_by_role("combobox", name="Content type").focus()
    page.keyboard.type("Survey")
    page.keyboard.press("Enter")
    settled(page)
    page.get_by_label("Text", exact=True).fill(words)
    page.get_by_label("Text", exact=True).blur()
    settled(page)
    hand.click(page.get_by_role("button", name="Send for approval"))
    expect(page.get_by_role("heading", name="Post", exact=True)).to_be_visible()
    hand.took(2, "plan-a-post")
    assert office.status(words) == "in_review"


def answer_in_three(hand: Hand, office: Office) -> None:
    page = hand.page
    hand.click(page.get_by_role("link", name="Open reply 1"))
    page.get_by_label("Your answer").fill("Good question.")
    page.get_by_label("Your answer").blur()
    settled(page)
    hand.click(page.get_by_text("Patrols", exact=True))
    expect(page.get_by_label("Your answer")).to_have_value(re.compile("bus shelter"))
    hand.click(page.get_by_role("button", name=re.compile("^Send as")))
    expect(page.get_by_label("Your answer")).to_have_count(0)
    hand.took(3, "answer-a-resident")  # one more than without a saved answer
    with office.context.database.read() as session:
        assert session.exec(select(Answer.text)).all() == ["Good question.\n\nNext on Tuesday, by the bus shelter."]


def move_by_drag_by_keys_and_in_two(hand: Hand, office: Office) -> None:
    """An event moved: one drag, or keys alone, or the post and Save with day and time typed in between."""
    page, (number, day) = hand.page, office.planned("Which street first?")
    other = day + timedelta(days=-1 if day.weekday() == SUNDAY else 1)
    page.goto(f"{office.address}/calendar?day={day}")
    settled(page)
    post = page.locator(f"[data-key=p{number}]")
    post.drag_to(page.locator(f"td[data-day='{other}']"))
    moved = page.locator(f"td[data-day='{other}'] [data-key=p{number}]")
    expect(moved).to_be_focused()
    back = "ArrowLeft" if other > day else "ArrowRight"
    for key in ("m", back, "Enter"):
        page.keyboard.press(key)
    expect(page.locator(f"td[data-day='{day}'] [data-key=p{number}]")).to_be_focused()
    assert (hand.clicks, office.planned("Which street first?")[1]) == (0, day)
    hand.click(post)
    page.get_by_label("Day", exact=True).fill(str(other))
    hand.click(page.get_by_role("button", name="Move it"))
    expect(moved).to_be_focused()
    hand.took(2, "move-a-post")
    assert office.planned("Which street first?")[1] == other


def false_alarm_in_one(hand: Hand, office: Office) -> None:
    page = hand.page
    hand.click(page.get_by_role("button", name="1 is not an emergency"))
    expect(page.locator(".st-key-what_was_done")).to_be_focused()  # its button is gone
    expect(page.get_by_text("1 is noted as no emergency")).to_be_visible()
    hand.took(1, "a-false-alarm")
    with office.context.database.read() as session:
        assert open_emergencies(session) == []


def worries_in_one(hand: Hand) -> None:
    hand.click(hand.page.get_by_role("link", name="What worries people"))
    expect(hand.page.get_by_role("heading", name="Replies", level=1)).to_be_visible()
    expect(hand.page.get_by_text("Twice a week the bins burn.")).to_be_visible()
    expect(hand.page.get_by_text("When are you here again?")).to_have_count(0)
    hand.took(1, "what-worries-people")


def weekly_look_in_one(hand: Hand) -> None:
    hand.click(hand.page.get_by_role("link", name="What works", exact=True))
    expect(hand.page.get_by_role("heading", name="What works", level=1)).to_be_visible()
    expect(hand.page.get_by_text(re.compile("28 days")).first).to_be_visible()
    hand.took(1, "weekly-look")
    hand.click(hand.page.get_by_role("link", name="Make a one-page briefing"))
    expect(hand.page.get_by_role("button", name="Download: PDF")).to_be_visible()
    hand.took(2, "make-a-report")


def repeat_in_two(hand: Hand, office: Office) -> None:
    hand.page.goto(f"{office.address}/post?id=1")
    settled(hand.page)
    hand.click(hand.page.get_by_role("link", name="Use again"))
    expect(hand.page.get_by_label("Text", exact=True)).to_have_value(OUT)
    hand.click(hand.page.get_by_role("button", name="Send for approval"))
    expect(hand.page.get_by_role("heading", name="Post", exact=True)).to_be_visible()
    hand.took(2, "use-again")
    assert office.status(OUT) == "queued"


def approve_in_one_each(hand: Hand, office: Office) -> None:
    page = hand.page
    hand.click(page.get_by_role("link", name=re.compile("4 posts wait for approval")))
    heads = page.get_by_role("heading", level=2).filter(has_text=re.compile(r"Post \d+"))
    expect(heads).to_have_count(4)
    assert faults_of_all(page) == []
    following = heads.nth(1).inner_text()
    hand.click(page.get_by_role("button", name=re.compile("^Approve post")).first)
    expect(page.get_by_text(re.compile(r"Post \d+ is approved")).first).to_be_visible()
    expect(heads).to_have_count(3)
    expect(page.get_by_role("heading", name=following)).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(heads).to_have_count(2)
    settled(page)
    hand.click(page.get_by_role("button", name=re.compile("^Approve post")).first)
    expect(heads).to_have_count(1)
    hand.took(3, "approve")  # one to open; three posts, one of them by keys
    assert office.status("What matters to you?") == "queued"
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # its two numbers
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    for path, title in (("help", "Help"), ("accessibility", "Accessibility statement")):
        page.goto(f"{office.address}/{path}")
        settled(page)
        expect(page.get_by_role("heading", name=title, exact=True, level=1)).to_be_visible()
        assert faults_of_all(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def pause_in_two(hand: Hand, office: Office) -> None:
    hand.click(hand.page.get_by_role("link", name="Pause everything").first)
    hand.click(hand.page.get_by_role("button", name="Pause everything now"))
    expect(hand.page.get_by_text("All publishing is stopped").first).to_be_visible()
    hand.took(2, "pause-everything")
    with office.context.database.read() as session:
        assert len(holds_now(session, office.context.clock.now())) == 1
