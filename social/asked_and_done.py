"""You said, we did: what residents of an area asked for, and what was done about it, each with its day and its source.

The words are the force's own. What a resident wrote is not copied here: a record points at the survey, or at the post
under which it was said (R25, R28)."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from social.alerts.surveys import Survey, SurveyState
from social.audit import record
from social.clock import as_local
from social.context import Context
from social.errors import InputError
from social.places import Place
from social.profile_input import LONGEST_TEXT, Checking, put_row, require_same
from social.profiles import AskedBy, AskedFor, DoneAbout, Partner
from social.publications import Publication
from social.staff import Action, Person, require


@dataclass(frozen=True)
class AskedInput:
    """What was asked for.  by: an `AskedBy`.  survey_id, publication_id, link: where it shows, any or none of them."""

    place_id: int
    asked_on: date | None
    by: str
    text: str
    survey_id: int | None = None
    publication_id: int | None = None
    link: str | None = None


@dataclass(frozen=True)
class DoneInput:
    """What was done.  partner_id: with whom.  survey_id, publication_id, link: where it was told."""

    asked_id: int
    done_on: date | None
    text: str
    partner_id: int | None = None
    survey_id: int | None = None
    publication_id: int | None = None
    link: str | None = None


@dataclass
class Asked:
    """A record with what was done about it, oldest first."""

    asked: AskedFor
    done: list[DoneAbout] = field(default_factory=list)


def asked_and_done(session: Session, place_ids: Collection[int]) -> list[Asked]:
    """What was asked for in these areas: what is open first, then by day, the latest first."""
    rows = session.exec(select(AskedFor).where(col(AskedFor.place_id).in_(sorted(place_ids)))).all()
    found = {row.id or 0: Asked(row) for row in rows}
    done = select(DoneAbout).where(col(DoneAbout.asked_id).in_(sorted(found)))
    for one in session.exec(done.order_by(col(DoneAbout.done_on), col(DoneAbout.id))) if found else ():
        found[one.asked_id].done.append(one)
    return sorted(found.values(), key=lambda one: (one.asked.closed_on is not None, -one.asked.asked_on.toordinal(),
                                                   -(one.asked.id or 0)))  # fmt: skip


def put_asked(
    context: Context, person: Person, given: AskedInput, *, asked_id: int | None = None, version: int | None = None
) -> int:
    """Write down what was asked for, or change it.  version: the one that the person saw.  Returns the number.

    Raises NotAllowed, or InputError with every problem."""
    with context.database.write() as session:
        now = context.clock.now()
        require(session, person, Action.KEEP_PROFILES, given.place_id)
        check = Checking()
        if session.get(Place, given.place_id) is None:
            check.wrong("Choose the area.")
        if given.by not in set(AskedBy):
            check.wrong("Choose how you came to know of it.")
        values: dict[str, Any] = {
            "place_id": given.place_id,
            "by": given.by,
            "text": check.words("what was asked for", given.text, LONGEST_TEXT),
            "asked_on": check.day("the day on which it was asked for", given.asked_on, as_local(now).date()),
            **_sources(session, check, given),
        }
        check.end()
        asked = _asked(session, person, asked_id, version) if asked_id is not None else None
        before = _audited(asked) if asked is not None else None
        asked = put_row(session, asked, AskedFor, values, now)
        record(session, now, actor=person, action="keep what was asked", subject=("asked_for", asked.id or 0),
               before=before, after=_audited(asked), place_id=asked.place_id)  # fmt: skip
        return asked.id or 0


def close_asked(context: Context, person: Person, asked_id: int, *, version: int, again: bool = False) -> None:
    """Say that nothing more is planned about it.  again: open it once more.

    Raises InputError where nothing was done yet: who asked is owed an answer, if only that it cannot be done."""
    with context.database.write() as session:
        asked, now = _asked(session, person, asked_id, version), context.clock.now()
        done = session.exec(select(DoneAbout.id).where(DoneAbout.asked_id == asked_id).limit(1)).first()
        if done is None and not again:
            raise InputError("Write down first what was done, or why nothing can be.")
        before = _audited(asked)
        asked.closed_on = None if again else as_local(now).date()
        asked.version, asked.changed_at = asked.version + 1, now
        session.add(asked)
        record(session, now, actor=person, action="reopen what was asked" if again else "close what was asked",
               subject=("asked_for", asked_id), before=before, after=_audited(asked), place_id=asked.place_id)  # fmt: skip


def remove_asked(context: Context, person: Person, asked_id: int, *, version: int) -> None:
    """Take a record away that was wrong, with what was said to be done about it."""
    with context.database.write() as session:
        asked = _asked(session, person, asked_id, version)
        done = session.exec(select(DoneAbout).where(DoneAbout.asked_id == asked_id)).all()
        for one in done:
            session.delete(one)
        session.flush()
        session.delete(asked)
        record(session, context.clock.now(), actor=person, action="remove what was asked",
               subject=("asked_for", asked_id), before={**_audited(asked), "done": len(done)}, place_id=asked.place_id)  # fmt: skip


def put_done(
    context: Context, person: Person, given: DoneInput, *, done_id: int | None = None, version: int | None = None
) -> int:
    """Write down what was done about it, or change that.  Returns the number.  Raises as `put_asked` does."""
    with context.database.write() as session:
        now, check = context.clock.now(), Checking()
        asked = _asked(session, person, given.asked_id)
        partner = session.get(Partner, given.partner_id) if given.partner_id is not None else None
        if given.partner_id is not None and partner is None:
            check.wrong("There is no such partner. Choose one of the list.")
        values: dict[str, Any] = {
            "asked_id": given.asked_id,
            "text": check.words("what was done", given.text, LONGEST_TEXT),
            "done_on": check.day("the day on which it was done", given.done_on, as_local(now).date(),
                                 not_before=asked.asked_on),
            "partner_id": given.partner_id,
            **_sources(session, check, given),
        }  # fmt: skip
        check.end()
        done = session.get(DoneAbout, done_id) if done_id is not None else None
        if done_id is not None and (done is None or done.asked_id != given.asked_id):
            raise InputError("There is no such record any more.")
        if done is not None:
            require_same(done.version, version, "This record")
        done = put_row(session, done, DoneAbout, values, now)
        record(session, now, actor=person, action="keep what was done", subject=("done_about", done.id or 0),
               after={"asked": done.asked_id, "on": done.done_on, "partner": done.partner_id},
               place_id=asked.place_id)  # fmt: skip
        return done.id or 0


def remove_done(context: Context, person: Person, done_id: int, *, version: int) -> None:
    """Take away what was not done after all."""
    with context.database.write() as session:
        done = session.get(DoneAbout, done_id)
        if done is None:
            raise InputError("There is no such record any more.")
        asked = _asked(session, person, done.asked_id)
        require_same(done.version, version, "This record")
        session.delete(done)
        record(session, context.clock.now(), actor=person, action="remove what was done", subject=("done_about", done_id),
               before={"asked": done.asked_id, "on": done.done_on}, place_id=asked.place_id)  # fmt: skip


_ANY = object()


def _asked(session: Session, person: Person, asked_id: int, version: object = _ANY) -> AskedFor:
    asked = session.get(AskedFor, asked_id)
    if asked is None:
        raise InputError("There is no such record any more.")
    require(session, person, Action.KEEP_PROFILES, asked.place_id)
    if version is not _ANY:
        require_same(asked.version, version if isinstance(version, int) else None, "This record")
    return asked


def _sources(session: Session, check: Checking, given: AskedInput | DoneInput) -> dict[str, Any]:
    """Where it shows: each has to be there."""
    if given.survey_id is not None:
        survey = session.get(Survey, given.survey_id)
        if survey is None or survey.state == SurveyState.DRAFT:
            check.wrong("There is no open or closed survey of that number.")
    if given.publication_id is not None and session.get(Publication, given.publication_id) is None:
        check.wrong("There is no post of that number.")
    return {"survey_id": given.survey_id, "publication_id": given.publication_id,
            "link": check.address("the link", given.link)}  # fmt: skip


def _audited(asked: AskedFor) -> dict[str, object]:
    return {"place": asked.place_id, "on": asked.asked_on, "by": asked.by, "closed": asked.closed_on}
