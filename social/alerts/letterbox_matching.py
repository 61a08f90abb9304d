"""Which alert a letter is about: by the token in the address that it was sent to, then by what it answers, then by the
reference in its subject. A token and a Message-ID are ours only where both their parts are."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from social.accounts import Account
from social.alerts.addresses import bare_address, messages_in, token_in
from social.alerts.contacts import clean_email, email_key
from social.alerts.letterbox_tables import LetterAnswer, LetterIn
from social.alerts.letters_in import LetterRead
from social.alerts.letters_kept import OUR_PREFIX
from social.alerts.mailings import DigestItem, Mailing, Message, MessageKind
from social.alerts.residents import Resident
from social.context import Context
from social.errors import BeatlineError, InputError
from social.publications import Publication

_LOOKED_THROUGH = 2_000
"""Mailings with a reference whose subjects are compared, newest first."""


@dataclass(frozen=True)
class Match:
    """What a letter belongs to.  message: of ours that it answers, None where only the subject says it.  mailing: None
    where the message was about none.  parent: platform id of what it answers in the thread; None for the alert."""

    message: Message | None = None
    mailing: Mailing | None = None
    parent: str | None = None


def match(session: Session, read: LetterRead) -> Match:
    """What the letter belongs to, as the session sees it."""
    message = _by_token(session, read.addressed) or _by_message_ids(session, read.references)
    if message is None:
        return Match(None, _by_reference(session, read.subject))
    if message.kind == MessageKind.ANSWER:
        return _in_thread(session, message)
    mailing = session.get(Mailing, message.mailing_id) if message.mailing_id is not None else None
    if mailing is not None:
        return Match(message, mailing)
    by_subject = _by_reference(session, read.subject)
    told = _of_digest(session, message, by_subject) if message.kind == MessageKind.DIGEST else None
    return Match(message, told or by_subject)


def _by_token(session: Session, addressed: str) -> Message | None:
    token = token_in(addressed)
    return session.exec(select(Message).where(Message.token == token)).first() if token else None


def _by_message_ids(session: Session, references: str) -> Message | None:
    for number, token in messages_in(references)[:50]:
        found = session.exec(select(Message).where(Message.token == token)).first()
        if found is not None and found.id == number:
            return found
    return None


def _by_reference(session: Session, subject: str) -> Mailing | None:
    """The newest alert whose reference stands in the subject by itself."""
    query = select(Mailing).where(col(Mailing.reference).is_not(None), col(Mailing.corrects_id).is_(None))
    words = _folded(subject)
    for mailing in session.exec(
        query.order_by(col(Mailing.made_at).desc(), col(Mailing.id).desc()).limit(_LOOKED_THROUGH)
    ):
        reference = _folded(mailing.reference or "")
        if len(reference) > 3 and re.search(rf"(?<![a-z0-9]){re.escape(reference)}(?![a-z0-9])", words):
            return mailing
    return None


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _in_thread(session: Session, message: Message) -> Match:
    """A letter that answers our answer belongs to the alert that the first letter was about."""
    answer = session.get(LetterAnswer, message.subject_id) if message.subject_id is not None else None
    letter = session.get(LetterIn, answer.letter_id) if answer is not None else None
    if answer is None or letter is None or letter.mailing_id is None:
        return Match(message)
    return Match(message, session.get(Mailing, letter.mailing_id), f"{OUR_PREFIX}{answer.id}")


def _of_digest(session: Session, message: Message, by_subject: Mailing | None) -> Mailing | None:
    """The alert of a digest: its only one, the one whose reference the subject holds, else its newest; None for none."""
    query = select(Mailing).join(DigestItem, col(DigestItem.mailing_id) == col(Mailing.id))
    told = list(
        session.exec(
            query.where(DigestItem.message_id == message.id).order_by(
                col(Mailing.made_at).desc(), col(Mailing.id).desc()
            )
        )
    )
    if by_subject is not None and any(one.id == by_subject.id for one in told):
        return by_subject
    return told[0] if told else None


def publication_of(session: Session, mailing: Mailing) -> Publication | None:
    """What the alert is on the page Replies; None until the worker has recorded that it went out."""
    query = select(Publication).where(
        Publication.account_id == mailing.account_id, Publication.platform_id == str(mailing.id)
    )
    return session.exec(query).first()


def member_at(session: Session, context: Context, address: str) -> Resident | None:
    """The member with this address."""
    try:
        key = email_key(context.vault, clean_email(address))
    except InputError:
        return None
    return session.exec(select(Resident).where(Resident.email_key == key)).first()


def our_addresses(session: Session, context: Context) -> Sequence[str]:
    """What the alert service sends from: nothing from there is a resident's letter."""
    found = []
    for account in session.exec(select(Account).where(Account.channel == "alert")):
        try:
            given = context.vault.open(account.credentials_sealed).get("from_address", "")
        except BeatlineError:  # sealed with another key: `beatline doctor` says so
            continue
        found.append(bare_address(given).lower())
    return found


def is_ours(read: LetterRead, addresses: Sequence[str]) -> bool:
    """Whether we wrote it: it came back to us by a loop, or somebody answers with our own letter."""
    local, _, domain = read.sender.rpartition("@")
    bare = f"{local.partition('+')[0]}@{domain}"
    return bare in addresses or bool(messages_in(read.message_id))
