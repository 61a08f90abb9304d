"""What is answered to a letter: pressed by a person on the page Replies, sent once, to whoever wrote (R23).

The resident's own words are not sent back: the subject and In-Reply-To say what is answered."""

from datetime import datetime

from sqlmodel import Session, col, select

from social.alerts.contacts import clean_email, clean_phone, contact_of
from social.alerts.footers import footer
from social.alerts.letterbox_tables import LetterAnswer, LetterIn
from social.alerts.letters import Letter
from social.alerts.letters_kept import Sealed, letter_of, opened
from social.alerts.links import Purpose, link
from social.alerts.mailings import SOON, Mailing, Message, MessageKind, Way
from social.alerts.messages import new_token
from social.alerts.residents import Resident, ResidentState
from social.alerts.text_parts import MOST_CHARACTERS, SETTINGS_ROOM
from social.channels.canonical import canonical
from social.context import Context
from social.errors import InputError
from social.vault import Vault

RE = "Re: "
LONGEST_SUBJECT = 150
_CHANGE = {"en": "Change or stop", "cy": "Newid neu atal"}
_LINK_ROOM = SETTINGS_ROOM + 20
"""Characters of a text that its link takes, with the words before it."""


def open_answer(
    session: Session, vault: Vault, account_id: int, platform_id: str, text: str, key: str, now: datetime
) -> int:
    """Record an answer and its message, which waits to be sent, in the caller's transaction.  Returns its number.

    platform_id: of the letter's reply.  key: the same key makes one answer, however often it is asked for.
    Raises InputError when the letter, or who wrote it, is not known any more."""
    known = session.exec(select(LetterAnswer).where(LetterAnswer.key == key)).first()
    if known is not None:
        return known.id or 0
    return answer_to(session, vault, account_id, letter_of(session, account_id, platform_id), text, key, now)


def answer_to(
    session: Session, vault: Vault, account_id: int, letter: LetterIn | None, text: str, key: str, now: datetime
) -> int:
    """The same for a letter that stands in no thread."""
    kept = opened(vault, letter) if letter is not None else None
    to = _address(kept) if kept is not None else ""
    if letter is None or not to:
        raise InputError("Who wrote this letter is not kept any more, so it cannot be answered.")
    way = Way.EMAIL if "@" in to else Way.TEXT
    most = MOST_CHARACTERS - (_LINK_ROOM if letter.resident_id is not None else 0)
    if way is Way.TEXT and len(text) > most:
        raise InputError(f"It came as a text, and an answer by text has {most} characters at most.")
    answer = LetterAnswer(letter_id=letter.id or 0, key=key, text=text, made_at=now)
    session.add(answer)
    session.flush()
    session.add(
        Message(
            account_id=account_id, kind=MessageKind.ANSWER.value, way=way.value, subject_id=answer.id, rank=SOON,
            token=new_token(), made_at=now, due_at=now,
        )
    )  # fmt: skip
    return answer.id or 0


def find_answer(
    session: Session, account_id: int, platform_id: str, text: str, since: datetime
) -> tuple[int, datetime] | None:
    """Number and moment of our answer in these words to this letter, from then on; None when there is none.

    Raises InputError when the letter is gone."""
    letter = letter_of(session, account_id, platform_id)
    if letter is None:
        raise InputError("The letter is not there any more.")
    query = select(LetterAnswer).where(LetterAnswer.letter_id == letter.id, col(LetterAnswer.made_at) >= since)
    for answer in session.exec(query.order_by(col(LetterAnswer.id))):
        if canonical(answer.text) == canonical(text):
            return answer.id or 0, answer.made_at
    return None


def write(session: Session, context: Context, message: Message, resident: Resident | None) -> Letter | None:  # noqa: ARG001 - it goes to whoever wrote, member or not
    """The answer; None when the letter, or who wrote it, was forgotten before it left."""
    answer = session.get(LetterAnswer, message.subject_id) if message.subject_id is not None else None
    letter = session.get(LetterIn, answer.letter_id) if answer is not None else None
    kept = opened(context.vault, letter) if letter is not None else None
    if answer is None or letter is None or kept is None or not _address(kept):
        return None
    mailing = session.get(Mailing, letter.mailing_id) if letter.mailing_id is not None else None
    subject = kept.subject or (mailing.subject if mailing is not None else "")
    if not subject[: len(RE)].casefold().startswith(RE.strip().casefold()):
        subject = f"{RE}{subject}"
    to = _address(kept)
    return Letter(
        subject[:LONGEST_SUBJECT].strip(), answer.text + _links(session, context, message, letter, to),
        settings_link=False, in_reply_to=kept.message_id or None, to=to,
    )  # fmt: skip


def _links(session: Session, context: Context, message: Message, letter: LetterIn, to: str) -> str:
    """Where a member changes or leaves, below the answer as below every other message (R30); '' for nobody's member.

    Only at the member's own address or number: whoever else wrote in their name must not get their links."""
    member = session.get(Resident, letter.resident_id) if letter.resident_id is not None else None
    if member is None or member.state == ResidentState.LEFT:
        return ""
    contact = contact_of(context.vault, member)
    if message.way == Way.TEXT and contact.phone == to and member.phone_checked_at is not None:
        return f"\n{_CHANGE.get(member.lang, _CHANGE['en'])}: {link(context, Purpose.SETTINGS, member)}"
    if contact.email != to:
        return ""
    return f"\n\n-- \n{footer(context, message, member, Letter('', ''))}"


def _address(kept: Sealed) -> str:
    """The sender as mail or a text can reach it; '' for what is neither."""
    for clean in (clean_email, clean_phone):
        try:
            return clean(kept.sender)
        except InputError:
            continue
    return ""
