"""What a check is given and what it hands back."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from scheduler.content_types import ContentType, kind_of
from scheduler.picture_answers import NO_ANSWERS, PictureAnswers
from social.word_lists import words_of as words_of

Level = Literal["block", "needs_approval", "advise"]
LEVELS: tuple[Level, ...] = ("block", "needs_approval", "advise")
"""Most serious first."""

Span = tuple[int, int]


@dataclass(frozen=True)
class Finding:
    """One thing to know about a post.

    code: a stable name such as ALT_MISSING.  level: block (it may not go out like this), needs_approval (corporate
    communications must look at it) or advise (nothing is stopped).  rule: id of the rule behind it, or '' where it
    is the network's own limit or plain good practice.  message: says which words, why it matters and what to do.
    column: the part of the post it is about, named as in an imported file.  span: start and end of the words in that
    part, counted in characters; None when it is about the whole."""

    code: str
    level: Level
    rule: str
    message: str
    column: str
    span: Span | None = None


@dataclass(frozen=True)
class MediaFact:
    """kind: image or video.  captions: yes, no or na.  answers: what was said about whom it shows and whose it is."""

    kind: str
    alt_text: str
    captions: str
    answers: PictureAnswers = NO_ANSWERS


@dataclass(frozen=True)
class AlertFact:
    """What is asked of a post as an alert.  topic: a key of `topics.TOPICS`, '' while none is chosen.  has_area: it says
    for which area.  reaches: whether anybody would be told; None where nobody looked."""

    subject: str
    topic: str
    urgent: bool = False
    has_area: bool = True
    reaches: bool | None = None


@dataclass(frozen=True)
class OtherPost:
    """Another post that this one is held against.

    text: its words.  when: for people, such as '6 May 2026, 12:30'.  place: its area, None for no single one.
    clashes: due within 30 minutes on the same account, by another team."""

    text: str
    when: str
    place: str | None = None
    clashes: bool = False


@dataclass(frozen=True, kw_only=True)
class About:
    """What the checks are told about a post besides its words and pictures.

    content_type: a key of `content_types`, '' while undecided.  case_stage: one of CASE_STAGES.  lang: en, cy or
    cy+en.  place, force: names of the area and its force.  others: posts of the last days, and those due at about the
    same time.  answering: somebody is there to answer what is asked (planning, approving), not only a file or the clock.
    name_exception: a senior lead recorded that a name may be given before charge (R01).  offence_class: 'sexual', '' or
    'other', as the case says (R05).  involves_under_18: so the case says (R06).  period: the pre-election period that
    it falls into, in words, with the candidates' names (R35), and whether its campaign is new in it.  incident: a
    serious incident nearby in the 72 hours before it, solemn: the solemn day of its date, in words (R38).
    alert: what is asked of it as an alert, None where it is none.  house_words: the force's word list.  quiet: the quiet
    hours that its time lies in, in words, or ''.  day: on which residents read it, UK time; None while undecided."""

    content_type: str = ""
    lang: str = "en"
    case_stage: str = "none"
    appeal_ref: str | None = None
    place: str | None = None
    force: str | None = None
    others: tuple[OtherPost, ...] = ()
    answering: bool = False
    name_exception: bool = False
    offence_class: str = ""
    involves_under_18: bool = False
    period: str | None = None
    candidates: tuple[str, ...] = ()
    campaign_is_new: bool = False
    incident: str | None = None
    solemn: str | None = None
    alert: AlertFact | None = None
    house_words: tuple[str, ...] = ()
    quiet: str = ""
    day: date | None = None


@dataclass(frozen=True)
class Subject(About):
    """One post as it would appear on one account.

    account: its name, None when no account is chosen yet.  text: of a thread all parts, with blanks in place of the
    lines between them.  length: units as the network counts them; of a thread those of its longest part, and
    lengths: of each, () for a post of one part.  twice: the first two parts, by number, that say the same; None where all differ.
    most_length, most_images, most_alt_text: the network's limits."""

    text: str
    media: tuple[MediaFact, ...] = ()
    account: str | None = None
    length: int = 0
    lengths: tuple[int, ...] = ()
    most_length: int | None = None
    most_images: int | None = None
    most_alt_text: int | None = None
    channel: str = ""
    link: str | None = None
    twice: tuple[int, int] | None = None

    @property
    def kind(self) -> ContentType:
        """Its content type; while none is chosen, one that all checks apply to."""
        return kind_of(self.content_type)

    @property
    def rules_of(self) -> str:
        """Key of the built-in kind whose rules it follows: a force's own kind is like one of them."""
        return self.kind.rules_of

    @property
    def pictures(self) -> tuple[MediaFact, ...]:
        """Pictures and films: both may show a person."""
        return tuple(medium for medium in self.media if medium.kind in ("image", "video"))

    @property
    def parts(self) -> Iterator[tuple[str, str]]:
        """Everything that residents read, as (column, words): the text and each description."""
        yield "text", self.text
        for medium in self.media:
            if medium.alt_text.strip():
                yield "alt_text", medium.alt_text
