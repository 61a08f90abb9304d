"""Who works with a neighbourhood team, and which languages its residents use."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from social.audit import record
from social.context import Context
from social.errors import InputError
from social.places import Place
from social.profile_input import LONGEST_NAME, LONGEST_TEXT, Checking, put_row, require_same
from social.profiles import LANGUAGES, Partner, PartnerKind, PlaceLanguage
from social.staff import Action, Person, require

EARLIEST_YEAR = 1991


@dataclass(frozen=True)
class PartnerInput:
    """What somebody gives.  kind: a `PartnerKind`.  contact: of the body's office, not of a person's own telephone."""

    place_id: int
    kind: str
    name: str
    about: str = ""
    website: str | None = None
    contact: str | None = None


@dataclass(frozen=True)
class LanguageInput:
    """share: of residents, in (0, 1]; with its year and source, or all three None."""

    place_id: int
    lang: str
    share: float | None = None
    year: int | None = None
    source: str | None = None


def partners_of(session: Session, place_ids: Collection[int], *, ended: bool = False) -> list[Partner]:
    """Partners of these areas, by name.  ended: those of the past as well."""
    query = select(Partner).where(col(Partner.place_id).in_(sorted(place_ids))).order_by(Partner.name, col(Partner.id))
    return list(session.exec(query if ended else query.where(col(Partner.active))))


def languages_of(session: Session, place_id: int) -> list[PlaceLanguage]:
    """The area's own languages, the most used first, those of unknown share after them by name."""
    found = session.exec(select(PlaceLanguage).where(PlaceLanguage.place_id == place_id)).all()
    return sorted(found, key=lambda one: (-(one.share or 0.0), LANGUAGES.get(one.lang, one.lang)))


def put_partner(
    context: Context, person: Person, given: PartnerInput, *, partner_id: int | None = None, version: int | None = None
) -> int:
    """Add a partner, or change one.  version: the one that the person saw.  Returns the number.

    Raises NotAllowed, or InputError with every problem."""
    with context.database.write() as session:
        now = context.clock.now()
        require(session, person, Action.KEEP_PROFILES, given.place_id)
        values = _checked(session, given)
        partner = _partner(session, person, partner_id, version) if partner_id is not None else None
        before = _audited(partner) if partner is not None else None
        partner = put_row(session, partner, Partner, values, now)
        record(session, now, actor=person, action="keep partner", subject=("partner", partner.id or 0), before=before,
               after=_audited(partner), place_id=partner.place_id)  # fmt: skip
        return partner.id or 0


def end_partner(context: Context, person: Person, partner_id: int, *, version: int) -> None:
    """It is no partner any more: its contact is erased, its name stays with what was done together."""
    with context.database.write() as session:
        partner, now = _partner(session, person, partner_id, version), context.clock.now()
        before = _audited(partner)
        partner.active, partner.contact, partner.website = False, None, None
        partner.version, partner.changed_at = partner.version + 1, now
        session.add(partner)
        record(session, now, actor=person, action="end partner", subject=("partner", partner_id), before=before,
               after=_audited(partner), place_id=partner.place_id)  # fmt: skip


def set_language(
    context: Context, person: Person, given: LanguageInput, *, seen: Mapping[str, object] | None = None
) -> None:
    """Say that residents of the area use a language, or change what is said of it.

    seen: what `told_of` said of it when the person began; None overwrites any."""
    with context.database.write() as session:
        require(session, person, Action.KEEP_PROFILES, given.place_id)
        now, source = context.clock.now(), _require_language(session, given, context.clock.now().year)
        row = session.get(PlaceLanguage, (given.place_id, given.lang))
        if seen is not None:
            require_same(told_of(row), dict(seen), "This language")
        before = {"share": row.share, "year": row.year} if row is not None else None
        row = row or PlaceLanguage(place_id=given.place_id, lang=given.lang)
        row.share, row.year, row.source = given.share, given.year, source
        session.add(row)
        record(session, now, actor=person, action="set language", subject=("place", given.place_id), before=before,
               after={"lang": given.lang, "share": given.share, "year": given.year}, place_id=given.place_id)  # fmt: skip


def told_of(row: PlaceLanguage | None) -> dict[str, object]:
    """What is said of the language; {} where it is not on the list."""
    return {} if row is None else {"share": row.share, "year": row.year, "source": row.source}


def remove_language(context: Context, person: Person, place_id: int, lang: str) -> None:
    """Take a language off the area's list."""
    with context.database.write() as session:
        require(session, person, Action.KEEP_PROFILES, place_id)
        row = session.get(PlaceLanguage, (place_id, lang))
        if row is None:
            raise InputError("That language is not on the list any more.")
        session.delete(row)
        record(session, context.clock.now(), actor=person, action="remove language", subject=("place", place_id),
               before={"lang": lang, "share": row.share}, place_id=place_id)  # fmt: skip


def _partner(session: Session, person: Person, partner_id: int, version: int | None) -> Partner:
    partner = session.get(Partner, partner_id)
    if partner is None:
        raise InputError("There is no such partner.")
    require(session, person, Action.KEEP_PROFILES, partner.place_id)
    require_same(partner.version, version, "This partner")
    return partner


def _checked(session: Session, given: PartnerInput) -> dict[str, Any]:
    check = Checking()
    if session.get(Place, given.place_id) is None:
        check.wrong("Choose the area of the partner.")
    if given.kind not in set(PartnerKind):
        check.wrong("Choose what kind of partner it is.")
    values: dict[str, Any] = {
        "place_id": given.place_id,
        "kind": given.kind,
        "name": check.words("the name of the partner", given.name, LONGEST_NAME),
        "about": check.words("what you do together", given.about, LONGEST_TEXT, needed=False),
        "website": check.address("the partner's website", given.website),
        "contact": check.words("how to reach the partner", given.contact or "", LONGEST_NAME, needed=False) or None,
    }
    check.end()
    return values


def _require_language(session: Session, given: LanguageInput, this_year: int) -> str | None:
    check = Checking()
    if session.get(Place, given.place_id) is None:
        check.wrong("Choose the area.")
    if given.lang not in LANGUAGES:
        check.wrong("Choose a language of the list.")
    source = check.words("who counted", given.source or "", LONGEST_NAME, needed=given.share is not None) or None
    if given.share is None:
        if given.year is not None or source is not None:
            check.wrong("Enter the share of residents, or leave year and source empty as well.")
    else:
        if not 0 < given.share <= 1:
            check.wrong("The share of residents must be more than 0% and at most 100%.")
        if given.year is None or not EARLIEST_YEAR <= given.year <= this_year:
            check.wrong(f"Enter the year of the share, from {EARLIEST_YEAR} to {this_year}.")
    check.end()
    return source


def _audited(partner: Partner) -> dict[str, object]:
    return {"place": partner.place_id, "kind": partner.kind, "active": partner.active}
