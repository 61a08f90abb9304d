"""People who use Beatline, their roles, and the one table of what each role may do (R17)."""

from enum import StrEnum

from sqlmodel import Field, Session, SQLModel, select

from social.errors import InputError, NotAllowed


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
    MANAGE_ACCOUNTS = "connect accounts"
    ANSWER = "answer residents"
    READ_REPLIES = "read replies"
    READ_FIGURES = "read figures"


PERMISSIONS: dict[Role, frozenset[Action]] = {
    Role.AUTHOR: frozenset({Action.PLAN, Action.ANSWER, Action.READ_REPLIES, Action.READ_FIGURES}),
    Role.SUPERVISOR: frozenset(
        {Action.PLAN, Action.APPROVE_LOCAL, Action.WITHDRAW, Action.ANSWER, Action.READ_REPLIES, Action.READ_FIGURES}
    ),
    Role.CORPORATE: frozenset(set(Action) - {Action.MANAGE_ACCOUNTS}),
    Role.CONTACT_DESK: frozenset({Action.ANSWER, Action.READ_REPLIES, Action.READ_FIGURES}),
    Role.RECORDS: frozenset({Action.READ_REPLIES, Action.READ_FIGURES}),
    Role.READER: frozenset({Action.READ_FIGURES}),
    Role.ADMINISTRATOR: frozenset({Action.MANAGE_ACCOUNTS, Action.READ_FIGURES}),
}


class Person(SQLModel, table=True):
    """One member of staff.  email: lower case, unique.  active False shuts the person out."""

    id: int | None = Field(default=None, primary_key=True)
    email: str = Field(unique=True)
    name: str
    role: str
    team_id: int | None = Field(default=None, foreign_key="place.id")
    active: bool = True


def may(person: Person, action: Action) -> bool:
    """Whether this person's role allows the action. The only place where that is decided."""
    return person.active and action in PERMISSIONS[Role(person.role)]


def require(person: Person, action: Action) -> None:
    """Raise NotAllowed, naming the roles that may, unless the person may."""
    if not may(person, action):
        roles = " or ".join(role.value for role, actions in PERMISSIONS.items() if action in actions)
        raise NotAllowed(f"{person.name} may not {action.value}. Ask someone with the role {roles}.")


def find_or_add_person(session: Session, email: str, role: Role, name: str | None = None) -> Person:
    """The person with that e-mail address, added with the given role when new (an existing role is left alone).

    Raises InputError for text that is no e-mail address."""
    address = email.strip().lower()
    local, _, domain = address.partition("@")
    if not local or "." not in domain or any(c.isspace() for c in address):
        raise InputError(f"'{email}' is not an e-mail address. Give one such as sam.reed@example.org.")
    found = session.exec(select(Person).where(Person.email == address)).first()
    if found is None:
        found = Person(email=address, name=name or local.replace(".", " ").title(), role=role.value)
        session.add(found)
        session.flush()
    return found
