"""What shares of stance say in sentences and tables, for pages, files and reports alike."""

from collections.abc import Sequence

from insights.coverage_tables import as_csv as csv_of
from insights.running_accuracy import Accuracy
from insights.sentiment import FEW, Sentiment
from insights.shares import CLASSES, Share
from social.words import STANCES, say_count, say_share

Line = dict[str, object]
LIMITS = (
    "The shares allow for how the analyser errs and are of replies, not of residents: few people reply, and they are not "
    "like the others. An analyser is weaker than a person, so read a sample beside them."
)


def headline(found: Sentiment) -> str:
    """The critical share with its interval, or why nothing is said."""
    if not found.shares:
        return "No reply has been read yet, so nothing is said of what residents think."
    if found.few:
        return f"Too few to tell: {say_count(found.read, 'reply', 'replies')} read, and shares need {FEW}."
    one = found.shares["negative"]
    return f"About {one.estimate:.0%} of replies are critical of the police: between {one.low:.0%} and {one.high:.0%}."


def say_estimate(share: Share | None) -> str:
    """'18% (11% to 26%)'."""
    return "nothing read" if share is None else f"{share.estimate:.0%} ({share.low:.0%} to {share.high:.0%})"


def basis(found: Sentiment) -> str:
    """On what the shares rest."""
    unknown = f"; {say_share(found.unknown_share)} of all are in a language that is not read" if found.unknown else ""
    judged = f" {found.judged} of them were judged by people here." if found.judged else ""
    known = (
        f"Corrected by {found.judgements} judgements of people here and by trials."
        if found.judgements else "Corrected by trials on invented replies; people here have not judged enough readings yet."
    )  # fmt: skip
    return f"{say_count(found.read, 'reply', 'replies')} read{unknown}.{judged} {known}"


def table(rows: Sequence[Sentiment]) -> list[Line]:
    """One line a group."""
    return [
        {
            "Group": row.label, "Posts": row.posts, "Replies": row.replies, "Replies read": row.read,
            **{STANCES[name]: say_estimate(row.shares.get(name)) for name in CLASSES},
            **{f"{STANCES[name]}, as counted": say_share(row.counted.get(name)) for name in CLASSES},
            STANCES["unknown"]: say_share(row.unknown_share), "Judged by people": row.judged,
            "Enough to tell": "no" if row.few else "yes",
        }
        for row in rows
    ]  # fmt: skip


def accuracy_table(rows: Sequence[Accuracy]) -> list[Line]:
    """One line an aspect and month, then all months together."""
    return [
        {
            "What": row.aspect.capitalize(), "Month": row.month or "All months", "Judged": row.judged, "Right": row.right,
            "Share right": "too few to tell" if row.share is None or row.interval is None
            else f"{row.share:.0%} ({row.interval[0]:.0%} to {row.interval[1]:.0%})",
            "Analyser": ", ".join(row.versions),
        }
        for row in rows
    ]  # fmt: skip


def accuracy_headline(rows: Sequence[Accuracy]) -> str:
    """How often the stance was read right, of what people judged."""
    for row in rows:
        if row.aspect == "stance" and not row.month:
            if row.share is None or row.interval is None:
                return f"People have judged the stance of {say_count(row.judged, 'reply', 'replies')}: too few to tell how often it is right."
            return f"Of {row.judged} readings of stance that people judged, {row.share:.0%} were right."
    return "Nobody has judged how a reply's stance was read yet."


def as_csv(lines: Sequence[Line], *notes: str | None) -> bytes:
    """The table as a file, with what it does not say beneath; no spreadsheet takes it for formulas."""
    return csv_of(lines, list(lines[0]) if lines else [], notes)
