"""What a network's word makes of an answer; each function that writes is one transaction.

A late word, from a worker whose claim is over, moves nothing; only the proof that the answer is there is never thrown
away. An answer that is there becomes our own reply in the thread in the same transaction (R18: it has been answered)."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from social.accounts import Account
from social.alarms import clear_alarm, raise_alarm
from social.answer_records import LIVE, Answer, AnswerState, Move, Overtaken, move, steps_of, under_way
from social.answers import alarm_key
from social.audit import record
from social.budgets import Bought, Price, give_back_money
from social.channels.base import Channel, Heard, Published
from social.context import Context
from social.errors import ChannelError, NeedsPerson, OutcomeUnknown, Refused, TryLater, Unsupported, bare
from social.heard import store_heard
from social.interactions import Interaction
from social.publications import Publication
from social.vault import Vault

log = logging.getLogger("beatline.answers")

LOOK_BACK = timedelta(minutes=2)
"""A network's clock may be this far behind ours."""
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=5)
ACTOR = "answers"
"""Who acts in the audit record when no person does."""


@dataclass(frozen=True)
class Turn:
    """One answer in one worker's hands.  taken_at: `steady_seconds()`.  parent: platform id of what is answered."""

    answer_id: int
    account: Account
    parent: str
    text: str
    fence: int
    worker: str
    taken_at: float


@dataclass(frozen=True)
class NotLeft:
    """The account could not even be opened.  why: a sentence."""

    why: str


@dataclass(frozen=True)
class Repeat:
    """The network refused it because these words are there already.  found: where, None when a look did not find it."""

    error: Refused
    found: Published | None


@dataclass(frozen=True)
class Lost:
    """Nobody knows whether it arrived.  detail: what happened, a sentence."""

    detail: str


Outcome = Published | ChannelError | NotLeft | Repeat | Lost


def judged(channel: Channel, turn: Turn, error: Exception, context: Context) -> Outcome:
    """What a failed request comes to. Asks the network again where it says that it has these words already."""
    if isinstance(error, Refused) and error.reason == "duplicate":
        try:
            with context.database.read() as session:
                since = first_written(session, turn.answer_id) - LOOK_BACK
            return Repeat(error, channel.find_reply(turn.parent, turn.text, since=since))
        except Exception as failure:
            why = failure.detail if isinstance(failure, ChannelError) else type(failure).__name__
            return Lost(f"{error.detail} Looking for it failed: {why}")
    if isinstance(error, OutcomeUnknown):
        return Lost(error.detail)
    if isinstance(error, ChannelError):
        return error
    log.error("sending answer %s broke off", turn.answer_id, exc_info=bare(error))
    return Lost(f"The request broke off ({type(error).__name__}).")


def record_outcome(context: Context, turn: Turn, outcome: Outcome) -> int:
    """Write down what came of one request.  Returns how many answers moved."""
    if isinstance(outcome, Published):
        return _sent(context, turn, outcome)
    return _settle(context, turn, lambda session, answer, now: _not_sent(session, context, answer, turn, outcome, now))


def _not_sent(
    session: Session, context: Context, answer: Answer, turn: Turn, outcome: Outcome, now: datetime
) -> None:  # fmt: skip
    match outcome:
        case Lost(detail):
            lose(session, context, answer, turn.worker, now, f"It may have arrived: {detail}")
        case Repeat(error, found):
            _repeated(session, context, answer, turn, error, found, now)
        case NotLeft(why):
            to_person(session, answer, turn.worker, now, f"{why} Nothing was sent.", may_repeat=True)
        case TryLater(detail=detail, not_before=until):
            wait = min(FIRST_WAIT * (1 << min(answer.tries - 1, 10)), LONGEST_WAIT)
            _give_back(session, answer, now)
            move(session, answer, Move.DEFER, actor=turn.worker, now=now, reason=detail, worker=None, lease_until=None,
                 not_before=max(until or now, now + wait), may_repeat=True)  # fmt: skip
        case NeedsPerson(detail=detail, action=action):
            to_person(
                session, answer, turn.worker, now, f"{detail} {action} Then send the answer again.", may_repeat=True
            )
        case Refused(detail=detail) | Unsupported(detail=detail):
            _refused(session, answer, turn.worker, now, detail)


def _sent(context: Context, turn: Turn, published: Published) -> int:
    def confirm(session: Session, answer: Answer, now: datetime) -> None:
        make_live(session, context.vault, answer, Move.CONFIRM, turn.worker, now, published, None)

    return _settle(context, turn, confirm) or _sent_late(context, turn, published)


def _sent_late(context: Context, turn: Turn, published: Published) -> int:
    """The worker was held up with its request half way out, and others took the answer for lost. Now it is there."""
    reason = "It went out late: the worker was held up with the request half way out."
    with context.database.write() as session:
        now, answer = context.clock.now(), session.get(Answer, turn.answer_id, populate_existing=True)
        if answer is None or AnswerState(answer.state) in LIVE:
            return 0
        if AnswerState(answer.state) is AnswerState.SENDING:  # somebody sends it once more at this moment
            _into_thread(session, context.vault, answer, published, now)
            return 0
        make_live(session, context.vault, answer, Move.FIND, turn.worker, now, published, reason)
        return 1


def _settle(context: Context, turn: Turn, act: Callable[[Session, Answer, datetime], object]) -> int:
    """Act on the answer while this worker's claim holds it.  Returns 0 when it is over."""
    try:
        with context.database.write() as session:
            answer = mine(session, turn, AnswerState.SENDING)
            if answer is None:
                return 0
            act(session, answer, context.clock.now())
            return 1
    except Overtaken:
        return 0


def mine(session: Session, turn: Turn, state: AnswerState) -> Answer | None:
    """The claimed answer, if this claim still holds it."""
    query = select(Answer).where(
        Answer.id == turn.answer_id,
        Answer.state == state.value,
        Answer.fence == turn.fence,
        Answer.worker == turn.worker,
    )
    return session.exec(query).first()


def make_live(
    session: Session,
    vault: Vault,
    answer: Answer,
    how: Move,
    actor: str,
    now: datetime,
    published: Published,
    reason: str | None,
) -> None:
    """It is there: the answer, and our own reply in the thread, in one transaction."""
    move(session, answer, how, actor=actor, now=now, reason=reason, worker=None, lease_until=None, not_before=None,
         may_repeat=False, platform_id=published.platform_id, url=published.url, sent_at=published.published_at)  # fmt: skip
    _into_thread(session, vault, answer, published, now)
    clear_alarm(session, now, alarm_key(answer))
    record(session, now, actor=ACTOR, action="answer is out", subject=("reply", answer.interaction_id),
           place_id=answer.place_id, after={"answer": answer.id, "how": how.value, "tries": answer.tries})  # fmt: skip


def _into_thread(session: Session, vault: Vault, answer: Answer, published: Published, now: datetime) -> None:
    """Keep it as collecting will hear it, under the network's own id, so that it is there once and at once."""
    reply = session.get_one(Interaction, answer.interaction_id)
    publication = session.get_one(Publication, reply.publication_id)
    ours = Heard(
        platform_id=published.platform_id, conversation=publication.platform_id, parent=answer.parent_platform_id,
        text=answer.text, created_at=published.published_at, author=None, ours=True,
    )  # fmt: skip
    store_heard(session, vault, answer.account_id, {publication.platform_id: publication.id or 0}, [ours], now)


def to_person(session: Session, answer: Answer, actor: str, now: datetime, reason: str, *, may_repeat: bool) -> None:
    """A person has to decide.  may_repeat: it is certain that the words are not there."""
    if AnswerState(answer.state) is AnswerState.SENDING:
        _give_back(session, answer, now)
    how = Move.RULE_OUT if AnswerState(answer.state) is AnswerState.UNKNOWN else Move.STOP
    move(session, answer, how, actor=actor, now=now, reason=reason, worker=None, lease_until=None, not_before=None,
         may_repeat=may_repeat)  # fmt: skip
    tell_person(session, answer, now, "did not go out" if may_repeat else "may have gone out or not")


def _refused(session: Session, answer: Answer, actor: str, now: datetime, detail: str) -> None:
    _give_back(session, answer, now)
    move(session, answer, Move.REFUSE, actor=actor, now=now, reason=detail, worker=None, lease_until=None)
    tell_person(session, answer, now, "was refused and did not go out")


def _repeated(
    session: Session,
    context: Context,
    answer: Answer,
    turn: Turn,
    error: Refused,
    found: Published | None,
    now: datetime,
) -> None:
    """If an earlier request of this answer put the words there, they are ours."""
    if found is None or belongs_to_another(session, answer, found):
        _refused(
            session, answer, turn.worker, now, f"{error.detail} They are not this answer. Write it in other words."
        )
        return
    reason = "Found there when it was refused as a duplicate."
    make_live(session, context.vault, answer, Move.FIND, turn.worker, now, found, reason)


def belongs_to_another(session: Session, answer: Answer, found: Published) -> bool:
    """Whether what was found is another answer with the same words."""
    other = select(Answer.id).where(
        Answer.account_id == answer.account_id, Answer.platform_id == found.platform_id, col(Answer.id) != answer.id
    )
    return session.exec(other.limit(1)).first() is not None


def lose(session: Session, context: Context, answer: Answer, actor: str, now: datetime, reason: str) -> None:
    """It may be there. Nothing is sent before a look, which waits until the network must have settled."""
    look_at = now + timedelta(seconds=context.settings.settle)
    move(session, answer, Move.LOSE, actor=actor, now=now, reason=f"{reason} The network will be asked.",
         fence=answer.fence + 1, worker=None, lease_until=None, not_before=look_at)  # fmt: skip


def reap(context: Context, worker: str) -> int:
    """Answers whose worker died with the request under way are unknown from now on.  Returns how many."""
    with context.database.write() as session:
        now = context.clock.now()
        over = (Answer.state == AnswerState.SENDING.value, col(Answer.lease_until) <= now)
        lost = under_way(session, *over, order=(col(Answer.id),), limit=100)
        for answer in lost:
            lose(session, context, answer, worker, now, "The worker stopped while the request was under way.")
        return len(lost)


def tell_person(session: Session, answer: Answer, now: datetime, what: str) -> None:
    """Whoever pressed send is told; no word of the answer or the reply is in it."""
    account = session.get_one(Account, answer.account_id)
    text = (
        f"An answer to reply {answer.interaction_id} on {account.name} {what}. The page Replies says why and what to do; "
        f"`beatline answers explain {answer.id}` too."
    )
    raise_alarm(session, now, alarm_key(answer), f"reply:{answer.interaction_id}", answer.person_id, text)


def first_written(session: Session, answer_id: int) -> datetime:
    """When it was first written: what is on the network cannot be older."""
    return steps_of(session, answer_id)[0].at


def _give_back(session: Session, answer: Answer, now: datetime) -> None:
    """Nothing was bought: the money that was set aside comes back to the month that it was taken from."""
    if answer.cost:
        price = Price(Bought.POST, answer.cost)
        give_back_money(session, answer.account_id, price, answer.begun_at or now)
