"""Residents as pure functions: reproducible, growing, and livelier under a duck than under an appeal."""

import statistics
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from social.practice import wording
from social.practice.ids import MOST_REPLIES
from social.practice.kinds import KINDS, kind_of, place_of, streets_of
from social.practice.residents import Crowd, crowd_of, figures_at

APPEAL = "Did your dashcam catch anything on Quarry Lane, Marlpit End? Quote WD-2231."
LIGHT = "A duck and nine ducklings held up Mill Road, Elderwick. None had ID. 🦆"
SEEDS = [str(seed) for seed in range(120)]


def crowds(text: str, network: str = "facebook") -> list[Crowd]:
    return [crowd_of(seed, network, text, False) for seed in SEEDS]


def test_the_same_post_always_gets_the_same_residents() -> None:
    first = crowd_of.__wrapped__("seed", "facebook", APPEAL, True)
    crowd_of.__wrapped__("another", "facebook", APPEAL, True)
    assert crowd_of.__wrapped__("seed", "facebook", APPEAL, True) == first
    assert crowd_of.__wrapped__("another", "facebook", APPEAL, True) != first


@given(st.floats(0, 2000), st.floats(0, 500), st.sampled_from(SEEDS))
def test_no_figure_ever_falls(hours: float, later: float, seed: str) -> None:
    crowd = crowd_of(seed, "facebook", LIGHT, False)
    before, after = figures_at(crowd, hours), figures_at(crowd, hours + later)
    assert after.reach >= before.reach
    assert after.impressions >= before.impressions >= before.reach
    assert after.shares >= before.shares
    assert after.clicks >= before.clicks
    assert all(after.reactions[name] >= before.reactions[name] for name in before.reactions)


def test_reach_grows_with_the_hours_and_then_settles() -> None:
    reach = [figures_at(crowd_of("1", "facebook", APPEAL, False), hours).reach for hours in (0, 1, 24, 300, 3000)]
    assert reach[0] == 0 < reach[1] < reach[2] < reach[3]
    assert reach[4] - reach[3] < reach[3] * 0.01


def test_a_community_page_brings_a_jump_in_reach_and_shares() -> None:
    crowd = next(crowd for crowd in crowds(APPEAL) if crowd.reshares)
    moment = crowd.reshares[0].hours
    before, after = figures_at(crowd, moment - 0.01), figures_at(crowd, moment + 6)
    assert after.shares > before.shares
    assert after.reach - before.reach > crowd.reshares[0].reach * 0.5


def test_light_posts_draw_more_reactions_than_appeals() -> None:
    light = statistics.median(sum(crowd.reactions) for crowd in crowds(LIGHT))
    appeals = statistics.median(sum(crowd.reactions) for crowd in crowds(APPEAL))
    assert light > 2 * appeals


def test_appeals_draw_leads_and_now_and_then_an_emergency() -> None:
    kinds = [Counter(reply.kind for reply in crowd.replies) for crowd in crowds(APPEAL)]
    assert statistics.mean(counted["lead"] for counted in kinds) > 2
    with_emergency = sum(1 for counted in kinds if counted["emergency"])
    assert 3 <= with_emergency <= len(kinds) * 0.3
    assert not any(reply.kind == "lead" for crowd in crowds(LIGHT) for reply in crowd.replies)


@pytest.mark.parametrize(("network", "low", "high"), [("facebook", 17, 23), ("x", 4.5, 7.5)])
def test_the_number_of_replies_is_modest(network: str, low: float, high: float) -> None:
    counts = [len(crowd.replies) for crowd in crowds(APPEAL, network)]
    assert low < statistics.mean(counts) < high
    assert min(counts) >= 2
    assert max(counts) <= 30


def test_replies_come_in_several_languages_manners_and_stances() -> None:
    replies = [reply for text in (APPEAL, LIGHT) for crowd in crowds(text) for reply in crowd.replies]
    languages = Counter(reply.lang for reply in replies)
    assert {"en", "cy", "pl"} == set(languages)
    assert languages["en"] > 0.85 * len(replies)
    assert {reply.stance for reply in replies} == {"positive", "neutral", "negative"}
    kinds = {"lead", "question", "complaint", "thanks", "abuse", "banter", "other", "emergency"}
    assert {reply.kind for reply in replies} == kinds
    assert any(reply.parent for reply in replies)
    assert any(reply.hidden for reply in replies)
    assert any(reply.gone_after is not None for reply in replies)
    assert any(reply.text == reply.text.lower() for reply in replies)


def test_wordings_vary_over_many_posts() -> None:
    replies = [reply.text for text in (APPEAL, LIGHT) for crowd in crowds(text) for reply in crowd.replies]
    assert len(set(replies)) > 1500
    assert max(Counter(replies).values()) < 0.01 * len(replies)


def test_replies_mention_the_place_and_streets_of_the_post() -> None:
    texts = " ".join(reply.text.lower() for crowd in crowds(APPEAL)[:20] for reply in crowd.replies)
    assert "quarry lane" in texts
    assert "marlpit end" in texts
    assert "elderwick" not in texts


def test_no_reply_shows_the_seams_of_its_template() -> None:
    for kind_text in (
        APPEAL,
        LIGHT,
        "Have you seen Derek?",
        "ROAD CLOSED: Mill Road",
        "Scam warning",
        "Sentenced",
        "Hi",
    ):
        for seed in SEEDS[:40]:
            for reply in crowd_of(seed, "facebook", kind_text, True).replies:
                assert reply.text.strip()
                assert not set(reply.text) & set("{}<>|"), reply.text


def test_the_account_answers_in_history_only() -> None:
    past = [crowd_of(seed, "facebook", APPEAL, True) for seed in SEEDS[:20]]
    answers = [reply for crowd in past for reply in crowd.replies if reply.ours]
    assert answers
    assert not any(reply.ours for crowd in crowds(APPEAL) for reply in crowd.replies)
    for crowd in past:
        by_index = {reply.index: reply for reply in crowd.replies}
        assert max(by_index) <= MOST_REPLIES - len(wording.COMMUNITY_PAGES)
        for reply in crowd.replies:
            assert not reply.ours or reply.hours > by_index[reply.parent].hours
    waits = [reply.hours - by.hours for crowd in past for reply in crowd.replies if reply.ours
             for by in crowd.replies if by.index == reply.parent]  # fmt: skip
    assert min(waits) < 1
    assert max(waits) > 8


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (APPEAL, "appeal"),
        (LIGHT, "light"),
        ("Have you seen Derek? He is 74 and left home at 2pm. Call 999 if you see him now.", "missing"),
        ("Derek has been found safe. Thank you for sharing.", "other"),
        ("ROAD CLOSED: Bell roundabout, both directions, after a collision.", "road"),
        ("Free bike marking at Copperbeck community centre, 3pm to 5pm. Join us!", "event"),
        ("Scam warning: if a caller asks for your card, hang up.", "prevention"),
        ("A man who broke into six homes has been sent to prison. Thank you for the footage.", "result"),
        ("Good morning, Woldershire.", "other"),
    ],
)
def test_a_post_is_told_by_its_words(text: str, kind: str) -> None:
    assert kind in KINDS
    assert kind_of(text) == kind


def test_the_reporting_line_does_not_make_a_post_an_appeal() -> None:
    line = "To report a crime call 101 or use our website. Crimestoppers is anonymous on 0800 555 111."
    assert kind_of(f"{LIGHT} {line}") == "light"


def test_places_and_streets_are_found_in_words_and_hashtags() -> None:
    assert place_of("See you there. #HexleyMoor") == "Hexley Moor"
    assert place_of("Oakenford library, 2pm") == "Oakenford Town"
    assert place_of("Good morning") is None
    assert streets_of("On Quarry Lane, Kiln Street and Quarry Lane") == ["Quarry Lane", "Kiln Street"]
