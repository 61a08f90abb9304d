"""Reads the letterbox of the alert service: letters since the last one, each once, at once where the server offers IDLE.

The cursor is the server's own: its number for its numbers, and the last number read. Where the server begins its numbers
anew, letters of the last days are gone through once more, and each is known again by its mark. The cursor moves after a
letter is stored, so that one may be taken in twice, which changes nothing, and none is left out."""

import contextlib
import logging
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, or_, select, update

from social.alarms import clear_alarm, raise_alarm
from social.alerts.letterbox_imap import Facts, Mailbox, MailboxTrouble
from social.alerts.letterbox_storing import (
    UNMATCHED_ALARM,
    Place,
    count_to_decide,
    join_late,
    mark_of,
    note_unreadable,
    take_in,
    take_in_kept_words,
)
from social.alerts.letterbox_tables import Letterbox, LetterIn, LetterState
from social.alerts.letters_in import Unreadable, read_letter
from social.alerts.letters_kept import opened
from social.alerts.mailings import Mailing
from social.context import Context
from social.database_trouble import DatabaseTrouble
from social.errors import BeatlineError, bare
from social.leases import worker_name
from social.mail_password import LETTERBOX, mail_password

log = logging.getLogger("beatline.letterbox")

MOST_BYTES = 40_000_000
"""Of a letter that is taken in whole: 25 MB of attachments grow by a third on their way."""
FIRST_PART = 500_000
"""Bytes of a larger one that are read for its words."""
LEASE = timedelta(minutes=3)
GONE_THROUGH_AGAIN = timedelta(days=3)
"""Behind the newest letter read, when the server's numbers begin anew: its dates are whole days of its own zone."""
LISTEN = 50.0
"""Seconds for which a worker listens at a stretch."""
ROUNDS = 10
"""How often it does so before it signs in anew."""
TOLD_AFTER = timedelta(minutes=5)
TROUBLE = "letterbox:trouble"
AT_ONCE = 50


def mailbox_name(context: Context) -> str:
    """What this mailbox goes by in our tables: another server or name is another mailbox."""
    settings = context.settings
    return context.vault.thread_key("letterbox", f"{settings.imap_host}\0{settings.imap_port}\0{settings.imap_user}")


def read_letterbox(context: Context) -> int:
    """The job: take in what is new.  Returns how many letters were; 0 without a letterbox."""
    return _visit(context, rounds=0)


def watch_letterbox(context: Context) -> int:
    """The job of a worker that stays: take in what is new, then listen, and take in what comes, for some minutes.

    Ends at once where the server does not offer IDLE, and within a second when the worker is to stop."""
    return _visit(context, rounds=ROUNDS)


def _visit(context: Context, *, rounds: int) -> int:
    if not context.settings.imap_host or not _claim(context):
        return 0
    try:
        with context.database.read() as session:
            password = mail_password(session, context.vault, LETTERBOX)
        with Mailbox(context.settings, password) as box:
            taken = _read_new(context, box)
            for _ in range(rounds if box.can_wait else 0):
                if context.stopping.is_set() or not _claim(context):
                    break
                box.wait(LISTEN, context.stopping)
                taken += _read_new(context, box)
    except DatabaseTrouble:
        raise
    except BeatlineError as error:
        _note_trouble(context, error)
        return 0
    finally:
        _let_go(context)
    return taken


def _claim(context: Context) -> bool:
    """One worker reads at a time. It would do no harm if two did, only work."""
    with context.database.write() as session:
        now, name = context.clock.now(), mailbox_name(context)
        if session.get(Letterbox, name) is None:
            session.add(Letterbox(mailbox=name))
            session.flush()
        free = or_(col(Letterbox.lease_until).is_(None), col(Letterbox.lease_until) <= now,
                   col(Letterbox.worker) == worker_name())  # fmt: skip
        taken = update(Letterbox).where(col(Letterbox.mailbox) == name, free)
        return session.exec(taken.values(worker=worker_name(), lease_until=now + LEASE)).rowcount == 1


def _let_go(context: Context) -> None:
    with context.database.write() as session:
        mine = (col(Letterbox.mailbox) == mailbox_name(context)) & (col(Letterbox.worker) == worker_name())
        session.exec(update(Letterbox).where(mine).values(worker=None, lease_until=None))


def _read_new(context: Context, box: Mailbox) -> int:
    last = _begin(context, box)
    taken = _read_assigned(context, box)
    waiting = box.after(last)
    for start in range(0, len(waiting), AT_ONCE):
        some = waiting[start : start + AT_ONCE]
        facts, seen = box.facts(some), []
        for uid in some:
            if context.stopping.is_set():
                break
            taken += _take(context, box, uid, facts.get(uid))
            seen.append(uid)
            if not _advance(context, box, uid, facts.get(uid)):
                return taken  # somebody else has taken over
        with contextlib.suppress(MailboxTrouble):  # a mailbox that may only be read is read all the same
            box.mark_seen([uid for uid in seen if uid in facts])
    _note_well(context)
    return taken


def _begin(context: Context, box: Mailbox) -> int:
    """The number behind which letters are new; where the server's numbers are others, that of some days ago."""
    with context.database.read() as session:
        row = session.get_one(Letterbox, mailbox_name(context))
        if row.uid_validity == box.uid_validity:
            return row.last_uid
        since = _since(session, row, context.clock.now())
    again = box.since((since - timedelta(days=1)).date())
    newest = max(box.next_uid - 1, 0)
    last = again[0] - 1 if again else max([newest, *box.after(newest)])
    with context.database.write() as session:
        here = col(Letterbox.mailbox) == mailbox_name(context)
        session.exec(update(Letterbox).where(here).values(uid_validity=box.uid_validity, last_uid=last))
    return last


def _since(session: Session, row: Letterbox, now: datetime) -> datetime:
    """From when on letters are gone through: the first time from the first alert, before which nobody answered one."""
    if row.reached_at is not None:
        return row.reached_at - GONE_THROUGH_AGAIN
    first = session.exec(select(func.min(Mailing.made_at))).one()
    return min(first or now, now)


def _take(context: Context, box: Mailbox, uid: int, facts: Facts | None, about: int | None = None) -> int:
    """Take in one letter; whatever is wrong with it stops neither the next one nor the cursor."""
    if facts is None:
        return 0
    whole = facts.size <= MOST_BYTES
    raw = box.read(uid, MOST_BYTES if whole else FIRST_PART)
    if raw is None:
        return 0
    place = Place(mailbox_name(context), box.uid_validity, uid, facts.arrived_at)
    try:
        return int(take_in(context, place, raw, whole=whole, about=about))
    except (DatabaseTrouble, MailboxTrouble):
        raise
    except Exception as error:
        log.error("taking in a letter broke off with %s", type(error).__name__, exc_info=bare(error))
        return int(note_unreadable(context, place, raw))


def _advance(context: Context, box: Mailbox, uid: int, facts: Facts | None) -> bool:
    """Move the cursor, unless somebody else has taken over or it is beyond already.  Renews the lease."""
    with context.database.write() as session:
        now, row = context.clock.now(), session.get_one(Letterbox, mailbox_name(context), populate_existing=True)
        if row.worker != worker_name() or row.uid_validity != box.uid_validity:
            return False
        row.last_uid, row.lease_until = max(row.last_uid, uid), now + LEASE
        if facts is not None:
            row.reached_at = max(row.reached_at or facts.arrived_at, min(facts.arrived_at, now))
        session.add(row)
        return True


def _read_assigned(context: Context, box: Mailbox) -> int:
    """Read again what a person has said belongs to an alert: the letter itself lies with the server alone."""
    with context.database.write() as session:
        join_late(session, context)
        query = select(LetterIn).where(LetterIn.state == LetterState.ASSIGNED.value).order_by(col(LetterIn.id))
        found = [(one, opened(context.vault, one)) for one in session.exec(query)]
        session.expunge_all()
    taken = 0
    for letter, kept in found:
        uids = (
            [letter.uid] if (letter.mailbox, letter.uid_validity) == (mailbox_name(context), box.uid_validity) else []
        )
        if kept is not None and kept.message_id:
            uids += box.with_message_id(kept.message_id)
        facts = box.facts(uids)
        for uid in dict.fromkeys(uids):
            if _is_it(context, box, uid, facts.get(uid), letter):
                taken += _take(context, box, uid, facts.get(uid), letter.mailing_id)
                break
        else:
            taken += int(take_in_kept_words(context, letter.id or 0))
    return taken


def _is_it(context: Context, box: Mailbox, uid: int, facts: Facts | None, letter: LetterIn) -> bool:
    """Whether that letter lies under this number still."""
    if facts is None:
        return False
    raw = box.read(uid, MOST_BYTES if facts.size <= MOST_BYTES else FIRST_PART)
    try:
        read = read_letter(raw) if raw is not None else None
    except Unreadable:
        read = None
    return raw is not None and mark_of(context, raw, read) == letter.mark


def _note_well(context: Context) -> None:
    with context.database.write() as session:
        now = context.clock.now()
        here = col(Letterbox.mailbox) == mailbox_name(context)
        session.exec(update(Letterbox).where(here).values(read_at=now, problem=None, failing_since=None))
        clear_alarm(session, now, TROUBLE)
        if not count_to_decide(session):
            clear_alarm(session, now, UNMATCHED_ALARM)


def _note_trouble(context: Context, error: BeatlineError) -> None:
    """Write down why; somebody is told when it lasts, at once where it cannot pass by itself."""
    log.warning("the letterbox was not read: %s", error)
    with context.database.write() as session:
        now, row = context.clock.now(), session.get_one(Letterbox, mailbox_name(context), populate_existing=True)
        row.problem, row.failing_since = str(error), row.failing_since or now
        session.add(row)
        lasts = now - row.failing_since >= TOLD_AFTER
        if lasts or not isinstance(error, MailboxTrouble) or error.needs_person:
            raise_alarm(
                session, now, TROUBLE, "letterbox:0", None, f"The letterbox of the alert service is not read. {error}"
            )
