"""How well the checks do on invented posts: those they were written with, and those written after they were done.

`half` in corpus.csv: development (the rules were written with these), held_out (written when the rules were done), and
fresh and second to ninth, each written when the faults that the ones before had shown were mended."""

import csv
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from scheduler.checks import MediaFact, Subject, flags_of, run_checks

CORPUS = Path(__file__).parent / "corpus.csv"
SAMPLE = Path(__file__).parents[3] / "examples" / "posts.csv"
HALVES = (
    "development",
    "held_out",
    "fresh",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
)
ASKED = frozenset({"CHILD_NAMED"})
"""Labelled too, though they stop nothing: corporate communications decide."""
SLOWEST = 0.005
"""Seconds that the checks of one post may take."""


def rows(path: Path = CORPUS) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def subject(row: dict[str, str]) -> Subject:
    pictured = () if row["media"] == "none" else (MediaFact(row["media"], row["alt_text"], row["captions"]),)
    return Subject(
        row["text"],
        pictured,
        content_type=row["content_type"],
        channel=row["channel"],
        lang=row["lang"],
        case_stage=row["case_stage"],
        place=row["neighbourhood"],
        force=row["force"],
    )


def codes(cell: str) -> set[str]:
    return {code for code in cell.replace(";", ",").split(",") if code}


def counted(chosen: Iterable[dict[str, str]]) -> tuple[Counter[str], Counter[str], Counter[str], list[str]]:
    """Right, false and missed by code, and each post that was not got right."""
    right, false, missed, wrong = Counter[str](), Counter[str](), Counter[str](), []
    for row in chosen:
        findings = run_checks(subject(row))
        found = {*flags_of(findings), *(finding.code for finding in findings if finding.code in ASKED)}
        expected = codes(row["flags"])
        right.update(found & expected)
        false.update(found - expected)
        missed.update(expected - found)
        if found != expected:
            wrong.append(f"{row['post_id']}: found {sorted(found)}, expected {sorted(expected)}")
    return right, false, missed, wrong


def test_the_corpus_is_large_half_of_it_clean_and_of_every_kind() -> None:
    posts = rows()
    clean = sum(not row["flags"] for row in posts)
    assert len(posts) >= 300
    assert 0.4 < clean / len(posts) < 0.65
    assert {row["half"] for row in posts} == set(HALVES)
    assert sum(row["half"] != "development" for row in posts) > 140
    assert len({row["text"] for row in posts}) == len(posts)
    assert len({row["content_type"] for row in posts}) == 26
    assert sum(row["force"].startswith("Heddlu") for row in posts) > 30


@pytest.mark.parametrize("half", HALVES)
def test_precision_and_recall_of_each_code_keep_their_bounds(half: str, capsys: pytest.CaptureFixture[str]) -> None:
    """At first sight the figures were those of docs/checks.md; from here on they may only hold."""
    right, false, missed, wrong = counted(row for row in rows() if row["half"] == half)
    with capsys.disabled():
        print(f"\n{half}")
        for code in sorted(right | false | missed):
            precision = right[code] / ((right[code] + false[code]) or 1)
            recall = right[code] / ((right[code] + missed[code]) or 1)
            print(f"  {code:20} precision {precision:.2f}  recall {recall:.2f}  of {right[code] + missed[code]}")
    least = {"SUB_JUDICE": 0.9} if half in ("fresh", "third", "fourth") else {}
    for code in right | false | missed:
        assert right[code] / ((right[code] + false[code]) or 1) == 1.0, wrong
        assert right[code] / ((right[code] + missed[code]) or 1) >= least.get(code, 1.0), wrong


def test_the_sample_posts_get_exactly_the_flags_that_they_are_labelled_with() -> None:
    posts = rows(SAMPLE)
    wrong = {
        row["post_id"]: (found, expected)
        for row in posts
        if (found := set(flags_of(run_checks(subject(row))))) != (expected := codes(row["expected_flags"]))
    }
    assert len(posts) == 40
    assert not wrong


def test_a_post_is_checked_well_within_five_milliseconds() -> None:
    subjects = [subject(row) for row in rows()]
    best = min(_seconds(subjects) for _ in range(3))
    assert best / len(subjects) < SLOWEST


def _seconds(subjects: list[Subject]) -> float:
    started = time.perf_counter()
    for one in subjects:
        run_checks(one)
    return time.perf_counter() - started


def test_every_finding_points_at_its_words_and_says_enough() -> None:
    for row in rows():
        given = subject(row)
        for finding in run_checks(given):
            assert len(finding.message) > 30, finding
            if finding.span is not None and finding.column in ("text", "alt_text"):
                words = dict(given.parts)[finding.column]
                start, end = finding.span
                assert 0 <= start < end <= len(words), finding
