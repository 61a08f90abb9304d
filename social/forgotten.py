"""Forgets replies: the words, the key that joins a thread, readings and whatever people said of them. Numbers stay, and
what the network still shows is not taken in a second time (R28, R29).

For what a whole publication has outlived, one moment under it says so; for one reply that was erased earlier, a keyed
hash of its id stays until that moment has passed it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, case, delete, func, insert, select, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from social.audit import erase_reasons_of
from social.channels.base import Heard
from social.clocks import ON_THE_CLOCK
from social.duty_tables import DutyCall
from social.interactions import Interaction, Reading
from social.labels import KIND, STANCE, Label
from social.publications import Publication
from social.retention_tables import ForgottenReply, ReplyClock, ReplyTally
from social.upsert import insert_into, table_of
from social.vault import Vault

RULE = "R28"
"""Who is on record for the reasons that go with a reply: the rule."""
MOVES_BY = timedelta(hours=1)
"""X dates an edited post by its last edit, an hour after it was written at the latest."""


def reply_mark(vault: Vault, publication_id: int, platform_id: str) -> str:
    """What stands for a forgotten reply's id: hex, 32 characters."""
    return vault.thread_key(f"forgotten\0{publication_id}", platform_id)


def take_in(
    session: Session,
    vault: Vault,
    publication_ids: Mapping[str, int],
    items: Mapping[str, Heard],
    known: Collection[str],
) -> dict[str, Heard]:
    """Those of the items that may be stored: what is known already, and what was not forgotten.

    publication_ids: by the platform id of the post.  items, known: by their own platform id."""
    new = {number: publication_ids[item.conversation] for number, item in items.items() if number not in known}
    if not new:
        return dict(items)
    under = sorted(set(new.values()))
    columns: list[Any] = [Publication.id, Publication.forgotten_to]
    spent = select(*columns).where(col(Publication.id).in_(under), col(Publication.forgotten_to).is_not(None))
    until = {row[0]: row[1] for row in session.connection().execute(spent)}
    columns = [ForgottenReply.publication_id, ForgottenReply.mark]
    single = select(*columns).where(col(ForgottenReply.publication_id).in_(under))
    marks = {(row[0], row[1]) for row in session.connection().execute(single)}
    if not until and not marks:
        return dict(items)

    def is_forgotten(number: str, publication_id: int) -> bool:
        limit = until.get(publication_id)
        if limit is not None and items[number].created_at <= limit:
            return True
        return bool(marks) and (publication_id, reply_mark(vault, publication_id, number)) in marks

    gone = {number for number, publication_id in new.items() if is_forgotten(number, publication_id)}
    return {number: item for number, item in items.items() if number not in gone}


def forget_replies(session: Session, interaction_ids: Collection[int], now: datetime) -> int:
    """Remove these replies and all that belongs to them, and keep their numbers.  Returns how many they were.

    In the caller's transaction, which also says that they do not come back: `never_before` or `never_again`. Rows that
    hang on a reply go with it: flags, labels, notes, answers, attachments and who has it open; and in the audit record the
    reasons that people gave for what they did about it, which may repeat its words."""
    ids = sorted(interaction_ids)
    if not ids:
        return 0
    _count_in(session, ids)
    forget_reasons(session, ids, now)
    session.connection().execute(delete(Reading).where(col(Reading.interaction_id).in_(ids)))
    removed = session.connection().execute(delete(table_of(Interaction)).where(col(Interaction.id).in_(ids)))
    return int(removed.rowcount)


def forget_reasons(session: Session, ids: Sequence[int], now: datetime) -> None:
    """Erase from the audit record why people did what they did about these replies: they say it in a resident's words."""
    column: Any = DutyCall.id
    calls = session.connection().execute(select(column).where(col(DutyCall.interaction_id).in_(ids))).scalars()
    erase_reasons_of(session, now, actor=RULE, kind="duty call", numbers=list(calls))
    erase_reasons_of(session, now, actor=RULE, kind="reply", numbers=ids)


def never_before(session: Session, publication_ids: Collection[int], moment: datetime) -> None:
    """Nothing that was written under these until that moment is taken in any more, unless it is still here."""
    moment = moment + MOVES_BY
    earlier = col(Publication.forgotten_to).is_(None) | (col(Publication.forgotten_to) < moment)
    session.connection().execute(
        update(Publication).where(col(Publication.id).in_(sorted(publication_ids)), earlier).values(forgotten_to=moment)
    )


def never_again(session: Session, vault: Vault, replies: Sequence[Interaction]) -> None:
    """These replies are not taken in again, however long the network shows them."""
    rows = [
        {
            "publication_id": reply.publication_id,
            "mark": reply_mark(vault, reply.publication_id, reply.platform_id),
            "written_at": reply.created_at,
        }
        for reply in replies
    ]
    if rows:
        statement = insert_into(session, ForgottenReply)
        session.connection().execute(statement.on_conflict_do_nothing(index_elements=["publication_id", "mark"]), rows)


def drop_marks(session: Session, moment: datetime) -> int:
    """Where a hash stands for a reply written until that moment, let the moment say so and drop the hash.

    Returns how many were dropped."""
    column: Any = ForgottenReply.publication_id
    due = col(ForgottenReply.written_at) <= moment
    publication_ids = set(session.connection().execute(select(column).where(due).distinct()).scalars())
    if not publication_ids:
        return 0
    never_before(session, publication_ids, moment)
    return int(session.connection().execute(delete(ForgottenReply).where(due)).rowcount)


def _count_in(session: Session, ids: Sequence[int]) -> None:
    """Add these replies' numbers to their publications' tallies."""
    seen = _as_people_saw_them(ids).subquery("seen")
    counted = select(
        seen.c.publication_id, seen.c.kind, seen.c.stance, seen.c.answered,
        func.count().label("replies"),
        func.min(seen.c.created_at).label("first_asked_at"),
        func.min(seen.c.answered_at).label("first_answered_at"),
    ).group_by(seen.c.publication_id, seen.c.kind, seen.c.stance, seen.c.answered)  # fmt: skip
    rows = [dict(row._mapping) for row in session.connection().execute(counted)]
    if rows:
        session.connection().execute(_adding_up(session), rows)
    clock = select(seen.c.publication_id, seen.c.created_at, seen.c.answered_at, seen.c.done_at).where(
        seen.c.kind.in_(sorted(ON_THE_CLOCK)),
        # As in response times: nobody could answer what its writer deleted first.
        seen.c.gone_at.is_(None) | seen.c.answered_at.is_not(None),
    )
    names = ["publication_id", "asked_at", "answered_at", "done_at"]
    session.connection().execute(insert(table_of(ReplyClock)).from_select(names, clock))


def _as_people_saw_them(ids: Sequence[int]) -> Any:
    """Residents' replies among these: publication, kind and stance ('' where unread), whether answered, and moments."""
    said_kind, said_stance = aliased(Label), aliased(Label)
    last = select(func.max(col(Reading.id))).where(col(Reading.interaction_id) == col(Interaction.id))
    columns: list[Any] = [
        Interaction.publication_id, Interaction.created_at, Interaction.answered_at, Interaction.done_at,
        Interaction.gone_at, _seen(said_kind, Reading.kind).label("kind"), _seen(said_stance, Reading.stance).label("stance"),
        case((col(Interaction.answered_at).is_not(None), True), else_=False).label("answered"),
    ]  # fmt: skip
    return (
        select(*columns)
        .select_from(table_of(Interaction))
        .join(Reading, col(Reading.id) == last.correlate(table_of(Interaction)).scalar_subquery(), isouter=True)
        .join(said_kind, _says(said_kind, KIND), isouter=True)
        .join(said_stance, _says(said_stance, STANCE), isouter=True)
        .where(col(Interaction.id).in_(ids), ~col(Interaction.ours))
    )


def _adding_up(session: Session) -> Any:
    statement = insert_into(session, ReplyTally)
    table, new = table_of(ReplyTally), statement.excluded
    return statement.on_conflict_do_update(
        index_elements=["publication_id", "kind", "stance", "answered"],
        set_={
            "replies": table.c.replies + new.replies,
            "first_asked_at": _earlier(table.c.first_asked_at, new.first_asked_at),
            "first_answered_at": _earlier(table.c.first_answered_at, new.first_answered_at),
        },
    )


def _earlier(one: Any, other: Any) -> Any:
    return case((one.is_(None), other), (other < one, other), else_=one)


def _says(label: Any, aspect: str) -> Any:
    return and_(label.interaction_id == col(Interaction.id), label.aspect == aspect, label.in_force)


def _seen(label: Any, read: Any) -> Any:
    """What people saw: what a person said, else what was read; '' for what no analyser has read."""
    return case((col(Reading.id).is_not(None), func.coalesce(label.right, read)), else_="")
