"""What `beatline doctor` says of the letterbox: whether it is read, and what waits for a person."""

from collections.abc import Iterator
from datetime import timedelta

from sqlmodel import select

from social.accounts import Account
from social.alerts.letterbox import mailbox_name
from social.alerts.letterbox_storing import count_to_decide
from social.alerts.letterbox_tables import Letterbox
from social.clock import as_local
from social.context import Context
from social.doctor import Finding, Level

SILENT_AFTER = timedelta(minutes=15)


def findings(context: Context) -> Iterator[Finding]:
    """Nothing where there is no alert service."""
    if context.settings.imap_sent_folder and not context.settings.imap_host:
        yield Finding(Level.WRONG, "imap_sent_folder is set and no letterbox: what the mail server took is not looked for.", "Set imap_host and imap_user; see docs/alerts.md.")  # fmt: skip
    with context.database.read() as session:
        if session.exec(select(Account.id).where(Account.channel == "alert").limit(1)).first() is None:
            return
        if not context.settings.imap_host:
            yield Finding(
                Level.NOTE, "No letterbox is read: what residents answer to alerts is not seen in Beatline.",
                "Set imap_host and imap_user, then run `beatline letterbox password`; see docs/alerts.md.",
            )  # fmt: skip
            return
        row, now = session.get(Letterbox, mailbox_name(context)), context.clock.now()
        waiting = count_to_decide(session)
        if row is not None and row.problem is not None:
            yield Finding(Level.WRONG, f"The letterbox is not read. {row.problem}", "Then wait a minute, or run `beatline letterbox read`.")  # fmt: skip
        elif row is None or row.read_at is None or now - row.read_at > SILENT_AFTER:
            yield Finding(Level.WRONG, "The letterbox was not read lately.", "Start the worker with `beatline worker`.")
        else:
            yield Finding(Level.OK, f"The letterbox was last read on {as_local(row.read_at):%Y-%m-%d at %H:%M}.")
    if waiting:
        count = "1 letter waits" if waiting == 1 else f"{waiting} letters wait"
        yield Finding(Level.WRONG, f"{count} that no alert claims.", "Read them on the page Letters, or with `beatline letterbox list`.")  # fmt: skip
