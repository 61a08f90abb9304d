"""Corrections: a person says what a reply really is. People see that from then on, and it is kept for measuring.

A correction belongs to the words it was made for: it outlives every newer version of the analyser and ends when the
resident edits the reply. It says what a text is and nothing of who wrote it (R25)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Index, and_, exists, func, literal, or_, select, text, update
from sqlmodel import Field, Session, SQLModel, col

from social.audit import record
from social.context import Context
from social.database import UTCDateTime
from social.duty_opening import open_for_person
from social.errors import InputError
from social.interactions import Interaction, Reading, ReadingFlag
from social.kinds import Flag, Kind, Stance
from social.publications import Publication
from social.staff import Action, Person, require
from social.urgency import refresh_urgency

KIND, STANCE = "kind", "stance"
YES, NO = "yes", "no"
_IN_FORCE = text("in_force")


class Label(SQLModel, table=True):
    """What one person said of one aspect of one reply.

    aspect: 'kind', 'stance' or the name of a flag.  was: what the analyser had said of it: a kind, a stance, 'yes' or
    'no'; '' when it had not read the reply.  version: of that analyser, or ''.  right: what the person says, in the same
    words; the same as `was` where the reading was right.  in_force: nobody said otherwise since, and the words are still
    those that were judged."""

    __table_args__ = (
        Index(
            "ix_label_in_force", "interaction_id", "aspect", unique=True,
            sqlite_where=_IN_FORCE, postgresql_where=_IN_FORCE,
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    interaction_id: int = Field(foreign_key="interaction.id", index=True, ondelete="CASCADE")
    person_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)
    aspect: str
    was: str
    right: str
    version: str
    in_force: bool = True


@dataclass(frozen=True)
class Correction:
    """What people said of a reply.  kind, stance: None where nobody said.  flags: whether it has them, as far as said."""

    kind: Kind | None = None
    stance: Stance | None = None
    flags: Mapping[Flag, bool] = field(default_factory=dict)


@dataclass(frozen=True)
class ShownFlag:
    """A flag that a reply has.  p: how probable the analyser calls it, in (0, 1]; None where a person said so."""

    flag: Flag
    p: float | None


def correct_reading(
    context: Context,
    person: Person,
    interaction_id: int,
    *,
    kind: Kind | str | None = None,
    stance: Stance | str | None = None,
    flags_on: Collection[Flag | str] = (),
    flags_off: Collection[Flag | str] = (),
) -> int:
    """Say what a reply is.  Returns how many of the things said differ from what was shown before.

    kind, stance: None says nothing about it.  flags_on, flags_off: it has these, it has not those; of others nothing is
    said. What agrees with the reading is kept too: without it nobody could tell how often readings are right.
    Raises NotAllowed, and InputError for a reply that is not there, was erased or is ours, and for unknown words."""
    said = dict(_said(kind, stance, flags_on, flags_off))
    with context.database.write() as session:
        place_id = _place_of(session, interaction_id)
        require(session, person, Action.ANSWER, place_id)
        now = context.clock.now()
        before = _shown_now(session, interaction_id, said)
        version, was = _as_read(session, interaction_id)
        changed = {aspect: right for aspect, right in said.items() if right != before[aspect]}
        _put_out_of_force(session, [interaction_id], said)
        for aspect, right in said.items():
            session.add(Label(interaction_id=interaction_id, person_id=person.id or 0, at=now, aspect=aspect,
                              was=was.get(aspect, NO if version else ""), right=right, version=version))  # fmt: skip
        if said:
            record(
                session, now, actor=person, action="correct reading" if changed else "confirm reading",
                subject=("reply", interaction_id), before={aspect: before[aspect] for aspect in said}, after=said,
                place_id=place_id,
            )  # fmt: skip
        if changed.get(KIND) == Kind.EMERGENCY:
            open_for_person(session, now, interaction_id)
        session.flush()
        refresh_urgency(session, [interaction_id])
        return len(changed)


def corrected(session: Session, interaction_ids: Collection[int]) -> dict[int, Correction]:
    """What people said of these replies; no entry for one of which nothing was said."""
    said: dict[int, dict[str, str]] = {}
    columns: list[Any] = [Label.interaction_id, Label.aspect, Label.right]
    query = select(*columns).where(_IN_FORCE, col(Label.interaction_id).in_(sorted(interaction_ids)))
    for number, aspect, right in session.connection().execute(query) if interaction_ids else ():
        said.setdefault(number, {})[aspect] = right
    return {number: _correction(aspects) for number, aspects in said.items()}


def flags_of(session: Session, interaction_ids: Collection[int]) -> dict[int, list[ShownFlag]]:
    """The flags these replies have: as people said, else as the latest reading did; [] for one without any."""
    found: dict[int, dict[Flag, float | None]] = {number: {} for number in interaction_ids}
    columns: list[Any] = [Reading.interaction_id, ReadingFlag.flag, ReadingFlag.p]
    query = select(*columns).join(Reading, col(Reading.id) == col(ReadingFlag.reading_id))
    query = query.where(col(Reading.id).in_(_latest(sorted(interaction_ids))))
    for number, flag, p in session.connection().execute(query) if interaction_ids else ():
        found[number][Flag(flag)] = p
    for number, correction in corrected(session, interaction_ids).items():
        for flag, there in correction.flags.items():
            found[number].pop(flag, None)
            if there:
                found[number][flag] = None
    return {number: [ShownFlag(flag, flags[flag]) for flag in Flag if flag in flags] for number, flags in found.items()}


def has_flag(flag: Flag | str) -> ColumnElement[bool]:
    """A condition on `Interaction`, for lists: people see this flag on it."""
    name = Flag(flag).value
    here: list[Any] = [_IN_FORCE, col(Label.interaction_id) == col(Interaction.id), col(Label.aspect) == name]
    said_yes = exists(select(literal(1)).where(*here, col(Label.right) == YES).correlate(Interaction))
    said_no = exists(select(literal(1)).where(*here, col(Label.right) == NO).correlate(Interaction))
    newest = select(func.max(col(Reading.id))).where(col(Reading.interaction_id) == col(Interaction.id))
    read_so = exists(
        select(literal(1))
        .select_from(ReadingFlag)
        .where(
            col(ReadingFlag.flag) == name,
            col(ReadingFlag.reading_id) == newest.correlate(Interaction).scalar_subquery(),
        )
        .correlate(Interaction)
    )
    return or_(said_yes, and_(read_so, ~said_no))


def put_out_of_force(session: Session, interaction_ids: Sequence[int]) -> None:
    """The words of these replies changed: what people said of the old ones is history."""
    _put_out_of_force(session, interaction_ids, None)


def _put_out_of_force(session: Session, interaction_ids: Sequence[int], aspects: Collection[str] | None) -> None:
    statement = update(Label).where(_IN_FORCE, col(Label.interaction_id).in_(interaction_ids))
    if aspects is not None:
        statement = statement.where(col(Label.aspect).in_(sorted(aspects)))
    session.connection().execute(statement.values(in_force=False))


def _said(
    kind: Kind | str | None,
    stance: Stance | str | None,
    flags_on: Collection[Flag | str],
    flags_off: Collection[Flag | str],
) -> Iterator[tuple[str, str]]:
    """Aspect and what is said of it."""
    try:
        if kind is not None:
            yield KIND, Kind(kind).value
        if stance is not None:
            yield STANCE, Stance(stance).value
        on, off = {Flag(flag) for flag in flags_on}, {Flag(flag) for flag in flags_off}
    except ValueError as error:
        raise InputError(f"{error}. Choose one of the words in docs/definitions.md.") from None
    if on & off:
        raise InputError(f"'{min(on & off).value}' is said to be there and not to be there. Choose one.")
    yield from ((flag.value, YES if flag in on else NO) for flag in Flag if flag in on | off)


def _place_of(session: Session, interaction_id: int) -> int | None:
    """The area that the reply's post is about.  Raises InputError for what nobody can correct."""
    reply = session.get(Interaction, interaction_id)
    if reply is None or reply.ours or not reply.text:
        raise InputError(
            f"Reply {interaction_id} is not there, was erased, or is our own. Open the list of replies again."
        )
    publication = session.get(Publication, reply.publication_id)
    return publication.place_id if publication else None


def _as_read(session: Session, interaction_id: int) -> tuple[str, dict[str, str]]:
    """Version of the latest reading ('' for none) and what it says by aspect; a flag it did not raise has no entry."""
    reading = session.get(Reading, session.connection().execute(_latest([interaction_id])).scalar() or 0)
    if reading is None:
        return "", {}
    raised = select(col(ReadingFlag.flag)).where(col(ReadingFlag.reading_id) == reading.id)
    flags: dict[str, str] = dict.fromkeys(session.connection().execute(raised).scalars(), YES)
    return reading.version, {KIND: reading.kind, STANCE: reading.stance, **flags}


def _shown_now(session: Session, interaction_id: int, aspects: Collection[str]) -> dict[str, str]:
    """What people see of these aspects; '' for a kind or stance that is not known."""
    _, read = _as_read(session, interaction_id)
    query = select(col(Label.aspect), col(Label.right)).where(_IN_FORCE, col(Label.interaction_id) == interaction_id)
    shown = {**read, **{row[0]: row[1] for row in session.connection().execute(query)}}
    return {aspect: shown.get(aspect, "" if aspect in (KIND, STANCE) else NO) for aspect in aspects}


def _latest(interaction_ids: Sequence[int]) -> Any:
    newest = select(func.max(col(Reading.id))).where(col(Reading.interaction_id).in_(interaction_ids))
    return newest.group_by(col(Reading.interaction_id))


def _correction(said: Mapping[str, str]) -> Correction:
    kind, stance = said.get(KIND), said.get(STANCE)
    flags = {flag: said[flag.value] == YES for flag in Flag if flag.value in said}
    return Correction(Kind(kind) if kind else None, Stance(stance) if stance else None, flags)
