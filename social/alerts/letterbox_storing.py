"""Takes one letter in: what it is, which alert it is about, and its place in Replies. A letter may come any number of times.

Everything that a letter may cost is paid before the transaction: reading, decoding pictures. Its files are sealed after it."""

import hashlib
import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, or_
from sqlmodel import Session, col, func, select

from social.alarms import owner_of, raise_alarm
from social.alerts.bounces import note_bounce, read_report
from social.alerts.letterbox_matching import Match, is_ours, match, member_at, our_addresses, publication_of
from social.alerts.letterbox_tables import LetterIn, LetterState
from social.alerts.letters_in import LetterRead, Unreadable, read_letter, without_reply_marks
from social.alerts.letters_kept import Sealed, opened, platform_id_of, seal
from social.alerts.mailings import Mailing
from social.alerts.membership import put_leaving
from social.alerts.messages import sending_account
from social.alerts.stop_words import says_more, says_stop
from social.attachment_keeping import Checked, Copy, check, note_files, note_kept, write_copies
from social.channels.base import Heard
from social.clocks import ANSWER_WITHIN, ON_THE_CLOCK
from social.context import Context
from social.heard import store_heard
from social.interactions import Interaction
from social.publications import Publication

log = logging.getLogger("beatline.letterbox")

NO_WORDS = "[A letter without words]"
UNMATCHED_ALARM = "letters:unmatched"
RECORDED_WITHIN = timedelta(minutes=10)
"""Of an alert's going out, even where the worker that sent it died."""
_TOO_LARGE = Checked(b"", None, "The letter is too large to be taken in whole. Its attachments lie in the letterbox.")


@dataclass(frozen=True)
class Place:
    """Where a letter lies.  mailbox: as `Letterbox.mailbox`."""

    mailbox: str
    uid_validity: int
    uid: int
    arrived_at: datetime


def take_in(context: Context, place: Place, raw: bytes, *, whole: bool = True, about: int | None = None) -> bool:
    """Take in one letter.  Returns whether it was new.

    whole: False for the first part of one that is too large.  about: the alert that a person has said it is about."""
    try:
        read = read_letter(raw, whole=whole)
    except Unreadable as error:
        log.warning("a letter cannot be read (%s); it lies in the letterbox", error)
        return note_unreadable(context, place, raw)
    files = [check(one) for one in read.files] + ([] if whole else [_TOO_LARGE])
    with context.database.write() as session:
        new, interaction_id = _store(session, context, place, raw, read, about)
        copies = _copies(session, context, interaction_id, files)
    write_copies(context, copies)
    if copies:
        with context.database.write() as session:
            note_kept(session, copies, context.clock.now())
    return new


def _copies(session: Session, context: Context, interaction_id: int | None, files: Sequence[Checked]) -> list[Copy]:
    if interaction_id is None or not files:
        return []
    return note_files(session, context.vault, interaction_id, files, context.clock.now())


def mark_of(context: Context, raw: bytes, read: LetterRead | None) -> str:
    """By what a letter is known again wherever it lies and whichever way it came: hex, 32 characters.

    Not by its words: another version of Beatline may read them otherwise."""
    if read is None or not read.message_id:
        return context.vault.thread_key("letter", hashlib.sha256(raw).hexdigest())
    return context.vault.thread_key("letter", f"{read.message_id}\0{read.sender}\0{read.date}")


def note_unreadable(context: Context, place: Place, raw: bytes) -> bool:
    """Have a person look at a letter that nothing could be made of.  Returns whether it was new."""
    with context.database.write() as session:
        mark = mark_of(context, raw, None)
        if session.exec(select(LetterIn).where(LetterIn.mark == mark)).first() is not None:
            return False
        session.add(row_of(place, mark, LetterState.UNREADABLE))
        tell(session, context)
        return True


def row_of(place: Place, mark: str, state: LetterState) -> LetterIn:
    """What is noted of a letter that came in."""
    return LetterIn(
        mark=mark, state=state.value, mailbox=place.mailbox, uid_validity=place.uid_validity, uid=place.uid,
        arrived_at=place.arrived_at,
    )  # fmt: skip


def _store(
    session: Session, context: Context, place: Place, raw: bytes, read: LetterRead, about: int | None
) -> tuple[bool, int | None]:
    """Returns whether it was new, and the reply that it is."""
    mark = mark_of(context, raw, read)
    letter = session.exec(select(LetterIn).where(LetterIn.mark == mark)).first()
    if letter is not None and (about is None or letter.state != LetterState.ASSIGNED):
        letter.uid_validity, letter.uid, letter.mailbox = place.uid_validity, place.uid, place.mailbox
        session.add(letter)
        return False, letter.interaction_id
    if letter is None:
        letter = row_of(place, mark, LetterState.UNMATCHED)
        if _leaves(session, letter, read, context) or _is_no_reply(session, context, letter, raw, read):
            session.add(letter)
            return True, None
    found = match(session, read) if about is None else Match(None, session.get(Mailing, about))
    if found.mailing is None and about is None and read.bulk:
        letter.state = LetterState.AUTOMATIC.value
        session.add(letter)
        return True, None
    return True, join(session, context, letter, read, found)


def _leaves(session: Session, letter: LetterIn, read: LetterRead, context: Context) -> bool:
    """STOP, as an answer or as a mail program's own button sends it. The token of the message that it answers is the proof,
    as that of a link is; without one it is a letter like others, and a person reads it. A machine's answer leaves by its
    subject alone, as buttons do: what stands in its text it may have repeated.

    Returns whether that is all: words below such a subject are read like any others, an emergency may be among them (R19)."""
    by_words = says_stop(read.text) and not (read.automatic or read.report)
    if not (by_words or says_stop(read.subject)):
        return False
    about = match(session, read).message
    if about is None or about.resident_id is None:
        return False
    put_leaving(session, about.resident_id, context.clock.now())
    letter.state, letter.message_id = LetterState.STOP.value, about.id
    return not says_more(read.text)


def _is_no_reply(session: Session, context: Context, letter: LetterIn, raw: bytes, read: LetterRead) -> bool:
    """Reports, machines and our own letters are noted as such, and nothing of them is kept."""
    returned = read_report(raw) if read.automatic or read.report or _is_postmaster(read.sender) else None
    if returned is not None:
        letter.state = LetterState.BOUNCE.value
        message = note_bounce(context, session, returned)
        letter.message_id = message.id if message is not None else None
    elif read.automatic or read.report:
        letter.state = LetterState.AUTOMATIC.value
    elif is_ours(read, our_addresses(session, context)):
        letter.state = LetterState.OWN.value
    else:
        return False
    return True


def _is_postmaster(sender: str) -> bool:
    return sender.partition("@")[0] in ("mailer-daemon", "postmaster")


def join(session: Session, context: Context, letter: LetterIn, read: LetterRead, found: Match) -> int | None:
    """Put it into Replies under its alert, or before a person who says which that is.  Returns the reply's number."""
    mailing = _original(session, found.mailing)
    publication = publication_of(session, mailing) if mailing is not None else None
    member = member_at(session, context, read.sender)
    letter.message_id = found.message.id if found.message is not None else letter.message_id
    letter.mailing_id = mailing.id if mailing is not None else None
    letter.resident_id = member.id if member is not None else None
    kept = Sealed(read.sender, read.subject, read.message_id, read.references)
    if mailing is None or publication is None or publication.erased_at is not None:
        letter.state, letter.unread, letter.kind = LetterState.UNMATCHED.value, True, None
        letter.sealed = seal(context.vault, Sealed(**{**vars(kept), "text": _words(read, None)}))
        session.add(letter)
        if mailing is None or publication is not None:
            tell(session, context)
        return None
    letter.state, letter.sealed, letter.unread = LetterState.REPLY.value, seal(context.vault, kept), False
    letter.interaction_id = _hear(session, context, letter, read, mailing, publication, found.parent)
    if letter.interaction_id is None:  # it was forgotten before, and does not come back (R28)
        letter.state, letter.sealed, letter.resident_id = LetterState.DROPPED.value, None, None
    session.add(letter)
    return letter.interaction_id


def _hear(
    session: Session, context: Context, letter: LetterIn, read: LetterRead, mailing: Mailing, publication: Publication,
    parent: str | None,
) -> int | None:  # fmt: skip
    now = context.clock.now()
    heard = Heard(
        platform_id=platform_id_of(letter), conversation=publication.platform_id,
        parent=parent or publication.platform_id, text=_words(read, mailing), created_at=min(letter.arrived_at, now),
        author=f"letter:{read.sender}" if read.sender else None, ours=False,
    )  # fmt: skip
    store_heard(
        session, context.vault, mailing.account_id, {publication.platform_id: publication.id or 0}, [heard], now
    )
    query = select(Interaction.id).where(
        Interaction.account_id == mailing.account_id, Interaction.platform_id == heard.platform_id
    )
    return session.exec(query).first()


def _original(session: Session, mailing: Mailing | None) -> Mailing | None:
    """A letter that answers a correction is about the alert that was corrected."""
    if mailing is not None and mailing.corrects_id is not None:
        return session.get(Mailing, mailing.corrects_id)
    return mailing


def _words(read: LetterRead, mailing: Mailing | None) -> str:
    """The words as they stand in Replies, with the subject before them where the writer chose one of their own."""
    subject = without_reply_marks(read.subject)
    said = read.text
    own_subject = subject and (mailing is None or _plain(subject) != _plain(mailing.subject))
    if own_subject and _plain(subject) not in _plain(said[: len(subject) + 40]):
        said = f"{subject}\n\n{said}"
    return said.strip() or NO_WORDS


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def tell(session: Session, context: Context) -> None:
    """A named person looks at what no alert claims: an emergency may be among it (R19)."""
    account = sending_account(session)
    raise_alarm(
        session, context.clock.now(), UNMATCHED_ALARM, "letterbox:0",
        owner_of(session, account.id) if account is not None and account.id is not None else None,
        "Letters came in that no alert claims. See that somebody reads them: page Letters, or `beatline letterbox list`.",
    )  # fmt: skip


def take_in_kept_words(context: Context, letter_id: int) -> bool:
    """Store a letter that is not in the letterbox any more under the alert that a person has said: its words are kept
    here, and what was attached is lost.  Returns whether it was stored."""
    with context.database.write() as session:
        letter = session.get(LetterIn, letter_id)
        kept = opened(context.vault, letter) if letter is not None else None
        if letter is None or kept is None or letter.state != LetterState.ASSIGNED or letter.mailing_id is None:
            return False
        read = LetterRead(kept.sender, "", kept.message_id, kept.references, text=kept.text)
        return join(session, context, letter, read, Match(None, session.get(Mailing, letter.mailing_id))) is not None


_TO_DECIDE = col(LetterIn.state).in_((LetterState.UNMATCHED.value, LetterState.UNREADABLE.value))


MOST_SHOWN = 50
"""Letters that are shown at a time; the next move up as these are decided about."""


def still_to_decide(session: Session, first: Collection[int] = ()) -> list[LetterIn]:
    """Letters that wait for a person, oldest first, at most `MOST_SHOWN`.  first: numbers of those that stand before all
    others, however many wait."""
    later = case((col(LetterIn.id).in_(list(first)), 0), else_=1)
    return list(session.exec(select(LetterIn).where(_TO_DECIDE).order_by(later, col(LetterIn.id)).limit(MOST_SHOWN)))


def count_to_decide(session: Session) -> int:
    """How many letters wait for a person."""
    return int(session.exec(select(func.count(col(LetterIn.id))).where(_TO_DECIDE)).one())


@dataclass(frozen=True)
class LetterCounts:
    """Letters that wait for a person.  overdue: an answer was due before now.  mine, nobody: by who looks after them."""

    all: int
    overdue: int
    mine: int
    nobody: int


def count_letters(session: Session, now: datetime, person_id: int | None) -> LetterCounts:
    """person_id: whose are 'mine'."""
    kind, whose = col(LetterIn.kind), col(LetterIn.assignee_id)
    late = (col(LetterIn.arrived_at) < now - ANSWER_WITHIN) & or_(kind.is_(None), kind.in_(sorted(ON_THE_CLOCK)))
    counted = (func.coalesce(func.sum(case((one, 1), else_=0)), 0)
               for one in (late, whose == person_id, whose.is_(None)))  # fmt: skip
    row = session.execute(select(func.count(), *counted).select_from(LetterIn).where(_TO_DECIDE)).one()
    return LetterCounts(*map(int, row))


def join_late(session: Session, context: Context) -> None:
    """A letter may come before the worker has recorded that its alert went out: now it can be stored."""
    early = select(LetterIn).where(LetterIn.state == LetterState.UNMATCHED.value, col(LetterIn.mailing_id).is_not(None))
    for letter in session.exec(early.order_by(col(LetterIn.id))):
        mailing = session.get(Mailing, letter.mailing_id)
        publication = publication_of(session, mailing) if mailing is not None else None
        if publication is not None and publication.erased_at is None:
            letter.state = LetterState.ASSIGNED.value
            session.add(letter)
        elif context.clock.now() - letter.arrived_at > RECORDED_WITHIN:
            tell(session, context)
