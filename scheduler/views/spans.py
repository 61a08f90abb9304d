"""Which days a view of the calendar shows, and its month as a table. No Streamlit here."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from html import escape

from scheduler.awareness import Occurrence
from scheduler.queries import PostSummary
from scheduler.views.occasions import begins_on, occasion_item
from social.clock import LONDON, as_local
from social.views.words import STATES, say_day, say_time, shorten, word

SPANS = ("Month", "Week", "List")


def span(view: str, day: date) -> tuple[date, date]:
    """First day, and the day after the last, of the view that holds the day.  A month is shown in whole weeks."""
    if view == "Week":
        first = day - timedelta(days=day.weekday())
        return first, first + timedelta(days=7)
    first, last = day.replace(day=1), step("Month", day, 1) - timedelta(days=1)
    if view == "List":
        return first, last + timedelta(days=1)
    return first - timedelta(days=first.weekday()), last + timedelta(days=7 - last.weekday())


def step(view: str, day: date, by: int) -> date:
    """A day in the next (1) or the last (-1) week or month; for months its first."""
    if view == "Week":
        return day + timedelta(days=7 * by)
    months = day.year * 12 + day.month - 1 + by
    return date(months // 12, months % 12 + 1, 1)


def midnight(day: date) -> datetime:
    """The instant at which the local day begins."""
    return datetime.combine(day, time(), tzinfo=LONDON).astimezone(UTC)


def title(view: str, day: date) -> str:
    """'November 2026', or 'Monday 23 November 2026 and the 6 days after'."""
    return f"{day:%B %Y}" if view != "Week" else f"Week of {say_day(span(view, day)[0])}"


def by_day(posts: Iterable[PostSummary]) -> dict[date, list[PostSummary]]:
    """Posts under their local day, soonest first."""
    days: dict[date, list[PostSummary]] = {}
    for post in sorted((p for p in posts if p.due_at), key=lambda p: (p.due_at, p.post_id)):
        assert post.due_at is not None
        days.setdefault(as_local(post.due_at).date(), []).append(post)
    return days


def in_month(posts: Iterable[PostSummary], day: date) -> list[PostSummary]:
    """The posts of the day's own month: a month shown in whole weeks holds days of its neighbours too."""
    return [p for p in posts if p.due_at and as_local(p.due_at).date().replace(day=1) == day.replace(day=1)]


MONTH_STYLE = """<style>
.bl-month{border-collapse:collapse;width:100%;table-layout:fixed}
.bl-month caption{text-align:left;position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.bl-month th{text-align:left;padding:.25rem .375rem;font-weight:600}
.bl-month td{vertical-align:top;border:1px solid color-mix(in srgb,currentColor 30%,transparent);padding:.25rem .375rem;height:6rem}
.bl-month .out{opacity:.75}.bl-month .now{box-shadow:inset 0 0 0 2px currentColor}
.bl-month p{margin:0 0 .25rem;font-weight:600}.bl-month .wd{display:none}
.bl-month ul{list-style:none;margin:0;padding:0}
.bl-month li{margin:0 0 .25rem;padding-left:.375rem;border-left:.25rem solid currentColor;font-size:.875rem;line-height:1.3;overflow-wrap:anywhere}
.bl-month li.aw{border-left-style:dotted;font-style:italic}
.bl-month a{color:inherit;display:inline-block;min-height:24px}
@media (max-width:640px){.bl-month,.bl-month tbody,.bl-month tr{display:block}.bl-month thead{display:none}
.bl-month td{display:block;height:auto;border:0;border-bottom:1px solid color-mix(in srgb,currentColor 30%,transparent)}
.bl-month .empty{display:none}.bl-month .wd{display:inline}}
</style>"""


def month_table(
    day: date,
    today: date,
    posts: Iterable[PostSummary],
    person_id: int | None,
    occasions: Iterable[Occurrence] = (),
) -> str:
    """The month as an HTML table that becomes a list of days on a narrow screen. All outside words are escaped.

    person_id: who is signed in for practice; a link loads the page anew, so it has to say so.  occasions: awareness
    days, each shown on its first day, as many as there are (D12)."""
    first, end = span("Month", day)
    days = by_day(posts)
    marked = begins_on(occasions, first)
    heads = "".join(f'<th scope="col">{(first + timedelta(days=n)):%A}</th>' for n in range(7))
    rows = []
    for week in range((end - first).days // 7):
        cells = (
            _cell(first + timedelta(days=week * 7 + n), day.month, today, days, person_id, marked) for n in range(7)
        )
        rows.append(f"<tr>{''.join(cells)}</tr>")
    caption = f"<caption>Posts in {day:%B %Y}</caption>"
    return (
        f'{MONTH_STYLE}<table class="bl-month">{caption}<thead><tr>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def days_table(
    first: date, end: date, posts: Iterable[PostSummary], person_id: int | None, occasions: Iterable[Occurrence] = ()
) -> str:
    """The days from `first` up to and without `end` that hold anything, one under the other, as an HTML table."""
    days, marked = by_day(posts), begins_on(occasions, first)
    rows = "".join(
        f"<tr><td><p>{say_day(day)}</p><ul>{''.join(occasion_item(one, day) for one in marked.get(day, ()))}"
        f"{''.join(_item(post, person_id) for post in days.get(day, ()))}</ul></td></tr>"
        for day in sorted(days.keys() | marked.keys())
        if first <= day < end
    )
    caption = f"<caption>Posts from {say_day(first)}</caption>"
    return f'{MONTH_STYLE}<table class="bl-month">{caption}<tbody>{rows}</tbody></table>'


def _cell(
    day: date,
    month: int,
    today: date,
    days: dict[date, list[PostSummary]],
    person_id: int | None,
    marked: dict[date, list[Occurrence]],
) -> str:
    items = "".join(occasion_item(one, day) for one in marked.get(day, ()))
    items += "".join(_item(post, person_id) for post in days.get(day, ()))
    classes = " ".join(
        name for name, on in (("out", day.month != month), ("now", day == today), ("empty", not items)) if on
    )
    now = " (today)" if day == today else ""
    return (
        f'<td class="{classes}"><p><span class="wd">{day:%A} </span>{day.day}'
        f'<span class="wd"> {day:%B}</span>{now}</p>{f"<ul>{items}</ul>" if items else ""}</td>'
    )


def _item(post: PostSummary, person_id: int | None) -> str:
    assert post.due_at is not None
    acting = f"&amp;as={person_id}" if person_id is not None else ""
    return (
        f'<li><a href="post?id={post.post_id}{acting}"><b>{say_time(post.due_at)}</b> '
        f"{escape(shorten(post.text, 40))}</a><br>{escape(word(STATES, post.status))}</li>"
    )
