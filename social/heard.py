"""Stores what was heard, a page in one transaction, so that any page may come twice, late or in another order.

Only what is needed is kept of an author: a hash that joins one thread (R25). Profile fields never get this far (R26)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, or_, select, update
from sqlmodel import Session, col

from social.channels.base import Heard
from social.interactions import Interaction, Reading
from social.labels import put_out_of_force
from social.publications import Publication, mark_stale
from social.upsert import insert_into, table_of
from social.vault import Vault


def store_heard(
    session: Session,
    vault: Vault,
    account_id: int,
    publication_ids: Mapping[str, int],
    items: Sequence[Heard],
    now: datetime,
) -> int:
    """Store one page in the caller's transaction.  Returns how many of its items were new.

    publication_ids: our publications by platform id; what belongs to no other, or to an erased one, is dropped. An
    item that is known is brought up to date: its text, whether it is hidden, that it is there. Changed words are to be
    read again."""
    # The last one wins where a page holds an item twice: one statement may not touch a row two times.
    ours = {item.platform_id: _without_nul(item) for item in items if item.conversation in publication_ids}
    erased = _erased(session, {publication_ids[item.conversation] for item in ours.values()})
    ours = {number: item for number, item in ours.items() if publication_ids[item.conversation] not in erased}
    if not ours:
        return 0
    known = _known(session, account_id, list(ours))
    told = [_told_hidden(item, known.get(item.platform_id)) for item in ours.values()]
    changed = [item for item in told if _differs(item, known.get(item.platform_id))]
    if not changed:
        return 0
    rows = [_row(vault, account_id, publication_ids[item.conversation], item, now) for item in changed]
    statement = insert_into(session, Interaction)
    table, new = table_of(Interaction), statement.excluded
    statement = statement.on_conflict_do_update(
        index_elements=["account_id", "platform_id"],
        set_={
            "text": new.text,
            "hidden": new.hidden,
            "gone_at": None,
            "parent_platform_id": func.coalesce(new.parent_platform_id, table.c.parent_platform_id),
            "unread": or_(table.c.unread, table.c.text != new.text),
        },
    )
    session.connection().execute(statement, rows)
    edited = [
        known[i.platform_id].id for i in changed if i.platform_id in known and known[i.platform_id].text != i.text
    ]
    if edited:
        session.connection().execute(delete(Reading).where(col(Reading.interaction_id).in_(edited)))
        put_out_of_force(session, edited)
    _note_answers(session, account_id, changed)
    mark_stale(session, {publication_ids[item.conversation] for item in changed}, now)
    return sum(item.platform_id not in known for item in changed)


def _erased(session: Session, publication_ids: Collection[int]) -> set[int]:
    """Those of the publications whose words were erased (R10): nobody's words are taken in under them again."""
    column: Any = Publication.id
    query = select(column).where(column.in_(publication_ids), col(Publication.erased_at).is_not(None))
    return set(session.connection().execute(query).scalars()) if publication_ids else set()


def _without_nul(item: Heard) -> Heard:
    """Not every database's text may hold NUL; the words must be stored as they will be compared the next time."""
    return replace(item, text=item.text.replace("\0", "\ufffd")) if "\0" in item.text else item


def _known(session: Session, account_id: int, platform_ids: Sequence[str]) -> dict[str, Any]:
    columns: list[Any] = [
        Interaction.platform_id, Interaction.id, Interaction.text, Interaction.hidden, Interaction.gone_at,
    ]  # fmt: skip
    query = select(*columns).where(
        col(Interaction.account_id) == account_id, col(Interaction.platform_id).in_(platform_ids)
    )
    return {row.platform_id: row for row in session.connection().execute(query)}


def _told_hidden(item: Heard, known: Any) -> Heard:
    """Where the network does not say whether it is hidden, what was known stays."""
    return item if item.hidden is not None else replace(item, hidden=known is not None and known.hidden)


def _differs(item: Heard, known: Any) -> bool:
    return known is None or (known.text, known.hidden, known.gone_at) != (item.text, item.hidden, None)


def _row(vault: Vault, account_id: int, publication_id: int, item: Heard, now: datetime) -> dict[str, Any]:
    named = item.author is not None and not item.ours
    return {
        "account_id": account_id,
        "publication_id": publication_id,
        "platform_id": item.platform_id,
        "parent_platform_id": item.parent,
        "kind": item.kind,
        "text": item.text,
        "author_key": vault.thread_key(item.conversation, str(item.author)) if named else None,
        "ours": item.ours,
        "lang_hint": item.lang,
        "created_at": item.created_at,
        "fetched_at": now,
        "purpose": "engagement",
        "retention": "raw_reply",
        "hidden": item.hidden,
        "unread": not item.ours,
    }


_REPLY, _ANSWER = table_of(Interaction).alias("reply"), table_of(Interaction).alias("answer")


def _note_answers(session: Session, account_id: int, items: Sequence[Heard]) -> None:
    """Set `answered_at` of residents' replies that one of ours answers, whichever of the two arrived first."""
    ids = [item.platform_id for item in items if not item.ours]
    parents = [item.parent for item in items if item.ours and item.parent]
    if not ids and not parents:
        return
    reply, answer = _REPLY, _ANSWER
    first = (
        select(reply.c.id, func.min(answer.c.created_at).label("at"))
        .join(
            answer,
            (answer.c.publication_id == reply.c.publication_id)
            & (answer.c.parent_platform_id == reply.c.platform_id)
            & answer.c.ours,
        )
        .where(reply.c.account_id == account_id, reply.c.platform_id.in_([*ids, *parents]), ~reply.c.ours)
        .group_by(reply.c.id)
    )
    for id_, at in session.connection().execute(first).all():
        # An answer counts from when it was written; one dated before the reply answers it at once.
        session.connection().execute(
            update(Interaction)
            .where(
                col(Interaction.id) == id_,
                or_(col(Interaction.answered_at).is_(None), col(Interaction.answered_at) > at),
            )
            .values(answered_at=at)
        )
