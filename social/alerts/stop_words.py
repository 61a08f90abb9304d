"""STOP sent back, by text or by mail, as people do whatever a message says about links (R30)."""

import re

from sqlmodel import Session, col, select

from social.alerts.contacts import phone_key
from social.alerts.membership import forget_number, put_leaving
from social.alerts.residents import Resident, ResidentState
from social.context import Context

_WORDS = frozenset({"stop", "stop all", "stopall", "unsubscribe", "stopio", "atal", "dad-danysgrifio"})
"""In both languages of residents; nothing else may stand beside them, so that nobody who describes something leaves."""
_BUTTON = re.compile(
    r"this (?:message|e-?mail) was (?:automatically )?(?:generated|made|sent) by [\w.]+(?: mail)?\.?"
    r"|(?:apple )?mail sent this (?:message|e-?mail) to unsubscribe from the (?:message|e-?mail)\b.{0,200}",
    re.IGNORECASE,
)
"""What mail programs put below the subject when their own button writes."""
_STOPPED = "no more texts"


def says_stop(words: str) -> bool:
    """Whether these words, all of them, ask to get no more."""
    return " ".join(words.casefold().split()).strip(" .!\"'") in _WORDS


def says_more(words: str) -> bool:
    """Whether somebody has to read these words, which stand below a subject that asks to get no more."""
    said = " ".join(words.split())
    return bool(said) and not says_stop(said) and not _BUTTON.fullmatch(said)


def stop_texts(session: Session, context: Context, number: str) -> bool:
    """Whoever has this number wants no more texts: it is forgotten. A member who gets nothing by mail leaves; where the
    number was never shown to be theirs, mail goes on.  Returns whether it was anybody's."""
    now, key = context.clock.now(), phone_key(context.vault, number)
    theirs = select(Resident).where(Resident.phone_key == key, Resident.state != ResidentState.LEFT.value)
    found = list(session.exec(theirs.order_by(col(Resident.id)))) if key is not None else []
    for resident in found:
        if resident.phone_checked_at is not None and not resident.by_email:
            put_leaving(session, resident.id or 0, now)
        else:
            forget_number(context, session, resident, _STOPPED)
    return bool(found)
