"""Which channels there are. A new channel is a module, a row here and a row in the contract suite."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from social.accounts import Account
from social.channels.base import Channel
from social.clock import Clock, SystemClock
from social.context import Context
from social.errors import InputError
from social.settings import Settings, load_settings
from social.vault import Vault

if TYPE_CHECKING:
    from social.channels.transport import Bearer, Uploads
    from social.metering import Meter, Rules

CREDENTIALS: dict[str, tuple[str, ...]] = {
    "x": ("consumer_key", "consumer_secret", "access_token", "access_token_secret"),
    "facebook": ("page_access_token",),
    "alert": ("from_address",),
    "memory": (),
}
"""Names that a credentials file must hold, by channel."""

OPTIONAL = {"alert": ("notify_api_key", "notify_email_template", "notify_text_template", "notify_callback_token")}
"""Names that it may hold besides.  alert: with an API key it sends by GOV.UK Notify, without one by the smtp_* settings."""

RENEWED = {"x": ("client_id", "client_secret", "access_token", "refresh_token")}
"""Names that it must hold in their place where the token ends and is renewed: OAuth 2.0."""

APP_KEYS = {"x": ("consumer_key", "client_id"), "facebook": ("app_id",)}
"""Which credential names the network's app, by channel. Facebook's does not have to be given."""

NETWORKS = ("x", "facebook", "alert")
"""What people connect to. Memory is for tests: what goes out there reaches nobody and is gone with the process."""


def credential_names(channel: str, given: Iterable[str]) -> tuple[str, ...]:
    """Which names are needed beside these, those included.  Raises KeyError for an unknown channel."""
    return RENEWED[channel] if channel in RENEWED and "refresh_token" in given else CREDENTIALS[channel]


def app_key(vault: Vault, channel: str, credentials: Mapping[str, str]) -> str | None:
    """A keyed hash of the app that the credentials belong to; None where they do not say."""
    keys = (credentials.get(name) for name in APP_KEYS.get(channel, ()))
    found = next((key for key in keys if key), None)
    return vault.app_key(channel, found) if found else None


def make_channel(context: Context, account: Account) -> Channel:
    """The channel of an account, its credentials unsealed. Libraries are imported only when they are needed.

    An account without an id is not stored: nothing is counted for it, and its token is not renewed."""
    credentials = context.vault.open(account.credentials_sealed)
    return _make(account, credentials, context.settings, context.clock, context)


def unconnected(name: str) -> tuple[Account, Channel] | None:
    """A channel that can count and knows its limits but has no credentials, and the account it stands for; None where
    Beatline knows no such channel.  Asking it for more is refused by the network."""
    if name not in CREDENTIALS:
        return None
    clock = SystemClock()
    account = Account(name=name, channel=name, credentials_sealed=b"", added_at=clock.now())
    return account, _make(account, dict.fromkeys(CREDENTIALS[name], ""), load_settings({}), clock)


def _make(
    account: Account,
    credentials: Mapping[str, str],
    settings: Settings,
    clock: Clock,
    context: Context | None = None,
) -> Channel:
    """context: None for a channel that asks no network."""
    if account.channel == "x":
        from social.channels import x_limits
        from social.channels.x import ADDRESS, XChannel

        watch = _watch(context, account, credentials, x_limits)
        bearer = _bearer(context, account, credentials, ADDRESS)
        uploads = _uploads(context, account)
        return XChannel(account, credentials, settings, clock, watch=watch, bearer=bearer, uploads=uploads)
    if account.channel == "facebook":
        from social.channels import facebook_limits
        from social.channels.facebook import FacebookChannel

        watch = _watch(context, account, credentials, facebook_limits)
        return FacebookChannel(account, credentials, settings, clock, watch=watch, uploads=_uploads(context, account))
    if account.channel == "alert":
        from social.channels.alert import AlertChannel

        return AlertChannel(context, account, credentials)
    if account.channel == "memory":
        from social.channels.memory import MemoryChannel

        return MemoryChannel(account, clock)
    raise InputError(f"There is no channel '{account.channel}'. Channels: {', '.join(NETWORKS)}.")


def _bearer(context: Context | None, account: Account, credentials: Mapping[str, str], address: str) -> "Bearer | None":
    if "refresh_token" not in credentials:
        return None
    from social.tokens import FixedToken, RenewedToken

    if context is None or account.id is None:
        return FixedToken(credentials["access_token"])
    return RenewedToken(context, account, account.base_url or address)


def _uploads(context: Context | None, account: Account) -> "Uploads | None":
    if context is None or account.id is None:
        return None
    from social.kept_uploads import KeptUploads

    return KeptUploads(context, account.id)


def _watch(context: Context | None, account: Account, credentials: Mapping[str, str], rules: "Rules") -> "Meter | None":
    if context is None or account.id is None:
        return None
    from social.metering import Meter

    return Meter(context, account, rules, app_key(context.vault, account.channel, credentials))
