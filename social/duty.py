"""Who is on duty, and which accounts are watched when (R16).

Setting a contact changes no account: it takes one person with `KEEP_DUTY`, and is recorded."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete
from sqlmodel import Session, col, select

from social.accounts import account_named
from social.alerts.contacts import clean_phone
from social.audit import record
from social.context import Context
from social.duty_hours import Span, Spans, spans_in_words
from social.duty_rules import Recipient
from social.duty_tables import DutyContact, WatchedHours
from social.errors import InputError
from social.places import Place, areas_above
from social.staff import Action, Person, is_own, may, require, same_address, who_may
from social.vault import Vault

MOST_CONTACTS = 10
_PHONE = re.compile(r"[\s,;]+(\+?[\d()][\d()\s.-]{8,20})$")


@dataclass(frozen=True)
class ContactList:
    """The contacts of one area, the first told first.  place_id: None is the whole force; place: its name, '' then."""

    place_id: int | None
    place: str
    contacts: tuple[Recipient, ...]


def set_contacts(context: Context, place_id: int | None, contacts: Sequence[str], by: Person) -> None:
    """Say who is told of emergencies under posts about this area, first to last; [] takes the area's list away.

    contacts: e-mail addresses of staff, or of desks with a name: 'Control room desk <desk@example.org>'; behind either a
    mobile number for texts, as in 'sam.reed@example.org 07700 900123'.
    Raises NotAllowed, and InputError for an address that is none, comes twice, or is of somebody who cannot act."""
    if len(contacts) > MOST_CONTACTS:
        raise InputError(f"An area has {MOST_CONTACTS} duty contacts at the most.")
    with context.database.write() as session:
        require(session, by, Action.KEEP_DUTY, place_id)
        now = context.clock.now()
        fresh = [_read(session, context.vault, text, place_id, by) for text in contacts]
        if len({one.address for one in fresh}) < len(fresh):
            raise InputError("Somebody stands twice on the list. Name each contact once.")
        before = [_recorded(one) for one in _of_area(session, place_id)]
        session.connection().execute(delete(DutyContact).where(_is_of(place_id)))
        for position, one in enumerate(fresh, start=1):
            session.add(
                DutyContact(
                    place_id=place_id, position=position, person_id=None if one.desk else one.person_id,
                    name=one.name if one.desk else None, address=one.address if one.desk else None,
                    phone_sealed=one.phone_sealed, set_by_id=by.id or 0, set_at=now,
                )
            )  # fmt: skip
        record(
            session, now, actor=by, action="set duty contacts", subject=("area", place_id or "force"), place_id=place_id,
            before={"contacts": before}, after={"contacts": [_recorded(one) for one in fresh]},
        )  # fmt: skip


def _read(session: Session, vault: Vault, text: str, place_id: int | None, by: Person) -> Recipient:
    """Somebody of staff by their address, else a desk, which needs a name; and the number behind it."""
    text, phone = _parted(text.strip())
    sealed = vault.seal({"phone": phone}) if phone else None
    name, _, given = text[:-1].rpartition("<") if text.endswith(">") else ("", "", text)
    address = same_address(given)
    person = session.exec(select(Person).where(Person.email == address)).first()
    if person is not None:
        if is_own(person) or not may(session, person, Action.ANSWER, place_id):
            raise InputError(
                f"{person.name} may not answer residents here, so could not act on an emergency. Name somebody who may."
            )
        return Recipient(address, person.name, person.id or 0, phone_sealed=sealed)
    name = " ".join(name.split())[:80]
    if not name:
        raise InputError(f"Nobody of staff has the address {address}. For a desk give a name too: 'Desk <{address}>'.")
    return Recipient(address, name, by.id or 0, desk=True, phone_sealed=sealed)


def _parted(text: str) -> tuple[str, str]:
    """(the address with its name, the number behind it as it is kept, '' for none)."""
    match = _PHONE.search(text)
    return (text[: match.start()].strip(), clean_phone(match[1])) if match else (text, "")


def phone_of(vault: Vault, one: Recipient) -> str:
    """The number that texts go to, '' for none."""
    return vault.open(one.phone_sealed)["phone"] if one.phone_sealed else ""


def _recorded(one: Recipient) -> str:
    """As the audit record keeps it: a person by number, a desk by its address, and whether they get texts."""
    who = one.address if one.desk else f"person:{one.person_id}"
    return f"{who}+text" if one.phone_sealed else who


def _is_of(place_id: int | None) -> ColumnElement[bool]:
    return col(DutyContact.place_id).is_(None) if place_id is None else col(DutyContact.place_id) == place_id


def _of_area(session: Session, place_id: int | None) -> list[Recipient]:
    """Who of the area's own list can be told now, in order; whoever has left is passed over."""
    query = select(DutyContact, Person).join(Person, col(Person.id) == DutyContact.person_id, isouter=True)
    found = []
    for contact, person in session.exec(query.where(_is_of(place_id)).order_by(col(DutyContact.position))):
        if contact.address is not None:
            desk = Recipient(contact.address, contact.name or "", contact.set_by_id, True, contact.phone_sealed)
            found.append(desk)
        elif person is not None and person.active:
            found.append(Recipient(person.email, person.name, person.id or 0, phone_sealed=contact.phone_sealed))
    return found


def contacts_for(session: Session, place_id: int | None) -> tuple[Recipient, ...]:
    """Who is told of an emergency under a post about this area: its own contacts, then those of each wider area, then
    those of the whole force.  place_id: None is the whole force.  () when nobody is set."""
    areas: list[int | None] = [*areas_above(session, place_id), None]
    found: dict[str, Recipient] = {}
    for area in areas:
        for one in _of_area(session, area):
            found.setdefault(one.address, one)
    return tuple(found.values())


def last_resort(session: Session, place_id: int | None) -> tuple[Recipient, ...]:
    """Who is told when no contact has answered or none is set: corporate communications, or else whoever looks after
    accounts."""
    people = who_may(session, Action.APPROVE_CORPORATE, place_id) or who_may(session, Action.MANAGE_ACCOUNTS)
    return tuple(Recipient(person.email, person.name, person.id or 0) for person in people)


def contact_lists(session: Session) -> list[ContactList]:
    """Every area that has contacts of its own, the whole force first, then by name."""
    query = select(DutyContact.place_id, Place.name).join(Place, col(Place.id) == DutyContact.place_id, isouter=True)
    areas = dict(session.exec(query.distinct()).all())
    order = sorted(areas, key=lambda area: (area is not None, areas[area] or "", area or 0))
    return [ContactList(area, areas[area] or "", tuple(_of_area(session, area))) for area in order]


def has_contact(session: Session) -> bool:
    """Whether somebody who can be told now is set for the whole force: else there are areas where nobody is on duty,
    and no account may be set to accept direct messages (R16)."""
    return bool(_of_area(session, None))


def set_hours(context: Context, account_name: str, spans: Spans, by: Person) -> None:
    """Say when somebody watches the account; () for never.  Raises NotAllowed, and InputError for an unknown account."""
    with context.database.write() as session:
        require(session, by, Action.KEEP_DUTY)
        account = account_named(session, account_name)
        assert account.id is not None
        before = hours_of(session, [account.id]).get(account.id, ())
        session.connection().execute(delete(WatchedHours).where(col(WatchedHours.account_id) == account.id))
        session.add_all(
            WatchedHours(account_id=account.id, weekday=span.weekday, opens=span.opens, closes=span.closes)
            for span in spans
        )
        record(
            session, context.clock.now(), actor=by, action="set watched hours", subject=("account", account.id),
            before={"hours": _coded(before)}, after={"hours": _coded(spans)},
        )  # fmt: skip


def _coded(spans: Spans) -> list[str]:
    return [words.replace(" ", "_") for words in spans_in_words(spans)]


def hours_of(session: Session, account_ids: Iterable[int]) -> dict[int, Spans]:
    """When each of these accounts is watched; one of which nobody has said it has no entry, and counts as never (R16)."""
    query = select(WatchedHours).where(col(WatchedHours.account_id).in_(sorted(account_ids)))
    found: dict[int, list[Span]] = {}
    for row in session.exec(query):
        found.setdefault(row.account_id, []).append(Span(row.weekday, row.opens, row.closes))
    return {account_id: tuple(sorted(spans)) for account_id, spans in found.items()}
