"""Replies by somebody who had not seen the lessons: the set stays what it is, and the model card says what comes of it."""

from pathlib import Path

import pytest

from insights.reading import Kind, default_analyser
from training.replies import UNSEEN, labelled
from training.reply_scores import KINDS, SCORED, ReplyScores, percent
from training.told import told

DOCS = Path(__file__).parents[2] / "docs"
CARD = (DOCS / "model-card.md").read_text(encoding="utf-8").split("## Replies nobody had in mind")[1].split("\n## ")[0]
COLUMNS = ["reply_id", "post_id", "post", "lang", "text", "sentiment", "about", "kind", "sarcasm", "moderation"]
HARMS = {"none", "names_person", "personal_data", "prejudicial", "threat", "abuse", "spam", "political"}
MODERATION = HARMS | {"takedown_request", "welfare"}
ROWS = labelled(UNSEEN)


def letters(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalnum())


@pytest.fixture(scope="module")
def scores() -> ReplyScores:
    return ReplyScores.of(default_analyser(), ROWS)


def test_every_post_has_ten_replies_and_no_reply_stands_twice() -> None:
    posts = [row["post_id"] for row in ROWS]
    assert {posts.count(post) for post in posts} == {10}
    assert len({row["post"] for row in ROWS}) == len(set(posts)) == 47
    assert len({row["reply_id"] for row in ROWS}) == len({letters(row["text"]) for row in ROWS}) == len(ROWS) == 470


def test_every_label_is_one_of_the_guide() -> None:
    assert all(list(row) == COLUMNS for row in ROWS)
    assert {row["kind"] for row in ROWS} == set(KINDS)
    assert {row["about"] for row in ROWS} == {"police", "offender_crime", "other"}
    assert {row["sarcasm"] for row in ROWS} == {"0", "1"}
    assert {row["moderation"] for row in ROWS} == MODERATION
    assert {row["lang"] for row in ROWS} == {"en", "cy", "pl"}
    assert {row["sentiment"] for row in ROWS if row["lang"] == "en"} == set(SCORED)


def test_labels_keep_to_the_rules_of_the_guide() -> None:
    for row in ROWS:
        assert (row["sentiment"] == "unknown") == (row["lang"] != "en"), row
        if row["kind"] in (Kind.EMERGENCY, Kind.LEAD) and row["lang"] == "en":
            assert row["sentiment"] == "neutral", row
        if row["sentiment"] == "negative":
            assert row["about"] == "police", row
        if row["kind"] == Kind.ABUSE:
            assert row["moderation"] in ("abuse", "threat"), row


def test_no_lesson_is_one_of_these_replies() -> None:
    unseen = {letters(row["text"]) for row in ROWS}
    learnt = told()
    assert len(learnt) > 8000
    assert {reply.text for reply in learnt if letters(reply.text) and letters(reply.text) in unseen} == set()


def test_the_model_card_says_what_the_analyser_makes_of_them(scores: ReplyScores) -> None:
    assert f"| stance, macro-recall | {scores.stance_recall:.3f} |" in CARD
    assert f"| kind, macro-F1 | {scores.kind_f1:.3f} |" in CARD
    assert f"| expected calibration error of the stance | {scores.calibration:.3f} |" in CARD
    for kind in KINDS:
        found, right = percent(scores.recall(kind)), percent(scores.precision(kind))
        assert f"| {kind} | {scores.kinds[0].count(kind)} | {found} | {right} |" in CARD
    pairs = list(zip(*scores.stances, strict=True))
    for label in SCORED:
        counts = [scores.stances[0].count(label), *(pairs.count((label, said)) for said in SCORED)]
        assert f"| {label} | {' | '.join(map(str, counts))} |" in CARD


def test_the_model_card_names_what_goes_wrong(scores: ReplyScores) -> None:
    emergencies = sum(row["kind"] == Kind.EMERGENCY for row in ROWS)
    missed = scores.missed_emergencies
    assert f"Emergencies missed, all languages: {len(missed)} of {emergencies} ({', '.join(missed)})" in CARD
    alarms = scores.kinds[1].count(Kind.EMERGENCY)
    real = sum(label == said == Kind.EMERGENCY for label, said in zip(*scores.kinds, strict=True))
    assert f"False alarms: {alarms - real} of the {alarms} English alarms" in CARD
    assert "called criticism of the police: {} of {} (M06)".format(*scores.anger_taken_for_criticism) in CARD
    assert "Sarcastic criticism: {} of {} seen".format(*scores.sarcasm_seen) in CARD
    assert "none given a stance ({} of {}, R34)".format(*scores.others_scored) in CARD


def test_definitions_give_the_same_figures(scores: ReplyScores) -> None:
    page = (DOCS / "definitions.md").read_text(encoding="utf-8").split("The better guide to new words")[1]
    assert f"stance, macro-recall {percent(scores.stance_recall)}; kind, macro-F1 {percent(scores.kind_f1)}" in page
    found, right = percent(scores.recall("emergency")), percent(scores.precision("emergency"))
    assert f"{found} found and {right} of the alarms real" in page
