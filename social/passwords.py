"""Passwords of local accounts: argon2id with its parameters kept beside each hash, and what makes a password too weak.

The rules follow the National Cyber Security Centre: length, and nothing that is guessed first; no rules about signs."""

import threading
import unicodedata
from collections.abc import Sequence

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST = 12
MOST = 200
"""Characters. Longer than anybody types, and short enough that nobody keeps the machine busy with one."""

NOBODY = ""
"""The hash of an account that no password opens."""

_GUESSED_FIRST = ("password", "passw0rd", "qwerty", "letmein", "welcome", "beatline", "neighbourhood", "police",
                  "iloveyou", "football", "liverpool", "administrator", "changeme", "123456789", "abcdefgh")  # fmt: skip
"""Each takes the place of one character when it is counted how long a password is."""

_hasher = PasswordHasher()  # the second choice of RFC 9106: 64 MiB, three passes, four lanes
_at_once = threading.BoundedSemaphore(2)  # each hash takes 64 MiB: guesses from everywhere must not take them all
_stand_in: list[str] = []


def problem_with(password: str, about: Sequence[str] = ()) -> str | None:
    """What is wrong with a new password, as a sentence; None when nothing is.

    about: words that others would try first, such as the person's name and address."""
    if len(password) > MOST:
        return f"Choose a password of at most {MOST} characters."
    if len(password) < LEAST:
        return f"Choose a password of at least {LEAST} characters. Three or four words that do not belong together do well."
    rest = password.casefold()
    for word in (*_GUESSED_FIRST, *(part.casefold() for part in about if len(part) > 2)):
        rest = rest.replace(word, "*")
    if len(rest) < LEAST - 3 or len(set(rest)) < 6:
        return "That password is guessed too soon. Choose one without your name, common words and repeated signs."
    return None


def hash_password(password: str) -> str:
    """What is stored in place of the password."""
    with _at_once:
        return _hasher.hash(_same(password))


def opens(password: str, stored: str | None) -> bool:
    """Whether the password is the one behind the hash.

    stored: None or NOBODY where there is none: then as long is worked as if there were, so that time tells nothing."""
    if not _stand_in:
        _stand_in.append(hash_password("nobody has this password"))
    with _at_once:
        try:
            _hasher.verify(stored or _stand_in[0], _same(password[:MOST]))
        except (VerificationError, InvalidHashError):
            return False
    return bool(stored) and len(password) <= MOST


def outgrown(stored: str) -> bool:
    """Whether the hash was made with other parameters than today's, so that it should be made anew."""
    return _hasher.check_needs_rehash(stored)


def _same(password: str) -> str:
    """One spelling for what looks the same on different keyboards."""
    return unicodedata.normalize("NFKC", password)
