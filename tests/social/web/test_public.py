"""Facebook's deliveries: signed ones are queued and bring the next look forward; whatever else comes does no harm."""

import gc
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col, select, update

from social import rounds
from social.accounts import account_named
from social.accounts_admin import add_account, verify_account
from social.audit import AuditRecord
from social.channels.base import Draft
from social.channels.registry import make_channel
from social.clock import SettableClock, steady_seconds
from social.collecting import collect
from social.context import Context
from social.errors import InputError, NotAllowed
from social.interactions import Interaction
from social.practice.network import PracticeNetwork
from social.practice.webhooks import bodies_since, body_of, signature
from social.publications import CollectingState, Publication, record_publication
from social.staff import Role, find_or_add_person
from social.web import public
from social.web.public import HOOK, public_app
from social.webhook_accounts import subscribe_account
from social.webhook_work import KEPT, take_in
from social.webhooks import MOST_BYTES, Delivery, changes_in
from tests.social.administrators import administrators
from tests.social.web.asgi import Answer, ask, get

SECRET, TOKEN = "an app's secret", "is it you?"


@pytest.fixture
def open_context(context: Context, monkeypatch: pytest.MonkeyPatch) -> Context:
    monkeypatch.setattr(public, "ANSWER_WITHIN", 20.0)  # a busy machine is not what is tried here
    context.settings = replace(context.settings, facebook_app_secret=SECRET, webhook_token=TOKEN)
    return context


@pytest.fixture
def practice(tmp_path: Path, clock: SettableClock) -> Iterator[PracticeNetwork]:
    with PracticeNetwork(tmp_path / "practice", clock=clock, seed=5, history_weeks=1) as network:
        yield network


def deliver(context: Context, body: bytes, **headers: str) -> Answer:
    given = headers or {"x_hub_signature_256": signature(SECRET, body)["X-Hub-Signature-256"]}
    return ask(public_app(lambda: context), "POST", HOOK, body=body, **given)


def waiting(context: Context) -> list[Delivery]:
    with context.database.read() as session:
        return list(session.exec(select(Delivery).where(col(Delivery.done_at).is_(None)).order_by(col(Delivery.id))))


def told(**more: Any) -> dict[str, Any]:
    return {
        "item": "comment", "verb": "add", "post_id": "1_2", "comment_id": "2_3", "parent_id": "1_2",
        "created_time": 1_780_000_000, "message": "Thank you Sgt Quill", "from": {"id": "99", "name": "Ada Quill"},
    } | more  # fmt: skip


def body(*values: Any, page: str = "1") -> bytes:
    entry = {"id": page, "time": 1_780_000_001, "changes": [{"field": "feed", "value": value} for value in values]}
    return json.dumps({"object": "page", "entry": [entry]}).encode()


def test_the_challenge_goes_back_only_to_whoever_knows_the_token(open_context: Context) -> None:
    app = public_app(lambda: open_context)
    right = get(app, f"{HOOK}?hub.mode=subscribe&hub.verify_token=is%20it%20you%3F&hub.challenge=1158201444")
    assert (right.status, right.text) == (200, "1158201444")
    wrong = get(app, f"{HOOK}?hub.mode=subscribe&hub.verify_token=guess&hub.challenge=1158201444")
    assert (wrong.status, "1158201444" in wrong.text) == (403, False)
    open_context.settings = replace(open_context.settings, webhook_token="")
    assert get(app, f"{HOOK}?hub.mode=subscribe&hub.verify_token=&hub.challenge=1").status == 403


def test_a_signed_delivery_is_queued_without_words_or_names(open_context: Context) -> None:
    assert deliver(open_context, body(told())).status == 200
    (kept,) = waiting(open_context)
    assert (kept.page, kept.post, kept.item, kept.verb) == ("1", "1_2", "2_3", "add")
    assert kept.told_at == datetime.fromtimestamp(1_780_000_000, UTC)
    assert "Quill" not in repr(kept.model_dump())
    assert "99" not in {kept.page, kept.post, kept.item}


def test_what_is_not_signed_by_the_app_is_turned_away(open_context: Context) -> None:
    good = body(told())
    forged = signature("another secret", good)["X-Hub-Signature-256"]
    assert deliver(open_context, good, x_hub_signature_256=forged).status == 403
    assert deliver(open_context, good, content_type="application/json").status == 403
    changed = good.replace(b"2_3", b"2_4")
    assert (
        deliver(open_context, changed, x_hub_signature_256=signature(SECRET, good)["X-Hub-Signature-256"]).status == 403
    )
    assert waiting(open_context) == []


def test_without_a_secret_nothing_is_taken(context: Context) -> None:
    unsigned = body(told())
    assert deliver(context, unsigned, x_hub_signature_256=signature("", unsigned)["X-Hub-Signature-256"]).status == 404


def test_a_body_that_is_too_long_is_turned_away_before_it_is_read(open_context: Context) -> None:
    long = b"{" + b" " * MOST_BYTES + b"}"
    assert deliver(open_context, long).status == 413
    assert deliver(open_context, b"{}", content_length=str(MOST_BYTES + 1)).status == 413


def test_a_repeated_delivery_is_kept_once_and_order_does_not_matter(open_context: Context) -> None:
    first, second = body(told()), body(told(verb="remove", created_time=1_780_000_100))
    for one in (second, first, first, second, first):
        assert deliver(open_context, one).status == 200
    assert sorted(one.verb for one in waiting(open_context)) == ["add", "remove"]
    assert take_in(open_context) == 2
    assert deliver(open_context, first).status == 200
    assert waiting(open_context) == []


def test_a_signed_body_that_cannot_be_read_is_answered_so_that_it_is_not_repeated(open_context: Context) -> None:
    for unreadable in (b"", b"[", b"[]", b'"page"', b"\xff\xfe", b"[" * 100_000):
        assert deliver(open_context, unreadable).status == 200
    assert waiting(open_context) == []


def test_a_delivery_is_answered_at_once_also_while_somebody_holds_the_database(
    open_context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Facebook does not wait: it is asked to come again, and what it told of then is there once."""
    monkeypatch.setattr(public, "ANSWER_WITHIN", 0.09)
    with open_context.database.write():
        begun = steady_seconds()
        assert deliver(open_context, body(told())).status == 503
        assert steady_seconds() - begun < 5, "a database's own patience is thirty seconds"
    monkeypatch.setattr(public, "ANSWER_WITHIN", 20.0)
    assert deliver(open_context, body(told())).status == 200
    gc.collect()  # the applications are gone, and with them what waited in them
    for thread in threading.enumerate():
        if thread.name.startswith("deliveries"):
            thread.join(20)
    assert len(waiting(open_context)) == 1


def test_one_change_that_cannot_be_read_costs_no_other() -> None:
    given = body(told(post_id={}), None, told(verb="burn"), told(created_time="soon"), "x", told(comment_id="7_8"))
    assert [one.item for one in changes_in(given)] == ["2_3", "7_8"]  # without a time of its own: the entry's


KEYS = (
    "object",
    "entry",
    "changes",
    "field",
    "value",
    "id",
    "item",
    "verb",
    "time",
    "post_id",
    "comment_id",
    "created_time",
)
LEAVES = st.none() | st.booleans() | st.floats(allow_nan=False) | st.integers() | st.text(max_size=8)


def around(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return LEAVES | st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)


JSON = around(around(around(LEAVES)))


@given(JSON)
def test_no_json_object_breaks_the_reading(given: Any) -> None:
    document = {"object": "page", "entry": given} if not isinstance(given, dict) else {"object": "page", **given}
    for one in changes_in(json.dumps(document).encode()):
        assert one.page
        assert one.post


def test_a_delivery_brings_the_next_look_forward(
    open_context: Context, practice: PracticeNetwork, clock: SettableClock
) -> None:
    """A reply is there as soon as Facebook has told of it, hours before its post would have been looked at again."""
    publication = _published(open_context, practice, clock)
    clock.advance(timedelta(days=4))
    collect(open_context, everything=True)
    before = clock.now()
    assert _next_look(open_context, publication) > before
    clock.advance(timedelta(hours=1))
    collect(open_context)
    told_of = bodies_since(practice, before - timedelta(days=30))
    assert told_of
    assert all(deliver(open_context, one).status == 200 for one in told_of)
    assert take_in(open_context) > 0
    assert _next_look(open_context, publication) == clock.now()
    collect(open_context)
    assert _heard(open_context) == {
        one["platform_id"] for one in practice.said() if one["network"] == "facebook" and not one["gone"]
    }


def test_a_delivery_while_its_post_is_being_looked_at_is_not_forgotten(
    open_context: Context, practice: PracticeNetwork, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was written behind the look's back is read with the next round, not hours later."""
    publication = _published(open_context, practice, clock)
    clock.advance(timedelta(days=4))
    collect(open_context, everything=True)
    clock.advance(timedelta(hours=5))
    plan = rounds.plan_next

    def told_meanwhile(*args: Any, **options: Any) -> None:
        monkeypatch.setattr(rounds, "plan_next", plan)
        args[0].connection().execute(update(CollectingState).values(next_at=clock.now()))  # as `take_in` does
        plan(*args, **options)

    monkeypatch.setattr(rounds, "plan_next", told_meanwhile)
    collect(open_context)
    assert _next_look(open_context, publication) == clock.now()
    collect(open_context)
    assert _next_look(open_context, publication) > clock.now()


def test_what_deliveries_miss_is_found_by_looking(
    open_context: Context, practice: PracticeNetwork, clock: SettableClock
) -> None:
    _published(open_context, practice, clock)
    clock.advance(timedelta(days=2))
    some = [one for one in practice.said() if one["network"] == "facebook"][::2]
    assert deliver(open_context, body_of(practice.page_id, some)).status == 200
    take_in(open_context)
    collect(open_context, everything=True)
    assert _heard(open_context) == {
        one["platform_id"] for one in practice.said() if one["network"] == "facebook" and not one["gone"]
    }


def test_deliveries_about_what_is_not_ours_end_there_and_are_forgotten(
    open_context: Context, clock: SettableClock
) -> None:
    assert deliver(open_context, body(told(post_id="5_6"))).status == 200
    assert take_in(open_context) == 1
    assert take_in(open_context) == 0
    clock.advance(KEPT + timedelta(hours=1))
    assert deliver(open_context, body(told(comment_id="2_9"))).status == 200
    assert take_in(open_context) == 1
    with open_context.database.read() as session:
        assert [one.item for one in session.exec(select(Delivery))] == ["2_9"]


def _published(context: Context, practice: PracticeNetwork, clock: SettableClock) -> int:
    """A post that is out on the practice Page.  Returns its publication's id."""
    context.make_channel = make_channel
    add_account(context, channel="facebook", name="page", page_id=practice.page_id, base_url=practice.base_url,
                credentials=practice.credentials("facebook"))  # fmt: skip
    verify_account(context, "page")
    with context.database.read() as session:
        account = account_named(session, "page")
    out = context.channel(account).publish(Draft("Did you see anything on Mill Lane on Friday night?"), key="1")
    with context.database.write() as session:
        assert account.id is not None
        publication = Publication(account_id=account.id, platform_id=out.platform_id, text="Did you see anything?",
                                  published_at=out.published_at)  # fmt: skip
        record_publication(session, publication, clock.now())
        session.flush()
        assert publication.id is not None
        return publication.id


def _next_look(context: Context, publication_id: int) -> datetime:
    with context.database.read() as session:
        at = session.get_one(CollectingState, publication_id).next_at
    assert at is not None
    return at


def _heard(context: Context) -> set[str]:
    with context.database.read() as session:
        query = select(Interaction.platform_id).where(
            col(Interaction.gone_at).is_(None), col(Interaction.ours).is_(False)
        )
        return set(session.exec(query))


def test_an_account_is_subscribed_by_an_administrator_once_deliveries_can_be_checked(
    open_context: Context, practice: PracticeNetwork, clock: SettableClock
) -> None:
    _published(open_context, practice, clock)
    keeper, _ = administrators(open_context)
    with open_context.database.write() as session:
        author = find_or_add_person(session, "author@woldershire.example", Role.AUTHOR)
    with pytest.raises(NotAllowed):
        subscribe_account(open_context, "page", author)
    subscribe_account(open_context, "page", keeper)
    with open_context.database.read() as session:
        assert [row.action for row in session.exec(select(AuditRecord)) if row.action == "subscribe account"]
    open_context.settings = replace(open_context.settings, facebook_app_secret="")
    with pytest.raises(InputError, match="BEATLINE_FACEBOOK_APP_SECRET"):
        subscribe_account(open_context, "page", keeper)
