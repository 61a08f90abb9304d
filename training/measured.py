"""Writes what the analyser makes of the two sets that no lesson had in mind: `python -m training.measured`."""

import csv

from insights.known_errors import errors_file
from insights.measuring import TRIED, Measured, counted
from insights.reading import Analyser, Flag, Kind, Stance, Tier, analyser_of, default_analyser
from insights.reading.fast import summable
from insights.shares import CLASSES
from training.replies import FLAGS_UNSEEN, UNSEEN, labelled


def measured(analyser: Analyser) -> list[Measured]:
    """Kinds and stances of the English replies of `unseen.csv`, flags of `flags_unseen.csv` in any language."""
    rows = [row for row in labelled(UNSEEN) if row["lang"] == "en"]
    results = analyser.read([row["text"] for row in rows], [row["post"] for row in rows])
    kinds = [(row["kind"], result.kind.value) for row, result in zip(rows, results, strict=True)]
    stances = [(row["sentiment"], result.stance.value) for row, result in zip(rows, results, strict=True)]
    return [
        *counted("kind", [kind.value for kind in Kind], kinds),
        *counted("stance", [stance.value for stance in Stance if stance is not Stance.UNKNOWN], stances),
        *flags_measured(analyser, labelled(FLAGS_UNSEEN)),
    ]


def flags_measured(analyser: Analyser, rows: list[dict[str, str]], column: str = "flags") -> list[Measured]:
    """column: where a row's flags stand, separated by ';'."""
    results = analyser.read([row["text"] for row in rows])
    found = []
    for flag in Flag:
        real = [flag.value in row[column].split(";") for row in rows]
        said = [flag in result.raised for result in results]
        right = sum(is_ and read for is_, read in zip(real, said, strict=True))
        found.append(Measured("flag", flag.value, sum(real), sum(said), right))
    return found


def confused(analyser: Analyser) -> list[tuple[str, str, int, float]]:
    """Class, reading, English replies of `unseen.csv` that are so and were read so, and how many of them the analyser's
    own probabilities expect."""
    rows = [row for row in labelled(UNSEEN) if row["lang"] == "en"]
    results = analyser.read([row["text"] for row in rows], [row["post"] for row in rows])
    pairs = [(row, result) for row, result in zip(rows, results, strict=True) if result.p is not None]
    return [
        (
            name, read,
            sum(row["sentiment"] == name and result.stance == read for row, result in pairs),
            round(sum(summable(analyser, result.p)[at] for _, result in pairs if result.p and result.stance == read), 2),
        )
        for at, name in enumerate(CLASSES) for read in CLASSES
    ]  # fmt: skip


def main() -> None:
    for tier in Tier:
        with errors_file(tier).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["class", "read", "replies", "expected"])
            writer.writerows(confused(analyser_of(tier)))
    with TRIED.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["aspect", "name", "real", "said", "right"])
        for one in measured(default_analyser()):
            writer.writerow([one.aspect, one.name, one.real, one.said, one.right])


if __name__ == "__main__":
    main()
