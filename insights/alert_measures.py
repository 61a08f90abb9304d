"""What came of alerts (M08): one row an alert, one an area, one for all, beside social reach and never added to it.

Alerts reach residents who asked to be told, one by one, and most of them follow no force on a social network: the two are
different people counted in different ways. docs/definitions.md says what each figure means."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from typing import Any

from sqlmodel import Session, col, select

from insights.alert_facts import Counts, counts_of
from insights.figures import totals
from social.alerts.mailings import Mailing
from social.alerts.survey_small_numbers import pooled
from social.intervals import wilson
from social.places import Place, places_within

NO_AREA = "No area"
ALL = "All alerts"


@dataclass(frozen=True)
class AlertRow:
    """The figures of one alert, or of a group of alerts.

    group: number of the alert or of its area as text, '' for none or for all.  label: the subject, or the area's name.
    made_at: of one alert, when it went out.  alerts: how many, >= 1 (0 in a total of none).  members: residents whom they
    were for, at once or in a digest, added up: who was told of two alerts counts twice.  skipped: left out because they
    had been told enough that week (R30).  counts: as `alert_facts.Counts` has them.

    share_delivered: delivered / told_of; None where nothing tells whether mail arrives.  share_bounced: bounced / sent.
    share_useful: useful / useful_of, with its 95 % interval.  share_replied: replies / (sent + in_digests), may pass 1.
    share_left: left / members.  opened, share_opened: None ('not measured') unless tracking is on and anything was seen.
    Shares are in [0, 1]; None: 0 of 0, or not measured."""

    group: str
    label: str
    made_at: datetime | None = None
    alerts: int = 0
    members: int = 0
    skipped: int = 0
    counts: Counts = field(default_factory=Counts)
    delivered: int | None = None
    opened: int | None = None
    share_delivered: float | None = None
    share_bounced: float | None = None
    share_replied: float | None = None
    share_useful: float | None = None
    useful_interval: tuple[float, float] | None = None
    share_left: float | None = None
    share_opened: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON: the counts beside the shares, None where nothing is known."""
        told = {name: value for name, value in vars(self).items() if name != "counts"}
        counted = vars(self.counts) | {"delivered": self.delivered, "opened": self.opened}
        counted["reasons"] = dict(sorted(self.counts.reasons.items()))
        told["made_at"] = self.made_at.isoformat() if self.made_at else None
        return told | counted


@dataclass(frozen=True)
class AlertMeasures:
    """total: all alerts.  alerts: newest first.  areas: by name, those without an area last; areas with fewer than five
    members in all stand together (R27), and there is none when all of them are fewer.

    members_median: residents of one alert, the median.  social_reach: median reach of a social post of the same area and
    period, over the social_posts posts that report it; another measure of other people, to stand beside."""

    total: AlertRow
    alerts: tuple[AlertRow, ...]
    areas: tuple[AlertRow, ...]
    members_median: float | None
    social_reach: float | None
    social_posts: int


def alert_measures(
    session: Session,
    *,
    tracking: bool,
    since: datetime | None = None,
    until: datetime | None = None,
    place_id: int | None = None,
) -> AlertMeasures:
    """What came of the alerts that went out in [since, until).

    tracking: whether the force counts opens.  place_id: alerts about it and what lies beneath it.  A filter of None lets
    everything through.  Corrections are no alerts of their own."""
    mailings = _mailings(session, since, until, place_id)
    counts = counts_of(session, mailings)
    rows = [_row(str(one.id), one.subject, [one], counts, tracking, one.made_at) for one in mailings]
    social = totals(session, since=since, until=until, place_id=place_id)
    return AlertMeasures(
        _row("", ALL, mailings, counts, tracking),
        tuple(rows),
        _areas(session, mailings, counts, tracking),
        float(median(one.members for one in mailings)) if mailings else None,
        social.reach,
        social.reach_posts,
    )


def _mailings(
    session: Session, since: datetime | None, until: datetime | None, place_id: int | None
) -> Sequence[Mailing]:
    query = (
        select(Mailing)
        .where(col(Mailing.corrects_id).is_(None))
        .order_by(col(Mailing.made_at).desc(), col(Mailing.id).desc())
    )
    if since is not None:
        query = query.where(Mailing.made_at >= since)
    if until is not None:
        query = query.where(Mailing.made_at < until)
    if place_id is not None:
        query = query.where(col(Mailing.place_id).in_(places_within(place_id)))
    return session.exec(query).all()


def _areas(
    session: Session, mailings: Sequence[Mailing], counts: dict[int, Counts], tracking: bool
) -> tuple[AlertRow, ...]:
    groups: dict[int, list[Mailing]] = {}
    for one in mailings:
        groups.setdefault(one.place_id or 0, []).append(one)
    named = select(Place.id, Place.name).where(col(Place.id).in_(list(groups)))
    names = {number or 0: name for number, name in session.exec(named)}
    rows = []
    for places in pooled({place: sum(one.members for one in ones) for place, ones in groups.items()}):
        ones = [one for place in places for one in groups[place]]
        key = "-".join(str(place) for place in places if place)
        label = names.get(places[0], NO_AREA) if len(places) == 1 else f"{len(places)} small areas together"
        rows.append(_row(key, label, ones, counts, tracking))
    return tuple(sorted(rows, key=lambda row: (row.group == "", row.label)))


def _row(
    group: str, label: str, mailings: Sequence[Mailing], counts: dict[int, Counts], tracking: bool,
    made_at: datetime | None = None,
) -> AlertRow:  # fmt: skip
    sums = Counts()
    for one in mailings:
        sums.add(counts[one.id or 0])
    members = sum(one.members for one in mailings)
    opened = sums.opened if tracking and sums.opened else None
    return AlertRow(
        group, label, made_at, len(mailings), members, sum(one.skipped for one in mailings), sums,
        delivered=sums.delivered if sums.told_of else None,
        opened=opened,
        share_delivered=_share(sums.delivered, sums.told_of),
        share_bounced=_share(sums.bounced, sums.sent),
        share_replied=_share(sums.replies, sums.sent + sums.in_digests),
        share_useful=_share(sums.useful, sums.useful_of),
        useful_interval=wilson(sums.useful, sums.useful_of) if sums.useful_of else None,
        share_left=_share(sums.left, members),
        share_opened=None if opened is None else _share(opened, sums.opened_of),
    )  # fmt: skip


def _share(part: int, of: int) -> float | None:
    return part / of if of else None
