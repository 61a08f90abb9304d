"""What the letterbox's tests build with: an alert that went out, and a mailbox that its replies come to."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from email.message import EmailMessage

from sqlmodel import select

from social.accounts import Account
from social.alerts.addresses import message_id, reply_address
from social.alerts.letterbox_tables import LetterIn
from social.alerts.mailings import Mailing, Message, MessageState
from social.alerts.messages import new_token
from social.alerts.residents import Resident
from social.attachments import Attachment
from social.context import Context
from social.interactions import Interaction
from social.mail_password import LETTERBOX, keep_password
from social.publications import Publication, record_publication
from tests.alerts.helpers import a_resident
from tests.mail_servers import MailServers

SUBJECT = "Appeal after a burglary in Copperbeck"
REFERENCE = "WP-2291-26"


@dataclass
class Told:
    """An alert that went to one resident.  address: what the force sends from, and reads."""

    context: Context
    address: str
    account: Account
    mailing: Mailing
    publication: Publication
    resident: Resident
    message: Message

    def letter(self, text: str | None = "I saw a white van.", **headers: str) -> EmailMessage:
        """A reply as a mail program writes it.  headers: with '_' for '-', in place of the usual ones; '' for none."""
        usual = {
            "From": "Resident <resident.of.copperbeck@example.org>",
            "To": reply_address(self.message, self.address),
            "Subject": f"Re: {SUBJECT}",
            "Message-ID": f"<{new_token()}@example.org>",
            "Date": "Mon, 01 Jun 2026 10:05:00 +0100",
        }
        letter = EmailMessage()
        for name, value in {**usual, **{name.replace("_", "-"): value for name, value in headers.items()}}.items():
            if value:
                letter[name] = value
        if text is not None:
            letter.set_content(text)
        return letter

    @property
    def message_id(self) -> str:
        return message_id(self.message, self.address)

    def replies(self) -> list[Interaction]:
        with self.context.database.read() as session:
            return list(session.exec(select(Interaction).order_by(Interaction.id)))  # type: ignore[arg-type]  # a column

    def letters(self) -> list[LetterIn]:
        with self.context.database.read() as session:
            return list(session.exec(select(LetterIn).order_by(LetterIn.id)))  # type: ignore[arg-type]  # a column

    def attachments(self) -> list[Attachment]:
        with self.context.database.read() as session:
            return list(session.exec(select(Attachment).order_by(Attachment.id)))  # type: ignore[arg-type]  # a column


def told(context: Context, address: str = "alerts@example.test", *, recorded: bool = True) -> Told:
    """One alert that one resident got.  recorded: the worker has noted that it went out."""
    now = context.clock.now()
    resident = a_resident(context, email="resident.of.copperbeck@example.org")
    account = Account(
        name="alerts", channel="alert", added_at=now, credentials_sealed=context.vault.seal({"from_address": address})
    )
    with context.database.write() as session:
        session.add(account)
        session.flush()
        mailing = Mailing(account_id=account.id or 0, key="k", subject=SUBJECT, text="Did you see anything?",
                          topic="appeals", reference=REFERENCE, audience="{}", made_at=now)  # fmt: skip
        session.add(mailing)
        session.flush()
        message = Message(
            account_id=account.id or 0, resident_id=resident.id, kind="alert", way="email", mailing_id=mailing.id,
            token=new_token(), state=MessageState.SENT.value, made_at=now, due_at=now,
        )  # fmt: skip
        session.add(message)
        publication = Publication(account_id=account.id or 0, platform_id=str(mailing.id), text=mailing.text,
                                  published_at=now, content_type="appeal")  # fmt: skip
        if recorded:
            record_publication(session, publication, now)
    return Told(context, address, account, mailing, publication, resident, message)


def with_mailbox(context: Context, mail: MailServers, address: str) -> None:
    """Let the context read this mailbox."""
    context.settings = replace(
        context.settings, imap_host="localhost", imap_port=mail.imap_port, imap_security="starttls",
        imap_ca_file=str(mail.ca_file), imap_user=address,
    )  # fmt: skip
    with context.database.write() as session:
        keep_password(session, context.vault, mail.passwords[address], LETTERBOX)


Deliver = Callable[[EmailMessage], None]
