"""Leads: replies that may help an enquiry, from the moment a person says so until they are handed off and forgotten.

A lead is handed to a named desk and then purged; it is no record of intelligence, and nobody's file (R22). The resident's
words stay where they were, in their reply, whose purpose turns from engagement to law enforcement (R24) and whose class
of retention turns to that of leads (R28). Leads are listed by appeal, never by resident (R25)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import Field, Session, SQLModel, col, select

import social.desks  # noqa: F401 - a lead points to its table
from social import audit
from social.accounts import Account
from social.attachments import ERASED, forget_attachments
from social.context import Context
from social.database import UTCDateTime
from social.errors import InputError
from social.interactions import Interaction
from social.lead_places import picked_places
from social.lead_times import picked_times
from social.places import list_places
from social.publications import Publication
from social.staff import Action, Person, require

PURPOSE = "law_enforcement"
RETENTION = "lead"
RAW = ("engagement", "raw_reply")
NOT_HANDED_OFF = timedelta(days=90)
"""How long a lead may wait that nobody hands off: as long as any other reply is kept."""
LONGEST_REFERENCE = 60
LONGEST_PLACE = 300


class LeadState(StrEnum):
    NEW = "new"
    HANDED_OFF = "handed_off"
    USED = "used"
    NOT_USED = "not_used"


STATE_WORDS = {
    LeadState.NEW: "Waits to be handed off",
    LeadState.HANDED_OFF: "Handed off",
    LeadState.USED: "Used by the enquiry",
    LeadState.NOT_USED: "Not used",
}


class Lead(SQLModel, table=True):
    """One reply that a person took for a lead.

    reference: of its appeal, as `Publication.appeal_ref`; 'POST-12' for what stands under a post without one; None
    where there is neither.  place_id: the area of its post, which says who may deal with it.
    place_words, seen_from, seen_to, time_words: where and when, picked out of the words and to be confirmed by a person;
    None where nothing was said.  confirmed_at: a person has confirmed or mended them.
    note: in the words of whoever handed it off.  receipt: the desk's number for it.
    mail_*: the message that tells the desk; mail_state: None, waiting, sent or failed.
    purge_at: when words, attachments and note are erased, whatever its state (R28)."""

    id: int | None = Field(default=None, primary_key=True)
    interaction_id: int = Field(foreign_key="interaction.id", unique=True)
    reference: str | None = Field(default=None, index=True)
    place_id: int | None = Field(default=None, foreign_key="place.id")
    state: str = Field(default=LeadState.NEW.value, index=True)
    place_words: str | None = None
    time_words: str | None = None
    seen_from: datetime | None = Field(default=None, sa_type=UTCDateTime)
    seen_to: datetime | None = Field(default=None, sa_type=UTCDateTime)
    confirmed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    confirmed_by_id: int | None = Field(default=None, foreign_key="person.id")
    opened_at: datetime = Field(sa_type=UTCDateTime)
    opened_by_id: int = Field(foreign_key="person.id")
    desk_id: int | None = Field(default=None, foreign_key="desk.id")
    note: str | None = None
    handed_off_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    handed_off_by_id: int | None = Field(default=None, foreign_key="person.id")
    receipt: str | None = None
    receipt_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    receipt_by_id: int | None = Field(default=None, foreign_key="person.id")
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    mail_state: str | None = Field(default=None, index=True)
    mail_id: str | None = None
    mail_tries: int = 0
    mail_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    purge_at: datetime = Field(sa_type=UTCDateTime, index=True)


@dataclass(frozen=True)
class Picked:
    """What the words say of where and when; None where nothing was found.  words: those that say when."""

    place: str | None
    seen_from: datetime | None
    seen_to: datetime | None
    words: str | None


def reference_of(publication: Publication) -> str | None:
    """What the leads under a publication are linked to: its appeal's reference, else its post."""
    if publication.appeal_ref:
        return publication.appeal_ref
    return f"POST-{publication.post_id}" if publication.post_id is not None else None


def normal_reference(given: str) -> str:
    """A reference as appeals keep it: capitals, single spaces.  Raises InputError for none, or one that is too long."""
    reference = " ".join(given.split()).upper()
    if not 1 <= len(reference) <= LONGEST_REFERENCE:
        raise InputError(f"Give the appeal's reference, at most {LONGEST_REFERENCE} characters.")
    return reference


def open_lead(context: Context, person: Person, reply_id: int, *, reference: str | None = None) -> int:
    """Make a resident's reply a lead; one that is a lead already stays as it is.  Returns the lead's number.

    reference: of the appeal it belongs to; None takes the one of the post it stands under.
    Raises NotAllowed; InputError for a reply that is not there, ours, or erased."""
    with context.database.write() as session:
        now, reply = context.clock.now(), _reply(session, reply_id)
        publication = session.get_one(Publication, reply.publication_id)
        require(session, person, Action.HAND_OFF, publication.place_id)
        known = lead_of(session, reply_id)
        if known is not None:
            return known.id or 0
        found = pick_out(session, reply)
        lead = Lead(
            interaction_id=reply_id,
            reference=normal_reference(reference) if reference else reference_of(publication),
            place_id=publication.place_id,
            place_words=found.place,
            time_words=found.words,
            seen_from=found.seen_from,
            seen_to=found.seen_to,
            opened_at=now,
            opened_by_id=person.id or 0,
            purge_at=now + NOT_HANDED_OFF,
        )
        reply.purpose, reply.retention = PURPOSE, RETENTION
        session.add_all([lead, reply])
        session.flush()
        _tell(session, now, person, "open lead", lead, after={"reply": reply_id, "purpose": PURPOSE})
        return lead.id or 0


def set_details(
    context: Context,
    person: Person,
    lead_id: int,
    *,
    reference: str,
    place: str,
    seen_from: datetime | None,
    seen_to: datetime | None,
) -> None:
    """A person says which appeal it belongs to, where it was and when: what was picked out counts as confirmed.

    seen_from, seen_to: aware; None for not known.  Raises NotAllowed and InputError."""
    place = " ".join(place.split())
    problems = []
    if len(place) > LONGEST_PLACE:
        problems.append(f"Say where in at most {LONGEST_PLACE} characters.")
    if seen_to is not None and (seen_from is None or seen_to < seen_from):
        problems.append("The end of the time is before its beginning. Put the earlier time first.")
    if problems:
        raise InputError(*problems)
    with context.database.write() as session:
        now, lead = context.clock.now(), lead_for(session, person, lead_id)
        before = {"reference": lead.reference}
        lead.reference = normal_reference(reference) if reference.strip() else None
        lead.place_words, lead.seen_from, lead.seen_to = place or None, seen_from, seen_to or seen_from
        lead.confirmed_at, lead.confirmed_by_id = now, person.id
        session.add(lead)
        _tell(session, now, person, "confirm lead", lead, before=before, after={"reference": lead.reference})


def say_outcome(context: Context, person: Person, lead_id: int, *, used: bool) -> None:
    """Note what the desk says came of it; a lead that nobody will hand off is not used.

    Raises NotAllowed; InputError for one that was never handed off and yet used."""
    with context.database.write() as session:
        now, lead = context.clock.now(), lead_for(session, person, lead_id)
        if used and lead.handed_off_at is None:
            raise InputError("Hand the lead off first: only the desk that has it can use it.")
        before = {"state": lead.state}
        lead.state = (LeadState.USED if used else LeadState.NOT_USED).value
        lead.ended_at = now
        if lead.handed_off_at is None:
            lead.purge_at = min(lead.purge_at, now + timedelta(days=context.settings.lead_days))
        session.add(lead)
        _tell(session, now, person, "say what came of lead", lead, before=before, after={"state": lead.state})


def take_back(context: Context, person: Person, lead_id: int) -> None:
    """It was no lead after all: the reply is one like any other again, and what was fetched for it is forgotten.

    Raises NotAllowed; InputError for one that was handed off, which stays on record until it is purged."""
    with context.database.write() as session:
        now, lead = context.clock.now(), lead_for(session, person, lead_id)
        if lead.handed_off_at is not None:
            raise InputError("The lead was handed off already. Say that it was not used instead.")
        reply = session.get_one(Interaction, lead.interaction_id)
        reply.purpose, reply.retention = RAW
        if session.get_one(Account, reply.account_id).channel != "alert":
            # What came in a letter was not fetched and cannot be: it stays with its reply.
            forget_attachments(session, [lead.interaction_id])
        session.add(reply)
        _tell(session, now, person, "take lead back", lead, after={"reply": lead.interaction_id, "purpose": RAW[0]})
        session.delete(lead)


def pick_out(session: Session, reply: Interaction) -> Picked:
    """Where and when, as far as the words of the reply say."""
    places = picked_places(reply.text, [place.name for place in list_places(session)])
    times = picked_times(reply.text, reply.created_at)
    first = times[0] if times else None
    return Picked(
        ", ".join(places)[:LONGEST_PLACE] or None,
        first.start if first else None,
        first.end if first else None,
        first.words[:LONGEST_PLACE] if first else None,
    )


def lead_of(session: Session, reply_id: int) -> Lead | None:
    """The lead that this reply became; None when it is none."""
    return session.exec(select(Lead).where(col(Lead.interaction_id) == reply_id)).first()


def lead_for(session: Session, person: Person, lead_id: int) -> Lead:
    """The lead, for somebody who may deal with it.  Raises NotAllowed; InputError when it is not there any more."""
    lead = session.get(Lead, lead_id)
    if lead is None:
        raise InputError(f"There is no lead {lead_id}. It may have been purged, as leads are after a time.")
    require(session, person, Action.HAND_OFF, lead.place_id)
    return lead


def _reply(session: Session, reply_id: int) -> Interaction:
    reply = session.get(Interaction, reply_id)
    if reply is None or reply.ours:
        raise InputError(f"There is no resident's reply {reply_id}.")
    if reply.retention == ERASED or not reply.text:
        raise InputError("The words of this reply were erased; nothing is left to hand off.")
    return reply


def _tell(
    session: Session, now: datetime, person: Person, action: str, lead: Lead, *,
    before: Mapping[str, object] | None = None, after: Mapping[str, object] | None = None,
) -> None:  # fmt: skip
    audit.record(session, now, actor=person, action=action, subject=("lead", lead.id or 0), before=before, after=after,
                 place_id=lead.place_id)  # fmt: skip
