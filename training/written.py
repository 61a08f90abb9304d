"""Reads `lessons/*.txt`: replies written one by one, each under the post it answers.

A section begins with `@ kind of post | the post's words`; `@ any` stands for no post in particular. A line is
`CODE flags | reply`: three letters say kind (E emergency, L lead, A abuse, C complaint, Q question, T thanks, B banter,
O other), stance toward police or post (n negative, u neutral, p positive) and what it is about (p police, c crime or
offender, o other); flags are joined by commas and may be missing. Everything is invented; labels keep to docs/definitions.md."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from insights.reading.base import About, Flag, Kind

FOLDER = Path(__file__).with_name("lessons")
KINDS = dict(zip("ELACQTBO", (kind.value for kind in Kind), strict=True))
STANCES = {"n": "negative", "u": "neutral", "p": "positive"}
ABOUT = {"p": About.POLICE.value, "c": About.CRIME.value, "o": About.OTHER.value}


@dataclass(frozen=True)
class Written:
    """line: 'file:number'.  post_kind, post: '' under no post in particular.  flags: names of `Flag`."""

    line: str
    post_kind: str
    post: str
    text: str
    stance: str
    kind: str
    about: str
    flags: tuple[str, ...] = ()


def written(folder: Path = FOLDER) -> list[Written]:
    """Every lesson, in order of the files' names.  Raises ValueError that names a line which cannot be read."""
    return [lesson for path in sorted(folder.glob("*.txt")) for lesson in _of(path)]


def _of(path: Path) -> Iterator[Written]:
    post_kind = post = ""
    for number, row in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not row.strip() or row.startswith("# "):
            continue
        head, _, rest = row.partition(" | ")
        if row.startswith("@ "):
            kind = head[2:].strip()
            post_kind, post = ("", "") if kind == "any" else (kind, rest.strip())
            continue
        try:
            code, *flags = head.split()
            kind_of, stance, about = code
            named = tuple(Flag(flag).value for flag in ",".join(flags).split(",") if flag)
            yield Written(
                f"{path.name}:{number}",
                post_kind,
                post,
                rest.strip(),
                STANCES[stance],
                KINDS[kind_of],
                ABOUT[about],
                named,
            )
        except (ValueError, KeyError) as error:
            raise ValueError(f"{path.name}, line {number}: cannot be read: {row}") from error
