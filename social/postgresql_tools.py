"""PostgreSQL's own programs for dumps, which know more of it than we do."""

import os
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import URL

from social.errors import BeatlineError


def dump(url: URL, file: Path) -> None:
    """Write one moment's state of the database, in PostgreSQL's own format."""
    _run("pg_dump", url, "--format=custom", "--no-owner", "--no-privileges", f"--file={file}")


def restore(url: URL, file: Path) -> None:
    """Put a dump in the place of what is there: all of it, or nothing changes."""
    _run("pg_restore", url, "--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction",
         "--exit-on-error", str(file))  # fmt: skip


def _run(name: str, url: URL, *arguments: str) -> None:
    program = shutil.which(name)
    if program is None:
        raise BeatlineError(
            f"The program {name} is not on the PATH. Install PostgreSQL's client programs (on Debian or Ubuntu: "
            "sudo apt-get install postgresql-client), or back the database up as its administrator does."
        )
    # The password goes by the environment: arguments can be seen by everybody on the machine.
    environment = dict(os.environ) | ({"PGPASSWORD": str(url.password)} if url.password else {})
    address = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    done = subprocess.run(  # noqa: S603 a program of PostgreSQL, no shell
        [program, *arguments, f"--dbname={address}"], env=environment, stdin=subprocess.DEVNULL, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise BeatlineError(f"{name} could not do it: {said[0] if said else 'it gave no reason'}")
