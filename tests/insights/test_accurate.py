"""The accurate analyser and the cascade: what they read, by which rules, and what is said where they cannot be had."""

import csv
import json
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlmodel import col, select
from textblob import Blobber
from typer.testing import CliRunner

import app
from insights.known_errors import errors_file
from insights.reading import Kind, ReadingResult, Stance, Tier, analyser_of, tiers, version_of
from insights.reading.blob import PoliceStanceAnalyzer
from insights.reading.fast import WEIGHTS
from insights.reading.in_force import version_in_force
from insights.reading.pieces import LONGEST_POST, LONGEST_REPLY, WordPieces, tidied
from insights.reading.stored import read_new
from social.context import Context
from social.doctor import Level
from social.errors import InputError
from social.interactions import Reading
from training.measured import confused
from training.replies import LABELLED, labelled
from training.reply_scores import ReplyScores

pytestmark = pytest.mark.sqlite_only
ROWS = labelled(LABELLED)
TEXTS = [row["text"] for row in ROWS]


@pytest.fixture(scope="module")
def accurate() -> list[ReadingResult]:
    return analyser_of(Tier.ACCURATE).read(TEXTS)


def reading_with(context: Context, tier: str) -> Context:
    return replace(context, settings=replace(context.settings, reading_tier=tier))


def test_emoji_hashtags_links_and_held_letters_are_put_into_words() -> None:
    assert tidied("Soooooo good 😂 #WellDone https://a.b/c @someone").split() == [
        *("sooo", "good", "face", "with", "tears", "of", "joy", "#", "well", "done", "http", "@user"),
    ]
    assert tidied("Café 👍🏽 it’s").split() == ["cafe", "thumbs", "up", "sign", "it's"]


def test_a_word_is_cut_into_its_longest_known_pieces() -> None:
    pieces = WordPieces(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "play", "##ing", "##in", "##g", "!"])
    assert pieces.reply("Playing!") == [2, 4, 5, 8, 3]
    assert pieces.reply("xyz playin") == [2, 1, 4, 6, 3]
    assert (pieces.post(""), pieces.post("play")) == ([], [4, 3])
    assert (len(pieces.reply("play " * 500)), len(pieces.post("play " * 500))) == (LONGEST_REPLY, LONGEST_POST)


def test_the_labelled_replies_are_read_rightly(accurate: list[ReadingResult]) -> None:
    """None of them was learnt from; M06 for anger at offenders, R19 for emergencies, R34 for other languages."""
    scores = ReplyScores(ROWS, accurate)
    assert scores.stance_recall >= 0.85
    assert scores.kind_f1 >= 0.78
    assert scores.missed_emergencies == []
    angry, neutral = scores.anger_taken_for_criticism
    assert angry <= 0.1 * neutral
    assert scores.others_scored[0] == 0
    assert scores.calibration < 0.1


def test_every_answer_is_a_probability(accurate: list[ReadingResult]) -> None:
    read = [result for result in accurate if result.p and result.tone_p]
    assert len(read) > 180
    for result in read:
        assert result.p is not None
        assert sum((result.p.negative, result.p.neutral, result.p.positive)) == pytest.approx(1)
        assert result.offensive is not None
        assert 0 <= result.offensive <= 1
        assert sum(result.emotions.values()) == pytest.approx(1, abs=1e-4)


def test_neighbours_hardly_change_a_reading(accurate: list[ReadingResult]) -> None:
    """The whole numbers are scaled for a group at once: that may move a probability a little and no more."""
    alone = [analyser_of(Tier.ACCURATE).read([text])[0] for text in TEXTS[:20]]
    for one, among in zip(alone, accurate, strict=False):
        if one.p and among.p:
            assert abs(one.p.negative - among.p.negative) < 0.1


def test_the_post_above_says_what_is_disgusting() -> None:
    offence = "Did you see who smashed the windows of the food bank on Church Lane last night? Call 101."
    police = "Our officers will no longer come out to shed break-ins."
    network: Any = analyser_of(Tier.ACCURATE)
    under_offence, under_police = network.read(["Disgusting.", "Disgusting."], [offence, police])
    assert under_offence.p.negative < under_police.p.negative
    assert under_offence.stance is Stance.NEUTRAL


def test_the_cascade_is_the_fast_reading_or_the_accurate_one(accurate: list[ReadingResult]) -> None:
    fast, auto = (analyser_of(tier).read(TEXTS) for tier in (Tier.FAST, Tier.AUTO))
    asked = [result.offensive is not None for result in auto]
    assert 0 < sum(asked) < len(asked)
    for up, one, sure, read in zip(asked, auto, fast, accurate, strict=True):
        assert one == sure or up
        assert not up or abs(one.kind_p - read.kind_p) < 0.2 or one.kind is not read.kind
    assert not [one for one, up in zip(fast, asked, strict=True) if one.kind is Kind.EMERGENCY and one.p and not up]


def test_odd_texts_are_read_too() -> None:
    for result in analyser_of(Tier.ACCURATE).read(["", "👏👏", "@", "\x00", "A" * 5000, "a " * 5000, "漢字" * 40]):
        assert result.stance in Stance
    assert analyser_of(Tier.ACCURATE).read([]) == []


@pytest.mark.parametrize("tier", Tier)
def test_an_emergency_at_the_end_of_a_long_reply_is_heard(tier: Tier) -> None:
    """R19: however many friendly words come first, and of these alone nothing is told."""
    friendly = (
        "The fair on the green was lovely and the children enjoyed the stalls, the music and the cakes. We met the officers "
        "by the gate and had a long chat about bikes, scooters and the new bins on the lane.",
        "Thank you so much for coming to our meeting last Tuesday, it was great to hear about the speed checks on the lane "
        "and we all learnt a lot about locks and lights. The biscuits went down well too.",
    )
    ends = (
        "Please help me now, he is at the door with a knife and my children are upstairs",
        "Help, he is breaking in right now, I am scared, please send someone",
        "My mum has taken tablets and will not wake up please send help now",
        "someone is kicking my front door in right now",
        "there is a man with a knife outside the school gate right now",
        "please hurry he is hurting her next door i can hear screaming",
    )
    for times in (1, 2, 4):
        texts = [f"{' '.join([opening] * times)} {end}" for opening in friendly for end in ends]
        kinds = [one.kind for one in analyser_of(tier).read(texts)]
        assert kinds.count(Kind.EMERGENCY) >= len(texts) - 1, times
    alone = [one.kind for one in analyser_of(tier).read([2 * f"{opening} " for opening in friendly])]
    assert Kind.EMERGENCY not in alone


def test_all_weights_are_arrays_and_under_forty_megabytes() -> None:
    assert sum(path.stat().st_size for path in WEIGHTS.iterdir()) < 40e6
    assert (WEIGHTS / "accurate.onnx").stat().st_size < 30e6
    for path in WEIGHTS.glob("*.npz"):
        with np.load(path, allow_pickle=False) as stored:
            assert all(stored[name].dtype != object for name in stored.files)
    assert {path.suffix for path in WEIGHTS.iterdir()} <= {".npz", ".onnx", ".txt"}


def test_where_onnx_runtime_is_missing_the_extra_is_named(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiers, "find_spec", lambda name: None if name == "onnxruntime" else find_spec(name))
    monkeypatch.setattr(tiers, "_made", {})
    with pytest.raises(InputError, match=r"beatline\[accurate\]"):
        analyser_of(Tier.AUTO)
    assert tiers.findings(desk.context) == ()
    [finding] = tiers.findings(reading_with(desk.context, "accurate"))
    assert (finding.level, "beatline[accurate]" in finding.advice) == (Level.WRONG, True)
    assert analyser_of(Tier.FAST).version == version_of(Tier.FAST)
    desk.reply(desk.publish(), "Thank you")
    assert read_new(desk.context) == 1
    assert read_new(reading_with(desk.context, "auto")) == 0, "what was read stays read, and nobody is woken for it"
    desk.reply(desk.publish(), "Help, he is breaking in right now, please send someone")
    assert read_new(reading_with(desk.context, "auto")) == 1, (
        "the fast analyser reads, for it may be an emergency (R19)"
    )
    with desk.context.database.read() as session:
        newest = session.exec(select(Reading).order_by(col(Reading.id).desc())).first()
    assert newest is not None
    assert (newest.version, newest.kind) == (version_of(Tier.FAST), "emergency")


def test_beatline_read_takes_a_tier_and_the_post(tmp_path: Path) -> None:
    cli = app.build_cli()
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    line = {
        "id": 1,
        "text": "Absolute scum, hope you get them",
        "post": "Tools were taken from four vans on Mill Road.",
    }
    source.write_text(json.dumps(line) + "\n", encoding="utf-8")
    for tier in Tier:
        done = CliRunner().invoke(cli, ["read", "--in", str(source), "--out", str(target), "--tier", tier.value])
        assert done.exit_code == 0, done.output
        answer = json.loads(target.read_text(encoding="utf-8"))
        assert answer["version"] == version_of(tier)
        assert answer["label"] == "neutral"
    source.write_text('{"id": 1, "text": "x", "post": 3}\n', encoding="utf-8")
    assert CliRunner().invoke(cli, ["read", "--in", str(source), "--out", str(target)]).exit_code != 0


@pytest.mark.parametrize("tier", [Tier.ACCURATE, Tier.AUTO])
def test_the_known_errors_of_a_tier_are_its_own(tier: Tier) -> None:
    """Another processor rounds otherwise: a few replies may fall to the other side."""
    with errors_file(tier).open(encoding="utf-8", newline="") as file:
        noted = {(row["class"], row["read"]): int(row["replies"]) for row in csv.DictReader(file)}
    found = {(class_, read): replies for class_, read, replies, _ in confused(analyser_of(tier))}
    assert sum(noted.values()) == pytest.approx(sum(found.values()), abs=2)
    assert sum(abs(noted[key] - found[key]) for key in noted) < 0.08 * sum(noted.values())


def test_textblob_takes_the_accurate_analyser() -> None:
    said = Blobber(analyzer=PoliceStanceAnalyzer("accurate"))("Rang 101 three times and nobody ever came out").sentiment
    assert said.classification == "negative"


def test_another_tier_reads_everything_again_and_old_readings_stay(desk: Any) -> None:
    desk.reply(desk.publish(), "Absolute scum, hope you get them")
    assert read_new(desk.context) == 1
    other = reading_with(desk.context, "accurate")
    assert [read_new(other) for _ in range(2)] == [1, 0]
    with desk.context.database.read() as session:
        assert session.exec(select(Reading.version).order_by(Reading.id)).all() == [  # type: ignore[arg-type]  # a column
            version_of(Tier.FAST), version_of(Tier.ACCURATE),
        ]  # fmt: skip
        assert version_in_force(session) == version_of(Tier.ACCURATE)
