"""Reads the replies that are stored and new, and notes which publications have news by it.

The unread are marked as such when they arrive or change, so a run costs what is new, not what is stored."""

import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from sqlalchemy import delete, select, update
from sqlmodel import Session, col

from insights.reading import Analyser, Flag, ReadingResult, analyser_of, version_of
from insights.reading.again import open_next
from insights.reading.tiers import tier_that_reads
from social.context import Context
from social.duty_opening import open_calls, open_unreadable, open_while_nothing_is_read
from social.errors import bare
from social.interactions import UNREAD, Interaction, Reading, ReadingFlag
from social.publications import Publication
from social.upsert import insert_into, put_rows
from social.urgency import refresh_urgency

BATCH = 200
_PLAIN = "Thank you for mending the gate."
_log = logging.getLogger("beatline.reading")


class Waiting(NamedTuple):
    """A reply that is to be read.  post: the words that it answers, None where they are not known."""

    id: int
    text: str
    post: str | None


def read_new(context: Context, analyser: Analyser | None = None) -> int:
    """Read residents' replies that this version of the analyser has not read.  analyser: None for the one that the
    setting `reading_tier` names; after a change of it everything is read again, as after a new version (see `again`).

    Returns how many were read. Safe to run twice and from several processes: a reading is stored once."""
    tier = tier_that_reads(context)
    again = analyser is not None or tier == context.settings.reading_tier  # nothing is read again for want of an extra
    version = analyser.version if analyser else version_of(tier)
    done = 0
    while (batch := _unread(context)) or (again and open_next(context, version)):
        try:
            analyser = analyser or analyser_of(tier)
            results = _read(context, analyser, batch) if batch else {}
        except Exception:
            _tell_that_nothing_is_read(context)
            raise
        done += _store(context, [one for one in batch if one.id in results], list(results.values()), version)
    return done


def _read(context: Context, analyser: Analyser, batch: Sequence[Waiting]) -> dict[int, ReadingResult]:
    """What the analyser says, by number. One that it breaks off at must not keep the others from being read, for an
    emergency may stand among them (R19). It may be one itself, so it is told and listed as one until a person has read
    it. Where the analyser cannot read a plain sentence either it is the analyser that is broken, and nothing is ticked
    off."""
    try:
        results = analyser.read([one.text for one in batch], [one.post for one in batch])
        return dict(zip((one.id for one in batch), results, strict=True))
    except Exception as error:
        found: dict[int, ReadingResult] = {}
        for one in batch:
            with suppress(Exception):
                [found[one.id]] = analyser.read([one.text], [one.post])
        if not found:
            analyser.read([_PLAIN])
        left_out = {one.id for one in batch} - found.keys()
        _log.error("replies %s could not be read; a person has to", sorted(left_out), exc_info=bare(error))
        with context.database.write() as session:
            _tick_off(session, left_out)
            open_unreadable(session, context.clock.now(), left_out)
        return found


def _tell_that_nothing_is_read(context: Context) -> None:
    """The duty contact hears of it as well: an emergency may stand among what waits (R19)."""
    with context.database.write() as session:
        open_while_nothing_is_read(session, context.clock.now())


def _unread(context: Context) -> list[Waiting]:
    """The next replies to read, at most BATCH, oldest first; [] when none is left.

    The newest come first of all: while a new version reads everything again, who needs help now must not wait (R19)."""
    columns: list[Any] = [Interaction.id, Interaction.text, Publication.text, Interaction.ours]
    above = col(Publication.id) == col(Interaction.publication_id)
    query = select(*columns).join(Publication, above).where(UNREAD).order_by(col(Interaction.id).desc()).limit(BATCH)
    while True:
        with context.database.read() as session:
            rows = session.connection().execute(query).all()[::-1]
        wanted = [Waiting(id_, text, post or None) for id_, text, post, ours in rows if not ours and text.strip()]
        # Our own answers and empty texts have nothing to read: they are ticked off.
        idle = {row[0] for row in rows} - {one.id for one in wanted}
        if idle:
            with context.database.write() as session:
                _tick_off(session, idle)
        if wanted or not rows:
            return wanted


def _tick_off(session: Session, ids: set[int]) -> None:
    session.connection().execute(update(Interaction).where(col(Interaction.id).in_(sorted(ids))).values(unread=False))


def _store(context: Context, batch: Sequence[Waiting], results: Sequence[ReadingResult], version: str) -> int:
    now = context.clock.now()
    with context.database.write() as session:
        query = select(col(Interaction.id), col(Interaction.text), col(Interaction.publication_id)).where(
            col(Interaction.id).in_([one.id for one in batch])
        )
        present = {row[0]: (row[1], row[2]) for row in session.connection().execute(query)}
        # A reply that was edited while it was being read stays unread: the next round reads the new words.
        kept = [
            (one.id, result, present[one.id][1])
            for one, result in zip(batch, results, strict=True)
            if one.id in present and present[one.id][0] == one.text
        ]
        if not kept:
            return 0
        rows = [
            {
                "interaction_id": id_,
                "version": version,
                "stance": result.stance.value,
                "p_negative": result.p.negative if result.p else None,
                "p_neutral": result.p.neutral if result.p else None,
                "p_positive": result.p.positive if result.p else None,
                "kind": result.kind.value,
                "kind_p": result.kind_p,
                "lang": result.lang,
                "lang_p": result.lang_p,
                "read_at": now,
            }
            for id_, result, _ in kept
        ]
        ids = [id_ for id_, _, _ in kept]
        session.connection().execute(
            delete(Reading).where(col(Reading.interaction_id).in_(ids), col(Reading.version) == version)
        )
        put_rows(session, Reading, rows, _once)
        _store_flags(session, {id_: result for id_, result, _ in kept}, version)
        session.connection().execute(update(Interaction).where(col(Interaction.id).in_(ids)).values(unread=False))
        refresh_urgency(session, ids)
        open_calls(session, now, ids, version)
    return len(kept)


def _once(statement: Any) -> Any:
    return statement.on_conflict_do_nothing(index_elements=["interaction_id", "version"])


def _store_flags(session: Session, results: Mapping[int, ReadingResult], version: str) -> None:
    """Keep what was raised. The readings' own ids are asked for: another process may have stored them first."""
    raised = [id_ for id_, result in results.items() if result.raised]
    if not raised:
        return
    query = select(col(Reading.interaction_id), col(Reading.id)).where(
        col(Reading.interaction_id).in_(raised), col(Reading.version) == version
    )
    rows = [
        {"reading_id": reading_id, "flag": flag.value, "p": results[id_].flags[flag]}
        for id_, reading_id in session.connection().execute(query)
        for flag in Flag
        if flag in results[id_].raised
    ]
    statement = insert_into(session, ReadingFlag).on_conflict_do_nothing(index_elements=["reading_id", "flag"])
    session.connection().execute(statement, rows)
