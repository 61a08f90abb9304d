"""What a resident may do at any time: confirm, change, leave (R30). Each is one short transaction, and done twice, or
twice at once, it is done once.

Nobody of the force acts here: a signed link has proved who it is, or a function that asks `require` has called the
functions that take a session."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import Session, col, func, select

from social.alerts.asked import everything_asked, put_asked
from social.alerts.contacts import Contact, clean_phone, contact_of, phone_key, seal
from social.alerts.mailings import SOON, DigestItem, Message, MessageKind, MessageState, Way
from social.alerts.messages import can_text, new_message, sending_account, told_lately
from social.alerts.residents import LeftAddress, Resident, ResidentState, is_reached
from social.alerts.wishes import Preferences, drop_choices, preferences_of, problems_of, put_preferences
from social.context import Context
from social.errors import InputError, Problem

LEAVE_REASONS: dict[str, str] = {
    "too_many": "I get too many messages",
    "not_relevant": "They are not about what matters to me",
    "moved": "I have moved away",
    "other_source": "I hear of it in other ways",
    "not_asked": "I never asked for them",
    "other": "Another reason",
}
"""Key -> what residents read."""
BY_STAFF = "by_staff"
"""The reason on record where somebody of the force did it for a resident who asked."""

CODE_TRIES = 5
"""Wrong codes that are listened to; then another has to be texted."""
_ARRIVED = (MessageState.SENDING, MessageState.SENT, MessageState.DELIVERED, MessageState.UNKNOWN)


def confirm(context: Context, resident_id: int, mark: str | None = None) -> bool:
    """The resident has said from the address itself that it is theirs; a number that they gave is texted a code.

    mark: of the sign-up that is theirs (`Asked.mark`), needed where there were several.  Returns whether they are a
    member now; False for somebody who left, whom a link from before does not bring back, and while it is not said."""
    with context.database.write() as session:
        resident = session.get(Resident, resident_id)
        if resident is None or resident.state == ResidentState.LEFT:
            return False
        now = context.clock.now()
        first = resident.state == ResidentState.UNCONFIRMED
        if first:
            every = everything_asked(session, context.vault, resident)
            theirs = [one for one in every if mark in (None, one.mark(context.vault))]
            if len(theirs) != 1:
                return False
            put_asked(session, context.vault, resident, theirs[0])
        if resident.state != ResidentState.CONFIRMED or resident.email_stopped_at is not None:
            resident.state = ResidentState.CONFIRMED.value
            resident.confirmed_at = resident.confirmed_at or now
            resident.email_stopped_at, resident.soft_bounces = None, 0
            resident.left_at, resident.left_reason = None, None
            session.exec(delete(LeftAddress).where(col(LeftAddress.email_key) == resident.email_key))
            session.add(resident)
        if first and contact_of(context.vault, resident).phone and resident.phone_checked_at is None:
            text_code(context, session, resident, now)
    return True


def change(context: Context, resident_id: int, wanted: Preferences, *, phone: str | None = None) -> bool:
    """Put these preferences in place of what was kept.

    phone: another number, '' to have none kept, None to leave it.  Returns whether a code was texted that has to be
    given before texts go to the number.  Raises InputError with every problem, and for somebody who left."""
    with context.database.write() as session:
        return put_change(context, session, resident_id, wanted, phone=phone)


def put_change(
    context: Context, session: Session, resident_id: int, wanted: Preferences, *, phone: str | None = None
) -> bool:
    """`change` inside the caller's transaction."""
    resident = session.get(Resident, resident_id)
    if resident is None or resident.state == ResidentState.LEFT:
        raise InputError("There is no membership any more. Sign up again to be told.")
    contact = contact_of(context.vault, resident)
    had = preferences_of(session, resident).groups  # one of the force's own, that no form offers, may stay
    asked = replace(wanted, groups=tuple(one for one in wanted.groups if one not in had))
    problems, number = problems_of(session, asked), contact.phone
    try:
        number = clean_phone(phone) if phone is not None else contact.phone
    except InputError as error:
        problems += [Problem(one.message, column="phone") for one in error.problems]
    if wanted.by_text and not number and not problems:
        problems.append(Problem("Give a mobile number to be told by text.", column="phone"))
    if problems:
        raise InputError(*problems)
    now = context.clock.now()
    if resident.state == ResidentState.UNCONFIRMED:
        resident.contact_sealed = seal(context.vault, contact)  # whoever holds the link has said what they want
    if number != contact.phone or (number and phone is not None and resident.text_stopped_at is not None):
        put_number(context, resident, contact, number)
    put_preferences(session, resident, wanted)
    resident.changed_at = now
    _reach_again(resident)
    session.add(resident)
    unchecked = bool(number) and resident.phone_checked_at is None and resident.state != ResidentState.UNCONFIRMED
    return unchecked and wanted.by_text and text_code(context, session, resident, now)


def _reach_again(resident: Resident) -> None:
    """Whom nothing reached any more is a member again once they have chosen a way that works."""
    if resident.state == ResidentState.UNREACHABLE and is_reached(resident):
        resident.state = ResidentState.CONFIRMED.value


def put_number(context: Context, resident: Resident, contact: Contact, number: str) -> None:
    """Keep another number, or none; whose it is has yet to be shown."""
    resident.contact_sealed = seal(context.vault, Contact(contact.email, number, contact.name))
    resident.phone_key = phone_key(context.vault, number)
    resident.phone_checked_at, resident.text_stopped_at, resident.by_text = None, None, False


def leave(context: Context, resident_id: int, reason: str | None = None) -> None:
    """The resident wants no more: address, number, name and choices go at once, and nothing that waits is sent.

    reason: a key of `LEAVE_REASONS`; given later, it is added.  Raises InputError for one that is not known."""
    if reason is not None and reason not in LEAVE_REASONS:
        raise InputError(f"Reasons are: {', '.join(LEAVE_REASONS)}.")
    with context.database.write() as session:
        put_leaving(session, resident_id, context.clock.now(), reason)


def put_leaving(session: Session, resident_id: int, now: datetime, reason: str | None = None) -> bool:
    """`leave` inside the caller's transaction.  Returns whether they were a member until now.

    Only the keyed hashes stay, so that an old list does not bring them back."""
    resident = session.get(Resident, resident_id)
    if resident is None:
        return False
    was = resident.state != ResidentState.LEFT
    if was:
        back = resident.left_at is not None  # a new sign-up that is not wanted after all
        resident.state, resident.left_at, resident.changed_at = ResidentState.LEFT.value, now, now
        resident.contact_sealed, resident.left_reason = b"", resident.left_reason if back else None
        resident.by_text, resident.phone_checked_at = False, None
        resident.quiet_from, resident.quiet_to = None, None
        drop_choices(session, [resident_id])
        _stop_what_waits(session, resident_id, now)
    resident.left_reason = resident.left_reason or reason
    session.add(resident)
    session.flush()
    return was


def _stop_what_waits(session: Session, resident_id: int, now: datetime) -> None:
    session.exec(
        update(Message)
        .where(col(Message.resident_id) == resident_id, col(Message.state) == MessageState.WAITING.value)
        .values(state=MessageState.STOPPED.value, settled_at=now, detail="left", fence=Message.fence + 1)
    )
    session.exec(
        update(DigestItem)
        .where(col(DigestItem.resident_id) == resident_id, col(DigestItem.message_id).is_(None),
               col(DigestItem.dropped_at).is_(None))
        .values(dropped_at=now)
    )  # fmt: skip


def text_code(context: Context, session: Session, resident: Resident, now: datetime) -> bool:
    """Have a code texted to the number, by which its owner shows whose it is.  Returns whether one is on its way:
    not without GOV.UK Notify, and not more often than `told_lately` allows."""
    account = sending_account(session)
    if account is None or not can_text(context, account) or told_lately(session, resident, Way.TEXT, now):
        return False
    resident.code_tries = 0
    session.add(resident)
    new_message(
        session,
        account,
        resident,
        MessageKind.CONFIRM,
        Way.TEXT,
        now,
        rank=SOON,
        period=f"{now.isoformat()} {Way.TEXT.value} {resident.phone_key}",
    )
    return True


def disown_number(context: Context, resident_id: int, message_id: int) -> bool:
    """Whoever has the number that this code was texted to says that it is not the resident's: it is forgotten, and
    nothing more is texted there.  Returns whether that number is kept no longer."""
    with context.database.write() as session:
        resident, sent = session.get(Resident, resident_id), session.get(Message, message_id)
        texted_to = (sent.period or "").rpartition(" ")[2] if sent is not None and sent.way == Way.TEXT else ""
        if resident is None or sent is None or sent.resident_id != resident_id or not texted_to:
            return False
        if resident.state == ResidentState.LEFT or resident.phone_key is None or resident.phone_key != texted_to:
            return True
        forget_number(context, session, resident, "not their number")
        return True


def forget_number(context: Context, session: Session, resident: Resident, why: str) -> None:
    """In the caller's transaction: nothing more is texted there, mail goes on.  why: stands beside texts that waited."""
    now = context.clock.now()
    put_number(context, resident, contact_of(context.vault, resident), "")
    resident.by_email, resident.changed_at = True, now
    session.add(resident)
    waits = col(Message.resident_id) == resident.id, col(Message.state) == MessageState.WAITING.value
    stopped = {"state": MessageState.STOPPED.value, "settled_at": now, "detail": why, "fence": Message.fence + 1}
    session.exec(update(Message).where(*waits, col(Message.way) == Way.TEXT.value).values(**stopped))


def code_of(context: Context, message: Message, resident: Resident) -> str:
    """The code that a message to a resident's number holds: six digits that its random token and the number decide, so
    that what was texted to one number shows nothing of another that was given since."""
    key = context.vault.contact_key("code", f"{message.token} {resident.phone_key}")
    return f"{int(key[:15], 16) % 1_000_000:06d}"


def confirm_number(context: Context, resident_id: int, code: str) -> bool:
    """Whether that is the code that was texted last; then texts go to the number from now on.

    After `CODE_TRIES` wrong ones none is right until another was texted."""
    with context.database.write() as session:
        resident = session.get(Resident, resident_id)
        if resident is None or resident.state not in (ResidentState.CONFIRMED, ResidentState.UNREACHABLE):
            return False
        if resident.phone_checked_at is not None:
            return True
        sent = _last_code(session, resident_id)
        if sent is None or resident.code_tries >= CODE_TRIES:
            return False
        right = "".join(c for c in code if c.isdigit()) == code_of(context, sent, resident)
        if right:
            resident.phone_checked_at, resident.text_stopped_at = context.clock.now(), None
            resident.by_text, resident.code_tries = True, 0
            _reach_again(resident)
        else:
            resident.code_tries += 1
        session.add(resident)
        return right


def _last_code(session: Session, resident_id: int) -> Message | None:
    texted = select(func.max(Message.id)).where(
        Message.resident_id == resident_id, Message.kind == MessageKind.CONFIRM.value, Message.way == Way.TEXT.value,
        col(Message.state).in_([state.value for state in _ARRIVED]),
    )  # fmt: skip
    newest = session.exec(texted).one()
    return session.get(Message, newest) if newest is not None else None
