"""Other machines that workers run on, and the lines between them and everything else, which can be cut.

Where the campaign is alone (`alone.py`) a host is a network namespace with a line of its own: what is 127.0.0.1
elsewhere lies at the far end of that line, so that nothing need be told another address. Where it is not, a host is
the same machine and its line a relay (`relay.py`)."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from tests.faults.alone import is_alone

ROOT = Path(__file__).parent.parent.parent
CUTS = ("cut", "deaf")
"""cut: nothing comes through.  deaf: what the host says arrives, and it hears no answer."""


class Host(Protocol):
    """order: what a worker is told so that it starts there."""

    order: dict[str, Any]

    def cut(self, how: str) -> None: ...

    def join(self) -> None:
        """The line works again, with whatever the systems at its ends still had to say."""

    def close(self) -> None: ...


def make_hosts(count: int, ports: Sequence[int]) -> list[Host]:
    """ports: those of the loopback address that the hosts must reach."""
    return [_Namespace(number + 1) if is_alone() else _Relayed(ports) for number in range(count)]


def kind_of_hosts() -> str:
    return "network namespaces" if is_alone() else "relays (no network namespaces here)"


class _Namespace:
    """Kept by a process that sleeps in it; when that ends, the namespace and its line do too."""

    def __init__(self, number: int) -> None:
        self._line, self._far = f"line{number}", f"10.99.{number}.2"
        near, end = f"10.99.{number}.1", f"end{number}"
        self._keeper = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", "unshare", "--net", "sh", "-c", "echo; exec sleep infinity"],
            stdout=subprocess.PIPE,
        )
        assert self._keeper.stdout is not None
        self._keeper.stdout.readline()
        keeper = str(self._keeper.pid)
        self.order: dict[str, Any] = {"namespace": f"/proc/{keeper}/ns/net"}
        inside = ["nsenter", "-t", keeper, "-n"]
        _do("ip", "link", "add", self._line, "type", "veth", "peer", "name", end, "netns", keeper)
        _do("ip", "addr", "add", f"{near}/30", "dev", self._line)
        _do("ip", "link", "set", self._line, "up")
        _do(*inside, "ip", "addr", "add", f"{self._far}/30", "dev", end)
        _do(*inside, "ip", "link", "set", end, "up")
        # Addresses that begin with 127 may leave and enter by this line.
        _do("sh", "-c", f"echo 1 > /proc/sys/net/ipv4/conf/{self._line}/route_localnet")
        _do(*inside, "sh", "-c", f"echo 1 > /proc/sys/net/ipv4/conf/{end}/route_localnet")
        _do(*inside, "ip", "route", "add", "127.0.0.1/32", "via", near, "dev", end, "src", self._far)

    def cut(self, how: str) -> None:
        if how == "cut":
            _do("ip", "link", "set", self._line, "down")
        else:
            _do("ip", "route", "replace", "blackhole", f"{self._far}/32")

    def join(self) -> None:
        _do("ip", "link", "set", self._line, "up")
        subprocess.run(["ip", "route", "del", "blackhole", f"{self._far}/32"], capture_output=True, check=False)

    def close(self) -> None:
        self._keeper.kill()
        self._keeper.wait()
        assert self._keeper.stdout is not None
        self._keeper.stdout.close()


def _do(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}: {done.stderr}"


class _Relayed:
    def __init__(self, ports: Sequence[int]) -> None:
        self._relay = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.relay", *map(str, ports)], cwd=ROOT,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._relay.stdout is not None
        own = self._relay.stdout.readline().split()
        self.order: dict[str, Any] = {"relays": dict(zip(map(str, ports), map(int, own), strict=True))}

    def cut(self, how: str) -> None:
        self._say(how)

    def join(self) -> None:
        self._say("join")

    def _say(self, word: str) -> None:
        assert self._relay.stdin is not None
        self._relay.stdin.write(f"{word}\n")
        self._relay.stdin.flush()

    def close(self) -> None:
        self._relay.communicate(timeout=10)
