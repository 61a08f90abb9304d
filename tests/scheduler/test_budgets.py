"""A month's money is set aside before it is spent, never passed, and never read away from what has to be published."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scheduler.alarming import look_after_alarms
from scheduler.explain import explain
from scheduler.worker import publish_due
from social.account_care import set_budget
from social.accounts import Account, account_named
from social.accounts_admin import add_account, verify_account
from social.alarms import open_alarms
from social.budgets import (
    MILLI,
    Bought,
    Price,
    Standing,
    closed_to_posts,
    give_back_money,
    next_month,
    reserve,
    standing,
    would_stop,
)
from social.budgets import set_budget as keep_budget
from social.channels.base import Draft, Picture
from social.channels.prices import price_of_post
from social.clock import SettableClock
from social.collecting import collect
from social.context import Context
from social.errors import InputError, NotAllowed
from social.practice.faults import Fault
from social.practice.network import PracticeNetwork
from social.staff import Person, Role, find_or_add_person
from tests.scheduler.helpers import Force

POST = Price(Bought.POST, 1200)
READ = Price(Bought.READ, 400)


@pytest.fixture
def network(force: Force, tmp_path: Path, clock: SettableClock) -> Iterator[PracticeNetwork]:
    with PracticeNetwork(tmp_path / "practice", clock=clock, history_weeks=0) as practice:
        add_account(force.context, channel="x", name="hexley-x", base_url=practice.base_url,
                    credentials=practice.credentials("x"))  # fmt: skip
        verify_account(force.context, "hexley-x")
        yield practice


@pytest.fixture
def keeper(context: Context) -> Person:
    with context.database.write() as session:
        return find_or_add_person(session, "keeper@woldershire.example", Role.ADMINISTRATOR)


@pytest.fixture
def account(context: Context) -> Account:
    return add_account(context, channel="memory", name="elderwick", credentials={})


def allow(context: Context, account: Account, **limits: int) -> None:
    with context.database.write() as session:
        wanted = {"pence": None, "posts": None, "reads": None, **limits}
        keep_budget(session, account.id or 0, context.clock.now(), **wanted)  # type: ignore[arg-type]  # builder


def fits(context: Context, account: Account, price: Price) -> bool:
    with context.database.write() as session:
        return reserve(session, account.id or 0, price, context.clock.now()) is None


def stands(context: Context, name: str) -> Standing:
    with context.database.read() as session:
        return standing(session, account_named(session, name), context.clock.now())


def publish_all(force: Force) -> None:
    while publish_due(force.context):
        pass


def test_the_budget_is_never_passed_and_opens_with_the_month(
    context: Context, account: Account, clock: SettableClock
) -> None:
    allow(context, account, pence=3)
    assert [fits(context, account, POST) for _ in range(3)] == [True, True, False]
    assert stands(context, "elderwick").spent_pence == 2.4
    with context.database.read() as session:
        stop = would_stop(session, account.id or 0, POST, clock.now())
        assert closed_to_posts(session, clock.now(), POST.money) == {account.id}
    assert stop is not None
    assert stop.reason == (
        "The budget to publish to elderwick in June is used up. It opens again on 1 July, or when somebody raises it."
    )
    clock.set(stop.opens_at)
    assert fits(context, account, POST)


@pytest.mark.sqlite_only
def test_the_month_is_the_months_of_people_in_summer_and_winter() -> None:
    assert next_month(datetime(2026, 6, 30, 22, 59, tzinfo=UTC)) == datetime(2026, 6, 30, 23, 0, tzinfo=UTC)
    assert next_month(datetime(2026, 6, 30, 23, 0, tzinfo=UTC)) == datetime(2026, 7, 31, 23, 0, tzinfo=UTC)
    assert next_month(datetime(2026, 12, 5, tzinfo=UTC)) == datetime(2027, 1, 1, tzinfo=UTC)
    assert next_month(datetime(2026, 10, 5, tzinfo=UTC)) == datetime(2026, 11, 1, tzinfo=UTC)


def test_reading_leaves_the_share_of_publishing_alone(context: Context, account: Account) -> None:
    allow(context, account, pence=10, kept_for_posts=60)
    assert [fits(context, account, READ) for _ in range(11)] == [True] * 10 + [False]
    assert [fits(context, account, POST) for _ in range(6)] == [True] * 5 + [False]


def test_the_largest_budget_that_can_be_set_is_a_budget_still(context: Context, account: Account) -> None:
    """PostgreSQL's plain numbers end at two thousand million: thousandths of a penny do so at a few hundred pounds."""
    allow(context, account, pence=10**8)
    assert fits(context, account, POST)
    assert fits(context, account, READ)
    with context.database.read() as session:
        assert closed_to_posts(session, context.clock.now(), POST.money) == set()


def test_what_must_not_wait_is_counted_and_never_stopped(context: Context, account: Account) -> None:
    allow(context, account, pence=0, posts=0, reads=0)
    assert not fits(context, account, POST)
    assert not fits(context, account, READ)
    assert fits(context, account, Price(Bought.NEEDED, 800))
    assert stands(context, "elderwick").spent_pence == 0.8


@pytest.mark.parametrize(("limits", "price"), [({"posts": 5}, POST), ({"reads": 5}, READ), ({"pence": 6}, POST)])
def test_two_workers_that_ask_at_once_cannot_both_take_the_last_of_it(
    context: Context, account: Account, limits: dict[str, int], price: Price
) -> None:
    allow(context, account, kept_for_posts=0, **limits)
    taken: list[bool] = []
    together = threading.Barrier(4)

    def take() -> None:
        together.wait()
        taken.extend(fits(context, account, price) for _ in range(4))

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(taken) == 5


def test_what_was_not_spent_comes_back_and_nothing_falls_below_nought(context: Context, account: Account) -> None:
    allow(context, account, pence=2)
    assert [fits(context, account, POST), fits(context, account, POST)] == [True, False]
    with context.database.write() as session:
        for _ in range(2):
            give_back_money(session, account.id or 0, POST, context.clock.now())
    assert stands(context, "elderwick").spent_pence == 0
    assert fits(context, account, POST)


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("text", "link", "pence"),
    [
        ("Ducks.", None, 1.2),
        ("See gov.uk", None, 16),
        ("Ducks.", "https://a.example", 16),
        ("Half a.m. or so", None, 1.2),
    ],
)
def test_a_link_costs_what_x_charges_for_one(context: Context, text: str, link: str | None, pence: float) -> None:
    account = Account(name="a", channel="x", credentials_sealed=b"", added_at=context.clock.now())
    price = price_of_post(account, Draft(text, link), context.settings)
    assert price is not None
    assert price.money == round(pence * MILLI)
    pictured = price_of_post(account, Draft(text, link, (Picture(b"", "image/png", "A duck."),)), context.settings)
    assert pictured is not None
    assert pictured.money == price.money + 800
    account.channel = "facebook"
    assert price_of_post(account, Draft(text, link), context.settings) is None


def test_posts_stop_before_the_budget_is_passed_say_why_and_go_when_it_is_raised(
    force: Force, network: PracticeNetwork, keeper: Person
) -> None:
    spent = stands(force.context, "hexley-x").spent_pence
    set_budget(force.context, "hexley-x", keeper, pence=round(spent + 3), posts=None, reads=None)
    for number in range(3):
        force.queued(f"Ducks {number}.", account_names=("hexley-x",))
    publish_all(force)
    assert [entry.state for entry in force.entries()] == ["published", "published", "queued"]
    assert len(network.truth()) == 2
    with force.context.database.read() as session:
        story = "\n".join(explain(session, force.entries()[2].id, force.clock.now()))
    assert "The budget to publish to hexley-x in June is used up. It opens again on 1 July" in story
    look_after_alarms(force.context)
    with force.context.database.read() as session:
        (alarm,) = open_alarms(session)
    assert "This month's budget for publishing to hexley-x is used up." in alarm.text
    set_budget(force.context, "hexley-x", keeper, pence=100, posts=None, reads=None)
    force.clock.advance(timedelta(minutes=5))
    publish_all(force)
    assert [entry.state for entry in force.entries()] == ["published"] * 3
    look_after_alarms(force.context)
    with force.context.database.read() as session:
        assert open_alarms(session) == []


@pytest.mark.parametrize(("fault", "pence"), [("reset_after", 1.2), ("500_before", 1.2), ("429", 0.0)])
def test_an_unknown_outcome_counts_as_spent_and_one_that_is_known_comes_back(
    force: Force, network: PracticeNetwork, fault: str, pence: float
) -> None:
    before = stands(force.context, "hexley-x").spent_pence
    network.faults.add(Fault("publish", fault))
    force.queued("Ducks.", account_names=("hexley-x",))
    publish_due(force.context)
    assert round(stands(force.context, "hexley-x").spent_pence - before, 3) == pence


def test_reading_is_paid_for_by_what_it_brings_and_once_a_day(force: Force, network: PracticeNetwork) -> None:
    force.queued("Ducks.", account_names=("hexley-x",))
    publish_all(force)
    force.clock.advance(timedelta(hours=6))
    before = stands(force.context, "hexley-x")
    first = collect(force.context, everything=True)
    after = stands(force.context, "hexley-x")
    assert 0 < after.spent_reads <= 2 * first.replies + 1
    assert after.read_pence <= 0.4 * after.spent_reads
    assert before.spent_posts == after.spent_posts == 1
    collect(force.context, everything=True)
    assert stands(force.context, "hexley-x").spent_reads == after.spent_reads


def test_reading_stops_at_its_budget_and_publishing_goes_on(
    force: Force, network: PracticeNetwork, keeper: Person
) -> None:
    set_budget(force.context, "hexley-x", keeper, pence=None, posts=None, reads=0)
    force.queued("Ducks.", account_names=("hexley-x",))
    publish_all(force)
    (problem,) = collect(force.context, everything=True).problems
    assert "The budget to read from hexley-x in June is used up. It opens again on 1 July" in problem
    force.queued("Geese.", account_names=("hexley-x",))
    publish_all(force)
    assert [entry.state for entry in force.entries()] == ["published"] * 2


def test_only_who_looks_after_accounts_sets_a_budget(force: Force, network: PracticeNetwork, keeper: Person) -> None:
    with pytest.raises(NotAllowed):
        set_budget(force.context, "hexley-x", force.author, pence=5, posts=None, reads=None)
    with pytest.raises(InputError, match="charges nothing"):
        set_budget(force.context, "hexley", keeper, pence=5, posts=None, reads=None)
    with pytest.raises(InputError, match="0 or more"):
        set_budget(force.context, "hexley-x", keeper, pence=-1, posts=None, reads=None)
    assert stands(force.context, "hexley-x").pence is None
