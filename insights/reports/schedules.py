"""Reports that are made and mailed again and again: who may ask for one, who gets it, and how it ends."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel import Session, col, select

from insights.reports.request import FORMAT_NAMES, KIND_NAMES, Format, Kind, Request, checked
from insights.reports.rhythm import RHYTHM_NAMES, Rhythm, period_from, period_of
from insights.reports.tables import ReportRecipient, ReportSchedule
from social.audit import record
from social.campaigns import campaign_with_id
from social.clock import as_local
from social.context import Context
from social.errors import InputError, Problem
from social.places import Place
from social.staff import Action, Person, is_own, may, require, who_may

MOST_RECIPIENTS = 30
NO_MAIL = (
    "Beatline has no mail server here, so that nothing can be mailed. Ask whoever looks after Beatline to set one up, "
    "or download the report."
)


@dataclass(frozen=True)
class ScheduleInput:
    """What is asked for.  recipients: numbers of people who use Beatline."""

    kind: Kind
    format: Format
    rhythm: Rhythm
    recipients: tuple[int, ...]
    place_id: int | None = None
    campaign_id: int | None = None


def schedule_report(context: Context, person: Person, given: ScheduleInput) -> int:
    """Have the report mailed from the running period on.  Returns the schedule's number.

    Raises NotAllowed, or InputError with every problem."""
    if not context.settings.smtp_host:
        raise InputError(NO_MAIL)
    with context.database.write() as session:
        now = context.clock.now()
        require(session, person, Action.SCHEDULE_REPORTS, given.place_id)
        today = as_local(now).date()
        period = period_of(given.rhythm, today)
        checked(session, Request(given.kind, period.since, period.until, given.place_id, given.campaign_id))
        recipients = sorted(set(given.recipients))
        _require_readers(session, recipients)
        made = ReportSchedule(
            kind=given.kind.value, place_id=given.place_id, campaign_id=given.campaign_id, format=given.format.value,
            rhythm=given.rhythm.value, period_from=period.since, due_at=period.due_at, person_id=person.id or 0, made_at=now,
        )  # fmt: skip
        session.add(made)
        session.flush()
        session.add_all(ReportRecipient(schedule_id=made.id or 0, person_id=number) for number in recipients)
        after = {"kind": made.kind, "place": made.place_id, "campaign": made.campaign_id, "format": made.format,
                 "rhythm": made.rhythm, "recipients": recipients}  # fmt: skip
        record(
            session, now, actor=person, action="schedule report", subject=("report schedule", made.id or 0), after=after
        )
        return made.id or 0


def _require_readers(session: Session, recipients: Collection[int]) -> None:
    problems = []
    if not recipients:
        problems.append(Problem("Choose at least one person who gets it.", column="recipients"))
    if len(recipients) > MOST_RECIPIENTS:
        problems.append(Problem(f"Choose {MOST_RECIPIENTS} people at the most.", column="recipients"))
    for number in recipients:
        one = session.get(Person, number)
        if one is None or not may_receive(session, one):
            name = one.name if one is not None else f"Person {number}"
            problems.append(Problem(f"{name} may not read figures, or has no e-mail address.", column="recipients"))
    if problems:
        raise InputError(*problems)


def may_receive(session: Session, person: Person) -> bool:
    """Whether a report may be mailed to the person: somebody at work who may read figures and has an address."""
    return not is_own(person) and may(session, person, Action.READ_FIGURES)


def possible_recipients(session: Session) -> list[Person]:
    """Everybody to whom a report may be mailed, by name."""
    return who_may(session, Action.READ_FIGURES)


def end_schedule(context: Context, person: Person, schedule_id: int) -> None:
    """No more mails of it; what is on its way still arrives.  Raises NotAllowed, or InputError when there is none."""
    with context.database.write() as session:
        now = context.clock.now()
        found = session.get(ReportSchedule, schedule_id)
        if found is None or found.ended_at is not None:
            raise InputError("That report is not mailed any more.")
        require(session, person, Action.SCHEDULE_REPORTS, found.place_id)
        found.ended_at = now
        session.add(found)
        record(session, now, actor=person, action="end report", subject=("report schedule", schedule_id),
               before={"ended": False}, after={"ended": True})  # fmt: skip


def running_schedules(session: Session) -> list[ReportSchedule]:
    """Those that run, the next due first."""
    query = select(ReportSchedule).where(col(ReportSchedule.ended_at).is_(None))
    return list(session.exec(query.order_by(col(ReportSchedule.due_at), col(ReportSchedule.id))))


def recipients_of(session: Session, schedule_id: int) -> list[Person]:
    """Who gets it, by name."""
    query = select(Person).join(ReportRecipient, col(ReportRecipient.person_id) == col(Person.id))
    return list(session.exec(query.where(ReportRecipient.schedule_id == schedule_id).order_by(Person.name)))


def request_of(schedule: ReportSchedule) -> Request:
    """What the next mail holds."""
    period = period_from(Rhythm(schedule.rhythm), schedule.period_from)
    return Request(Kind(schedule.kind), period.since, period.until, schedule.place_id, schedule.campaign_id)


def in_words(session: Session, schedule: ReportSchedule) -> str:
    """'Quarterly pack, Copperbeck: PDF, every quarter'."""
    place = session.get(Place, schedule.place_id) if schedule.place_id is not None else None
    where = place.name if place is not None else "whole force"
    if schedule.campaign_id is not None:
        where = campaign_with_id(session, schedule.campaign_id).title
    rhythm = RHYTHM_NAMES[Rhythm(schedule.rhythm)].lower()
    return f"{KIND_NAMES[Kind(schedule.kind)]}, {where}: {FORMAT_NAMES[Format(schedule.format)]}, {rhythm}"
