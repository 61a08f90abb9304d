"""From a resident's wall clock to an instant (R42): the one place that knows both clock changes."""

from datetime import UTC, datetime

from social.clock import LONDON
from social.errors import InputError


def to_instant(local: datetime, fold: int | None = None) -> datetime:
    """Which instant is this local time in the force's area?

    local: naive, Europe/London.  fold: 0 for the first, 1 for the second of the two hours that the clock shows twice
    in autumn; None when nobody has said.  Returns aware UTC.
    Raises InputError for the hour that spring skips, and for the doubled hour while fold is None."""
    if local.tzinfo is not None:
        raise ValueError("give the local time without a zone")
    first, second = (local.replace(tzinfo=LONDON, fold=n).astimezone(UTC) for n in (0, 1))
    if first == second:
        return first
    if first.astimezone(LONDON).replace(tzinfo=None) != local:
        raise InputError(
            f"{local:%H:%M} on {_day(local)} does not exist: the clocks go forward from 01:00 to 02:00. "
            "Choose a time before 01:00 or from 02:00."
        )
    if fold is None:
        raise InputError(
            f"{local:%H:%M} on {_day(local)} comes twice: the clocks go back from 02:00 to 01:00. "
            "Say whether you mean the first (summer time, +01:00) or the second (winter time, +00:00)."
        )
    return second if fold else first


def comes_twice(local: datetime) -> bool:
    """Whether the clock shows this naive local time twice, so that somebody has to say which one is meant (R42)."""
    try:
        return to_instant(local, 0) != to_instant(local, 1)
    except InputError:
        return False


def parse_local(text: str) -> tuple[datetime, int | None]:
    """Read a local time as people write it in a file: `2026-03-13T12:15`, `2026-03-13 12:15` or `13/03/2026 12:15`.

    An offset may follow the ISO form (`2026-10-25T01:30+00:00`); it says which of the two autumn hours is meant.
    Returns the naive local time and the fold, None when no offset was given.
    Raises InputError that says what is wrong with it."""
    text = text.strip()
    for parse in (datetime.fromisoformat, _british):
        try:
            moment = parse(text)
        except ValueError:
            continue
        if len(text) < 12:
            raise InputError(f"'{text}' gives no time of day. Write it as 2026-03-13T12:15.")
        if moment.tzinfo is None:
            return moment, None
        local = moment.astimezone(LONDON)
        if local.utcoffset() != moment.utcoffset():
            raise InputError(f"'{text}' is not the local time of that day. Write it without an offset, in UK time.")
        return local.replace(tzinfo=None, fold=0), local.fold
    raise InputError(f"'{text}' is no date and time. Write it as 2026-03-13T12:15, with a day that the month has.")


def _british(text: str) -> datetime:
    return datetime.strptime(text, "%d/%m/%Y %H:%M")  # noqa: DTZ007 local on purpose; to_instant gives it its zone


def _day(local: datetime) -> str:
    return f"{local.day} {local:%B %Y}"
