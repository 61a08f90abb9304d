"""The passwords of the mail servers, for sending and of the letterbox, sealed at rest as an account's credentials are."""

from pathlib import Path

from sqlmodel import Field, Session, SQLModel

from social.errors import InputError
from social.vault import Vault

SENDING = "smtp_password"
LETTERBOX = "imap_password"


class SealedSecret(SQLModel, table=True):
    """A secret of this installation.  name: what it is for.  sealed: by the vault."""

    __tablename__ = "sealed_secret"

    name: str = Field(primary_key=True)
    sealed: bytes


def keep_password(session: Session, vault: Vault, password: str, name: str = SENDING) -> None:
    """Seal it and take it in place of the one before.  name: SENDING or LETTERBOX.

    Raises InputError for one that no server takes."""
    if not password or len(password) > 500 or not password.isprintable():
        raise InputError("Give the password on one line, of at most 500 characters.")
    session.merge(SealedSecret(name=name, sealed=vault.seal({name: password})))


def mail_password(session: Session, vault: Vault, name: str = SENDING) -> str | None:
    """The password; None when none was given.  Raises BeatlineError when it was sealed with another key."""
    found = session.get(SealedSecret, name)
    return vault.open(found.sealed)[name] if found is not None else None


def password_in(file: Path) -> str:
    """The password that a file holds and nothing else.  Raises InputError when it cannot be read."""
    try:
        return file.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        raise InputError(f"Cannot read '{file.name}'.") from None
