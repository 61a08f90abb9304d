"""How awareness days are said and put beside posts on the calendar. No Streamlit here; their names come from a file."""

from collections.abc import Iterable
from datetime import date
from html import escape

from scheduler.awareness import Occurrence
from social.views.words import say_day

TO_BE_CONFIRMED = "to be confirmed"


def say_days(one: Occurrence) -> str:
    """'Monday 4 May 2026', or 'Monday 18 May 2026 to Sunday 24 May 2026'."""
    return say_day(one.first) if one.first == one.last else f"{say_day(one.first)} to {say_day(one.last)}"


def say_sure(one: Occurrence) -> str:
    """', to be confirmed', or '' where the date stands."""
    return "" if one.confirmed else f", {TO_BE_CONFIRMED}"


def begins_on(occasions: Iterable[Occurrence], first: date) -> dict[date, list[Occurrence]]:
    """What is to be shown under which day: each under its first, or under the first day that is shown."""
    days: dict[date, list[Occurrence]] = {}
    for one in occasions:
        days.setdefault(max(one.first, first), []).append(one)
    return days


def occasion_item(one: Occurrence, day: date) -> str:
    """A list item for a day's cell, escaped: the name, and in words what colour would only hint at."""
    said = [escape(one.name)]
    if one.last > day:
        said.append(f"until {one.last.day} {one.last:%B}")
    if one.tone == "solemn":
        said.append("no light posts")
    if not one.confirmed:
        said.append(TO_BE_CONFIRMED)
    return f'<li class="aw">{said[0]}{"".join(f"<br>{part}" for part in said[1:])}</li>'
