"""Reads the Graph API's field lists: `id,from{id,name},reactions.type(LOVE).limit(0).summary(total_count).as(love)`."""

import re
from dataclasses import dataclass

from social.practice.graph_errors import graph_error

_NAME = re.compile(r"[a-z_A-Z0-9]+")


@dataclass(frozen=True)
class Wanted:
    """One field.  args: its modifiers, as in `limit(0)`.  shown: the key in the answer.  inner: fields in braces."""

    name: str
    args: dict[str, str]
    shown: str
    inner: tuple["Wanted", ...]


def read_fields(text: str) -> tuple[Wanted, ...]:
    """The fields of a list.  Raises Halt with the network's syntax error (code 2500)."""
    return tuple(_field(part) for part in _split(text)) if text else ()


def _split(text: str) -> list[str]:
    """Cut at the commas that stand in no bracket."""
    parts, depth, start = [], 0, 0
    for place, sign in enumerate(text):
        if sign in "({":
            depth += 1
        elif sign in ")}":
            depth -= 1
        elif sign == "," and depth == 0:
            parts.append(text[start:place])
            start = place + 1
    if depth:
        raise _syntax(text)
    return [part.strip() for part in [*parts, text[start:]] if part.strip()]


def _field(text: str) -> Wanted:
    match = _NAME.match(text)
    if not match:
        raise _syntax(text)
    name, rest = match.group(0), text[match.end() :]
    args: dict[str, str] = {}
    inner: tuple[Wanted, ...] = ()
    while rest:
        if rest.startswith("{") and rest.endswith("}"):
            inner, rest = read_fields(rest[1:-1]), ""
        elif modifier := re.match(r"\.([a-z_]+)\(([^()]*)\)", rest):
            args[modifier.group(1)] = modifier.group(2)
            rest = rest[modifier.end() :]
        else:
            raise _syntax(text)
    return Wanted(name, args, args.get("as", name), inner)


def _syntax(text: str) -> Exception:
    return graph_error(2500, f'Syntax error "Expected name." in field list: {text[:60]}')
