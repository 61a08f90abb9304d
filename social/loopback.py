"""Whether an address is this machine's own. Three decisions rest on the one answer: whether credentials may travel
unencrypted, whether a network's terms bind there, and whether a placeholder may go out in place of a picture."""

import ipaddress
from urllib.parse import urlsplit


def is_loopback(base_url: str | None) -> bool:
    """Whether the web address is on this machine; False for None and for what is no address."""
    try:
        return is_loopback_host(urlsplit(base_url or "").hostname or "")
    except ValueError:
        return False


def is_loopback_host(host: str) -> bool:
    """Whether the host, without port and brackets, is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
