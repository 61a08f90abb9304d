"""Stores what was heard, a page in one transaction, so that any page may come twice, late or in another order.

Only what is needed is kept of an author: a hash that joins one thread (R25). Profile fields never get this far (R26).
A page costs a few statements, however many replies it holds, and next to nothing where it holds nothing new."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, String, any_, bindparam, delete, func, or_, select, text, update
from sqlmodel import Session, col

from social.attachments import ERASED, keep_attachments
from social.channels.base import Heard
from social.duty_opening import note_edited
from social.forgotten import take_in
from social.interactions import Interaction, Reading
from social.labels import put_out_of_force
from social.publication_parts import ids_of_parts
from social.publications import Publication
from social.upsert import is_postgresql, put_rows, table_of
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

    publication_ids: our publications by platform id; what belongs to no other, or to an erased one, is dropped, and so
    is a part of a thread of ours. An item that is known is brought up to date: its text, whether it is hidden, that it is there. Changed words are to be
    read again; words that were erased are not taken in again, and replies that were forgotten (R28, R29) do not come
    back."""
    # The last one wins where a page holds an item twice: one statement may not touch a row two times.
    ours = {item.platform_id: item for item in map(_storable, items) if item.conversation in publication_ids}
    erased = _erased(session, {publication_ids[item.conversation] for item in ours.values()})
    ours = {number: item for number, item in ours.items() if publication_ids[item.conversation] not in erased}
    ours = _beneath_parts(session, publication_ids, ours)
    if not ours:
        return 0
    known = _known(session, account_id, list(ours))
    ours = take_in(session, vault, publication_ids, ours, known)
    told = [_as_kept(item, known.get(item.platform_id)) for item in ours.values()]
    changed = [item for item in told if _differs(item, known.get(item.platform_id))]
    if changed:
        rows = [_row(vault, account_id, publication_ids[item.conversation], item, now) for item in changed]
        put_rows(session, Interaction, rows, _bring_up_to_date)
        _read_again(session, [known[i.platform_id] for i in changed if _is_edited(i, known.get(i.platform_id))])
        publications = {publication_ids[item.conversation] for item in changed}
        _note_answers(session, account_id, publications)
    keep_attachments(session, vault, account_id, told, now)
    return sum(item.platform_id not in known for item in changed)


def _erased(session: Session, publication_ids: Collection[int]) -> set[int]:
    """Those of the publications whose words were erased (R10): nobody's words are taken in under them again."""
    if not publication_ids:
        return set()
    return set(session.connection().execute(_ERASED_AMONG, {"these": sorted(publication_ids)}).scalars())


def _beneath_parts(session: Session, publication_ids: Mapping[str, int], items: dict[str, Heard]) -> dict[str, Heard]:
    """Without our own later parts of a thread; what answers one of them answers the post."""
    if not any(item.ours or item.parent not in (None, item.conversation) for item in items.values()):
        return items
    parts = ids_of_parts(session, {publication_ids[item.conversation] for item in items.values()})
    return {
        number: replace(item, parent=item.conversation) if item.parent in parts else item
        for number, item in items.items()
        if number not in parts
    }


def _storable(item: Heard) -> Heard:
    """The item as either database can hold it, so that its words are stored as they will be compared the next time.

    Not every database's text may hold NUL, and none takes half of a surrogate pair, which JSON can spell."""
    odd: dict[str, Any] = {
        name: _plain(value)
        for name in ("platform_id", "conversation", "parent", "text", "author", "lang")
        if (value := getattr(item, name)) is not None and not _is_plain(value)
    }
    return replace(item, **odd) if odd else item


def _is_plain(value: str) -> bool:
    return (value.isascii() and "\0" not in value) or _plain(value) == value


def _plain(value: str) -> str:
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "\ufffd")


LEAD = "lead"
"""Retention of a reply that was made a lead (`social.leads`)."""
_TABLE = table_of(Interaction)
_KNOWN = select(
    _TABLE.c.platform_id, _TABLE.c.id, _TABLE.c.text, _TABLE.c.hidden, _TABLE.c.gone_at, _TABLE.c.retention
).where(_TABLE.c.account_id == bindparam("account_id"))
# One text whatever the number of ids, so that neither we nor the database take it apart anew for each page.
_KNOWN_SQLITE = _KNOWN.where(_TABLE.c.platform_id.in_(text("SELECT value FROM json_each(:platform_ids)")))
_KNOWN_POSTGRESQL = _KNOWN.where(_TABLE.c.platform_id == any_(bindparam("platform_ids", type_=ARRAY(String))))


def _known(session: Session, account_id: int, platform_ids: Sequence[str]) -> dict[str, Any]:
    if is_postgresql(session):
        query, given = _KNOWN_POSTGRESQL, platform_ids
    else:
        query, given = _KNOWN_SQLITE, json.dumps(platform_ids)
    found = session.connection().execute(query, {"account_id": account_id, "platform_ids": given})
    return {row.platform_id: row for row in found}


def _as_kept(item: Heard, known: Any) -> Heard:
    """The item with what is not to change: whether it is hidden, where the network does not say, and the words of a
    lead, which the enquiry gets as they were first read, whatever their writer makes of them (R22)."""
    if item.hidden is None:
        item = replace(item, hidden=known is not None and known.hidden)
    return replace(item, text=known.text) if known is not None and known.retention == LEAD else item


def _differs(item: Heard, known: Any) -> bool:
    """Whether there is anything to store; what was erased stays so, whatever the network still shows."""
    if known is None:
        return True
    seen = (known.text, known.hidden, known.gone_at)
    return known.retention != ERASED and seen != (item.text, item.hidden, None)


def _is_edited(item: Heard, known: Any) -> bool:
    return known is not None and known.text != item.text


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


def _bring_up_to_date(statement: Any) -> Any:
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=["account_id", "platform_id"],
        set_={
            "text": new.text,
            "hidden": new.hidden,
            "gone_at": None,
            "parent_platform_id": func.coalesce(new.parent_platform_id, _TABLE.c.parent_platform_id),
            "unread": or_(_TABLE.c.unread, _TABLE.c.text != new.text),
        },
        where=_TABLE.c.retention != ERASED,
    )


def _read_again(session: Session, edited: Sequence[Any]) -> None:
    """What an analyser and people said of words that are not there any more does not stand."""
    if edited:
        ids = [row.id for row in edited]
        session.connection().execute(delete(Reading).where(col(Reading.interaction_id).in_(ids)))
        put_out_of_force(session, ids)
        note_edited(session, ids)


def _note_answers(session: Session, account_id: int, publication_ids: Collection[int]) -> None:
    """Set `answered_at` of residents' replies that one of ours answers, whichever of the two arrived first.

    An answer counts from when it was written; one dated before the reply answers it at once. The publications' own
    words are few and stand in an index of their own, so this costs the same for the ten-thousandth reply."""
    session.connection().execute(_NOTE, {"this_account": account_id, "these": sorted(publication_ids)})


# Built once: building a statement takes longer than a database takes to carry it out.
_THESE: Any = bindparam("these", expanding=True)
_PUBLICATION, _ANSWER = table_of(Publication), _TABLE.alias("answer")
_ERASED_AMONG = select(_PUBLICATION.c.id).where(_PUBLICATION.c.id.in_(_THESE), _PUBLICATION.c.erased_at.is_not(None))
_FIRST = (
    select(_ANSWER.c.publication_id, _ANSWER.c.parent_platform_id, func.min(_ANSWER.c.created_at).label("at"))
    .where(text("answer.ours"), _ANSWER.c.publication_id.in_(_THESE))
    .group_by(_ANSWER.c.publication_id, _ANSWER.c.parent_platform_id)
    .subquery("first")
)
_NOTE = (
    update(_TABLE)
    .where(
        _TABLE.c.account_id == bindparam("this_account"),
        _TABLE.c.platform_id == _FIRST.c.parent_platform_id,
        _TABLE.c.publication_id == _FIRST.c.publication_id,
        ~_TABLE.c.ours,
        or_(_TABLE.c.answered_at.is_(None), _TABLE.c.answered_at > _FIRST.c.at),
    )
    .values(answered_at=_FIRST.c.at)
)
