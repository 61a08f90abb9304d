"""What people do with answers: send one, send it again, give it up. Nothing goes out that nobody pressed send for (R23).

Sending writes the answer down and no more; the worker takes it from there at once (`answering.py`)."""

from datetime import datetime

from sqlmodel import Session, select

from social.accounts import Account
from social.alarms import clear_alarm
from social.answer_records import (
    STATE_NAMES,
    Answer,
    AnswerState,
    Move,
    answer_numbered,
    answers_to,
    move,
    note_step,
)
from social.answer_refusals import Press, answered, require_clear
from social.answer_rules import AnswerRules, Concern, about_length, is_emergency, plain_words
from social.audit import record
from social.context import Context
from social.errors import InputError
from social.staff import Action, Person, require


def send_answer(
    context: Context,
    person: Person,
    interaction_id: int,
    text: str,
    *,
    key: str,
    rules: AnswerRules,
    seen: int,
    other_words: bool = False,
) -> int:
    """Answer a reply as the account.  key: of the form, so that pressing twice makes one answer.

    seen: how many answers of ours the person saw (`answers_seen`); where there are more by now, nothing is sent.
    other_words: the person has confirmed that an emergency is to be told something else than to call 999 (R19).
    Returns the answer's number; it is on its way then.  Raises NotAllowed; InputError with everything that is wrong."""
    words = plain_words(text)
    with context.database.read() as session:
        _, publication = answered(session, interaction_id)
        require(session, person, Action.ANSWER, publication.place_id)
    wrong = [one.message for one in concerns_about(context, interaction_id, words, rules) if one.stops]
    with context.database.write() as session:
        now = context.clock.now()
        reply, publication = answered(session, interaction_id)
        require(session, person, Action.ANSWER, publication.place_id)
        known = session.exec(select(Answer).where(Answer.key == key)).first()
        if known is not None and known.interaction_id == interaction_id:
            return known.id or 0
        if known is not None:
            raise InputError("This form was used for another reply. Open the reply again and write the answer there.")
        require_clear(session, Press(context, rules, now, reply, publication, words, other_words, seen=seen), wrong)
        answer = Answer(
            key=key, interaction_id=interaction_id, account_id=reply.account_id, parent_platform_id=reply.platform_id,
            text=words, person_id=person.id or 0, place_id=publication.place_id, pressed_at=now, updated_at=now,
        )  # fmt: skip
        session.add(answer)
        session.flush()
        note_step(session, answer, now, person.email, None, None)
        for earlier in answers_to(session, interaction_id):
            clear_alarm(session, now, alarm_key(earlier))
        _record(
            session, now, person, "answer reply", answer, {"emergency": is_emergency(reply), "other_words": other_words}
        )
        return answer.id or 0


def send_again(
    context: Context, person: Person, answer_id: int, *, rules: AnswerRules, other_words: bool = False
) -> None:
    """Send an answer that waits for a person once more, as it stands.

    Raises NotAllowed; InputError where it is not certain that the words are not there already, or something is wrong."""
    with context.database.read() as session:
        answer = answer_numbered(session, answer_id)
        require(session, person, Action.ANSWER, answer.place_id)
    found = concerns_about(context, answer.interaction_id, answer.text, rules)
    wrong = [one.message for one in found if one.stops]
    with context.database.write() as session:
        now, answer = context.clock.now(), session.get_one(Answer, answer_id, populate_existing=True)
        require(session, person, Action.ANSWER, answer.place_id)
        if answer.state != AnswerState.WAITING:
            raise InputError(f"This answer is {STATE_NAMES[AnswerState(answer.state)]}: it does not wait for anybody.")
        if not answer.may_repeat:
            raise InputError(
                "It is not certain that this answer is not there already, so it is not sent twice. Look at the thread "
                "on the network. If it is not there, give this answer up and write it anew."
            )
        reply, publication = answered(session, answer.interaction_id)
        press = Press(context, rules, now, reply, publication, answer.text, other_words, answer.id)
        require_clear(session, press, wrong)
        move(
            session, answer, Move.AGAIN, actor=person.email, now=now,
            pressed_at=now, person_id=person.id, not_before=None,
        )  # fmt: skip
        clear_alarm(session, now, alarm_key(answer))
        _record(session, now, person, "send answer again", answer, {"other_words": other_words})


def drop_answer(context: Context, person: Person, answer_id: int) -> None:
    """Give up an answer that has not gone out.  Raises NotAllowed; InputError when it is under way or there."""
    with context.database.write() as session:
        now, answer = context.clock.now(), answer_numbered(session, answer_id)
        require(session, person, Action.ANSWER, answer.place_id)
        if AnswerState(answer.state) not in (AnswerState.WRITTEN, AnswerState.WAITING):
            raise InputError(f"This answer is {STATE_NAMES[AnswerState(answer.state)]}: it cannot be given up.")
        move(session, answer, Move.DROP, actor=person.email, now=now)
        clear_alarm(session, now, alarm_key(answer))
        _record(session, now, person, "give up answer", answer, {})


def concerns_about(context: Context, interaction_id: int, text: str, rules: AnswerRules) -> list[Concern]:
    """Everything to be said about these words as an answer to this reply: length, personal data, names, the case."""
    words = plain_words(text)
    with context.database.read() as session:
        reply, publication = answered(session, interaction_id)
        account = session.get_one(Account, reply.account_id)
        found = list(rules.concerns(session, publication, words, context.clock.now())) if words else []
    return [*about_length(context.channel(account), words), *found]


def alarm_key(answer: Answer) -> str:
    return f"answer:{answer.id}"


def _record(
    session: Session, now: datetime, person: Person, action: str, answer: Answer, more: dict[str, object]
) -> None:
    """Who pressed, for which reply: numbers and codes, never the words."""
    said = {"answer": answer.id, "account": answer.account_id, "length": len(answer.text), **more}
    record(session, now, actor=person, action=action, subject=("reply", answer.interaction_id), after=said,
           place_id=answer.place_id)  # fmt: skip
