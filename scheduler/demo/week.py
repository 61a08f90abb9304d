"""Sets the fictional force to work: connects its practice accounts, brings in twelve weeks of their past, then lives
through the week just gone on a clock that is moved, publishing, collecting and reading as a worker would.

The same functions do the work as in earnest; only the clock and the network are for practice."""

import shutil
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import func
from sqlmodel import Session, col, delete, select, update

from scheduler.awareness import solemn_on
from scheduler.awareness_import import import_awareness
from scheduler.content_types import CONTENT_TYPES
from scheduler.demo.answers import answer_residents
from scheduler.demo.areas import take_in_areas
from scheduler.demo.campaigns import run_campaign
from scheduler.demo.force import AWARENESS_DAYS, FORCE, Staff, add_places, add_staff, give_areas
from scheduler.demo.members import members_file
from scheduler.demo.plan import SOON, WEEK, Planned
from scheduler.demo.profiles import fill_profiles
from scheduler.demo.survey import ask_residents
from scheduler.entries import Entry
from scheduler.lifecycle import State
from scheduler.planning import MediaInput, PostInput, approve_post, plan_post, send_for_approval
from scheduler.post_audience import AlertInput
from social.accounts import Account, list_accounts
from social.accounts_admin import add_account, verify_account
from social.alerts.audience import Audience
from social.alerts.residents_import import import_residents
from social.answer_records import Answer
from social.channels.registry import make_channel
from social.clock import LONDON, SettableClock, as_local
from social.collecting import collect, import_history
from social.context import Context, open_context
from social.desks import add_desk
from social.duty import set_contacts, set_hours
from social.duty_hours import parse_spans
from social.errors import BeatlineError
from social.gaps import ReadingGap
from social.interactions import Interaction, Reading
from social.jobs import Job
from social.practice.network import PracticeNetwork
from social.publication_parts import PublicationPart
from social.rotating import Ring, Rotation
from social.settings import Settings

ACCOUNTS = {"x": "woldershire-x", "facebook": "woldershire-facebook", "alert": "woldershire-alerts"}
DESKS = ("Enquiry desk", "Control room")
"""Which take leads."""
DUTY = ("desk@woldershire.example", "ruth.lane@woldershire.example")
"""Who is told of an emergency, first to last."""
WATCHED = ("mon-fri 08:00-17:00",)
HISTORY = timedelta(days=84)
WEEK_LENGTH = timedelta(days=8)
"""A day more than the plan looks back, so that every planned moment lies ahead of the clock's start."""
CHECKPOINT = timedelta(hours=6)
UNFINISHED = "demo-unfinished"
"""A file in the home for as long as the force is being set up."""


class Accepting(Protocol):
    def truth(self) -> list[dict[str, Any]]:
        """Every post that was really accepted, by its `platform_id`."""
        ...


Progress = Callable[[str, int, int], None]
Summary = Callable[[Session], Mapping[str, Any]]


def prepare(
    settings: Settings,
    jobs: Sequence[Job],
    summary: Summary,
    *,
    progress: Progress | None = None,
    now: datetime | None = None,
) -> dict[str, Any]:
    """Set the force up in the home of these settings and live through its week; a home that has it is left alone.
    Where an earlier run was stopped halfway, it begins anew.

    jobs: every periodic job, as the worker gets them.  summary: figures by content type for the report.
    progress(step, done, total) is called as it goes on.  now: where the week ends; the present when None.
    Returns published, refused, replies_collected, readings, by_content_type, duplicates and seconds (wall clock)."""
    started = time.perf_counter()
    settings = with_public_pages(settings)
    tell = progress or (lambda _step, _done, _total: None)
    now = now or datetime.now(UTC)
    clock = SettableClock(now - WEEK_LENGTH)
    unfinished = settings.home / UNFINISHED
    if unfinished.exists():
        _clear_away(settings)
    context = open_context(settings, make_channel, clock)
    try:
        with PracticeNetwork(
            settings.home / "practice", port=free_port(settings.practice_port), clock=clock
        ) as network:
            with context.database.read() as session:
                ready = bool(list_accounts(session))
            if not ready:
                unfinished.touch()
                _connect(context, network, tell)
                _plan(context, now)
                _live_through(context, clock, now, jobs, tell)
                take_in_areas(context, network, _staff(context))
                run_campaign(context, _staff(context))
                with context.database.write() as session:
                    give_areas(session)
                _run_all(context, jobs)  # what is told to those who act for an area
                unfinished.unlink()
            else:
                clock.set(now)
            report = _report(context, network, summary)
    finally:
        context.database.close()
    return {**report, "seconds": round(time.perf_counter() - started, 1)}


def with_public_pages(settings: Settings, port: int | None = None) -> Settings:
    """With an address for residents' pages where none is set, since nothing is sent without: `beatline web`'s own.

    port: at which that listens; the setting's where it is None."""
    address = f"http://{settings.web_host}:{settings.web_port if port is None else port}"
    return settings if settings.public_address else replace(settings, public_address=address)


def _clear_away(settings: Settings) -> None:
    """Take away what a run left that was stopped halfway. Only a home in which the demo began is ever cleared.

    Raises BeatlineError when its database is not the home's own file."""
    if settings.source.get("database_url", "default") != "default":
        raise BeatlineError(
            "The demo was stopped while it was being set up, and its database is not in the home folder. "
            f"Empty that database, delete {settings.home / UNFINISHED} and start again."
        )
    for name in ("beatline.sqlite", "beatline.sqlite-wal", "beatline.sqlite-shm"):
        (settings.home / name).unlink(missing_ok=True)
    shutil.rmtree(settings.home / "practice", ignore_errors=True)


def plan_soon(context: Context) -> int:
    """Plan a few posts for the next minutes, so that whoever watches the demo sees them go out.  Returns how many."""
    now = context.clock.now()
    with context.database.write() as session:
        staff = add_staff(session)
    for minutes, planned in SOON:
        due = as_local(now + timedelta(minutes=minutes)).replace(second=0, microsecond=0)
        said = replace(planned, text=planned.text.format(when=f"{due:%H:%M}"))
        _plan_one(context, said, due.replace(tzinfo=None), due.fold, staff)
    return len(SOON)


def settle_practice_address(context: Context) -> int:
    """Choose the port for the practice network and write it into the practice accounts.  Returns the port.

    The port of last time is kept unless something else has taken it meanwhile."""
    with context.database.write() as session:
        port = free_port(context.settings.practice_port)
        for account in list_accounts(session):
            if account.name in ACCOUNTS.values():
                account.base_url = f"http://127.0.0.1:{port}"
                session.add(account)
    context.forget_channels()
    return port


def _connect(context: Context, network: PracticeNetwork, tell: Progress) -> None:
    with context.database.write() as session:
        add_places(session)
        staff = add_staff(session)
    import_awareness(context, AWARENESS_DAYS, staff.corporate)
    since = context.clock.now() - HISTORY
    for done, (channel, name) in enumerate(ACCOUNTS.items()):
        tell("Bringing in twelve weeks of past posts", done, len(ACCOUNTS))
        add_account(
            context,
            channel=channel,
            name=name,
            handle=network.handle if channel == "x" else None,
            page_id=network.page_id if channel == "facebook" else None,
            base_url=network.base_url,
            credentials=network.credentials(channel),
        )
        verify_account(context, name)
        import_history(context, _account(context, name), since=since)
    with context.database.write() as session:
        for account in list_accounts(session):
            account.owner_id = staff.corporate.id  # who is told when something is wrong with it
            session.add(account)
    import_residents(context, members_file(since), "members.csv", staff.corporate)
    survey = ask_residents(context, staff)
    fill_profiles(context, staff, survey)
    set_contacts(context, None, DUTY, staff.corporate)
    for desk in DESKS:
        add_desk(context, staff.corporate, desk)
    for name in ACCOUNTS.values():
        set_hours(context, name, parse_spans(WATCHED), staff.corporate)
    tell("Bringing in twelve weeks of past posts", len(ACCOUNTS), len(ACCOUNTS))


def _account(context: Context, name: str) -> Account:
    with context.database.read() as session:
        return session.exec(select(Account).where(Account.name == name)).one()


def _staff(context: Context) -> Staff:
    with context.database.write() as session:
        return add_staff(session)


def _plan(context: Context, now: datetime) -> None:
    staff = _staff(context)
    today = as_local(now).date()
    for planned in WEEK:
        local = datetime.combine(today + timedelta(days=planned.day), planned.at)
        # An hour that a clock change leaves out or repeats is nobody's plan: the demo moves to the safe side of it.
        fold = 0 if _exists(local) else None
        _plan_one(context, planned, local if fold == 0 else local + timedelta(hours=1), 0, staff)


def _exists(local: datetime) -> bool:
    there = local.replace(tzinfo=LONDON).astimezone(UTC).astimezone(LONDON)
    return there.replace(tzinfo=None) == local


def _not_on_a_solemn_day(context: Context, planned: Planned, due_local: datetime) -> datetime:
    """The same hour on the next day on which this may be said: nothing light goes out on a solemn one (R38)."""
    with context.database.read() as session:
        while CONTENT_TYPES[planned.content_type].light and solemn_on(session, due_local.date(), None):
            due_local += timedelta(days=1)
    return due_local


def _plan_one(context: Context, planned: Planned, due_local: datetime, fold: int, staff: Staff) -> None:
    due_local = _not_on_a_solemn_day(context, planned, due_local)
    author = (
        staff.first if planned.place in {"Stonemere", "Nether Skelby", "Hexley Moor", "Elderwick"} else staff.second
    )
    media = () if planned.picture is None else (MediaInput(kind="image", alt_text=planned.picture),)
    given = PostInput(
        content_type=planned.content_type,
        text=planned.text,
        account_names=tuple(ACCOUNTS[channel] for channel in planned.channels),
        due_local=due_local,
        fold=fold,
        variants={"x": planned.x_text} if planned.x_text else {},
        place=planned.place,
        force=FORCE,
        campaign=planned.campaign,
        appeal_ref=planned.appeal_ref,
        case_stage=planned.case_stage,
        media=media,
        alert=AlertInput(planned.subject, Audience(planned.topic), planned.urgent) if planned.subject else None,
    )
    post_id = plan_post(context, given, author)
    if send_for_approval(context, post_id, author) == "in_review" and planned.approved:
        approve_post(context, post_id, staff.corporate)


def _live_through(context: Context, clock: SettableClock, now: datetime, jobs: Sequence[Job], tell: Progress) -> None:
    """Move the clock from one due time or checkpoint to the next until `now`, doing what is due at each."""
    staff = _staff(context)
    with context.database.read() as session:
        due = set(session.exec(select(Entry.due_at).where(Entry.state == State.QUEUED.value)))
    moments = {moment for moment in due if moment is not None and moment <= now}
    checkpoints: set[datetime] = set()
    while (moment := clock.now() + CHECKPOINT * (len(checkpoints) + 1)) < now:
        checkpoints.add(moment)
    checkpoints.add(now)
    steps = sorted(moments | checkpoints)
    for done, moment in enumerate(steps):
        tell("Living through the week", done, len(steps))
        clock.set(moment)
        if moment in checkpoints:
            answer_residents(context, staff)
        for job in jobs:
            if moment in checkpoints or job.name == "publish":
                while job.run(context):
                    pass
    collect(context, everything=True)
    _run_all(context, jobs)
    with context.database.write() as session:
        session.exec(delete(ReadingGap))  # the hours between two checkpoints are the demo's, no worker was missing
        _go_round_afresh(session, now)
    tell("Living through the week", len(steps), len(steps))


def _run_all(context: Context, jobs: Sequence[Job]) -> None:
    for job in jobs:
        while job.run(context):
            pass


def _go_round_afresh(session: Session, now: datetime) -> None:
    """Every round of listening counts as begun now: those of the week were as long as the steps between two checkpoints,
    and as the last of them would be told to be how long a reply lies unfound (`social.found_within`)."""
    rounds = update(Rotation).where(col(Rotation.ring) != Ring.BY_HAND.value)
    session.connection().execute(rounds.values(began_at=now, before_at=None))


def _report(context: Context, network: PracticeNetwork, summary: Summary) -> dict[str, Any]:
    with context.database.read() as session:
        return {
            "published": _entries_in(session, State.PUBLISHED),
            "refused": _entries_in(session, State.FAILED),
            "replies_collected": session.exec(
                select(func.count()).select_from(Interaction).where(col(Interaction.ours).is_(False))
            ).one(),
            "readings": session.exec(select(func.count()).select_from(Reading)).one(),
            "by_content_type": dict(summary(session)),
            "duplicates": duplicates(session, network),
        }


def _entries_in(session: Session, state: State) -> int:
    return session.exec(select(func.count()).select_from(Entry).where(Entry.state == state.value)).one()


def duplicates(session: Session, network: Accepting) -> int:
    """How many posts and answers the network accepted beyond one for each that we sent, by the network's own count.

    What was taken down since went out all the same."""
    ours = set(session.exec(select(Entry.platform_id).where(col(Entry.platform_id).is_not(None))))
    parts = session.exec(select(PublicationPart.platform_id)).all()
    ours |= set(session.exec(select(Answer.platform_id).where(col(Answer.platform_id).is_not(None))))
    ours.update(parts)
    return sum(post["platform_id"] not in ours for post in network.truth())


def free_port(wanted: int) -> int:
    """The wanted port when nothing listens there, else one that the system picks."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
