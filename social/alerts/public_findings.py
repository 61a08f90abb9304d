"""What `beatline doctor` and `beatline web` say of how residents reach the alert service."""

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from sqlmodel import select

from social.accounts import Account
from social.context import Context
from social.doctor import Finding, Level
from social.errors import InputError
from social.loopback import is_loopback
from social.settings import Settings
from social.sign_in_ways import web_proxy_networks

_SEE = "See docs/alert-pages.md."


def findings(context: Context) -> Sequence[Finding]:
    """What is missing before residents can open a link; nothing for a force without an alert account."""
    with context.database.read() as session:
        sends = session.exec(select(Account.id).where(Account.channel == "alert").limit(1)).first() is not None
    if not sends:
        return []
    address = context.settings.public_address
    found = list(settings_findings(context.settings))
    return found or [Finding(Level.OK, f"Residents reach the alert service at {address}.")]


def settings_findings(settings: Settings) -> Iterator[Finding]:
    """The same by the settings alone."""
    address = settings.public_address
    if not address:
        yield Finding(
            Level.WRONG, "No alert is sent: residents could not open its links.",
            "Set BEATLINE_PUBLIC_ADDRESS to the address at which they reach `beatline web`. " + _SEE,
        )  # fmt: skip
    elif not is_loopback(address):
        if urlsplit(address).scheme != "https":
            yield Finding(Level.WRONG, "Residents' links travel unencrypted.", "Serve the pages by https. " + _SEE)
        if not settings.web_proxy_addresses:
            yield Finding(
                Level.NOTE, "No proxy is named before `beatline web`: behind one, all residents count as one machine.",
                "Set BEATLINE_WEB_PROXY_ADDRESSES to the proxy's address. " + _SEE,
            )  # fmt: skip
        if not settings.alert_contact:
            yield Finding(
                Level.NOTE, "The privacy page names nobody to ask.",
                "Set BEATLINE_ALERT_CONTACT, such as to your data protection officer's address.",
            )  # fmt: skip
    try:
        web_proxy_networks(settings)
    except InputError as error:
        yield Finding(Level.WRONG, str(error), _SEE)
