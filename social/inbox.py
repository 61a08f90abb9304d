"""What residents wrote, for people who answer: the most urgent first (R18, R19), by what anybody may want to narrow it to.

There is deliberately no way in here to ask for, group by or even see an author (R25)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, func, literal_column, select
from sqlmodel import Session, col

from social.accounts import Account
from social.inbox_query import EVERYTHING, Wanted, as_read, effective, ids_of, segments, where_of
from social.interactions import OPEN, REST, Interaction, Reading
from social.labels import KIND, STANCE, flags_of
from social.places import Place
from social.publications import Publication
from social.staff import Person
from social.urgency import due_at

MOST_COUNTED = 1_000
"""Counting stops here: nobody leafs further, and a count must not read all there ever was."""


LONGEST_THREAD = 500


@dataclass(frozen=True)
class ReplyView:
    """One reply as people see it.

    stance, kind: as a person corrected them, else as last read; None before an analyser has read it.  lang, p_*,
    kind_p: of the latest reading; the probabilities are None where a person corrected it, or the stance is unknown (R34).  place: name, or None.
    content_type: '' when nobody sorted the post.  post_id: None for a post of before Beatline.  ours: the account
    itself wrote it.  answered_at: our first answer to it.  url, publication_text: of the post it stands under.
    is_open: it needs a person (`social.interactions.OPEN`).  flags: what people should look at, names of `kinds.Flag`.
    assignee, done_by: names of staff, or None.  purpose: engagement or law_enforcement (R24).
    platform_id: the network's number of the reply."""

    id: int
    publication_id: int
    post_id: int | None
    account: str
    channel: str
    place: str | None
    content_type: str
    text: str
    created_at: datetime
    stance: str | None
    p_negative: float | None
    p_neutral: float | None
    p_positive: float | None
    kind: str | None
    kind_p: float | None
    lang: str | None
    ours: bool
    answered_at: datetime | None
    parent_platform_id: str | None
    url: str | None
    publication_text: str
    account_id: int = 0
    place_id: int | None = None
    platform_id: str = ""
    urgency: int = REST
    is_open: bool = True
    hidden: bool = False
    gone_at: datetime | None = None
    done_at: datetime | None = None
    done_by: str | None = None
    assignee_id: int | None = None
    assignee: str | None = None
    purpose: str = "engagement"
    flags: tuple[str, ...] = field(default=())

    @property
    def due_at(self) -> datetime | None:
        """When it is to be answered at the latest (R18); None where no clock runs or it is not open."""
        return due_at(self.urgency, self.created_at) if self.is_open and self.answered_at is None else None


def list_replies(
    session: Session, wanted: Wanted = EVERYTHING, *, limit: int = 100, offset: int = 0
) -> list[ReplyView]:
    """Residents' replies, none of ours. What is open comes first: emergencies, leads, questions and complaints by what
    is due first, then the newest (R18, R19). What is closed follows, the newest first.

    limit, offset: >= 0."""
    return views_of(session, ids_of(session, wanted, limit=limit, offset=offset))


def count_replies(session: Session, wanted: Wanted = EVERYTHING, *, most: int = MOST_COUNTED) -> int:
    """How many replies `list_replies` would list with no limit; no more than `most` are counted."""
    count = 0
    for segment in segments(wanted):
        some = select(col(Interaction.id)).where(*where_of(segment, wanted)).limit(most - count).subquery()
        count += int(session.execute(select(func.count()).select_from(some)).scalar_one())
        if count >= most:
            break
    return count


def reply_view(
    session: Session, reply_id: int, *, areas: Collection[int] | None = None, leads: bool = True
) -> ReplyView | None:
    """One reply, ours too; None when it is not there, stands under a post about another place, or is kept for law
    enforcement and that is not to be seen.  areas, leads: as in `Wanted`."""
    found = views_of(session, [reply_id])
    return next((one for one in found if _may_be_seen(one, areas, leads)), None)


def thread(
    session: Session,
    publication_id: int,
    *,
    areas: Collection[int] | None = None,
    leads: bool = True,
    limit: int = LONGEST_THREAD,
) -> list[ReplyView]:
    """Everything under one publication in the order it was written, our own answers included; the last `limit` of it.

    areas: nothing of a publication that is about another place; None for all.  leads: as in `Wanted`."""
    query = select(col(Interaction.id)).where(col(Interaction.publication_id) == publication_id)
    query = query.order_by(col(Interaction.created_at).desc(), col(Interaction.id).desc()).limit(limit)
    ids = [int(number or 0) for number in session.execute(query).scalars()][::-1]
    return [one for one in views_of(session, ids) if _may_be_seen(one, areas, leads)]


def conversation(session: Session, reply: ReplyView, *, leads: bool = True, limit: int = 100) -> list[ReplyView]:
    """The reply, what it answers, what answers it and so on, in the order it was written: over as many days as it
    takes. Our own answers stand in their place.  leads: as in `Wanted`."""
    columns: list[Any] = [Interaction.id, Interaction.platform_id, Interaction.parent_platform_id]
    query = select(*columns).where(
        col(Interaction.publication_id) == reply.publication_id,
        # Most stand right under the post: they join nothing, and there may be thousands.
        col(Interaction.parent_platform_id).is_not(None),
        col(Interaction.parent_platform_id)
        != select(col(Publication.platform_id)).where(col(Publication.id) == reply.publication_id).scalar_subquery(),
    )
    ids = _connected(reply, [(int(row[0]), row[1], row[2]) for row in session.execute(query)])
    root = select(col(Interaction.id)).where(
        col(Interaction.account_id) == reply.account_id, col(Interaction.platform_id).in_(sorted(ids))
    )
    numbers = [int(number or 0) for number in session.execute(root).scalars()]
    found = [one for one in views_of(session, numbers) if leads or one.purpose != "law_enforcement"]
    return sorted(found, key=lambda one: (one.created_at, one.id))[-limit:]


def _connected(reply: ReplyView, rows: Sequence[tuple[int, str, str]]) -> set[str]:
    """The network's numbers of all that hangs together with the reply.  rows: id, own number, number of what it answers."""
    beside: dict[str, set[str]] = {}
    for _, own, parent in rows:
        beside.setdefault(own, set()).add(parent)
        beside.setdefault(parent, set()).add(own)
    found, todo = {reply.platform_id}, [reply.platform_id]
    while todo:
        for number in beside.get(todo.pop(), set()) - found:
            found.add(number)
            todo.append(number)
    return found


def _may_be_seen(one: ReplyView, areas: Collection[int] | None, leads: bool) -> bool:
    return (areas is None or one.place_id in areas) and (leads or one.purpose != "law_enforcement")


def _latest_reading() -> Any:
    """Readings by older versions of the analyser stay stored; only the last one is shown."""
    latest = select(func.max(Reading.id)).where(col(Reading.interaction_id) == col(Interaction.id))
    return latest.correlate(Interaction).scalar_subquery()


def _name_of(person_id: Any) -> Any:
    return select(col(Person.name)).where(col(Person.id) == person_id).correlate(Interaction).scalar_subquery()


_COLUMNS: tuple[Any, ...] = (
    Interaction.id,
    Interaction.publication_id,
    Publication.post_id,
    Account.name,
    Account.channel,
    Place.name,
    Publication.content_type,
    Interaction.text,
    Interaction.created_at,
    effective(STANCE, Reading.stance),
    as_read(STANCE, Reading.p_negative),
    as_read(STANCE, Reading.p_neutral),
    as_read(STANCE, Reading.p_positive),
    effective(KIND, Reading.kind),
    as_read(KIND, Reading.kind_p),
    Reading.lang,
    Interaction.ours,
    Interaction.answered_at,
    Interaction.parent_platform_id,
    Publication.url,
    Publication.text,
    Interaction.account_id,
    Publication.place_id,
    Interaction.platform_id,
    Interaction.urgency,
    literal_column(OPEN.text, Boolean),
    Interaction.hidden,
    Interaction.gone_at,
    Interaction.done_at,
    _name_of(Interaction.done_by_id),
    Interaction.assignee_id,
    _name_of(Interaction.assignee_id),
    Interaction.purpose,
)
"""In the order of `ReplyView`'s fields; `flags` is looked up beside them."""


def views_of(session: Session, ids: Sequence[int]) -> list[ReplyView]:
    """These replies in this order; those that are not there are left out."""
    if not ids:
        return []
    query = (
        select(*_COLUMNS)
        .select_from(Interaction)
        .join(Publication, col(Publication.id) == Interaction.publication_id)
        .join(Account, col(Account.id) == Interaction.account_id)
        .join(Place, col(Place.id) == Publication.place_id, isouter=True)
        .join(Reading, col(Reading.id) == _latest_reading(), isouter=True)
        .where(col(Interaction.id).in_(ids))
    )
    flags = flags_of(session, ids)
    rows: list[tuple[Any, ...]] = [
        (*row, tuple(shown.flag.value for shown in flags[row[0]])) for row in session.execute(query)
    ]
    found = {row[0]: ReplyView(*row) for row in rows}
    return [found[number] for number in ids if number in found]
