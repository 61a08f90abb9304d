"""Which channels there are. A new channel is a module, a row here and a row in the contract suite."""

from collections.abc import Mapping

from social.accounts import Account
from social.channels.base import Channel
from social.clock import Clock, SystemClock
from social.context import Context
from social.errors import InputError
from social.settings import Settings, load_settings

CREDENTIALS: dict[str, tuple[str, ...]] = {
    "x": ("consumer_key", "consumer_secret", "access_token", "access_token_secret"),
    "facebook": ("page_access_token",),
    "memory": (),
}
"""Names that a credentials file must hold, by channel."""

NETWORKS = ("x", "facebook")
"""What people connect to. Memory is for tests: what goes out there reaches nobody and is gone with the process."""


def make_channel(context: Context, account: Account) -> Channel:
    """The channel of an account, its credentials unsealed. Libraries are imported only when they are needed."""
    return _make(account, context.vault.open(account.credentials_sealed), context.settings, context.clock)


def unconnected(name: str) -> tuple[Account, Channel] | None:
    """A channel that can count and knows its limits but has no credentials, and the account it stands for; None where
    Beatline knows no such channel.  Asking it for more is refused by the network."""
    if name not in CREDENTIALS:
        return None
    clock = SystemClock()
    account = Account(name=name, channel=name, credentials_sealed=b"", added_at=clock.now())
    return account, _make(account, dict.fromkeys(CREDENTIALS[name], ""), load_settings({}), clock)


def _make(account: Account, credentials: Mapping[str, str], settings: Settings, clock: Clock) -> Channel:
    if account.channel == "x":
        from social.channels.x import XChannel

        return XChannel(account, credentials, settings, clock)
    if account.channel == "facebook":
        from social.channels.facebook import FacebookChannel

        return FacebookChannel(account, credentials, settings, clock)
    if account.channel == "memory":
        from social.channels.memory import MemoryChannel

        return MemoryChannel(account, clock)
    raise InputError(f"There is no channel '{account.channel}'. Channels: {', '.join(NETWORKS)}.")
