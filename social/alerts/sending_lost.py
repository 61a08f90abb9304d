"""Messages in the hands of senders that have ended: what had not left waits again, what was taken is recorded, and what
left without a known answer is looked after in a while."""

import os
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from social.alerts import sending_rows as rows
from social.alerts.mailings import Message, MessageState
from social.alerts.sending_journal import LEFT, Entries, forget_others, read_journal
from social.context import Context
from social.smtp import Result


def take_back(context: Context, settle: timedelta) -> int:
    """Take back what is in the hands of senders that have ended, at once where this machine knows that they have, else
    when their lease is over.  Returns how many messages moved."""
    home = context.settings.home
    with context.database.write() as session:
        now = context.clock.now()
        moved = rows.reclaim_unsent(session, now)
        names = rows.workers_with_messages(session)
        noted = [(name, read_journal(home, name)) for name in names]
        ended = [(name, entries) for name, entries in noted if entries is not None or _has_ended(name)]
        for name, entries in ended:
            moved += rows.reclaim_unsent(session, now, name)
            moved += _settle(session, name, entries, now, now + settle)
    forget_others(home, set(names) - {name for name, _ in ended})
    return moved


def _settle(session: Session, worker: str, entries: Entries | None, now: datetime, look_at: datetime) -> int:
    """By the journal, where there is one.  Returns how many are no longer in anybody's hands."""
    left = select(Message).where(
        Message.worker == worker, Message.state == MessageState.SENDING.value, col(Message.sending_at).is_not(None)
    )
    settled = 0
    for message in session.exec(left.with_for_update()):
        assert message.id is not None
        came = LEFT if entries is None else entries.get((message.id, message.fence), Result.NOT_SENT.value)
        if came == Result.SENT.value:
            settled += len(rows.mark_sent(session, [(message.id, message.fence, "250", None)], now))
            continue
        if came in (LEFT, Result.UNKNOWN.value):
            message.lease_until = look_at
        else:
            message.state, message.sending_at, message.lease_until = MessageState.WAITING.value, None, None
            message.tries -= 1
            settled += 1
        message.worker = None
        session.add(message)
    return settled


def _has_ended(worker: str) -> bool:
    host, _, rest = worker.partition(":")
    number = rest.partition(":")[0]
    if host != os.uname().nodename or not number.isdigit():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
