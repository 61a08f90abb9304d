"""X API v2 over real HTTP: what it takes, what it refuses, and in which words."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
import requests

from social.clock import SettableClock
from social.practice.network import PracticeNetwork

Client = Any  # the client of conftest.py
APPEAL = "Did your dashcam catch anything? Tools were taken from vans on Quarry Lane, Marlpit End. Quote WD-2231."
LIGHT = "Traffic was held up by a mother duck and nine ducklings in Elderwick. None had ID. 🦆"

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64


def search(x: Client, root: str, **params: Any) -> Any:
    return x.get("/2/tweets/search/recent", query=f"conversation_id:{root}", max_results=100, **params)


def everything(x: Client, root: str) -> list[dict[str, Any]]:
    fields = "created_at,conversation_id,referenced_tweets,author_id,in_reply_to_user_id"
    return list(search(x, root, **{"tweet.fields": fields})["data"])


def test_a_post_is_taken_and_found_among_own_posts(x: Client, tweet: Any, practice: PracticeNetwork) -> None:
    post = tweet("Vans & bikes <look> at https://example.org/a?b=c Marlpit End")
    shown = x.get(f"/2/users/{practice.user_id}/tweets", **{"tweet.fields": "created_at,entities,author_id"})["data"]
    assert [one["id"] for one in shown] == [post]
    assert "&amp;" in shown[0]["text"]
    assert "&lt;look&gt;" in shown[0]["text"]
    link = shown[0]["entities"]["urls"][0]
    assert link["expanded_url"] == "https://example.org/a?b=c"
    assert link["url"].startswith("https://t.co/")
    plain = html.unescape(shown[0]["text"])
    assert plain[link["start"] : link["end"]] == link["url"]
    assert [truth["text"] for truth in practice.truth()] == [
        "Vans & bikes <look> at https://example.org/a?b=c Marlpit End"
    ]


def test_me_tells_who_the_credentials_belong_to(x: Client, practice: PracticeNetwork) -> None:
    me = x.get("/2/users/me", **{"user.fields": "public_metrics"})["data"]
    assert (me["id"], me["username"]) == (practice.user_id, "WoldershirePol")
    assert me["public_metrics"]["followers_count"] > 1000


@pytest.mark.parametrize("name", ["consumer_key", "consumer_secret", "access_token", "access_token_secret"])
def test_any_wrong_credential_is_refused(practice: PracticeNetwork, sign: Any, name: str) -> None:
    answer = requests.get(f"{practice.base_url}/2/users/me", auth=sign(**{name: "wrong"}), timeout=5)
    assert answer.status_code == 401
    assert answer.json() == {"title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized"}
    assert requests.get(f"{practice.base_url}/2/users/me", timeout=5).status_code == 401


def test_length_is_weighed_as_x_weighs_it(x: Client) -> None:
    def status(text: str) -> int:
        return x.call("POST", "/2/tweets", json={"text": text}).status_code

    assert status("a" * 280) == 201
    assert status("a" * 281) == 400
    assert status("…" * 141) == 400  # an ellipsis weighs 2
    assert status("a" * 250 + " https://example.org/" + "b" * 200) == 201  # any link weighs 23


def test_the_same_words_twice_are_refused_for_some_days(x: Client, tweet: Any, clock: SettableClock) -> None:
    first = tweet(APPEAL)
    answer = x.call("POST", "/2/tweets", json={"text": APPEAL})
    assert answer.status_code == 403
    assert answer.json()["detail"] == "You are not allowed to create a Tweet with duplicate content."
    x.call("DELETE", f"/2/tweets/{first}")
    second = tweet(APPEAL)
    assert second != first
    clock.advance(timedelta(days=4))
    assert tweet(APPEAL) != second


def test_a_deleted_post_is_gone(x: Client, tweet: Any, practice: PracticeNetwork) -> None:
    post = tweet(APPEAL)
    assert x.call("DELETE", f"/2/tweets/{post}").json() == {"data": {"deleted": True}}
    assert x.call("DELETE", f"/2/tweets/{post}").status_code == 404
    assert x.get("/2/tweets", ids=post)["errors"][0]["resource_id"] == post
    assert practice.truth()[0]["deleted"] is True


def test_missing_ids_come_back_in_errors_beside_the_rest(x: Client, tweet: Any) -> None:
    post = tweet(APPEAL)
    answer = x.get("/2/tweets", ids=f"{post},999")
    assert [one["id"] for one in answer["data"]] == [post]
    assert answer["errors"][0]["title"] == "Not Found Error"
    assert "data" not in x.get("/2/tweets", ids="999")


def test_replies_come_newest_first_and_never_from_the_future(x: Client, tweet: Any, clock: SettableClock) -> None:
    post = tweet(APPEAL)
    assert search(x, post)["meta"] == {"result_count": 0}
    clock.advance(timedelta(days=5, hours=20))
    replies = everything(x, post)
    assert len(replies) >= 2
    ids = [int(one["id"]) for one in replies]
    assert ids == sorted(ids, reverse=True)
    assert all(one["created_at"] <= clock.now().isoformat() for one in replies)
    assert all(one["conversation_id"] == post for one in replies)
    assert all("@WoldershirePol " in one["text"] for one in replies)
    known = {post, *(one["id"] for one in replies)}
    parents = [one["referenced_tweets"][0]["id"] for one in replies]
    assert parents.count(post) >= 1
    assert all(re.fullmatch(r"\d+", parent) for parent in parents)
    assert post in known


def test_a_search_goes_on_after_since_id_and_over_pages(x: Client, tweet: Any, clock: SettableClock) -> None:
    posts = [tweet(f"{APPEAL} {number}") for number in range(6)]
    clock.advance(timedelta(days=6))
    query = " OR ".join(f"conversation_id:{post}" for post in posts)
    found: list[str] = []
    token: dict[str, str] = {}
    while True:
        page = x.get("/2/tweets/search/recent", query=query, max_results=10, **token)
        found += [one["id"] for one in page["data"]]
        if "next_token" not in page["meta"]:
            break
        token = {"next_token": page["meta"]["next_token"]}
    assert len(found) > 20
    assert len(found) == len(set(found))
    newer = x.get("/2/tweets/search/recent", query=query, max_results=100, since_id=found[4])
    assert [one["id"] for one in newer["data"]] == found[:4]


def test_search_reaches_back_seven_days_only(x: Client, tweet: Any, clock: SettableClock) -> None:
    post = tweet(APPEAL)
    clock.advance(timedelta(days=6))
    oldest = everything(x, post)[-1]["id"]
    clock.advance(timedelta(days=1, hours=12))
    late = search(x, post).get("data", [])
    assert oldest not in [one["id"] for one in late]
    answer = x.call("GET", "/2/tweets/search/recent", params={"query": f"conversation_id:{post}", "since_id": post})
    assert answer.status_code == 400
    message = answer.json()["errors"][0]["message"]
    assert message.startswith("'since_id' must be a tweet id created after [")
    fresh = message.rsplit(" ", 1)[1]
    assert search(x, post, since_id=int(fresh) + 1)["meta"]["result_count"] >= 0
    stale = {"query": f"conversation_id:{post}", "start_time": "2020-01-01T00:00:00Z"}
    assert x.call("GET", "/2/tweets/search/recent", params=stale).status_code == 400


def test_mentions_tell_of_replies_to_every_post(
    x: Client, tweet: Any, clock: SettableClock, practice: PracticeNetwork
) -> None:
    posts = [tweet(f"{APPEAL} {number}") for number in range(3)]
    clock.advance(timedelta(days=5))
    expected = {one["id"] for post in posts for one in everything(x, post)}
    path = f"/2/users/{practice.user_id}/mentions"
    newest = x.get(path, max_results=100)["data"]
    assert {one["id"] for one in newest} == expected
    later = x.get(path, max_results=100, since_id=newest[2]["id"])
    assert [one["id"] for one in later["data"]] == [newest[0]["id"], newest[1]["id"]]


def test_public_metrics_agree_with_what_can_be_read(x: Client, tweet: Any, clock: SettableClock) -> None:
    post = tweet(LIGHT)
    clock.advance(timedelta(days=3))
    fields = {"tweet.fields": "public_metrics,non_public_metrics"}
    shown = x.get("/2/tweets", ids=post, **fields)["data"][0]
    assert shown["public_metrics"]["reply_count"] == len(everything(x, post))
    assert shown["public_metrics"]["like_count"] > 10
    assert shown["public_metrics"]["impression_count"] == shown["non_public_metrics"]["impression_count"] > 500


def test_own_figures_are_told_for_thirty_days(x: Client, tweet: Any, clock: SettableClock) -> None:
    post = tweet(APPEAL)
    clock.advance(timedelta(days=31))
    answer = x.get("/2/tweets", ids=post, **{"tweet.fields": "public_metrics,non_public_metrics"})
    assert "non_public_metrics" not in answer["data"][0]
    assert answer["data"][0]["public_metrics"]["impression_count"] > 0
    assert answer["errors"][0]["title"] == "Field Authorization Error"


def test_a_resident_reply_can_be_looked_up_hidden_and_answered(
    x: Client, tweet: Any, clock: SettableClock, practice: PracticeNetwork
) -> None:
    post = tweet(APPEAL)
    clock.advance(timedelta(days=2))
    reply = everything(x, post)[0]
    assert x.get(f"/2/tweets/{reply['id']}")["data"]["text"] == reply["text"]
    answer = {"text": "Thank you, please call 101.", "reply": {"in_reply_to_tweet_id": reply["id"]}}
    ours = x.call("POST", "/2/tweets", json=answer).json()["data"]["id"]
    found = {one["id"]: one for one in everything(x, post)}
    assert found[ours]["author_id"] == practice.user_id
    assert found[ours]["referenced_tweets"] == [{"type": "replied_to", "id": reply["id"]}]
    own = f"/2/users/{practice.user_id}/tweets"
    assert [one["id"] for one in x.get(own)["data"]] == [ours, post]
    assert [one["id"] for one in x.get(own, exclude="replies,retweets")["data"]] == [post]
    assert x.call("PUT", f"/2/tweets/{reply['id']}/hidden", json={"hidden": True}).json() == {"data": {"hidden": True}}
    assert reply["id"] not in [one["id"] for one in everything(x, post)]
    x.call("PUT", f"/2/tweets/{reply['id']}/hidden", json={"hidden": False})
    assert reply["id"] in [one["id"] for one in everything(x, post)]
    assert x.call("DELETE", f"/2/tweets/{reply['id']}").status_code == 403


def test_own_posts_page_from_newest_to_oldest(
    x: Client, tweet: Any, clock: SettableClock, practice: PracticeNetwork
) -> None:
    posts = []
    for number in range(12):
        posts.append(tweet(f"{APPEAL} {number}"))
        clock.advance(timedelta(minutes=1))
    path = f"/2/users/{practice.user_id}/tweets"
    first = x.get(path, max_results=5)
    second = x.get(path, max_results=5, pagination_token=first["meta"]["next_token"])
    third = x.get(path, max_results=5, pagination_token=second["meta"]["next_token"])
    found = [one["id"] for page in (first, second, third) for one in page["data"]]
    assert found == posts[::-1]
    assert "next_token" not in third["meta"]
    start = (clock.now() - timedelta(minutes=3, seconds=30)).isoformat()
    assert [one["id"] for one in x.get(path, start_time=start)["data"]] == posts[:-4:-1]


def test_media_goes_up_with_alt_text_and_into_a_post(x: Client, tweet: Any, practice: PracticeNetwork) -> None:
    sent = {"files": {"media": ("duck.png", PNG, "image/png")}, "data": {"media_category": "tweet_image"}}
    media = x.call("POST", "/2/media/upload", **sent).json()["data"]["id"]
    alt = {"id": media, "metadata": {"alt_text": {"text": "A duck on a road."}}}
    assert x.call("POST", "/2/media/metadata", json=alt).status_code == 200
    post = tweet(LIGHT, media={"media_ids": [media]})
    shown = x.get(f"/2/tweets/{post}", **{"tweet.fields": "entities,attachments"})["data"]
    assert shown["attachments"]["media_keys"] == [f"3_{media}"]
    # As on X, the text ends in a link to the picture that the author never typed.
    assert shown["text"].endswith(shown["entities"]["urls"][-1]["url"])
    assert "media_key" in shown["entities"]["urls"][-1]
    assert practice.truth()[0]["alt_texts"] == ["A duck on a road."]
    unknown = x.call("POST", "/2/tweets", json={"text": "Hello", "media": {"media_ids": ["5"]}})
    assert unknown.status_code == 400
    assert unknown.json()["errors"][0]["message"] == "Your media IDs are invalid."


def test_media_in_pieces_is_ready_once_it_is_whole(x: Client, tweet: Any) -> None:
    begun = {"media_type": "image/png", "total_bytes": 40, "media_category": "tweet_image"}
    media = x.call("POST", "/2/media/upload/initialize", json=begun).json()["data"]["id"]
    for number in range(2):
        piece = {"files": {"media": ("piece", b"0" * 20)}, "data": {"segment_index": str(number)}}
        if number:
            assert x.call("POST", f"/2/media/upload/{media}/finalize").status_code == 400
        assert x.call("POST", f"/2/media/upload/{media}/append", **piece).status_code == 200
    assert x.call("POST", f"/2/media/upload/{media}/finalize").status_code == 200
    state = x.get("/2/media/upload", command="STATUS", media_id=media)["data"]["processing_info"]["state"]
    assert state == "succeeded"
    assert tweet(LIGHT, media={"media_ids": [media]})


def test_too_many_requests_are_refused_until_the_window_ends(x: Client, tweet: Any, clock: SettableClock) -> None:
    post = tweet(APPEAL)
    path = f"/2/tweets/{post}/liking_users"
    answers = [x.call("GET", path) for _ in range(76)]
    assert [answer.status_code for answer in answers] == [200] * 75 + [429]
    assert answers[0].headers["x-rate-limit-limit"] == "75"
    assert answers[0].headers["x-rate-limit-remaining"] == "74"
    reset = int(answers[75].headers["x-rate-limit-reset"])
    assert 0 < reset - clock.now().timestamp() <= 900
    clock.advance(timedelta(minutes=15))
    assert x.call("GET", path).status_code == 200


def test_community_pages_quote_what_they_pass_on(x: Client, tweet: Any, clock: SettableClock) -> None:
    posts = [tweet(f"Have you seen Derek, missing from Elderwick? Number {number}.") for number in range(4)]
    clock.advance(timedelta(days=3))
    for post in posts:
        counted = x.get("/2/tweets", ids=post, **{"tweet.fields": "public_metrics"})["data"][0]["public_metrics"]
        quotes = x.get(f"/2/tweets/{post}/quote_tweets", **{"tweet.fields": "referenced_tweets"}).get("data", [])
        assert counted["quote_count"] == len(quotes)
        assert all(quote["referenced_tweets"] == [{"type": "quoted", "id": post}] for quote in quotes)
    assert sum(1 for post in posts if x.get(f"/2/tweets/{post}/quote_tweets").get("data")) >= 2
