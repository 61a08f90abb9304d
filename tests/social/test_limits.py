"""What is read from the networks' headers, and how long a wait it makes."""

from datetime import UTC, datetime, timedelta

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from social.channels import facebook_limits, x_limits
from social.context import Context
from social.limits import (
    FIRST_WAIT,
    LONGEST_GROWN,
    LONGEST_WAIT,
    SPREAD,
    Purpose,
    RateLimit,
    Scope,
    Seen,
    opens_at,
    record_seen,
    waits,
)

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)


def answered(status: int = 200, body: bytes = b"{}", **headers: str) -> requests.Response:
    response = requests.Response()
    response.status_code, response._content = status, body
    response.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return response


def test_x_tells_the_accounts_limit_by_the_kind_of_request() -> None:
    told = answered(x_rate_limit_limit="100", x_rate_limit_remaining="7", x_rate_limit_reset="1780305000")
    (seen,) = x_limits.seen("POST", "/2/tweets", told, NOW)
    assert (seen.scope, seen.family, seen.purpose, seen.limit, seen.remaining) == (
        Scope.ACCOUNT, "create", Purpose.PUBLISH, 100, 7,
    )  # fmt: skip
    assert not seen.spent
    assert x_limits.seen("GET", "/2/tweets/search/recent", told, NOW)[0].purpose is Purpose.READ


def test_the_last_request_that_x_allows_closes_the_limit_before_anybody_is_refused() -> None:
    told = answered(x_rate_limit_limit="100", x_rate_limit_remaining="0", x_rate_limit_reset="1780305000")
    (seen,) = x_limits.seen("POST", "/2/tweets", told, NOW)
    assert seen.spent
    assert not seen.refused


def test_a_daily_limit_of_the_app_is_the_apps_and_not_the_accounts() -> None:
    told = answered(429, x_app_limit_24hour_limit="10000", x_app_limit_24hour_remaining="0",
                    x_app_limit_24hour_reset="1780344000", x_rate_limit_limit="100", x_rate_limit_remaining="60",
                    x_rate_limit_reset="1780305000")  # fmt: skip
    day, quarter = x_limits.seen("POST", "/2/tweets", told, NOW)
    assert (day.scope, day.refused, quarter.scope, quarter.spent) == (Scope.APP, True, Scope.ACCOUNT, False)


def test_a_refusal_without_headers_is_a_refusal_all_the_same() -> None:
    (seen,) = x_limits.seen("POST", "/2/tweets", answered(429, Retry_After="120"), NOW)
    assert (seen.refused, seen.reset_at) == (True, NOW + timedelta(minutes=2))


@pytest.mark.parametrize(
    ("percent", "purposes"), [(74, []), (75, ["read"]), (94, ["read"]), (95, ["all"]), (100, ["all"])]
)
def test_facebook_slows_reading_at_75_per_cent_and_stops_at_95(percent: int, purposes: list[str]) -> None:
    usage = f'{{"call_count":{percent},"total_time":1,"total_cputime":1}}'
    seen = facebook_limits.seen("GET", "/v26.0/1/feed", answered(X_App_Usage=usage), NOW)
    assert [one.purpose.value for one in seen if one.spent] == purposes
    assert {one.scope for one in seen} == {Scope.APP}


def test_facebook_says_in_how_many_minutes_the_page_is_open_again() -> None:
    usage = '{"1":[{"type":"pages","call_count":100,"total_cputime":3,"total_time":5,"estimated_time_to_regain_access":30}]}'
    error = b'{"error":{"code":32,"message":"(#32) Page request limit reached"}}'
    told = answered(403, error, X_Business_Use_Case_Usage=usage)
    (seen,) = facebook_limits.seen("POST", "/v26.0/1/feed", told, NOW)
    assert (seen.scope, seen.purpose, seen.refused, seen.reset_at) == (
        Scope.ACCOUNT, Purpose.ALL, True, NOW + timedelta(minutes=30),
    )  # fmt: skip


@pytest.mark.parametrize("usage", ["", "{", "[]", '{"call_count":"many"}', '{"call_count":-1}', "null", '{"1":7}'])
def test_headers_that_make_no_sense_say_nothing(usage: str) -> None:
    told = answered(X_App_Usage=usage, X_Business_Use_Case_Usage=usage, x_rate_limit_remaining="soon")
    assert facebook_limits.seen("GET", "/v26.0/1/feed", told, NOW) == []
    assert x_limits.seen("POST", "/2/tweets", told, NOW) == []


def test_looking_for_a_post_is_never_slowed_down() -> None:
    assert facebook_limits.binding("GET", "/v26.0/1/published_posts") == ()
    assert facebook_limits.binding("GET", "/v26.0/1_2/comments") == ("reading",)


@given(st.integers(-(10**6), 10**6), st.integers(1, 40), st.text(max_size=5))
def test_every_wait_ends_and_none_is_over_before_it_begins(seconds: int, strikes: int, seed: str) -> None:
    until = opens_at(NOW, NOW + timedelta(seconds=seconds), strikes, seed)
    assert NOW < until <= NOW + LONGEST_WAIT + SPREAD
    if 1 <= seconds <= 86_400:
        assert until >= NOW + timedelta(seconds=seconds), "the moment that the network named was not kept to"


def test_without_a_moment_to_believe_the_wait_doubles_to_half_an_hour_and_is_spread() -> None:
    for named in (None, NOW - timedelta(hours=1), NOW + timedelta(days=400)):
        waited = [opens_at(NOW, named, strikes, "a") - NOW for strikes in range(1, 12)]
        assert FIRST_WAIT <= waited[0] <= FIRST_WAIT * 1.1
        assert all(FIRST_WAIT * 2**n <= waited[n] <= FIRST_WAIT * 2**n + SPREAD for n in range(4))
        assert LONGEST_GROWN <= waited[-1] <= LONGEST_GROWN + SPREAD
    assert len({opens_at(NOW, None, 5, str(n)) for n in range(20)}) > 10


def seen(**values: object) -> Seen:
    return Seen(**{"scope": Scope.ACCOUNT, "family": "create", "purpose": Purpose.PUBLISH, **values})  # type: ignore[arg-type]  # builder


def test_a_storm_of_refusals_in_one_moment_is_one_and_the_next_one_waits_longer(context: Context) -> None:
    with context.database.write() as session:
        first = {record_seen(session, NOW, 1, None, seen(refused=True)) for _ in range(30)}
        assert session.get_one(RateLimit, ("account:1", "create")).strikes == 1
        later = max(moment for moment in first if moment) + timedelta(seconds=1)
        second = record_seen(session, later, 1, None, seen(refused=True))
        assert second is not None
        assert second - later >= 2 * FIRST_WAIT


def test_an_answer_that_knew_less_shortens_no_wait(context: Context) -> None:
    with context.database.write() as session:
        until = record_seen(session, NOW, 1, None, seen(refused=True, reset_at=NOW + timedelta(minutes=10)))
        assert record_seen(session, NOW, 1, None, seen(limit=100, remaining=5)) == until
        assert waits(session, Purpose.PUBLISH, NOW) == {"account:1": until}
        assert waits(session, Purpose.READ, NOW) == {}
        assert waits(session, Purpose.PUBLISH, NOW + timedelta(minutes=11)) == {}


def test_what_the_app_may_not_is_kept_under_the_app_and_without_its_key(context: Context) -> None:
    key = context.vault.app_key("x", "the-consumer-key")
    assert "consumer" not in key
    assert key != context.vault.app_key("facebook", "the-consumer-key")
    with context.database.write() as session:
        until = record_seen(session, NOW, 1, key, seen(scope=Scope.APP, refused=True))
        assert waits(session, Purpose.PUBLISH, NOW) == {f"app:{key}": until}
