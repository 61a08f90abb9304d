"""A line that can be cut, for machines without network namespaces: takes connections and passes on what comes.

    python -m tests.faults.relay 8765 5432     prints a port for each of these; then reads words:

cut: nothing passes.  deaf: answers do not pass.  join: all passes again. What a side said before it hung up while the
line was cut is lost, as it is on a real line when the system takes it off the wire."""

import select
import socket
import sys
import threading

_TURN = 0.02
_GONE = select.POLLERR | select.POLLHUP | select.POLLRDHUP


class Line:
    def __init__(self) -> None:
        self.state = "join"

    def serve(self, listener: socket.socket, port: int) -> None:
        while True:
            near, _ = listener.accept()
            threading.Thread(target=self._carry, args=(near, port), daemon=True).start()

    def _carry(self, near: socket.socket, port: int) -> None:
        while self.state == "cut":
            if _hung_up(near):
                near.close()
                return
        try:
            with near, socket.create_connection(("127.0.0.1", port), 5) as far:
                while self._pass_on(near, far):
                    pass
        except OSError:
            return

    def _pass_on(self, near: socket.socket, far: socket.socket) -> bool:
        """One turn.  Returns False when either side has ended."""
        if self.state != "join" and _hung_up(near):
            return False
        ready, _, _ = select.select([near, far], [], [], _TURN)
        for source, target in ((near, far), (far, near)):
            if source not in ready or self.state == "cut" or (source is far and self.state == "deaf"):
                continue
            said = source.recv(65536)
            if not said:
                return False
            target.sendall(said)
        return True


def _hung_up(near: socket.socket) -> bool:
    poll = select.poll()
    poll.register(near, _GONE)
    return bool(poll.poll(_TURN * 1000))


def main() -> None:
    line, own = Line(), []
    for port in map(int, sys.argv[1:]):
        listener = socket.create_server(("127.0.0.1", 0))
        own.append(str(listener.getsockname()[1]))
        threading.Thread(target=line.serve, args=(listener, port), daemon=True).start()
    print(*own, flush=True)
    for word in sys.stdin:
        line.state = word.strip()


if __name__ == "__main__":
    main()
