"""X beyond the contract: what its answers look like on the wire, and what its refusals ask of us."""

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from social.channels.base import Draft, Picture
from social.channels.x_cursor import Cursor
from social.errors import ChannelError, NeedsPerson, OutcomeUnknown, Refused, TryLater
from tests.conftest import START
from tests.social.channels.conftest import X_KEYS, MakeX, Scripted

GIF = Picture(b"GIF89a", "image/gif", "A waving hand")
DONE = {"data": {"id": "77", "text": "?"}}


def _post(number: int, **more: Any) -> dict[str, Any]:
    created = (START + timedelta(minutes=number)).isoformat().replace("+00:00", ".000Z")
    return {"id": str(number), "text": f"post {number}", "created_at": created, "author_id": "9", **more}


def _query(path: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(path).query)


@pytest.mark.parametrize(
    ("text", "link", "length"),
    [
        ("£5 “quoted” – dash", None, 18),
        ("Ends…", None, 6),
        ("👮🏽‍♀️", None, 2),
        ("See gov.uk", None, 27),
        ("Have your say", "https://www.example.org/a/very/long/address/that/goes/on/and/on", 13 + 1 + 23),
    ],
)
def test_length_is_counted_as_x_counts_it(make_x: MakeX, text: str, link: str | None, length: int) -> None:
    assert make_x(None).count(Draft(text, link)) == length


def test_no_token_is_in_an_address_or_a_body(make_x: MakeX, scripted: Scripted) -> None:
    channel = make_x(scripted.base_url)
    scripted.answer(DONE)
    channel.publish(Draft("Good morning", pictures=(Picture(b"png", "image/png", "A gate"),)), key="1")
    scripted.answers.clear()
    scripted.answer({"data": [], "meta": {"result_count": 0}})
    assert channel.find(Draft("Good morning"), since=START) is None
    for seen in scripted.seen:
        for secret in X_KEYS.values():
            assert secret not in seen.path
            assert secret.encode() not in seen.body
        assert "oauth" not in seen.path
        assert seen.headers["Authorization"].startswith("OAuth ")


def test_an_address_may_have_a_path_and_a_closing_slash(make_x: MakeX, scripted: Scripted) -> None:
    scripted.answer(DONE)
    make_x(scripted.base_url + "/proxy/x/").publish(Draft("Good morning"), key="1")
    assert scripted.seen[0].path == "/proxy/x/2/tweets"


def test_pictures_go_first_with_their_descriptions_and_the_post_names_them(make_x: MakeX, scripted: Scripted) -> None:
    scripted.answer({"data": {"id": "5001"}})
    scripted.answer({"data": {"id": "5001"}})
    scripted.answer(DONE, 201)
    make_x(scripted.base_url).publish(Draft("A gate", pictures=(Picture(b"png-bytes", "image/png", "Gate"),)), key="1")
    assert [seen.path for seen in scripted.seen] == ["/2/media/upload", "/2/media/metadata", "/2/tweets"]
    assert b"png-bytes" in scripted.seen[0].body
    assert b"tweet_image" in scripted.seen[0].body
    assert json.loads(scripted.seen[1].body) == {"id": "5001", "metadata": {"alt_text": {"text": "Gate"}}}
    assert json.loads(scripted.seen[2].body)["media"]["media_ids"] == ["5001"]


def test_a_moving_picture_is_waited_for(make_x: MakeX, scripted: Scripted) -> None:
    working = {"data": {"id": "5001", "processing_info": {"state": "in_progress", "check_after_secs": 3}}}
    for answer in (working, working, {"data": {"id": "5001", "processing_info": {"state": "succeeded"}}}, DONE):
        scripted.answer(answer)
    make_x(scripted.base_url).publish(Draft("Hello", pictures=(GIF,)), key="1")
    assert [seen.method for seen in scripted.seen] == ["POST", "GET", "GET", "POST", "POST"]


@pytest.mark.parametrize(
    ("state", "kind"), [("failed", Refused), ("in_progress", TryLater)], ids=["X cannot use it", "X takes for ever"]
)
def test_a_picture_that_does_not_get_ready_stops_the_post(
    make_x: MakeX, scripted: Scripted, state: str, kind: type[ChannelError]
) -> None:
    scripted.answer({"data": {"id": "5001", "processing_info": {"state": state}}})
    with pytest.raises(kind):
        make_x(scripted.base_url).publish(Draft("Hello", pictures=(GIF,)), key="1")
    assert "/2/tweets" not in {seen.path for seen in scripted.seen}


@pytest.mark.parametrize(("status", "kind"), [(500, TryLater), (400, Refused), (401, NeedsPerson), (429, TryLater)])
def test_a_picture_that_fails_leaves_nothing_unknown(
    make_x: MakeX, scripted: Scripted, status: int, kind: type[ChannelError]
) -> None:
    scripted.answer({"title": "no"}, status)
    with pytest.raises(kind):
        make_x(scripted.base_url).publish(Draft("A gate", pictures=(Picture(b"p", "image/png", ""),)), key="1")


def test_a_description_that_x_does_not_take_stops_the_post_and_is_named(make_x: MakeX, scripted: Scripted) -> None:
    scripted.answer({"data": {"id": "5001"}})
    scripted.answer({"title": "Not Found"}, 404)
    with pytest.raises(Refused, match="X did not take a picture's description, so nothing was published") as caught:
        make_x(scripted.base_url).publish(Draft("A gate", pictures=(Picture(b"p", "image/png", "Gate"),)), key="1")
    assert caught.value.reason == "bad_picture"
    assert "/2/tweets" not in {seen.path for seen in scripted.seen}


def test_pictures_that_x_does_not_take_are_refused_before_anything_is_sent(make_x: MakeX, closed_address: str) -> None:
    channel, small = make_x(closed_address), Picture(b"p", "image/png", "")
    for pictures in (
        (small,) * 5,
        (GIF, small),
        (Picture(b"p" * 5_000_001, "image/png", ""),),
        (Picture(b"p", "image/png", "a" * 1001),),
    ):
        with pytest.raises(Refused):
            channel.publish(Draft("Hello", pictures=pictures), key="1")


DUPLICATE = {"detail": "You are not allowed to create a Tweet with duplicate content.", "type": "about:blank"}


@pytest.mark.parametrize(
    ("status", "body", "kind", "code"),
    [
        (403, DUPLICATE, Refused, "duplicate"),
        (403, {"errors": [{"code": 187, "message": "Status is a duplicate."}]}, Refused, "duplicate"),
        (403, {"title": "Client Forbidden", "type": "https://api.twitter.com/2/problems/client-forbidden"}, NeedsPerson, "client-forbidden"),
        (402, {"title": "CreditsDepleted", "type": "https://api.twitter.com/2/problems/credits"}, NeedsPerson, "credits"),
        (403, {"title": "CreditsDepleted", "type": "https://api.twitter.com/2/problems/credits"}, NeedsPerson, "credits"),
        (401, {"title": "Unauthorized"}, NeedsPerson, "401"),
        (400, {"errors": [{"message": "Your Tweet text is too long."}]}, Refused, "400"),
        (429, {"title": "UsageCapExceeded", "type": "https://api.twitter.com/2/problems/usage-capped"}, NeedsPerson, "usage-capped"),
        (500, b"<html>", OutcomeUnknown, "500"),
        (503, {"title": "Service Unavailable"}, OutcomeUnknown, "503"),
        (201, b"not json", OutcomeUnknown, "unreadable"),
        (201, ["a list"], OutcomeUnknown, "unreadable"),
        (201, {"data": {}}, OutcomeUnknown, "unreadable"),
        (500, ["a list"], OutcomeUnknown, "unreadable"),
    ],
)  # fmt: skip
def test_what_x_answers_to_a_post_is_sorted(
    make_x: MakeX, scripted: Scripted, status: int, body: Any, kind: type[ChannelError], code: str
) -> None:
    scripted.answer(body, status)
    with pytest.raises(kind) as raised:
        make_x(scripted.base_url).publish(Draft("Good morning"), key="1")
    assert raised.value.code == code
    if code == "duplicate":
        assert isinstance(raised.value, Refused)
        assert raised.value.reason == "duplicate"


def test_waiting_ends_when_x_says_so_and_a_day_limit_counts(make_x: MakeX, scripted: Scripted) -> None:
    soon, tonight = START + timedelta(minutes=9), START + timedelta(hours=11)
    scripted.answer({"title": "Too Many Requests"}, 429, x_rate_limit_reset=str(int(soon.timestamp())))
    with pytest.raises(TryLater) as later:
        make_x(scripted.base_url).publish(Draft("Good morning"), key="1")
    assert later.value.not_before == soon
    scripted.answers.clear()
    scripted.answer(
        {},
        429,
        x_rate_limit_reset=str(int(soon.timestamp())),
        x_user_limit_24hour_remaining="0",
        x_user_limit_24hour_reset=str(int(tonight.timestamp())),
    )
    with pytest.raises(TryLater) as later:
        make_x(scripted.base_url).publish(Draft("Good morning"), key="1")
    assert later.value.not_before == tonight


def test_a_server_that_never_answers_holds_nobody_up(make_x: MakeX, silent_address: str) -> None:
    channel = make_x(silent_address)
    begin = time.monotonic()
    with pytest.raises(OutcomeUnknown):
        channel.publish(Draft("Good morning"), key="1")
    with pytest.raises(TryLater):
        channel.publish(Draft("A gate", pictures=(Picture(b"p", "image/png", ""),)), key="1")
    for read in (
        channel.verify,
        lambda: channel.find(Draft("a"), since=START),
        lambda: channel.measure(["1"]),
        lambda: list(channel.listen("1", cursor=None, published_at=START)),
        lambda: list(channel.mentions(cursor=None)),
        lambda: list(channel.history(since=START)),
    ):
        with pytest.raises(TryLater):
            read()
    assert time.monotonic() - begin < 10


def test_a_look_that_x_does_not_finish_is_not_an_absence(make_x: MakeX, scripted: Scripted) -> None:
    scripted.answer({"errors": [{"type": "https://api.twitter.com/2/problems/resource-not-found"}]})
    with pytest.raises(TryLater):
        make_x(scripted.base_url).find(Draft("Good morning"), since=START)


def test_find_reads_every_page_and_long_posts_in_full(make_x: MakeX, scripted: Scripted) -> None:
    long = _post(5, text="Cut sho…", note_tweet={"text": "Cut short &amp; told in full"})
    scripted.answer({"data": [_post(9)], "meta": {"newest_id": "9", "next_token": "p2"}})
    scripted.answer({"data": [long], "meta": {"newest_id": "5"}})
    found = make_x(scripted.base_url).find(Draft("Cut short & told in full"), since=START)
    assert found is not None
    assert found.platform_id == "5"
    assert _query(scripted.seen[1].path)["pagination_token"] == ["p2"]


def test_links_are_read_as_they_were_written_and_picture_links_left_out(make_x: MakeX, scripted: Scripted) -> None:
    urls = [
        {"url": "https://t.co/a", "expanded_url": "https://www.example.org/?a=1&copy=2"},
        {"url": "https://t.co/b", "expanded_url": "https://x.com/w/status/5/photo/1", "media_key": "3_1"},
    ]
    text = "Watch &amp; ward https://t.co/a https://t.co/b"
    scripted.answer(
        {"data": [_post(5, text=text, entities={"urls": urls}, attachments={"media_keys": ["3_1"]})], "meta": {}}
    )
    past = list(make_x(scripted.base_url).history(since=START))
    assert past[0].text == "Watch & ward https://www.example.org/?a=1&copy=2"
    assert past[0].has_picture


def test_figures_are_read_under_their_old_and_their_new_names(make_x: MakeX, scripted: Scripted) -> None:
    old = {
        "retweet_count": 3,
        "quote_count": 2,
        "like_count": 7,
        "reply_count": 1,
        "impression_count": 99,
        "bookmark_count": 0,
    }
    new = {"repost_count": 3, "quote_count": 2}
    scripted.answer({"data": [_post(1, public_metrics=old), _post(2, public_metrics=new)]})
    scripted.answer({"data": [{**_post(1), "non_public_metrics": {"url_link_clicks": 4}}]})
    measured = make_x(scripted.base_url).measure(["1", "2"])
    told = {(f.platform_id, f.metric.value): (f.value, f.source_metric) for f in measured.figures}
    assert told == {
        ("1", "impressions"): (99, "impression_count"),
        ("1", "reactions"): (7, "like_count"),
        ("1", "replies"): (1, "reply_count"),
        ("1", "shares"): (5, "retweet_count+quote_count"),
        ("1", "saves"): (0, "bookmark_count"),
        ("1", "clicks"): (4, "url_link_clicks"),
        ("2", "shares"): (5, "repost_count+quote_count"),
    }


def test_figures_for_the_author_only_are_asked_for_apart_and_only_for_young_posts(
    make_x: MakeX, scripted: Scripted
) -> None:
    old = {**_post(1), "created_at": (START - timedelta(days=31)).isoformat()}
    young = {**_post(2), "created_at": (START - timedelta(days=29)).isoformat(), "public_metrics": {"like_count": 1}}
    scripted.answer({"data": [old, young]})
    scripted.answer({"title": "no"}, 403)
    measured = make_x(scripted.base_url).measure(["1", "2"])
    assert [f.value for f in measured.figures] == [1]
    assert _query(scripted.seen[1].path)["ids"] == ["2"]


def test_posts_that_x_only_keeps_from_us_are_not_called_gone(make_x: MakeX, scripted: Scripted) -> None:
    problems = "https://api.twitter.com/2/problems/"
    scripted.answer(
        {
            "errors": [
                {"resource_id": "1", "type": problems + "resource-not-found"},
                {"resource_id": "2", "type": problems + "not-authorized-for-resource"},
            ]
        }
    )
    assert make_x(scripted.base_url).measure(["1", "2"]).gone == ("1",)


def test_many_posts_are_measured_a_hundred_at_a_time(make_x: MakeX, scripted: Scripted) -> None:
    scripted.answer({"data": []})
    make_x(scripted.base_url).measure([str(number) for number in range(250)])
    assert [len(_query(seen.path)["ids"][0].split(",")) for seen in scripted.seen] == [100, 100, 50]


def test_a_crash_between_pages_loses_no_older_reply(make_x: MakeX, scripted: Scripted) -> None:
    scripted.answer({"data": [_post(9), _post(8)], "meta": {"newest_id": "9", "next_token": "p2"}})
    scripted.answer({"title": "no"}, 500)
    channel = make_x(scripted.base_url)
    stream = channel.mentions(cursor=str(Cursor(since="3")))
    first = next(stream)
    with pytest.raises(TryLater):
        next(stream)
    scripted.answers.clear()
    scripted.answer({"data": [_post(7), _post(6)], "meta": {"newest_id": "7"}})
    rest = list(channel.mentions(cursor=first.cursor))
    assert [item.platform_id for page in rest for item in page.items] == ["7", "6"]
    asked = _query(scripted.seen[-1].path)
    assert (asked["pagination_token"], asked["since_id"]) == (["p2"], ["3"])
    assert Cursor.parse(rest[-1].cursor) == Cursor(since="9")


def test_a_place_further_back_than_x_searches_starts_a_week_ago(make_x: MakeX, scripted: Scripted) -> None:
    words = (
        "'since_id' must be a tweet id created after [2026-05-25T09:00Z]. Please use a 'since_id' that is larger than 7"
    )
    scripted.answer({"errors": [{"message": words}], "title": "Invalid Request"}, 400)
    scripted.answer({"data": [_post(9)], "meta": {"newest_id": "9"}})
    pages = list(make_x(scripted.base_url).listen("5", cursor=str(Cursor(since="1")), published_at=START))
    asked = _query(scripted.seen[1].path)
    assert "since_id" not in asked
    assert datetime.fromisoformat(asked["start_time"][0]) == datetime(2026, 5, 25, 9, 1, tzinfo=UTC)
    assert Cursor.parse(pages[-1].cursor) == Cursor(since="9")


def test_a_restart_that_finds_nothing_is_kept_so_that_the_old_place_is_asked_for_once(
    make_x: MakeX, scripted: Scripted
) -> None:
    scripted.answer({"errors": [{"message": "'since_id' must be a tweet id created after [..]"}]}, 400)
    scripted.answer({"meta": {"result_count": 0}})
    [page] = make_x(scripted.base_url).listen("5", cursor=str(Cursor(since="1")), published_at=START)
    assert (page.items, Cursor.parse(page.cursor)) == ((), Cursor())


def test_a_recheck_tells_which_replies_x_shows_no_more(make_x: MakeX, scripted: Scripted) -> None:
    problems = "https://api.twitter.com/2/problems/"
    errors = [
        {"resource_id": "2", "type": problems + "resource-not-found"},
        {"value": "3", "type": problems + "not-authorized-for-resource"},
        {"value": "4", "type": problems + "disallowed-resource"},
    ]
    scripted.answer({"data": [_post(1, conversation_id="5")], "errors": errors})
    found = make_x(scripted.base_url).recheck({"5": ["1", "2"], "6": ["3", "4"]})
    assert [(item.platform_id, item.hidden) for item in found.items] == [("1", None)]
    assert found.gone == ("2", "3"), "what X keeps from us has to go here too; what it says otherwise is not known"


def test_an_edited_reply_keeps_its_first_id_and_is_asked_for_in_its_newest_words(
    make_x: MakeX, scripted: Scripted
) -> None:
    """X gives an edited post a new id and goes on showing the old one with the old words."""
    known = ["7", "9", "10"]
    answered = {"conversation_id": "5", "referenced_tweets": [{"type": "replied_to", "id": "5"}]}
    scripted.answer({"data": [_post(7, edit_history_tweet_ids=known, **answered)]})
    scripted.answer({"data": [_post(10, edit_history_tweet_ids=known, text="Better words", **answered)]})
    channel = make_x(scripted.base_url)
    found = channel.recheck({"5": ["7"]})
    assert [(item.platform_id, item.text) for item in found.items] == [("7", "Better words")]
    assert [_query(seen.path)["ids"] for seen in scripted.seen] == [["7"], ["10"]]
    scripted.answers.clear()
    scripted.answer({"data": [_post(10, edit_history_post_ids=known, **answered)], "meta": {"newest_id": "10"}})
    [page] = channel.listen("5", cursor=None, published_at=START)
    assert ([item.platform_id for item in page.items], Cursor.parse(page.cursor).since) == (["7"], "10")


def test_a_refused_page_token_begins_the_read_again(make_x: MakeX, scripted: Scripted) -> None:
    scripted.answer({"errors": [{"message": "The 'next_token' is not valid"}]}, 400)
    scripted.answer({"data": [_post(9)], "meta": {"newest_id": "9"}})
    pages = list(make_x(scripted.base_url).listen("5", cursor=str(Cursor("3", "8", "old")), published_at=START))
    asked = _query(scripted.seen[1].path)
    assert "next_token" not in asked
    assert asked["since_id"] == ["3"]
    assert len(pages) == 1


def test_a_refusal_that_no_new_start_mends_is_told(make_x: MakeX, scripted: Scripted) -> None:
    scripted.answer({"errors": [{"message": "'since_id' and 'next_token' are not allowed"}]}, 400)
    with pytest.raises(Refused):
        list(make_x(scripted.base_url).listen("5", cursor=str(Cursor("3", "8", "old")), published_at=START))
    assert len(scripted.seen) == 3


def test_replies_quotes_and_mentions_are_told_apart_under_either_set_of_names(
    make_x: MakeX, scripted: Scripted
) -> None:
    reply = _post(9, text="@WoldershirePol @someone Thank you", conversation_id="5",
                  referenced_tweets=[{"type": "replied_to", "id": "6"}], lang="en")  # fmt: skip
    quote = _post(8, conversation_id="8", referenced_posts=[{"type": "quoted", "id": "5"}])
    mention = _post(7, conversation_id="7", author_id="42")
    scripted.answer({"data": [reply, quote, mention], "meta": {"newest_id": "9"}})
    items = next(iter(make_x(scripted.base_url).mentions(cursor=None))).items
    assert [(i.kind, i.conversation, i.parent) for i in items] == [
        ("reply", "5", "6"),
        ("quote", "5", "5"),
        ("mention", "7", None),
    ]
    assert items[0].text == "Thank you"
    assert [i.ours for i in items] == [False, False, True]
    assert items[0].lang == "en"


def test_the_own_id_is_learnt_once(make_x: MakeX, scripted: Scripted) -> None:
    scripted.answer({"data": {"id": "42", "username": "WoldershirePol", "name": "Woldershire Police"}})
    scripted.answer({"data": [], "meta": {"result_count": 0}})
    channel = make_x(scripted.base_url, platform_id=None)
    list(channel.history(since=START))
    list(channel.history(since=START))
    assert [urlsplit(seen.path).path for seen in scripted.seen] == ["/2/users/me", *["/2/users/42/tweets"] * 2]


@pytest.mark.parametrize("text", [None, "", "123", "a|b", "1|2|3|4", "||"])
def test_a_cursor_of_unknown_form_starts_anew(text: str | None) -> None:
    assert Cursor.parse(text) == Cursor()


@pytest.mark.parametrize("cursor", [Cursor(), Cursor("1"), Cursor("1", "9", "p"), Cursor(None, "9", "p")])
def test_a_cursor_survives_being_stored(cursor: Cursor) -> None:
    assert Cursor.parse(str(cursor)) == cursor


def test_a_post_that_x_keeps_from_us_is_not_taken_for_gone(make_x: MakeX, scripted: Scripted) -> None:
    kinds = {"not-authorized-for-resource": None, "resource-not-found": False}
    for kind, live in kinds.items():
        scripted.answers.clear()
        scripted.answer({"errors": [{"resource_id": "7", "type": f"https://api.twitter.com/2/problems/{kind}"}]})
        if live is None:
            with pytest.raises(TryLater):
                make_x(scripted.base_url).is_live("7")
        else:
            assert make_x(scripted.base_url).is_live("7") is live
