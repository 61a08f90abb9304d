"""A file of texts becomes a file of readings, in order, or stays what it was."""

import json
from pathlib import Path
from typing import Any

import pytest

from insights.reading import default_analyser
from insights.reading.stream import read_file
from social.errors import InputError


def write(path: Path, *lines: Any) -> Path:
    path.write_text("".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines), "utf-8")
    return path


def run(source: Path, target: Path) -> list[dict[str, Any]]:
    read_file(source, target, default_analyser())
    return [json.loads(line) for line in target.read_text("utf-8").splitlines()]


def test_each_line_is_answered_in_order(tmp_path: Path) -> None:
    texts = [{"id": number, "text": f"Thank you {number}"} for number in range(600)]
    answers = run(write(tmp_path / "in.jsonl", *texts), tmp_path / "out.jsonl")
    assert [answer["id"] for answer in answers] == list(range(600))
    keys = {"id", "label", "p", "tone", "tone_p", "about", "kind", "kind_p", "lang", "flags", "version"}
    assert set(answers[0]) == keys
    assert (answers[0]["label"], answers[0]["kind"], answers[0]["version"]) == ("positive", "thanks", "fast-5")
    assert sum(answers[0]["p"].values()) == pytest.approx(1)


def test_an_unknown_language_has_no_probabilities(tmp_path: Path) -> None:
    """R34."""
    [answer] = run(write(tmp_path / "in.jsonl", {"id": "a", "text": "Dziękuję bardzo"}), tmp_path / "out.jsonl")
    assert (answer["id"], answer["label"], answer["p"], answer["lang"]) == ("a", "unknown", None, "pl")
    assert (answer["tone"], answer["tone_p"], answer["about"]) == ("unknown", None, None)


def test_blank_lines_are_passed_over_and_an_empty_file_gives_an_empty_one(tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl", "", {"id": 1, "text": ""}, "  ")
    assert [answer["id"] for answer in run(source, tmp_path / "out.jsonl")] == [1]
    assert run(write(tmp_path / "in.jsonl"), tmp_path / "out.jsonl") == []


def test_bad_lines_are_all_named_and_the_old_file_stays(tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    target.write_text("as it was")
    source = write(
        tmp_path / "in.jsonl",
        {"id": 1, "text": "fine"},
        "{not json",
        {"id": 2},
        {"text": "no id"},
        [1, 2],
        {"id": [], "text": "x"},
    )
    with pytest.raises(InputError) as caught:
        run(source, target)
    assert [str(problem)[:8] for problem in caught.value.problems] == [
        "line 2: ",
        "line 3: ",
        "line 4: ",
        "line 5: ",
        "line 6: ",
    ]
    assert target.read_text() == "as it was"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl"]


def test_a_file_of_nothing_but_bad_lines_is_given_up_after_twenty(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        run(write(tmp_path / "in.jsonl", *["oops"] * 50), tmp_path / "out.jsonl")
    assert len(caught.value.problems) == 20


def test_bytes_that_are_no_text_are_named(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_bytes(b'{"id": 1, "text": "\xff\xfe"}\n')
    with pytest.raises(InputError, match="line 1: is not UTF-8"):
        run(tmp_path / "in.jsonl", tmp_path / "out.jsonl")


def test_files_that_cannot_be_opened_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Cannot read"):
        run(tmp_path / "none.jsonl", tmp_path / "out.jsonl")
    with pytest.raises(InputError, match="Cannot write"):
        run(write(tmp_path / "in.jsonl", {"id": 1, "text": "x"}), tmp_path / "no" / "out.jsonl")


def test_a_file_may_be_replaced_by_its_own_readings(tmp_path: Path) -> None:
    path = write(tmp_path / "texts.jsonl", {"id": 1, "text": "Thank you"})
    assert run(path, path)[0]["label"] == "positive"


def test_progress_ends_at_the_whole_file(tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl", *({"id": n, "text": "Hello"} for n in range(600)))
    seen: list[tuple[int, int]] = []
    report = read_file(source, tmp_path / "out.jsonl", default_analyser(), lambda done, of: seen.append((done, of)))
    assert seen[-1] == (source.stat().st_size,) * 2
    assert len(seen) == 3
    assert (report.texts, report.langs["en"]) == (600, 600)
