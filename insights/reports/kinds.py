"""The kinds of reports: which sections each holds, in which order, and what it says in short."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from insights import sayings
from insights.assessment import assess
from insights.figures import FigureRow, totals
from insights.held import NOT_HELD, nothing_held
from insights.reach_tables import headline as reach_headline
from insights.reports.document import Block, Column, Document, Heading, Paragraph, Table, Value, listed
from insights.reports.request import KIND_NAMES, OUTSIDE, Kind, Request, checked
from insights.reports.scope import Scope
from insights.reports.sections import (
    alerts,
    answers,
    campaign,
    local,
    looked_after,
    meaning,
    meeting,
    partners,
    posts,
    reach,
    surveys,
)
from insights.response_times import ResponseRow
from social.places import Place
from social.words import say_count, say_number, say_share

NO_POSTS = "no posts"
MOST_NETWORKS = 3


def document_of(session: Session, request: Request, now: datetime, *, tracking: bool = False) -> Document:
    """The report, read from the database as it is now.  tracking: whether the force counts opens of alerts.

    Raises InputError when it cannot be made."""
    request = checked(session, request)
    place = session.get(Place, request.place_id) if request.place_id is not None else None
    scope = Scope(session, now, request.since, request.until, place, tracking, request.kind in OUTSIDE)
    return _MAKERS[request.kind](scope, request)


def _document(
    scope: Scope, kind: Kind, summary: tuple[str, ...], blocks: list[Block], *, title: str = "", period: str = ""
) -> Document:
    return Document(
        kind.value, title or f"{KIND_NAMES[kind]}: {scope.where}", scope.force, period or scope.when, scope.as_of,
        summary, tuple(blocks), meaning.open_data(scope), scope.outside,
    )  # fmt: skip


def quarterly(scope: Scope, _request: Request) -> Document:
    """Everything of one area, section by section."""
    blocks: list[Block] = [
        Paragraph(local.population(scope)),
        Heading("How far posts went"), *reach.reach(scope), *posts.by_week(scope),
        Heading("What was posted and what came of it"), *_posted(scope),
        Heading("What residents replied"), *answers.replies(scope),
        Heading("Questions and complaints"), *answers.answered(scope),
        Heading("Alerts to residents who signed up"), *alerts.alerts(scope),
        Heading("What residents said in surveys"), *surveys.concerns(scope), *surveys.surveys(scope),
        Heading("What was asked for and what was done"), *local.you_said_we_did(scope), *local.priorities(scope),
        Heading("Which areas are looked after"), *looked_after.covered(scope),
        Heading("Campaigns"), *posts.campaigns(scope),
        Heading("Findings"), *looked_after.findings(scope),
        *meaning.what_it_means(
            scope, meaning.POSTS, reach.MEANING, meaning.REPLIES, meaning.ALERTS, meaning.SURVEYS
        ),
    ]  # fmt: skip
    return _document(scope, Kind.QUARTERLY, in_short(scope), blocks)


def _posted(scope: Scope) -> list[Block]:
    """All that is to be said of posts; one sentence where there were none."""
    if not posts.networks(scope):
        return posts.by_network(scope)
    return [*posts.by_network(scope), *looked_after.mix(scope), *posts.by_kind(scope), *posts.by_area(scope),
            *posts.most_seen(scope)]  # fmt: skip


def briefing(scope: Scope, _request: Request) -> Document:
    """One page: what to know, beside the period before."""
    blocks: list[Block] = [key_figures(scope), *posts.by_week(scope, briefly=True),
                           Paragraph(meaning.BRIEFLY)]  # fmt: skip
    return _document(scope, Kind.BRIEFING, in_short(scope), blocks)


def meeting_sheet(scope: Scope, _request: Request) -> Document:
    """For residents at a meeting: what they asked for first."""
    blocks: list[Block] = [
        Heading("You said, we did"), *local.you_said_we_did(scope),
        Heading("What matters most to residents"), *surveys.concerns(scope),
        Heading("What your police work on"), *local.priorities(scope),
        Heading("What we told you, and how we answered"), *meeting.posted(scope), *meeting.answered(scope),
        Heading("Meet us"), *local.events(scope), Heading("How to reach us"), *meeting.how_to_reach_us(),
        Heading("About this sheet"), *meeting.about(scope),
    ]  # fmt: skip
    return _document(scope, Kind.MEETING, meeting.in_short(scope), blocks)


def partner_pack(scope: Scope, _request: Request) -> Document:
    """Sums alone, with small numbers hidden (R27)."""
    blocks: list[Block] = [
        Paragraph("For partners of the police. It holds sums alone: no post, reply or person stands in it."),
        Heading("Posts"), *partners.by_network(scope), *partners.by_kind(scope),
        Heading("What residents replied"), *partners.replies(scope),
        Heading("Questions and complaints"), *partners.answered(scope),
        Heading("Alerts to residents who signed up"), *partners.alerts(scope),
        Heading("What residents said in surveys"), *surveys.surveys(scope),
        Heading("What residents asked for"), *partners.asked(scope),
        *meaning.what_it_means(scope, meaning.POSTS, meaning.REPLIES, meaning.ALERTS, meaning.SURVEYS),
    ]  # fmt: skip
    return _document(scope, Kind.PARTNERS, partners.in_short(scope), blocks)


def campaign_assessment(scope: Scope, request: Request) -> Document:
    """What came of one campaign; it has its own days."""
    told = assess(scope.session, request.campaign_id or 0, scope.now)
    areas = told.about.place_ids
    scope = replace(scope, place=scope.session.get(Place, areas[0]) if len(areas) == 1 else None)
    blocks: list[Block] = [
        *campaign.about(told), *campaign.results(told), *campaign.six_headings(told), *campaign.done(told),
        *campaign.sara(told), *meaning.what_it_means(scope, campaign.MEANING),
    ]  # fmt: skip
    title = f"{KIND_NAMES[Kind.CAMPAIGN]}: {told.about.title}"
    made = _document(scope, Kind.CAMPAIGN, campaign.in_short(told), blocks, title=title, period=campaign.days_of(told))
    return replace(made, as_of=replace(scope, since=scope.until, until=scope.since).as_of.split(". ")[0])


def in_short(scope: Scope) -> tuple[str, ...]:
    """Posts, what residents replied, how they were answered, alerts: a sentence each, all computed."""
    total = totals(scope.session, since=scope.start, until=scope.end, place_id=scope.place_id)
    if not total.posts:
        return (
            f"Nothing was posted{scope.about} in this period.",
            _alerts_in_short(scope),
            local.asked_in_words(scope),
        )
    before = (
        "how many before is not held"
        if _nothing_before(scope)
        else (f"{_total(scope.before()).posts:,} in the {_days(scope)} days before")
    )
    said = [f"{say_count(total.posts, 'post')}{scope.about} went out, {before}."]
    said.append(reach_headline(reach.reached(scope)))
    said += [
        answers.mood(scope),
        answers.in_short(scope),
        _alerts_in_short(scope),
        local.asked_in_words(scope),
    ]
    return tuple(said)


def _nothing_before(scope: Scope) -> bool:
    """No post of the time before is held, on any network or about any area: a 0 there would be made up (M04)."""
    return nothing_held(scope.session, scope.before().end)


def _alerts_in_short(scope: Scope) -> str:
    found = alerts.measured(scope)
    return alerts.in_words(found) if found.alerts else "No alert went out to residents who signed up."


def key_figures(scope: Scope) -> Table:
    """This period beside the one before; reach of the network with most posts alone (M03)."""
    rows, earlier = posts.networks(scope), {row.group: row for row in posts.networks(scope.before())}
    now, then = _total(scope), _total(scope.before())
    nothing = _nothing_before(scope)

    def earlier_said(value: str) -> str:
        return NOT_HELD if nothing else value

    lines: list[tuple[Value, ...]] = [("Posts", say_number(now.posts), earlier_said(say_number(then.posts)))]
    for row in rows[:MOST_NETWORKS]:
        then_there = earlier.get(row.group, FigureRow(row.group, row.label))
        lines += _of_network(row, then_there, NOT_HELD if nothing else NO_POSTS)
    lines.append(("Replies by residents", say_number(now.replies), earlier_said(say_number(then.replies))))
    asked, asked_then = answers.times(scope).total, answers.times(scope.before()).total
    lines.append(
        ("Questions and complaints", say_number(asked.received), earlier_said(say_number(asked_then.received)))
    )
    lines.append(
        ("Answered within 72 hours, of those answered or overdue", _in_time(asked), earlier_said(_in_time(asked_then)))
    )
    lines.append(("Overdue for an answer", say_number(asked.overdue), earlier_said(say_number(asked_then.overdue))))
    sent, sent_then = alerts.measured(scope).total, alerts.measured(scope.before()).total
    lines.append(("Alerts to residents who signed up", say_number(sent.alerts), say_number(sent_then.alerts)))
    return Table(
        scope.caption("Key figures"), (Column("Figure"), Column("This period", "figure"), Column("Period before", "figure")), tuple(lines),
        notes=(f"The period before is {scope.before().when}. Reach is never added up over networks.{_left_out(rows)}",),
        source=posts.SOURCE,
    )  # fmt: skip


def _left_out(rows: list[FigureRow]) -> str:
    """One page has room for so many networks."""
    names = [row.label for row in rows[MOST_NETWORKS:]]
    return f" Left out here: {listed(names)}." if names else ""


def _of_network(now: FigureRow, then: FigureRow, without: str) -> list[tuple[Value, ...]]:
    """Reach and rate as far as the network reports them.  without: said of a time before without posts."""
    value, what = sayings.rate_of([now, then])
    told: list[tuple[Value, ...]] = []
    if now.reach is not None or then.reach is not None:
        told.append((f"Reach of a post on {now.label}, median accounts", *_both(now, then, without)))
    shares = [say_share(value(row)) if row.posts else without for row in (now, then)]
    return [*told, (f"{what.capitalize()} on {now.label}, median", *shares)]


def _both(now: FigureRow, then: FigureRow, without: str) -> list[str]:
    return [say_number(row.reach) if row.posts else without for row in (now, then)]


def _total(scope: Scope) -> FigureRow:
    return totals(scope.session, since=scope.start, until=scope.end, place_id=scope.place_id)


def _in_time(row: ResponseRow) -> str:
    """'5 of 6': the same two numbers as in the sentences above."""
    known = row.answered + row.overdue
    return f"{row.in_time:,} of {known:,}" if known else "not yet known" if row.received else "none asked"


def _days(scope: Scope) -> int:
    return (scope.until - scope.since).days + 1


_MAKERS: dict[Kind, Callable[[Scope, Request], Document]] = {
    Kind.QUARTERLY: quarterly,
    Kind.CAMPAIGN: campaign_assessment,
    Kind.MEETING: meeting_sheet,
    Kind.PARTNERS: partner_pack,
    Kind.BRIEFING: briefing,
}
