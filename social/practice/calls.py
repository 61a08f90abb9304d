"""One request and one answer, free of HTTP machinery, and the table of who handles which path."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Upload:
    """One file of a multipart body."""

    content: bytes
    mime: str


@dataclass(frozen=True)
class Call:
    """A request.  query, form: last value wins.  body: the JSON object, {} when there is none.  base: our own origin."""

    method: str
    path: str
    query: Mapping[str, str]
    form: Mapping[str, str]
    files: Mapping[str, Upload]
    body: Mapping[str, Any]
    headers: Mapping[str, str]
    base: str

    @property
    def params(self) -> dict[str, str]:
        """Query, form and JSON body as one, as the Graph API reads them."""
        flat = {name: value if isinstance(value, str) else _as_text(value) for name, value in self.body.items()}
        return {**flat, **self.form, **self.query}


def _as_text(value: Any) -> str:
    return json.dumps(value)


@dataclass(frozen=True)
class Answer:
    """A response.  body: a JSON value, or HTML when `html` is set."""

    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)
    html: bool = False


class Halt(Exception):
    """Ends a handler early with an answer, such as an error of the network."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(str(answer.status))
        self.answer = answer


Handler = Callable[[Call, "re.Match[str]"], Answer]


@dataclass(frozen=True)
class Route:
    """purpose: the name that fault switches use, one of `faults.ROUTES`.  limit: the row of `limits.X_LIMITS`, or ''."""

    method: str
    pattern: "re.Pattern[str]"
    handler: Handler
    purpose: str
    limit: str = ""


def route(method: str, pattern: str, handler: Handler, purpose: str, limit: str = "") -> Route:
    return Route(method, re.compile(pattern + r"/?\Z"), handler, purpose, limit)


def find_route(routes: tuple[Route, ...], method: str, path: str) -> tuple[Route, "re.Match[str]"] | None:
    """The first route that takes this path, with its match."""
    for candidate in routes:
        if candidate.method == method and (match := candidate.pattern.match(path)):
            return candidate, match
    return None
