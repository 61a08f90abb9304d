"""One connection to the mail server, spoken to in two steps: say to all, then hear from all. So many messages are on
their way through the protocol at a time, in one thread, and a slow answer delays nobody else's question."""

import select
import smtplib
import ssl
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from social.alerts.carriers import Parcel
from social.smtp import END

Reply = tuple[int, bytes]
LOST = (0, b"")
"""In place of a reply: the connection is gone."""
GOING_AWAY = 421


class Line:
    """A connection that is signed in.  used: whether it carried a message before, so that the server may have grown tired
    of it.  begun: whether a message was begun on it that is to be forgotten first."""

    def __init__(self, server: smtplib.SMTP) -> None:
        self.server, self.used, self.begun, self.lost = server, False, False, False
        self.notifies = server.has_extn("dsn")

    def say(self, command: str) -> None:
        self._guarded(lambda: self.server.putcmd(command))

    def give(self, text: bytes) -> None:
        self._guarded(lambda: self.server.send(text))

    def end(self) -> None:
        """The text is complete: from here on the server may have the message."""
        self.give(END)

    def hear(self) -> Reply:
        """The reply to what was said; LOST when none came.  A server that says 421 is not spoken to again."""
        if self.lost:
            return LOST
        try:
            code, words = self.server.getreply()
        except (OSError, smtplib.SMTPException):
            code, words = LOST
        if not 200 <= code < 600:
            self.close()
            return LOST
        if code == GOING_AWAY:
            self.close()
        return code, words

    def is_quiet(self) -> bool:
        """Whether the server still listens: while a text is under way it has nothing to say but good-bye."""
        if self.lost or self.server.sock is None:
            return False
        looking = select.poll()
        try:
            looking.register(self.server.sock, select.POLLIN)
            return not looking.poll(0)
        except (OSError, ValueError):
            return False

    def forget(self) -> None:
        """End what was begun, so that the next message starts anew."""
        if self.begun:
            self.say("RSET")
            if self.hear()[0] != 250:
                self.close()
            self.begun = False

    def close(self) -> None:
        """At once, without a word: a text that was not ended is thrown away by the server (RFC 5321, section 4.1.1.10)."""
        self.lost = True
        self.server.close()

    def quit(self) -> None:
        self.say("QUIT")
        self.close()

    def _guarded(self, act: Callable[[], object]) -> None:
        if self.lost:
            return
        try:
            act()
        except (OSError, smtplib.SMTPException, ValueError):
            self.close()


@dataclass(eq=False)
class Going:
    """A message on its way.  text: as it goes over the wire, without its end."""

    parcel: Parcel
    text: bytes
    line: Line


def as_they_answer(lines: Mapping[int, Line]) -> Iterator[int]:
    """The keys of these, each as soon as it can be heard without waiting, so that an answer that came is not kept waiting
    by others.  Those that say nothing for as long as one answer may take come last, and are closed."""
    looking, waiting = select.poll(), dict[int, int]()
    patience = 0.0
    for key, line in lines.items():
        sock = None if line.lost else line.server.sock
        if sock is None or (isinstance(sock, ssl.SSLSocket) and sock.pending()):
            yield key
        else:
            looking.register(sock, select.POLLIN)
            waiting[sock.fileno()], patience = key, max(patience, sock.gettimeout() or 0.0)
    while waiting:
        spoke = looking.poll(patience * 1000)
        for file, _ in spoke:
            looking.unregister(file)
            yield waiting.pop(file)
        if not spoke:
            for file in list(waiting):
                key = waiting.pop(file)
                lines[key].close()
                yield key
