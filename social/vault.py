"""Seals credentials at rest and residents' links, and makes the keyed hashes that join a thread. One key, from the
environment or a file."""

import base64
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from social.errors import BeatlineError, InputError
from social.folders import make_private_folder
from social.settings import Settings


class Vault:
    """Holds the key.  secret: any text of at least 32 characters."""

    def __init__(self, secret: str) -> None:
        if len(secret) < 32:
            raise InputError("The key is too short. Set BEATLINE_KEY to at least 32 random characters.")
        self._fernet = Fernet(base64.urlsafe_b64encode(_derive(secret, b"credentials")))
        self._hash_key = _derive(secret, b"thread")
        self.audit_key = _derive(secret, b"audit")
        self._sign_in_key = _derive(secret, b"sign-in")
        self._contact_key = _derive(secret, b"contact")
        self._links = AESSIV(_derive(secret, b"links") + _derive(secret, b"links 2"))

    def seal(self, credentials: Mapping[str, str]) -> bytes:
        return self._fernet.encrypt(json.dumps(dict(credentials), sort_keys=True).encode())

    def open(self, sealed: bytes) -> dict[str, str]:
        """Raises BeatlineError when the key is not the one that sealed."""
        try:
            opened: dict[str, str] = json.loads(self._fernet.decrypt(sealed))
        except InvalidToken as error:
            raise BeatlineError(
                "The credentials were sealed with another key. Put back the key they were sealed with "
                "(BEATLINE_KEY or the file `key` in the home folder), or add the account again."
            ) from error
        return opened

    def thread_key(self, thread: str, author: str) -> str:
        """A name for the author that means nothing outside this one thread (R25)."""
        return hmac.new(self._hash_key, f"{thread}\0{author}".encode(), hashlib.sha256).hexdigest()[:32]

    def contact_key(self, way: str, contact: str) -> str:
        """What finds the resident whom an address or a number belongs to, and says neither: hex, 64 characters.

        way: email or phone.  contact: as `social.alerts.contacts` writes it, so that one address has one key."""
        return hmac.new(self._contact_key, f"{way}\0{contact}".encode(), hashlib.sha256).hexdigest()

    def sign_in_digest(self, *parts: str) -> str:
        """What stands for an address or a purpose where signing in keeps count or needs a secret: hex, 64 characters."""
        return hmac.new(self._sign_in_key, "\0".join(parts).encode("utf-8", "replace"), hashlib.sha256).hexdigest()

    def seal_link(self, purpose: str, plain: bytes) -> str:
        """The token of a link: the same for the same purpose and bytes, safe in an address, and naming nobody."""
        return _token(self._links.encrypt(plain, [purpose.encode()]))

    def open_link(self, purpose: str, token: str) -> bytes | None:
        """What was sealed; None for what this key never sealed for this purpose, and for another spelling of the same
        bytes: what counts once is known by its token."""
        try:
            sealed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
            plain = self._links.decrypt(sealed, [purpose.encode()])
        except (ValueError, InvalidTag):
            return None
        return plain if _token(sealed) == token else None

    def app_key(self, channel: str, key: str) -> str:
        """A name for a network's app by which two accounts of one app know each other, without its key."""
        return hmac.new(self._hash_key, f"app\0{channel}\0{key}".encode(), hashlib.sha256).hexdigest()[:32]


def _token(sealed: bytes) -> str:
    return base64.urlsafe_b64encode(sealed).decode("ascii").rstrip("=")


def open_vault(settings: Settings) -> Vault:
    """The vault with the key of the settings, else of the file `key` in the home folder, made when there is none.

    Raises BeatlineError when others may read the file."""
    if settings.key:
        return Vault(settings.key)
    path = settings.home / "key"
    make_private_folder(settings.home)
    if not path.exists():
        _make_key(path)
    _require_private(path)
    return Vault(path.read_text(encoding="ascii").strip())


def _make_key(path: Path) -> None:
    """Put a key there, whole or not at all, unless another process has just done so: its key is then the one."""
    fresh = path.with_name(f"key.{secrets.token_hex(8)}.new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()


def _require_private(path: Path) -> None:
    if path.stat().st_mode & 0o077:
        raise BeatlineError(f"Others may read the key file. Run `chmod 600 {path}`, then try again.")


def _derive(secret: str, purpose: bytes) -> bytes:
    return hmac.new(secret.encode(), b"beatline/" + purpose, hashlib.sha256).digest()
