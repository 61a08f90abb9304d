"""A post with several pictures stops where something went wrong, goes on there, and readers see one whole post or none."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from social.accounts import Account, account_named
from social.accounts_admin import add_account, verify_account
from social.channels.base import Draft, Picture
from social.channels.registry import make_channel
from social.clock import SettableClock
from social.context import Context, open_context
from social.errors import ChannelError, OutcomeUnknown, TryLater
from social.kept_uploads import KEPT_FOR, UploadedPicture
from social.practice.faults import Fault
from social.practice.network import PracticeNetwork

NAMES = ("A gate.", "A duck.", "A library.")


@pytest.fixture
def practice(tmp_path: Path, clock: SettableClock) -> Iterator[PracticeNetwork]:
    with PracticeNetwork(tmp_path / "practice", clock=clock, history_weeks=0) as network:
        yield network


@pytest.fixture(params=["x", "facebook"])
def account(request: pytest.FixtureRequest, context: Context, practice: PracticeNetwork) -> Account:
    page = practice.page_id if request.param == "facebook" else None
    add_account(context, channel=request.param, name="hexley", base_url=practice.base_url, page_id=page,
                credentials=practice.credentials(request.param))  # fmt: skip
    verify_account(context, "hexley")
    with context.database.read() as session:
        return account_named(session, "hexley")


def draft(*names: str) -> Draft:
    pictures = tuple(Picture(b"\x89PNG" + name.encode() * 50, "image/png", name) for name in names or NAMES)
    return Draft("Three things at Marlpit End.", None, pictures)


def publish(context: Context, account: Account, what: Draft) -> str:
    return context.channel(account).publish(what, key="k").platform_id


def uploads(practice: PracticeNetwork, account: Account) -> int:
    """How many pictures the network ever took."""
    rows = practice.world.store.rows("SELECT COUNT(*) AS n FROM media WHERE network = ?", account.channel)
    return int(rows[0]["n"])


def kept(context: Context) -> int:
    with context.database.read() as session:
        return len(session.exec(select(UploadedPicture)).all())


@pytest.mark.parametrize("fault", ["500_before", "reset_before", "429"])
def test_what_was_brought_before_it_broke_off_is_not_brought_again(
    context: Context, practice: PracticeNetwork, account: Account, clock: SettableClock, fault: str
) -> None:
    each = 2 if account.channel == "x" else 1  # X takes a picture and its description apart
    practice.faults.add(Fault("media", fault, skip=2 * each))
    with pytest.raises(TryLater):
        publish(context, account, draft())
    assert practice.truth() == [], "a post with two of its three pictures is no post"
    assert (uploads(practice, account), kept(context)) == (2, 2)
    clock.advance(timedelta(minutes=31))
    publish(context, account, draft())
    (post,) = practice.truth()
    assert post["alt_texts"] == list(NAMES)
    assert (uploads(practice, account), kept(context)) == (3, 0)


def test_another_worker_goes_on_where_the_first_one_stopped(
    context: Context, practice: PracticeNetwork, account: Account, clock: SettableClock
) -> None:
    practice.faults.add(Fault("publish", "429"))
    with pytest.raises(TryLater):
        publish(context, account, draft())
    clock.advance(timedelta(minutes=31))
    other = open_context(context.settings, make_channel, clock)
    try:
        publish(other, account, draft())
    finally:
        other.database.close()
    assert uploads(practice, account) == 3
    assert practice.truth()[0]["alt_texts"] == list(NAMES)


def test_pictures_that_a_post_may_show_already_are_not_used_again(
    context: Context, practice: PracticeNetwork, account: Account
) -> None:
    practice.faults.add(Fault("publish", "reset_after"))
    with pytest.raises(OutcomeUnknown):
        publish(context, account, draft())
    assert kept(context) == 0
    assert len(practice.truth()) == 1


def test_a_picture_with_another_description_is_another_and_an_old_upload_is_not_trusted(
    context: Context, practice: PracticeNetwork, account: Account, clock: SettableClock
) -> None:
    practice.faults.add(Fault("publish", "429"))
    with pytest.raises(ChannelError):
        publish(context, account, draft("A gate."))
    gate = draft("A gate.").pictures[0]
    clock.advance(timedelta(minutes=31))
    publish(context, account, Draft("One.", None, (Picture(gate.content, gate.mime, "A mended gate."),)))
    assert uploads(practice, account) == 2
    clock.advance(KEPT_FOR)
    publish(context, account, draft("A gate."))
    assert uploads(practice, account) == 3


def test_the_same_picture_twice_in_one_post_is_two_pictures(
    context: Context, practice: PracticeNetwork, account: Account
) -> None:
    publish(context, account, draft("A gate.", "A gate."))
    assert practice.truth()[0]["alt_texts"] == ["A gate.", "A gate."]
    assert uploads(practice, account) == 2
