"""A practice network on a clock that stands still, and clients that hold its credentials."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from requests_oauthlib import OAuth1

from social.clock import SettableClock
from social.practice.network import PracticeNetwork


@dataclass
class Client:
    """Calls one network of a practice network with the account's own credentials."""

    base: str
    how: dict[str, Any]

    def call(self, method: str, path: str, **given: Any) -> requests.Response:
        return requests.request(method, self.base + path, **{"timeout": 10, **self.how, **given})

    def get(self, path: str, **params: Any) -> Any:
        answer = self.call("GET", path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
def practice(tmp_path: Path, clock: SettableClock) -> Iterator[PracticeNetwork]:
    with PracticeNetwork(tmp_path / "practice", clock=clock, history_weeks=0) as network:
        yield network


@pytest.fixture
def x(practice: PracticeNetwork) -> Client:
    return Client(practice.base_url, {"auth": oauth(practice)})


@pytest.fixture
def sign(practice: PracticeNetwork) -> Any:
    """Signs for X with some of the credentials replaced."""
    return lambda **other: oauth(practice, **other)


@pytest.fixture
def graph(practice: PracticeNetwork) -> Client:
    token = practice.credentials("facebook")["page_access_token"]
    return Client(f"{practice.base_url}/v25.0", {"headers": {"Authorization": f"Bearer {token}"}})


@pytest.fixture
def admin(practice: PracticeNetwork) -> Client:
    return Client(f"{practice.base_url}/practice", {"headers": {"Authorization": f"Bearer {practice.admin_token}"}})


def oauth(practice: PracticeNetwork, **other: str) -> OAuth1:
    keys = {**practice.credentials("x"), **other}
    return OAuth1(keys["consumer_key"], keys["consumer_secret"], keys["access_token"], keys["access_token_secret"])


@pytest.fixture
def tweet(x: Client) -> Any:
    """Posts a text on X and gives its id."""

    def send(text: str, **body: Any) -> str:
        answer = x.call("POST", "/2/tweets", json={"text": text, **body})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["data"]["id"])

    return send


@pytest.fixture
def page_post(graph: Client) -> Any:
    """Posts a message on the page and gives its id."""

    def send(message: str, **fields: Any) -> str:
        answer = graph.call("POST", "/me/feed", data={"message": message, **fields})
        assert answer.status_code == 200, answer.text
        return str(answer.json()["id"])

    return send
