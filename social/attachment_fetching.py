"""Takes in what a resident attached, when a person asks for it for a lead: checked, and kept as it came in a sealed copy.

The copy is sealed with a key of its own that only its row holds, sealed in turn. Whatever removes the row has
destroyed the copy, wherever its bytes still lie (R28). EXIF and every other hidden field stay inside; what a page shows
is drawn anew (`attachment_kinds.py`)."""

from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken
from sqlmodel import Session, col, select

from social import audit
from social.accounts import Account
from social.attachment_kinds import SUFFIXES, Recognised, recognise
from social.attachments import Attachment, AttachmentState, address_of, copies_folder, digest, new_copy_name, write_copy
from social.channels.fetching import NotFetched, fetch
from social.context import Context
from social.errors import BeatlineError, InputError
from social.interactions import Interaction
from social.leads import Lead, lead_for
from social.loopback import is_loopback
from social.staff import Person

MOST_BYTES = {"picture": 25_000_000, "video": 100_000_000, "file": 25_000_000}


@dataclass(frozen=True)
class _Asked:
    lead_id: int
    place_id: int | None
    address: str
    kind: str
    channel: str
    practice: bool
    file_name: str
    key: bytes


def fetch_for_lead(context: Context, person: Person, attachment_id: int) -> Recognised:
    """Take in one attachment of a lead.  Returns what it is by its content.

    Raises NotAllowed; InputError for one that is not there, is of no lead, or is a link; NotFetched and InputError,
    noted with the attachment, when the network does not hand it over or it is nothing that may be kept."""
    asked = _begin(context, person, attachment_id)
    try:
        content = fetch(
            asked.address, asked.channel, context.settings, practice=asked.practice, most_bytes=MOST_BYTES[asked.kind]
        )
        found = recognise(content)
    except (NotFetched, InputError) as error:
        _finish(context, person, attachment_id, asked, None, problem=str(error))
        raise
    path = write_copy(context.settings, asked.file_name, asked.key, content)
    if not _finish(context, person, attachment_id, asked, (found, content)):
        path.unlink(missing_ok=True)
        raise InputError("Meanwhile somebody else fetched it, or took the lead back. Look again.")
    return found


def _begin(context: Context, person: Person, attachment_id: int) -> _Asked:
    """Note that it is being fetched, under which name, before anything is."""
    with context.database.write() as session:
        attachment, lead = _attachment(session, person, attachment_id)
        if attachment.kind not in MOST_BYTES:
            raise InputError("A link is not fetched: it is shown as text, and handed off as text.")
        if attachment.state == AttachmentState.HELD and has_copy(context, attachment):
            # The network may not have it any more: what is kept is not given up for another try.
            raise InputError("It is kept already, sealed. Open the lead again.")
        account = _account(session, attachment)
        if account.channel == "alert":
            raise InputError("It came by mail and cannot be fetched: look for the letter in the letterbox.")
        key = Fernet.generate_key()
        attachment.state, attachment.problem = AttachmentState.FETCHING.value, None
        attachment.file_name = new_copy_name()
        attachment.key_sealed = context.vault.seal({"key": key.decode()})
        session.add(attachment)
        return _Asked(
            lead.id or 0, lead.place_id, address_of(context.vault, attachment), attachment.kind, account.channel,
            account.channel == "memory" or is_loopback(account.base_url), attachment.file_name, key,
        )  # fmt: skip


def _account(session: Session, attachment: Attachment) -> Account:
    return session.get_one(Account, session.get_one(Interaction, attachment.interaction_id).account_id)


def _attachment(session: Session, person: Person, attachment_id: int) -> tuple[Attachment, Lead]:
    attachment = session.get(Attachment, attachment_id)
    lead = None
    if attachment is not None:
        lead = session.exec(select(Lead).where(col(Lead.interaction_id) == attachment.interaction_id)).first()
    if attachment is None or lead is None:
        raise InputError("There is no such attachment of a lead. Make the reply a lead first.")
    lead_for(session, person, lead.id or 0)
    return attachment, lead


def _finish(
    context: Context, person: Person, attachment_id: int, asked: _Asked, got: tuple[Recognised, bytes] | None,
    problem: str | None = None,
) -> bool:  # fmt: skip
    """Note how it ended.  False when somebody has forgotten the attachment, or fetched it again, meanwhile."""
    with context.database.write() as session:
        now, attachment = context.clock.now(), session.get(Attachment, attachment_id)
        if attachment is None or attachment.file_name != asked.file_name:
            return False
        if got is None:
            attachment.state, attachment.problem = AttachmentState.FAILED.value, problem
            attachment.file_name = attachment.key_sealed = None
        else:
            found, content = got
            attachment.state, attachment.found = AttachmentState.HELD.value, found.mime
            attachment.size, attachment.sha256 = len(content), digest(content)
            attachment.has_details = found.has_details
        attachment.fetched_at, attachment.fetched_by_id = now, person.id
        session.add(attachment)
        audit.record(
            session, now, actor=person, action="fetch attachment", subject=("lead", asked.lead_id),
            place_id=asked.place_id,
            after={"attachment": attachment_id, "state": attachment.state, "sha256": attachment.sha256},
        )  # fmt: skip
    return True


def original(context: Context, attachment: Attachment) -> bytes:
    """The file as it came, opened from its sealed copy.  Who may have it was asked before.

    Raises BeatlineError when the copy is gone, was changed, or was sealed with another key."""
    gone = BeatlineError("The sealed copy is gone or cannot be opened. Fetch the attachment again.")
    if attachment.state != AttachmentState.HELD or attachment.file_name is None or attachment.key_sealed is None:
        raise BeatlineError("The attachment was not fetched yet.")
    key = context.vault.open(attachment.key_sealed)["key"]
    try:
        content = Fernet(key).decrypt((copies_folder(context.settings) / attachment.file_name).read_bytes())
    except (OSError, InvalidToken):
        raise gone from None
    if digest(content) != attachment.sha256:
        raise gone
    return content


def has_copy(context: Context, attachment: Attachment) -> bool:
    """Whether its sealed copy lies there: backups carry none, so that after a restore it has to be fetched again."""
    return attachment.file_name is not None and (copies_folder(context.settings) / attachment.file_name).is_file()


def name_in_package(number: int, attachment: Attachment) -> str:
    """What the original is called where it is handed off: our own name, never the resident's."""
    return f"attachment-{number}.{SUFFIXES.get(attachment.found or '', 'bin')}"
