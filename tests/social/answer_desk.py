"""What the tests of answering and hiding build with: an account, a post, residents' replies, somebody who presses send."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, select

from social.accounts import Account
from social.alarms import Alarm, open_alarms
from social.answer_records import Answer, AnswerState
from social.answer_refusals import answers_seen
from social.answer_rules import Concern
from social.answering import send_due
from social.answers import send_answer
from social.channels import memory
from social.channels.base import Draft, Heard
from social.channels.memory import MemoryNetwork, network_of
from social.clock import SettableClock
from social.context import Context
from social.heard import store_heard
from social.interactions import Interaction
from social.places import PlaceKind, find_or_add_place
from social.publications import Publication, record_publication
from social.staff import Person, Role, find_or_add_person

WORDS = "Thank you. The team will be on Mill Road tonight."


class Rules:
    """Nothing is stopped and nothing is wrong with any words, until a test says so."""

    def __init__(self) -> None:
        self.stop: str | None = None

    def stopped(self, session: Session, place_id: int | None, since: datetime, now: datetime) -> str | None:
        return self.stop

    def concerns(self, session: Session, publication: Publication, text: str, now: datetime) -> Sequence[Concern]:
        return []


class AnswerDesk:
    """account: on any channel; on memory a network of its own comes with it."""

    def __init__(self, context: Context, clock: SettableClock, account: Account | None = None) -> None:
        if account is None:
            memory.reset()
        self.context, self.clock, self.rules = context, clock, Rules()
        with context.database.write() as session:
            self.account = account or Account(
                name="hexley", channel="memory", credentials_sealed=context.vault.seal({}), added_at=clock.now()
            )
            session.add(self.account)
            self.place_id = find_or_add_place(session, "Hexley Moor", PlaceKind.NEIGHBOURHOOD).id
            self.person: Person = find_or_add_person(session, "nia.abbot@woldershire.example", Role.CONTACT_DESK)
        self.publication = self.publish("The market is open again.")

    def beside(self, name: str) -> "AnswerDesk":
        """Another account on the memory network, in the same force."""
        sealed = self.context.vault.seal({})
        account = Account(name=name, channel="memory", credentials_sealed=sealed, added_at=self.clock.now())
        return AnswerDesk(self.context, self.clock, account)

    @property
    def network(self) -> MemoryNetwork:
        return network_of(self.account.name)

    def publish(self, text: str) -> Publication:
        published = self.context.channel(self.account).publish(Draft(text), key="1")
        with self.context.database.write() as session:
            return record_publication(
                session,
                Publication(
                    account_id=self.account.id or 0, platform_id=published.platform_id, text=text, url=published.url,
                    published_at=published.published_at, content_type="event", place_id=self.place_id,
                ),
                self.clock.now(),
            )  # fmt: skip

    def hear(self, text: str = "Will there be a patrol tonight?") -> int:
        """A resident writes on the memory network, and it is collected.  Returns the reply's id here."""
        number = self.network.add_reply(self.publication.platform_id, text)
        return self.store(next(one for one in self.network.replies if one.platform_id == number))

    def store(self, heard: Heard) -> int:
        known = {self.publication.platform_id: self.publication.id or 0}
        with self.context.database.write() as session:
            store_heard(session, self.context.vault, self.account.id or 0, known, [heard], self.clock.now())
            return session.exec(select(Interaction).where(Interaction.platform_id == heard.platform_id)).one().id or 0

    def press(
        self, reply_id: int, words: str = WORDS, *, key: str | None = None, seen: int | None = None,
        other_words: bool = False,
    ) -> int:  # fmt: skip
        """seen: None for somebody who has seen all that is there."""
        key = key or f"form-{reply_id}-{words}"
        return send_answer(
            self.context, self.person, reply_id, words, key=key, rules=self.rules,
            seen=self.answers_seen(reply_id) if seen is None else seen, other_words=other_words,
        )  # fmt: skip

    def answers_seen(self, reply_id: int) -> int:
        with self.context.database.read() as session:
            return answers_seen(session, session.get_one(Interaction, reply_id))

    def work(self) -> int:
        """One round of the worker's job."""
        return send_due(self.context, self.rules)

    def later(self, **step: float) -> int:
        """Time passes, then the worker has its round."""
        self.clock.advance(timedelta(**step))
        return self.work()

    def answer(self, answer_id: int) -> Answer:
        with self.context.database.read() as session:
            return session.get_one(Answer, answer_id)

    def state(self, answer_id: int) -> AnswerState:
        return AnswerState(self.answer(answer_id).state)

    def reply(self, reply_id: int) -> Interaction:
        with self.context.database.read() as session:
            return session.get_one(Interaction, reply_id)

    def alarms(self) -> list[Alarm]:
        with self.context.database.read() as session:
            return open_alarms(session)

    def ours(self) -> list[Interaction]:
        """Our own answers as the thread shows them."""
        with self.context.database.read() as session:
            return list(session.exec(select(Interaction).where(Interaction.ours)))

    def live(self) -> list[str]:
        """What residents see of ours under the post, on the memory network."""
        return [one.text for one in self.network.replies if one.ours]
