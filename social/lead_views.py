"""Leads as plain values for the page, the commands and the note that goes with them: listed by appeal, by nothing else.

There is no author in here, and no way to ask for the leads of one (R25)."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from social.accounts import Account
from social.attachments import Attachment, AttachmentState, address_of, attachments_of
from social.desks import Desk
from social.errors import BeatlineError
from social.interactions import Interaction
from social.leads import Lead
from social.places import Place
from social.publications import Publication
from social.staff import Person
from social.vault import Vault

_LINK = re.compile(r"\bhttps?://[^\s<>\"']+|\bwww\.[^\s<>\"']+", re.IGNORECASE)


@dataclass(frozen=True)
class AttachmentView:
    """One thing that came with the reply.  number: 1 for the first.  found, size, sha256: of the sealed copy; None while
    there is none.  address: of a link alone, as text; what else there is, is never shown by its address."""

    id: int
    number: int
    kind: str
    state: str
    problem: str | None
    found: str | None
    size: int | None
    sha256: str | None
    has_details: bool
    address: str | None

    @property
    def held(self) -> bool:
        return self.state == AttachmentState.HELD


@dataclass(frozen=True)
class LeadView:
    """One lead as people see it.

    place: name of the area of its post.  platform_id: the network's number of the reply, by which the network finds it.
    seen_from, seen_to, place_words: see `Lead`; confirmed: by a person.  links: in the words or attached, as text.
    opened_by, handed_off_by, receipt_by: names of staff."""

    id: int
    reply_id: int
    publication_id: int
    post_id: int | None
    reference: str | None
    state: str
    place_id: int | None
    place: str | None
    account: str
    channel: str
    url: str | None
    platform_id: str
    publication_text: str
    text: str
    written_at: datetime
    place_words: str | None
    time_words: str | None
    seen_from: datetime | None
    seen_to: datetime | None
    confirmed: bool
    opened_at: datetime
    opened_by: str
    desk: str | None
    note: str | None
    handed_off_at: datetime | None
    handed_off_by: str | None
    receipt: str | None
    receipt_at: datetime | None
    receipt_by: str | None
    mail_state: str | None
    purge_at: datetime
    attachments: tuple[AttachmentView, ...]
    links: tuple[str, ...]


def list_leads(
    session: Session,
    vault: Vault,
    *,
    states: Collection[str] | None = None,
    reference: str | None = None,
    areas: Collection[int] | None = None,
    limit: int = 100,
    offset: int = 0,
) -> list[LeadView]:
    """Leads by appeal, within it in the order in which they were written.

    states, reference: only these; None for all.  areas: those of posts about these places alone; None for all."""
    query = _narrow(_rows(), states, reference, areas).order_by(
        col(Lead.reference).is_(None), col(Lead.reference), col(Interaction.created_at), col(Lead.id)
    )
    return [_view(session, vault, row) for row in session.execute(query.limit(limit).offset(offset)).all()]


def count_leads(
    session: Session,
    *,
    states: Collection[str] | None = None,
    reference: str | None = None,
    areas: Collection[int] | None = None,
) -> int:
    """How many `list_leads` would list with no limit."""
    return int(session.execute(_narrow(select(func.count(col(Lead.id))), states, reference, areas)).scalar_one())


def lead_view(session: Session, vault: Vault, lead_id: int) -> LeadView | None:
    """One lead; None when it is not there.  Who may see it is asked by whoever calls."""
    row = session.execute(_rows().where(col(Lead.id) == lead_id)).first()
    return _view(session, vault, row) if row is not None else None


def references_with_leads(session: Session, areas: Collection[int] | None = None) -> list[str]:
    """The appeals that have leads, to choose from."""
    column: Any = Lead.reference
    query = _narrow(select(column).distinct(), None, None, areas).where(column.is_not(None)).order_by(column)
    return list(session.execute(query).scalars())


def links_in(text: str) -> list[str]:
    """Web addresses in a text, as they were written."""
    return [found.rstrip(".,;:!?)") for found in _LINK.findall(text)]


def _narrow(query: Any, states: Collection[str] | None, reference: str | None, areas: Collection[int] | None) -> Any:
    if states is not None:
        query = query.where(col(Lead.state).in_(list(states)))
    if reference is not None:
        query = query.where(col(Lead.reference) == reference)
    if areas is not None:
        query = query.where(col(Lead.place_id).in_(sorted(areas)))
    return query


_OPENER, _HANDER, _RECEIVER = aliased(Person), aliased(Person), aliased(Person)


def _rows() -> Any:
    names: list[Any] = [Place.name, Desk.name, _OPENER.name, _HANDER.name, _RECEIVER.name]
    return (
        select(Lead, Interaction, Publication, Account, *names)
        .join(Interaction, col(Interaction.id) == col(Lead.interaction_id))
        .join(Publication, col(Publication.id) == col(Interaction.publication_id))
        .join(Account, col(Account.id) == col(Interaction.account_id))
        .join(Place, col(Place.id) == col(Lead.place_id), isouter=True)
        .join(Desk, col(Desk.id) == col(Lead.desk_id), isouter=True)
        .join(_OPENER, col(_OPENER.id) == col(Lead.opened_by_id), isouter=True)
        .join(_HANDER, col(_HANDER.id) == col(Lead.handed_off_by_id), isouter=True)
        .join(_RECEIVER, col(_RECEIVER.id) == col(Lead.receipt_by_id), isouter=True)
    )


def _view(session: Session, vault: Vault, row: Any) -> LeadView:
    lead, reply, publication, account, place, desk, opener, hander, receiver = row
    attached = [_attachment(vault, n, one) for n, one in enumerate(attachments_of(session, lead.interaction_id), 1)]
    links = [*(one.address for one in attached if one.address), *links_in(reply.text)]
    return LeadView(
        id=lead.id,
        reply_id=reply.id,
        publication_id=publication.id,
        post_id=publication.post_id,
        reference=lead.reference,
        state=lead.state,
        place_id=lead.place_id,
        place=place,
        account=account.name,
        channel=account.channel,
        url=publication.url,
        platform_id=reply.platform_id,
        publication_text=publication.text,
        text=reply.text,
        written_at=reply.created_at,
        place_words=lead.place_words,
        time_words=lead.time_words,
        seen_from=lead.seen_from,
        seen_to=lead.seen_to,
        confirmed=lead.confirmed_at is not None,
        opened_at=lead.opened_at,
        opened_by=opener or "",
        desk=desk,
        note=lead.note,
        handed_off_at=lead.handed_off_at,
        handed_off_by=hander,
        receipt=lead.receipt,
        receipt_at=lead.receipt_at,
        receipt_by=receiver,
        mail_state=lead.mail_state,
        purge_at=lead.purge_at,
        attachments=tuple(attached),
        links=tuple(dict.fromkeys(links)),
    )


def _attachment(vault: Vault, number: int, one: Attachment) -> AttachmentView:
    address = None
    if one.kind == "link":
        try:
            address = address_of(vault, one)
        except BeatlineError:  # sealed with another key: the rest of the lead is still there
            address = None
    return AttachmentView(
        one.id or 0, number, one.kind, one.state, one.problem, one.found, one.size, one.sha256, one.has_details, address
    )
