"""An account on the memory network with posts that are recorded here, for tests of collecting."""

from datetime import timedelta
from typing import Any

from sqlmodel import SQLModel, select

from social.accounts import Account
from social.accounts_admin import add_account
from social.channels.memory import MemoryNetwork, network_of, reset
from social.context import Context
from social.publications import Publication, record_publication


class Hexley:
    """The account 'hexley' and its network, fresh.  network: to write under its posts and to change what is there."""

    def __init__(self, context: Context) -> None:
        reset()
        self.context = context
        self.account: Account = add_account(context, channel="memory", name="hexley", credentials={})
        self.network: MemoryNetwork = network_of("hexley")
        self.network.clock = context.clock

    def publish(self, text: str = "Have you seen this bike?", *, age: timedelta = timedelta(), **values: Any) -> str:
        """One of its posts, live there and recorded here.  Returns its platform id."""
        now = self.context.clock.now()
        platform_id = self.network.add_past_post(text, now - age)
        publication = Publication(
            account_id=self.account.id or 0, platform_id=platform_id, text=text, published_at=now - age, **values
        )
        with self.context.database.write() as session:
            record_publication(session, publication, now)
        return platform_id

    def rows(self, table: type[SQLModel]) -> list[Any]:
        with self.context.database.read() as session:
            return list(session.exec(select(table)))
