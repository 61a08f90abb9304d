"""How long the credentials of an account hold, for whoever looks after it; never the credentials themselves."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from social.accounts import Account
from social.context import Context
from social.errors import BeatlineError
from social.tokens import TokenRenewal
from social.words import say_long

ENDS_SOON = timedelta(days=7)


@dataclass(frozen=True)
class TokenHealth:
    """opens: whether the stored credentials can be opened at all.  ends_at: when the access token ends, None where it
    has no end that we know of.  renews: Beatline renews it by itself.  renewed_at: when it last did, None for never."""

    opens: bool
    ends_at: datetime | None = None
    renews: bool = False
    renewed_at: datetime | None = None

    def trouble(self, now: datetime) -> bool:
        """Whether a person has to do something about it, now or within a week."""
        if not self.opens:
            return True
        return self.ends_at is not None and not self.renews and self.ends_at - now < ENDS_SOON


def token_health(context: Context, session: Session, account: Account) -> TokenHealth:
    """What is known of the account's credentials."""
    try:
        known = context.vault.open(account.credentials_sealed)
    except BeatlineError:
        return TokenHealth(opens=False)
    renewal = session.get(TokenRenewal, account.id)
    ends = known.get("expires_at")
    return TokenHealth(
        opens=True,
        ends_at=datetime.fromisoformat(ends) if ends else None,
        renews="refresh_token" in known,
        renewed_at=renewal.renewed_at if renewal is not None else None,
    )


def say_token(health: TokenHealth, now: datetime) -> str:
    """'Renewed by Beatline itself; the present token ends in 2 hours.': for people."""
    if not health.opens:
        return "The stored credentials do not open."
    if health.renews:
        left = (
            f"; the present token ends in {say_long(health.ends_at - now)}"
            if health.ends_at and health.ends_at > now
            else ""
        )
        return f"Renewed by Beatline itself{left}."
    if health.ends_at is None:
        return "No end is known: it holds until the network or somebody ends it."
    if health.ends_at <= now:
        return f"Ended {say_long(now - health.ends_at)} ago. Connect the account again."
    return f"Ends in {say_long(health.ends_at - now)}. Connect the account again before then."
