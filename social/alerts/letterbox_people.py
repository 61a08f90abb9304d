"""What people decide about letters that no alert claims: which alert one is about, what is answered, or that it is done."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlmodel import Session, col, select

from social.alarms import LETTER, Alarm, clear_alarm, open_alarm
from social.alerts.answer_letter import answer_to
from social.alerts.letterbox_matching import publication_of
from social.alerts.letterbox_storing import UNMATCHED_ALARM, count_to_decide, still_to_decide
from social.alerts.letterbox_tables import LetterIn, LetterState
from social.alerts.letters_kept import opened, seal
from social.alerts.mailings import Mailing
from social.alerts.messages import require_account
from social.answer_rules import AnswerRules, plain_words, says_only_999
from social.audit import record
from social.context import Context
from social.desk import check_giving
from social.errors import BeatlineError, InputError
from social.interactions import EMERGENCY, ON_CLOCK
from social.staff import Action, Person, require
from social.urgency import due_at, urgency_of

LONGEST = 5_000
"""Characters of an answer."""


@dataclass(frozen=True)
class WaitingLetter:
    """text: the words, '' for one that cannot be read.  emergency: it was read as one, and nobody has decided about it.
    kind: as an analyser read it, None before.  assignee: name of who looks after it, or None.
    Who wrote it is not told: nobody needs it to decide."""

    id: int
    arrived_at: datetime
    text: str = field(repr=False)
    readable: bool
    emergency: bool = False
    kind: str | None = None
    assignee_id: int | None = None
    assignee: str | None = None

    @property
    def urgency(self) -> int:
        """How soon it needs a person, as of a reply; what nothing has read yet may be a question."""
        return EMERGENCY if self.emergency else urgency_of(self.kind) if self.kind else ON_CLOCK

    @property
    def due_at(self) -> datetime | None:
        """When it is to be answered at the latest (R18); None where no clock runs."""
        return due_at(self.urgency, self.arrived_at)


@dataclass(frozen=True)
class AlertChoice:
    """An alert that a letter may be about."""

    mailing_id: int
    subject: str
    sent_at: datetime


def waiting_letters(context: Context, session: Session, person: Person) -> list[WaitingLetter]:
    """What waits for a decision, at most `MOST_SHOWN`: what reads like an emergency first however much waits (R19), then
    the oldest.  Raises NotAllowed."""
    require(session, person, Action.READ_REPLIES)
    urgent = _emergencies(session)
    return [_shown(context, session, letter, urgent) for letter in still_to_decide(session, urgent)]


def waiting_letter(context: Context, session: Session, person: Person, letter_id: int) -> WaitingLetter | None:
    """One that waits, wherever it stands among them; None for one that does not.  Raises NotAllowed."""
    require(session, person, Action.READ_REPLIES)
    letter = session.get(LetterIn, letter_id)
    return _shown(context, session, letter, _emergencies(session)) if letter is not None and _waits(letter) else None


def _emergencies(session: Session) -> set[int]:
    """Numbers of the letters that were read as emergencies, and nobody has decided about."""
    raised = select(Alarm.key).where(
        col(Alarm.key).startswith(LETTER, autoescape=True), col(Alarm.cleared_at).is_(None)
    )
    return {int(key.removeprefix(LETTER)) for key in session.exec(raised)}


def _waits(letter: LetterIn) -> bool:
    return letter.state in (LetterState.UNMATCHED, LetterState.UNREADABLE)


def _shown(context: Context, session: Session, letter: LetterIn, urgent: Collection[int]) -> WaitingLetter:
    try:
        kept = opened(context.vault, letter)
    except BeatlineError:  # sealed with another key: `beatline doctor` says so
        kept = None
    readable = letter.state == LetterState.UNMATCHED and kept is not None
    words = kept.text if kept is not None else ""
    holder = session.get(Person, letter.assignee_id) if letter.assignee_id is not None else None
    return WaitingLetter(
        letter.id or 0, letter.arrived_at, words, readable, letter.id in urgent, letter.kind, letter.assignee_id,
        holder.name if holder is not None else None,
    )  # fmt: skip


def recent_alerts(session: Session, most: int = 50) -> list[AlertChoice]:
    """Alerts that stand on the page Replies, newest first."""
    query = select(Mailing).where(col(Mailing.corrects_id).is_(None), col(Mailing.erased_at).is_(None))
    newest = session.exec(query.order_by(col(Mailing.made_at).desc(), col(Mailing.id).desc()).limit(most))
    return [
        AlertChoice(one.id or 0, one.subject, one.made_at)
        for one in newest
        if (publication := publication_of(session, one)) is not None and publication.erased_at is None
    ]


def put_under_alert(context: Context, person: Person, letter_id: int, mailing_id: int) -> None:
    """Say which alert a letter is about. The worker stores it there, with what was attached, within a minute.

    Raises NotAllowed, InputError."""
    with context.database.write() as session:
        mailing = session.get(Mailing, mailing_id)
        publication = publication_of(session, mailing) if mailing is not None else None
        require(session, person, Action.ANSWER, publication.place_id if publication is not None else None)
        if mailing is None or publication is None or publication.erased_at is not None:
            raise InputError(f"There is no alert {mailing_id} that letters can stand under. Look at the list again.")
        letter = _waiting(session, letter_id)
        if letter.state != LetterState.UNMATCHED:
            raise InputError(
                "This letter cannot be read by Beatline. Read it in the letterbox, then say that you have."
            )
        letter.state, letter.mailing_id = LetterState.ASSIGNED.value, mailing.id
        _decided(session, context, person, letter, "put letter under alert", {"mailing": mailing.id})


def assign_letter(context: Context, person: Person, letter_id: int, to: int | None, *, was: int | None) -> None:
    """Give a letter to somebody to look after, until it is decided about.  to, was: as in `social.desk.assign`.

    Raises NotAllowed, InputError."""
    with context.database.write() as session:
        require(session, person, Action.ANSWER)
        letter = _waiting(session, letter_id)
        if letter.assignee_id == to:
            return
        check_giving(session, f"letter {letter_id}", letter.assignee_id, was, to, None)
        letter.assignee_id = to
        session.add(letter)
        record(session, context.clock.now(), actor=person, action="assign letter", subject=("letter", letter_id),
               before={"person": was}, after={"person": to})  # fmt: skip


def set_aside(context: Context, person: Person, letter_id: int) -> None:
    """Say that a letter is about no alert: its words are forgotten here, and it stays in the letterbox.

    Raises NotAllowed, InputError."""
    with context.database.write() as session:
        require(session, person, Action.ANSWER)
        letter = _waiting(session, letter_id)
        letter.state, letter.sealed, letter.resident_id = LetterState.DROPPED.value, None, None
        _decided(session, context, person, letter, "set letter aside", {})


def answer_letter(context: Context, person: Person, letter_id: int, text: str, rules: AnswerRules) -> None:
    """Answer a letter that is about no alert, by mail to whoever wrote it (R23: a person presses send). Its words are
    forgotten here; what they answer comes back to the same page.

    Raises NotAllowed, InputError: nothing written, too long, everything stopped, no address kept."""
    words = plain_words(text)
    if not words or len(words) > LONGEST:
        raise InputError("Write an answer first." if not words else f"An answer has {LONGEST:,} characters at most.")
    with context.database.write() as session:
        require(session, person, Action.ANSWER)
        letter, now = _waiting(session, letter_id), context.clock.now()
        account, stopped = require_account(session), rules.stopped(session, None, now, now)
        if stopped is not None:
            raise InputError(stopped)
        if open_alarm(session, f"{LETTER}{letter_id}") is not None and not says_only_999(words):
            raise InputError(
                "This letter reads like an emergency. Pass it to the control room; the one answer is to call 999."
            )
        answer_to(session, context.vault, account.id or 0, letter, words, f"letter-{letter_id}", now)
        kept = opened(context.vault, letter)
        assert kept is not None  # whose address was just written to
        letter.state, letter.sealed = LetterState.ANSWERED.value, seal(context.vault, replace(kept, text=""))
        _decided(session, context, person, letter, "answer letter", {})


def _waiting(session: Session, letter_id: int) -> LetterIn:
    letter = session.get(LetterIn, letter_id, populate_existing=True)
    if letter is None or not _waits(letter):
        raise InputError(f"Letter {letter_id} does not wait for anybody. Look at the list again.")
    return letter


def _decided(
    session: Session, context: Context, person: Person, letter: LetterIn, action: str, after: dict[str, object]
) -> None:
    now, letter.unread = context.clock.now(), False
    letter.kind = letter.assignee_id = None
    session.add(letter)
    session.flush()
    clear_alarm(session, now, f"{LETTER}{letter.id}")
    if not count_to_decide(session):
        clear_alarm(session, now, UNMATCHED_ALARM)
    record(session, now, actor=person, action=action, subject=("letter", letter.id or 0), after=after)
