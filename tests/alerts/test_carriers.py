"""What every carrier of messages promises, tried on a mail server and on GOV.UK Notify: a new one is a row here."""

import logging
import socket
from abc import ABC, abstractmethod
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from social.accounts import Account
from social.alerts.carriers import Bounce, Carrier, CarrierDown, Delivery, Parcel, carrier_of
from social.alerts.letters import Letter
from social.alerts.mailings import Message
from social.alerts.residents import Resident
from social.clock import SettableClock
from social.context import Context
from social.practice.faults import Fault
from social.practice.network import PracticeNetwork
from social.smtp import Result
from tests.alerts.helpers import a_resident
from tests.alerts.notify_office import an_alert, notify_office, taken
from tests.alerts.post_office import open_office
from tests.social.mail_server import MailServer

pytestmark = pytest.mark.sqlite_only
WORDS = "Two sheds were broken into overnight. Did you see anything?"


def _noted(_number: int) -> bool:
    return True


class Rig(ABC):
    """A carrier, the world behind it, and what tests may do to that world."""

    proves_absence = False
    """It can show that a message never arrived, and that one did."""

    def __init__(self, context: Context, account: Account) -> None:
        self.context, self.account = context, account
        self.carrier: Carrier = carrier_of(context, account)

    def parcel(self, address: str = "r.okafor@example.org") -> Parcel:
        resident = a_resident(self.context, email=None)
        (number,) = an_alert(self.context, self.account, [resident], key=f"key-{resident.id}")
        with self.context.database.write() as session:
            message = session.get_one(Message, number)
            message.sending_at = self.context.clock.now()
            session.add(message)
        with self.context.database.read() as session:
            message, kept = session.get_one(Message, number), session.get_one(Resident, resident.id)
            session.expunge_all()
        return Parcel(message, kept, Letter("Sheds broken into", WORDS), address)

    def send(self, parcel: Parcel) -> Delivery:
        """One parcel the whole way."""
        told = self.carrier.load([parcel])
        if told:
            return told[0]
        self.carrier.leave([parcel.message_id], _noted)
        (delivery,) = self.carrier.answers()
        return delivery

    @abstractmethod
    def arrived(self) -> list[str]:
        """Addresses that got a message, one for each message."""

    @abstractmethod
    def refused(self) -> Parcel:
        """A parcel for an address that there is not."""

    @abstractmethod
    def busy(self, *, busy: bool) -> None:
        """Whether the other side asks us to come again."""

    @abstractmethod
    def lose_next_answer(self) -> None:
        """It takes the next message, and its answer never comes."""


class MailRig(Rig):
    def __init__(self, context: Context, server: MailServer) -> None:
        super().__init__(context, open_office(context, server.port))
        self._server = server

    def arrived(self) -> list[str]:
        return [to for envelope in self._server.envelopes for to in envelope.rcpt_tos]

    def refused(self) -> Parcel:
        self._server.refuses = "550 5.1.1 no such mailbox"
        return self.parcel()

    def busy(self, *, busy: bool) -> None:
        self._server.refuses = "451 4.3.2 come again" if busy else None

    def lose_next_answer(self) -> None:
        self._server.answer = None


class NotifyRig(Rig):
    proves_absence = True

    def __init__(self, context: Context, practice: PracticeNetwork) -> None:
        super().__init__(context, notify_office(context, practice))
        self._practice = practice

    def arrived(self) -> list[str]:
        return [one.recipient for one in taken(self._practice)]

    def refused(self) -> Parcel:
        return self.parcel("r.okafor@nowhere")

    def busy(self, *, busy: bool) -> None:
        self._practice.faults.clear()
        if busy:
            self._practice.faults.add(Fault("publish", "429", network="notify"))
        else:
            assert isinstance(self.context.clock, SettableClock)
            self.context.clock.advance(timedelta(minutes=1))

    def lose_next_answer(self) -> None:
        self._practice.faults.add(Fault("publish", "reset_after", network="notify"))


@pytest.fixture(params=["mail", "notify"])
def rig(request: pytest.FixtureRequest, context: Context, clock: SettableClock, tmp_path: Path) -> Iterator[Rig]:
    if request.param == "mail":
        with MailServer() as server:
            made: Rig = MailRig(context, server)
            yield made
            made.carrier.close()
    else:
        with PracticeNetwork(tmp_path / "practice", clock=clock, history_weeks=0) as practice:
            made = NotifyRig(context, practice)
            yield made
            made.carrier.close()


def test_what_leaves_arrives_once_at_its_own_address(rig: Rig) -> None:
    parcels = [rig.parcel(f"resident{n}@example.org") for n in range(4)]
    ready = parcels[: rig.carrier.free]
    assert rig.carrier.load(ready) == []
    assert rig.arrived() == []
    rig.carrier.leave([one.message_id for one in ready], _noted)
    told = rig.carrier.answers()
    assert {one.message_id: one.result for one in told} == {one.message_id: Result.SENT for one in ready}
    assert sorted(rig.arrived()) == sorted(one.to for one in ready)
    assert rig.carrier.answers() == []


def test_what_was_made_ready_and_not_let_go_never_leaves(rig: Rig) -> None:
    goes, stays = rig.parcel("goes@example.org"), rig.parcel("stays@example.org")
    assert rig.carrier.load([goes, stays]) == []
    rig.carrier.leave([goes.message_id], _noted)
    assert [one.message_id for one in rig.carrier.answers()] == [goes.message_id]
    rig.carrier.close()
    assert rig.arrived() == ["goes@example.org"]


def test_what_cannot_be_noted_as_leaving_does_not_leave(rig: Rig) -> None:
    parcel = rig.parcel()
    assert rig.carrier.load([parcel]) == []
    rig.carrier.leave([parcel.message_id], lambda _number: False)
    assert [(one.message_id, one.result) for one in rig.carrier.answers()] == [(parcel.message_id, Result.NOT_SENT)]
    assert rig.arrived() == []


def test_an_address_that_there_is_not_is_refused_for_good(rig: Rig) -> None:
    delivery = rig.send(rig.refused())
    assert (delivery.result, delivery.bounce) == (Result.REFUSED, Bounce.HARD)
    assert rig.arrived() == []


def test_who_is_asked_to_come_again_has_sent_nothing_and_sends_it_then(rig: Rig) -> None:
    parcel = rig.parcel()
    rig.busy(busy=True)
    delivery = rig.send(parcel)
    assert delivery.result is Result.NOT_SENT
    assert delivery.bounce is not Bounce.HARD
    assert rig.arrived() == []
    rig.busy(busy=False)
    assert rig.send(parcel).result is Result.SENT
    assert rig.arrived() == [parcel.to]


def test_a_lost_answer_is_unknown_and_no_look_says_that_it_may_be_sent_again(rig: Rig) -> None:
    parcel = rig.parcel()
    rig.lose_next_answer()
    assert rig.send(parcel).result is Result.UNKNOWN
    assert isinstance(rig.context.clock, SettableClock)
    rig.context.clock.advance(timedelta(seconds=45))
    found = rig.carrier.look(parcel.message)
    assert found.result is (Result.SENT if rig.proves_absence else Result.UNKNOWN)
    assert (found.provider_id is not None) == rig.proves_absence
    assert rig.arrived() == [parcel.to]


def test_where_nobody_answers_at_all_nothing_was_sent_and_everybody_waits(context: Context, tmp_path: Path) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = int(nobody.getsockname()[1])
        with PracticeNetwork(tmp_path / "practice", clock=context.clock, history_weeks=0) as practice:
            by_notify = notify_office(context, practice, base_url=f"http://127.0.0.1:{port}")
        with context.database.write() as session:
            by_notify.name = "texts"
            session.add(by_notify)
        for account in (by_notify, open_office(context, port)):
            carrier = carrier_of(context, account)
            parcel = Rig.parcel(_rig(context, account))
            try:
                assert carrier.load([parcel]) == []
                carrier.leave([parcel.message_id], _noted)
                assert [one.result for one in carrier.answers()] == [Result.NOT_SENT]
            except CarrierDown:
                pass
            with pytest.raises(CarrierDown):
                carrier.load([parcel])
            carrier.close()


def _rig(context: Context, account: Account) -> Rig:
    class Anywhere(Rig):
        def arrived(self) -> list[str]:
            return []

        def refused(self) -> Parcel:
            return self.parcel()

        def busy(self, *, busy: bool) -> None: ...

        def lose_next_answer(self) -> None: ...

    return Anywhere(context, account)


def test_no_address_no_words_and_no_secret_stand_in_a_log_or_in_what_is_kept(
    rig: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    kept = [rig.send(rig.parcel("r.okafor@example.org"))]
    rig.lose_next_answer()
    kept.append(rig.send(rig.parcel("r.okafor@example.org")))
    rig.busy(busy=True)
    kept.append(rig.send(rig.parcel("r.okafor@example.org")))
    rig.busy(busy=False)
    kept.append(rig.send(rig.refused()))
    secrets = [one for one in context_secrets(rig) if one != "alerts@woldershire.example"]
    ours = " ".join(record.getMessage() for record in caplog.records if record.name != "mail.log")  # the test's server
    for said in (ours, *(f"{one.detail} {one.provider_id}" for one in kept)):
        for hidden in ("okafor", "example.org", WORDS, *secrets):
            assert hidden not in said
    assert len({one.result for one in kept}) > 2


def context_secrets(rig: Rig) -> list[str]:
    return list(rig.context.vault.open(rig.account.credentials_sealed).values())
