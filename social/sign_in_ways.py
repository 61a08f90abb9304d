"""The ways in which people can sign in, and what the settings say about each."""

import ipaddress
from collections.abc import Iterable
from enum import StrEnum
from urllib.parse import urlsplit

from sqlmodel import select

from social.context import Context
from social.errors import InputError
from social.settings import Settings
from social.sign_in_records import Password
from social.staff import Role

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Way(StrEnum):
    """How the app learns who is looking."""

    NONE = "none"
    """Whoever sits at this machine acts as one local person; on the practice network anybody picks a role."""
    LOCAL = "local"
    OIDC = "oidc"
    PROXY = "proxy"


def way_in(context: Context) -> Way:
    """The way in force now. `auto` is none until the first local account has a password, and local from then on."""
    chosen = context.settings.sign_in
    if chosen != "auto":
        return Way(chosen)
    with context.database.read() as session:
        return Way.LOCAL if session.exec(select(Password.person_id).limit(1)).first() is not None else Way.NONE


def require_usable(settings: Settings) -> None:
    """Raise InputError with everything that is missing for the way that was chosen."""
    needed: dict[str, tuple[str, ...]] = {
        "oidc": ("address", "oidc_metadata_url", "oidc_client_id", "oidc_client_secret"),
        "proxy": ("address", "proxy_addresses", "proxy_email_header"),
    }
    missing = [name for name in needed.get(settings.sign_in, ()) if not getattr(settings, name)]
    problems = [
        f"Sign-in by {settings.sign_in} needs the setting '{name}'. docs/people.md shows how." for name in missing
    ]
    for check in (group_roles, proxy_networks):
        try:
            check(settings)
        except InputError as error:
            problems += [str(problem) for problem in error.problems]
    if problems:
        raise InputError(*problems)


def address_of(settings: Settings) -> str:
    """How browsers reach the app, without a slash at its end."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return settings.address or f"http://{host}:{settings.port}"


def is_encrypted(settings: Settings) -> bool:
    """Whether browsers reach the app by https, so that cookies may be kept to it."""
    return settings.address.startswith("https://")


def own_hosts(settings: Settings, host: str | None) -> set[str]:
    """The hosts, with ports, that a form of ours may come from.  host: what the request was sent to."""
    return {urlsplit(address_of(settings)).netloc} | ({host} if host else set())


def group_roles(settings: Settings) -> tuple[tuple[str, Role], ...]:
    """Which group gives which role, in the order of the setting: a person gets the first that fits.

    Raises InputError for a pair that is none."""
    pairs = []
    for part in filter(None, (part.strip() for part in settings.group_roles.split(";"))):
        group, _, role = part.rpartition("=")  # a directory's name of a group may hold '=' itself
        if not group.strip() or role.strip() not in set(Role):
            raise InputError(f"group_roles: '{part}' is no group=role. Roles: {', '.join(Role)}.")
        pairs.append((group.strip(), Role(role.strip())))
    return tuple(pairs)


def role_from(settings: Settings, groups: Iterable[str]) -> Role | None:
    """The role that the groups give; None when they give none."""
    held = set(groups)
    return next((role for group, role in group_roles(settings) if group in held), None)


def proxy_networks(settings: Settings) -> tuple[Network, ...]:
    """The networks of the trusted proxies.  Raises InputError for what is none, and for one that means everybody."""
    return networks_in("proxy_addresses", settings.proxy_addresses)


def web_proxy_networks(settings: Settings) -> tuple[Network, ...]:
    """The same for what stands before `beatline web`: it is believed about where a request comes from, nothing more."""
    return networks_in("web_proxy_addresses", settings.web_proxy_addresses)


def networks_in(setting: str, text: str) -> tuple[Network, ...]:
    """The networks that a setting names, parted by commas.  Raises InputError, which names the setting."""
    networks = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        try:
            network = ipaddress.ip_network(part)
        except ValueError as error:
            raise InputError(f"{setting}: '{part}' is no address or network. Give one such as 10.1.2.3.") from error
        if network.prefixlen == 0:
            raise InputError(f"{setting}: '{part}' would trust everybody. Name the proxy itself.")
        networks.append(network)
    return tuple(networks)


def is_proxy(settings: Settings, peer: str | None) -> bool:
    """Whether the connection comes from a trusted proxy.  peer: its address; None is this machine."""
    return is_among(proxy_networks(settings), "127.0.0.1" if peer is None else peer)


def is_among(networks: Iterable[Network], peer: str) -> bool:
    """Whether the address lies in one of the networks; False for what is no address."""
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return any((mapped or address) in network for network in networks)
