"""Accounts and health says what is not read: for want of money, in times of trouble, and on X without an agreement."""

from datetime import timedelta

import pytest

from social.accounts import Account
from social.clock import SettableClock
from social.collect_budget import Cost, Left
from social.collecting import collect
from social.context import Context
from social.gaps import ReadingGap
from social.publications import Publication, record_publication
from tests.views.helpers import HOSTILE, Force, OpenPage, text_of

pytestmark = pytest.mark.sqlite_only


def test_an_installation_at_work_says_that_nothing_is_left_unread(force: Force, open_page: OpenPage) -> None:
    app = open_page("health")
    assert not app.exception
    assert "Nothing that is due is left unread." in text_of(app)
    assert "No account went unread for longer than expected in the last week." in text_of(app)


def test_what_is_left_unread_is_shown_with_its_price_and_the_reason(
    force: Force, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    force.publish()
    spent = Left(
        force.context.clock.now(), today=0, month=90_000, day_ends=force.context.clock.now() + timedelta(hours=14)
    )
    cost = Cost(item=400, figures=400, aside=40_000)
    monkeypatch.setattr("social.collect_unread.left_of", lambda *_: (cost, spent))
    app = open_page("health")
    assert "town-desk: 1 post, about " in text_of(app)
    assert "Reading them now would cost about £0.0" in text_of(app)
    assert "Why they are not read: today's share of the month's money for reading is spent." in text_of(app)
    assert any("Replies may stand there that nobody has seen." in box.value for box in app.warning)


def test_a_gap_is_told_in_plain_words_while_it_lasts_and_when_it_is_filled(
    force: Force, open_page: OpenPage, clock: SettableClock
) -> None:
    force.publish()
    collect(force.context)
    clock.advance(timedelta(hours=3))
    force.network.reachable = False
    collect(force.context)
    asked = open_page("health")
    assert (
        "Nothing was read from town-desk from 1 June, 11:00 until now: no worker of Beatline was at work."
        in text_of(asked)
    )
    assert "It lasts. What was written meanwhile is read from where reading stopped" in text_of(asked)
    force.network.reachable = True
    clock.advance(timedelta(minutes=5))
    collect(force.context)
    assert "It was filled by 1 June, 14:05" in text_of(open_page("health"))


def test_what_is_lost_of_a_gap_is_named_and_odd_names_are_only_text(
    context: Context, force: Force, open_page: OpenPage, clock: SettableClock
) -> None:
    with context.database.write() as session:
        odd = Account(name=HOSTILE[:50], channel="x", credentials_sealed=context.vault.seal({}), added_at=clock.now())
        session.add(odd)
        session.flush()
        week = timedelta(days=7)
        session.add(ReadingGap(account_id=odd.id or 0, began_at=clock.now() - week, noticed_at=clock.now(),
                               reason="network", ended_at=clock.now(), lost_until=clock.now() - timedelta(days=6)))  # fmt: skip
    app = open_page("health")
    assert not app.exception
    assert "could not be searched any more, because the network searches only the last seven days" in text_of(app)
    assert "Replies that name the account may still have come among its mentions." in text_of(app)
    assert not [block for block in app.markdown if HOSTILE[:20] in block.value]


def test_an_account_of_x_says_why_it_waits_for_the_agreement_and_what_to_do(
    context: Context, force: Force, open_page: OpenPage, clock: SettableClock
) -> None:
    """docs/decisions/09; the sentence on the page is the command's."""
    keys = dict.fromkeys(("consumer_key", "consumer_secret", "access_token", "access_token_secret"), "a")
    with context.database.write() as session:
        account = Account(name="moor x", channel="x", platform_id="1", credentials_sealed=context.vault.seal(keys),
                          added_at=clock.now())  # fmt: skip
        session.add(account)
        session.flush()
        publication = Publication(account_id=account.id or 0, platform_id="5", text="Hello", published_at=clock.now())
        record_publication(session, publication, clock.now())
    app = open_page("health")
    assert not app.exception
    assert any("until an agreement with the network is recorded" in box.value for box in app.warning)
    for words in (
        "X's developer agreement lets a public body such as a police force",
        "record it (whoever looks after Beatline can)",
        "Why they are not read: the written agreement that the network asks a public body for is not recorded.",
    ):
        assert words in text_of(app)
    with context.database.write() as session:
        stored = session.get_one(Account, account.id)
        stored.agreement_reference = "Contract 7 of 2026"
        session.add(stored)
    assert "developer agreement lets" not in text_of(open_page("health"))


def test_the_page_says_how_soon_an_emergency_is_found(force: Force, open_page: OpenPage, clock: SettableClock) -> None:
    force.publish()
    collect(force.context)
    clock.advance(timedelta(days=5))
    collect(force.context)
    asked = text_of(open_page("health"))
    assert "town-desk: replies are found within 4 minutes, whatever the age of the post." in asked
