"""Somebody at Beatline's pages without a browser: speaks Streamlit's own protocol, draws nothing, and costs next to nothing."""

import time
from typing import NamedTuple

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect


class Look(NamedTuple):
    """A page as one person has it open.  path: in the address, '' for the first page.  query: what follows the '?'."""

    title: str
    path: str
    query: str = ""


TODAY = Look("Today", "")
FAILED = ("There is a problem", "The database did not answer", "You may not", "Beatline cannot start")
"""How what a page says begins when it does not show what it is there for."""


class Visitor:
    """One open tab."""

    def __init__(self, connection: ClientConnection, look: Look) -> None:
        self._connection, self._look = connection, look

    async def rerun(self) -> float:
        """Ask for the page as a click does.  Returns seconds until it is whole.  Raises RuntimeError when it failed."""
        message = BackMsg()
        message.rerun_script.page_name = self._look.path
        message.rerun_script.query_string = self._look.query
        begun = time.perf_counter()
        await self._connection.send(message.SerializeToString())
        while True:
            answer = ForwardMsg()
            answer.ParseFromString(await self._connection.recv(decode=False))
            if answer.HasField("delta") and _failed(answer.delta.new_element):
                raise RuntimeError(f"the page '{self._look.title}' failed")
            if answer.WhichOneof("type") == "script_finished":
                return time.perf_counter() - begun

    async def leave(self) -> None:
        await self._connection.close()


def _failed(element: Element) -> bool:
    said = element.alert.body if element.HasField("alert") else element.heading.body
    return element.HasField("exception") or said.startswith(FAILED)


async def visit(port: int, look: Look = TODAY) -> tuple[Visitor, float]:
    """Open the page in a new tab.  Returns the tab, and seconds from connecting until the page is whole."""
    begun = time.perf_counter()
    connection = await connect(f"ws://127.0.0.1:{port}/_stcore/stream", max_size=None)
    visitor = Visitor(connection, look)
    await visitor.rerun()
    return visitor, time.perf_counter() - begun


def cpu_of(process: int) -> float:
    """Seconds of processor that the process and its threads have used, to the microsecond.  process: its number.

    The name of another process's clock is made as the C library makes it (clock_getcpuclockid)."""
    return time.clock_gettime((~process << 3) | 2)
