"""Every way in which a library or the connection fails has a place among our kinds of error."""

import inspect
import json
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
import tweepy
import urllib3.exceptions
from requests import exceptions as failures

from social.channels.facebook import GraphError, facebook
from social.channels.transport import (
    Asked,
    Door,
    cannot_have_arrived,
    epoch,
    judge_exception,
    judge_status,
    safe_words,
    wait_until,
)
from social.errors import NeedsPerson, OutcomeUnknown, Refused, TryLater
from social.settings import Settings
from tests.social.channels.conftest import MakeFacebook, MakeX, Scripted

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
WRITE = Asked("x", "publish", True, NOW)
READ = Asked("x", "listen", False, NOW)


def _response(status: int, body: Any = None, **headers: str) -> requests.Response:
    response = requests.Response()
    response.status_code = status
    response._content = body if isinstance(body, bytes) else json.dumps(body).encode()
    response.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return response


def _instances(module: Any) -> Iterator[Exception]:
    """One instance of every exception class that a module offers."""
    for _, kind in inspect.getmembers(module, inspect.isclass):
        if not issubclass(kind, Exception) or issubclass(kind, Warning):
            continue
        if issubclass(kind, tweepy.HTTPException):
            yield kind(_response(400, {"detail": "no"}))
        elif issubclass(kind, json.JSONDecodeError):
            yield kind("Expecting value", "the body", 0)
        elif issubclass(kind, facebook.GraphAPIError):
            yield kind({"error": {"message": "no", "code": 1}})
        else:
            yield kind("the text of the error with secret-token")


EVERY = [
    *_instances(failures),
    *_instances(tweepy.errors),
    *_instances(facebook),
    GraphError(_response(500), {}),
    GraphError(_response(403), {"code": 32}),
    AttributeError("'list' object has no attribute 'get'"),
    KeyError("content-type"),
    ValueError("Expecting value"),
    TypeError("string indices must be integers"),
    RecursionError("deep"),
    UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"),
    OSError("Bad file descriptor"),
    socket.gaierror("Name or service not known"),
    ssl.SSLError("handshake"),
]


@pytest.mark.parametrize("error", EVERY, ids=lambda error: type(error).__qualname__)
@pytest.mark.parametrize("network", ["x", "facebook"])
def test_every_exception_has_a_place_among_the_four_kinds(
    error: Exception, network: str, make_x: MakeX, make_facebook: MakeFacebook
) -> None:
    channel = make_x("http://127.0.0.1:9") if network == "x" else make_facebook("http://127.0.0.1:9")
    for asked in (WRITE, READ):
        verdict = channel._verdict(asked, error)
        assert isinstance(verdict, TryLater | Refused | NeedsPerson | OutcomeUnknown)
        assert "secret-token" not in str(verdict)
        if isinstance(verdict, TryLater) and asked.writes and not isinstance(error, GraphError):
            assert cannot_have_arrived(error)


def _wrapped(reason: Exception) -> failures.ConnectionError:
    pool = urllib3.HTTPConnectionPool("127.0.0.1", 9)
    return failures.ConnectionError(urllib3.exceptions.MaxRetryError(pool, "/2/tweets", reason))


def test_only_evidence_that_nothing_left_allows_a_write_again() -> None:
    pool = urllib3.HTTPConnectionPool("127.0.0.1", 9)
    refused = _wrapped(urllib3.exceptions.NewConnectionError(pool, "refused"))
    unresolved = _wrapped(urllib3.exceptions.NameResolutionError("h", pool, socket.gaierror()))
    certificate = failures.SSLError(_wrapped(urllib3.exceptions.SSLError(ssl.SSLCertVerificationError("bad"))).args[0])
    for nothing_left in (refused, unresolved, certificate, failures.ConnectTimeout("late")):
        assert isinstance(judge_exception(WRITE, nothing_left), TryLater)
    hung_up = failures.SSLError(_wrapped(urllib3.exceptions.SSLError(ssl.SSLEOFError(8, "EOF occurred"))).args[0])
    reset = failures.ConnectionError(urllib3.exceptions.ProtocolError("aborted", ConnectionResetError(104, "reset")))
    cut = failures.ChunkedEncodingError(
        urllib3.exceptions.ProtocolError("broken", urllib3.exceptions.IncompleteRead(1, 2))
    )
    for may_have_arrived in (hung_up, reset, cut, failures.ReadTimeout("late"), RuntimeError("?")):
        assert isinstance(judge_exception(WRITE, may_have_arrived), OutcomeUnknown)
        assert isinstance(judge_exception(READ, may_have_arrived), TryLater)


def test_a_failure_that_is_being_handled_is_no_evidence_about_the_next() -> None:
    try:
        raise failures.ConnectTimeout("the first request never left")
    except failures.ConnectTimeout:
        with pytest.raises(failures.ReadTimeout) as raised:
            raise failures.ReadTimeout("the second did")  # noqa: B904 - chained by itself, as it would be
    assert raised.value.__context__ is not None
    assert isinstance(judge_exception(WRITE, raised.value), OutcomeUnknown)


@pytest.mark.parametrize(
    ("status", "write", "read"),
    [
        (200, OutcomeUnknown, TryLater),  # a success that cannot be read
        (302, OutcomeUnknown, TryLater),
        (400, Refused, Refused),
        (401, NeedsPerson, NeedsPerson),
        (402, NeedsPerson, NeedsPerson),
        (403, Refused, Refused),
        (404, Refused, Refused),
        (408, OutcomeUnknown, TryLater),
        (409, OutcomeUnknown, TryLater),
        (410, Refused, Refused),
        (429, TryLater, TryLater),
        (500, OutcomeUnknown, TryLater),
        (502, OutcomeUnknown, TryLater),
        (599, OutcomeUnknown, TryLater),
    ],
)
def test_a_status_means_the_same_everywhere(status: int, write: type[Exception], read: type[Exception]) -> None:
    assert type(judge_status(WRITE, status)) is write
    assert type(judge_status(READ, status)) is read


def test_an_unknown_outcome_says_when_the_request_left() -> None:
    verdict = judge_status(WRITE, 500)
    assert isinstance(verdict, OutcomeUnknown)
    assert verdict.sent_at == NOW


def test_waiting_ends_in_the_future_and_within_a_day() -> None:
    quarter = timedelta(minutes=15)
    assert wait_until(NOW, otherwise=quarter) == NOW + quarter
    assert wait_until(NOW, None, NOW + timedelta(minutes=3), otherwise=quarter) == NOW + timedelta(minutes=3)
    assert wait_until(NOW, NOW - timedelta(hours=1), otherwise=quarter) > NOW
    assert wait_until(NOW, NOW + timedelta(days=90), otherwise=quarter) == NOW + quarter  # not to be believed


def test_header_times_that_are_none_are_left_aside() -> None:
    assert epoch("1780304400") == datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
    for nonsense in (None, "", "soon", "-5", "9" * 30):
        assert epoch(nonsense) is None


def test_words_of_a_network_are_made_safe_before_they_are_shown() -> None:
    said = (
        "See https://api.example.org/x?access_token=abc or ask @resident_9 about 1234567890 "
        "with EAABsbCS1iHgBAKZCZBZBZBZBZB and hush"
    )
    shown = safe_words(said, ["hush"])
    for hidden in ("access_token", "resident_9", "1234567890", "EAABsbCS1iHg", "hush"):
        assert hidden not in shown
    assert safe_words({"not": "text"}) == ""
    assert len(safe_words("word " * 100)) <= 200


def test_a_door_leads_to_its_own_address_only(impatient: Settings, scripted: Scripted) -> None:
    door = Door(scripted.base_url + "/proxy/", impatient, instead_of="https://api.twitter.com")
    scripted.answer({})
    assert door.get("https://api.twitter.com/2/users/me").status_code == 200
    assert scripted.seen[0].path == "/proxy/2/users/me"
    for elsewhere in ("https://api.x.com/2/users/me", scripted.base_url + "/other", scripted.base_url + "/proxy2/"):
        with pytest.raises(failures.InvalidSchema):
            door.get(elsewhere)
    assert len(scripted.seen) == 1


def test_a_door_follows_no_redirect_and_takes_no_proxy_from_the_environment(
    impatient: Settings, scripted: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    scripted.answer({}, 307, Location="https://example.org/")
    assert Door(scripted.base_url, impatient).post(scripted.base_url + "/2/tweets").status_code == 307
    assert len(scripted.seen) == 1


def test_two_doors_at_once_keep_apart(impatient: Settings, scripted: Scripted) -> None:
    scripted.answer({"ok": True})
    doors = [Door(f"{scripted.base_url}/{name}", impatient) for name in ("a", "b")]
    threads = [threading.Thread(target=door.get, args=(door.base_url + "/one",)) for door in doors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen.path for seen in scripted.seen) == ["/a/one", "/b/one"]


def test_a_request_that_is_given_up_is_taken_off_the_wire(impatient: Settings) -> None:
    """Closed in good order, the connection would go on delivering what a cut line has held up."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(failures.ReadTimeout):
            Door(address, impatient).post(f"{address}/2/tweets")
        connection, _ = server.accept()
        with connection, pytest.raises(ConnectionResetError):
            while connection.recv(10_000):
                pass
