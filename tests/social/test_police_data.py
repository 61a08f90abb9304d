"""The adapter against the practice network over HTTP: no more requests than allowed, patience, a day's cache, offline."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import requests

from social.clock import SettableClock
from social.police_data import NotThere, PoliceData, Throttle
from social.police_data_shapes import Named, PoliceDataTrouble
from social.practice.faults import Fault
from social.practice.network import PracticeNetwork
from social.settings import Settings, load_settings
from tests.conftest import START

FORCE = "woldershire"


@pytest.fixture
def network(tmp_path: Path) -> Iterator[PracticeNetwork]:
    with PracticeNetwork(tmp_path / "practice", clock=SettableClock(START), history_weeks=0) as practice:
        yield practice


class Asking:
    """A client whose waits are noted and not waited, and how often it has really asked."""

    def __init__(self, network: PracticeNetwork, home: Path) -> None:
        self.settings = replace(
            load_settings({"BEATLINE_HOME": str(home)}), police_data_address=f"{network.base_url}/api"
        )
        self.clock, self.waits, self.network = SettableClock(START), list[float](), network
        self._before = self._count()

    def client(self, settings: Settings | None = None) -> PoliceData:
        lets_through = Throttle(rate=1e6)
        return PoliceData(settings or self.settings, self.clock, throttle=lets_through, sleep=self.waits.append)

    @property
    def asked(self) -> int:
        return self._count() - self._before

    def _count(self) -> int:
        return self.network.asked["police_data", "listen"]

    def fault(self, fault: str, times: int = 1) -> None:
        self.network.faults.add(Fault("listen", fault, times, "police_data"))


@pytest.fixture
def asking(network: PracticeNetwork, tmp_path: Path) -> Asking:
    return Asking(network, tmp_path)


def test_forces_neighbourhoods_and_all_that_is_known_of_one_are_read(asking: Asking) -> None:
    data = asking.client()
    assert Named("larkshire", "Larkshire & Vale Constabulary") in data.forces()
    assert data.force_name(FORCE) == "Woldershire Police"
    listed = data.neighbourhoods(FORCE)
    assert (listed[3], len(listed)) == (Named("WD 4", "Copperbeck"), 10)
    about = data.neighbourhood(FORCE, "WD 4")
    assert (about.population, about.middle) == (9700, (53.471, -1.63))
    corners = data.boundary(FORCE, "WD 4")
    assert corners is not None
    assert corners[0] == corners[-1]
    assert data.priorities(FORCE, "WD 4")[0].issue == "Speeding past the primary school – Beck Lane."
    assert [event.title for event in data.events(FORCE, "WD 4")] == ["Residents' meeting"] * 2
    assert data.contactable(FORCE, "WD 1") == 2
    assert data.locate(53.471, -1.63) == (FORCE, "WD 4")
    assert data.boundary(FORCE, "WD 10") is None


def test_an_id_with_spaces_is_percent_encoded(asking: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []
    really_send = requests.Session.send

    def note(session: requests.Session, request: requests.PreparedRequest, **given: object) -> requests.Response:
        sent.append(str(request.url))
        return really_send(session, request, **given)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(requests.Session, "send", note)
    asking.client().priorities(FORCE, "WD 4")
    with pytest.raises(NotThere):
        asking.client().priorities(FORCE, "A/B?c#d")
    assert [url.partition("/api/")[2] for url in sent] == [
        "woldershire/WD%204/priorities", "woldershire/A%2FB%3Fc%23d/priorities",
    ]  # fmt: skip


def test_after_429_it_waits_and_asks_again_longer_each_time(asking: Asking) -> None:
    asking.fault("429", 3)
    assert asking.client().forces()
    assert (asking.waits, asking.asked) == ([1.0, 2.0, 4.0], 4)


def test_it_waits_as_long_as_the_service_names_and_a_minute_at_most(
    asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = iter(["7", "86400", "soon", None])

    def answer(_session: requests.Session, _request: requests.PreparedRequest, **_given: object) -> requests.Response:
        said = requests.Response()
        try:
            wait = next(named)
        except StopIteration:
            said.status_code, said._content = 200, b"[]"
            return said
        said.status_code = 429
        said.headers.update({"Retry-After": wait} if wait else {})
        return said

    monkeypatch.setattr(requests.Session, "send", answer)
    assert asking.client().forces() == ()
    assert asking.waits == [7.0, 60.0, 4.0, 8.0]


def test_a_service_that_goes_on_asking_to_wait_is_given_up_with_words(asking: Asking) -> None:
    asking.fault("429", 5)
    with pytest.raises(PoliceDataTrouble, match="asks us to wait longer"):
        asking.client().forces()
    assert len(asking.waits) == 4, "nothing is waited for after the last try"


def test_an_error_of_the_service_is_tried_again_and_one_of_ours_is_not(asking: Asking) -> None:
    asking.fault("500_before")
    assert asking.client().forces()
    assert asking.asked == 2
    with pytest.raises(NotThere, match="does not know"):
        asking.client().neighbourhoods("nowhere")
    assert asking.asked == 3


def test_an_answer_serves_for_a_day_and_a_process_later_too(asking: Asking) -> None:
    first = asking.client().neighbourhoods(FORCE)
    asking.clock.advance(timedelta(hours=23, minutes=59))
    later = asking.client()
    assert (later.neighbourhoods(FORCE), asking.asked, later.as_of) == (first, 1, START)
    asking.clock.advance(timedelta(minutes=2))
    assert asking.client().neighbourhoods(FORCE) == first
    assert asking.asked == 2


def test_offline_the_last_answer_stands_in_and_says_how_old_it_is(asking: Asking) -> None:
    offline = replace(asking.settings, connect_timeout=0.5)
    asking.client().priorities(FORCE, "WD 4")
    asking.clock.advance(timedelta(days=9))
    asking.fault("reset_before", 9)
    data = asking.client(offline)
    assert len(data.priorities(FORCE, "WD 4")) == 2
    assert data.as_of == START
    with pytest.raises(PoliceDataTrouble, match="cannot be reached from here"):
        data.events(FORCE, "WD 4")
    another = replace(offline, police_data_address=f"{asking.network.base_url}/elsewhere")
    with pytest.raises(PoliceDataTrouble):
        asking.client(another).priorities(FORCE, "WD 4")  # what one service said does not stand in for another
    asking.clock.advance(timedelta(days=21))
    with pytest.raises(PoliceDataTrouble, match="cannot be reached from here"):
        asking.client(offline).priorities(FORCE, "WD 4")  # what is a month old stands in for nothing


def test_an_answer_that_cannot_be_read_is_no_answer(asking: Asking) -> None:
    asking.fault("garbled")
    with pytest.raises(PoliceDataTrouble, match="cannot be read"):
        asking.client().forces()
    asking.client().neighbourhoods("larkshire")
    assert asking.asked == 2
    assert asking.client().forces(), "what could not be read was not kept"


def test_who_the_officers_are_is_not_kept_even_for_the_day(asking: Asking, tmp_path: Path) -> None:
    """D05."""
    assert asking.client().contactable(FORCE, "WD 1") == 2
    kept = "".join(file.read_text(encoding="utf-8") for file in (tmp_path / "police-data").iterdir())
    assert "people" in kept
    assert "Quillby" not in kept
    assert (asking.client().contactable(FORCE, "WD 1"), asking.asked) == (2, 1)


def test_thirty_may_leave_at_once_and_then_fifteen_a_second() -> None:
    """D01."""
    now = [100.0]
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        now[0] += seconds

    throttle = Throttle(seconds=lambda: now[0], sleep=sleep)
    for _ in range(30):
        throttle.wait()
    assert waits == []
    for _ in range(45):
        throttle.wait()
    assert now[0] == pytest.approx(103.0)
    now[0] += 60
    for _ in range(30):
        throttle.wait()
    assert now[0] == pytest.approx(163.0), "after a pause thirty may leave at once again, and no more are saved up"


def test_the_practice_network_keeps_the_limit_itself(tmp_path: Path) -> None:
    """So that a client without a throttle is found out."""
    with PracticeNetwork(tmp_path, history_weeks=0) as practice, requests.Session() as session:
        statuses = [session.get(f"{practice.base_url}/api/forces", timeout=5).status_code for _ in range(60)]
    assert statuses[:30] == [200] * 30
    assert 429 in statuses
