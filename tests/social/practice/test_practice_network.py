"""The practice network as a whole: history, restarts, pace, faults, its pages and who may touch its switches."""

import json
import os
import re
import signal
import stat
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from social.clock import SettableClock, as_local
from social.errors import InputError
from social.practice import conversation
from social.practice.faults import FAULTS, NOTHING_DONE, ROUTES
from social.practice.history_texts import WEIGHTS, write
from social.practice.kinds import PLACES, place_of
from social.practice.network import PracticeNetwork
from social.practice.residents import crowd_of
from social.practice.world import to_ms

Client = Any  # the client of conftest.py
APPEAL = "Did your dashcam catch anything? Tools were taken from vans on Quarry Lane, Marlpit End. Quote WD-2231."


def all_posts(network: PracticeNetwork) -> list[Any]:
    return [post for name in ("x", "facebook") for post in network.world.store.posts(name, limit=1000)]


def test_a_new_network_has_twelve_weeks_of_history(tmp_path: Path, clock: SettableClock) -> None:
    with PracticeNetwork(tmp_path, clock=clock) as practice:
        posts = all_posts(practice)
        assert 110 <= len(posts) <= 120
        assert len({post.text for post in posts}) == len(posts)
        assert Counter(post.network for post in posts)["x"] >= 55
        times = [datetime.fromtimestamp(post.created_ms / 1000, UTC) for post in posts]
        assert min(times) < clock.now() - timedelta(weeks=11)
        assert max(times) < clock.now()
        assert all(8 <= as_local(moment).hour <= 19 for moment in times)
        assert {place_of(post.text) for post in posts} == set(PLACES)
        kinds = Counter(crowd_of(post.crowd, post.network, post.text, True).kind for post in posts)
        assert len(kinds) >= 7
        assert practice.truth() == []
        said = [
            one for post in posts for one in conversation.said_under(practice.world.store, post, to_ms(clock.now()))
        ]
        assert any(one.ours for one in said)
        assert all(one.created_ms <= to_ms(clock.now()) for one in said)


def test_history_is_the_same_for_the_same_seed_and_moment(tmp_path: Path, clock: SettableClock) -> None:
    found = []
    for name, seed in (("a", 5), ("b", 5), ("c", 6)):
        with PracticeNetwork(tmp_path / name, clock=clock, seed=seed, history_weeks=2) as practice:
            found.append([(post.text, post.created_ms, post.crowd) for post in all_posts(practice)])
    assert found[0] == found[1]
    assert found[0] != found[2]


def test_the_account_stops_answering_by_itself_once_somebody_holds_it(tmp_path: Path, clock: SettableClock) -> None:
    with PracticeNetwork(tmp_path, clock=clock, history_weeks=3) as practice:
        made = to_ms(clock.now())
        clock.advance(timedelta(days=8))
        said = [
            one
            for post in all_posts(practice)
            for one in conversation.said_under(practice.world.store, post, to_ms(clock.now()))
        ]
        assert any(one.created_ms > made for one in said)
        assert not any(one.ours and one.created_ms > made for one in said)


def test_texts_of_the_past_fit_their_network(clock: SettableClock) -> None:
    import random

    from social.channels.x_text import parse_tweet

    rng = random.Random(3)
    for kind in WEIGHTS:
        for _ in range(60):
            text = write(rng, kind, rng.choice(PLACES), "x")
            assert parse_tweet(text).weightedLength <= 280, text
            assert not set(text) & set("{}<>|"), text
    reported = write(rng, "appeal", "Copperbeck", "facebook")
    assert "call 101" in reported
    assert "always call 999" in reported
    assert "0800 555 111" in reported


def test_state_tokens_and_ids_survive_a_restart(tmp_path: Path, clock: SettableClock) -> None:
    with PracticeNetwork(tmp_path, clock=clock, history_weeks=1) as practice:
        token = practice.credentials("facebook")
        headers = {"Authorization": f"Bearer {token['page_access_token']}"}
        url = f"{practice.base_url}/v25.0/me/feed"
        post = requests.post(url, data={"message": APPEAL}, headers=headers, timeout=5).json()["id"]
        clock.advance(timedelta(days=1))
        path = f"/v25.0/{post}/comments?filter=stream&limit=100"
        before = requests.get(practice.base_url + path, headers=headers, timeout=5).json()
        page, user, count = practice.page_id, practice.user_id, len(all_posts(practice))
    with PracticeNetwork(tmp_path, clock=clock, history_weeks=1) as again:
        assert (again.page_id, again.user_id, again.credentials("facebook")) == (page, user, token)
        assert len(all_posts(again)) == count
        after = requests.get(again.base_url + path, headers=headers, timeout=5).json()
        assert after == before
        assert [truth["platform_id"] for truth in again.truth()] == [post]


def test_two_servers_share_one_folder(tmp_path: Path, clock: SettableClock) -> None:
    with PracticeNetwork(tmp_path, clock=clock, history_weeks=0) as one, PracticeNetwork(tmp_path, clock=clock) as two:
        headers = {"Authorization": f"Bearer {one.credentials('facebook')['page_access_token']}"}
        for number, practice in enumerate((one, two, one)):
            sent = {"message": f"{APPEAL} {number}"}
            answer = requests.post(f"{practice.base_url}/v25.0/me/feed", data=sent, headers=headers, timeout=5)
            assert answer.status_code == 200
        assert len(one.truth()) == len(two.truth()) == 3


def test_a_faster_pace_brings_the_same_replies_sooner(tmp_path: Path, clock: SettableClock) -> None:
    start = clock.now()
    texts = []
    for name, pace in (("slow", 1.0), ("fast", 60.0)):
        clock.set(start)
        with PracticeNetwork(tmp_path / name, clock=clock, pace=pace, history_weeks=0) as practice:
            headers = {"Authorization": f"Bearer {practice.credentials('facebook')['page_access_token']}"}
            url = f"{practice.base_url}/v25.0"
            post = requests.post(f"{url}/me/feed", data={"message": APPEAL}, headers=headers, timeout=5).json()["id"]
            clock.advance(timedelta(hours=60) / pace)
            path = f"{url}/{post}/comments?filter=stream&limit=100&fields=message,created_time"
            found = requests.get(path, headers=headers, timeout=5).json()["data"]
            texts.append([one["message"] for one in found])
            assert all(start <= datetime.fromisoformat(one["created_time"]) <= clock.now() for one in found)
    assert texts[0] == texts[1]
    assert len(texts[0]) >= 5


def test_many_posts_at_once_are_each_kept_once(practice: PracticeNetwork, graph: Client, x: Client) -> None:
    statuses: list[int] = []

    def send(number: int) -> None:
        statuses.append(graph.call("POST", "/me/feed", data={"message": f"{APPEAL} {number}"}).status_code)
        statuses.append(x.call("POST", "/2/tweets", json={"text": f"{APPEAL} {number}"}).status_code)

    threads = [threading.Thread(target=send, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200] * 12 + [201] * 12
    assert len({truth["platform_id"] for truth in practice.truth()}) == 24


def test_it_starts_in_less_than_a_second(tmp_path: Path, clock: SettableClock) -> None:
    started = time.perf_counter()
    with PracticeNetwork(tmp_path, clock=clock):
        assert time.perf_counter() - started < 1


def test_a_taken_port_is_told_in_plain_words(tmp_path: Path, practice: PracticeNetwork) -> None:
    port = int(practice.base_url.rsplit(":", 1)[1])
    with pytest.raises(InputError, match=f"Port {port} is taken"):
        PracticeNetwork(tmp_path / "other", port=port).start()


def test_every_answer_and_page_says_that_it_is_practice(
    practice: PracticeNetwork, x: Client, graph: Client, page_post: Any
) -> None:
    post = page_post("Words with <script>alert(1)</script> & more")
    for path in ("/", f"/posts/{post}", "/nowhere"):
        page = requests.get(practice.base_url + path, timeout=5)
        assert "Practice network: nothing here reaches anyone" in page.text
        assert page.headers["X-Practice-Network"] == "yes"
        assert "<script>" not in page.text
    landing = requests.get(practice.base_url, headers={"Accept": "application/json"}, timeout=5)
    assert landing.json()["practice"] == "Practice network: nothing here reaches anyone"
    for answer in (x.call("GET", "/2/users/me"), graph.call("GET", "/me"), x.call("GET", "/2/nothing")):
        assert answer.headers["X-Practice-Network"] == "yes"


def test_switches_and_truth_need_the_practice_token(practice: PracticeNetwork, admin: Client, page_post: Any) -> None:
    post = page_post(APPEAL)
    for method, path in (("GET", "/truth"), ("GET", "/faults"), ("POST", "/faults"), ("DELETE", "/faults")):
        assert requests.request(method, f"{practice.base_url}/practice{path}", timeout=5).status_code == 403
    truth = admin.get("/truth")["posts"]
    assert [(one["platform_id"], one["deleted"]) for one in truth] == [(post, False)]


def test_a_switch_that_does_not_exist_is_refused_in_words(admin: Client) -> None:
    answer = admin.call("POST", "/faults", json={"route": "publish", "fault": "boom"})
    assert answer.status_code == 400
    assert "There is no fault 'boom'" in answer.json()["error"]
    assert admin.call("POST", "/faults", json={"route": "publish", "fault": "429", "times": 0}).status_code == 400


@pytest.mark.parametrize("network", ["x", "facebook"])
@pytest.mark.parametrize(
    ("fault", "seen", "done"),
    [
        ("500_before", 500, False),
        ("500_after", 500, True),
        ("reset_before", requests.ConnectionError, False),
        ("reset_after", requests.ConnectionError, True),
        ("hang_before", requests.ReadTimeout, False),
        ("hang_after", requests.ReadTimeout, True),
        ("429", None, False),
        ("401", 401, False),
        ("html_503", 503, False),
        ("cut_body", requests.exceptions.ChunkedEncodingError, True),
        ("garbled", 200, True),
    ],
)
def test_a_fault_spoils_the_answer_and_nothing_else(
    practice: PracticeNetwork, x: Client, graph: Client, admin: Client, network: str, fault: str, seen: Any, done: bool
) -> None:
    set_ = admin.call("POST", "/faults", json={"route": "publish", "fault": fault, "network": network})
    assert set_.status_code == 201

    patience = 0.7 if "hang" in fault else 10

    def send() -> requests.Response:
        if network == "x":
            return x.call("POST", "/2/tweets", json={"text": APPEAL}, timeout=patience)
        return graph.call("POST", "/me/feed", data={"message": APPEAL}, timeout=patience)

    if isinstance(seen, type):
        with pytest.raises(seen):
            send()
    else:
        answer = send()
        assert answer.status_code == (seen or {"x": 429, "facebook": 403}[network])
        if fault == "garbled":
            with pytest.raises(requests.exceptions.JSONDecodeError):
                answer.json()
    assert len(practice.truth()) == int(done)
    assert admin.get("/faults")["faults"] == []
    patience = 10
    # The switch is used up: the next request is answered as ever, and shows whether the first one landed.
    assert (send().status_code in (400, 403)) is done


def test_a_late_network_takes_a_post_when_the_client_has_given_up(
    practice: PracticeNetwork, x: Client, admin: Client
) -> None:
    admin.call("POST", "/faults", json={"route": "publish", "fault": "late"})
    with pytest.raises(requests.ReadTimeout):
        x.call("POST", "/2/tweets", json={"text": APPEAL}, timeout=0.3)
    assert practice.truth() == []
    until, turn = time.monotonic() + 10, threading.Event()
    while not practice.truth() and time.monotonic() < until:
        turn.wait(0.02)
    assert [post["text"] for post in practice.truth()] == [APPEAL]


def test_a_fault_waits_for_its_turn_and_its_route(x: Client, admin: Client, tweet: Any) -> None:
    admin.call("POST", "/faults", json={"route": "publish", "fault": "500_before", "times": 2, "skip": 1})
    assert x.call("GET", "/2/users/me").status_code == 200
    statuses = [x.call("POST", "/2/tweets", json={"text": f"{APPEAL} {number}"}).status_code for number in range(4)]
    assert statuses == [201, 500, 500, 201]
    admin.call("POST", "/faults", json={"route": "any", "fault": "401"})
    admin.call("DELETE", "/faults")
    assert x.call("GET", "/2/users/me").status_code == 200


def test_reading_a_post_costs_the_same_however_many_there_are(tmp_path: Path, clock: SettableClock) -> None:
    steps = []
    for name, weeks in (("few", 1), ("many", 30)):
        with PracticeNetwork(tmp_path / name, clock=clock, history_weeks=weeks) as practice:
            store = practice.world.store
            post = store.posts("facebook", limit=1)[0]
            count = 0

            def step() -> int:
                nonlocal count
                count += 1
                return 0

            store._connection.set_progress_handler(step, 10)
            conversation.said_under(store, post, to_ms(clock.now()))
            store._connection.set_progress_handler(None, 0)
            steps.append(count)
    assert steps[1] <= steps[0] + 5


def test_it_runs_in_the_foreground_until_it_is_told_to_stop(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from social.practice.network import run_practice\n"
        "run_practice(Path(sys.argv[1]), 0, 60.0, 1, ready=lambda network: print(network.base_url, flush=True))"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", address)
        assert requests.get(address, timeout=5).status_code == 200
        for name, keys in (("x.json", 4), ("facebook.json", 1)):
            path = tmp_path / name
            assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
            assert len(json.loads(path.read_text())) == keys
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_the_page_on_the_practice_network_names_every_fault_and_route() -> None:
    page = (Path(__file__).parents[3] / "docs" / "practice-network.md").read_text(encoding="utf-8")
    for fault in FAULTS:
        assert f"| `{fault}` | {'no' if fault in NOTHING_DONE else 'yes'} |" in page
    assert f"`route` is {', '.join(ROUTES[:-1])} or {ROUTES[-1]};" in page


ODD: tuple[Any, ...] = ("x", 3, [], {"media_ids": "x"}, None, "9" * 40, "-1", "0", "٣", {"alt_text": "x"})


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_odd_requests_are_refused_and_break_nothing(
    practice: PracticeNetwork, x: Client, graph: Client, page_post: Any, odd: Any
) -> None:
    post, user = page_post(APPEAL), practice.user_id
    bodies = [
        {"text": odd},
        {"text": "a", "media": odd},
        {"text": "a", "reply": odd},
        {"text": "a", "reply": {"in_reply_to_tweet_id": odd}},
    ]
    answers = [x.call("POST", "/2/tweets", json=body) for body in bodies]
    answers += [x.call("POST", "/2/media/metadata", json={"id": odd, "metadata": odd})]
    for name in ("since_id", "start_time", "max_results", "next_token", "pagination_token"):
        for path in ("/2/tweets/search/recent", f"/2/users/{user}/tweets", f"/2/users/{user}/mentions"):
            answers.append(x.call("GET", path, params={"query": "conversation_id:1", name: str(odd)}))
    answers += [x.call("GET", "/2/tweets", params={"ids": str(odd)}), x.call("GET", f"/2/tweets/{odd}")]
    for name in ("since", "until", "limit", "after", "before", "fields", "filter", "order", "metric", "period"):
        for path in (f"/{post}/comments", "/me/published_posts", "/me/insights", f"/{post}/insights", f"/{post}"):
            answers.append(graph.call("GET", path, params={"metric": "page_follows", name: str(odd)}))
    answers += [graph.call("POST", "/me/feed", json={name: odd}) for name in ("message", "attached_media", "link")]
    answers += [graph.call("GET", f"/{odd}"), graph.call("POST", "/me/photos", data={"source": str(odd)})]
    assert {answer.status_code for answer in answers} <= {200, 201, 400, 403, 404}
