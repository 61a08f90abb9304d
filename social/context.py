"""What nearly every function needs, built once by `app.py` and handed on: settings, clock, database, vault, channels."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from social.accounts import Account
from social.channels.base import Channel
from social.clock import Clock, SystemClock
from social.database import AUDIT_KEY, Database
from social.settings import Settings
from social.vault import Vault, open_vault

ChannelMaker = Callable[["Context", Account], Channel]


@dataclass
class Context:
    """The running system.

    `channel(account)` opens the channel of an account and keeps it until the account has other credentials, another
    address or another id: another process may have renewed them."""

    settings: Settings
    clock: Clock
    database: Database
    vault: Vault
    make_channel: ChannelMaker
    stopping: threading.Event = field(default_factory=threading.Event, repr=False)
    """Set when the process is to end: work that takes long looks at it between two steps."""
    _channels: dict[int, tuple[tuple[Any, ...], Channel]] = field(default_factory=dict, repr=False)

    def __setattr__(self, name: str, value: Any) -> None:
        """A database that becomes this system's is given the key of the audit record."""
        super().__setattr__(name, value)
        if name in ("database", "vault") and hasattr(self, "database") and hasattr(self, "vault"):
            self.database.handed_on[AUDIT_KEY] = self.vault.audit_key

    def channel(self, account: Account) -> Channel:
        assert account.id is not None
        rests_on = (account.credentials_sealed, account.base_url, account.platform_id, account.handle)
        kept = self._channels.get(account.id)
        if kept is None or kept[0] != rests_on:
            kept = self._channels[account.id] = (rests_on, self.make_channel(self, account))
        return kept[1]

    def forget_channels(self) -> None:
        """Open every channel anew at its next use."""
        self._channels.clear()


def open_context(settings: Settings, make_channel: ChannelMaker, clock: Clock | None = None) -> Context:
    """Open the database (brought up to date where that happens by itself) and the vault."""
    vault = open_vault(settings)
    database = Database(settings.database_url)
    database.require_current_schema()
    return Context(settings, clock or SystemClock(), database, vault, make_channel)
