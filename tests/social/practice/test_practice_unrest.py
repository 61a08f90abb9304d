"""What goes wrong by itself on the practice network: drawn from a seed, read off the clock, and over when it is over."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from social.clock import SettableClock
from social.practice.habits import EDITS, Habits, read_seed
from social.practice.network import PracticeNetwork
from social.practice.troubles import Spell, Unrest, drawn

START = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
POST = "Free bike marking in Copperbeck library on Saturday from ten."


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(START)


@pytest.fixture
def practice(tmp_path: Path, clock: SettableClock) -> Iterator[PracticeNetwork]:
    with PracticeNetwork(tmp_path, clock=clock, history_weeks=0, pace=6.0) as network:
        yield network


def graph(practice: PracticeNetwork, method: str, path: str, **params: Any) -> requests.Response:
    token = practice.credentials("facebook")["page_access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    return requests.request(method, f"{practice.base_url}/v26.0/{path}", params=params, headers=headers, timeout=5)


def switch(practice: PracticeNetwork, method: str, name: str, **body: Any) -> requests.Response:
    headers = {"Authorization": f"Bearer {practice.admin_token}"}
    return requests.request(method, f"{practice.base_url}/practice/{name}", json=body, headers=headers, timeout=5)


def published(practice: PracticeNetwork) -> str:
    return str(graph(practice, "POST", f"{practice.page_id}/feed", message=POST).json()["id"])


def comments(practice: PracticeNetwork, post: str, **params: Any) -> dict[str, Any]:
    page: dict[str, Any] = graph(
        practice, "GET", f"{post}/comments", filter="stream", order="chronological", **params
    ).json()
    return page


def test_the_same_seed_goes_wrong_in_the_same_way_and_outages_never_melt_together() -> None:
    for seed in range(40):
        unrest = drawn(seed, START, 7)
        assert unrest == drawn(seed, START, 7)
        first, second = sorted((spell for spell in unrest.spells if spell.how != "429"), key=lambda spell: spell.starts)
        assert START < first.starts < first.ends < second.starts < second.ends < START + timedelta(days=7)
    assert drawn(1, START, 7) != drawn(2, START, 7)


def test_the_network_is_away_for_its_time_and_back_afterwards(practice: PracticeNetwork, clock: SettableClock) -> None:
    practice.troubles.set(
        Unrest(spells=(
            Spell("facebook", "503", START + HOUR, START + 2 * HOUR), Spell("any", "reset", START + 3 * HOUR, START + 4 * HOUR),
        ))
    )  # fmt: skip
    assert graph(practice, "GET", "me").status_code == 200
    clock.advance(HOUR)
    assert graph(practice, "GET", "me").status_code == 503
    clock.advance(HOUR)
    assert graph(practice, "GET", "me").status_code == 200
    clock.advance(HOUR)
    with pytest.raises(requests.ConnectionError):
        graph(practice, "GET", "me")
    clock.advance(HOUR)
    assert graph(practice, "GET", "me").status_code == 200


def test_reading_is_turned_away_until_a_named_moment_and_publishing_is_not(
    practice: PracticeNetwork, clock: SettableClock
) -> None:
    practice.troubles.set(Unrest(spells=(Spell("any", "429", START, START + timedelta(minutes=20)),)))
    post = published(practice)
    refused = graph(practice, "GET", f"{post}/comments")
    assert refused.json()["error"]["code"] == 32
    assert '"estimated_time_to_regain_access":20' in refused.headers["X-Business-Use-Case-Usage"]
    bearer = {"Authorization": f"Bearer {practice.x_tokens.credentials()['access_token']}"}
    mentions = requests.get(f"{practice.base_url}/2/users/{practice.user_id}/mentions", headers=bearer, timeout=5)
    assert mentions.status_code == 429
    assert int(mentions.headers["x-rate-limit-reset"]) == (START + timedelta(minutes=20)).timestamp()
    clock.advance(timedelta(minutes=20))
    assert graph(practice, "GET", f"{post}/comments").status_code == 200


def test_a_page_token_that_ended_is_taken_no_more_until_somebody_makes_a_new_one(practice: PracticeNetwork) -> None:
    practice.troubles.set(Unrest(token_ends=(START - HOUR,)))
    refused = graph(practice, "GET", "me").json()["error"]
    assert (refused["code"], refused["error_subcode"]) == (190, 463)
    made = switch(practice, "POST", "token", network="facebook", do="renew").json()["credentials"]
    assert made == practice.credentials("facebook")
    assert graph(practice, "GET", "me").status_code == 200, "it ended once, not for ever"
    assert switch(practice, "POST", "token", network="facebook", do="end").status_code == 200
    assert graph(practice, "GET", "me").status_code == 401
    practice.new_page_token()
    assert graph(practice, "GET", "me").status_code == 200


def test_x_takes_a_connection_made_anew(practice: PracticeNetwork) -> None:
    def status() -> int:
        bearer = {"Authorization": f"Bearer {practice.x_tokens.credentials()['access_token']}"}
        return requests.get(f"{practice.base_url}/2/users/me", headers=bearer, timeout=5).status_code

    assert switch(practice, "POST", "token", network="x", do="end").status_code == 200
    assert status() == 401
    assert practice.x_tokens.reconnect()["refresh_token"]
    assert status() == 200


def test_pages_in_disorder_lose_nothing(practice: PracticeNetwork, clock: SettableClock) -> None:
    practice.troubles.set(Unrest(shuffled=1.0, repeated=1.0, habits=Habits(replies=60, deleted=0.0)))
    post = published(practice)
    clock.advance(timedelta(days=2))
    found, page = [], comments(practice, post, limit=10)
    while True:
        found += [one["id"] for one in page["data"]]
        if "next" not in page.get("paging", {}):
            break
        page = comments(practice, post, limit=10, after=page["paging"]["cursors"]["after"])
    everything = [one["platform_id"] for one in practice.said()]
    assert set(found) == set(everything)
    assert len(everything) >= 30
    assert len(found) > len(everything), "some came twice"
    assert list(dict.fromkeys(found)) != everything, "and not in their order"


def test_residents_may_be_many_and_take_back_and_change_what_they_wrote(
    practice: PracticeNetwork, clock: SettableClock
) -> None:
    practice.troubles.set(Unrest(habits=Habits(replies=300, deleted=0.2, edited=0.2)))
    post = published(practice)
    clock.advance(timedelta(days=2))
    said = practice.said()
    assert 150 <= len(said) <= 450
    assert len({one["platform_id"] for one in said}) == len(said)
    gone = {one["platform_id"] for one in said if one["gone"]}
    assert 0.1 < len(gone) / len(said) < 0.3
    edited = [one for one in said if one["text"].endswith(EDITS)]
    assert 0.1 < len(edited) / len(said) < 0.3
    first = comments(practice, post, limit=100)["data"]
    assert not gone & {one["id"] for one in first}
    words = {one["platform_id"]: one["text"] for one in said}
    assert all(words[one["id"]] == one["message"] for one in first)


def test_a_seed_keeps_the_habits_of_its_post() -> None:
    for habits in (Habits(), Habits(250, 0.05, 0.1), Habits(replies=0), Habits(deleted=0.0), Habits(edited=1.0)):
        assert read_seed(habits.seed("a1b2")) == ("a1b2", habits)


def test_many_replies_under_a_post_on_x_each_have_an_id_of_their_own(
    practice: PracticeNetwork, clock: SettableClock
) -> None:
    practice.troubles.set(Unrest(habits=Habits(replies=400)))
    bearer = {"Authorization": f"Bearer {practice.x_tokens.credentials()['access_token']}"}
    body = {"text": POST}
    made = requests.post(f"{practice.base_url}/2/tweets", json=body, headers=bearer, timeout=5)
    assert made.status_code == 201
    clock.advance(timedelta(minutes=90))
    said = Counter(one["platform_id"] for one in practice.said())
    assert len(said) > 59
    assert max(said.values()) == 1
    ids = ",".join(list(said)[:100])
    found = requests.get(f"{practice.base_url}/2/tweets", params={"ids": ids}, headers=bearer, timeout=5).json()
    assert len(found["data"]) + len(found.get("errors", [])) == min(len(said), 100)


@pytest.mark.parametrize(
    "body", [{"what": 1}, {"days": 0}, {"outages": -1}, {"shuffled": 2}, {"habits": {"replies": -1}}, {"habits": [1]},
             {"seed": "x"}],
)  # fmt: skip
def test_unrest_that_makes_no_sense_is_refused_with_a_sentence(practice: PracticeNetwork, body: dict[str, Any]) -> None:
    refused = switch(practice, "POST", "unrest", **body)
    assert refused.status_code == 400
    assert refused.json()["error"]
    assert practice.troubles.unrest == Unrest()


def test_unrest_is_set_told_and_ended_by_the_switches(practice: PracticeNetwork) -> None:
    asked: dict[str, Any] = {
        "seed": 4,
        "days": 3,
        "outages": 1,
        "limited": 0,
        "token_ends": 0,
        "habits": {"replies": 9},
    }
    told = switch(practice, "POST", "unrest", **asked).json()["unrest"]
    assert told == switch(practice, "GET", "unrest").json()["unrest"]
    assert len(told["spells"]) == 1
    assert practice.troubles.unrest == drawn(4, START, 3, outages=1, limited=0, token_ends=0, habits=Habits(9))
    assert switch(practice, "DELETE", "unrest").json()["unrest"]["spells"] == []
    assert requests.get(f"{practice.base_url}/practice/said", timeout=5).status_code == 403
    assert switch(practice, "GET", "said").json()["said"] == []
