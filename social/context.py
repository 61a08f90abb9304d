"""What nearly every function needs, built once by `app.py` and handed on: settings, clock, database, vault, channels."""

from collections.abc import Callable
from dataclasses import dataclass, field

from social.accounts import Account
from social.channels.base import Channel
from social.clock import Clock, SystemClock
from social.database import Database
from social.settings import Settings
from social.vault import Vault, open_vault

ChannelMaker = Callable[["Context", Account], Channel]


@dataclass
class Context:
    """The running system.  `channel(account)` opens the channel of an account and keeps it for the next call."""

    settings: Settings
    clock: Clock
    database: Database
    vault: Vault
    make_channel: ChannelMaker
    _channels: dict[int, Channel] = field(default_factory=dict, repr=False)

    def channel(self, account: Account) -> Channel:
        assert account.id is not None
        if account.id not in self._channels:
            self._channels[account.id] = self.make_channel(self, account)
        return self._channels[account.id]

    def forget_channels(self) -> None:
        """Open channels anew at the next use: credentials or addresses may have changed."""
        self._channels.clear()


def open_context(settings: Settings, make_channel: ChannelMaker, clock: Clock | None = None) -> Context:
    """Open the database (brought up to date where that happens by itself) and the vault."""
    vault = open_vault(settings)
    database = Database(settings.database_url)
    database.require_current_schema()
    return Context(settings, clock or SystemClock(), database, vault, make_channel)
