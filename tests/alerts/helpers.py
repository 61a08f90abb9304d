"""What the alert service's tests build with: residents with the dull fields filled in."""

from collections.abc import Iterable
from datetime import datetime
from itertools import count

from social.alerts.contacts import Contact, clean_phone, email_key, phone_key, seal
from social.alerts.residents import (
    Frequency,
    Resident,
    ResidentArea,
    ResidentGroup,
    ResidentState,
    ResidentTopic,
)
from social.context import Context

_numbers = count(1)


def a_resident(
    context: Context,
    *,
    email: str | None = None,
    phone: str = "",
    name: str = "",
    topics: Iterable[str] = ("appeals",),
    places: Iterable[int] | dict[int, float] = (),
    groups: Iterable[str] = (),
    frequency: str = Frequency.AT_ONCE,
    lang: str = "en",
    by_email: bool = True,
    by_text: bool = False,
    quiet: tuple[int, int] | None = None,
    confirmed: bool = True,
    source: str = "website",
    at: datetime | None = None,
) -> Resident:
    """A resident as signing up and confirming would have made one.

    email: None makes one up; addresses of example.org reach nobody.  places: ids, or id -> kilometres around it.
    quiet: minutes after midnight, from and to.  at: when they joined, now when not given."""
    at = at or context.clock.now()
    contact = Contact(email or f"resident{next(_numbers)}@example.org", clean_phone(phone), name)
    resident = Resident(
        state=(ResidentState.CONFIRMED if confirmed else ResidentState.UNCONFIRMED).value,
        contact_sealed=seal(context.vault, contact),
        email_key=email_key(context.vault, contact.email),
        phone_key=phone_key(context.vault, contact.phone),
        frequency=str(frequency),
        lang=lang,
        by_email=by_email,
        by_text=by_text,
        quiet_from=quiet[0] if quiet else None,
        quiet_to=quiet[1] if quiet else None,
        consent_at=at,
        consent_source=source,
        joined_at=at,
        confirmed_at=at if confirmed else None,
        changed_at=at,
        phone_checked_at=at if by_text else None,
    )
    within = places if isinstance(places, dict) else dict.fromkeys(places, 0.0)
    with context.database.write() as session:
        session.add(resident)
        session.flush()
        assert resident.id is not None
        session.add_all(ResidentTopic(resident_id=resident.id, topic=one) for one in topics)
        session.add_all(ResidentArea(resident_id=resident.id, place_id=one, within_km=km) for one, km in within.items())
        session.add_all(ResidentGroup(resident_id=resident.id, group=one) for one in groups)
    return resident
