"""What can be put right at one press: the words that a check would rather see in place of those that it found.

Only where the better words are certain enough to be offered; a person still sees them before and after. What needs
judgement has no fix here, and the page leads to the field in question."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from scheduler.checks import Finding
from scheduler.checks.alerts import LONGEST_SUBJECT
from scheduler.checks.hashtags import better_tag
from scheduler.checks.reporting_line import reporting_line
from scheduler.checks.style import fewer_emoji
from scheduler.checks.wording import better_words
from scheduler.content_types import kind_of
from scheduler.inputs import PostInput


@dataclass(frozen=True)
class Fix:
    """New words for one part of a post.

    column: the part, named as in a finding.  was: the words to be replaced, '' where `words` are added at the end.
    span: where they stand in that part.  words: what stands there then; '' takes them out."""

    column: str
    was: str
    span: tuple[int, int] | None
    words: str

    def apply(self, text: str) -> str:
        """The text with the fix in it; as it is where it says something else by now.  Spaces around it stay."""
        if self.span is None:
            return f"{text.rstrip()}\n\n{self.words}" if text.strip() else self.words
        start, end = (place + len(text) - len(text.lstrip()) for place in self.span)
        if text[start:end] != self.was:
            return text
        before, after = text[:start], text[end:]
        if not self.words and (not before or before.endswith((" ", "\n"))):
            after = after.lstrip(" ")
        return before + self.words + after


def fix_for(finding: Finding, given: PostInput) -> Fix | None:
    """The fix of a finding about this post; None where a person has to think of the words."""
    if finding.code == "ALERT_SUBJECT":
        subject = _first_sentence(given.variants.get("alert") or given.text)
        blank = given.alert is None or not given.alert.subject.strip()
        return Fix(finding.column, "", None, subject) if subject and blank else None
    if finding.code in ("REPORT_LINE", "REPORT_LINE_HELPS"):
        return Fix(finding.column, "", None, _line(given))
    maker = _MAKERS.get(finding.code)
    if maker is None or finding.span is None:
        return None
    part, (start, end) = words_of_column(finding.column, given), finding.span
    was = part[start:end]
    words = maker(was, given) if was else None
    if words is None or words == was:
        return None
    article = _ARTICLE.search(part[:start])
    if article and words and (article[1][1:] == "n") != (words[0].lower() in "aeiou"):  # an RTC, a collision
        start, was = article.start(1), part[article.start(1) : end]
        words = f"{article[1][0]}{'n' if words[0].lower() in 'aeiou' else ''} {words}"
    return Fix(finding.column, was, (start, end), words)


def words_of_column(column: str, given: PostInput) -> str:
    """What stands in that part of the post, as the checks see it; '' for a part without words."""
    if column == "link":
        return (given.link or "").strip()
    if column == "alt_text":
        return next((medium.alt_text for medium in given.media), "")
    if column == "alert_subject":
        return given.alert.subject if given.alert is not None else ""
    if column.startswith("text_"):
        return given.variants.get(column.removeprefix("text_")) or ""
    return given.text.strip() if column == "text" else ""


def _line(given: PostInput) -> str:
    line = reporting_line(kind_of(given.content_type).rules_of)
    return f"{line} Quote {given.appeal_ref}." if given.appeal_ref else line


def _first_sentence(text: str) -> str:
    first = text.strip().split("\n")[0].split(". ")[0].strip().rstrip(".")
    if len(first) <= LONGEST_SUBJECT:
        return first
    return first[:LONGEST_SUBJECT].rpartition(" ")[0]


def _tag(was: str, given: PostInput) -> str | None:
    better = better_tag(was.removeprefix("#"), given.place, given.force)
    return f"#{better}" if better else None


_ARTICLE = re.compile(r"\b([Aa]n?) $")
_VOTES = {"vote": "choose", "votes": "choices", "voting": "choosing", "voted": "chosen"}
_TAKE_OUT = ("DATE_OF_BIRTH", "ACCOUNT_NUMBER", "SECRET", "NUMBER_PLATE", "EMAIL_ADDRESS")

_MAKERS: Mapping[str, Callable[[str, PostInput], str | None]] = MappingProxyType(
    {
        "HASHTAG_CASE": _tag,
        "WORDING": lambda was, _given: better_words(was),
        "JARGON": lambda was, _given: better_words(was),
        "EMOJI_RUN": lambda was, _given: fewer_emoji(was),
        "CAPITALS": lambda was, _given: was.capitalize(),
        "VOTE": lambda was, _given: _VOTES.get(was.lower()),
        "LINK_INSECURE": lambda was, _given: f"https://{was[len('http://') :]}",
        "PHONE_NUMBER": lambda was, _given: f"{was[: len(was) - len(was.lstrip())]}101",
        **dict.fromkeys(_TAKE_OUT, lambda _was, _given: ""),
    }
)
