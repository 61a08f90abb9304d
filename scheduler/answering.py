"""What the scheduler knows that answers to residents must ask: the kill switch, and the checks of words.

Of the holds only the one that stops everything stops answers (R31): the others stop publicity, and a resident who asks
in a critical incident is to be answered (R18, R37)."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlmodel import Session

from scheduler.checks import FAMILIES, Finding, Subject
from scheduler.checks.base import About
from scheduler.checks.names import find_names
from scheduler.content_types import kind_of
from scheduler.hold_kinds import HoldKind
from scheduler.hold_rules import Held, holds_since, is_adrift, say_hold, stops
from scheduler.posts import Post
from scheduler.surroundings import about_post, force_of
from social.answer_rules import Concern
from social.answering import send_due
from social.context import Context
from social.places import Place, areas_above
from social.publications import Publication

_ASKED = ("personal_data", "proceedings", "suspects", "complainants", "children", "politics")
"""The families of checks that mind what a few words to a resident may give away (R01-R06, R31, R36)."""


class Rules:
    """`social.answer_rules.AnswerRules`, answered from the holds and the checks."""

    def stopped(self, session: Session, place_id: int | None, since: datetime, now: datetime) -> str | None:
        areas = areas_above(session, place_id)
        about = Held(kind=kind_of(""), areas=areas, adrift=is_adrift(session, areas))
        for hold in holds_since(session, min(since, now), now):
            if hold.kind == HoldKind.STOP_ALL and stops(hold, areas_above(session, hold.place_id), about):
                return (
                    f"Everything is stopped by {say_hold(session, hold)}: answers too. In an emergency pass the reply to "
                    "the control room."
                )
        return None

    def concerns(self, session: Session, publication: Publication, text: str, now: datetime) -> Sequence[Concern]:
        return list(_concerns(_subject(session, publication, text, now)))


RULES = Rules()


def send_answers(context: Context) -> int:
    """The job: send the answers that people pressed send for.  Returns how many moved on."""
    return send_due(context, RULES)


def _subject(session: Session, publication: Publication, text: str, now: datetime) -> Subject:
    """The answer as a post of the kind and the case that it stands under."""
    post = session.get(Post, publication.post_id) if publication.post_id is not None else None
    if post is not None:
        about = about_post(session, post, now)
    else:
        place = session.get(Place, publication.place_id) if publication.place_id is not None else None
        about = About(
            content_type=publication.content_type, place=place.name if place else None, force=force_of(session, place)
        )
    return Subject(**{**vars(about), "lang": "en"}, text=text)


def _concerns(subject: Subject) -> Iterator[Concern]:
    for name in _ASKED:
        for finding in FAMILIES[name](subject):
            yield _as_concern(finding)
    places = (subject.place,) if subject.place else ()
    for named in find_names(subject.text, places=places):
        if named.role in ("person", "victim"):
            yield Concern(
                f"'{named.words}' names a person. An answer names nobody but staff: take the name out.", True, "R21"
            )


def _as_concern(finding: Finding) -> Concern:
    """What would need corporate communications' approval in a post stops an answer: there is nobody to ask."""
    return Concern(finding.message, finding.level != "advise", finding.rule)
