"""What the planner draws, as plain values for the browser: days, posts, holds, occasions. No Streamlit here.

Everything that comes from outsiders stays text all the way: the planner writes it with `textContent` alone."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from types import MappingProxyType
from typing import Any

from scheduler.awareness import Awareness, Occurrence
from scheduler.awareness_rules import parse_rule
from scheduler.content_types import label_of
from scheduler.hold_views import HoldView
from scheduler.lifecycle import State
from scheduler.moving import why_fixed
from scheduler.queries import PostSummary
from scheduler.views.occasions import TO_BE_CONFIRMED, begins_on
from social.clock import as_local
from social.content_targets import LIGHT, ContentTarget
from social.sorting import LIGHT_TYPES
from social.views.words import NETWORKS, STATES, say_count, say_time, shorten, word

CLOSE = timedelta(minutes=30)
"""Two posts of one account less than this apart are marked: residents see one of them at most."""
COVERS_NOTHING = frozenset({State.FAILED, State.LAPSED, State.WITHDRAWN, State.DISCARDED})
"""A day with nothing but such posts has no post that residents will see."""
_LOOKS: dict[str, tuple[str, str]] = {
    "published": ("good", "✓"), "queued": ("going", "→"), "publishing": ("going", "→"), "approved": ("going", "→"),
    "in_review": ("waits", "?"), "draft": ("draft", "✎"), "failed": ("bad", "!"), "unconfirmed": ("bad", "!"),
    "held": ("waits", "‖"), "lapsed": ("waits", "‖"), "withdrawn": ("draft", "×"), "discarded": ("draft", "×"),
}  # fmt: skip
"""Of each status: the class that colours it, and the sign that says the same without colour."""
_BANK_HOLIDAYS = "bank_holidays"


@dataclass(frozen=True)
class Choice:
    """What the calendar is narrowed to.  areas: ids, None for all.  account: 'account:NAME', 'network:KEY' or ''.

    kind: a content type, '' for all."""

    areas: frozenset[int] | None = None
    account: str = ""
    kind: str = ""

    @property
    def narrows(self) -> bool:
        return self.areas is not None or bool(self.account or self.kind)

    def holds(self, post: PostSummary) -> bool:
        which, _, name = self.account.partition(":")
        there = {"account": post.accounts, "network": post.channels}.get(which, (name,))
        return (
            (self.areas is None or post.place_id in self.areas)
            and name in there
            and (not self.kind or post.content_type == self.kind)
        )


def posts_for(
    posts: Iterable[PostSummary], may_move: Mapping[int, bool], person_id: int | None = None
) -> list[dict[str, Any]]:
    """Each post with a time as the planner draws it, soonest first.

    may_move: whether the person may, by post.  person_id: who is signed in for practice, as in `spans.month_table`."""
    timed = sorted((post for post in posts if post.due_at), key=lambda post: (post.due_at, post.post_id))
    near = close_to_another(timed)
    return [_post(post, may_move.get(post.post_id, False), post.post_id in near, person_id) for post in timed]


def _post(post: PostSummary, may_move: bool, near: bool, person_id: int | None) -> dict[str, Any]:
    assert post.due_at is not None
    local = as_local(post.due_at)
    look, sign = _LOOKS.get(post.status, ("draft", "✎"))
    networks = dict.fromkeys(word(NETWORKS, channel) for channel in post.channels)
    fixed = why_fixed(post.states) or (None if may_move else "you may not plan posts here")
    return {
        "id": post.post_id, "day": local.date().isoformat(), "clock": f"{local:%H:%M}", "time": say_time(post.due_at),
        "seen": post.due_at.isoformat(), "words": shorten(post.text, 140), "status": word(STATES, post.status),
        "look": look, "sign": sign, "networks": ", ".join(networks), "accounts": ", ".join(post.accounts),
        "area": post.place or "The whole force", "kind": post.label, "fixed": fixed, "near": near,
        "href": f"post?id={post.post_id}" + (f"&as={person_id}" if person_id is not None else ""),
    }  # fmt: skip


def close_to_another(posts: Iterable[PostSummary]) -> set[int]:
    """The posts that share an account with another one less than CLOSE away; what residents will not see is left out."""
    last: dict[str, PostSummary] = {}
    found: set[int] = set()
    for post in sorted(
        (p for p in posts if p.due_at and p.status not in COVERS_NOTHING), key=lambda p: (p.due_at, p.post_id)
    ):
        for account in post.accounts:
            before = last.get(account)
            if before and before.due_at and post.due_at and post.due_at - before.due_at < CLOSE:
                found |= {before.post_id, post.post_id}
            last[account] = post
    return found


def days_for(
    first: date, end: date, month: date | None, today: date, posts: Iterable[PostSummary],
    notes: Mapping[date, list[dict[str, str]]],
) -> list[dict[str, Any]]:  # fmt: skip
    """Every day from `first` up to and without `end`: what marks it, and whether it has no post.

    month: a day of the month that is shown, None where all days count alike.  notes: of `notes_by_day`."""
    bare = set(gaps(first, end, today, posts))
    days = [first + timedelta(days=n) for n in range((end - first).days)]
    return [
        {"day": day.isoformat(), "out": month is not None and (day.year, day.month) != (month.year, month.month),
         "past": day < today, "gap": day in bare, "notes": notes.get(day, [])}
        for day in days
    ]  # fmt: skip


def gaps(first: date, end: date, today: date, posts: Iterable[PostSummary]) -> list[date]:
    """The days from today on, within the span, on which residents will see no post."""
    there = {as_local(p.due_at).date() for p in posts if p.due_at and p.status not in COVERS_NOTHING}
    span = (first + timedelta(days=n) for n in range((end - first).days))
    return [day for day in span if day >= today and day not in there]


def notes_by_day(
    first: date, end: date, occasions: Iterable[Occurrence], holds: Iterable[HoldView], bank: Collection[str]
) -> dict[date, list[dict[str, str]]]:
    """What stands over the posts of a day, as many as there are (D12): holds on each of their days, occasions on their
    first.  bank: keys of the occasions that are bank holidays."""
    found: dict[date, list[dict[str, str]]] = {}
    for hold in holds:
        if not hold.over:
            note = {"kind": "hold", "text": f"Hold: {hold.label}, {hold.area}"}
            last = min(as_local(hold.over_at).date() if hold.over_at else end, end - timedelta(days=1))
            since = max(as_local(hold.starts_at).date(), first)
            for n in range((last - since).days + 1):
                found.setdefault(since + timedelta(days=n), []).append(note)
    for day, shown in begins_on(occasions, first).items():
        ordered = sorted(shown, key=lambda one: one.key not in bank)
        found.setdefault(day, []).extend(_occasion(one, day, one.key in bank) for one in ordered)
    return found


def _occasion(one: Occurrence, day: date, is_bank_holiday: bool) -> dict[str, str]:
    said = [f"No light posts: {one.name}" if one.tone == "solemn" else one.name]
    if one.last > day:
        said.append(f"until {one.last.day} {one.last:%B}")
    if not one.confirmed:
        said.append(TO_BE_CONFIRMED)
    kind = "bank" if is_bank_holiday else "solemn" if one.tone == "solemn" else "day"
    return {"kind": kind, "text": ", ".join(said)}


def with_bank_holidays(calendar: Sequence[Awareness]) -> tuple[list[Awareness], set[str]]:
    """The calendar with the bank holidays of England and Wales in it (D11), and the keys under which they stand.

    Those of the force's own calendar are taken where it has a row for them, so that the force can change them."""
    keys = {one.key for one in calendar if one.rule.word == _BANK_HOLIDAYS}
    if keys:
        return list(calendar), keys
    own = Awareness(
        _BANK_HOLIDAYS, "Bank holiday", "sensitive", parse_rule(f"{_BANK_HOLIDAYS} ENG|WLS"), 1, "law", "neutral"
    )
    return [*calendar, own], {_BANK_HOLIDAYS}


@dataclass(frozen=True)
class MixRow:
    """One kind of post among those shown.  share: in [0, 1].  aim: what the area means it to be, in words, or ''."""

    label: str
    count: int
    share: float
    aim: str = ""


def mix_of(posts: Iterable[PostSummary], targets: Mapping[str, ContentTarget] = MappingProxyType({})) -> list[MixRow]:
    """How many of the posts that residents see or will see are of which kind, the most frequent first; the light ones
    together last, where there are any."""
    seen = [post for post in posts if post.status not in COVERS_NOTHING]
    kinds = Counter(post.content_type for post in seen)
    rows = [_row(kind, label_of(kind), count, len(seen), targets) for kind, count in kinds.items()]
    rows.sort(key=lambda row: (-row.count, row.label))
    light = sum(count for kind, count in kinds.items() if kind in LIGHT_TYPES)
    return [*rows, _row(LIGHT, "Light posts together", light, len(seen), targets)] if rows else []


def _row(kind: str, label: str, count: int, whole: int, targets: Mapping[str, ContentTarget]) -> MixRow:
    target, share = targets.get(kind), count / whole
    if target is None:
        return MixRow(label, count, share)
    verdict = "below it" if share < target.least else "above it" if share > target.most else "within it"
    return MixRow(label, count, share, f"aim {target.least:.0%} to {target.most:.0%}, {verdict}")


MIX_STYLE = """<style>.bl-mix{list-style:none;margin:0;padding:0!important;display:grid;gap:.25rem 1.5rem;grid-template-columns:repeat(auto-fill,minmax(15rem,1fr))}
.bl-mix li{margin:0!important;font-size:.9375rem;overflow-wrap:anywhere}.bl-mix i{display:block;height:.375rem;background:currentColor;border-radius:.2rem}</style>"""


def mix_list(rows: Iterable[MixRow]) -> str:
    """The mix as an HTML list with a bar under each row; every word escaped."""
    items = "".join(
        f"<li>{escape(row.label)}: {row.count} ({row.share:.0%}){f', {escape(row.aim)}' if row.aim else ''}"
        f'<i style="width:{row.share * 100:.1f}%" aria-hidden="true"></i></li>'
        for row in rows
    )
    return f'{MIX_STYLE}<ul class="bl-mix">{items}</ul>'


def say_gaps(days: Sequence[date]) -> str:
    """'3 days from today on have no post: Tuesday 24, Thursday 26 and Friday 27 November.', or that there are none."""
    if not days:
        return "Every day from today on has a post."
    names = [f"{day:%A} {day.day} {day:%B}" for day in days[:5]]
    rest = len(days) - len(names)
    listed = ", ".join(names) + (f" and {rest} more" if rest else "")
    return f"{say_count(len(days), 'day')} from today on {'has' if len(days) == 1 else 'have'} no post: {listed}."
