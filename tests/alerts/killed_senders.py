"""Senders that die: imports once, then forks one after another, each of which kills itself at the n-th visit of a point of
the protocol, or is killed by a timer; at last one that lives sends the rest.

    python -m tests.alerts.killed_senders POINT:VISIT ... after:SECONDS ..."""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from sqlmodel import func, select

from social.alerts import sending_batch
from social.alerts.mailings import Message, MessageState
from social.alerts.sending import send_messages
from social.alerts.sending_journal import Journal
from social.alerts.smtp_carrier import SmtpCarrier
from social.alerts.smtp_line import Line
from social.channels.registry import make_channel
from social.context import Context, open_context
from social.settings import load_settings

POINTS: dict[str, tuple[Any, str, str]] = {
    "taken in hand": (sending_batch, "prepare", "enter"),
    "made ready": (SmtpCarrier, "load", "exit"),
    "inside the record": (sending_batch, "record", "exit"),
    "recorded as leaving": (SmtpCarrier, "leave", "enter"),
    "noted": (Journal, "leaves", "exit"),
    "half of them left": (Line, "end", "exit"),
    "all left": (SmtpCarrier, "leave", "exit"),
    "answers heard": (SmtpCarrier, "answers", "exit"),
    "answers noted": (Journal, "told", "exit"),
}


def arm(point: str, visit: int) -> None:
    owner, name, moment = POINTS[point]
    inner: Callable[..., Any] = getattr(owner, name)
    visits = iter(range(visit - 1, -1, -1))

    def around(*arguments: Any, **more: Any) -> Any:
        last = next(visits, -1) == 0
        if last and moment == "enter":
            os.kill(os.getpid(), signal.SIGKILL)
        result = inner(*arguments, **more)
        if last:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, around)


def left(context: Context) -> int:
    with context.database.read() as session:
        open_ = (MessageState.WAITING.value, MessageState.SENDING.value)
        return session.exec(select(func.count()).where(Message.state.in_(open_))).one()  # type: ignore[attr-defined]


def main() -> None:
    for order in sys.argv[1:]:
        point, _, when = order.partition(":")
        child = os.fork()
        if child == 0:
            if point == "after":
                signal.setitimer(signal.ITIMER_REAL, float(when))  # whose signal ends the process
            else:
                arm(point, int(when))
            context = open_context(load_settings(), make_channel)
            while left(context):
                send_messages(context)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(order, "died" if os.WIFSIGNALED(status) else "lived", flush=True)
    context = open_context(load_settings(), make_channel)
    while left(context):
        send_messages(context)
    context.database.close()


if __name__ == "__main__":
    main()
