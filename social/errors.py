"""Every error that Beatline raises on purpose.

    BeatlineError                     its text is safe to show, to log and to store
    ├── InputError(problems)          what was given cannot be used; nothing was changed
    ├── NotAllowed                    this person may not do this
    └── ChannelError(channel, operation, code, detail)
        ├── TryLater(not_before)      nothing happened; the same request may be sent again then
        ├── Refused(reason)           this request will not succeed; change it, never resend it
        ├── NeedsPerson(action)       reconnect, grant, appeal: the action is named
        ├── OutcomeUnknown(sent_at)   it may have happened; find() first, never resend blind
        └── Unsupported               the channel's flags already said no; raised before any request

An unrecognised failure of a write is `OutcomeUnknown`, of a read `TryLater`. Callers catch kinds, not status codes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


class BeatlineError(Exception):
    """The root; `str(error)` is a sentence for people and holds no secret and no resident's name."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong with what was given.  row: 1 is the first data row, None when not about a row."""

    message: str
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        where = []
        if self.row is not None:
            where.append(f"row {self.row}")
        if self.column is not None:
            where.append(f"column '{self.column}'")
        return f"{', '.join(where)}: {self.message}" if where else self.message


class InputError(BeatlineError):
    """What was given cannot be used; nothing was changed.  problems: every one found, in order, at least one."""

    def __init__(self, *problems: Problem | str) -> None:
        self.problems: Sequence[Problem] = tuple(p if isinstance(p, Problem) else Problem(p) for p in problems)
        super().__init__("\n".join(str(p) for p in self.problems))


class NotAllowed(BeatlineError):
    """The person may not do this; the text names who may."""


class ChannelError(BeatlineError):
    """A network did not do what was asked.

    channel: the channel's name.  operation: publish, find, withdraw, look, measure, listen, verify, history.
    code: the network's own code or HTTP status, as text, or ''.  detail: a sentence, safe to show and to store."""

    def __init__(self, channel: str, operation: str, code: str, detail: str) -> None:
        self.channel = channel
        self.operation = operation
        self.code = code
        self.detail = detail
        super().__init__(f"{channel} {operation}: {detail}" + (f" [{code}]" if code else ""))


class TryLater(ChannelError):
    """Nothing happened.  not_before: aware UTC, or None when the network did not say."""

    def __init__(
        self, channel: str, operation: str, code: str, detail: str, *, not_before: datetime | None = None
    ) -> None:
        super().__init__(channel, operation, code, detail)
        self.not_before = not_before


class Refused(ChannelError):
    """The network will not take this request as it stands.  reason: a short word for counting, such as 'duplicate'."""

    def __init__(self, channel: str, operation: str, code: str, detail: str, *, reason: str = "refused") -> None:
        super().__init__(channel, operation, code, detail)
        self.reason = reason


class NeedsPerson(ChannelError):
    """Only a person can mend this.  action: what to do, as an instruction."""

    def __init__(self, channel: str, operation: str, code: str, detail: str, *, action: str) -> None:
        super().__init__(channel, operation, code, detail)
        self.action = action


class OutcomeUnknown(ChannelError):
    """The request left and no trustworthy answer came.  sent_at: aware UTC, just before it left."""

    def __init__(self, channel: str, operation: str, code: str, detail: str, *, sent_at: datetime) -> None:
        super().__init__(channel, operation, code, detail)
        self.sent_at = sent_at


class Unsupported(ChannelError):
    """The channel's flags say it cannot do this; no request was made."""

    def __init__(self, channel: str, operation: str) -> None:
        super().__init__(channel, operation, "", f"{channel} cannot {operation}")


def bare(error: BaseException) -> BaseException:
    """For a log: only the kind and the place of an error that nobody foresaw. Its message could hold a resident's
    words, a secret or a bound parameter."""
    return RuntimeError(type(error).__name__).with_traceback(error.__traceback__)
