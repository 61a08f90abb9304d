"""What the sheet for a neighbourhood meeting says to residents: plain sentences, small numbers hidden (R27)."""

from insights.figures import ENOUGH_POSTS
from insights.reports.document import Block, Bullets, Paragraph, listed
from insights.reports.scope import Scope
from insights.reports.sections.answers import times
from insights.reports.sections.local import asked, population
from insights.reports.sections.meaning import open_data
from insights.reports.sections.posts import networks
from insights.reports.small_numbers import count_shown
from insights.response_tables import in_words
from social.alerts.survey_small_numbers import LEAST
from social.words import in_sentence, say_count

REACH_US = (
    "In an emergency call 999.",
    "Otherwise call 101, or report on the force's website.",
    "If you are deaf or cannot speak on the telephone: textphone 18000 in an emergency, 18001 101 otherwise.",
    "To tell what you know without giving your name, call Crimestoppers on 0800 555 111.",
    "Please do not report a crime under a post: posts are not watched round the clock.",
)
"""R15, R16: where to report, and that a post is not the place."""


def in_short(scope: Scope) -> tuple[str, ...]:
    """Asked and done, posts, answers: a sentence each."""
    found = asked(scope)
    done = sum(any(deed.done_on <= scope.until for deed in one.done) for one in found)
    said = f"You asked us for {say_count(len(found), 'thing')}; we did something about {done}." if found else (
        "What you asked us for is not on record for this period: tell us today."
    )  # fmt: skip
    return (said, *_posted(scope), _answered(scope))


def posted(scope: Scope) -> list[Block]:
    """How much was posted and how far it went."""
    rows = sorted(scope.figures("content_type"), key=lambda row: (-row.posts, row.label))
    about = [in_sentence(row.label) for row in rows if row.group][:5]
    most = [f"What we posted most: {listed(about)}."] if about else []
    return [Paragraph(" ".join([*_posted(scope), *most]))]


def _posted(scope: Scope) -> list[str]:
    rows = networks(scope)
    if not rows:
        return [f"We posted nothing{scope.about} in this time."]
    said = []
    for row in rows:
        how_far = ""
        if row.reach is not None and row.reach_posts >= ENOUGH_POSTS:
            how_far = f" A usual post was shown to about {_rounded(row.reach)} accounts there."
        said.append(
            f"We posted {count_shown(row.posts)} {'time' if row.posts == 1 else 'times'} on {row.label}.{how_far}"
        )
    return said


def answered(scope: Scope) -> list[Block]:
    return [Paragraph(f"{_answered(scope)} We promise an answer within 72 hours.")]


def _answered(scope: Scope) -> str:
    """Shares in words alone, so that no small number can be worked out."""
    total = times(scope).total
    if total.received < LEAST:
        return f"Fewer than {LEAST} questions and complaints were written to us under our posts."
    known = total.answered + total.overdue
    parts = (total.in_time, known - total.in_time, total.received - known)
    asked_us = (
        f"{say_count(total.received, 'question or complaint', 'questions and complaints')} came in under our posts"
    )
    if total.share_in_time is None:
        return f"{asked_us}; none has waited for longer than 72 hours."
    if any(0 < part < LEAST for part in parts):
        how_many = "most" if total.share_in_time > 0.5 else "half" if total.share_in_time == 0.5 else "fewer than half"
        return f"{asked_us}. Of those whose 72 hours are over, {how_many} were answered in time."
    half = f" Half of the answers came within {in_words(total.minutes)}." if total.minutes is not None else ""
    young = f"; {parts[2]:,} are younger or were closed" if parts[2] else ""
    return f"{asked_us}. Of the {known:,} whose 72 hours are over, {f'{total.in_time:,}' if total.in_time else 'none'} were answered in time{young}.{half}"


def how_to_reach_us() -> list[Block]:
    return [Bullets(REACH_US)]


def about(scope: Scope) -> list[Block]:
    """Where it comes from, in four lines."""
    lines = (
        population(scope),
        "How many accounts were shown a post is what the network counts. An account is not a person, and may lie elsewhere.",
        "Small numbers are left out, so that nobody can be made out.",
        *open_data(scope),
    )
    return [Bullets(lines)]


def _rounded(value: float) -> str:
    """Two figures are enough to hear: 4,536 as 4,500."""
    step = max(1, 10 ** (len(str(int(value))) - 2))
    return f"{int(round(value / step) * step):,}"
