"""Texts that residents send back to GOV.UK Notify: each taken in once, under the alert that was texted to that number last,
and before a person where none was.

Notify is asked once a minute, newest first, until it tells of nothing new; it keeps texts for seven days. A text is a letter
whose writer is a number: it stands in Replies or waits on the page Letters, is read for emergencies, answered by text, and
goes when letters go (R19, R23, R28)."""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from social.accounts import Account, AccountState
from social.alerts.contacts import clean_phone, phone_key
from social.alerts.letterbox_matching import Match
from social.alerts.letterbox_storing import Place, join, row_of, take_in_kept_words
from social.alerts.letterbox_tables import LetterIn, LetterState
from social.alerts.letters_in import LetterRead
from social.alerts.mailings import Mailing, Message, MessageKind, MessageState, Way
from social.alerts.notify_client import NotifyClient, TextIn
from social.alerts.residents import Resident
from social.alerts.stop_words import says_stop, stop_texts
from social.context import Context
from social.errors import BeatlineError, ChannelError, InputError

MAILBOX = "texts"
"""What stands for a mailbox beside a letter that was a text."""
MOST_PAGES = 100
"""Of 250 texts: more than a force gets in the seven days for which Notify keeps them."""
_ARRIVED = (MessageState.SENT.value, MessageState.DELIVERED.value, MessageState.UNKNOWN.value)
_log = logging.getLogger("beatline.letterbox")


def read_texts(context: Context) -> int:
    """The job: take in what is new.  Returns how many texts were."""
    taken = _store_assigned(context)
    for account in _accounts(context):
        try:
            credentials = context.vault.open(account.credentials_sealed)
            if not credentials.get("notify_api_key"):
                continue
            client = NotifyClient(credentials, account.base_url, context.settings, context.clock)
            # The oldest first, and only once all pages are here: what breaks off in between leaves the newest unknown.
            new = [one for page in _pages(context, client) for one in page]
            taken += sum(_take_one(context, account.id or 0, one) for one in reversed(new))
        except ChannelError as error:
            # Sending meets the same and tells whoever answers for the account; here it only waits.
            _log.info("texts to account %s have to wait: %s", account.id, error.code)
        except BeatlineError:
            _log.warning("the credentials of account %s cannot be opened", account.id)
    return taken


def _accounts(context: Context) -> Sequence[Account]:
    with context.database.read() as session:
        query = select(Account).where(Account.state == AccountState.ACTIVE.value, Account.channel == "alert")
        found = session.exec(query).all()
        session.expunge_all()
    return found


def _pages(context: Context, client: NotifyClient) -> Iterator[list[TextIn]]:
    """New texts, page by page; the first page that holds a known one is the last that is asked for."""
    older: str | None = None
    for _ in range(MOST_PAGES):
        page = client.texts(older_than=older)
        with context.database.read() as session:
            marks = {_mark(context, one): one for one in page}
            known = set(session.exec(select(LetterIn.mark).where(col(LetterIn.mark).in_(list(marks)))))
        new = [one for mark, one in marks.items() if mark not in known]
        yield new
        if not page or len(new) < len(page) or context.stopping.is_set():
            return
        older = page[-1].id


def _mark(context: Context, one: TextIn) -> str:
    return context.vault.thread_key("letter", f"text\0{one.id}")


def _take_one(context: Context, account_id: int, one: TextIn) -> bool:
    with context.database.write() as session:
        mark, now = _mark(context, one), context.clock.now()
        if session.exec(select(LetterIn.id).where(LetterIn.mark == mark)).first() is not None:
            return False
        letter = row_of(Place(MAILBOX, 0, 0, min(one.at, now)), mark, LetterState.UNMATCHED)
        number = _number(one.number)
        if number and says_stop(one.words) and stop_texts(session, context, number):
            letter.state = LetterState.STOP.value
            session.add(letter)
            return True
        last = _last_text(session, account_id, phone_key(context.vault, number), one.at) if number else None
        mailing = session.get(Mailing, last.mailing_id) if last is not None else None
        join(session, context, letter, LetterRead(number, "", text=one.words), Match(last, mailing))
        if letter.sealed is not None and last is not None:
            letter.resident_id = last.resident_id
            session.add(letter)
        return True


def _number(given: str) -> str:
    """As numbers are kept; '' for what no text can be sent to, such as a sender's name."""
    try:
        return clean_phone(f"+{given}" if given[:1].isdecimal() and given[:1] != "0" else given)
    except InputError:
        return ""


def _last_text(session: Session, account_id: int, key: str | None, before: datetime) -> Message | None:
    """The alert that was texted to that number last before then."""
    query = select(Message).join(Resident, col(Resident.id) == col(Message.resident_id))
    query = query.where(
        Resident.phone_key == key, Message.account_id == account_id, Message.way == Way.TEXT.value,
        col(Message.kind).in_((MessageKind.ALERT.value, MessageKind.CORRECTION.value)),
        col(Message.state).in_(_ARRIVED), col(Message.sending_at) <= before,
    )  # fmt: skip
    return session.exec(query.order_by(col(Message.sending_at).desc(), col(Message.id).desc()).limit(1)).first()


def _store_assigned(context: Context) -> int:
    """Texts that a person has put under an alert: nobody else holds their words."""
    with context.database.read() as session:
        query = select(LetterIn.id).where(LetterIn.state == LetterState.ASSIGNED.value, LetterIn.mailbox == MAILBOX)
        waiting = session.exec(query.order_by(col(LetterIn.id))).all()
    return sum(take_in_kept_words(context, number or 0) for number in waiting)
