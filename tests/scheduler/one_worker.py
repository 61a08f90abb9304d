"""A worker in a process of its own: does one round, and stands still (SIGSTOP) where it is told to.

    python -m tests.scheduler.one_worker intent.enter

The point is one of `tests.faults.crash_points`; whoever started the process wakes it again."""

import signal
import sys

from scheduler.worker import publish_due
from social.channels import leaving
from social.channels.registry import make_channel
from social.context import open_context
from social.settings import load_settings
from tests.faults import crash_points


def main() -> None:
    leaving.LOOK_AGAIN = 0.0  # so that nobody has to wait for the half second after which it looks again
    context = open_context(load_settings(), make_channel)
    crash_points.arm(sys.argv[1], 1, signal.SIGSTOP)
    publish_due(context)
    context.database.close()


if __name__ == "__main__":
    main()
