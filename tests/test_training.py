"""What the analyser learns from: the same lessons every time, and none of the replies that it is tried on."""

from collections import Counter

from insights.reading import About, Kind, Stance
from training.replies import labelled, lessons, practice_replies, replies


def test_the_same_seed_gives_the_same_lessons() -> None:
    assert replies(2, seed=7) == replies(2, seed=7)
    assert practice_replies(1, seed=7) == practice_replies(1, seed=7)


def letters(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalnum())


def test_no_lesson_is_one_of_the_replies_that_it_is_tried_on() -> None:
    tried = {letters(row["text"]) for row in labelled()}
    learnt = [reply.text for reply in lessons(24, 12)]
    assert len(learnt) > 8000
    assert not [text for text in learnt if letters(text) in tried]


def test_every_kind_and_stance_has_many_lessons_and_no_slot_is_left_open() -> None:
    told = replies(6, seed=1)
    assert min(Counter(reply.kind for reply in told).values()) > 50
    assert {reply.kind for reply in told} == {kind.value for kind in Kind}
    assert {reply.about for reply in told} == {about.value for about in About}
    assert {reply.stance for reply in told} == {stance.value for stance in Stance} - {"unknown"}
    assert not [reply.text for reply in told if set(reply.text) & set("[]{}|")]
