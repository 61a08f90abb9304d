"""What the alert service's tests build with: residents with the dull fields filled in."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from itertools import count

from social.accounts import Account
from social.alerts.audience import Audience
from social.alerts.contacts import Contact, clean_phone, email_key, phone_key, seal
from social.alerts.residents import (
    Frequency,
    Resident,
    ResidentArea,
    ResidentGroup,
    ResidentState,
    ResidentTopic,
)
from social.channels.base import AlertDraft, Draft
from social.context import Context

_numbers = count(1)
FROM = "alerts@woldershire.example"


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


def alert_account(context: Context, *, texts: bool = False, name: str = "alerts") -> Account:
    """An account that sends alerts; its address reaches nobody.  texts: it sends by GOV.UK Notify and can text."""
    context.settings = replace(context.settings, public_address="https://alerts.example.org")
    notify = {"notify_api_key": "key", "notify_email_template": "mail", "notify_text_template": "text"} if texts else {}
    account = Account(name=name, channel="alert", credentials_sealed=context.vault.seal({"from_address": FROM, **notify}),
                      added_at=context.clock.now())  # fmt: skip
    with context.database.write() as session:
        session.add(account)
    return account


def an_alert(
    context: Context,
    account: Account,
    audience: Audience,
    *,
    text: str = "Sheds were broken into overnight. Please lock yours.",
    subject: str = "Sheds broken into",
    urgent: bool = False,
    reference: str | None = None,
    link: str | None = None,
    key: str | None = None,
    lang: str = "en",
) -> int:
    """An alert that went out through its channel: the number of its mailing."""
    alert = AlertDraft(subject, audience.to_json(), urgent, reference=reference, lang=lang)
    draft = Draft(text, link, alert=alert)
    return int(context.channel(account).publish(draft, key=key or f"entry-{next(_numbers)}").platform_id)
