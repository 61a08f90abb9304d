"""Whether an address is this machine's own: one answer for all who ask."""

import pytest

from social.loopback import is_loopback, is_loopback_host


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LocalHost", "[::1]", "127.1.2.3"])
def test_addresses_of_this_machine_are_known(host: str) -> None:
    assert is_loopback(f"http://{host}:8765")
    assert is_loopback_host(host.strip("[]"))


@pytest.mark.parametrize(
    "address",
    [None, "", "http://127.0.0.1.example.org", "http://example.org", "http://128.0.0.1", "http://127.999.0.1",
     "http://localhost.example.org", "http://example.org/127.0.0.1", "http://127.0.0.1@example.org", "http://[", "127.0.0.1"],
)  # fmt: skip
def test_everything_else_is_somebody_elses(address: str | None) -> None:
    assert not is_loopback(address)
