"""Hands over, or erases, what is held of one reply, and of what the same hand wrote in its thread (R29).

What is kept for an enquiry is not handed over and not erased on request (R24: Part 3 of the Data Protection Act 2018 has
its own rules of access): the force's disclosure desk decides, and somebody in records may write its decision down here.
Every step is on record without a word of what it was about."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from social.answer_records import answers_to, open_answer
from social.attachments import attachments_of, sweep_copies
from social.audit import erase_reasons, record
from social.context import Context
from social.desk import notes_of
from social.errors import InputError
from social.forgotten import forget_replies, never_again
from social.hiding_records import Hiding, hidings_of, open_hiding
from social.interactions import EMERGENCY, Interaction, Reading
from social.labels import Label, flags_of
from social.lead_purging import forget_leads
from social.leads import lead_of
from social.publications import Publication
from social.purging import forget_copy
from social.retention import CLASSES
from social.staff import Action, Person, require
from social.subject_access import ENQUIRY, same_hand

EXPORT = "export what is held"
ERASE = "erase on request"
LONGEST_REFERENCE = 60
NOT_HELD = (
    "Names, handles, pictures, biographies, places and numbers of profiles are not kept. Who wrote a reply is kept as a keyed "
    "hash that joins this one thread."
)
DISCLOSURE = (
    "It is kept for an enquiry (law enforcement). Send the request to your disclosure desk; when it has decided, give the "
    "decision's reference."
)


@dataclass(frozen=True)
class Erased:
    """replies: how many were erased.  wiped: the database's files hold no trace; else the worker's next purge does it."""

    replies: int
    wiped: bool


def export_held(context: Context, person: Person, reply_id: int, *, decided: str | None = None) -> dict[str, Any]:
    """Everything that is held of this reply and of what the same hand wrote in its thread, ready for JSON.

    decided: reference of the disclosure desk's decision, without which what is kept for an enquiry is left out, and is
    counted as `withheld`.  Raises NotAllowed, InputError."""
    decided = sound_reference(decided, "decision") if decided else None
    with context.database.write() as session:
        reply, publication = _reply(session, person, reply_id)
        replies = _thread_of(session, reply)
        told = [one for one in replies if one.purpose != ENQUIRY or decided]
        record(session, context.clock.now(), actor=person, action=EXPORT, subject=("reply", reply_id),
               place_id=publication.place_id, after={"replies": len(told), "withheld": len(replies) - len(told),
                                                     "decision": decided})  # fmt: skip
        return {
            "made_at": context.clock.now().isoformat(),
            "post": {"words": publication.text, "link": publication.url, "published_at": publication.published_at.isoformat()},
            "held": [_held(context, session, one) for one in told],
            "withheld": len(replies) - len(told),
            "not_held": NOT_HELD,
        }  # fmt: skip


def _held(context: Context, session: Session, reply: Interaction) -> dict[str, Any]:
    assert reply.id is not None
    retention, settings = CLASSES.get(reply.retention), context.settings
    return {
        "words": reply.text,
        "written_at": reply.created_at.isoformat(),
        "read_in_at": reply.fetched_at.isoformat(),
        "number_at_the_network": reply.platform_id,
        "answers_to": reply.parent_platform_id,
        "kind": reply.kind,
        "language_as_the_network_says": reply.lang_hint,
        "author": "kept as a keyed hash that joins this thread" if reply.author_key else "not known",
        "hidden": reply.hidden,
        "gone_since": _moment(reply.gone_at),
        "answered_at": _moment(reply.answered_at),
        "purpose": reply.purpose,
        "kept_for": f"{retention.days(settings)} days from {retention.counts_from}" if retention else reply.retention,
        "readings": [_plain(one, "kind", "kind_p", "stance", "p_negative", "p_neutral", "p_positive", "lang", "read_at")
                     for one in session.exec(select(Reading).where(Reading.interaction_id == reply.id))],
        "flags": [one.flag.value for one in flags_of(session, [reply.id])[reply.id]],
        "corrections": [_plain(one, "aspect", "was", "right", "at")
                        for one in session.exec(select(Label).where(Label.interaction_id == reply.id))],
        "notes": [_plain(one, "at", "text") for one in notes_of(session, context.vault, reply.id)],
        "our_answers": [_plain(one, "text", "pressed_at", "sent_at") for one in answers_to(session, reply.id)],
        "hidings": [_plain(one, "hides", "house_rule", "note", "asked_at", "done_at", "evidence")
                    for one in hidings_of(session, reply.id)],
        "attachments": [_plain(one, "kind", "state", "found", "size", "fetched_at")
                        for one in attachments_of(session, reply.id)],
        "lead": _lead(session, reply.id),
    }  # fmt: skip


def _lead(session: Session, reply_id: int) -> dict[str, Any] | None:
    lead = lead_of(session, reply_id)
    if lead is None:
        return None
    return _plain(lead, "reference", "state", "place_words", "time_words", "seen_from", "seen_to", "opened_at", "note",
                  "handed_off_at")  # fmt: skip


def _plain(row: Any, *names: str) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in names}
    return {name: _moment(value) if isinstance(value, datetime) else value for name, value in values.items()}


def _moment(value: datetime | None) -> str | None:
    return value.isoformat() if value is not None else None


def export_copy(context: Context, person: Person, copy_id: int) -> dict[str, Any]:
    """The same for the copy of a hidden reply that is gone itself.  Raises NotAllowed, InputError."""
    with context.database.write() as session:
        copy = _hiding(session, person, copy_id)
        record(session, context.clock.now(), actor=person, action=EXPORT, subject=("hiding", copy_id),
               place_id=copy.place_id, after={"copies": 1})  # fmt: skip
        held = _plain(copy, "evidence", "written_at", "hides", "house_rule", "note", "asked_at", "done_at")
        return {
            "made_at": context.clock.now().isoformat(),
            "post": {},
            "held": [held],
            "withheld": 0,
            "not_held": NOT_HELD,
        }


def erase_copy(context: Context, person: Person, copy_id: int, *, request: str) -> Erased:
    """Erase the copy of a hidden reply that is gone itself; that it was hidden, and why, stays.

    Raises NotAllowed, InputError."""
    request = sound_reference(request, "request")
    with context.database.write() as session:
        copy = _hiding(session, person, copy_id)
        forget_copy(context, session, copy_id, copy.account_id, copy.platform_id)
        record(session, context.clock.now(), actor=person, action=ERASE, subject=("hiding", copy_id),
               place_id=copy.place_id, after={"copies": 1, "request": request})  # fmt: skip
    return Erased(1, context.database.forget_erased())


def _hiding(session: Session, person: Person, copy_id: int) -> Hiding:
    copy = session.get(Hiding, copy_id)
    reply = session.get(Interaction, copy.interaction_id) if copy is not None and copy.interaction_id else None
    if copy is None or copy.evidence is None or (reply is not None and reply.text):
        require(session, person, Action.ERASE)
        raise InputError(f"No copy is kept under the number {copy_id}. Find it by its words or its link.")
    require(session, person, Action.ERASE, copy.place_id)
    return copy


def as_json(held: Mapping[str, Any]) -> str:
    """The export for a machine."""
    return json.dumps(held, ensure_ascii=False, indent=2)


def as_text(held: Mapping[str, Any]) -> str:
    """The export for whoever asked: one thing a line, in plain words."""
    lines = ["What is held of what you wrote", "", held["not_held"], ""]
    if held["post"]:
        lines += ["The post:", *in_lines(held["post"], "  "), ""]
    for number, one in enumerate(held["held"], 1):
        lines += [f"Reply {number} of {len(held['held'])}", *in_lines(one, "  "), ""]
    if held["withheld"]:
        lines.append(f"Not in this file: {held['withheld']}, about which another part of the force answers.")
    return "\n".join(lines) + "\n"


def in_lines(values: Mapping[str, Any], indent: str) -> list[str]:
    """One thing a line, in plain words."""
    lines = []
    for name, value in values.items():
        label = f"{indent}{name.replace('_', ' ').capitalize()}:"
        if isinstance(value, Mapping):
            lines += [label, *in_lines(value, f"{indent}  ")]
        elif isinstance(value, list) and value:
            lines += [label, *(line for one in value for line in _item(one, f"{indent}  "))]
        else:
            lines.append(f"{label} {_said(value)}")
    return lines


def _item(value: Any, indent: str) -> list[str]:
    return in_lines(value, indent) if isinstance(value, Mapping) else [f"{indent}{_said(value)}"]


def _said(value: Any) -> str:
    if value is None or value == []:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def erase_held(
    context: Context,
    person: Person,
    reply_id: int,
    *,
    request: str,
    whole_thread: bool = False,
    decided: str | None = None,
) -> Erased:
    """Erase this reply with all that hangs on it; its numbers stay, and the network's copy is not taken in again.

    request: reference of the request, letters and digits.  whole_thread: and what the same hand wrote in its thread.
    decided: see `export_held`.  Raises NotAllowed; InputError for what is kept for an enquiry, an emergency that nobody
    has closed, or an answer or a hiding that is on its way."""
    request = sound_reference(request, "request")
    decided = sound_reference(decided, "decision") if decided else None
    with context.database.write() as session:
        now = context.clock.now()
        reply, publication = _reply(session, person, reply_id)
        replies = _thread_of(session, reply) if whole_thread else [reply]
        for one in replies:
            _require_free(session, one, decided)
        ids = [one.id for one in replies if one.id is not None]
        never_again(session, context.vault, replies)
        for number in ids:
            for copy in hidings_of(session, number):
                forget_copy(context, session, copy.id or 0, copy.account_id, copy.platform_id)
            erase_reasons(session, now, actor=person, subject=("reply", number))
        forget_leads(session, ids, now)
        forget_replies(session, ids, now)
        record(session, now, actor=person, action=ERASE, subject=("reply", reply_id), place_id=publication.place_id,
               after={"replies": len(ids), "request": request, "decision": decided})  # fmt: skip
        sweep_copies(session, context.settings)
    return Erased(len(ids), context.database.forget_erased())


def _reply(session: Session, person: Person, reply_id: int) -> tuple[Interaction, Publication]:
    reply = session.get(Interaction, reply_id)
    if reply is None or reply.ours or not reply.text:
        require(session, person, Action.ERASE)
        raise InputError(f"Nothing is held under the number {reply_id}. Find the reply by its words or its link.")
    publication = session.get_one(Publication, reply.publication_id)
    require(session, person, Action.ERASE, publication.place_id)
    return reply, publication


def _thread_of(session: Session, reply: Interaction) -> list[Interaction]:
    """The reply, and what the same hand wrote under the same post; never under another (R25)."""
    if reply.author_key is None:
        return [reply]
    ids = list(same_hand(session, reply.publication_id, reply.author_key))
    query = select(Interaction).where(col(Interaction.id).in_(ids), col(Interaction.text) != "")
    return list(session.exec(query.order_by(col(Interaction.created_at), col(Interaction.id))))


def _require_free(session: Session, reply: Interaction, decided: str | None) -> None:
    if reply.purpose == ENQUIRY and decided is None:
        raise InputError(f"Reply {reply.id} is not erased. {DISCLOSURE}")
    if reply.urgency == EMERGENCY and reply.done_at is None:
        raise InputError(f"Reply {reply.id} was read as an emergency and nobody has closed it. Close it first (R19).")
    if open_answer(session, reply.id or 0) is not None:
        raise InputError(f"An answer to reply {reply.id} is on its way. Wait until it is settled, then erase.")
    if open_hiding(session, reply.account_id, reply.platform_id) is not None:
        # Erasing takes the network's number out of the order, and the reply would stay in sight there.
        raise InputError(
            f"Reply {reply.id} is just being hidden or shown again. Wait until that is settled, then erase."
        )


def sound_reference(given: str, what: str) -> str:
    """A reference of a request or decision as it may stand in the audit record, which holds no words.  Raises InputError."""
    reference = given.strip()
    if not reference or len(reference) > LONGEST_REFERENCE or not all(c.isalnum() or c in "-/._" for c in reference):
        raise InputError(f"Give the {what}'s reference: letters, digits and -/._ alone, such as SAR-2026-014.")
    return reference
