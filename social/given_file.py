"""What commands are given as an argument or in a file, and files that only their owner reads."""

import os
import sys
from pathlib import Path

import typer

from social.errors import InputError


def words_given(words: str | None, file: Path | None, what: str = "WORDS") -> str:
    """The argument, or what is in the file; '-' is standard input.  Raises InputError for a file that is no text."""
    if (words is None) == (file is None):
        raise typer.BadParameter(f"give {what}, or a file with it", param_hint=f"{what} or --file")
    if words is not None:
        return words
    assert file is not None
    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file} cannot be read as text: {error}.") from error


def new_private_file(path: Path, text: str) -> None:
    """A new file that nobody else may read; what is there is left alone.  Raises InputError where there is one."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8",
                       newline="") as file:  # fmt: skip
            file.write(text)
    except FileExistsError as error:
        raise InputError(f"{path} is there already. Move it away, then try again.") from error
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}. Give a folder that is there.") from error
