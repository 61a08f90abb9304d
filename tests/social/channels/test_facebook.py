"""Facebook beyond the contract: what goes over the wire, which metrics live, and what its codes ask of us."""

import json
import time
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from social.channels.base import Draft, Picture
from social.channels.facebook import VERSION
from social.clock import SettableClock
from social.errors import ChannelError, NeedsPerson, OutcomeUnknown, Refused, TryLater
from tests.conftest import START
from tests.social.channels.conftest import PAGE_TOKEN, MakeFacebook, Scripted

STAMP = "2026-06-01T09:00:05+0000"
DONE = {"id": "1001_7", "permalink_url": "https://www.facebook.com/1001/posts/7", "created_time": STAMP}
BAD_METRIC = {"error": {"message": "(#100) The value must be a valid insights metric", "code": 100}}
COUNTS = {
    "id": "1001_7",
    "reactions": {"summary": {"total_count": 12}},
    "comments": {"summary": {"total_count": 3}},
    "shares": {"count": 4},
}


def _query(path: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(path).query)


def _insight(name: str, value: object, period: str = "lifetime") -> dict[str, Any]:
    return {"name": name, "period": period, "values": [{"value": value}]}


def _figures(measured: Any) -> dict[str, int]:
    return {figure.metric.value: figure.value for figure in measured.figures}


def test_the_token_goes_in_a_header_and_nowhere_else(make_facebook: MakeFacebook, scripted: Scripted) -> None:
    channel = make_facebook(scripted.base_url + "/graph/")
    for body in ({"id": "5"}, DONE, {"data": []}, {"success": True}):
        scripted.answer(body)
    channel.publish(Draft("A gate", pictures=(Picture(b"png-bytes", "image/png", "Gate"),)), key="1")
    assert channel.find(Draft("A gate"), since=START) is None
    channel.withdraw("1001_7")
    token = PAGE_TOKEN["page_access_token"]
    for seen in scripted.seen:
        assert seen.headers["Authorization"] == f"Bearer {token}"
        assert token not in seen.path
        assert token.encode() not in seen.body
        assert seen.path.startswith(f"/graph/{VERSION}/")


def test_text_and_link_go_apart_and_the_answer_tells_time_and_address(
    make_facebook: MakeFacebook, scripted: Scripted
) -> None:
    scripted.answer(DONE)
    published = make_facebook(scripted.base_url).publish(Draft("Say", link="https://www.example.org/say"), key="1")
    assert (published.platform_id, published.url) == ("1001_7", DONE["permalink_url"])
    assert published.published_at == START + timedelta(seconds=5)
    assert urlsplit(scripted.seen[0].path).path == f"/{VERSION}/1001/feed"
    assert parse_qs(scripted.seen[0].body.decode()) == {"message": ["Say"], "link": ["https://www.example.org/say"]}


def test_pictures_are_brought_unseen_and_attached_as_json(make_facebook: MakeFacebook, scripted: Scripted) -> None:
    for body in ({"id": "5"}, {"id": "6"}, DONE):
        scripted.answer(body)
    pictures = (Picture(b"first", "image/png", "Gate"), Picture(b"second", "image/jpeg", "Lane"))
    draft = Draft("Before and after", link="https://www.example.org/a", pictures=pictures)
    make_facebook(scripted.base_url).publish(draft, key="1")
    first = scripted.seen[0].body
    assert all(part in first for part in (b"first", b"Gate", b"alt_text_custom", b"false", b'name="source"'))
    posted = parse_qs(scripted.seen[2].body.decode())
    assert json.loads(posted["attached_media"][0]) == [{"media_fbid": "5"}, {"media_fbid": "6"}]
    assert posted["message"] == ["Before and after https://www.example.org/a"]


@pytest.mark.parametrize(("code", "kind"), [(1, TryLater), (190, NeedsPerson), (324, Refused)])
def test_a_picture_that_fails_leaves_nothing_unknown(
    make_facebook: MakeFacebook, scripted: Scripted, code: int, kind: type[ChannelError]
) -> None:
    scripted.answer({"error": {"message": "no", "code": code}}, 400)
    with pytest.raises(kind):
        make_facebook(scripted.base_url).publish(Draft("A", pictures=(Picture(b"p", "image/png", ""),)), key="1")
    assert len(scripted.seen) == 1


def test_pictures_that_facebook_does_not_take_are_refused_before_anything_is_sent(
    make_facebook: MakeFacebook, closed_address: str
) -> None:
    channel, small = make_facebook(closed_address), Picture(b"p", "image/png", "")
    for pictures in (
        (small,) * 11,
        (Picture(b"p" * 10_000_001, "image/png", ""),),
        (Picture(b"p", "image/png", "a" * 1001),),
    ):
        with pytest.raises(Refused):
            channel.publish(Draft("Hello", pictures=pictures), key="1")


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (400, {"code": 1}, OutcomeUnknown),
        (400, {"code": 2, "is_transient": True}, OutcomeUnknown),
        (500, {"code": 368}, OutcomeUnknown),
        (403, {"code": 4}, TryLater),
        (403, {"code": 32}, TryLater),
        (400, {"code": 80001}, TryLater),
        (403, {"code": 10}, NeedsPerson),
        (403, {"code": 200}, NeedsPerson),
        (403, {"code": 283}, NeedsPerson),
        (401, {"code": 190, "error_subcode": 460}, NeedsPerson),
        (400, {"code": 102}, NeedsPerson),
        (400, {"code": 368}, NeedsPerson),
        (400, {"code": 506}, Refused),
        (400, {"code": "506"}, Refused),
        (400, {"code": 100}, Refused),
        (400, {"code": 1609005}, Refused),
        (400, {"code": 99999}, Refused),
        (400, {"code": 99999, "is_transient": True}, OutcomeUnknown),
        (200, {"code": 190}, NeedsPerson),  # an error that comes with a success
        (400, {}, Refused),
        (429, {}, TryLater),
        (503, {}, OutcomeUnknown),
    ],
)
def test_what_facebook_answers_to_a_post_is_sorted(
    make_facebook: MakeFacebook, scripted: Scripted, status: int, error: dict[str, Any], kind: type[ChannelError]
) -> None:
    scripted.answer({"error": {"message": "Because.", **error}}, status)
    with pytest.raises(kind):
        make_facebook(scripted.base_url).publish(Draft("Good morning"), key="1")


@pytest.mark.parametrize("body", [b"<html>503</html>", b"", b"[]", b"null", b'"text"', b"{}", b'{"id": "1001'])
def test_a_success_that_cannot_be_read_is_unknown(make_facebook: MakeFacebook, scripted: Scripted, body: bytes) -> None:
    scripted.answer(body)
    with pytest.raises(OutcomeUnknown):
        make_facebook(scripted.base_url).publish(Draft("Good morning"), key="1")


def test_waiting_ends_when_the_usage_header_says_so(make_facebook: MakeFacebook, scripted: Scripted) -> None:
    usage = {"1001": [{"type": "pages", "call_count": 100, "estimated_time_to_regain_access": 37}]}
    scripted.answer({"error": {"code": 32}}, 403, X_Business_Use_Case_Usage=json.dumps(usage))
    with pytest.raises(TryLater) as later:
        make_facebook(scripted.base_url).verify()
    assert later.value.not_before == START + timedelta(minutes=37)
    scripted.answers.clear()
    scripted.answer({"error": {"code": 32}}, 403, X_Business_Use_Case_Usage="not json")
    with pytest.raises(TryLater) as later:
        make_facebook(scripted.base_url).verify()
    assert later.value.not_before == START + timedelta(minutes=15)


def test_a_missing_permission_is_named(make_facebook: MakeFacebook, scripted: Scripted) -> None:
    scripted.answer(
        {"error": {"code": 10, "message": "(#10) This needs the 'pages_read_user_content' permission"}}, 403
    )
    with pytest.raises(NeedsPerson) as needs:
        list(make_facebook(scripted.base_url).listen("1001_7", cursor=None, published_at=START))
    assert "pages_read_user_content" in needs.value.detail


def test_a_server_that_never_answers_holds_nobody_up(make_facebook: MakeFacebook, silent_address: str) -> None:
    channel = make_facebook(silent_address)
    begin = time.monotonic()
    for write in (lambda: channel.publish(Draft("Good morning"), key="1"), lambda: channel.withdraw("1001_7")):
        with pytest.raises(OutcomeUnknown):
            write()
    for read in (
        channel.verify,
        lambda: channel.publish(Draft("A", pictures=(Picture(b"p", "image/png", ""),)), key="1"),
        lambda: channel.find(Draft("a"), since=START),
        lambda: channel.measure(["1001_7"]),
        lambda: list(channel.listen("1001_7", cursor=None, published_at=START)),
        lambda: list(channel.history(since=START)),
    ):
        with pytest.raises(TryLater):
            read()
    assert time.monotonic() - begin < 10


def test_one_retired_metric_blanks_no_other(make_facebook: MakeFacebook, scripted: Scripted) -> None:
    scripted.answer(COUNTS)
    scripted.answer({"data": [_insight("post_media_view", 900)]})
    scripted.answer(BAD_METRIC, 400)
    scripted.answer({"data": [_insight("post_clicks", 8)]})
    scripted.answer(COUNTS)
    scripted.answer({"data": [_insight("post_media_view", 950), _insight("post_clicks", 9)]})
    channel = make_facebook(scripted.base_url)
    first = _figures(channel.measure(["1001_7"]))
    assert first == {"reactions": 12, "replies": 3, "shares": 4, "impressions": 900, "clicks": 8}
    assert _figures(channel.measure(["1001_7"])) == {**first, "impressions": 950, "clicks": 9}
    assert _query(scripted.seen[-1].path)["metric"] == ["post_media_view,post_clicks"]


def test_a_metric_that_is_retired_while_we_run_is_found_out(make_facebook: MakeFacebook, scripted: Scripted) -> None:
    for body in (COUNTS, *({"data": []},) * 3, COUNTS):
        scripted.answer(body)
    scripted.answer(BAD_METRIC, 400)  # all three at once
    scripted.answer(BAD_METRIC, 400)  # the first alone
    scripted.answer({"data": [_insight("post_total_media_view_unique", 500)]})
    scripted.answer({"data": []})
    channel = make_facebook(scripted.base_url)
    channel.measure(["1001_7"])
    assert _figures(channel.measure(["1001_7"]))["reach"] == 500


def test_which_metrics_live_is_learnt_anew_every_day(
    make_facebook: MakeFacebook, scripted: Scripted, clock: SettableClock
) -> None:
    channel = make_facebook(scripted.base_url)
    scripted.answer({**COUNTS, "data": []})
    asked = []
    for step in (timedelta(0), timedelta(hours=1), timedelta(days=1)):
        clock.advance(step)
        scripted.seen.clear()
        channel.measure(["1001_7"])
        asked.append(len(scripted.seen))
    assert asked == [4, 2, 4]


def test_without_permission_for_insights_the_other_figures_remain(
    make_facebook: MakeFacebook, scripted: Scripted
) -> None:
    scripted.answer(COUNTS)
    scripted.answer({"error": {"code": 200, "message": "(#200) read_insights"}}, 403)
    measured = make_facebook(scripted.base_url).measure(["1001_7"])
    assert _figures(measured) == {"reactions": 12, "replies": 3, "shares": 4}


def test_a_post_that_is_refused_hides_no_other_figures(make_facebook: MakeFacebook, scripted: Scripted) -> None:
    refusal = {"error": {"code": 100, "message": "(#100) Tried accessing nonexisting field (shares)"}}
    channel = make_facebook(scripted.base_url)
    scripted.answer(refusal, 400)
    scripted.answer({"id": "1001_6", "shares": {"count": 4}})
    scripted.answer({"data": []})
    measured = channel.measure(["1001_5", "1001_6"])
    assert [(f.platform_id, f.metric.value, f.value) for f in measured.figures] == [("1001_6", "shares", 4)]
    assert measured.gone == ()
    scripted.answers.clear()
    scripted.answer(refusal, 400)
    with pytest.raises(Refused):
        channel.measure(["1001_5"])


def test_only_lifetime_counts_are_figures(make_facebook: MakeFacebook, scripted: Scripted) -> None:
    scripted.answer({"id": "1001_7"})
    scripted.answer({"data": [_insight("post_media_view", 5, "day"), _insight("post_media_view", 900)]})
    scripted.answer({"data": [_insight("post_total_media_view_unique", {"a": 1})]})
    scripted.answer({"data": [_insight("post_clicks", -1), {"name": "strange", "period": "lifetime", "values": []}]})
    measured = make_facebook(scripted.base_url).measure(["1001_7"])
    # Nobody shared it: Facebook leaves `shares` out although it was asked for. The rest was not reported.
    assert _figures(measured) == {"shares": 0, "impressions": 900}


def _comment(number: int, **more: Any) -> dict[str, Any]:
    return {"id": f"7_{number}", "message": f"comment {number}", "created_time": STAMP, **more}


def test_comments_are_read_page_by_page_each_with_its_own_cursor(
    make_facebook: MakeFacebook, scripted: Scripted
) -> None:
    token = PAGE_TOKEN["page_access_token"]
    follows = {"cursors": {"after": "c1"}, "next": f"https://graph.facebook.com/?access_token={token}"}
    scripted.answer({"data": [_comment(1, **{"from": {"id": "1001", "name": "Page"}})], "paging": follows})
    scripted.answer({"data": [], "paging": {"cursors": {"after": "c2"}, "next": "https://graph.facebook.com/"}})
    answer = _comment(2, parent={"id": "7_1"}, is_hidden=True, **{"from": {"id": "9", "name": "A Resident"}})
    scripted.answer({"data": [answer, _comment(3)], "paging": {"cursors": {"after": "c3"}}})
    pages = list(make_facebook(scripted.base_url).listen("1001_7", cursor=None, published_at=START))
    newest = int(datetime.fromisoformat(STAMP).timestamp())
    assert [page.cursor for page in pages] == [f"c1|{newest}", f"c3|{newest}"]
    first, second, third = (item for page in pages for item in page.items)
    assert (first.ours, first.parent, first.hidden) == (True, "1001_7", False)
    assert (second.ours, second.parent, second.hidden, second.author) == (False, "7_1", True, "9")
    assert third.author is None
    assert "A Resident" not in repr(pages)
    assert [_query(seen.path).get("after") for seen in scripted.seen] == [None, ["c1"], ["c2"]]
    assert _query(scripted.seen[0].path)["filter"] == ["stream"]


def test_a_cursor_that_facebook_refuses_means_reading_all_again(
    make_facebook: MakeFacebook, scripted: Scripted
) -> None:
    scripted.answer({"error": {"code": 100, "message": "(#100) Invalid cursor"}}, 400)
    scripted.answer({"data": [_comment(1)], "paging": {"cursors": {"after": "c1"}}})
    pages = list(make_facebook(scripted.base_url).listen("1001_7", cursor="stale", published_at=START))
    assert [item.platform_id for page in pages for item in page.items] == ["7_1"]
    assert not {"after", "since"} & set(_query(scripted.seen[1].path))


def test_a_refused_cursor_restarts_by_the_time_that_it_had_reached(
    make_facebook: MakeFacebook, scripted: Scripted
) -> None:
    channel = make_facebook(scripted.base_url)
    scripted.answer({"data": [_comment(1)], "paging": {"cursors": {"after": "c1"}}})
    [page] = channel.listen("1001_7", cursor=None, published_at=START)
    scripted.answers.clear()
    scripted.answer({"error": {"code": 100, "error_subcode": 1357055, "message": "(#100) Invalid cursor"}}, 400)
    scripted.answer({"data": [_comment(2)], "paging": {"cursors": {"after": "c2"}, "next": "https://x.invalid/"}})
    scripted.answer({"data": [_comment(3)], "paging": {"cursors": {"after": "c3"}}})
    pages = list(channel.listen("1001_7", cursor=page.cursor, published_at=START))
    assert [item.platform_id for page in pages for item in page.items] == ["7_2", "7_3"]
    refused, restarted, second = (_query(seen.path) for seen in scripted.seen[1:])
    reached = int(datetime.fromisoformat(STAMP).timestamp())
    assert (refused["after"], "since" in refused) == (["c1"], False)
    assert ("after" in restarted, restarted["since"]) == (False, [str(reached - 3600)])
    assert (second["after"], second["since"]) == (["c2"], [str(reached - 3600)])


def test_a_recheck_tells_what_was_changed_what_is_hidden_and_what_is_gone(
    make_facebook: MakeFacebook, scripted: Scripted
) -> None:
    scripted.answer({"data": [_comment(1, is_hidden=True), _comment(2, message="Other words"), _comment(9)]})
    scripted.answer({"error": {"code": 100, "error_subcode": 33, "message": "Unsupported get request."}}, 400)
    scripted.answer(_comment(4))
    found = make_facebook(scripted.base_url).recheck({"1001_7": ["7_1", "7_2", "7_3", "7_4"]})
    assert found.gone == ("7_3",), "missing in the list and for itself"
    assert [(item.platform_id, item.text, item.hidden) for item in found.items] == [
        ("7_1", "comment 1", True),
        ("7_2", "Other words", False),
        ("7_4", "comment 4", False),  # a list may leave out what is there
    ]


def test_a_recheck_under_a_post_that_is_gone_knows_nothing(make_facebook: MakeFacebook, scripted: Scripted) -> None:
    """Facebook says the same of what is gone and of what it keeps from us: nobody's words are erased for that."""
    scripted.answer({"error": {"code": 100, "error_subcode": 33, "message": "Unsupported get request."}}, 400)
    found = make_facebook(scripted.base_url).recheck({"1001_7": ["7_1"]})
    assert (found.items, found.gone) == ((), ())


def test_a_post_that_is_gone_has_nothing_to_be_heard(make_facebook: MakeFacebook, scripted: Scripted) -> None:
    scripted.answer({"error": {"code": 100, "error_subcode": 33, "message": "Unsupported get request."}}, 400)
    channel = make_facebook(scripted.base_url)
    assert list(channel.listen("1001_7", cursor=None, published_at=START)) == []
    assert list(channel.listen("1001_7", cursor="c1", published_at=START)) == []
    assert len(scripted.seen) == 2


@pytest.mark.parametrize(("cursors", "requests"), [({"after": "c1"}, 2), ({}, 1)], ids=["a circle", "no cursor"])
def test_pages_that_do_not_come_to_an_end_show_no_absence(
    make_facebook: MakeFacebook, scripted: Scripted, cursors: dict[str, str], requests: int
) -> None:
    scripted.answer({"data": [], "paging": {"cursors": cursors, "next": "https://graph.facebook.com/"}})
    with pytest.raises(TryLater):
        make_facebook(scripted.base_url).find(Draft("a"), since=START)
    assert len(scripted.seen) == requests


def test_a_cursor_that_is_only_in_the_next_address_is_taken_from_there(
    make_facebook: MakeFacebook, scripted: Scripted
) -> None:
    scripted.answer({"data": [], "paging": {"next": "https://graph.facebook.com/x?access_token=t&after=c%3D1"}})
    scripted.answer({"data": []})
    assert make_facebook(scripted.base_url).find(Draft("a"), since=START) is None
    assert _query(scripted.seen[1].path)["after"] == ["c=1"]
    assert "access_token" not in scripted.seen[1].path


def test_history_knows_posts_with_pictures(make_facebook: MakeFacebook, scripted: Scripted) -> None:
    pictured = {**DONE, "message": "Look", "attachments": {"data": [{"media_type": "photo"}]}}
    linked = {**DONE, "id": "1001_6", "attachments": {"data": [{"media_type": "link"}]}}
    scripted.answer({"data": [pictured, linked], "paging": {}})
    past = list(make_facebook(scripted.base_url).history(since=START))
    assert [(post.text, post.has_picture) for post in past] == [("Look", True), ("", False)]


GONE = {"error": {"message": "Unsupported get request.", "code": 100, "error_subcode": 33}}


def test_a_post_is_gone_only_while_the_page_itself_can_be_seen(make_facebook: MakeFacebook, scripted: Scripted) -> None:
    """Facebook says the same of what it keeps from us: a lost permission is no proof that residents see nothing."""
    scripted.answer(GONE, 400)
    scripted.answer({"id": "1001"})
    assert not make_facebook(scripted.base_url).is_live("1001_7")
    scripted.answers.clear()
    scripted.answer(GONE, 400)
    scripted.answer({"error": {"message": "no", "code": 190}}, 400)
    with pytest.raises(NeedsPerson):
        make_facebook(scripted.base_url).is_live("1001_7")


def test_a_post_that_was_taken_off_the_page_is_not_live(make_facebook: MakeFacebook, scripted: Scripted) -> None:
    scripted.answer({"id": "1001_7", "is_published": False})
    assert not make_facebook(scripted.base_url).is_live("1001_7")
