"""Whoever has a shell on Beatline's machine, and so its key, is its operator. Commands act as somebody all the same:
as the person that they name, or else as one of two persons of Beatline's own, whose roles the one table knows."""

from datetime import datetime

from sqlmodel import Session, select

from social.audit import record
from social.context import Context
from social.errors import InputError
from social.sign_in_ways import Way, way_in
from social.staff import Person, Role, find_or_add_person, same_address

OPERATOR = "command-line@beatline.invalid"
"""Who plans, approves and takes down by command when nobody is named."""
KEEPER = "keeper@beatline.invalid"
"""Who looks after accounts, people and the database by command when nobody is named. It is not the one above: whoever
looks after accounts and people approves no posts (R17)."""
LOCAL_USER = "local.user@this-machine.invalid"
"""Who acts on pages while no sign-in is set up: whoever sits at this machine."""

_OWN = {
    LOCAL_USER: (Role.CORPORATE, "Local user"),
    OPERATOR: (Role.CORPORATE, "Command line"),
    KEEPER: (Role.ADMINISTRATOR, "Command line, upkeep"),
}


def acting(context: Context, email: str, role: Role = Role.CORPORATE) -> Person:
    """The person in whose name a command acts; what they may do is asked of `staff.require` as ever.

    role: of somebody new. Only where no sign-in is set up is somebody new added: after that a role opens doors, and
    giving one is for whoever looks after people.  Raises InputError for an address that is none or unknown."""
    with context.database.read() as session:
        found = _known(session, email)
    if found is not None:
        return found
    way = way_in(context)
    with context.database.write() as session:
        return find_or_name(session, email, role, way, context.clock.now())


def find_or_name(session: Session, email: str, role: Role, way: Way, now: datetime) -> Person:
    """`acting` inside the caller's transaction.  way: how people sign in.  That somebody was added is recorded (R17)."""
    found = _known(session, email)
    if found is not None:
        return found
    address = same_address(email)
    if address in _OWN:
        return find_or_add_person(session, address, *_OWN[address])
    if way is not Way.NONE and not address.endswith(".invalid"):
        raise InputError(f"There is nobody with the address {address}. Add them with `beatline people add`.")
    added = find_or_add_person(session, address, role)
    record(session, now, actor=OPERATOR, action="add a person", subject=("person", added.id or 0),
           after={"role": role, "areas": [], "active": True})  # fmt: skip
    return added


def _known(session: Session, email: str) -> Person | None:
    return session.exec(select(Person).where(Person.email == same_address(email))).first()
