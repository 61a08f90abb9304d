"""People who use Beatline, their roles and areas, and the one table of what each role may do (R17).

What is not in the table is allowed to nobody. Whoever connects accounts and looks after people writes and approves no
posts; whoever writes approves nothing. docs/people.md shows the table, and tests/test_permissions.py holds both to a
copy that was written out by hand."""

from enum import Enum, StrEnum

from sqlmodel import Field, Session, SQLModel, col, select

from social.errors import InputError, NotAllowed
from social.places import Place, areas_above


class Role(StrEnum):
    AUTHOR = "author"
    SUPERVISOR = "supervisor"
    CORPORATE = "corporate"
    CONTACT_DESK = "contact_desk"
    RECORDS = "records"
    READER = "reader"
    ADMINISTRATOR = "administrator"


class Action(StrEnum):
    PLAN = "plan posts"
    APPROVE_LOCAL = "approve a team's posts"
    APPROVE_CORPORATE = "approve posts that need corporate communications"
    WITHDRAW = "take a post down"
    HOLD = "hold posts back"
    RELEASE = "release a hold"
    MARK_INCIDENT = "mark a serious incident"
    CHANGE_CASE = "change the stage of a case or an appeal"
    RECORD_EXCEPTION = "record that a name may be given before charge"
    KEEP_CALENDAR = "change the awareness calendar"
    KEEP_PLACES = "look after the map of areas and their populations"
    SET_TARGETS = "set what share of posts is to be of which kind"
    KEEP_PROFILES = "look after the profiles of areas"
    KEEP_RULES = "set quiet hours and the word list"
    MANAGE_ACCOUNTS = "connect accounts"
    MANAGE_PEOPLE = "look after people and their roles"
    ANSWER = "answer residents"
    HIDE = "hide replies at the network"
    HAND_OFF = "hand leads to a desk"
    KEEP_DESKS = "look after the desks that take leads"
    KEEP_DUTY = "set duty contacts and watched hours"
    RUN_SURVEYS = "ask residents in surveys"
    RUN_CAMPAIGNS = "plan, run and assess campaigns"
    SCHEDULE_REPORTS = "have reports mailed to people"
    READ_REPLIES = "read replies"
    READ_FIGURES = "read figures"
    READ_AUDIT = "read the audit record"
    KEEP_DATABASE = "back up, restore and move the database"
    SIGN_UP_RESIDENTS = "sign residents up for alerts"
    KEEP_RESIDENTS = "look after the residents of the alert service"
    ERASE = "erase what was kept of a person"


_READING = frozenset({Action.READ_REPLIES, Action.READ_FIGURES})
_WRITING = _READING | {
    Action.PLAN,
    Action.ANSWER,
    Action.HIDE,
    Action.HAND_OFF,
    Action.RUN_SURVEYS,
    Action.RUN_CAMPAIGNS,
    Action.SCHEDULE_REPORTS,
    Action.SIGN_UP_RESIDENTS,
    Action.KEEP_PROFILES,
}

PERMISSIONS: dict[Role, frozenset[Action]] = {
    Role.AUTHOR: _WRITING | {Action.MARK_INCIDENT},
    Role.SUPERVISOR: _WRITING
    | {Action.APPROVE_LOCAL, Action.WITHDRAW, Action.HOLD, Action.RELEASE, Action.MARK_INCIDENT, Action.CHANGE_CASE,
       Action.KEEP_CALENDAR, Action.SET_TARGETS},
    Role.CORPORATE: _WRITING
    | {Action.APPROVE_LOCAL, Action.APPROVE_CORPORATE, Action.WITHDRAW, Action.HOLD, Action.RELEASE, Action.MARK_INCIDENT,
       Action.CHANGE_CASE, Action.RECORD_EXCEPTION, Action.KEEP_CALENDAR, Action.KEEP_PLACES, Action.KEEP_DESKS,
       Action.KEEP_DUTY, Action.KEEP_RESIDENTS, Action.SET_TARGETS, Action.KEEP_RULES, Action.READ_AUDIT},
    Role.CONTACT_DESK: _READING
    | {Action.ANSWER, Action.HIDE, Action.HAND_OFF, Action.MARK_INCIDENT, Action.SIGN_UP_RESIDENTS},
    Role.RECORDS: _READING | {Action.READ_AUDIT, Action.ERASE},
    Role.READER: frozenset({Action.READ_FIGURES}),
    Role.ADMINISTRATOR: frozenset(
        {Action.MANAGE_ACCOUNTS, Action.MANAGE_PEOPLE, Action.READ_FIGURES, Action.READ_AUDIT, Action.HOLD,
         Action.KEEP_DATABASE, Action.KEEP_PLACES, Action.KEEP_DESKS, Action.KEEP_DUTY}
    ),
}  # fmt: skip

ROLE_NAMES: dict[Role, str] = {
    Role.AUTHOR: "writes posts",
    Role.SUPERVISOR: "supervisor",
    Role.CORPORATE: "corporate",
    Role.CONTACT_DESK: "contact desk",
    Role.RECORDS: "records",
    Role.READER: "reader",
    Role.ADMINISTRATOR: "administrator",
}
"""What the roles are called on pages."""


class Person(SQLModel, table=True):
    """One member of staff.  email: lower case, unique.  team_id: the area whose posts the person sees first.
    active False shuts the person out at the next click."""

    id: int | None = Field(default=None, primary_key=True)
    email: str = Field(unique=True)
    name: str
    role: str
    team_id: int | None = Field(default=None, foreign_key="place.id")
    active: bool = True


class Membership(SQLModel, table=True):
    """A person's area. Someone without any acts for the whole force; with some, inside them and what lies below."""

    person_id: int = Field(primary_key=True, foreign_key="person.id")
    place_id: int = Field(primary_key=True, foreign_key="place.id", index=True)


class Everywhere(Enum):
    """What an action is about when it is not about an area."""

    NO_AREA = "not about an area"


NO_AREA = Everywhere.NO_AREA


def role_allows(person: Person, action: Action) -> bool:
    """Whether the role alone allows the action somewhere: what decides which pages and buttons are drawn."""
    return person.active and action in PERMISSIONS[Role(person.role)]


def has_role_of(person: Person, other: Person) -> bool:
    """Whether both have the same role: whether what was drawn for one still holds for the other."""
    return person.role == other.role


def may(session: Session, person: Person, action: Action, place_id: int | Everywhere | None = NO_AREA) -> bool:
    """Whether this person may do this, as the database has the person now. The only place where that is decided.

    place_id: the area that it is about; None is the whole force, which a person bound to areas has no say in."""
    known = session.get(Person, person.id, populate_existing=True) if person.id is not None else None
    if known is None or not role_allows(known, action):
        return False
    if place_id is NO_AREA:
        return True
    bound = set(session.exec(select(Membership.place_id).where(col(Membership.person_id) == known.id)))
    return not bound or not bound.isdisjoint(areas_above(session, place_id if isinstance(place_id, int) else None))


def who_may(session: Session, action: Action, place_id: int | Everywhere | None = NO_AREA) -> list[Person]:
    """Everybody who may do this now, by name; Beatline's own persons left out."""
    query = select(Person).where(Person.active).order_by(Person.name).execution_options(populate_existing=True)
    able = [one for one in session.exec(query).all() if not is_own(one) and role_allows(one, action)]
    if place_id is NO_AREA:
        return able
    # All at once, and by the rule of `may`: a page that offers colleagues to choose from must not ask for each.
    bound: dict[int, set[int]] = {}
    for person_id, area in session.exec(select(Membership.person_id, Membership.place_id)):
        bound.setdefault(person_id, set()).add(area)
    above = areas_above(session, place_id if isinstance(place_id, int) else None)
    return [one for one in able if not bound.get(one.id or 0) or not bound[one.id or 0].isdisjoint(above)]


def areas_of(session: Session, person: Person) -> frozenset[int] | None:
    """The places that the person acts for: their areas and all below them; None is the whole force."""
    bound = set(session.exec(select(Membership.place_id).where(col(Membership.person_id) == person.id)))
    if not bound:
        return None
    below: dict[int | None, list[int]] = {}
    for place_id, parent_id in session.exec(select(Place.id, Place.parent_id)):
        below.setdefault(parent_id, []).append(place_id or 0)
    found: set[int] = set()
    while bound:
        found |= bound
        bound = {child for place_id in bound for child in below.get(place_id, [])} - found
    return frozenset(found)


def home_of(session: Session, person: Person) -> int | None:
    """The one area that the person acts for; None for the whole force, or for more than one."""
    bound = session.exec(select(Membership.place_id).where(col(Membership.person_id) == person.id).limit(2)).all()
    return bound[0] if len(bound) == 1 else None


def roles_with(action: Action) -> tuple[Role, ...]:
    """The roles that have the right, for people to read."""
    return tuple(role for role, actions in PERMISSIONS.items() if action in actions)


def has_role(person: Person, role: Role | None) -> bool:
    """Whether that is the person's role already. It allows nothing: what a person may do is asked of `require`."""
    return role is not None and person.role == role.value


def is_own(person: Person) -> bool:
    """Whether this is one of Beatline's own persons, who stand for whoever uses a machine. None of them signs in."""
    return person.email.endswith(".invalid")


def role_name(role: str) -> str:
    """What a role is called on pages; any other word as it is."""
    return ROLE_NAMES[Role(role)] if role in ROLE_NAMES else role


def require(session: Session, person: Person, action: Action, place_id: int | Everywhere | None = NO_AREA) -> None:
    """Raise NotAllowed, naming who may, unless the person may."""
    if may(session, person, action, place_id):
        return
    if may(session, person, action):
        raise NotAllowed(f"{person.name} may not {action.value} for this area. Ask someone who looks after it.")
    roles = " or ".join(role.value.replace("_", " ") for role, actions in PERMISSIONS.items() if action in actions)
    raise NotAllowed(f"{person.name} may not {action.value}. Ask someone with the role {roles}.")


def same_address(email: str) -> str:
    """The e-mail address as it is kept.  Raises InputError for text that is none."""
    address = email.strip().lower()
    local, _, domain = address.partition("@")
    strange = any(c.isspace() or not c.isprintable() for c in address)
    if not local or "." not in domain or "@" in domain or strange or len(address) > 200:
        raise InputError(f"'{email}' is not an e-mail address. Give one such as sam.reed@example.org.")
    return address


def find_or_add_person(session: Session, email: str, role: Role, name: str | None = None) -> Person:
    """The person with that e-mail address, added with the given role when new (an existing role is left alone).

    Raises InputError for text that is no e-mail address."""
    address = same_address(email)
    local = address.partition("@")[0]
    found = session.exec(select(Person).where(Person.email == address)).first()
    if found is None:
        found = Person(email=address, name=name or local.replace(".", " ").title(), role=role.value)
        session.add(found)
        session.flush()
    return found
