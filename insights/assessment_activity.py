"""What went into a campaign and what came out of it at once: time, money, posts, events, what people did (M01).

Reach is not added up over posts or networks (M03); what a network did not report, and what nobody counted, is left out
and never a 0 (M04); alerts stand beside social posts (M08)."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from insights.assessment_values import Activity, Figure
from insights.assessment_words import say_minutes, say_pence
from insights.chosen import Chosen
from insights.facts import PublicationFacts as Facts
from insights.labels import CHANNEL_LABELS
from insights.reach import reach_of
from insights.reach_told import where_seen
from insights.sentiment import sentiment_of
from social.alerts.survey_counts import results
from social.alerts.surveys import survey_with_id
from social.campaigns import ActivityKind, Campaign, CampaignActivity
from social.clock import as_local
from social.places import Place
from social.publications import CollectingState

LOG = "activity log"
TOOK_PART = "People who took part in"
HELD = "replies that Beatline holds"
KIND_LABELS: dict[str, tuple[str, str]] = {
    ActivityKind.EVENT: ("event", "events"),
    ActivityKind.MEETING: ("meeting", "meetings"),
    ActivityKind.VISIT: ("visit", "visits"),
    ActivityKind.SURVEY: ("survey", "surveys"),
    ActivityKind.PARISH: ("parish report", "parish reports"),
    ActivityKind.LEAFLETS: ("leaflet drop", "leaflet drops"),
    ActivityKind.ADVERT: ("paid advert", "paid adverts"),
    ActivityKind.PREPARING: ("preparation", "preparations"),
    ActivityKind.OTHER: ("other activity", "other activities"),
}
"""One of them and several, in words."""
_ACTIONS = ("reactions", "shares", "clicks", "saves")


def activities_for_people(session: Session, rows: Sequence[CampaignActivity]) -> tuple[Activity, ...]:
    names = dict(session.connection().execute(select(col(Place.id), col(Place.name))).all())
    return tuple(
        Activity(
            row.id or 0, row.day, KIND_LABELS[row.kind][0], row.online,
            ", ".join(word for word in (row.place, names.get(row.place_id, "")) if word), row.what, row.people,
            row.minutes, row.pence,
        )
        for row in rows
    )  # fmt: skip


def inputs(rows: Sequence[CampaignActivity]) -> tuple[Figure, ...]:
    """Staff time and money, as far as somebody wrote them down."""
    told: tuple[tuple[str, Callable[[CampaignActivity], int | None], Callable[[int], str]], ...] = (
        ("Staff time", lambda row: row.minutes, say_minutes),
        ("Money", lambda row: row.pence, say_pence),
    )
    found = []
    for label, of, say in told:
        known = [(row.day, value) for row in rows if (value := of(row)) is not None]
        if known:
            total, lacking = sum(value for _, value in known), len(rows) - len(known)
            short = f", and {lacking} of {len(rows)} rows do not say" if lacking else ""
            newest = max(day for day, _ in known)
            found.append(Figure(label, f"{say(total)}{short}", LOG, newest, float(total)))
    return tuple(found)


def outputs(
    session: Session, campaign: Campaign, rows: Sequence[CampaignActivity], now: datetime
) -> tuple[Figure, ...]:
    """Posts on each network, how often they were shown, alerts, and what was done online and off."""
    found = []
    for row in _posts(session, campaign):
        network, day = CHANNEL_LABELS.get(row.channel, row.channel.capitalize()), as_local(row.read or now).date()
        what = "Alerts" if row.channel == "alert" else f"Posts on {network}"
        found.append(Figure(what, f"{row.posts:,}", "what was published", day, float(row.posts)))
        if row.impressions is not None:
            shown = f"{row.impressions:,}, over the {row.impressions_posts} that report it"
            found.append(Figure(f"Times shown on {network}", shown, network, day, float(row.impressions)))
    found += _reached(session, campaign, now)
    for online in (True, False):
        for kind, (_, several) in KIND_LABELS.items():
            done = [one for one in rows if one.kind == kind and one.online is online and kind != ActivityKind.PREPARING]
            if done:
                where = "online" if online else "offline"
                newest = max(one.day for one in done)
                found.append(
                    Figure(f"{several.capitalize()}, {where}", f"{len(done):,}", LOG, newest, float(len(done)))
                )
    return tuple(found)


def _reached(session: Session, campaign: Campaign, now: datetime) -> list[Figure]:
    """The highest single figure of each network: a floor, since nobody can tell who saw two posts (M03)."""
    found = []
    for one in reach_of(session, now, Chosen(campaign=campaign.name)).channels:
        if one.highest is not None and one.highest.value is not None:
            where = "" if one.highest.page_id is None else f", {where_seen(one.highest, one.label)}"
            floor = f"at least {one.highest.value:,}, by the post that reached most{where}; how many more is unknown"
            seen = one.highest.as_of or one.highest.fetched_at or now
            day, value = as_local(seen).date(), float(one.highest.value)
            source = f"{one.label}'s own count" if one.highest.page_id is None else one.highest.source
            found.append(Figure(f"Accounts reached by posts on {one.label}", floor, source, day, value))
    return found


def outtakes(
    session: Session, campaign: Campaign, rows: Sequence[CampaignActivity], now: datetime
) -> tuple[Figure, ...]:
    """What people did: on each network, at events, in surveys."""
    found = []
    for row in _posts(session, campaign):
        network, day = CHANNEL_LABELS.get(row.channel, row.channel.capitalize()), as_local(row.read or now).date()
        if row.channel != "alert":
            held = f"{row.replies:,}"
            found.append(Figure(f"Replies by residents on {network}", held, HELD, day, float(row.replies)))
        for metric in _ACTIONS:
            count = getattr(row, metric)
            if count is not None:
                found.append(Figure(f"{metric.capitalize()} on {network}", f"{count:,}", network, day, float(count)))
    found += _said(session, campaign, now)
    for kind, (_, several) in KIND_LABELS.items():
        counted = [(one.day, one.people) for one in rows if one.kind == kind and one.people is not None]
        if counted:
            total = sum(people for _, people in counted)
            found.append(
                Figure(
                    f"{TOOK_PART} {several}",
                    f"{total:,}",
                    LOG,
                    max(day for day, _ in counted),
                    float(total),
                )
            )
    surveys = dict.fromkeys(one.survey_id for one in rows if one.survey_id is not None)
    return (*found, *(_answers(session, survey_id, now) for survey_id in surveys))


def _said(session: Session, campaign: Campaign, now: datetime) -> list[Figure]:
    """How the replies are shared out, with intervals and what could not be read (M06)."""
    said = sentiment_of(session, Chosen(campaign=campaign.name))
    if not said.shares:
        return []
    of = f"of {said.read:,} replies that were read; {said.unknown:,} in a language that is not scored"
    found = []
    for name, label in (("negative", "Critical replies"), ("positive", "Supportive replies")):
        one = said.shares[name]
        sure = f"95% interval {one.low:.0%} to {one.high:.0%}"
        shown = f"too few to tell ({of})" if said.few else f"{one.estimate:.0%} ({sure}) {of}"
        figures = (None, None, None) if said.few else (one.estimate, one.low, one.high)
        found.append(Figure(label, shown, "replies, as read and corrected", as_local(now).date(), *figures))
    return found


def _answers(session: Session, survey_id: int, now: datetime) -> Figure:
    """Small numbers stay hidden, as on the survey's own page (R27)."""
    survey = survey_with_id(session, survey_id)
    counted = results(session, survey, now)
    shown = "fewer than 5, hidden" if counted.answered is None else f"{counted.answered:,}"
    value = None if counted.answered is None else float(counted.answered)
    day: date = counted.before or as_local(survey.closed_at or now).date()
    return Figure(
        f"Answers to the survey \u2018{survey.title}\u2019", shown, f"Beatline's survey {survey_id}", day, value
    )


def _posts(session: Session, campaign: Campaign) -> Sequence[Any]:
    """A row a network: how many posts, and what was reported of them; None where no post reports it.

    replies: those that Beatline holds, as on every page; a network counts ours and leaves out some under others."""
    columns: tuple[Any, ...] = (
        col(Facts.channel),
        func.count().label("posts"),
        func.max(col(CollectingState.last_at)).label("read"),
        func.sum(col(Facts.impressions)).label("impressions"),
        func.count(col(Facts.impressions)).label("impressions_posts"),
        func.sum(col(Facts.replies_stored)).label("replies"),
        *(func.sum(getattr(Facts, metric)).label(metric) for metric in _ACTIONS),
    )
    read = col(CollectingState.publication_id) == col(Facts.publication_id)
    query = select(*columns).select_from(Facts).outerjoin(CollectingState, read)
    query = query.where(col(Facts.campaign) == campaign.name).group_by(col(Facts.channel)).order_by(col(Facts.channel))
    return session.connection().execute(query).all()
