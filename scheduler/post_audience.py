"""What an alert says besides the words of its post, and whom it is for: kept with the post until it goes out.

Subject, audience and urgency are part of what is approved: they stand in each version, and a change of them is an edit
like any other and ends the approval (R41)."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import delete
from sqlmodel import Field, Session, SQLModel, col, select

from scheduler.checks.base import AlertFact
from scheduler.posts import Post
from social.accounts import Account
from social.alerts.audience import Audience, audience_from, texts_to_send
from social.alerts.topics import GROUPS, TOPICS
from social.channels.base import AlertDraft, Draft
from social.places import Place
from social.staff import Action, Person, require


class PostAudience(SQLModel, table=True):
    """One row for each post that goes out as an alert.  audience: JSON of `Audience`.  subject: '' once erased."""

    __tablename__ = "post_audience"

    post_id: int = Field(primary_key=True, foreign_key="post.id")
    subject: str
    urgent: bool = False
    audience: str


@dataclass(frozen=True)
class AlertInput:
    """What somebody asks of an alert when they plan it.  urgent: goes to everybody of the audience at once, may be
    texted, and may ring at night (R30).  audience: without an area it is for the one that the post is about."""

    subject: str
    audience: Audience
    urgent: bool = False


def keep_audience(session: Session, post: Post, given: AlertInput | None) -> None:
    """Put this in place of what the post had; None takes it away."""
    assert post.id is not None
    session.exec(delete(PostAudience).where(col(PostAudience.post_id) == post.id))
    if given is not None:
        audience = given.audience
        if not audience.place_ids and post.place_id is not None:
            audience = replace(audience, place_ids=(post.place_id,))
        row = PostAudience(post_id=post.id, subject=given.subject.strip(), urgent=given.urgent, audience=audience.to_json())  # fmt: skip
        session.add(row)


def only_area(session: Session, given: AlertInput | None) -> Place | None:
    """The area that an alert is about where its post names none: the one that it goes to, so that a hold there stops it
    and whoever acts for it decides; None for several."""
    if given is None or len(given.audience.place_ids) != 1:
        return None
    return session.get(Place, given.audience.place_ids[0])


def require_for_areas(session: Session, person: Person, action: Action, post: Post) -> None:
    """Raise NotAllowed unless the person may do this for every area that the alert goes to; a post that is none passes."""
    alert = alert_of(session, post)
    for place_id in alert.audience.place_ids if alert is not None else ():
        require(session, person, action, place_id)


def alert_fact(given: AlertInput | None, about_area: bool, reaches: bool | None = None) -> AlertFact | None:
    """What the checks are told.  about_area: the post says which area it is about."""
    if given is None:
        return None
    audience = given.audience
    return AlertFact(given.subject, audience.topic, given.urgent, bool(audience.place_ids) or about_area, reaches)


def alert_of(session: Session, post: Post) -> AlertInput | None:
    """What the post asks as an alert; None for a post that is none."""
    row = session.get(PostAudience, post.id)
    return None if row is None else AlertInput(row.subject, audience_from(row.audience), row.urgent)


def alert_body(session: Session, given: AlertInput | None) -> dict[str, Any] | None:
    """What a version keeps of it, with the areas' names as they are now."""
    if given is None:
        return None
    audience = given.audience
    places = session.exec(
        select(Place.id, Place.name).where(col(Place.id).in_((*audience.place_ids, *audience.places_out)))
    )
    named = dict(place for place in places)
    return {
        "subject": given.subject, "urgent": given.urgent, "audience": json.loads(audience.to_json()),
        "areas": [named.get(one, str(one)) for one in audience.place_ids],
        "areas_out": [named.get(one, str(one)) for one in audience.places_out],
    }  # fmt: skip


def alert_parts(body: dict[str, Any] | None) -> dict[str, str]:
    """The same in words, by what a page calls each part."""
    if not body:
        return {}
    audience = body["audience"]
    said = {
        "Subject": body["subject"],
        "Urgent": "Yes: at once, also at night" if body["urgent"] else "",
        "Topic": TOPICS.get(audience["topic"], audience["topic"]),
        "Areas of the alert": _listed(body["areas"]),
        "Without the areas": _listed(body["areas_out"]),
        "Only groups": _listed(GROUPS.get(one, one) for one in audience["groups_in"]),
        "Without groups": _listed(GROUPS.get(one, one) for one in audience["groups_out"]),
        "Only languages": _listed(audience["languages"]),
    }
    return {name: words for name, words in said.items() if words}


def _listed(parts: Iterable[object]) -> str:
    return ", ".join(str(part) for part in parts)


def without_texts(draft: Draft) -> Draft:
    """The draft on an account that sends no texts, so that none are paid for."""
    return draft if draft.alert is None else replace(draft, alert=replace(draft.alert, texts=0))


def alert_draft(session: Session, post: Post, account: Account, row: PostAudience | None) -> AlertDraft | None:
    """What the channel is handed; None on other channels.  An urgent one says how many would be texted now."""
    if row is None or account.channel != "alert":
        return None
    texts = texts_to_send(session, audience_from(row.audience)) if row.urgent else 0
    return AlertDraft(row.subject, row.audience, row.urgent, texts, post.appeal_ref, post.place_id, post.lang)
