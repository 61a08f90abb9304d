"""A server that takes X posts on the loopback address and does nothing else: what engine and bare loop are measured
against. In a process of its own, so that its work is not theirs.

    python -m bench.server PORT [SECONDS]      SECONDS: how long it takes to answer"""

import asyncio
import itertools
import json
import sys

_numbers = itertools.count(1)


class _Taker(asyncio.Protocol):
    """One connection. Requests come one after another, each with its length."""

    delay = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport, self._read = transport, b""

    def data_received(self, data: bytes) -> None:
        self._read += data
        while (request := self._next()) is not None:
            if self.delay:
                asyncio.get_running_loop().call_later(self.delay, self._answer, request)
            else:
                self._answer(request)

    def _next(self) -> bytes | None:
        """The body of the next whole request, taken off what was read."""
        head, found, rest = self._read.partition(b"\r\n\r\n")
        if not found:
            return None
        length = 0
        for line in head.split(b"\r\n")[1:]:
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        if len(rest) < length:
            return None
        self._read = rest[length:]
        return rest[:length]

    def _answer(self, request: bytes) -> None:
        text = json.loads(request)["text"] if request else ""
        body = json.dumps({"data": {"id": str(next(_numbers)), "text": text}}).encode()
        head = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
        self._transport.write(head + body)


async def _serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(_Taker, "127.0.0.1", port, backlog=512)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    _Taker.delay = float(sys.argv[2]) if len(sys.argv) > 2 else 0.0
    asyncio.run(_serve(int(sys.argv[1])))
