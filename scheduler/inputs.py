"""What people hand in when they plan a post, and everything that can be wrong with it, found before anything is kept."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from scheduler.checks import FORM_CODES, About, Finding, MediaFact, run_checks
from scheduler.content_types import CASE_STAGES, CONTENT_TYPES, LANGUAGES
from scheduler.media import StoredPicture, is_stored_name, read_picture
from scheduler.picture_answers import NO_ANSWERS, PictureAnswers, unknown_answers
from scheduler.post_audience import AlertInput, alert_fact
from scheduler.posts import Media, normal_reference
from scheduler.slots import to_instant
from scheduler.subjects import subject_for, subject_of
from social.accounts import Account
from social.channels.base import Channel
from social.errors import InputError, Problem
from social.near_words import suggestion


@dataclass(frozen=True)
class MediaInput:
    """One picture or film.

    kind: image or video.  path or content: its file; neither when it is only planned.  mime: as a browser named it;
    the content decides.  captions: yes, no, or na for a picture.  stored: name in the media folder of a picture that
    the post already has, to keep it through an edit.  answers: whom it shows and whose it is (R07, R14)."""

    kind: str
    path: Path | None = None
    content: bytes | None = field(default=None, repr=False)
    mime: str | None = None
    alt_text: str = ""
    captions: str = "na"
    stored: str | None = None
    answers: PictureAnswers = NO_ANSWERS


@dataclass(frozen=True)
class PostInput:
    """One post as a person wants it.

    content_type: a key of CONTENT_TYPES.  due_local: naive, Europe/London; None while undecided.  fold: which of the
    two autumn hours.  variants: text by channel name.  place: neighbourhood, added when it is new.  force: its force.
    case_stage: one of CASE_STAGES.  external_ref: the id that it has in an imported file.
    appeal_ref: kept in the form of `normal_reference`, however it was typed.  alert: subject and audience, where an
    account of the alert service is among them; other accounts do not look at it."""

    content_type: str
    text: str
    account_names: tuple[str, ...]
    due_local: datetime | None = None
    fold: int | None = None
    variants: Mapping[str, str] = field(default_factory=dict)
    link: str | None = None
    place: str | None = None
    force: str | None = None
    campaign: str | None = None
    appeal_ref: str | None = None
    case_stage: str = "none"
    lang: str = "en"
    media: tuple[MediaInput, ...] = ()
    external_ref: str | None = None
    alert: AlertInput | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "appeal_ref", normal_reference(self.appeal_ref or "") or None)


@dataclass(frozen=True)
class Prepared:
    """What stands after the examination: the input, its instant and its media as rows and files to keep.

    findings: all that the checks say, what stops the post and what does not."""

    given: PostInput
    accounts: tuple[Account, ...]
    due_at: datetime | None
    media: tuple[Media, ...]
    files: tuple[StoredPicture, ...]
    findings: tuple[Finding, ...] = ()


def examine(
    given: PostInput,
    accounts: Sequence[Account],
    channel_of: Callable[[Account], Channel],
    *,
    earliest: datetime | None,
    due_at: datetime | None = None,
    declared: Collection[str] = (),
    about: About | None = None,
    words_stop: bool = True,
) -> tuple[list[Problem], Prepared]:
    """Find every problem with a planned post; nothing is written.

    earliest: a due time before this moment is a problem; None takes any.  due_at: stands in for `due_local`.
    declared: codes of faults that the row itself announces; they are let in and refused when it is to go out.
    about: what the checks are told besides the words; None takes the post's own fields.  words_stop: False lets in
    what only the words are wrong with: a file of posts is taken in, and such a row is refused when it is due."""
    problems = list(plain_problems(given))
    try:
        due_at = due_at or (to_instant(given.due_local, given.fold) if given.due_local is not None else None)
    except InputError as error:
        problems += (Problem(p.message, column="scheduled_local") for p in error.problems)
    if due_at is not None and earliest is not None and due_at < earliest:
        problems.append(Problem("That time has passed. Choose a later one.", column="scheduled_local"))
    media, files, media_problems = _taken_in(given.media)
    problems += media_problems
    found = _findings(given, accounts, channel_of, files, about or about_of(given))
    problems += (
        Problem(said(f), column=f.column)
        for f in found
        if f.level == "block" and f.code not in declared and (words_stop or f.code in FORM_CODES)
    )
    prepared = Prepared(given, tuple(accounts), due_at, tuple(media), tuple(files), tuple(dict.fromkeys(found)))
    return list(dict.fromkeys(problems)), prepared


def said(finding: Finding) -> str:
    """The finding's message with its rule, where there is one."""
    return f"{finding.message} ({finding.rule})" if finding.rule else finding.message


def about_of(given: PostInput) -> About:
    """What the post's own fields tell the checks."""
    return About(
        content_type=given.content_type,
        lang=given.lang,
        case_stage=given.case_stage,
        appeal_ref=given.appeal_ref,
        place=given.place,
        force=given.force,
        alert=alert_fact(given.alert, bool(given.place or given.force)),
    )


def plain_problems(given: PostInput) -> Iterable[Problem]:
    """Fields with a value that is not known, and links that are none."""
    for column, value, known in (
        ("content_type", given.content_type, CONTENT_TYPES),
        ("case_stage", given.case_stage, CASE_STAGES),
        ("lang", given.lang, LANGUAGES),
    ):
        if value not in known:
            yield Problem(f"'{value}' is not known. {suggestion(value, known)}", column=column)
    if given.link:
        parts = urlsplit(given.link)
        if parts.scheme not in ("http", "https") or not parts.hostname or " " in given.link:
            yield Problem(f"'{given.link}' is no web address. Begin it with https://.", column="link")
    for medium in given.media:
        if medium.kind not in ("image", "video"):
            yield Problem(f"'{medium.kind}' is not known. Give none, image or video.", column="media")
        if medium.captions not in ("yes", "no", "na", ""):
            yield Problem(f"'{medium.captions}' is not known. Give yes, no or na.", column="captions")
        yield from unknown_answers(medium.answers)


def _taken_in(given: Sequence[MediaInput]) -> tuple[list[Media], list[StoredPicture], list[Problem]]:
    media: list[Media] = []
    files: list[StoredPicture] = []
    problems: list[Problem] = []
    for position, medium in enumerate(given):
        row = Media(post_id=0, position=position, kind=medium.kind, captions=medium.captions or "no",
                    **medium.answers.fields())  # fmt: skip
        row.alt_text, row.file_name = medium.alt_text.strip(), medium.stored
        if medium.stored is not None:
            if not is_stored_name(medium.stored):
                problems.append(Problem("This picture is not kept here. Add its file again.", column="media_files"))
            row.mime = f"image/{medium.stored.rpartition('.')[2]}"
        try:
            content = _content(medium)
            if content is not None and medium.kind == "image":
                stored = read_picture(medium.path.name if medium.path else "picture", content)
                files.append(stored)
                row.file_name, row.mime = stored.file_name, stored.mime
        except InputError as error:
            problems += (Problem(p.message, column="media_files") for p in error.problems)
        media.append(row)
    return media, files, problems


def _content(medium: MediaInput) -> bytes | None:
    if medium.content is not None or medium.path is None:
        return medium.content
    try:
        if medium.kind == "image":
            return medium.path.read_bytes()
        medium.path.stat()  # a film is only noted: no channel takes one yet, so its file stays where it is
    except OSError as error:
        raise InputError(
            f"The file '{medium.path.name}' cannot be read: it is not there or not open to you. Put it there."
        ) from error
    return None


def _findings(
    given: PostInput,
    accounts: Sequence[Account],
    channel_of: Callable[[Account], Channel],
    files: Sequence[StoredPicture],
    about: About,
) -> list[Finding]:
    facts = facts_given(given)
    if not accounts:
        return run_checks(subject_of(given.text, given.link, facts, about))
    found = []
    for account in accounts:
        channel = channel_of(account)
        found += _named_by_version(
            run_checks(subject_for(account, channel, text_for(account, given), given.link, facts, about)),
            account,
            given,
        )
        heaviest = max((len(file.content) for file in files), default=0)
        if heaviest > channel.limits.image_bytes:
            message = (
                f"A picture has {heaviest:,} bytes; {account.name} takes {channel.limits.image_bytes:,}. Scale it."
            )
            found.append(Finding("PICTURE_TOO_BIG", "block", "", message, "media_files"))
    return found


def _named_by_version(findings: list[Finding], account: Account, given: PostInput) -> list[Finding]:
    """Point at the channel's own version where the text in question is that one."""
    if not given.variants.get(account.channel):
        return findings
    return [replace(f, column=f"text_{account.channel}") if f.column == "text" else f for f in findings]


def facts_given(given: PostInput) -> tuple[MediaFact, ...]:
    """What the checks look at of a post's pictures and films while it is planned."""
    return tuple(MediaFact(m.kind, m.alt_text, m.captions, m.answers) for m in given.media)


def text_for(account: Account, given: PostInput) -> str:
    """The words for this account: its channel's own version, else the post's."""
    return given.variants.get(account.channel) or given.text
