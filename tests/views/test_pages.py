"""Every page opens: full, empty, for each role, and when something has failed."""

import re
from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import OperationalError

from scheduler.entries import Heartbeat
from scheduler.planning import PostInput, plan_post, send_for_approval
from scheduler.worker import publish_due
from social.accounts import Account
from social.channels import memory
from social.context import Context
from social.errors import Refused
from social.staff import Person
from social.views import parts, sign_in
from tests.views.helpers import HOSTILE, PAGES, Force, OpenPage, text_of

NEEDS = {"write": "You may not plan posts", "replies": "You may not read replies"}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_an_empty_home_opens_and_says_so(name: str, open_page: OpenPage) -> None:
    app = open_page(name)
    assert not app.exception
    assert len(app.title) == 1
    assert any("As of Monday 1 June 2026, 10am" in caption.value for caption in app.caption)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_a_working_force_opens(name: str, force: Force, open_page: OpenPage) -> None:
    post_id = force.publish()
    force.answer(post_id, "Lovely to see you on our street!")
    force.past("lighthearted", 6, reach=1000, reactions=80)
    app = open_page(name, id=str(post_id))
    assert not app.exception
    assert any("Practice" in notice.value for notice in app.info)


@pytest.mark.sqlite_only
@pytest.mark.parametrize("name", PAGES)
def test_words_of_outsiders_never_reach_markdown(name: str, force: Force, open_page: OpenPage) -> None:
    post_id = force.publish(text=f"Our post {HOSTILE}")
    force.answer(post_id, HOSTILE, kind="emergency", stance="negative")
    with force.context.database.write() as session:
        force.place.name = f"Hexley {HOSTILE}"
        force.author.name = f"Nia {HOSTILE}"
        session.add_all([force.place, force.author])
    force.past("survey", 6, reach=1000, reactions=20)
    force.past("lighthearted", 6, reach=1000, reactions=90)
    app = open_page(name, as_person=force.corporate, id=str(post_id), thread="1")
    assert not app.exception
    rendered = [
        *(block.value for kind in ("markdown", "caption", "header", "subheader", "title") for block in app.get(kind)),
        *(block.value for kind in ("error", "warning", "info", "success") for block in app.get(kind)),
        *(block.label for kind in ("button", "checkbox", "metric", "expander", "page_link") for block in app.get(kind)
          if hasattr(block, "label")),
    ]  # fmt: skip
    for block in app.get("html"):
        rendered += re.findall("<script|<img", block.proto.body)
    assert rendered
    assert not [text for text in rendered if re.search(r"beacon|<script|<img", str(text))]


@pytest.mark.sqlite_only
def test_the_thread_shows_the_words_as_they_were_written(force: Force, open_page: OpenPage) -> None:
    publication_id = force.answer(force.publish(), HOSTILE)
    app = open_page("replies", thread=str(publication_id))
    assert HOSTILE in [block.value for block in app.text]


@pytest.mark.sqlite_only
@pytest.mark.parametrize(("name", "words"), NEEDS.items())
def test_a_page_asks_for_the_right_itself(name: str, words: str, force: Force, open_page: OpenPage) -> None:
    app = open_page(name, as_person=force.reader)
    assert any(words in error.value for error in app.error)
    assert not app.text_area


@pytest.mark.sqlite_only
@pytest.mark.parametrize("name", PAGES)
def test_a_database_that_fails_is_told_in_words(
    name: str, force: Force, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    force.publish()

    def broken(_page: parts.Page) -> None:
        raise OperationalError("SELECT secret", {}, Exception("no such host db.invalid"))

    monkeypatch.setattr(parts.Page, "read", broken)
    app = open_page(name)
    assert not app.exception
    shown = " ".join(error.value for error in app.error)
    assert "db.invalid" not in shown
    if name != "write":  # writing needs nothing from the database but the areas
        assert "The database did not answer" in shown


@pytest.mark.sqlite_only
def test_today_names_a_refused_post_with_its_reason_and_what_to_do(force: Force, open_page: OpenPage) -> None:
    force.plan()
    force.network.fail_next("publish", Refused("memory", "publish", "187", "The network has this text already."))
    force.context.clock.advance(timedelta(hours=1))
    publish_due(force.context)
    said = text_of(open_page("today"))
    assert "The network has this text already." in said
    assert "change what the network refused" in said
    assert f"Who decides: {force.author.name}" in said
    assert "Nothing needs you" not in said


@pytest.mark.sqlite_only
def test_today_says_in_red_that_the_worker_is_silent(force: Force, context: Context, open_page: OpenPage) -> None:
    with context.database.write() as session:
        seen = context.clock.now() - timedelta(minutes=5)
        session.add(Heartbeat(worker="one", started_at=seen, seen_at=seen))
    app = open_page("today")
    assert any("5 minutes ago" in error.value and "Nothing goes out" in error.value for error in app.error)


@pytest.mark.sqlite_only
def test_today_is_quiet_about_a_worker_at_work(force: Force, context: Context, open_page: OpenPage) -> None:
    with context.database.write() as session:
        seen = context.clock.now() - timedelta(seconds=20)
        session.add(Heartbeat(worker="one", started_at=seen, seen_at=seen))
    assert not open_page("today").error


@pytest.mark.sqlite_only
def test_today_puts_an_emergency_first_and_names_999(force: Force, open_page: OpenPage) -> None:
    post_id = force.publish()
    force.answer(post_id, "Someone is breaking in next door right now", kind="emergency", stance="unknown", p=None)
    app = open_page("today")
    assert any("999" in error.value for error in app.error)
    assert "Someone is breaking in next door right now" in text_of(app)


@pytest.mark.sqlite_only
def test_today_shows_an_author_what_was_sent_back(force: Force, open_page: OpenPage) -> None:
    from scheduler.planning import ask_for_changes

    post_id = force.plan(kind="survey", text="What should we look at next?")
    ask_for_changes(force.context, post_id, force.corporate, "Add the link to the form.")
    assert "Add the link to the form." in text_of(open_page("today", as_person=force.author))
    assert "Add the link to the form." not in text_of(open_page("today", as_person=force.corporate))


@pytest.mark.sqlite_only
def test_replies_can_be_narrowed_and_an_empty_answer_says_why(force: Force, open_page: OpenPage) -> None:
    post_id = force.publish()
    force.answer(post_id, "Thank you for walking here", kind="thanks")
    force.answer(post_id, "When is the next meeting?", kind="question", stance="neutral", p=(0.1, 0.8, 0.1))
    app = open_page("replies")
    app.multiselect(key="r_kind").set_value(["question"]).run()
    assert "When is the next meeting?" in text_of(app)
    assert "Thank you for walking here" not in text_of(app)
    app.multiselect(key="r_kind").set_value(["lead"]).run()
    assert "No reply fits these filters." in [info.value for info in app.info]


@pytest.mark.sqlite_only
def test_a_language_that_cannot_be_scored_is_not_called_neutral(force: Force, open_page: OpenPage) -> None:
    force.answer(force.publish(), "Dziękuję bardzo", kind="other", stance="unknown", p=None, lang="pl")
    app = open_page("replies")
    said = " ".join(caption.value for caption in app.caption)
    assert "cannot be told (language: Polish)" in said
    assert "Neutral" not in said


@pytest.mark.sqlite_only
def test_an_account_that_waits_or_is_paused_says_why(force: Force, context: Context, open_page: OpenPage) -> None:
    with context.database.write() as session:
        force.account.state, force.account.paused_reason = "paused", "The network asks for a new token."
        session.add(force.account)
    app = open_page("health")
    assert "Why: The network asks for a new token." in text_of(app)


@pytest.mark.sqlite_only
def test_today_says_that_an_account_is_paused_and_why(force: Force, context: Context, open_page: OpenPage) -> None:
    """Its posts are neither sent nor held: without this they would grow late with nobody told."""
    with context.database.write() as session:
        force.account.state, force.account.paused_reason = "paused", "The network asks for a new token."
        session.add(force.account)
    app = open_page("today")
    assert "An account is paused" in [error.proto.title for error in app.error]
    assert f"{force.account.name}: The network asks for a new token." in text_of(app)


@pytest.mark.sqlite_only
def test_credentials_that_do_not_open_are_named_and_the_rest_of_the_page_stands(
    force: Force, context: Context, open_page: OpenPage
) -> None:
    with context.database.write() as session:
        force.account.credentials_sealed = b"sealed with another key"
        session.add(force.account)
    context.forget_channels()
    app = open_page("health")
    assert any("credentials do not open" in error.value for error in app.error)
    assert any("Latest attempts" in header.value for header in app.header)


@pytest.mark.sqlite_only
def test_followers_that_no_network_told_are_not_reported(force: Force, open_page: OpenPage) -> None:
    assert "Followers: not reported" in text_of(open_page("health"))


@pytest.mark.sqlite_only
def test_practice_lets_a_person_try_each_role(force: Force, open_page: OpenPage) -> None:
    app = open_page("today", as_person=force.reader)
    assert app.sidebar.selectbox(key="act_as").value == force.reader.id
    assert "Replies" not in [link.label for link in app.sidebar.get("page_link")]
    app.sidebar.selectbox(key="act_as").set_value(force.corporate.id).run()
    assert "Replies" in [link.label for link in app.sidebar.get("page_link")]


@pytest.mark.sqlite_only
def test_a_real_account_ends_the_switching_of_roles(force: Force, context: Context, open_page: OpenPage) -> None:
    with context.database.write() as session:
        force.account.channel = "facebook"
        session.add(force.account)
    app = open_page("health", as_person=force.author)
    assert not app.sidebar.selectbox
    assert "Local user" in app.sidebar.text[0].value
    assert memory.network_of("town-desk").sent == []


@pytest.mark.sqlite_only
def test_nobody_is_let_in_where_others_can_reach_the_app(
    context: Context, open_page: OpenPage, force: Force, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    with context.database.write() as session:
        force.account.channel = "facebook"
        session.add(force.account)
    monkeypatch.setattr(context, "settings", replace(context.settings, host="0.0.0.0"))
    app = open_page("today")
    assert any("Nobody is let in" in error.value for error in app.error)
    assert not app.title


@pytest.mark.sqlite_only
def test_a_browser_on_another_machine_is_not_the_local_user(
    context: Context, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_in, "browser_address", lambda: "192.0.2.7")
    app = open_page("today")
    assert any("Nobody is let in" in error.value for error in app.error)
    assert not app.title


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("listens_on", "headers", "client", "let_in"),
    [
        ("127.0.0.1", {"Host": "127.0.0.1:8501"}, None, True),
        ("localhost", {"Host": "localhost:8501"}, "::1", True),
        ("127.0.0.1", {"Host": "127.0.0.1:8501"}, "192.0.2.7", False),
        ("127.0.0.1", {"Host": "beatline.force.example"}, None, False),
        ("127.0.0.1", {"Host": "127.0.0.1:8501", "X-Forwarded-For": "192.0.2.7"}, None, False),
        ("0.0.0.0", {"Host": "127.0.0.1:8501"}, None, False),
        ("127.0.0.1", {"Host": "[127.0.0.1"}, None, False),
    ],
)
def test_only_a_browser_on_this_machine_acts_without_signing_in(
    listens_on: str, headers: dict[str, str], client: str | None, let_in: bool
) -> None:
    assert sign_in.from_this_machine(listens_on, headers, client) is let_in


@pytest.mark.sqlite_only
def test_a_person_who_left_cannot_be_chosen(force: Force, context: Context, open_page: OpenPage) -> None:
    with context.database.write() as session:
        gone = session.get_one(Person, force.author.id)
        gone.active = False
    app = open_page("today", as_person=force.author)
    assert not [option for option in app.sidebar.selectbox(key="act_as").options if "Nia" in option]
    assert app.sidebar.selectbox(key="act_as").value == force.corporate.id


@pytest.mark.sqlite_only
def test_an_older_emergency_that_nobody_closed_is_counted_and_not_lost(
    force: Force, context: Context, open_page: OpenPage
) -> None:
    """R19."""
    force.answer(force.publish(), "someone is on the tracks now", kind="emergency")
    context.clock.advance(timedelta(days=29))  # type: ignore[attr-defined]
    app = open_page("replies")
    assert "someone is on the tracks now" not in text_of(app)
    assert any("1 older reply reads like an emergency" in error.value for error in app.error)
    next(button for button in app.button if button.label == "Show older replies too").click().run()
    assert "someone is on the tracks now" in text_of(app)
    assert any("Pass each to the control room now." in error.value for error in app.error)
    assert "someone is on the tracks now" in text_of(open_page("today"))


@pytest.mark.sqlite_only
def test_the_address_names_the_kinds_of_replies_to_show(force: Force, open_page: OpenPage) -> None:
    post_id = force.publish()
    force.answer(post_id, "What time is it?", kind="question")
    force.answer(post_id, "I saw the red van.", kind="lead")
    shown = text_of(open_page("replies", kinds="lead,nonsense"))
    assert "I saw the red van." in shown
    assert "What time is it?" not in shown
    assert "Pass each to whoever leads the enquiry" in shown


@pytest.mark.sqlite_only
def test_a_page_of_replies_that_no_longer_exists_is_the_last_one(force: Force, open_page: OpenPage) -> None:
    post_id = force.publish()
    for number in range(60):
        force.answer(post_id, f"banter {number}", kind="banter" if number else "question")
    app = open_page("replies", page="3")
    assert "Page 3 of 3" in text_of(app)
    app = open_page("replies", page="9", kinds="question")
    assert not app.exception
    assert "banter 0" in text_of(app)


@pytest.mark.sqlite_only
def test_two_accounts_of_one_stuck_post_are_one_post(force: Force, context: Context, open_page: OpenPage) -> None:
    with context.database.write() as session:
        second = Account(name="village-desk", channel="memory", handle="village", platform_id="2",
                         credentials_sealed=context.vault.seal({}), added_at=context.clock.now())  # fmt: skip
        session.add(second)
    given = PostInput("patrol_update", "On foot today.", ("town-desk", "village-desk"), datetime(2026, 6, 1, 11, 0))
    post_id = plan_post(context, given, force.author)
    send_for_approval(context, post_id, force.author)
    context.clock.advance(timedelta(days=1))  # type: ignore[attr-defined]
    publish_due(context)
    assert "1 post has not gone out as planned:" in text_of(open_page("today"))


@pytest.mark.sqlite_only
def test_whoever_was_chosen_for_practice_is_known_from_the_address(force: Force, open_page: OpenPage) -> None:
    """A page that is loaded anew forgets everything but its address."""
    app = open_page("today", act_as="Priya Holt (reader)")
    assert app.selectbox(key="act_as").value == force.reader.id
    assert not [button for button in app.button if button.key == "today_write"]


@pytest.mark.sqlite_only
@pytest.mark.parametrize("name", ["today", "calendar"])
def test_whoever_was_chosen_for_practice_gets_from_a_page_to_writing(
    name: str, force: Force, open_page: OpenPage
) -> None:
    app = open_page(name, act_as="Nia Abbot (writes posts)")
    app.button(key=f"{name}_write").click().run()
    assert not app.exception
    assert app.title[0].value == "Write a post"
    assert app.selectbox(key="act_as").value == force.author.id


@pytest.mark.sqlite_only
def test_a_reader_is_not_asked_to_mend_what_only_others_can(
    force: Force, context: Context, open_page: OpenPage
) -> None:
    force.plan()
    force.network.fail_next("publish", Refused("memory", "publish", "400", "The text is not allowed."))
    context.clock.advance(timedelta(hours=1))  # type: ignore[attr-defined]
    publish_due(context)
    assert "1 post has not gone out as planned:" in text_of(open_page("today", as_person=force.author))
    app = open_page("today", as_person=force.reader)
    assert "not gone out as planned" not in text_of(app)
    assert any(said.value.startswith("Nothing needs you.") for said in app.success)
