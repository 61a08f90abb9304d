"""Guesses are counted before they are tried: against one account from one machine, against the account from everywhere,
and from the machine against everybody. The counts are in the database, so that two processes share them."""

from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session, col, delete, func, select

from social.context import Context
from social.errors import BeatlineError
from social.sign_in_records import SignInTry

WINDOW = timedelta(minutes=15)
FROM_ONE_MACHINE = 5
ON_ONE_ACCOUNT = 50
BY_ONE_MACHINE = 30
"""Most tries that failed within the window: on one account from one machine, on one account from all machines together,
and from one machine on all accounts together. A whole station may stand behind one address."""


class TooManyTries(BeatlineError):
    """Somebody guesses. It says the same whether the account exists or not."""


@dataclass(frozen=True)
class Counted:
    """One try that was counted.  pair: digest of account and machine.  ids: of its rows."""

    pair: str
    ids: tuple[int, ...]


def count_try(context: Context, email: str, machine: str) -> Counted:
    """Count a try before it is made.  machine: the browser's address.

    Raises TooManyTries when too many have failed of late; then this one does not count."""
    digest = context.vault.sign_in_digest
    pair = digest("pair", email, machine)
    limits = {
        pair: FROM_ONE_MACHINE,
        digest("account", email): ON_ONE_ACCOUNT,
        digest("machine", machine): BY_ONE_MACHINE,
    }
    with context.database.write() as session:
        now = context.clock.now()
        session.exec(delete(SignInTry).where(col(SignInTry.at) <= now - WINDOW))
        if any(_tries(session, who) >= most for who, most in limits.items()):
            raise TooManyTries(
                "Too many tries did not fit. Wait 15 minutes, then try again, or ask an administrator for a new link."
            )
        rows = [SignInTry(who=who, at=now) for who in limits]
        session.add_all(rows)
        session.flush()
        return Counted(pair, tuple(row.id for row in rows if row.id is not None))


def forget(session: Session, counted: Counted) -> None:
    """The try was right: it counts no more, nor do those of the same person on the same machine before it."""
    session.exec(delete(SignInTry).where(col(SignInTry.id).in_(counted.ids) | (col(SignInTry.who) == counted.pair)))


def _tries(session: Session, who: str) -> int:
    return session.exec(select(func.count()).select_from(SignInTry).where(SignInTry.who == who)).one()
