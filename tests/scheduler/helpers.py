"""What the scheduler's tests build with: a force, its people, posts with the dull fields filled in."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import select

from scheduler.entries import Attempt, Entry
from scheduler.inputs import MediaInput, PostInput
from scheduler.planning import approve_post, plan_post, send_for_approval
from scheduler.queries import EntryView, list_entries
from social.accounts import Account
from social.channels.memory import MemoryNetwork, network_of
from social.clock import SettableClock, as_local
from social.context import Context
from social.publications import Publication
from social.staff import Person


@dataclass
class Force:
    """Builders for the dull fields, and short ways to look."""

    context: Context
    clock: SettableClock
    author: Person
    supervisor: Person
    corporate: Person

    def add_account(self, name: str, *, base_url: str | None = None) -> Account:
        account = Account(
            name=name,
            channel="memory",
            base_url=base_url,
            credentials_sealed=self.context.vault.seal({}),
            added_at=self.clock.now(),
        )
        with self.context.database.write() as session:
            session.add(account)
        return account

    def post(self, text: str = "Ducks on Mill Road again.", **changes: object) -> PostInput:
        fields: dict[str, object] = {
            "content_type": "lighthearted",
            "text": text,
            "account_names": ("hexley",),
            "due_local": self.local_now(),
        }
        return PostInput(**{**fields, **changes})  # type: ignore[arg-type]  # builders pass fields on by name

    def local_now(self) -> datetime:
        return as_local(self.clock.now()).replace(tzinfo=None, fold=0)

    def queued(self, text: str = "Ducks on Mill Road again.", **changes: object) -> int:
        """A post that went all the way into the queue, approved by corporate communications where that is asked."""
        post_id = plan_post(self.context, self.post(text, **changes), self.author)
        if send_for_approval(self.context, post_id, self.author) == "in_review":
            approve_post(self.context, post_id, self.corporate)
        return post_id

    def entries(self, post_id: int | None = None) -> list[EntryView]:
        with self.context.database.read() as session:
            return list_entries(session, post_id=post_id)

    def entry(self, post_id: int | None = None) -> EntryView:
        (only,) = self.entries(post_id)
        return only

    def network(self, name: str = "hexley") -> MemoryNetwork:
        return network_of(name)

    def raw(self, entry_id: int) -> Entry:
        with self.context.database.read() as session:
            return session.get_one(Entry, entry_id)

    def attempts(self) -> list[Attempt]:
        with self.context.database.read() as session:
            return list(session.exec(select(Attempt).order_by(Attempt.id)))  # type: ignore[arg-type]  # a column here

    def publications(self) -> list[Publication]:
        with self.context.database.read() as session:
            return list(session.exec(select(Publication)))


def picture(alt_text: str = "A duck and nine ducklings cross a road.") -> MediaInput:
    return MediaInput("image", alt_text=alt_text)
