"""Which channels there are. A new channel is a module, a row here and a row in the contract suite."""

from social.accounts import Account
from social.channels.base import Channel
from social.context import Context
from social.errors import InputError

CREDENTIALS: dict[str, tuple[str, ...]] = {
    "x": ("consumer_key", "consumer_secret", "access_token", "access_token_secret"),
    "facebook": ("page_access_token",),
    "memory": (),
}
"""Names that a credentials file must hold, by channel."""


def make_channel(context: Context, account: Account) -> Channel:
    """The channel of an account, its credentials unsealed. Libraries are imported only when they are needed."""
    credentials = context.vault.open(account.credentials_sealed)
    if account.channel == "x":
        from social.channels.x import XChannel

        return XChannel(account, credentials, context.settings, context.clock)
    if account.channel == "facebook":
        from social.channels.facebook import FacebookChannel

        return FacebookChannel(account, credentials, context.settings, context.clock)
    if account.channel == "memory":
        from social.channels.memory import MemoryChannel

        return MemoryChannel(account, context.clock)
    raise InputError(f"There is no channel '{account.channel}'. Channels: {', '.join(CREDENTIALS)}.")
