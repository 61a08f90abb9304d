"""The register of community pages, and which of our posts each of them passed on (M05).

Pages and groups, never people: nobody is kept who shared a post, only that a page did (R25)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from social.audit import record
from social.clock import as_local
from social.context import Context
from social.errors import InputError
from social.places import Place
from social.profile_input import LONGEST_NAME, Checking, put_row, require_same
from social.profiles import PAGE_CHANNELS, CommunityPage, PageShare, SeenHow
from social.publications import Publication
from social.staff import Action, Person, require


@dataclass(frozen=True)
class PageInput:
    """What somebody gives.  channel: a code of `PAGE_CHANNELS`.  followers: as last read on followers_on; both or none."""

    place_id: int
    channel: str
    name: str
    address: str
    followers: int | None = None
    followers_on: date | None = None


def pages_of(
    session: Session, place_ids: Collection[int] | None = None, *, retired: bool = False
) -> list[CommunityPage]:
    """Pages that serve these areas, or all, by name.  retired: those that were taken off the register as well."""
    query = select(CommunityPage).order_by(CommunityPage.name, col(CommunityPage.id))
    if place_ids is not None:
        query = query.where(col(CommunityPage.place_id).in_(sorted(place_ids)))
    if not retired:
        query = query.where(col(CommunityPage.active))
    return list(session.exec(query))


def put_page(
    context: Context, person: Person, given: PageInput, *, page_id: int | None = None, version: int | None = None
) -> int:
    """Take a page into the register, or change it.  version: the one that the person saw.  Returns its number.

    A page that was taken off comes back under its old number.  Raises NotAllowed, or InputError with every problem."""
    with context.database.write() as session:
        return keep_page(session, context.clock.now(), person, given, page_id=page_id, version=version)


def keep_page(
    session: Session, now: datetime, person: Person, given: PageInput, *, page_id: int | None = None,
    version: int | None = None, row: int | None = None,
) -> int:  # fmt: skip
    """`put_page` in the caller's write transaction.  row: of a file, for what is said of problems."""
    require(session, person, Action.KEEP_PROFILES, given.place_id)
    values = _checked(session, given, as_local(now).date(), row)
    page = _page(session, person, page_id, version) if page_id is not None else None
    same = same_page(session, values["address"])
    if same is not None and same.id != page_id:
        if same.active or page is not None:
            where = session.get(Place, same.place_id)
            raise InputError(
                f"That address is on the register already, as a page of {where.name if where else 'an area'}"
                f"{'' if same.active else ' that was taken off: enter it anew, and it comes back'}."
            )
        require(session, person, Action.KEEP_PROFILES, same.place_id)
        page = same
    before = _audited(page) if page is not None and page.id else None
    page = put_row(session, page, CommunityPage, {**values, "active": True}, now)
    record(session, now, actor=person, action="keep community page", subject=("community_page", page.id or 0),
           before=before, after=_audited(page), place_id=page.place_id)  # fmt: skip
    return page.id or 0


def same_page(session: Session, address: str) -> CommunityPage | None:
    """The page of that address, on the register or off it; None for an address that is new or none."""
    kept = Checking().address("the page's address", address)
    return session.exec(select(CommunityPage).where(CommunityPage.address == kept)).first() if kept else None


def retire_page(context: Context, person: Person, page_id: int, *, version: int) -> None:
    """Take a page off the register; what it passed on stays credited to it."""
    with context.database.write() as session:
        page, now = _page(session, person, page_id, version), context.clock.now()
        before = _audited(page)
        page.active, page.version, page.changed_at = False, page.version + 1, now
        session.add(page)
        record(session, now, actor=person, action="retire community page", subject=("community_page", page_id),
               before=before, after=_audited(page), place_id=page.place_id)  # fmt: skip


@dataclass(frozen=True)
class ShareInput:
    """A page passed a post on.  followers: the page's then; None takes what the register says.

    seen: accounts that saw it there, as the page's owner told; seen_how: a `SeenHow`, None with seen None."""

    page_id: int
    publication_id: int
    shared_on: date
    followers: int | None = None
    seen: int | None = None
    seen_how: str | None = None


def note_share(context: Context, person: Person, given: ShareInput) -> int:
    """Note that a page passed a post on.  Returns the note's number.  A second note of the same corrects the first."""
    with context.database.write() as session:
        now, check = context.clock.now(), Checking()
        page = session.get(CommunityPage, given.page_id)
        post = session.get(Publication, given.publication_id)
        if page is None or post is None:
            raise InputError("There is no such page or post. Look at the list again.")
        require(session, person, Action.KEEP_PROFILES, page.place_id)
        out = as_local(post.published_at).date()
        shared_on = check.day(
            "the day on which it was passed on", given.shared_on, as_local(now).date(), not_before=out
        )
        check.count("the number of followers", given.followers)
        check.count("how many saw it there", given.seen)
        if given.seen is not None and given.seen_how not in set(SeenHow):
            check.wrong("Say whether the number who saw it there was read off the network or is a guess.")
        check.end()
        noted = session.exec(select(PageShare).where(
            PageShare.page_id == given.page_id, PageShare.publication_id == given.publication_id)).first()  # fmt: skip
        values: dict[str, Any] = {
            "shared_on": shared_on,
            "followers": given.followers if given.followers is not None else page.followers,
            "seen": given.seen,
            "seen_how": given.seen_how if given.seen is not None else None,
            "noted_by": person.email,
            "noted_at": now,
        }
        before = _audited_share(noted) if noted is not None else None
        if noted is None:
            noted = PageShare(page_id=given.page_id, publication_id=given.publication_id, **values)
        else:
            noted.sqlmodel_update(values)
        session.add(noted)
        session.flush()
        record(session, now, actor=person, action="note share", subject=("page_share", noted.id or 0), before=before,
               after=_audited_share(noted), place_id=page.place_id)  # fmt: skip
        return noted.id or 0


def remove_share(context: Context, person: Person, share_id: int) -> None:
    """Take back a note that was wrong."""
    with context.database.write() as session:
        noted = session.get(PageShare, share_id)
        page = session.get(CommunityPage, noted.page_id) if noted is not None else None
        if noted is None or page is None:
            raise InputError("There is no such note any more.")
        require(session, person, Action.KEEP_PROFILES, page.place_id)
        record(session, context.clock.now(), actor=person, action="take back share", subject=("page_share", share_id),
               before=_audited_share(noted), place_id=page.place_id)  # fmt: skip
        session.delete(noted)


def shares_noted(
    session: Session, publication_ids: Collection[int]
) -> dict[int, list[tuple[PageShare, CommunityPage]]]:
    """Which pages passed these posts on, by publication, in order of the page's name."""
    query = (
        select(PageShare, CommunityPage)
        .join(CommunityPage, col(CommunityPage.id) == col(PageShare.page_id))
        .where(col(PageShare.publication_id).in_(sorted(publication_ids)))
        .order_by(CommunityPage.name, col(PageShare.id))
    )
    found: dict[int, list[tuple[PageShare, CommunityPage]]] = {}
    for noted, page in session.exec(query):
        found.setdefault(noted.publication_id, []).append((noted, page))
    return found


def page_names(pages: Sequence[CommunityPage]) -> dict[int, str]:
    """Number and name with network, for a list to choose from."""
    return {page.id or 0: f"{page.name} ({PAGE_CHANNELS.get(page.channel, page.channel)})" for page in pages}


def _page(session: Session, person: Person, page_id: int, version: int | None) -> CommunityPage:
    page = session.get(CommunityPage, page_id)
    if page is None:
        raise InputError("There is no such page on the register.")
    require(session, person, Action.KEEP_PROFILES, page.place_id)
    require_same(page.version, version, "This page")
    return page


def _checked(session: Session, given: PageInput, today: date, row: int | None) -> dict[str, Any]:
    check = Checking(row)
    if session.get(Place, given.place_id) is None:
        check.wrong("Choose the area that the page serves.")
    if given.channel not in PAGE_CHANNELS:
        check.wrong(f"Say where the page is: one of {', '.join(PAGE_CHANNELS)}.")
    name = check.words("the name of the page", given.name, LONGEST_NAME)
    address = check.address("the page's address", given.address, needed=True)
    followers = check.count("the number of followers", given.followers)
    read_on = None
    if followers is not None:
        read_on = check.day("the day on which its followers were read", given.followers_on, today)
    check.end()
    return {"place_id": given.place_id, "channel": given.channel, "name": name, "address": address,
            "followers": followers, "followers_on": read_on}  # fmt: skip


def _audited_share(noted: PageShare) -> dict[str, object]:
    """With the number that a page told: figures rest on it (M05)."""
    return {"page": noted.page_id, "publication": noted.publication_id, "followers": noted.followers,
            "seen": noted.seen, "how": noted.seen_how}  # fmt: skip


def _audited(page: CommunityPage) -> dict[str, object]:
    return {"place": page.place_id, "channel": page.channel, "followers": page.followers, "active": page.active}
