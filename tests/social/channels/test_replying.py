"""What X and Facebook say about answers and hidings, and what is made of it."""

from datetime import UTC, datetime

import pytest

from social.errors import NeedsPerson, OutcomeUnknown, Refused, Unsupported
from tests.social.channels.conftest import MakeFacebook, MakeX, Scripted

SINCE = datetime(2026, 6, 1, tzinfo=UTC)


def test_x_refusing_an_answer_to_somebody_who_did_not_mention_us_says_what_to_do(
    scripted: Scripted, make_x: MakeX
) -> None:
    """Since February 2026 apps that pay by use may answer only those who mentioned or quoted the account."""
    detail = "You are not permitted to reply: the author has not mentioned or quoted you."
    scripted.answer({"title": "Forbidden", "status": 403, "type": "about:blank", "detail": detail}, 403)
    with pytest.raises(Refused) as refused:
        make_x(scripted.base_url).reply("77", "Thank you.", key="1")
    assert refused.value.reason == "not_summoned"
    assert "Answer in X's own app" in refused.value.detail
    assert "has not mentioned" in refused.value.detail


def test_x_refusing_the_same_words_is_a_duplicate_and_not_that_rule(scripted: Scripted, make_x: MakeX) -> None:
    detail = "You are not allowed to create a Tweet with duplicate content."
    scripted.answer({"title": "Forbidden", "status": 403, "type": "about:blank", "detail": detail}, 403)
    with pytest.raises(Refused) as refused:
        make_x(scripted.base_url).reply("77", "Thank you.", key="1")
    assert refused.value.reason == "duplicate"


def test_x_is_asked_for_an_answer_beneath_the_reply(scripted: Scripted, make_x: MakeX) -> None:
    scripted.answer({"data": {"id": "99", "text": "@someone Thank you."}}, 201)
    assert make_x(scripted.base_url).reply("77", "Thank you.", key="1").platform_id == "99"
    assert b'"in_reply_to_tweet_id": "77"' in scripted.seen[0].body


def test_the_look_for_an_answer_on_x_minds_whom_it_answers_and_not_the_name_before_it(
    scripted: Scripted, make_x: MakeX
) -> None:
    def post(number: str, parent: str, text: str, at: str = "2026-06-01T08:00:00.000Z") -> dict[str, object]:
        above = [{"type": "replied_to", "id": parent}]
        return {"id": number, "text": text, "created_at": at, "referenced_tweets": above}

    scripted.answer(
        {
            "data": [post("5", "78", "@other Thank you."), post("4", "77", "@someone Thank you, all."),
                     post("3", "77", "@someone Thank you."), post("2", "77", "@someone Thank you.", "2026-05-31T08:00:00.000Z")],
            "meta": {"result_count": 4},
        }
    )  # fmt: skip
    found = make_x(scripted.base_url).find_reply("77", "Thank you.", since=SINCE)
    assert found is not None
    assert found.platform_id == "3"
    assert "replies" not in scripted.seen[0].path, "answers must not be left out"


def test_an_answer_that_says_neither_hidden_nor_refused_is_unknown(scripted: Scripted, make_x: MakeX) -> None:
    scripted.answer({"data": {"hidden": False}})
    with pytest.raises(OutcomeUnknown):
        make_x(scripted.base_url).hide("77")
    with pytest.raises(Unsupported):
        make_x(scripted.base_url).is_hidden("77")
    assert len(scripted.seen) == 1


def test_a_page_that_may_not_answer_needs_a_person(scripted: Scripted, make_facebook: MakeFacebook) -> None:
    error = {"message": "(#200) Requires pages_manage_engagement", "type": "OAuthException", "code": 200}
    scripted.answer({"error": error}, 403)
    with pytest.raises(NeedsPerson) as needs:
        make_facebook(scripted.base_url).reply("1_2", "Thank you.", key="1")
    assert "pages_manage_engagement" in needs.value.detail


def test_a_comment_of_somebody_else_with_our_words_is_not_ours(scripted: Scripted, make_facebook: MakeFacebook) -> None:
    words = {"message": "Thank you.", "created_time": "2026-06-01T08:00:00+0000"}
    scripted.answer({"id": "1_2"})
    scripted.answer({"data": [{**words, "id": "1_8", "from": {"id": "555"}}, {**words, "id": "1_9"}]})
    assert make_facebook(scripted.base_url).find_reply("1_2", "Thank you.", since=SINCE) is None


def test_a_comment_of_which_facebook_does_not_say_whether_it_is_hidden_is_no_proof(
    scripted: Scripted, make_facebook: MakeFacebook
) -> None:
    scripted.answer({"id": "1_2"})
    with pytest.raises(Exception, match="cannot be read"):
        make_facebook(scripted.base_url).is_hidden("1_2")
