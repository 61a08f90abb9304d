"""What is read next when not everything can be: never over the budget, nothing for ever unread, where replies are."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from social.collect_budget import (
    Candidate,
    Cost,
    Left,
    Plan,
    Short,
    Why,
    expected,
    plan,
    reply_rate,
    share_of_today,
)
from social.collect_plan import next_read

NOW = datetime(2026, 6, 10, 9, 0, tzinfo=UTC)
X = Cost(requests=1, page=100, item=400, figures=400, aside=40_000)
PLENTY = Left(NOW)
DAY_ENDS, MONTH_ENDS = datetime(2026, 6, 11, tzinfo=UTC), datetime(2026, 6, 30, 23, tzinfo=UTC)

minutes = st.integers(0, 60 * 24 * 28)


@st.composite
def candidates(draw: st.DrawFn, most: int = 12) -> list[Candidate]:
    found = []
    for number in range(draw(st.integers(0, most))):
        age = timedelta(minutes=draw(minutes))
        looked = draw(st.one_of(st.none(), st.integers(0, int(age.total_seconds() // 60))))
        found.append(
            Candidate(
                number,
                NOW - age,
                None if looked is None else NOW - timedelta(minutes=looked),
                NOW + timedelta(minutes=draw(st.integers(-3000, 600))),
                draw(st.floats(0.001, 500)),
                draw(st.booleans()),
                draw(st.booleans()),
            )
        )
    return found


costs = st.builds(
    Cost, requests=st.integers(1, 3), page=st.sampled_from([1, 50, 100]), item=st.sampled_from([0, 100, 400]),
    figures=st.sampled_from([0, 400]), aside=st.sampled_from([0, 10_000, 40_000]),
)  # fmt: skip


@st.composite
def purses(draw: st.DrawFn) -> Left:
    requests = draw(st.one_of(st.none(), st.integers(0, 20)))
    month = draw(st.one_of(st.none(), st.integers(0, 400_000)))
    return Left(
        NOW, requests, None if requests is None else NOW + timedelta(minutes=draw(st.integers(1, 15))),
        None if month is None else draw(st.integers(0, month)), DAY_ENDS, month, MONTH_ENDS,
    )  # fmt: skip


def read(planned: Plan) -> list[int]:
    return [look.id for look in planned.looks]


@given(candidates(), costs, purses())
def test_a_plan_never_passes_a_budget(some: list[Candidate], cost: Cost, left: Left) -> None:
    planned = plan(some, cost, left)
    if left.requests is not None and left.window_ends is not None:
        asked = sum(look.requests for look in planned.looks if look.at < left.window_ends)
        assert asked <= left.requests
        assert planned.left.requests == left.requests - asked
    if left.month is not None and left.today is not None:
        spent = sum(look.money for look in planned.looks)
        assert spent <= left.month
        assert planned.left.month == left.month - spent
        ordinary = [look for look in planned.looks if look.why is not Why.APPEAL and look.at < DAY_ENDS]
        assert sum(look.money for look in ordinary) <= left.today, "only an appeal may pass the day's share"
        if left.month < cost.aside:
            assert not planned.looks, "less is left than one request may cost: it would be refused at the door"


@given(candidates(), costs, purses())
def test_all_is_read_or_told_as_unread_with_what_it_would_cost(some: list[Candidate], cost: Cost, left: Left) -> None:
    planned = plan(some, cost, left)
    looks, unread = {one.id: one for one in planned.looks}, {one.id: one for one in planned.unread}
    assert looks.keys() | unread.keys() == {one.id for one in some}
    whole = {one.id: one for one in plan(some, cost, PLENTY).looks}
    for id_, full in whole.items():
        parts = [part for part in (looks.get(id_), unread.get(id_)) if part is not None]
        assert sum(part.money for part in parts) == full.money
        assert sum(part.requests for part in parts) == full.requests
        assert abs(sum(part.replies for part in parts) - full.replies) < 1e-6


@given(st.data(), candidates(), costs, purses())
def test_the_same_is_planned_whatever_the_order(
    data: st.DataObject, some: list[Candidate], cost: Cost, left: Left
) -> None:
    assert plan(data.draw(st.permutations(some)), cost, left) == plan(some, cost, left)


@given(st.data(), candidates().filter(bool), costs, purses(), st.floats(1, 1000))
def test_a_livelier_post_is_read_no_later_and_never_left_out_for_it(
    data: st.DataObject, some: list[Candidate], cost: Cost, left: Left, times: float
) -> None:
    one = data.draw(st.sampled_from(some))
    before = read(plan(some, cost, left))
    after = read(plan([replace(c, per_hour=c.per_hour * times) if c is one else c for c in some], cost, left))
    if one.id in before:
        assert one.id in after
        others_first = set(after[: after.index(one.id)]) - set(before[: before.index(one.id)])
        assert not others_first, "something that came after it goes before it now"


def test_where_nothing_is_scarce_all_that_is_due_is_read_and_nothing_is_left() -> None:
    some = [Candidate(n, NOW - timedelta(hours=n), None, NOW - timedelta(minutes=n), 0.1) for n in range(50)]
    planned = plan(some, X, PLENTY)
    assert sorted(read(planned)) == list(range(50))
    assert not planned.is_scarce


def post(number: int, per_hour: float, *, hours: float = 20, appeal: bool = False, overdue: float = 0.02) -> Candidate:
    """A post read two hours ago and due since then by `overdue` hours."""
    return Candidate(
        number, NOW - timedelta(hours=hours), NOW - timedelta(hours=2), NOW - timedelta(hours=overdue), per_hour, appeal
    )


def scarce(requests: int) -> Left:
    return Left(NOW, requests, NOW + timedelta(minutes=15))


def test_requests_go_where_new_replies_are_likeliest() -> None:
    planned = plan([post(1, 0.2), post(2, 9), post(3, 3), post(4, 0.5)], X, scarce(2))
    assert read(planned) == [2, 3]
    assert [(one.id, one.short_of, one.again_at) for one in planned.unread] == [
        (4, Short.REQUESTS, NOW + timedelta(minutes=15)), (1, Short.REQUESTS, NOW + timedelta(minutes=15)),
    ]  # fmt: skip


def test_a_young_appeal_is_read_first_however_quiet_it_is_and_an_old_one_is_not() -> None:
    """R19: an emergency may stand under it."""
    assert read(plan([post(1, 50), post(2, 0.01, appeal=True)], X, scarce(1))) == [2]
    assert read(plan([post(1, 50), post(2, 0.01, appeal=True, hours=90)], X, scarce(1))) == [1]


def test_an_appeal_may_draw_on_the_month_when_the_day_is_spent_and_nothing_else_may() -> None:
    left = Left(NOW, today=100, day_ends=DAY_ENDS, month=90_000, month_ends=MONTH_ENDS)
    planned = plan([post(1, 50), post(2, 3, appeal=True)], X, left)
    assert [(look.id, look.money) for look in planned.looks] == [(2, 400 + 6 * 400)]
    [unread] = planned.unread
    assert (unread.id, unread.short_of, unread.again_at) == (1, Short.TODAY, DAY_ENDS)
    assert unread.money == 400 + 100 * 400, "2 hours at 50 replies, and the figures"


def test_a_look_may_end_before_the_last_reply_and_the_rest_is_told() -> None:
    left = Left(NOW, today=10_400, day_ends=DAY_ENDS, month=90_000, month_ends=MONTH_ENDS)
    planned = plan([post(1, 50)], X, left)
    assert [(look.money, look.replies) for look in planned.looks] == [(10_400, 25.0)]
    assert [(one.replies, one.money) for one in planned.unread] == [(75.0, 30_000)]


def test_what_was_paid_for_today_costs_nothing_again() -> None:
    left = Left(NOW, today=500, day_ends=DAY_ENDS, month=90_000, month_ends=MONTH_ENDS)
    fresh, paid = post(1, 0.5), replace(post(2, 0.5), figures_paid=True)
    assert read(plan([fresh, paid], X, left)) == [2]


@pytest.mark.parametrize(("quiet", "appeals"), [(1, 1), (5, 0), (5, 1)])
def test_nothing_that_is_due_is_left_unread_for_ever(quiet: int, appeals: int) -> None:
    """One look an hour, with a lively thread and an appeal that are due again at once: all get their turn."""
    urgent = set(range(quiet + 1, quiet + 1 + appeals))
    rates = {0: 200.0, **dict.fromkeys(range(1, quiet + 1), 0.001), **dict.fromkeys(urgent, 0.5)}
    last, due = dict.fromkeys(rates, NOW), dict.fromkeys(rates, NOW)
    turns = dict.fromkeys(rates, 0)
    for turn in range(700):
        now = NOW + timedelta(hours=turn)
        some = [Candidate(n, now - timedelta(hours=1), last[n], due[n], rates[n], n in urgent) for n in rates]
        [look] = plan(some, X, Left(now, 1, now + timedelta(minutes=15))).looks
        turns[look.id] += 1
        last[look.id], due[look.id] = now, now + timedelta(minutes=1)
    assert min(turns.values()) >= 2
    assert max(turns, key=lambda number: turns[number]) in (urgent or {0}), "and most go where they are wanted"


def test_a_month_of_shares_never_passes_the_month_and_leaves_nothing_over() -> None:
    for budget in (1, 29, 30_000, 123_457):
        left = budget
        for day in range(30):
            now = datetime(2026, 6, 1, 7, 30, tzinfo=UTC) + timedelta(days=day)
            share = share_of_today(left, 0, now, MONTH_ENDS)
            assert 0 <= share <= left
            half = share // 2
            assert share_of_today(left - half, half, now, MONTH_ENDS) == share - half, "what is spent counts at once"
            left -= share
        assert left == 0


@given(st.integers(0, 40_000), st.integers(0, 500), st.integers(0, 500))
def test_a_rate_grows_with_what_was_heard_and_is_never_nothing(age: int, total: int, recent: int) -> None:
    old, recent = timedelta(minutes=age), min(recent, total)
    rate = reply_rate(old, total, recent)
    assert rate > 0
    assert reply_rate(old, total + 1, recent) > rate
    assert reply_rate(old, total + 1, recent + 1) > reply_rate(old, total + 1, recent)


def spent_on(rates: Sequence[float], looks: int) -> float:
    """Replies found when so many looks are made by the plan, out of equally many posts that are always due."""
    some = [post(number, rate) for number, rate in enumerate(rates)]
    return sum(look.replies for look in plan(some, X, scarce(looks)).looks)


@given(st.lists(st.floats(0.01, 40), min_size=3, max_size=30), st.integers(1, 29))
def test_no_other_choice_of_as_many_looks_finds_more(rates: list[float], looks: int) -> None:
    looks = min(looks, len(rates))
    best = sum(sorted((2 * rate for rate in rates), reverse=True)[:looks])
    assert abs(spent_on(rates, looks) - best) < 1e-6


def test_a_post_read_by_its_age_alone_is_due_when_the_plan_takes_it_up() -> None:
    """The plain steps say when a post is due; the plan only chooses among what is."""
    published = NOW - timedelta(hours=1)
    due = next_read(published, NOW, None)
    assert due is not None
    candidate = Candidate(1, published, NOW, due, 4.0)
    planned = plan([candidate], X, PLENTY)
    assert [(look.at, look.why) for look in planned.looks] == [(due, Why.LATER)]
    assert planned.looks[0].replies == expected(candidate, due)
