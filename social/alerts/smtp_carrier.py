"""Messages as mail, one recipient a message, several at a time on connections that are kept.

A message goes through MAIL, RCPT, DATA and its whole text without the dot that ends it: so far nothing has happened, and
a connection that breaks leaves nothing behind. The sender then records the group as leaving, and only then the dots go.
The more connections, the fewer such records: a disk takes as long for one message as for a group."""

import logging
import smtplib
from collections.abc import Callable, Collection, Sequence
from email.utils import parseaddr

from social.accounts import Account
from social.alerts.addresses import message_id, reference_of, reply_address
from social.alerts.carriers import CarrierDown, Delivery, Heard, Note, Parcel, unheard, unnoted
from social.alerts.footers import footer_lines, leave_link
from social.alerts.letters import Letter
from social.alerts.links import tracking_picture
from social.alerts.mailings import Message, Way
from social.alerts.messages import force_name
from social.alerts.mime import Own, Sender, Sheet, can_stand_in_mail
from social.alerts.sent_folder import SentFolder
from social.alerts.smtp_answers import refused_recipient, refused_text
from social.alerts.smtp_line import GOING_AWAY, LOST, Going, Line, as_they_answer
from social.context import Context
from social.errors import BeatlineError, bare
from social.mail_password import mail_password
from social.smtp import Result, connect, person_needed, require_private

log = logging.getLogger("beatline.alerts")

_SHEETS = 8
"""Letters kept laid out; an alert's is asked for again and again, a resident's own once."""
_BROKE_OFF = "The mail server breaks off the connection before it takes a message."


class SmtpCarrier:
    """The mail server of the settings, for one account.  See `carriers.Carrier`."""

    shows_once = True

    def __init__(self, context: Context, account: Account) -> None:
        self._context, self._settings = context, context.settings
        name, address = parseaddr(context.vault.open(account.credentials_sealed).get("from_address", ""))
        with context.database.read() as session:
            self._password = mail_password(session, context.vault) if self._settings.smtp_user else None
            self._sender = Sender(name or force_name(session), address)
        self._most = self._settings.mail_connections
        self._plain_sender = False
        self._idle: list[Line] = []
        self._loaded: dict[int, Line] = {}
        self._away: dict[int, Line] = {}
        self._dropped: list[Delivery] = []
        self._sheets: dict[tuple[str, ...], tuple[Letter, Sheet]] = {}
        self._taken_mail = SentFolder(context, self._sender.address)

    @property
    def free(self) -> int:
        return self._most - len(self._away)

    def load(self, parcels: Sequence[Parcel]) -> list[Delivery]:
        self._require_settings()
        deliveries, written = self._written(parcels)
        lines = self._lines(len(written)) if written else []
        going = [Going(parcel, text, line) for (parcel, text), line in zip(written, lines, strict=False)]
        stages = (self._mail, self._recipient, self._data, self._text)
        left = going
        for stage in stages:
            left = stage(left, deliveries)
        self._loaded = {one.parcel.message_id: one.line for one in left}
        self._idle += [one.line for one in going if one not in left and not one.line.lost]
        known = {one.message_id for one in deliveries} | set(self._loaded)
        broken = [_again(parcel) for parcel, _ in written if parcel.message_id not in known]
        if broken and len(broken) == len(written) and any(not one.line.used for one in going):
            raise CarrierDown(_BROKE_OFF)  # also on a new connection
        return deliveries + broken

    def leave(self, message_ids: Collection[int], note: Note = unnoted) -> None:
        for number, line in self._loaded.items():
            if number not in message_ids:
                line.close()
            elif note(number):
                line.end()
                self._away[number] = line
            else:
                line.close()
                self._dropped.append(Delivery.dropped(number))
        self._loaded = {}

    def answers(self, heard: Heard = unheard) -> list[Delivery]:
        told = list(self._dropped)
        for delivery in self._dropped:
            heard(delivery)
        for number in as_they_answer(self._away):
            told.append(_outcome(number, self._away[number]))
            heard(told[-1])
        self._idle += [line for line in self._away.values() if not line.lost]
        self._away, self._dropped = {}, []
        return told

    def look(self, message: Message) -> Delivery:
        assert message.id is not None
        if not self._settings.imap_sent_folder:
            return Delivery(message.id, Result.UNKNOWN, "A mail server cannot be asked what became of a message.")
        return self._taken_mail.look(message)

    def close(self) -> None:
        for line in self._idle:
            line.quit()
        for line in (*self._loaded.values(), *self._away.values()):
            line.close()
        self._idle, self._loaded, self._away = [], {}, {}
        self._taken_mail.close()

    # Connections

    def _require_settings(self) -> None:
        if not self._settings.smtp_host:
            raise CarrierDown("No mail server is set: see smtp_host.", needs_person=True)
        if not can_stand_in_mail(self._sender.address):
            raise CarrierDown("The account's from_address is no address that mail can come from.", needs_person=True)

    def _lines(self, count: int) -> list[Line]:
        """So many connections, or as many as the server allows.  Raises CarrierDown when there is none."""
        lines = [line for line in self._idle if not line.lost][:count]
        self._idle = [line for line in self._idle if line not in lines]
        while len(lines) < count:
            try:
                lines.append(self._open())
            except CarrierDown:
                if not lines and not self._away:
                    raise
                # The server allows us no more than these: that is enough.
                self._most = max(1, len(lines) + len(self._away))
                break
        for line in lines:
            line.forget()
        return lines

    def _open(self) -> Line:
        try:
            require_private(self._settings)
            return Line(connect(self._settings, self._password))
        except BeatlineError as error:
            raise CarrierDown(str(error), needs_person=True) from None
        except (OSError, smtplib.SMTPException) as error:
            sentence = person_needed(error)
            detail = sentence or f"The mail server cannot be used ({type(error).__name__})."
            raise CarrierDown(detail, needs_person=sentence is not None) from None

    # One step of the protocol for all of a group: those that go on are handed back

    def _mail(self, going: Sequence[Going], _deliveries: list[Delivery]) -> list[Going]:
        self._tell(going, self._sender_command)
        left, refused = [], False
        for one in going:
            reply = one.line.hear()
            if one.line.used and reply[0] in (*LOST[:1], GOING_AWAY):  # it was idle for too long
                reply = self._anew(one)
            if reply[0] >= 500:
                reply = self._from_plain(one)
                refused = refused or reply[0] >= 500
            if _is_good(reply[0]):
                left.append(one)
                one.line.begun = True
            else:
                one.line.close()
        if refused and not left:
            raise CarrierDown("The mail server takes no mail from the account's from_address.", needs_person=True)
        return left

    def _sender_command(self, one: Going) -> str:
        message = one.parcel.message
        sender = self._sender.address if self._plain_sender else reply_address(message, self._sender.address)
        envelope = f" RET=HDRS ENVID={reference_of(message)}" if one.line.notifies else ""
        return f"MAIL FROM:<{sender}>{envelope}"

    def _anew(self, one: Going) -> tuple[int, bytes]:
        try:
            one.line = self._open()
        except CarrierDown:
            return LOST
        one.line.say(self._sender_command(one))
        return one.line.hear()

    def _from_plain(self, one: Going) -> tuple[int, bytes]:
        """Some servers let an account send only as its bare address: then bounces come back to that."""
        self._plain_sender = True
        one.line.say(self._sender_command(one))
        return one.line.hear()

    def _recipient(self, going: Sequence[Going], deliveries: list[Delivery]) -> list[Going]:
        self._tell(going, lambda one: f"RCPT TO:<{one.parcel.to}>{' NOTIFY=FAILURE' if one.line.notifies else ''}")
        return self._taken(going, deliveries, refused_recipient)

    def _data(self, going: Sequence[Going], deliveries: list[Delivery]) -> list[Going]:
        self._tell(going, lambda _one: "DATA")
        return self._taken(going, deliveries, refused_text)

    def _text(self, going: Sequence[Going], _deliveries: list[Delivery]) -> list[Going]:
        for one in going:
            one.line.give(one.text)
        left = []
        for one in going:
            if one.line.is_quiet():
                one.line.used = True
                left.append(one)
            else:
                one.line.close()
        return left

    @staticmethod
    def _tell(going: Sequence[Going], command: Callable[[Going], str]) -> None:
        for one in going:
            one.line.say(command(one))

    @staticmethod
    def _taken(
        going: Sequence[Going], deliveries: list[Delivery], judge: Callable[[int, int, bytes], Delivery]
    ) -> list[Going]:
        left = []
        for one in going:
            code, words = one.line.hear()
            if 200 <= code < 400:
                left.append(one)
            elif code >= 400 and code != GOING_AWAY:
                deliveries.append(judge(one.parcel.message_id, code, words))
        return left

    # What the messages say

    def _written(self, parcels: Sequence[Parcel]) -> tuple[list[Delivery], list[tuple[Parcel, bytes]]]:
        refused, written = [], []
        for parcel in parcels:
            if parcel.message.way != Way.EMAIL:
                refused.append(Delivery(parcel.message_id, Result.REFUSED, "texts go by GOV.UK Notify alone"))
                continue
            if not can_stand_in_mail(parcel.to):
                refused.append(Delivery(parcel.message_id, Result.REFUSED, "the address cannot be written in mail"))
                continue
            try:
                written.append((parcel, self.written(parcel)))
            except BeatlineError as error:  # no message can be written, such as without public_address
                raise CarrierDown(str(error), needs_person=True) from None
            except (ValueError, TypeError, LookupError) as error:
                log.error("message %s could not be written", parcel.message_id, exc_info=bare(error))
                refused.append(Delivery(parcel.message_id, Result.REFUSED, "it could not be written as mail"))
        return refused, written

    def written(self, parcel: Parcel) -> bytes:
        message, resident, letter = parcel.message, parcel.resident, parcel.letter
        lang = resident.lang if resident is not None else letter.lang or "en"
        leaving = resident is not None and (letter.settings_link or letter.leave_link)
        leave = leave_link(self._context, message, resident) if resident is not None and leaving else None
        reply_to = reply_address(message, self._sender.address)
        own = Own(
            to=parcel.to,
            message_id=message_id(message, self._sender.address),
            reply_to=reply_to,
            date=self._context.clock.now(),
            lang=lang,
            lines=tuple(footer_lines(self._context, message, resident, letter)),
            leave=leave,
            stop=reply_to if self._settings.imap_host else None,
            picture=tracking_picture(self._context, message) if leave is not None and letter.settings_link else None,
        )
        return self._sheet(letter, message.kind, letter.lang or lang).filled(own)

    def _sheet(self, letter: Letter, kind: str, lang: str) -> Sheet:
        key = (kind, lang, letter.subject, letter.text)
        kept = self._sheets.get(key)
        if kept is None or kept[0] != letter:
            if len(self._sheets) >= _SHEETS:
                self._sheets.clear()
            kept = self._sheets[key] = (letter, Sheet(letter, kind, self._sender, lang))
        return kept[1]


def _is_good(code: int) -> bool:
    return 200 <= code < 300


def _again(parcel: Parcel) -> Delivery:
    return Delivery(parcel.message_id, Result.NOT_SENT, "the connection was lost before it left", again_at_once=True)


def _outcome(number: int, line: Line) -> Delivery:
    code, words = line.hear()
    line.begun = False
    if _is_good(code):
        return Delivery(number, Result.SENT, str(code))
    if code < 400:
        line.close()
        return Delivery(number, Result.UNKNOWN, "the mail server's answer was lost")
    return refused_text(number, code, words)
