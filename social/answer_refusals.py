"""Why an answer may not be sent now, whatever its words: the reply, the account, money, the kill switch, an emergency."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from social.accounts import Account, AccountState
from social.answer_records import LIVE, STATE_NAMES, AnswerState, answers_to, open_answer
from social.answer_rules import EMERGENCY_ANSWER, AnswerRules, is_emergency, says_only_999
from social.attachments import ERASED
from social.budgets import would_stop
from social.channels.base import Draft
from social.channels.canonical import canonical
from social.channels.prices import price_of_post
from social.context import Context
from social.errors import InputError
from social.interactions import Interaction
from social.publications import Publication

MEANWHILE = (
    "Somebody answered this reply while you were writing: look at that answer first. Yours was not sent. If it is to go "
    "out all the same, press send again."
)


@dataclass(frozen=True)
class Press:
    """Somebody wants these words under this reply.  other_words: they confirmed that an emergency is told something
    else than to call 999.  again: number of the answer that is sent once more, None for a new one.  seen: how many
    answers of ours they saw, None for one that is sent once more."""

    context: Context
    rules: AnswerRules
    now: datetime
    reply: Interaction
    publication: Publication
    words: str
    other_words: bool
    again: int | None = None
    seen: int | None = None


def answered(session: Session, interaction_id: int) -> tuple[Interaction, Publication]:
    """The reply and the post above it.  Raises InputError when there is no such reply."""
    reply = session.get(Interaction, interaction_id, populate_existing=True)
    if reply is None:
        raise InputError(f"There is no reply {interaction_id}.")
    return reply, session.get_one(Publication, reply.publication_id)


def require_clear(session: Session, press: Press, wrong: Sequence[str]) -> None:
    """Raise InputError with all that stands in the way.  wrong: what is wrong with the words."""
    found = [*wrong, *_about_the_reply(press.reply), *_about_other_answers(session, press)]
    found += [*_about_the_account(session, press), *_about_an_emergency(press)]
    if stopped := press.rules.stopped(session, press.publication.place_id, press.now, press.now):
        found.append(stopped)
    if found:
        raise InputError(*dict.fromkeys(found))


def _about_the_reply(reply: Interaction) -> list[str]:
    if reply.ours:
        return ["This is our own answer. Answer what a resident wrote."]
    if reply.gone_at is not None:
        return ["The reply is not on the network any more, so it cannot be answered there."]
    if reply.retention == ERASED:
        return ["The words of this reply were erased, so it is not answered any more."]
    return []


def _about_other_answers(session: Session, press: Press) -> list[str]:
    """One answer at a time, the same words once, and none beside one that the person has not seen: a resident who is
    told two different things is told nothing."""
    reply_id = press.reply.id or 0
    found = open_answer(session, reply_id)
    if found is not None and found.id != press.again:
        return [
            f"Another answer to this reply is {STATE_NAMES[AnswerState(found.state)]} (answer {found.id}). "
            "See what comes of it, or give it up, before you send another."
        ]
    live = [one for one in answers_to(session, reply_id) if AnswerState(one.state) in LIVE]
    if any(canonical(one.text) == canonical(press.words) for one in live):
        return ["The same answer stands under this reply already."]
    if press.seen is not None and answers_seen(session, press.reply) > press.seen:
        return [MEANWHILE]
    return []


def answers_seen(session: Session, reply: Interaction) -> int:
    """How many answers of ours there are to the reply: written here, whatever came of them, or in the network's app.
    It only grows, so whoever saw as many has seen them all."""
    written = answers_to(session, reply.id or 0)
    elsewhere = select(func.count()).where(
        col(Interaction.publication_id) == reply.publication_id,
        col(Interaction.parent_platform_id) == reply.platform_id,
        col(Interaction.ours).is_(True),
        col(Interaction.platform_id).not_in([one.platform_id for one in written if one.platform_id]),
    )
    return len(written) + int(session.exec(elsewhere).one())


def _about_the_account(session: Session, press: Press) -> list[str]:
    account = session.get_one(Account, press.reply.account_id, populate_existing=True)
    wrong = []
    if not press.context.channel(account).can.answers:
        wrong.append("Beatline cannot answer on this network. Answer in the network's own app.")
    if account.state == AccountState.PAUSED.value:
        why = account.paused_reason or "somebody paused it"
        wrong.append(f"{account.name} is paused, so nothing goes out there: {why}")
    price = price_of_post(account, Draft(press.words), press.context.settings)
    if price is not None and (stop := would_stop(session, press.reply.account_id, price, press.now)):
        wrong.append(stop.reason)
    return wrong


def _about_an_emergency(press: Press) -> list[str]:
    if not is_emergency(press.reply) or press.other_words or says_only_999(press.words):
        return []
    return [
        f"This reply reads as an emergency. The only answer is to call 999 (R19): '{EMERGENCY_ANSWER}' If something else "
        "has to be said, confirm it; if it is no emergency, correct how it was read first."
    ]
