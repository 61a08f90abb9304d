"""Sign-ups of one address that nobody has confirmed yet: each keeps what it asked for until one of them is confirmed.

Anybody can type an address into a form. So a later sign-up takes nothing away from an earlier one, and whoever opens the
address's own link is shown what each asked for and says which is theirs (R30)."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from social.alerts.contacts import Contact, contact_of, phone_key, seal
from social.alerts.residents import Resident
from social.alerts.wishes import Preferences, preferences_of, put_preferences
from social.places import Place
from social.vault import Vault

MOST = 5
"""Kept at one time: the first, and the newest of the others."""
_FIELD = "asked"
"""Where they lie in what is sealed of a contact."""


@dataclass(frozen=True)
class Asked:
    """One sign-up.  phone, name: '' for none.  number_checked: an officer has seen that the number is theirs."""

    preferences: Preferences
    at: datetime
    source: str
    number_checked: bool = False
    phone: str = field(default="", repr=False)
    name: str = field(default="", repr=False)

    def mark(self, vault: Vault) -> str:
        """What a page calls it by: the same for whoever asks for the same, 16 hex characters."""
        return vault.contact_key("asked", json.dumps([_wanted(self.preferences), self.phone, self.name]))[:16]


def _wanted(preferences: Preferences) -> dict[str, Any]:
    told = asdict(preferences)
    told["areas"] = sorted((int(place), float(km)) for place, km in preferences.areas.items())
    return told | {"topics": sorted(preferences.topics), "groups": sorted(preferences.groups)}


def everything_asked(session: Session, vault: Vault, resident: Resident) -> list[Asked]:
    """What was asked for with this address, the newest first: what the row itself holds, then the earlier ones."""
    contact, kept = contact_of(vault, resident), _kept(vault, resident)
    wanted = _read(kept["wanted"]) if kept else preferences_of(session, resident)
    newest = Asked(wanted, resident.consent_at, resident.consent_source, resident.phone_checked_at is not None,
                   contact.phone, contact.name)  # fmt: skip
    return [newest, *map(_opened, kept["earlier"] if kept else [])]


def _kept(vault: Vault, resident: Resident) -> dict[str, Any] | None:
    sealed = vault.open(resident.contact_sealed).get(_FIELD) if resident.contact_sealed else None
    return json.loads(sealed) if sealed else None


def keep_asked(vault: Vault, resident: Resident, contact: Contact, wanted: Preferences, earlier: list[Asked]) -> None:
    """Seal what the newest sign-up asks for together with the earlier ones, the newest of these first."""
    kept = {"wanted": _wanted(wanted), "earlier": [_closed(one) for one in _bounded(earlier)]}
    resident.contact_sealed = vault.seal({**vars(contact), _FIELD: json.dumps(kept)})


def put_asked(session: Session, vault: Vault, resident: Resident, chosen: Asked) -> None:
    """Have the resident be what this sign-up asked for, and forget the others."""
    contact = Contact(contact_of(vault, resident).email, chosen.phone, chosen.name)
    resident.contact_sealed, resident.phone_key = seal(vault, contact), phone_key(vault, chosen.phone)
    checked = chosen.number_checked and bool(chosen.phone)
    resident.phone_checked_at = chosen.at if checked else None
    resident.consent_at, resident.consent_source = chosen.at, chosen.source
    there = set(session.exec(select(Place.id).where(col(Place.id).in_(list(chosen.preferences.areas)))))
    areas = {place: km for place, km in chosen.preferences.areas.items() if place in there}
    put_preferences(session, resident, replace(chosen.preferences, areas=areas))


def _bounded(earlier: list[Asked]) -> list[Asked]:
    return earlier if len(earlier) < MOST else [*earlier[: MOST - 2], earlier[-1]]


def _closed(one: Asked) -> dict[str, Any]:
    return {
        "wanted": _wanted(one.preferences), "at": one.at.isoformat(), "source": one.source,
        "number_checked": one.number_checked, "phone": one.phone, "name": one.name,
    }  # fmt: skip


def _opened(kept: Mapping[str, Any]) -> Asked:
    return Asked(_read(kept["wanted"]), datetime.fromisoformat(kept["at"]), kept["source"], kept["number_checked"],
                 kept["phone"], kept["name"])  # fmt: skip


def _read(wanted: Mapping[str, Any]) -> Preferences:
    quiet = wanted["quiet"]
    told = dict(wanted) | {
        "topics": tuple(wanted["topics"]), "groups": tuple(wanted["groups"]), "areas": dict(map(tuple, wanted["areas"])),
        "quiet": (quiet[0], quiet[1]) if quiet else None,
    }  # fmt: skip
    return Preferences(**told)
