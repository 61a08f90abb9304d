"""How often the outside may do one thing: counted in memory, within a fixed room, by keyed hashes that name nobody."""

import ipaddress
import secrets
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock

from starlette.requests import Request

from social.alerts.contacts import email_key
from social.context import Context
from social.sign_in_ways import is_among, web_proxy_networks
from social.vault import Vault

WINDOW = timedelta(hours=1)
FROM_ONE_MACHINE = 30
"""Sign-ups from one machine within the window: a library, or a stall at a fair, stands behind one address."""
FOR_ONE_ADDRESS = 3
"""Sign-ups of one e-mail address within the window, known or not."""
ROOM = 20_000
"""Machines, addresses or forms remembered at most; the oldest is forgotten first."""
FORM_HOURS = 4
"""How long a form may lie open before it is sent."""


@dataclass
class Throttle:
    """At most so many of one thing for one key within the window.  room: keys remembered."""

    most: int
    window: timedelta = WINDOW
    room: int = ROOM
    _seen: OrderedDict[str, deque[datetime]] = field(default_factory=OrderedDict, repr=False)
    _one_at_a_time: Lock = field(default_factory=Lock, repr=False)

    def wait(self, key: str, now: datetime) -> timedelta | None:
        """Count one; None when it may go on, else how long until the next may. One that may not does not count."""
        with self._one_at_a_time:
            return self._wait(key, now)

    def _wait(self, key: str, now: datetime) -> timedelta | None:
        times = self._seen.setdefault(key, deque())
        self._seen.move_to_end(key)
        while len(self._seen) > self.room:
            self._seen.popitem(last=False)
        while times and times[0] <= now - self.window:
            times.popleft()
        if len(times) >= self.most:
            return times[0] + self.window - now
        times.append(now)
        return None


@dataclass
class Forms:
    """Tokens of forms: each form that is shown has its own, good for a time and for one sending."""

    vault: Vault
    _used: OrderedDict[str, str] = field(default_factory=OrderedDict, repr=False)
    _one_at_a_time: Lock = field(default_factory=Lock, repr=False)

    def new(self, now: datetime) -> str:
        return self.vault.seal_link("form", int(now.timestamp()).to_bytes(8) + secrets.token_bytes(8))

    def is_current(self, token: str, now: datetime) -> bool:
        """Whether the form is ours and was not open for too long."""
        plain = self.vault.open_link("form", token)
        if plain is None or len(plain) != 16:
            return False
        shown = datetime.fromtimestamp(int.from_bytes(plain[:8]), UTC)
        return now - timedelta(hours=FORM_HOURS) <= shown <= now + timedelta(minutes=1)

    def use(self, token: str, filled: str) -> bool:
        """Take the token up.  filled: a digest of what was filled in.  Returns False for one that was taken before: the
        form comes again, as it was (`was_the_same`) or changed."""
        with self._one_at_a_time:
            if token in self._used:
                return False
            self._used[token] = filled
            while len(self._used) > ROOM:
                self._used.popitem(last=False)
            return True

    def was_the_same(self, token: str, filled: str) -> bool:
        """Whether what was filled in is what the token was taken up with."""
        return self._used.get(token) == filled

    def give_back(self, token: str) -> None:
        """What was sent with it was not kept."""
        self._used.pop(token, None)


@dataclass
class SignUps:
    """What stands before signing up, in one process."""

    vault: Vault
    machines: Throttle = field(default_factory=lambda: Throttle(FROM_ONE_MACHINE))
    addresses: Throttle = field(default_factory=lambda: Throttle(FOR_ONE_ADDRESS))
    forms: Forms = field(init=False)

    def __post_init__(self) -> None:
        self.forms = Forms(self.vault)

    def wait(self, machine: str, email: str, now: datetime) -> timedelta | None:
        """Count a sign-up; None when it may go on, else how long until it may."""
        return self.machines.wait(self.vault.sign_in_digest("sign-up", machine), now) or self.addresses.wait(
            email_key(self.vault, email), now
        )


def machine_of(context: Context, request: Request) -> str:
    """The address that a request comes from; of IPv6 the network, since one home has many.

    What a proxy says is believed only where the settings name the proxy (`web_proxy_addresses`)."""
    peer = request.client.host if request.client else "127.0.0.1"
    trusted = web_proxy_networks(context.settings)
    if is_among(trusted, peer):
        passed_on = [one.strip() for one in ",".join(request.headers.getlist("x-forwarded-for")).split(",")]
        peer = next((one for one in reversed(passed_on) if one and not is_among(trusted, one)), peer)
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(getattr(address, "ipv4_mapped", None) or address)
