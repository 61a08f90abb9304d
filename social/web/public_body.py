"""What the outside sends, read within bounds: so long, so slow, and so many at once, and no more.

A body that trickles in costs a place, not the service: each has to be whole within seconds, and when all places are
taken the next is asked to come again rather than kept waiting."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from starlette.datastructures import Headers
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

WHOLE_WITHIN = 10.0
"""Seconds from the first look at a body to its end."""
PLACES = 64
"""Bodies that are read at one time; fewer than the connections that the server takes."""
LONGEST_FORM = 64_000
"""Bytes of a form: a thousand areas ticked are 20,000."""
MOST_FIELDS = 2_000


class NotTaken(Exception):
    """A body that is not taken.  status: for the answer, which also ends the connection."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status, self.words = status, words


CLOSE = {"Connection": "close"}
"""For the answer to a body that was not read to its end: what still comes of it is not waited for."""


@dataclass
class Places:
    """How many bodies are being read in this process."""

    taken: int = 0


PLACES_TAKEN = Places()


@dataclass(frozen=True)
class Form:
    """What was filled in: every value of each field, in order."""

    values: dict[str, list[str]] = field(default_factory=dict, repr=False)

    def one(self, name: str) -> str:
        """The field's only or last value without spaces around it; '' where it was not sent."""
        return self.values.get(name, [""])[-1].strip()

    def many(self, name: str) -> list[str]:
        return self.values.get(name, [])

    def __contains__(self, name: str) -> bool:
        return name in self.values


async def read_body(request: Request, longest: int) -> bytes:
    """The raw body.  longest: bytes.

    Raises NotTaken for one that is too long, too slow, broken off, or one too many."""
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > longest:
        raise NotTaken(413, "That was too long.")
    if PLACES_TAKEN.taken >= PLACES:
        raise NotTaken(503, "Too much comes in at this moment. Try again in a minute.")
    PLACES_TAKEN.taken += 1
    try:
        async with asyncio.timeout(WHOLE_WITHIN):
            return await _read(request, longest)
    except TimeoutError:
        raise NotTaken(408, "That took too long to arrive. Try again.") from None
    except ClientDisconnect:
        raise NotTaken(400, "That broke off. Try again.") from None
    finally:
        PLACES_TAKEN.taken -= 1


async def read_form(request: Request) -> Form:
    """The form that was sent: in parts where it says so, else as browsers do, whatever a mail program calls it.

    Raises NotTaken, also for what cannot be read."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = await read_body(request, LONGEST_FORM)
    try:
        if kind == "multipart/form-data":
            return await _parts(request.headers, body)
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except (ValueError, MultiPartException):
        raise NotTaken(400, "That form could not be read.") from None
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(_sound(value))
    return Form(values)


async def _read(request: Request, longest: int) -> bytes:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > longest:
            raise NotTaken(413, "That was too long.")
    return bytes(body)


def _sound(value: str) -> str:
    """Without what no page and no file can hold: NUL, and halves of signs, which a form in parts can bring in a charset of
    its own."""
    return value.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


async def _parts(headers: Headers, body: bytes) -> Form:
    """A form in parts, as RFC 8058 asks of mail programs; files are not taken."""

    async def whole() -> AsyncGenerator[bytes, None]:
        yield body

    values: dict[str, list[str]] = {}
    parsed = await MultiPartParser(headers, whole(), max_files=0, max_fields=MOST_FIELDS).parse()
    for name, value in parsed.multi_items():
        if isinstance(value, str):
            values.setdefault(name, []).append(_sound(value))
    return Form(values)
