"""Carries messages by GOV.UK Notify: e-mail and texts, a few at once, each with a reference of its own.

Notify takes the same reference as often as it comes and sends every time, so nothing is handed over a second time
before a look at what it has under that reference. Notify writes a notification down before it does anything with it:
what is there was taken. What is not there some time later was not, if Notify would have it at all; where it would not,
nobody can say, and a person decides (PLATFORMS.md 4)."""

import logging
import re
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from queue import SimpleQueue

from social.accounts import Account
from social.alerts.addresses import reference_of, reply_address
from social.alerts.carriers import Bounce, CarrierDown, Delivery, Heard, Note, Parcel, unheard, unnoted
from social.alerts.contacts import contact_of
from social.alerts.footers import footer, leave_link, picture_in_words
from social.alerts.letters import write
from social.alerts.links import Purpose, link
from social.alerts.mailings import Mailing, Message, MessageKind, Way
from social.alerts.notify_client import NAME, NotifyClient
from social.alerts.receipts import OUTCOMES, Outcome
from social.alerts.residents import Resident
from social.alerts.text_parts import cost_pence, text_of
from social.budgets import Bought, Price, reserve
from social.channels.prices import milli
from social.context import Context
from social.database_trouble import DatabaseTrouble
from social.errors import ChannelError, InputError, NeedsPerson, OutcomeUnknown, Refused, TryLater
from social.smtp import Result

_log = logging.getLogger("beatline.alerts")
AT_ONCE = 8
"""Requests under way at once: Notify takes 3,000 a minute of one service."""
ASK_AFTER = timedelta(seconds=10)
"""How long after it left a message is looked for: sooner Notify may not have written it down, or may take it back."""
KEPT = timedelta(days=6)
"""How long Notify certainly still has what it took; its usual retention is seven days."""
PAUSE = timedelta(seconds=30)
"""After a try that found no connection."""
AT_FAULT = 5
"""So many refusals at once, with nothing taken before, are no matter of the recipients: the service is in trial mode, or
the like. Then they are not refused for good, but wait as all others do."""
_REFUSES_ALL = (
    f"{NAME} refuses one message after the other ({{code}}). Look there whether the service is live, the key is a live "
    "one, the templates are those given here, and texts may go abroad if any do."
)
MOST_BYTES = 2_000_000
_SIMULATED = re.compile(r"simulate-delivered(-[23])?@notifications\.service\.gov\.uk|\+?(44|0)7700900(000|111|222)")
"""Recipients that Notify takes messages for and keeps nothing of: to look there shows nothing."""
_ANSWERED = {MessageKind.ALERT.value, MessageKind.CORRECTION.value, MessageKind.DIGEST.value, MessageKind.ANSWER.value}
_REPLY = {"en": "To answer, write to", "cy": "I ateb, ysgrifennwch at"}


@dataclass(frozen=True)
class _Ready:
    """One request that can leave.  subject: '' for a text.  money: thousandths of a penny that it costs beyond what was
    set aside when the alert was published."""

    message_id: int
    way: str
    to: str
    subject: str
    body: str
    reference: str
    unsubscribe: str | None = None
    money: int = 0


class NotifyCarrier:
    """A `Carrier` over one account's GOV.UK Notify service.

    Raises BeatlineError for credentials that cannot be opened."""

    shows_once = False

    def __init__(self, context: Context, account: Account) -> None:
        self._context, self._account = context, account
        self._credentials = context.vault.open(account.credentials_sealed)
        self._clients: SimpleQueue[NotifyClient] = SimpleQueue()
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="notify")
        self._ready: dict[int, _Ready] = {}
        self._under_way: dict[int, Future[Delivery]] = {}
        self._down: CarrierDown | None = None
        self._cost: dict[int, int] = {}
        self._any_sent = False

    @property
    def free(self) -> int:
        return AT_ONCE - len(self._ready)

    def load(self, parcels: Sequence[Parcel]) -> list[Delivery]:
        self._require_up()
        mailings = self._mailings(parcels)
        stay = []
        for parcel in parcels:
            try:
                self._ready[parcel.message_id] = self._made_ready(parcel, mailings)
            except Refused as refused:
                stay.append(Delivery(parcel.message_id, Result.REFUSED, refused.detail))
            except InputError as error:
                raise self._dropped(parcels, CarrierDown(str(error), needs_person=True)) from None
            except NeedsPerson as needs:
                raise self._dropped(parcels, _down(needs)) from None
        return stay

    def leave(self, message_ids: Collection[int], note: Note = unnoted) -> None:
        leaving, self._ready = [self._ready[one] for one in message_ids if one in self._ready], {}
        for one in leaving:
            going = self._sent if note(one.message_id) else lambda ready: Delivery.dropped(ready.message_id)
            self._cost[one.message_id] = one.money
            self._under_way[one.message_id] = self._pool.submit(copy_context().run, going, one)

    def answers(self, heard: Heard = unheard) -> list[Delivery]:
        under_way, self._under_way = self._under_way, {}
        told = self._judged(under_way)
        for one in told:
            heard(one)
        return told

    def _judged(self, under_way: Mapping[int, Future[Delivery]]) -> list[Delivery]:
        told = [future.result() for future in under_way.values()]
        self._any_sent = self._any_sent or any(one.result is Result.SENT for one in told)
        self._spend([one.message_id for one in told if one.result in (Result.SENT, Result.UNKNOWN)])
        refused = [one for one in told if one.result is Result.REFUSED and one.bounce is None]
        if self._any_sent or len(refused) < AT_FAULT:
            return told
        self._down = CarrierDown(_REFUSES_ALL.format(code=refused[0].detail), needs_person=True)
        return [replace(one, result=Result.NOT_SENT, again_at_once=True) if one in refused else one for one in told]

    def look(self, message: Message) -> Delivery:
        assert message.id is not None
        now, left = self._context.clock.now(), message.sending_at
        if left is not None and now < left + ASK_AFTER:
            raise CarrierDown(f"{NAME} is asked a moment later.", not_before=left + ASK_AFTER)
        self._require_up()
        client = self._client()
        try:
            found = client.with_reference(reference_of(message))
        except ChannelError as error:
            self._down = _down(error, now)
            raise self._down from None
        finally:
            self._clients.put(client)
        if message.provider_id is not None:  # an earlier try failed, as a receipt said, and is no sign of this one
            found = [one for one in found if OUTCOMES.get(one.status) not in (Outcome.SOFT, Outcome.NOT_SENT)]
        if found:
            return Delivery(message.id, Result.SENT, "found by its reference", found[-1].id)
        if left is None or now - left > KEPT:
            return Delivery(message.id, Result.UNKNOWN, f"{NAME} does not keep what was sent so long")
        if self._is_simulated(message):
            return Delivery(message.id, Result.UNKNOWN, f"{NAME} keeps nothing of what goes to this recipient")
        return Delivery(message.id, Result.NOT_SENT, f"{NAME} has nothing under its reference")

    def close(self) -> None:
        self._ready = {}
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _spend(self, message_ids: Sequence[int]) -> None:
        """Count what these cost: corrections, codes, and what is sent again. They are never stopped by a budget."""
        money, self._cost = sum(self._cost[one] for one in message_ids), {}
        if not money or self._account.id is None:
            return
        try:
            with self._context.database.write() as session:
                reserve(session, self._account.id, Price(Bought.NEEDED, money), self._context.clock.now())
        except DatabaseTrouble:
            _log.warning("what texts of account %s cost could not be counted", self._account.id)

    def _require_up(self) -> None:
        down, now = self._down, self._context.clock.now()
        if down is None:
            return
        if down.not_before is not None and down.not_before <= now:
            self._down = None
            return
        raise CarrierDown(down.detail, needs_person=down.needs_person, not_before=down.not_before)

    def _dropped(self, parcels: Sequence[Parcel], down: CarrierDown) -> CarrierDown:
        for parcel in parcels:
            self._ready.pop(parcel.message_id, None)
        return down

    def _client(self) -> NotifyClient:
        """A client that no other thread uses: the library's is not made for several."""
        if self._clients.empty():
            context = self._context
            return NotifyClient(self._credentials, self._account.base_url, context.settings, context.clock)
        return self._clients.get()

    def _mailings(self, parcels: Sequence[Parcel]) -> Mapping[int, Mailing]:
        wanted = {parcel.message.mailing_id for parcel in parcels if parcel.message.way == Way.TEXT}
        with self._context.database.read() as session:
            found = [session.get(Mailing, one) for one in wanted if one is not None]
        return {one.id: one for one in found if one is not None and one.id is not None}

    def _made_ready(self, parcel: Parcel, mailings: Mapping[int, Mailing]) -> _Ready:
        message, resident, letter = parcel.message, parcel.resident, parcel.letter
        reference, linked = reference_of(message), resident if letter.settings_link else None
        if message.way == Way.TEXT:
            if not self._credentials.get("notify_text_template"):
                raise Refused(NAME, "publish", "template", "the account has no template for texts")
            settings = link(self._context, Purpose.SETTINGS, linked) if linked is not None else None
            mailing = mailings.get(message.mailing_id) if message.mailing_id is not None else None
            text = text_of(letter, mailing, settings, lang=_lang(parcel))
            paid = message.kind == MessageKind.ALERT and not message.tries
            money = 0 if paid else milli(cost_pence(text, self._context.settings))
            return _Ready(parcel.message_id, "sms", parcel.to, "", text, reference, money=money)
        leaving = resident if letter.settings_link or letter.leave_link else None
        leave = leave_link(self._context, message, leaving) if leaving is not None else None
        body = self._body(parcel)
        if len(body.encode()) > MOST_BYTES:
            raise Refused(NAME, "publish", "length", f"too long for {NAME}", reason="length")
        return _Ready(parcel.message_id, "email", parcel.to, " ".join(letter.subject.split()), body, reference, leave)

    def _body(self, parcel: Parcel) -> str:
        """The letter's words, what its pictures show, where to answer, and the links (R30)."""
        message, letter, lang = parcel.message, parcel.letter, _lang(parcel)
        shown = [picture_in_words(one.alt_text, lang) for one in letter.pictures if one.alt_text]
        parts = [letter.text.strip(), *shown]
        if message.kind in _ANSWERED:
            to_answer = _REPLY.get(lang, _REPLY["en"])
            parts.append(f"{to_answer} {reply_address(message, self._credentials['from_address'])}")
        below = footer(self._context, message, parcel.resident, letter) if parcel.resident is not None else ""
        return "\n\n".join([*parts, *below.splitlines()])

    def _sent(self, one: _Ready) -> Delivery:
        """Runs in a thread of the pool. Never raises."""
        if self._down is not None:
            return Delivery(one.message_id, Result.NOT_SENT, "others were turned away", again_at_once=True)
        try:
            client = self._client()
        except ChannelError as error:
            return self._outcome(one, error)
        try:
            if one.way == "sms":
                taken = client.send_text(one.to, one.body, one.reference)
            else:
                taken = client.send_email(one.to, one.subject, one.body, one.reference, unsubscribe=one.unsubscribe)
        except ChannelError as error:
            return self._outcome(one, error)
        finally:
            self._clients.put(client)
        return Delivery(one.message_id, Result.SENT, "201", taken.id)

    def _outcome(self, one: _Ready, error: ChannelError) -> Delivery:
        if isinstance(error, OutcomeUnknown):
            return Delivery(one.message_id, Result.UNKNOWN, f"the answer was lost ({error.code})")
        if not isinstance(error, Refused):
            self._down = _down(error, self._context.clock.now())
            return Delivery(one.message_id, Result.NOT_SENT, error.code, again_at_once=True)
        hard = error.reason == "recipient"
        return Delivery(one.message_id, Result.REFUSED, error.code, bounce=Bounce.HARD if hard else None)

    def _is_simulated(self, message: Message) -> bool:
        """Whether Notify keeps nothing of it; also where nobody can say any more where it went."""
        with self._context.database.read() as session:
            resident = session.get(Resident, message.resident_id) if message.resident_id is not None else None
            if resident is None:
                letter = write(session, self._context, message, None)
                to = letter.to if letter is not None else None
            else:
                contact = contact_of(self._context.vault, resident)
                to = contact.email if message.way == Way.EMAIL else contact.phone
        return not to or _SIMULATED.fullmatch(to) is not None


def _lang(parcel: Parcel) -> str:
    return parcel.resident.lang if parcel.resident is not None else parcel.letter.lang or "en"


def _down(error: ChannelError, now: datetime | None = None) -> CarrierDown:
    """What stops everybody's messages, and until when."""
    if isinstance(error, TryLater):
        until = error.not_before or (now + PAUSE if now is not None else None)
        return CarrierDown(error.detail, not_before=until)
    action = f" {error.action}" if isinstance(error, NeedsPerson) else ""
    return CarrierDown(f"{error.detail}{action}", needs_person=True)
