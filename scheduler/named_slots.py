"""Named slots: the moments of a week at which a team likes to publish, by people's clocks, so that a post can be given
'the next free one' in place of a time."""

from datetime import date, datetime, time, timedelta

from sqlmodel import Field, Session, SQLModel, col, select

from scheduler.entries import Entry
from scheduler.lifecycle import State
from scheduler.recurrence_rules import DAYS, Rule, problems_of
from social.accounts import account_named
from social.audit import record
from social.clock import as_local
from social.context import Context
from social.errors import InputError
from social.staff import Action, Person, require

LONGEST_NAME = 40
REACH = 366
"""Days that are searched for a free moment."""
GONE = (State.DISCARDED.value, State.WITHDRAWN.value)


class NamedSlot(SQLModel, table=True):
    """Moments that come every week.  days: as '0,2,4', Monday first.  at: as '12:15', UK time.  fold: which of the two
    autumn hours, None when it does not matter."""

    __tablename__ = "named_slot"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    days: str
    at: str
    fold: int | None = None


def add_slot(context: Context, name: str, days: tuple[int, ...], at: time, by: Person, fold: int | None = None) -> None:
    """Keep a slot under a name.  days: 0 for Monday.

    Raises InputError for a name that is taken, and for a time that one of its days does not have, or has twice while
    fold is None."""
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise InputError(f"Give the slot a name of at most {LONGEST_NAME} characters.")
    if not days or not set(days) <= set(range(7)):
        raise InputError("Give at least one day of the week.")
    today = as_local(context.clock.now()).date()
    for day in days:
        if problems := problems_of(Rule(at, today, day, fold=fold)):
            raise InputError(*problems)
    with context.database.write() as session:
        require(session, by, Action.PLAN)
        if session.exec(select(NamedSlot).where(NamedSlot.name == name)).first():
            raise InputError(f"There is a slot '{name}' already. Remove it first, or choose another name.")
        kept = NamedSlot(name=name, days=",".join(map(str, sorted(set(days)))), at=f"{at:%H:%M}", fold=fold)
        session.add(kept)
        session.flush()
        record(session, context.clock.now(), actor=by, action="add slot", subject=("slot", kept.id or 0),
               after={"days": kept.days, "at": kept.at})  # fmt: skip


def remove_slot(context: Context, name: str, by: Person) -> None:
    """Forget a slot. What was planned into it keeps its time."""
    with context.database.write() as session:
        require(session, by, Action.PLAN)
        slot = slot_named(session, name)
        record(session, context.clock.now(), actor=by, action="remove slot", subject=("slot", slot.id or 0))
        session.delete(slot)


def list_slots(session: Session) -> list[NamedSlot]:
    """Every slot, by name."""
    return list(session.exec(select(NamedSlot).order_by(col(NamedSlot.name))))


def slot_named(session: Session, name: str) -> NamedSlot:
    """The slot of that name.  Raises InputError that lists the names there are."""
    found = session.exec(select(NamedSlot).where(NamedSlot.name == name.strip())).first()
    if found is None:
        names = ", ".join(slot.name for slot in list_slots(session)) or "none yet: run `beatline slots add`"
        raise InputError(f"There is no slot '{name}'. Slots: {names}.")
    return found


def next_free(
    session: Session, name: str, account_names: tuple[str, ...], now: datetime
) -> tuple[datetime, int | None]:
    """The next moment of the slot at which none of the accounts has a post yet.

    Returns the naive local time and the fold, as a post is planned.  Raises InputError for unknown names, and when
    everything of the next year is taken."""
    slot = slot_named(session, name)
    account_ids = [account_named(session, one).id for one in account_names]
    taken = select(Entry.due_at).where(
        col(Entry.account_id).in_(account_ids), col(Entry.due_at) > now, col(Entry.state).not_in(GONE)
    )
    busy = set(session.exec(taken))
    today = as_local(now).date()
    rules = [Rule(time.fromisoformat(slot.at), today, int(day), fold=slot.fold) for day in slot.days.split(",")]
    for day in (today + timedelta(days=n) for n in range(REACH)):
        for rule in rules:
            if _is_free(rule, day, now, busy):
                return datetime.combine(day, rule.at), slot.fold
    raise InputError(f"Every moment of the slot '{name}' is taken for a year. Give a time.")


def _is_free(rule: Rule, day: date, now: datetime, busy: set[datetime | None]) -> bool:
    if not list(rule.days(day, day)):
        return False
    instant = rule.instant(day)
    return instant > now and instant not in busy


def in_words(slot: NamedSlot) -> str:
    """'Monday and Friday at 12:15, UK time'."""
    names = [DAYS[int(day)] for day in slot.days.split(",")]
    days = names[0] if len(names) == 1 else ", ".join(names[:-1]) + f" and {names[-1]}"
    return f"{days} at {slot.at}, UK time"
