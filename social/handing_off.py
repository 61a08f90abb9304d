"""Hands a lead to a desk, notes the receipt, and gives out the note and the package: each step on record (R22, R24)."""

import io
import zipfile
from datetime import datetime, timedelta
from uuid import uuid4

from sqlmodel import Session

from social import audit
from social.attachment_fetching import name_in_package, original
from social.attachments import AttachmentState, attachments_of, digest
from social.context import Context
from social.desk import close_handed_off
from social.desks import desk_named, desks_for
from social.errors import InputError
from social.exports import EXPORT
from social.interactions import EMERGENCY, Interaction
from social.lead_notes import note_as_html, note_as_text
from social.lead_views import LeadView, lead_view
from social.leads import Lead, LeadState, lead_for
from social.staff import Person

LONGEST_NOTE = 2000
LONGEST_RECEIPT = 60
MAIL_WAITING = "waiting"


def hand_off(
    context: Context, person: Person, lead_id: int, desk: str, note: str, receipt: str | None = None
) -> LeadView:
    """The desk has it from now on; its clock of retention begins (R28).  Returns the lead as it is now.

    desk: name of an open desk.  note: in the person's words, may be ''.  receipt: the desk's number, if it is known
    already.  A desk with an address is told by mail that a lead waits, and nothing else.
    Raises NotAllowed; InputError for a desk that is not there or closed to this area, or a lead handed off before."""
    note = note.strip()
    if len(note) > LONGEST_NOTE:
        raise InputError(f"Write the note in at most {LONGEST_NOTE:,} characters.")
    with context.database.write() as session:
        now, lead = context.clock.now(), lead_for(session, person, lead_id)
        if lead.handed_off_at is not None:
            raise InputError(f"Lead {lead_id} was handed off already. Note what came of it, or its receipt.")
        there = desk_named(session, desk, desks_for(session, lead.place_id))
        lead.desk_id, lead.note = there.id, note or None
        lead.state, lead.handed_off_at, lead.handed_off_by_id = LeadState.HANDED_OFF.value, now, person.id
        lead.ended_at = None
        lead.purge_at = now + timedelta(days=context.settings.lead_days)
        if there.email:
            lead.mail_state, lead.mail_id = MAIL_WAITING, f"<lead.{uuid4().hex}@beatline.invalid>"
        if receipt:
            _note_receipt(lead, person, receipt, now)
        session.add(lead)
        audit.record(
            session, now, actor=person, action="hand off lead", subject=("lead", lead_id), place_id=lead.place_id,
            after={"desk": there.id, "receipt": lead.receipt is not None, "purge_at": lead.purge_at},
        )  # fmt: skip
        if (
            session.get_one(Interaction, lead.interaction_id).urgency != EMERGENCY
        ):  # that is closed by whoever saw to it
            close_handed_off(session, lead.interaction_id, person, now)
        session.flush()
        return _viewed(session, context, lead_id)


def note_receipt(context: Context, person: Person, lead_id: int, receipt: str) -> None:
    """Note the number by which the desk knows the lead, and when it was given.  Raises NotAllowed and InputError."""
    with context.database.write() as session:
        now, lead = context.clock.now(), lead_for(session, person, lead_id)
        if lead.handed_off_at is None:
            raise InputError("Hand the lead off first; the desk then gives a receipt.")
        _note_receipt(lead, person, receipt, now)
        session.add(lead)
        audit.record(session, now, actor=person, action="note receipt", subject=("lead", lead_id),
                     place_id=lead.place_id)  # fmt: skip


def _note_receipt(lead: Lead, person: Person, receipt: str, now: datetime) -> None:
    words = " ".join(receipt.split())
    if not 1 <= len(words) <= LONGEST_RECEIPT:
        raise InputError(f"Give the desk's receipt number, at most {LONGEST_RECEIPT} characters.")
    lead.receipt, lead.receipt_at, lead.receipt_by_id = words, now, person.id


def see_lead(context: Context, person: Person, lead_id: int) -> LeadView:
    """The lead for somebody who may deal with it.  Raises NotAllowed; InputError when it is not there."""
    with context.database.read() as session:
        lead_for(session, person, lead_id)
        return _viewed(session, context, lead_id)


def export_note(context: Context, person: Person, lead_id: int, *, html: bool = False) -> bytes:
    """The hand-off note as a file, UTF-8; that it was taken is on record.  Raises NotAllowed and InputError."""
    lead = see_lead(context, person, lead_id)
    content = (note_as_html(lead) if html else note_as_text(lead)).encode("utf-8", "replace")
    _record(context, person, lead, "note-html" if html else "note-text", content, files=1)
    return content


def export_package(context: Context, person: Person, lead_id: int) -> bytes:
    """A ZIP of the note, every original that was fetched, and the list of their SHA-256; that it was taken is on record
    with its own SHA-256, so that a changed package shows.

    Raises NotAllowed; InputError; BeatlineError when a sealed copy cannot be opened."""
    lead = see_lead(context, person, lead_id)
    files = {
        "note.txt": note_as_text(lead).encode("utf-8", "replace"),
        "note.html": note_as_html(lead).encode("utf-8", "replace"),
    }
    with context.database.read() as session:
        held = attachments_of(session, lead.reply_id)
    for number, one in enumerate(held, 1):
        if one.state == AttachmentState.HELD:
            files[name_in_package(number, one)] = original(context, one)
    files["sha256.txt"] = "".join(f"{digest(content)}  {name}\n" for name, content in files.items()).encode()
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0)), content)
    _record(context, person, lead, "package", target.getvalue(), files=len(files))
    return target.getvalue()


def _record(context: Context, person: Person, lead: LeadView, what: str, content: bytes, *, files: int) -> None:
    with context.database.write() as session:
        lead_for(session, person, lead.id)
        audit.record(
            session, context.clock.now(), actor=person, action=EXPORT, subject=("lead", lead.id),
            place_id=lead.place_id, after={"what": what, "files": files, "sha256": digest(content)},
        )  # fmt: skip


def _viewed(session: Session, context: Context, lead_id: int) -> LeadView:
    view = lead_view(session, context.vault, lead_id)
    if view is None:
        raise InputError(f"There is no lead {lead_id}.")
    return view
