"""What is known of how the analyser errs: as it was tried on replies that no lesson had in mind, and as people here judged."""

import csv
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from insights.chosen import Chosen, column_of
from insights.count_shares import Errors, Table, Three
from insights.facts import PublicationFacts as Facts
from insights.figure_filters import Filters
from insights.figure_sums import Sums, key_of, sums_by
from insights.measuring import ENOUGH
from insights.reading.in_force import tier_of, version_in_force
from insights.shares import CLASSES
from social.interactions import Interaction, Reading
from social.labels import STANCE, Label

CONFUSION = Path(__file__).with_name("reading") / "confusion.csv"
"""Invented replies by what they are and what the fast analyser reads, and beside it a file for each other tier; a test
holds them to it."""
TRUST = 0.4
"""What a trial reply counts beside one of the force's own: the trials' replies are invented and of other places."""


def errors_file(tier: str) -> Path:
    """Where it stands how a tier errs."""
    return CONFUSION if tier == "fast" else CONFUSION.with_stem(f"{CONFUSION.stem}-{tier}")


@lru_cache(maxsize=4)
def known_errors(tier: str = "fast") -> Table:
    """Replies by class (row) and reading (column), each counted as `TRUST`.

    Half from what a person says the replies are, half from the probabilities that the analyser itself gives them: it was
    calibrated on many more replies than these."""
    found = {name: dict.fromkeys(CLASSES, 0.0) for name in CLASSES}
    path = errors_file(tier)
    with (path if path.exists() else CONFUSION).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["class"]][row["read"]] = TRUST * (float(row["replies"]) + float(row["expected"])) / 2
    return tuple(tuple(found[name][read] for read in CLASSES) for name in CLASSES)


def errors_here(session: Session) -> Errors:
    """What is known, with this force's judgements once there are `ENOUGH` of them."""
    version = version_in_force(session)
    known = known_errors(tier_of(version))
    # Of each judgement its reading: asked for together, SQLite reads every reading of a version to find the few judged.
    read = select(col(Reading.stance)).where(
        col(Reading.interaction_id) == col(Label.interaction_id), col(Reading.version) == version
    )
    columns: list[Any] = [read.limit(1).scalar_subquery().label("read"), Label.right]
    judged_as = select(*columns).where(col(Label.in_force), col(Label.aspect) == STANCE, col(Label.right).in_(CLASSES))
    pairs = judged_as.subquery().c
    query = select(pairs.read, pairs.right, func.count()).where(pairs.read.in_(CLASSES))
    query = query.group_by(pairs.read, pairs.right)
    counts = {(read, right): number for read, right, number in session.connection().execute(query)}
    if sum(counts.values()) < ENOUGH:
        return Errors(known)
    judged = tuple(_three([counts.get((read, right), 0) for right in CLASSES]) for read in CLASSES)
    return Errors(known, judged, _three(_readings(session, counts)))


def judged_in(session: Session, chosen: Chosen, by: str | None = None) -> dict[Any, Three]:
    """Replies to the chosen posts whose stance people judged, by what they said; by the group's key, None for no key."""
    columns: list[Any] = [Interaction.publication_id, Label.right, func.count().label("judged")]
    # Labels first: they are few, and the posts many.
    labels = (
        select(*columns)
        .join(Label, col(Label.interaction_id) == col(Interaction.id))
        .where(col(Label.in_force), col(Label.aspect) == STANCE, col(Label.right).in_(CLASSES))
        .group_by(col(Interaction.publication_id), col(Label.right))
        .subquery()
    )
    key: list[Any] = [column_of(by)] if by else []
    query = (
        select(*key, labels.c.right, func.sum(labels.c.judged))
        .select_from(labels)
        .join(Facts, col(Facts.publication_id) == labels.c.publication_id)
        .where(*chosen.where())
        .group_by(*key, labels.c.right)
    )
    found: dict[Any, list[int]] = {}
    for row in session.connection().execute(query):
        found.setdefault(key_of(by, row[0]) if by else None, [0, 0, 0])[CLASSES.index(row[-2])] += int(row[-1])
    return {name: _three(counts) for name, counts in found.items()}


def _readings(session: Session, judged: dict[tuple[str, str], int]) -> list[int]:
    """All of the force's replies by how they were read: as they are counted, with what people changed changed back."""
    sums = sums_by(session, None, Filters()).get(None, Sums())
    counted = (sums.n_negative, sums.n_neutral, sums.n_positive)
    back = [
        sum(n for (read, right), n in judged.items() if read == name != right)
        - sum(n for (read, right), n in judged.items() if right == name != read)
        for name in CLASSES
    ]
    return [max(0, n + more) for n, more in zip(counted, back, strict=True)]


def _three(numbers: Sequence[int]) -> Three:
    first, second, third = numbers
    return int(first), int(second), int(third)
