"""Posts that come again: every week or every month at the same time by people's clocks, summer and winter.

A recurrence is taken from a post that is there. Each occurrence is a post of its own, planned two weeks ahead and handed
in as any other, so it needs the approval that its kind asks for (R41, R17). What was missed while nothing ran is told to a
person and not made up for: nothing bursts after an outage (R42)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlmodel import Field, Session, SQLModel, col, select

from scheduler.content_types import kind_of
from scheduler.entries import Entry
from scheduler.inputs import PostInput
from scheduler.lifecycle import State
from scheduler.planning import plan_post, send_for_approval
from scheduler.post_audience import alert_of
from scheduler.posts import Media, Post, Variant
from scheduler.recurrence_rules import Rule, in_words, problems_of
from scheduler.takedown_tasks import was_taken_down
from scheduler.writing import post_with_id
from social.accounts import Account
from social.alarms import clear_alarm, open_alarm, raise_alarm
from social.audit import record
from social.clock import as_local
from social.context import Context
from social.database import UTCDateTime
from social.errors import BeatlineError, InputError
from social.places import Place
from social.staff import Action, Person, require
from social.upsert import insert_into

AHEAD = timedelta(days=14)
"""How long before its time an occurrence is planned: long enough to be approved."""


class Recurrence(SQLModel, table=True):
    """One post that comes again.

    post_id: whose words and accounts are taken.  weekday: 0 for Monday, None for once a month.  month_day: 1 to 28, or 0
    for the last; None for once a week.  at: as '09:30', UK time.  fold: which of the two autumn hours, None when it does
    not matter.  first, last: ISO dates, last None for no end.  person_id: in whose name occurrences are planned.
    stopped_at: None while it runs."""

    id: int | None = Field(default=None, primary_key=True)
    post_id: int = Field(foreign_key="post.id", index=True)
    weekday: int | None = None
    month_day: int | None = None
    at: str
    fold: int | None = None
    first: date
    last: date | None = None
    person_id: int = Field(foreign_key="person.id")
    made_at: datetime = Field(sa_type=UTCDateTime)
    stopped_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class Occurrence(SQLModel, table=True):
    """What became of one day of a recurrence.  outcome: planned, missed or refused.  note: why, a sentence of ours."""

    recurrence_id: int = Field(primary_key=True, foreign_key="recurrence.id")
    day: date = Field(primary_key=True)
    outcome: str
    post_id: int | None = Field(default=None, foreign_key="post.id")
    note: str | None = None


def add_recurrence(context: Context, post_id: int, rule: Rule, by: Person) -> int:
    """Let the post come again by the rule, from its first day on.

    Returns the recurrence's number.  Raises InputError for a time that does not exist on one of the days of the next
    five years, for one that comes twice while nobody has said which is meant, and for a post that cannot come again."""
    problems = problems_of(rule)
    if problems:
        raise InputError(*problems)
    with context.database.write() as session:
        now = context.clock.now()
        post = post_with_id(session, post_id)
        require(session, by, Action.PLAN, post.place_id)
        _require_can_come_again(session, post)
        fresh = Recurrence(
            post_id=post_id, weekday=rule.weekday, month_day=rule.month_day, at=f"{rule.at:%H:%M}", fold=rule.fold,
            first=rule.first, last=rule.last, person_id=by.id or 0, made_at=now,
        )  # fmt: skip
        session.add(fresh)
        session.flush()
        record(session, now, actor=by, action="add recurrence", subject=("post", post_id),
               after={"recurrence": fresh.id, "at": fresh.at}, place_id=post.place_id)  # fmt: skip
        assert fresh.id is not None
        return fresh.id


def _require_can_come_again(session: Session, post: Post) -> None:
    kind = kind_of(post.content_type)
    if kind.appeal or post.appeal_ref or post.case_stage != "none":
        raise InputError("A post about a case does not come again by itself: each time somebody has to look.")
    if session.exec(select(Media).where(Media.post_id == post.id)).first() is not None:
        raise InputError("A post with a picture or a film cannot come again by itself yet. Take one without.")


def stop_recurrence(context: Context, recurrence_id: int, by: Person) -> None:
    """Plan no more of it. What is planned already stays: discard it where it should not go out."""
    with context.database.write() as session:
        found = session.get(Recurrence, recurrence_id)
        if found is None:
            raise InputError(
                f"There is no recurrence {recurrence_id}. `beatline recurrences list` shows those there are."
            )
        post = post_with_id(session, found.post_id)
        require(session, by, Action.PLAN, post.place_id)
        now = context.clock.now()
        if found.stopped_at is None:
            found.stopped_at = now
            session.add(found)
            clear_alarm(session, now, _key(recurrence_id))
            record(session, now, actor=by, action="stop recurrence", subject=("post", found.post_id),
                   after={"recurrence": recurrence_id}, place_id=post.place_id)  # fmt: skip


def plan_occurrences(context: Context) -> int:
    """Plan what comes within two weeks.  Returns how many posts were planned."""
    with context.database.read() as session:
        running = list(session.exec(select(Recurrence).where(col(Recurrence.stopped_at).is_(None))))
    return sum(_plan_next(context, recurrence) for recurrence in running)


def _plan_next(context: Context, recurrence: Recurrence) -> int:
    now, rule = context.clock.now(), rule_of(recurrence)
    with context.database.read() as session:
        known = select(col(Occurrence.day)).where(Occurrence.recurrence_id == recurrence.id)
        done = set(session.exec(known))
    today = as_local(now).date()
    wanted = (day for day in rule.days(as_local(recurrence.made_at).date(), today + AHEAD) if day not in done)
    return sum(_plan_one(context, recurrence, rule, day, now) for day in wanted)


def _plan_one(context: Context, recurrence: Recurrence, rule: Rule, day: date, now: datetime) -> int:
    if rule.instant(day) < now:
        if rule.instant(day) >= recurrence.made_at:
            _keep(
                context, recurrence, day, "missed", None, "Its time passed while nothing ran. It was not made up for."
            )
        return 0
    reference = f"recurrence {recurrence.id} of {day.isoformat()}"
    try:
        with context.database.read() as session:
            author = session.get_one(Person, recurrence.person_id)
            there = _written_before(session, reference, recurrence.post_id)
            _require_still_meant(session, recurrence.post_id)
            given = _given(session, recurrence, rule, day, reference)
        # Whoever died between planning it and writing that down left the post, which its reference finds again.
        post_id = there if there is not None else plan_post(context, given, author, taken_from=recurrence.post_id)
        _hand_in(context, post_id, author)
    except BeatlineError:  # its text may quote the post
        _keep(
            context,
            recurrence,
            day,
            "refused",
            None,
            "The checks or a permission stopped it, its post was taken down or dropped, or a file took its id. Plan it by "
            "hand to see why.",
        )
        return 0
    _keep(context, recurrence, day, "planned", post_id, None)
    return 1


def _written_before(session: Session, reference: str, post_id: int) -> int | None:
    """The occurrence that is there already.  Raises InputError where a row of a file took its id for other words."""
    there = session.exec(select(Post).where(Post.external_ref == reference)).first()
    if there is not None and there.taken_from_id != post_id:
        raise InputError(f"Another post was imported with the id '{reference}'.")
    return there.id if there is not None else None


def _require_still_meant(session: Session, post_id: int) -> None:
    """Raise InputError for words that somebody took down, refused or dropped: they must not come back by themselves."""
    states = set(session.exec(select(Entry.state).where(Entry.post_id == post_id)))
    if was_taken_down(session, post_id) or State.WITHDRAWN in states or states <= {State.DISCARDED}:
        raise InputError("The post was taken down or dropped, so it does not come again.")


def _hand_in(context: Context, post_id: int, author: Person) -> None:
    with context.database.read() as session:
        states = set(session.exec(select(Entry.state).where(Entry.post_id == post_id)))
    if states == {"draft"}:
        send_for_approval(context, post_id, author)


def _given(session: Session, recurrence: Recurrence, rule: Rule, day: date, reference: str) -> PostInput:
    post = session.get_one(Post, recurrence.post_id)
    place = session.get(Place, post.place_id) if post.place_id is not None else None
    names = select(Account.name).join(Entry, col(Entry.account_id) == col(Account.id)).where(Entry.post_id == post.id)
    versions = session.exec(select(Variant).where(Variant.post_id == post.id))
    return PostInput(
        content_type=post.content_type, text=post.text, account_names=tuple(session.exec(names.order_by(Account.name))),
        due_local=datetime.combine(day, rule.at), fold=rule.fold, variants={v.channel: v.text for v in versions},
        link=post.link, place=place.name if place is not None else None, force=_force_of(session, place),
        campaign=post.campaign, lang=post.lang, external_ref=reference, alert=alert_of(session, post),
    )  # fmt: skip


def _force_of(session: Session, place: Place | None) -> str | None:
    """The name at the top of the place's tree, so that the same place is found and no new one made."""
    while place is not None and place.parent_id is not None:
        place = session.get(Place, place.parent_id)
    return place.name if place is not None else None


def _keep(
    context: Context, recurrence: Recurrence, day: date, outcome: str, post_id: int | None, note: str | None
) -> None:
    """Write down what became of the day; what was missed or refused is told to whoever set it up."""
    with context.database.write() as session:
        values = {"recurrence_id": recurrence.id, "day": day, "outcome": outcome, "post_id": post_id, "note": note}
        session.connection().execute(insert_into(session, Occurrence).values(**values).on_conflict_do_nothing())
        now, key = context.clock.now(), _key(recurrence.id or 0)
        if outcome != "planned":
            text = (
                f"The post of {day.day} {day:%B} that comes again as recurrence {recurrence.id} was not planned. "
                f"`beatline recurrences list` says why; plan it by hand if it is still wanted."
            )
            raise_alarm(session, now, key, f"recurrence:{recurrence.id}", recurrence.person_id, text)
            return
        told = open_alarm(session, key)
        if told is not None and told.seen_at is not None:
            clear_alarm(session, now, key)


def _key(recurrence_id: int) -> str:
    return f"recurrence:{recurrence_id}"


def rule_of(recurrence: Recurrence) -> Rule:
    """The rule of a stored recurrence."""
    return Rule(
        time.fromisoformat(recurrence.at), recurrence.first, recurrence.weekday, recurrence.month_day, recurrence.fold,
        recurrence.last,
    )  # fmt: skip


@dataclass(frozen=True)
class RecurrenceView:
    """A recurrence for people.  missed: days that were missed or refused, the newest first, each with why."""

    id: int
    post_id: int
    words: str
    running: bool
    planned: int
    missed: tuple[str, ...]
    by: str


def list_recurrences(session: Session, post_id: int | None = None) -> list[RecurrenceView]:
    """Every recurrence, or those of one post, oldest first."""
    query = select(Recurrence, Person).join(Person, col(Person.id) == col(Recurrence.person_id))
    if post_id is not None:
        query = query.where(Recurrence.post_id == post_id)
    return [_view(session, one, person) for one, person in session.exec(query.order_by(col(Recurrence.id)))]


def _view(session: Session, one: Recurrence, person: Person) -> RecurrenceView:
    days = list(
        session.exec(select(Occurrence).where(Occurrence.recurrence_id == one.id).order_by(col(Occurrence.day).desc()))
    )
    missed = tuple(f"{row.day.isoformat()}: {row.note}" for row in days if row.outcome != "planned")
    words = in_words(rule_of(one)) + (f" until {one.last.isoformat()}" if one.last else "")
    return RecurrenceView(
        one.id or 0,
        one.post_id,
        words,
        one.stopped_at is None,
        sum(row.outcome == "planned" for row in days),
        missed,
        person.name,
    )
