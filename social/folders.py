"""Folders that hold what is nobody else's business: the database, the key."""

from pathlib import Path

from social.errors import BeatlineError


def make_private_folder(folder: Path) -> None:
    """Make a folder for its owner alone where there is none.  Raises BeatlineError that says what to do."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise BeatlineError(
            f"The folder {folder} cannot be made ({error.strerror}). Set BEATLINE_HOME to one that is yours."
        ) from error
