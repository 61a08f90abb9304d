"""What tables, headlines and files say of coverage and of the content mix: for pages, commands and reports alike."""

import csv
import io
from collections.abc import Iterable, Sequence

from insights.content_mix import TOO_FEW, ContentMix, MixRow
from insights.coverage import SILENT_AFTER, AreaCoverage, Coverage
from social.csv_file import csv_cell
from social.priorities import OLD_AFTER
from social.words import say_count, say_share

NOT_KNOWN = "not known"
NO_TARGET = "no target"
NO_POST = "no post"
COVERAGE_COLUMNS = ("Area", f"Posts in {SILENT_AFTER.days} days", "Days since the last post", "Priorities",
                    f"Older than {OLD_AFTER.days} days", "Of unknown age", "Officers to contact")  # fmt: skip
MIX_COLUMNS = ("Kind of post", "Posts", "Share", "Target", "Against the target")


def coverage_row(one: AreaCoverage) -> dict[str, object]:
    since = "never" if one.days_since is None else one.days_since
    officers = NOT_KNOWN if one.contactable is None else one.contactable
    cells = (one.name, one.posts, since, one.priorities, one.old_priorities, one.undated_priorities, officers)
    return dict(zip(COVERAGE_COLUMNS, cells, strict=True))


def coverage_sentences(found: Coverage) -> list[str]:
    """The three figures in words, each with its denominator; one sentence where there is no area."""
    whole = len(found.areas)
    if not whole:
        return ["There is no area yet."]
    known = whole - found.officer_unknown
    officers = (
        f"{found.named_officer} of {say_count(known, 'area')} that were read from data.police.uk name an officer who can be "
        "contacted."
        if known
        else "Whether officers can be contacted by name is not known: no area was read from data.police.uk."
    )
    silent = f"{found.silent} of {say_count(whole, 'area')} had no post in {SILENT_AFTER.days} days."
    return [
        silent if found.silent else f"Every area had a post in the last {SILENT_AFTER.days} days.",
        f"{found.with_old_priorities} of {say_count(whole, 'area')} have a priority that is older than {OLD_AFTER.days} "
        f"days. Without any: {found.without_priorities}.",
        officers,
    ]


def mix_row(row: MixRow) -> dict[str, object]:
    share = NO_POST if row.share is None else say_share(row.share)
    cells = (row.label, row.posts, share, say_target(row), row.verdict or "")
    return dict(zip(MIX_COLUMNS, cells, strict=True))


def say_target(row: MixRow) -> str:
    """'10% to 30%', or 'no target'."""
    if row.least is None or row.most is None:
        return NO_TARGET
    return f"{row.least:.0%} to {row.most:.0%}"


def mix_headline(mix: ContentMix) -> str:
    """What stands out, against the targets where there are any."""
    if not mix.posts:
        return "Nothing was posted in this time."
    aimed = [row for row in mix.rows if row.verdict is not None]
    if not aimed:
        first = mix.rows[0]
        return (
            f"Most of all: {first.label}, {say_share(first.share)} of {say_count(mix.posts, 'post')}. No target is set."
        )
    if all(row.verdict == TOO_FEW for row in aimed):
        return f"{say_count(mix.posts, 'post')}: too few to tell against the targets."
    off = [row for row in aimed if row.verdict in ("below", "above")]
    if not off:
        return f"Every kind with a target is within it ({say_count(mix.posts, 'post')})."
    said = "; ".join(f"{row.label} is {row.verdict} its target" for row in off)
    return f"{said} ({say_count(mix.posts, 'post')})."


def as_csv(rows: Sequence[dict[str, object]], columns: Sequence[str], notes: Iterable[str | None] = ()) -> bytes:
    """A file that no spreadsheet takes for formulas.  notes: below the table, such as the credit for open data (D06)."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(columns)
    writer.writerows([csv_cell(row[column]) for column in columns] for row in rows)
    for note in notes:
        if note:
            writer.writerow([csv_cell(note)])
    return target.getvalue().encode("utf-8-sig")
