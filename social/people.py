"""Looking after people: who works with Beatline, in which role and for which areas (R17).

Only a person who may look after people for the whole force does any of this, never to themselves, and never so that
nobody is left who can. Whoever leaves is shut out and stays on record: what they did keeps their name."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, delete, select

from social.audit import record
from social.context import Context
from social.errors import InputError, NotAllowed
from social.passwords import NOBODY
from social.places import Place
from social.sign_in import end_sessions_of
from social.sign_in_records import Password, SetUpLink
from social.staff import (
    Action,
    Membership,
    Person,
    Role,
    find_or_add_person,
    is_own,
    require,
    same_address,
    who_may,
)

_LAST = "Nobody would be left who looks after people. Make somebody else an administrator for the whole force first."


@dataclass(frozen=True)
class PersonView:
    """One person as lists show them.  areas: names of their areas, by name; none is the whole force.

    has_password: whether a local account was set up."""

    id: int
    email: str
    name: str
    role: str
    areas: tuple[str, ...]
    area_ids: tuple[int, ...]
    active: bool
    has_password: bool


def list_people(session: Session) -> list[PersonView]:
    """Everybody but Beatline's own persons: those at work first, by name."""
    areas: dict[int, list[tuple[str, int]]] = {}
    query = select(Membership.person_id, Place.name, Place.id).join(Place, col(Place.id) == col(Membership.place_id))
    for person_id, name, place_id in session.exec(query.order_by(Place.name)):
        areas.setdefault(person_id, []).append((name, place_id or 0))
    with_password = set(session.exec(select(Password.person_id).where(Password.hash != NOBODY)))
    people = session.exec(select(Person).order_by(col(Person.active).desc(), Person.name, Person.email)).all()
    return [
        PersonView(
            person.id or 0,
            person.email,
            person.name,
            person.role,
            tuple(name for name, _ in areas.get(person.id or 0, [])),
            tuple(place_id for _, place_id in areas.get(person.id or 0, [])),
            person.active,
            person.id in with_password,
        )
        for person in people
        if not is_own(person)
    ]


def person_with_address(session: Session, email: str) -> Person:
    """The person with that e-mail address.  Raises InputError that says how to add one."""
    found = session.exec(select(Person).where(Person.email == same_address(email))).first()
    if found is None:
        raise InputError(f"There is nobody with the address {email.strip()}. Add them with `beatline people add`.")
    return found


def add_person(
    context: Context, by: Person, *, email: str, name: str, role: Role, areas: Collection[int] = (), reason: str = ""
) -> int:
    """Add somebody.  areas: ids of the places that they act for, with all below; none is the whole force.

    Returns the person's number.  Raises NotAllowed; InputError for an address that is none or is there already."""
    with context.database.write() as session:
        require(session, by, Action.MANAGE_PEOPLE, None)
        address = same_address(email)
        if address.endswith(".invalid"):
            raise InputError("Addresses that end with .invalid are Beatline's own. Give the person's real one.")
        if session.exec(select(Person.id).where(Person.email == address)).first() is not None:
            raise InputError(f"There is somebody with the address {address} already. Change their role instead.")
        person = find_or_add_person(session, address, role, _name(name) or None)
        assert person.id is not None
        _keep_areas(session, person.id, areas)
        after = {"role": role, "areas": sorted(areas), "active": True}
        record(session, context.clock.now(), actor=by, action="add a person", subject=("person", person.id), after=after,
               reason=reason.strip() or None)  # fmt: skip
        return person.id


def change_role(context: Context, by: Person, person_id: int, role: Role, *, reason: str = "") -> None:
    """Give somebody another role, from their next click on.  Raises NotAllowed, also for oneself; InputError."""

    def change(_session: Session, person: Person, _now: datetime) -> None:
        person.role = role.value

    _change(context, by, person_id, "change a role", change, reason)


def set_areas(context: Context, by: Person, person_id: int, areas: Collection[int], *, reason: str = "") -> None:
    """Say which places somebody acts for, with all below; none is the whole force.  Raises as `change_role`."""

    def change(session: Session, person: Person, _now: datetime) -> None:
        assert person.id is not None
        _keep_areas(session, person.id, areas)

    _change(context, by, person_id, "set areas", change, reason)


def shut_out(context: Context, by: Person, person_id: int, *, reason: str) -> None:
    """Let somebody in no more, from their next click on. Sessions end, links and the password stop working.

    Raises as `change_role`, and InputError without a reason."""
    if not reason.strip():
        raise InputError("Say why, such as 'left the force'. The record keeps it.")

    def change(session: Session, person: Person, now: datetime) -> None:
        assert person.id is not None
        person.active = False
        end_sessions_of(session, person.id, now)
        session.exec(delete(SetUpLink).where(col(SetUpLink.person_id) == person.id))
        kept = session.get(Password, person.id)
        if kept is not None:
            kept.hash, kept.changed_at = NOBODY, now
            session.add(kept)

    _change(context, by, person_id, "shut out", change, reason)


def let_in(context: Context, by: Person, person_id: int, *, reason: str = "") -> None:
    """Let somebody in again, in the role and the areas of before; for a password they need a new link."""

    def change(_session: Session, person: Person, _now: datetime) -> None:
        person.active = True

    _change(context, by, person_id, "let in again", change, reason)


def _change(
    context: Context,
    by: Person,
    person_id: int,
    action: str,
    change: Callable[[Session, Person, datetime], None],
    reason: str,
) -> None:
    """One change to one person, with its row in the record, or nothing at all."""
    with context.database.write() as session:
        require(session, by, Action.MANAGE_PEOPLE, None)
        person = session.get(Person, person_id)
        if person is None or is_own(person):
            raise InputError("There is nobody with that number whom you could change.")
        if person.id == by.id:
            raise NotAllowed("Nobody changes their own role, areas or access. Ask another administrator.")
        before, now = _state(session, person), context.clock.now()
        had = who_may(session, Action.MANAGE_PEOPLE, None)
        change(session, person, now)
        session.add(person)
        session.flush()
        after = _state(session, person)
        if after == before:
            return
        if had and not who_may(session, Action.MANAGE_PEOPLE, None):
            raise InputError(_LAST)
        record(session, now, actor=by, action=action, subject=("person", person_id), before=before, after=after,
               reason=reason.strip() or None)  # fmt: skip


def _state(session: Session, person: Person) -> dict[str, object]:
    areas = session.exec(select(Membership.place_id).where(col(Membership.person_id) == person.id)).all()
    return {"role": person.role, "areas": sorted(areas), "active": person.active}


def _keep_areas(session: Session, person_id: int, areas: Collection[int]) -> None:
    known = set(session.exec(select(Place.id).where(col(Place.id).in_(list(areas)))))
    if known != set(areas):
        raise InputError("One of the areas is not there any more. Open the page again, then choose.")
    session.exec(delete(Membership).where(col(Membership.person_id) == person_id))
    session.add_all(Membership(person_id=person_id, place_id=place_id) for place_id in set(areas))
    session.flush()


def _name(name: str) -> str:
    shown = " ".join(name.split())
    if len(shown) > 100 or not shown.isprintable():
        raise InputError("Give a name of at most 100 characters.")
    return shown
