"""What people do about a reply beside answering it: give it to somebody, close it, leave a note, and see who else has it
open, so that no two answer it at once.

A reply is open until it was answered, hidden or closed by a person; an emergency until a person closed it (R19)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, select

from social.audit import record
from social.context import Context
from social.desk_tables import ReplyNote, ReplyPresence
from social.duty_seen import require_seen
from social.errors import InputError
from social.inbox import views_of
from social.interactions import EMERGENCY, Interaction
from social.publications import Publication
from social.staff import Action, Person, require, who_may
from social.upsert import insert_into
from social.vault import Vault

HERE_FOR = timedelta(seconds=60)
"""Somebody who looked or wrote within this time has the reply open."""
PRESENCE_KEPT = timedelta(hours=1)
LONGEST_NOTE = 2_000
CLOSED_TOGETHER = frozenset({"thanks", "banter"})
"""Kinds that may be closed many at once: nobody waits for an answer to them."""


@dataclass(frozen=True)
class NoteView:
    """One note.  person: who wrote it."""

    at: datetime
    person: str
    text: str


@dataclass(frozen=True)
class Presence:
    """Somebody else who has the reply open.  writing: they have begun an answer."""

    person: str
    writing: bool


def mark_done(context: Context, person: Person, reply_id: int) -> bool:
    """Close a reply that needs no answer.  Returns whether it was open until now.

    Raises InputError for an emergency of which nobody has said yet what came of it (R19)."""
    with context.database.write() as session:
        reply, place_id = _asked(session, person, reply_id)
        require_seen(session, reply_id)
        return _close(session, reply, place_id, person, context.clock.now(), "mark reply done")


def mark_all_done(context: Context, person: Person, reply_ids: Collection[int]) -> int:
    """Close those of these replies that are open and thanks or banter, in one step.  Returns how many were.

    Whatever else is among them stays open: a person reads it and closes it by itself (R19)."""
    closed = 0
    with context.database.write() as session:
        now = context.clock.now()
        for view in views_of(session, sorted(reply_ids)):
            if view.is_open and view.kind in CLOSED_TOGETHER and view.urgency != EMERGENCY:
                reply, place_id = _asked(session, person, view.id)
                closed += _close(session, reply, place_id, person, now, "mark reply done")
    return closed


def close_handed_off(session: Session, reply_id: int, person: Person, now: datetime) -> None:
    """Close a lead that somebody else has now, in the transaction that hands it off (R22)."""
    reply, place_id = _asked(session, person, reply_id)
    _close(session, reply, place_id, person, now, "hand reply off")


def reopen(context: Context, person: Person, reply_id: int) -> bool:
    """Take back that a reply was closed.  Returns whether it was."""
    with context.database.write() as session:
        reply, place_id = _asked(session, person, reply_id)
        if reply.done_at is None:
            return False
        reply.done_at = reply.done_by_id = None
        session.add(reply)
        record(session, context.clock.now(), actor=person, action="reopen reply", subject=("reply", reply_id),
               place_id=place_id)  # fmt: skip
        return True


def assign(context: Context, person: Person, reply_id: int, to: int | None, *, was: int | None) -> None:
    """Give a reply to somebody.  to: number of the person; None takes it back.  was: whose it was when that was chosen.

    Raises InputError where it is somebody else's by now, or where they may not answer for its area."""
    with context.database.write() as session:
        reply, place_id = _asked(session, person, reply_id)
        if reply.assignee_id == to:
            return
        check_giving(session, f"reply {reply_id}", reply.assignee_id, was, to, place_id)
        reply.assignee_id = to
        session.add(reply)
        record(session, context.clock.now(), actor=person, action="assign reply", subject=("reply", reply_id),
               before={"person": was}, after={"person": to}, place_id=place_id)  # fmt: skip


def check_giving(
    session: Session, what: str, holder: int | None, was: int | None, to: int | None, place_id: int | None
) -> None:
    """That what a resident wrote can be given to somebody.  holder: whose it is.  was, to: as in `assign`.

    Raises InputError."""
    if holder != was:
        now_with = session.get(Person, holder) if holder else None
        whose = f"with {now_with.name}" if now_with else "with nobody"
        raise InputError(f"Somebody changed this meanwhile: {what} is {whose} now. Look again, then choose.")
    if to is not None and to not in {one.id for one in who_may(session, Action.ANSWER, place_id)}:
        raise InputError("That person may not answer residents for this area. Choose somebody else.")


def add_note(context: Context, person: Person, reply_id: int, text: str) -> None:
    """Tell whoever opens the reply something about it. The words are sealed, and go when the reply goes (R25, R28)."""
    words = text.replace("\0", "").strip()
    if not words:
        raise InputError("Write the note first.")
    if len(words) > LONGEST_NOTE:
        raise InputError(f"A note must be {LONGEST_NOTE:,} characters or fewer.")
    sealed = context.vault.seal({"text": words})
    with context.database.write() as session:
        _, place_id = _asked(session, person, reply_id)
        now = context.clock.now()
        session.add(ReplyNote(interaction_id=reply_id, person_id=person.id or 0, at=now, text_sealed=sealed))
        record(session, now, actor=person, action="note on reply", subject=("reply", reply_id), place_id=place_id)


def notes_of(session: Session, vault: Vault, reply_id: int) -> list[NoteView]:
    """What staff said of a reply, oldest first."""
    query = select(ReplyNote, Person.name).join(Person, col(Person.id) == ReplyNote.person_id)
    query = query.where(ReplyNote.interaction_id == reply_id).order_by(col(ReplyNote.id))
    return [NoteView(note.at, name, vault.open(note.text_sealed)["text"]) for note, name in session.exec(query)]


def here(context: Context, person: Person, reply_id: int, *, writing: bool = False) -> None:
    """Say that the person has the reply open.  writing: they have begun an answer.

    Nothing of it is recorded for good: it is forgotten within the hour."""
    now = context.clock.now()
    with context.database.write(together=True) as session:
        _asked(session, person, reply_id)
        session.connection().execute(delete(ReplyPresence).where(col(ReplyPresence.at) < now - PRESENCE_KEPT))
        values = {
            "interaction_id": reply_id,
            "person_id": person.id or 0,
            "at": now,
            "typing_at": now if writing else None,
        }
        changed = {"at": now} | ({"typing_at": now} if writing else {})
        statement = insert_into(session, ReplyPresence).values(values)
        statement = statement.on_conflict_do_update(index_elements=["interaction_id", "person_id"], set_=changed)
        session.connection().execute(statement)


def others_here(session: Session, person: Person, reply_id: int, now: datetime) -> list[Presence]:
    """Who else has the reply open at this moment, by name."""
    query = select(Person.name, ReplyPresence.typing_at).join(Person, col(Person.id) == ReplyPresence.person_id)
    query = query.where(
        ReplyPresence.interaction_id == reply_id,
        ReplyPresence.person_id != person.id,
        col(ReplyPresence.at) > now - HERE_FOR,
    ).order_by(Person.name)
    return [Presence(name, at is not None and at > now - HERE_FOR) for name, at in session.exec(query)]


def _asked(session: Session, person: Person, reply_id: int) -> tuple[Interaction, int | None]:
    """The reply and the area that its post is about, once it is known that the person may answer it."""
    reply = session.get(Interaction, reply_id)
    if reply is None or reply.ours:
        raise InputError(f"Reply {reply_id} is not there any more. Open the list of replies again.")
    publication = session.get_one(Publication, reply.publication_id)
    require(session, person, Action.ANSWER, publication.place_id)
    return reply, publication.place_id


def _close(
    session: Session, reply: Interaction, place_id: int | None, person: Person, now: datetime, action: str
) -> bool:
    if reply.done_at is not None:
        return False
    reply.done_at, reply.done_by_id = now, person.id
    session.add(reply)
    record(session, now, actor=person, action=action, subject=("reply", reply.id or 0),
           after={"urgency": reply.urgency}, place_id=place_id)  # fmt: skip
    return True
