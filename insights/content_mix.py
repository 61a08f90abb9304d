"""What an area is told about, held against what the force means to tell it: the share of each kind of post, with the
range that was set for it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from insights.coverage import social_post
from insights.figures import ENOUGH_POSTS
from insights.labels import content_type_label
from social.content_targets import LIGHT, ContentTarget, targets_for
from social.places import PlaceKind, list_places, places_within
from social.publications import Publication
from social.sorting import LIGHT_TYPES

LIGHT_LABEL = "All light posts"
BELOW, WITHIN, ABOVE, TOO_FEW = "below", "within", "above", "too few to tell"


@dataclass(frozen=True)
class MixRow:
    """One kind of post, or all light ones.  content_type: '' for those that nobody sorted.  share: of all posts, in [0, 1].

    least, most: shares to aim at, None where there is no target; verdict: below, within, above or too few to tell
    (under five posts in all, M09), None where there is no target."""

    content_type: str
    label: str
    posts: int
    share: float | None
    least: float | None
    most: float | None
    verdict: str | None


@dataclass(frozen=True)
class ContentMix:
    """posts: different posts, on however many networks.  rows: the most frequent first, all light ones last.

    targets_of: the area whose targets hold, None where nobody set any."""

    posts: int
    rows: tuple[MixRow, ...]
    targets_of: int | None


def content_mix(session: Session, place_id: int | None, since: datetime, until: datetime) -> ContentMix:
    """The mix of the posts published in [since, until) about the area or anything within it; taken down ones and alerts left out (M08).

    place_id: None for every post, those about no area as well, against the force's own targets.
    A kind that has a target and no post is a row of 0 posts."""
    whole = place_id if place_id is not None else the_only_force(session)
    whose, targets = targets_for(session, whole) if whole is not None else (None, {})
    counts = Counter(_kinds(session, place_id, since, until).values())
    total = counts.total()
    kinds = [*counts, *(kind for kind in targets if kind != LIGHT and kind not in counts)]
    rows = [_row(kind, content_type_label(kind), counts[kind], total, targets) for kind in kinds]
    rows.sort(key=lambda row: (-row.posts, row.label))
    light = sum(number for kind, number in counts.items() if kind in LIGHT_TYPES)
    if light or LIGHT in targets:
        rows.append(_row(LIGHT, LIGHT_LABEL, light, total, targets))
    return ContentMix(total, tuple(rows), whose)


def the_only_force(session: Session) -> int | None:
    """Number of the force where there is one, None where there are several or none."""
    forces = list_places(session, PlaceKind.FORCE)
    return forces[0].id if len(forces) == 1 else None


def _kinds(session: Session, place_id: int | None, since: datetime, until: datetime) -> dict[tuple[str, int], str]:
    """Post -> its kind. A post on several networks is one; each past one stands for itself."""
    query = select(Publication.id, Publication.post_id, Publication.content_type).where(
        col(Publication.withdrawn_at).is_(None), Publication.published_at >= since, Publication.published_at < until,
        social_post(),
    )  # fmt: skip
    if place_id is not None:
        query = query.where(col(Publication.place_id).in_(places_within(place_id)))
    return {
        ("past", number or 0) if post_id is None else ("post", post_id): kind
        for number, post_id, kind in session.exec(query)
    }


def _row(kind: str, label: str, posts: int, total: int, targets: Mapping[str, ContentTarget]) -> MixRow:
    share = posts / total if total else None
    target = targets.get(kind)
    if target is None:
        return MixRow(kind, label, posts, share, None, None, None)
    verdict = TOO_FEW
    if share is not None and total >= ENOUGH_POSTS:
        verdict = BELOW if share < target.least else ABOVE if share > target.most else WITHIN
    return MixRow(kind, label, posts, share, target.least, target.most, verdict)
