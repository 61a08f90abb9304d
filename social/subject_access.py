"""Answers a resident who asks what is kept of them, or to have it erased (R29).

They are found by what they wrote or by its link, which they give themselves. There is deliberately no way in here to ask
for an author: what is told belongs to one reply, and to what the same hand wrote in that one thread (R25)."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from textwrap import shorten
from typing import Any

from sqlalchemy import or_, select
from sqlmodel import Session, col

from social.accounts import Account
from social.audit import record
from social.context import Context
from social.errors import InputError
from social.hiding_records import Hiding
from social.interactions import Interaction
from social.publications import Publication
from social.staff import Action, Person, areas_of, require

FIND = "find what is held"
ENQUIRY = "law_enforcement"
MOST = 20
NEAR = 0.75
"""Likeness, 0 to 1, from which on a reply is shown to whoever decides."""
_CANDIDATES = 20_000
_PART_OF_IT = 15
"""Characters from which on words that stand in a longer reply count as near."""


@dataclass(frozen=True)
class Found:
    """A reply that may be the one.  likeness: in (0, 1]; 1 is the same words, or its link.

    by_same_hand: how many replies of the same author are kept under the same post, this one among them.
    for_enquiry: kept as a lead for law enforcement (R24), where other rules of access hold.
    is_copy: the reply's own words are gone; this is the copy kept of them because it was hidden (R20), and reply_id its
    number."""

    reply_id: int
    text: str
    written_at: datetime
    account: str
    post: str
    likeness: float
    by_same_hand: int
    for_enquiry: bool
    is_copy: bool = False


def find_by_words(
    context: Context, person: Person, given: str, *, post: str | None = None, most: int = MOST
) -> list[Found]:
    """Residents' replies that say what is given, or that the link leads to; the likeliest first.

    given: the words of the reply, whole or in part, or its link or number at the network.  post: link or number of the
    post it stands under, to look there alone.  Only replies of the person's areas are looked at.
    Raises NotAllowed; InputError for nothing to go by, and for a post that is not known."""
    given = given.strip()
    if len(_plain(given)) < 3:
        raise InputError("Give the words of the reply, or its link.")
    with context.database.read() as session:
        require(session, person, Action.ERASE)
        areas = areas_of(session, person)
        query = _replies(areas)
        if post is not None:
            query = query.where(col(Interaction.publication_id).in_(_publications(session, post)))
        rows = _by_link(session, query, given) if is_link(given) else _by_words(session, query, given)
        found = [_found(session, row, likeness) for row, likeness in rows[:most]]
        if post is None:
            found += [_copy(row, likeness) for row, likeness in _copies(session, areas, given)[:most]]
    with context.database.write() as session:
        require(session, person, Action.ERASE)
        record(session, context.clock.now(), actor=person, action=FIND, subject=("replies", "request"),
               after={"found": len(found)})  # fmt: skip
    return found


def _copies(session: Session, areas: frozenset[int] | None, given: str) -> list[tuple[Any, float]]:
    """Copies of hidden replies of which the words are gone, with the reply or since its writer deleted it; there are few,
    so each is looked at."""
    columns: list[Any] = [Hiding.id, Hiding.evidence, Hiding.asked_at, Hiding.written_at, Hiding.platform_id]
    query = select(*columns, col(Account.name).label("account")).join(
        Account, col(Account.id) == col(Hiding.account_id)
    )
    query = query.join(Interaction, col(Interaction.id) == col(Hiding.interaction_id), isouter=True)
    gone = or_(col(Hiding.interaction_id).is_(None), col(Interaction.text) == "")
    query = query.where(gone, col(Hiding.evidence).is_not(None))
    if areas is not None:
        query = query.where(col(Hiding.place_id).in_(sorted(areas)))
    rows = session.connection().execute(query.order_by(col(Hiding.id))).all()
    if is_link(given):
        ends = tuple(_numbers(given))
        return [(row, 1.0) for row in rows if ends and str(row.platform_id).endswith(ends)]
    wanted = _plain(given)
    near = [(row, _likeness(wanted, _plain(str(row.evidence)))) for row in rows]
    return sorted((one for one in near if one[1] >= NEAR), key=lambda pair: -pair[1])


def _copy(row: Any, likeness: float) -> Found:
    return Found(
        row.id, row.evidence, row.written_at or row.asked_at, row.account, "", likeness, 1, False, is_copy=True
    )


def is_link(given: str) -> bool:
    """Whether that is an address or a network's number, and not something that somebody wrote."""
    return bool(re.fullmatch(r"https?://\S+|\d+(?:_\d+)*", given))


def _replies(areas: frozenset[int] | None) -> Any:
    columns: list[Any] = [
        Interaction.id, Interaction.text, Interaction.created_at, Interaction.publication_id, Interaction.author_key,
        Interaction.purpose, Account.name.label("account"), Publication.text.label("post"),  # type: ignore[attr-defined]  # a column
    ]  # fmt: skip
    query = (
        select(*columns)
        .join(Publication, col(Publication.id) == col(Interaction.publication_id))
        .join(Account, col(Account.id) == col(Interaction.account_id))
        .where(~col(Interaction.ours), col(Interaction.text) != "")
    )
    return query if areas is None else query.where(col(Publication.place_id).in_(sorted(areas)))


def _numbers(link: str) -> list[str]:
    """Every number in a link that may be a network's: long ones, and pairs joined by '_'."""
    return re.findall(r"\d{5,}(?:_\d+)*", link)


def _ending_in(column: Any, numbers: Sequence[str]) -> Any:
    """Facebook joins the post's number and the comment's by '_'; its links give the second alone."""
    ends = [column.like(f"%\\_{number}", escape="\\") for number in numbers]
    return or_(column.in_(list(numbers)), *ends)


def _publications(session: Session, post: str) -> list[int]:
    numbers, column = _numbers(post), col(Publication.platform_id)
    query: Any = select(col(Publication.id)).where(
        or_(col(Publication.url) == post.strip(), *([_ending_in(column, numbers)] if numbers else []))
    )
    found: list[int] = list(session.connection().execute(query).scalars())
    if not found:
        raise InputError("No post of this force has that link. Copy it from the post itself, or leave it out.")
    return found


def _by_link(session: Session, query: Any, given: str) -> list[tuple[Any, float]]:
    numbers = _numbers(given)
    if not numbers:
        raise InputError("That link holds no number of a reply. Copy the link of the reply itself, or give its words.")
    found = query.where(_ending_in(col(Interaction.platform_id), numbers)).limit(MOST)
    return [(row, 1.0) for row in session.connection().execute(found)]


def _by_words(session: Session, query: Any, given: str) -> list[tuple[Any, float]]:
    wanted = _plain(given)
    text: Any = col(Interaction.text)
    some = or_(text == given, *(text.ilike(f"%{part}%") for part in _parts(wanted, given)))
    rows = session.connection().execute(query.where(some).order_by(col(Interaction.id).desc()).limit(_CANDIDATES))
    scored = [(row, _likeness(wanted, _plain(row.text))) for row in rows]
    near = [(row, likeness) for row, likeness in scored if likeness >= NEAR]
    return sorted(near, key=lambda pair: (-pair[1], -pair[0].id))


def _parts(wanted: str, given: str) -> list[str]:
    """Words by which replies are looked for: long ones that every database compares without regard to capitals; where
    there is none, short ones; else words of another script, as they were given and in small letters."""
    for words in (re.findall(r"[a-z0-9]{4,}", wanted), re.findall(r"\b[a-z0-9]{2,}\b", wanted)):
        if words:
            return sorted(set(words), key=lambda word: (-len(word), word))[:3]
    other = sorted(re.findall(r"[^\W_]+", given), key=lambda word: (-len(word), word))[:3]
    return [*other, *(word.casefold() for word in other)]


def _plain(text: str) -> str:
    """The words alone: small letters, single spaces, no signs, no names addressed by '@'."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.sub(r"[^\w\s]|_", " ", re.sub(r"@\w+", " ", text)).split())


def _likeness(wanted: str, text: str) -> float:
    if wanted == text:
        return 1.0
    if len(wanted) >= _PART_OF_IT and wanted in text:
        return 0.95
    matcher = SequenceMatcher(None, wanted, text, autojunk=False)
    if matcher.real_quick_ratio() < NEAR or matcher.quick_ratio() < NEAR:
        return 0.0
    return min(matcher.ratio(), 0.94)


def _found(session: Session, row: Any, likeness: float) -> Found:
    same = [row.id] if row.author_key is None else list(same_hand(session, row.publication_id, row.author_key))
    post = shorten(row.post, 60, placeholder="…")
    return Found(row.id, row.text, row.created_at, row.account, post, likeness, len(same), row.purpose == ENQUIRY)


def same_hand(session: Session, publication_id: int, author_key: str) -> Iterator[int]:
    """Numbers of the replies under this one post whose author has this key, oldest first (R25)."""
    column: Any = Interaction.id
    query = select(column).where(
        col(Interaction.publication_id) == publication_id, col(Interaction.author_key) == author_key
    )
    yield from session.connection().execute(query.order_by(col(Interaction.created_at), column)).scalars()
