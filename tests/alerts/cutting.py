"""A connection to a mail server that breaks just where nobody can tell any more whether a message was taken."""

import contextlib
import socket
import threading


class CutsOff:
    """Stands between us and the mail server, and breaks off when the server has taken the text and says so.

    before: it breaks off before, so that the server never hears that the text has ended."""

    def __init__(self, behind: int, *, before: bool = False) -> None:
        self.behind, self.before, self.cut = behind, before, threading.Event()
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.threads = [threading.Thread(target=self._serve)]

    def __enter__(self) -> "CutsOff":
        self.threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()
        for thread in self.threads:
            thread.join(20)

    def _serve(self) -> None:
        while True:
            try:
                ours = self.listening.accept()[0]
            except OSError:
                return
            theirs = socket.create_connection(("127.0.0.1", self.behind))
            over = threading.Event()
            for work in (self._to_server, self._from_server):
                thread = threading.Thread(target=work, args=(ours, theirs, over))
                self.threads.append(thread)
                thread.start()

    def _to_server(self, ours: socket.socket, theirs: socket.socket, over: threading.Event) -> None:
        end = b""
        with contextlib.suppress(OSError):
            while data := ours.recv(65536):
                end = (end + data)[-5:]
                if end == b"\r\n.\r\n":
                    over.set()
                    if self.before:
                        self.cut.set()
                        break
                theirs.sendall(data)
        self._close(ours, theirs)

    def _from_server(self, ours: socket.socket, theirs: socket.socket, over: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while data := theirs.recv(65536):
                if over.is_set():
                    self.cut.set()
                    break
                ours.sendall(data)
        self._close(ours, theirs)

    @staticmethod
    def _close(*ends: socket.socket) -> None:
        for end in ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
