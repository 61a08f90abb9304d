"""Which shares of residents' replies are critical, neutral and supportive: for a post, a group of posts or a week.

From the kept facts, not from replies, so that a force's year costs as much as a post. A count of readings is no answer,
since the analyser errs and leans (M06): the shares are corrected for its known errors, told with an interval, beside the
share of replies in a language that it cannot read (R34). docs/methods/sentiment-shares.md has the formulas and trials."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from insights.chosen import EVERY_POST, Chosen, column_of
from insights.count_shares import Change, Errors, Three, change_of_counts, shares_of_counts
from insights.facts import PublicationFacts as Facts
from insights.figure_filters import Filters
from insights.figure_sums import key_of, sums_by
from insights.known_errors import errors_here, judged_in
from insights.labels import label_groups
from insights.shares import CLASSES, Share

FEW = 20
"""Replies that were read below which a share is a hint: the interval says so, and nothing is held against it."""


@dataclass(frozen=True)
class Sentiment:
    """The shares of a group of posts.

    group: its key as text ('' for none or for all).  posts: publications.  replies: by residents, stored or counted.
    read: of these, read by an analyser in a language that it scores.  unknown: read, language not scored; unknown_share:
    of read and unknown, None of none.  judged: of read, those whose stance a person here said: taken as said.
    shares: {} where nothing was read; else negative, neutral and positive of `read`, each in [0, 1], together 1.
    counted: the analyser's own count as shares, uncorrected, for comparison; {} where nothing was read.
    few: fewer than `FEW` were read.  judgements: how many of this force's judgements the correction rests on."""

    group: str
    label: str
    posts: int
    replies: int
    read: int
    unknown: int
    unknown_share: float | None
    judged: int
    shares: dict[str, Share]
    counted: dict[str, float]
    few: bool
    judgements: int

    def as_row(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def sentiment_by(session: Session, by: str, chosen: Chosen = EVERY_POST) -> list[Sentiment]:
    """The shares of the chosen posts' replies, grouped, in order of the label (weeks: oldest first).

    by: a key of `GROUP_COLUMNS`; raises ValueError for another.  Grouped by post, only posts with replies are there."""
    column_of(by)  # says what there is to group by before anything is asked
    sums = _sums(session, chosen, by)
    judged = judged_in(session, chosen, by)
    labels = label_groups(session, by, list(sums))
    errors = errors_here(session)
    rows = [
        _sentiment("" if key is None else str(key), labels[key], row, judged.get(key, (0, 0, 0)), errors)
        for key, row in sums.items()
        if by != "post" or row["replies_stored"]
    ]
    return sorted(rows, key=lambda row: (row.group == "", row.group if by == "week" else row.label))


def sentiment_of(session: Session, chosen: Chosen = EVERY_POST) -> Sentiment:
    """The shares of all chosen posts' replies; of none a row of zeros without shares."""
    row = _sums(session, chosen, None).get(None) or dict.fromkeys(_COUNTED, 0)
    return _sentiment("", "All posts", row, judged_in(session, chosen).get(None, (0, 0, 0)), errors_here(session))


def sentiment_change(session: Session, earlier: Chosen, later: Chosen, name: str = "negative") -> Change | None:
    """How the share of a class differs between the replies to two choices of posts, later less earlier.

    None where fewer than `FEW` replies of either were read: too few to tell.  It says that they differ and not why (M14)."""
    groups: list[tuple[Three, Three]] = []
    for chosen in (earlier, later):
        row = _sums(session, chosen, None).get(None)
        read = _read(row) if row else (0, 0, 0)
        if sum(read) < FEW:
            return None
        groups.append((read, judged_in(session, chosen).get(None, (0, 0, 0))))
    return change_of_counts(groups[0], groups[1], errors_here(session), name)


_COUNTED = ("posts", "replies_stored", *(f"n_{name}" for name in CLASSES), "n_unknown")


def _sums(session: Session, chosen: Chosen, by: str | None) -> dict[Any, dict[str, int]]:
    """Sums of the counts by key, None for no key; {} of no post.  From the weekly sums wherever they can answer."""
    if chosen.campaign is None and chosen.publication_id is None:
        filters = Filters(chosen.since, chosen.until, chosen.channel, chosen.place_id, chosen.content_type)
        found = sums_by(session, by, filters.looked_up(session))
        return {key: {name: getattr(one, name) for name in _COUNTED} for key, one in found.items()}
    columns: list[Any] = [func.count(), *(func.sum(col(getattr(Facts, name))) for name in _COUNTED[1:])]
    key: list[Any] = [column_of(by)] if by else []
    rows = session.connection().execute(select(*key, *columns).where(*chosen.where()).group_by(*key))
    return {
        key_of(by, row[0]) if by else None: dict(zip(_COUNTED, map(int, row[len(key) :]), strict=True))
        for row in rows
        if row[len(key)]
    }


def _sentiment(group: str, label: str, row: dict[str, int], judged: Three, errors: Errors) -> Sentiment:
    read = _read(row)
    total, unknown = sum(read), row["n_unknown"]
    return Sentiment(
        group=group, label=label, posts=row["posts"], replies=row["replies_stored"], read=total, unknown=unknown,
        unknown_share=unknown / (total + unknown) if total + unknown else None, judged=sum(judged),
        shares=shares_of_counts(read, judged, errors), few=total < FEW, judgements=errors.judgements,
        counted={name: n / total for name, n in zip(CLASSES, read, strict=True)} if total else {},
    )  # fmt: skip


def _read(row: dict[str, int]) -> Three:
    return row["n_negative"], row["n_neutral"], row["n_positive"]
