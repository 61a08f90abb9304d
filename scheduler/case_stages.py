"""Changes what is known of a case: its stage, and a senior lead's decision that a name may be given (R01-R03)."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from scheduler.appeal_closing import Closed, end_sought, finish
from scheduler.cases import OFFENCE_CLASSES, STAGES, CaseRecord, NameException, case_with, posts_of
from scheduler.checks.names import find_names
from scheduler.posts import Post, normal_reference
from scheduler.rechecking import Rechecked, change_stage
from scheduler.writing import post_with_id
from social.audit import record
from social.context import Context
from social.errors import InputError
from social.staff import Action, Person, require

ARREST_OR_LATER = frozenset({"arrested", "charged", "convicted", "sentenced"})
LONGEST_REFERENCE = 60


@dataclass(frozen=True)
class Changed:
    """What a change of stage did.  closed: the appeal that ended with it, None when none did (R08)."""

    reference: str
    stage: str
    rechecked: Rechecked
    closed: Closed | None


def set_stage(
    context: Context,
    reference: str,
    stage: str,
    actor: Person,
    reason: str,
    *,
    offence_class: str | None = None,
    involves_under_18: bool | None = None,
) -> Changed:
    """Say what stage the case of this reference is at; a case that is new is opened.

    Everything queued of it is looked at again in the same transaction. An arrest, or what follows one, ends a wanted
    person's or image appeal of the same reference: its pictures come down and are erased (R08).
    Raises NotAllowed; InputError without a reason or for what is not known."""
    reference, reason = _reference(reference), _reason(reason)
    if stage not in STAGES:
        raise InputError(f"'{stage}' is no stage of a case. Give one of: {', '.join(STAGES)}.")
    if offence_class is not None and offence_class not in OFFENCE_CLASSES:
        raise InputError(f"'{offence_class}' is no class of offence. Give sexual or other.")
    with context.database.write() as session:
        now = context.clock.now()
        case = _case(session, reference, actor, now)
        done = change_stage(session, case, stage, actor, now, reason, offence_class=offence_class,
                            involves_under_18=involves_under_18)  # fmt: skip
        ended = end_sought(session, reference, stage, actor, now, reason) if stage in ARREST_OR_LATER else None
    return Changed(reference, stage, done, finish(context, ended) if ended is not None else None)


def record_exception(
    context: Context,
    actor: Person,
    *,
    decided_by: str,
    why: str,
    reference: str | None = None,
    post_id: int | None = None,
) -> int:
    """Keep a senior lead's decision that an arrested adult may be named before charge (R01), for a case or for one post.

    With it the name asks for corporate communications' approval, where without it it stops the post.
    decided_by: rank and role, such as 'Detective Superintendent, major crime'.  why: the reasons, without the name.
    Returns the record's number.  Raises NotAllowed; InputError when something is missing or a child is involved."""
    if (reference is None) == (post_id is None):
        raise InputError("Say which case or which post it is for.")
    if not decided_by.strip():
        raise InputError("Say who decided it: rank and role of the senior lead (R01).")
    why = _reason(why)
    if find_names(why):
        raise InputError("Leave the name out of the reasons: they are kept when names are erased (R22).")
    with context.database.write() as session:
        now = context.clock.now()
        case = _case(session, _reference(reference), actor, now) if reference is not None else None
        post = post_with_id(session, post_id) if post_id is not None else None
        for place_id in _areas(session, case, post):
            require(session, actor, Action.RECORD_EXCEPTION, place_id)
        if case is not None and case.involves_under_18:
            raise InputError("Somebody under 18 is involved in this case: nobody may be named (R02, R06).")
        assert actor.id is not None
        kept = NameException(case_id=case.id if case else None, post_id=post_id, decided_by=decided_by.strip(), why=why,
                             at=now, recorded_by_id=actor.id)  # fmt: skip
        session.add(kept)
        session.flush()
        assert kept.id is not None
        record(session, now, actor=actor, action="record name exception", subject=_subject(case, post_id),
               after={"exception": kept.id}, reason=why)  # fmt: skip
        return kept.id


def end_exception(context: Context, exception_id: int, actor: Person, reason: str) -> None:
    """The decision holds no longer: names stop posts again.  Raises NotAllowed, InputError."""
    reason = _reason(reason)
    with context.database.write() as session:
        now, kept = context.clock.now(), session.get(NameException, exception_id)
        if kept is None or kept.ended_at is not None:
            raise InputError("There is no such exception in force.")
        case = session.get(CaseRecord, kept.case_id) if kept.case_id is not None else None
        post = session.get(Post, kept.post_id) if kept.post_id is not None else None
        for place_id in _areas(session, case, post):
            require(session, actor, Action.RECORD_EXCEPTION, place_id)
        kept.ended_at = now
        session.add(kept)
        record(session, now, actor=actor, action="end name exception", subject=_subject(case, kept.post_id),
               after={"exception": exception_id}, reason=reason)  # fmt: skip
        if case is not None:
            change_stage(session, case, case.stage, actor, now, reason)


def _case(session: Session, reference: str, actor: Person, now: datetime) -> CaseRecord:
    """The case of the reference, opened when it is new.  Raises NotAllowed unless the person may for all its areas."""
    case = case_with(session, reference)
    for place_id in _areas(session, case, None, reference):
        require(session, actor, Action.CHANGE_CASE, place_id)
    if case is None:
        places = {post.place_id for post in posts_of(session, reference)}
        place_id = places.pop() if len(places) == 1 else None
        case = CaseRecord(reference=reference, place_id=place_id, opened_at=now, changed_at=now)
        session.add(case)
        session.flush()
    return case


def _areas(
    session: Session, case: CaseRecord | None, post: Post | None, reference: str | None = None
) -> set[int | None]:
    """The areas that a change is about: those of the posts, else that of the case, else the whole force."""
    if post is not None:
        return {post.place_id}
    reference = case.reference if case is not None else reference
    query = select(Post.place_id).where(col(Post.appeal_ref) == reference).distinct()
    return set(session.exec(query)) or {case.place_id if case is not None else None}


def _subject(case: CaseRecord | None, post_id: int | None) -> tuple[str, int]:
    if case is not None and case.id is not None:
        return "case", case.id
    assert post_id is not None
    return "post", post_id


def _reference(given: str) -> str:
    reference = normal_reference(given)
    if not reference or len(reference) > LONGEST_REFERENCE:
        raise InputError(f"Give the case's reference, as its posts carry it: at most {LONGEST_REFERENCE} characters.")
    return reference


def _reason(given: str) -> str:
    if not given.strip():
        raise InputError("Say why. The record keeps it.")
    return given.strip()
