"""The Graph API over real HTTP: publishing, comments, figures, tokens and its own way of refusing."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import requests

from social.clock import SettableClock
from social.practice.graph_fields import read_fields
from social.practice.network import PracticeNetwork

Client = Any  # the client of conftest.py
APPEAL = "Did your dashcam catch anything? Tools were taken from vans on Quarry Lane, Marlpit End. Quote WD-2231."
LIGHT = "Traffic was held up by a mother duck and nine ducklings in Elderwick. None had ID. 🦆"
FIELDS = "id,message,created_time,from{id,name},parent{id},comment_count,like_count,is_hidden,permalink_url"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64


def comments(graph: Client, post: str, **params: Any) -> list[dict[str, Any]]:
    """Every comment, over all pages."""
    found: list[dict[str, Any]] = []
    after: dict[str, str] = {}
    while True:
        page = graph.get(f"/{post}/comments", **{"filter": "stream", "fields": FIELDS, "limit": 7, **params, **after})
        found += page["data"]
        if "next" not in page.get("paging", {}):
            return found
        after = {"after": page["paging"]["cursors"]["after"]}


def error_of(answer: requests.Response) -> dict[str, Any]:
    assert answer.status_code >= 400, answer.text
    return dict(answer.json()["error"])


def test_a_post_is_taken_and_found_among_published_posts(
    graph: Client, page_post: Any, practice: PracticeNetwork
) -> None:
    post = page_post(APPEAL, link="https://example.org/vans")
    assert post.startswith(f"{practice.page_id}_")
    shown = graph.get("/me/published_posts", fields="id,message,created_time,permalink_url,attachments")["data"]
    assert [one["id"] for one in shown] == [post]
    assert shown[0]["message"] == APPEAL
    assert shown[0]["attachments"]["data"][0]["unshimmed_url"] == "https://example.org/vans"
    assert requests.get(shown[0]["permalink_url"], timeout=5).status_code == 200


def test_a_post_can_be_read_in_the_answer_that_makes_it(graph: Client) -> None:
    sent = graph.call("POST", "/me/feed", params={"fields": "id,permalink_url,created_time"}, data={"message": APPEAL})
    assert set(sent.json()) == {"id", "permalink_url", "created_time"}


def test_the_page_tells_its_name_and_followers(graph: Client, practice: PracticeNetwork) -> None:
    page = graph.get(f"/{practice.page_id}", fields="id,name,followers_count,fan_count")
    assert page["id"] == practice.page_id
    assert page["name"] == "Woldershire Police"
    assert page["followers_count"] > page["fan_count"] > 1000


def test_the_same_words_twice_in_a_row_are_refused(graph: Client, page_post: Any) -> None:
    page_post(APPEAL)
    assert error_of(graph.call("POST", "/me/feed", data={"message": APPEAL}))["code"] == 506
    page_post(LIGHT)
    assert page_post(APPEAL)


def test_a_bad_token_is_code_190_and_a_missing_one_2500(practice: PracticeNetwork, graph: Client) -> None:
    bad = graph.call("GET", "/me", headers={"Authorization": "Bearer wrong"})
    assert (error_of(bad)["code"], error_of(bad)["type"]) == (190, "OAuthException")
    assert error_of(graph.call("GET", "/me", headers={}))["code"] == 2500
    token = practice.credentials("facebook")["page_access_token"]
    assert graph.call("GET", "/me", headers={}, params={"access_token": token}).status_code == 200


def test_a_token_can_be_inspected(graph: Client, practice: PracticeNetwork) -> None:
    token = practice.credentials("facebook")["page_access_token"]
    told = graph.get("/debug_token", input_token=token)["data"]
    assert told["is_valid"] is True
    assert "pages_manage_posts" in told["scopes"]
    assert graph.get("/debug_token", input_token="other")["data"]["is_valid"] is False


@pytest.mark.parametrize(
    ("version", "status"), [("v21.0", 200), ("v26.0", 200), ("v20.0", 400), ("v3.1", 400), ("v27.0", 400)]
)
def test_only_living_versions_answer(graph: Client, practice: PracticeNetwork, version: str, status: int) -> None:
    answer = requests.get(f"{practice.base_url}/{version}/me", headers=graph.how["headers"], timeout=5)
    assert answer.status_code == status
    if version in ("v20.0", "v3.1"):
        assert error_of(answer)["code"] == 2635


def test_comments_come_in_order_over_pages_with_their_threads(
    graph: Client, page_post: Any, clock: SettableClock
) -> None:
    post = page_post(APPEAL)
    assert graph.get(f"/{post}/comments", filter="stream") == {"data": []}
    clock.advance(timedelta(days=6))
    found = comments(graph, post)
    assert len(found) >= 8
    assert len({one["id"] for one in found}) == len(found)
    times = [one["created_time"] for one in found]
    assert times == sorted(times)
    assert datetime.fromisoformat(times[-1]) <= clock.now()
    assert any("from" not in one for one in found)
    top = comments(graph, post, filter="toplevel")
    assert [one["id"] for one in top] == [one["id"] for one in found if "parent" not in one]
    backwards = comments(graph, post, order="reverse_chronological")
    assert backwards == found[::-1]
    for one in top:
        under = graph.get(f"/{one['id']}/comments")["data"]
        assert len(under) == one["comment_count"]


def test_a_cursor_leads_on_to_what_came_later(graph: Client, page_post: Any, clock: SettableClock) -> None:
    post = page_post(APPEAL)
    clock.advance(timedelta(hours=3))
    early = graph.get(f"/{post}/comments", filter="stream", limit=100)
    clock.advance(timedelta(days=5))
    cursor = early["paging"]["cursors"]["after"]
    later = graph.get(f"/{post}/comments", filter="stream", limit=100, after=cursor)["data"]
    known = {one["id"] for one in early["data"]}
    everything = {one["id"] for one in comments(graph, post)}
    assert later
    assert known.isdisjoint(one["id"] for one in later)
    assert {one["id"] for one in later} == everything - known


def test_comments_since_a_moment_leave_older_ones_out(graph: Client, page_post: Any, clock: SettableClock) -> None:
    post = page_post(APPEAL)
    clock.advance(timedelta(days=6))
    found = comments(graph, post)
    middle = datetime.fromisoformat(found[len(found) // 2]["created_time"])
    since = comments(graph, post, since=int(middle.timestamp()))
    assert since == [one for one in found if datetime.fromisoformat(one["created_time"]) >= middle]


def test_a_comment_can_be_answered_hidden_and_removed(
    graph: Client, page_post: Any, clock: SettableClock, practice: PracticeNetwork
) -> None:
    post = page_post(APPEAL)
    clock.advance(timedelta(days=1))
    first = comments(graph, post)[0]["id"]
    ours = graph.call("POST", f"/{first}/comments", data={"message": "Thank you, please call 101."}).json()["id"]
    shown = {one["id"]: one for one in comments(graph, post)}
    assert shown[ours]["parent"]["id"] == first
    assert shown[ours]["from"]["id"] == practice.page_id
    assert graph.call("POST", f"/{first}", data={"is_hidden": "true"}).json() == {"success": True}
    assert graph.get(f"/{first}", fields="is_hidden") == {"is_hidden": True, "id": first}
    assert graph.call("DELETE", f"/{first}").json() == {"success": True}
    assert error_of(graph.call("GET", f"/{first}")) | {"code": 100, "error_subcode": 33} == error_of(
        graph.call("GET", f"/{first}")
    )
    graph.call("DELETE", f"/{ours}")
    assert {first, ours}.isdisjoint(one["id"] for one in comments(graph, post))


def test_nested_fields_count_reactions_comments_and_shares(graph: Client, page_post: Any, clock: SettableClock) -> None:
    post = page_post(LIGHT)
    clock.advance(timedelta(days=4))
    fields = (
        "reactions.limit(0).summary(total_count),reactions.type(LOVE).limit(0).summary(total_count).as(love),"
        "reactions.type(HAHA).limit(0).summary(total_count).as(haha),comments.filter(stream).limit(0).summary(true),shares"
    )
    shown = graph.get(f"/{post}", fields=fields)
    total = shown["reactions"]["summary"]["total_count"]
    assert total > shown["love"]["summary"]["total_count"] > 0
    assert total > shown["haha"]["summary"]["total_count"] > 0
    assert shown["reactions"]["data"] == []
    assert shown["comments"]["summary"]["total_count"] == len(comments(graph, post))
    assert shown["shares"]["count"] > 0
    types = graph.get(f"/{post}/insights", metric="post_reactions_by_type_total")["data"][0]["values"][0]["value"]
    assert sum(types.values()) == total


def test_shares_are_absent_until_there_are_some(graph: Client, page_post: Any) -> None:
    assert graph.get(f"/{page_post(APPEAL)}", fields="shares").keys() == {"id"}


def test_insights_answer_todays_names(graph: Client, page_post: Any, clock: SettableClock) -> None:
    post = page_post(APPEAL)
    clock.advance(timedelta(days=2))
    metrics = "post_media_view,post_total_media_view_unique,post_clicks"
    data = graph.get(f"/{post}/insights", metric=metrics)["data"]
    values = {one["name"]: one["values"][0]["value"] for one in data}
    assert list(values) == metrics.split(",")
    assert values["post_media_view"] > values["post_total_media_view_unique"] > values["post_clicks"] > 0
    assert {one["period"] for one in data} == {"lifetime"}


@pytest.mark.parametrize("metric", ["post_impressions", "post_media_view,post_impressions_unique", "post_media_view,x"])
def test_one_dead_metric_fails_the_whole_call(graph: Client, page_post: Any, metric: str) -> None:
    error = error_of(graph.call("GET", f"/{page_post(APPEAL)}/insights", params={"metric": metric}))
    assert (error["code"], error["message"]) == (100, "(#100) The value must be a valid insights metric")


def test_no_metric_at_all_is_an_error_of_its_own(graph: Client, page_post: Any) -> None:
    error = error_of(graph.call("GET", f"/{page_post(APPEAL)}/insights"))
    assert (error["code"], error["error_subcode"]) == (3001, 1504028)


def test_page_insights_tell_one_value_a_day(graph: Client, page_post: Any, clock: SettableClock) -> None:
    page_post(APPEAL)
    start = clock.now()
    clock.advance(timedelta(days=5))
    span = {"since": int(start.timestamp()), "until": int(clock.now().timestamp())}
    data = graph.get("/me/insights", metric="page_media_view,page_follows", period="day", **span)["data"]
    views = [value["value"] for value in data[0]["values"]]
    assert len(views) == 5
    assert views[0] > views[-1] >= 0
    wide = {**span, "since": span["until"] - 91 * 86_400}
    assert error_of(graph.call("GET", "/me/insights", params={"metric": "page_follows", **wide}))["code"] == 100


def test_a_picture_goes_up_unpublished_with_alt_text_and_into_a_post(graph: Client, page_post: Any) -> None:
    form = {"published": "false", "alt_text_custom": "A duck on a road."}
    photo = graph.call("POST", "/me/photos", data=form, files={"source": ("duck.png", PNG, "image/png")}).json()
    assert set(photo) == {"id"}
    assert graph.get("/me/published_posts")["data"] == []
    post = page_post(LIGHT, attached_media=f'[{{"media_fbid":"{photo["id"]}"}}]')
    attached = graph.get(f"/{post}", fields="attachments")["attachments"]["data"]
    assert attached[0]["description"] == "A duck on a road."
    assert graph.get(f"/{photo['id']}", fields="alt_text")["alt_text"] == "A duck on a road."
    unknown = graph.call("POST", "/me/feed", data={"message": "x", "attached_media": '[{"media_fbid":"1"}]'})
    assert error_of(unknown)["code"] == 100


def test_a_published_picture_is_a_post(graph: Client) -> None:
    sent = graph.call("POST", "/me/photos", data={"caption": LIGHT}, files={"source": ("duck.png", PNG, "image/png")})
    assert graph.get(f"/{sent.json()['post_id']}", fields="message")["message"] == LIGHT


def test_a_deleted_post_is_gone_with_its_comments(graph: Client, page_post: Any, clock: SettableClock) -> None:
    post = page_post(APPEAL)
    clock.advance(timedelta(days=1))
    comment = comments(graph, post)[0]["id"]
    assert graph.call("DELETE", f"/{post}").json() == {"success": True}
    for thing in (post, comment):
        error = error_of(graph.call("GET", f"/{thing}"))
        assert (error["code"], error["error_subcode"]) == (100, 33)
    assert error_of(graph.call("DELETE", f"/{post}"))["code"] == 100
    assert graph.get("/me/published_posts")["data"] == []


def test_own_posts_page_and_start_where_asked(graph: Client, page_post: Any, clock: SettableClock) -> None:
    posts = []
    for number in range(5):
        posts.append(page_post(f"{APPEAL} {number}"))
        clock.advance(timedelta(minutes=1))
    first = graph.get("/me/published_posts", limit=2)
    second = graph.get("/me/published_posts", limit=2, after=first["paging"]["cursors"]["after"])
    third = graph.get("/me/published_posts", limit=2, after=second["paging"]["cursors"]["after"])
    assert [one["id"] for page in (first, second, third) for one in page["data"]] == posts[::-1]
    assert "next" in second["paging"]
    assert "next" not in third["paging"]
    since = int((clock.now() - timedelta(minutes=2, seconds=30)).timestamp())
    assert [one["id"] for one in graph.get("/me/published_posts", since=since)["data"]] == posts[:-3:-1]


@pytest.mark.parametrize(
    ("form", "code"),
    [({}, 100), ({"message": "a" * 63_207}, 100), ({"message": "a", "link": "not a link"}, 100),
     ({"message": "a", "attached_media": "media_fbid"}, 100), ({"message": "a", "published": "false"}, 100)],
)  # fmt: skip
def test_what_cannot_be_published_is_refused(
    graph: Client, practice: PracticeNetwork, form: dict[str, str], code: int
) -> None:
    assert error_of(graph.call("POST", "/me/feed", data=form))["code"] == code
    assert practice.truth() == []


def test_a_field_that_is_not_there_fails_the_call(graph: Client, page_post: Any) -> None:
    error = error_of(graph.call("GET", f"/{page_post(APPEAL)}", params={"fields": "id,impressions"}))
    assert "nonexisting field (impressions)" in error["message"]


def test_every_answer_tells_the_usage(graph: Client, practice: PracticeNetwork) -> None:
    headers = graph.call("GET", "/me").headers
    assert '"call_count":' in headers["X-App-Usage"]
    assert f'{{"{practice.page_id}":[{{"type":"pages"' in headers["X-Business-Use-Case-Usage"]


def test_field_lists_nest() -> None:
    fields = read_fields(
        "id,from{id,name},reactions.type(LOVE).limit(0).summary(total_count).as(love),comments{from{id}}"
    )
    assert [field.name for field in fields] == ["id", "from", "reactions", "comments"]
    assert [inner.name for inner in fields[1].inner] == ["id", "name"]
    assert fields[2].shown == "love"
    assert fields[2].args == {"type": "LOVE", "limit": "0", "summary": "total_count", "as": "love"}
    assert fields[3].inner[0].inner[0].name == "id"


def test_a_broken_field_list_is_a_syntax_error(graph: Client) -> None:
    for broken in ("id,from{id", "id,.limit(0)", "id(3"):
        assert error_of(graph.call("GET", "/me", params={"fields": broken}))["code"] == 2500
