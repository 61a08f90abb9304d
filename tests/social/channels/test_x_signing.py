"""What signs requests to X says what the library would say, and leaves to it what it does not cover."""

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from oauthlib.oauth1 import Client

from social.channels.x_signing import Signer

NAMES = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=12)
ADDRESSES = st.sampled_from(
    [
        "https://api.x.com/2/tweets",
        "http://127.0.0.1:8400/x/2/tweets",
        "https://API.x.com:443/2/users/1/tweets",
        "http://Example.org:80",
        "http://[::1]:8400/2/tweets",
    ]
)

pytestmark = pytest.mark.sqlite_only


@given(st.tuples(WORDS, WORDS, WORDS, WORDS), st.sampled_from(["GET", "POST", "DELETE"]), ADDRESSES,
       st.lists(st.tuples(WORDS, st.text(max_size=8)), max_size=4), st.integers(0, 2**40))  # fmt: skip
def test_the_header_is_the_librarys_own(
    keys: tuple[str, ...], method: str, address: str, params: list[tuple[str, str]], number: int
) -> None:
    ready = requests.Request(method, address, params=[pair for pair in params if _can_leave(pair[1])]).prepare()
    nonce, timestamp = f"{number:x}", str(number)
    library = Client(keys[0], keys[1], keys[2], keys[3], nonce=nonce, timestamp=timestamp)
    expected = library.sign(str(ready.url), method)[1]["Authorization"]
    ours = Signer(dict(zip(NAMES, keys, strict=True))).header(method, str(ready.url), nonce, timestamp)
    assert _parts(ours) == _parts(expected)


def _can_leave(text: str) -> bool:
    return not any(0xD800 <= ord(letter) < 0xE000 for letter in text)


def _parts(header: str) -> list[str]:
    kind, _, rest = header.partition(" ")
    return [kind, *sorted(rest.split(", "))]


def test_a_body_in_form_fields_is_left_to_the_library() -> None:
    signer = Signer(dict.fromkeys(NAMES, "k"))
    assert signer.covers({"json": {"text": "Ducks."}, "headers": {"User-Agent": "tweepy"}})
    assert not signer.covers({"data": {"command": "INIT"}})
    assert not signer.covers({"headers": {"Content-Type": "application/x-www-form-urlencoded"}})
