"""How publishing stands, in numbers: for doctor, for `/api/ready` and for Prometheus, the same from every process."""

import json
import urllib.error
import urllib.request
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette

from scheduler import condition, figures_told
from scheduler.alarming import look_after_alarms
from scheduler.worker import beat, publish_due
from social.channels.registry import make_channel
from social.context import open_context
from social.doctor import Level
from social.errors import NeedsPerson, OutcomeUnknown, Refused
from social.limits import Purpose, Scope, Seen, record_seen
from social.metrics import counter, gauge, render
from social.web.figures_server import figures_served
from social.web.routes import api_routes
from tests.scheduler.helpers import Force
from tests.social.web.asgi import get


@pytest.fixture
def troubled(force: Force) -> Force:
    """One post out, one refused, one of which nobody knows, one that waits on an account with a limit."""
    force.add_account("copper")
    force.queued("Ducks.")
    publish_due(force.context)
    force.network().fail_next("publish", Refused("memory", "publish", "400", "No."))
    force.queued("Geese.")
    publish_due(force.context)
    force.network().fail_next("publish", OutcomeUnknown("memory", "publish", "", "Lost.", sent_at=force.clock.now()))
    force.queued("Swans.")
    publish_due(force.context)
    force.queued("Coots.", account_names=("copper",))
    with force.context.database.write() as session:
        until = force.clock.now() + timedelta(hours=1)
        seen = Seen(Scope.ACCOUNT, "create", Purpose.PUBLISH, 100, 0, True, True, until)
        record_seen(session, force.clock.now(), 2, None, seen)
    publish_due(force.context)
    beat(force.context, force.clock.now())
    force.clock.advance(timedelta(minutes=11))
    look_after_alarms(force.context)
    return force


def figures(page: str) -> dict[tuple[str, ...], float]:
    """Name and values of the labels -> number, as Prometheus's own parser reads it."""
    return {
        (sample.name.removeprefix("beatline_"), *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }


def test_the_condition_counts_what_waits_what_is_stuck_and_who_is_at_work(troubled: Force) -> None:
    with troubled.context.database.read() as session:
        found = condition.condition(session, troubled.clock.now(), troubled.context.settings.home)
    assert found.worker_ages == (660.0,)
    assert (found.queued_due, found.oldest_due) == (1, 660.0)
    assert (found.unconfirmed, found.failed, found.held, found.lapsed) == (1, 1, 0, 0)
    assert (found.alarms_open, found.alarms_unseen, found.accounts_without_person) == (1, 1, 2)
    assert found.disk_free > 0


def test_doctor_says_what_is_late_stuck_or_refused_and_what_to_do(troubled: Force) -> None:
    said = {finding.what: finding for finding in condition.findings(troubled.context)}
    assert said["1 post due, the oldest for 11 minutes."].level is Level.WRONG
    assert "queue list --state failed" in said["1 post refused by a network or a check."].advice
    assert "Of 1 post nobody knows whether it went out." in said
    assert "1 alarm that nobody has seen." in said
    assert any("no mail server" in what for what in said)


def test_doctor_warns_before_the_disk_is_full(force: Force, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = type("Usage", (), {"free": 1_000_000})
    monkeypatch.setattr(condition.shutil, "disk_usage", lambda _home: usage)
    (disk,) = (f for f in condition.findings(force.context) if "GB are free" in f.what)
    assert disk.level is Level.WRONG


def test_a_paused_account_is_counted_and_its_posts_are_not_late(force: Force) -> None:
    force.network().fail_next("publish", NeedsPerson("memory", "publish", "401", "Ended.", action="Connect it."))
    force.queued("Ducks.")
    force.queued("Geese.")
    publish_due(force.context)
    force.clock.advance(timedelta(hours=1))
    with force.context.database.read() as session:
        found = condition.condition(session, force.clock.now(), force.context.settings.home)
    assert (found.accounts_paused, found.held, found.oldest_due) == (1, 1, None)


def test_ready_tells_the_same_in_numbers_and_no_names(troubled: Force) -> None:
    def told(session, context):  # type: ignore[no-untyped-def]  # as app.py has it
        return condition.condition(session, context.clock.now(), context.settings.home).as_json()

    answer = get(Starlette(routes=api_routes(lambda: troubled.context, lambda _session: None, told)), "/api/ready")
    assert answer.status == 200
    state = answer.json()
    assert (state["failed"], state["unconfirmed"], state["oldest_due"], state["worker_ages"]) == (1, 1, 660.0, [660.0])
    assert "hexley" not in json.dumps(state)


def test_every_process_tells_prometheus_the_same_and_its_own_parser_reads_it(troubled: Force) -> None:
    other = open_context(troubled.context.settings, make_channel, troubled.clock)
    try:
        page = figures_told.told(troubled.context)
        read = figures(page)
        disk = ("disk_free_bytes",)
        there = figures(figures_told.told(other))
        assert {k: v for k, v in read.items() if k != disk} == {k: v for k, v in there.items() if k != disk}
    finally:
        other.database.close()
    assert (read["entries", "published"], read["entries", "failed"], read["entries", "queued"]) == (1, 1, 1)
    assert read[("oldest_due_seconds",)] == 660
    assert (read["attempts_total", "sent"], read["attempts_total", "refused"], read["attempts_total", "unknown"]) == (
        1,
        1,
        1,
    )
    assert read["limit_remaining", "account:2", "create"] == 0
    assert 2900 < read["limit_wait_seconds", "account:2", "create"] <= 3000
    assert read["worker_age_seconds", "0"] == 660
    assert read[("alarms_open",)] == 1
    for name in ("hexley", "copper", "Ducks", "woldershire"):
        assert name not in page


@pytest.mark.sqlite_only
def test_words_with_quotes_and_lines_are_read_back_as_they_were() -> None:
    odd = 'a "b" \\ c\nd'
    page = render([gauge("one", "help \\ with\nlines", (1.5, {"label": odd})), counter("two_total", "x", (2, {}))])
    one, two = text_string_to_metric_families(page)
    assert (one.samples[0].labels, one.samples[0].value) == ({"label": odd}, 1.5)
    assert two.samples[0].value == 2


def test_the_figures_are_given_at_an_address_of_their_own_and_only_when_asked_for(
    troubled: Force, tmp_path: Path
) -> None:
    settings = troubled.context.settings
    with figures_served(settings, lambda: "never") as address:
        assert address is None, "nobody asked for it"
    with figures_served(
        replace(settings, metrics_port=_free_port()), lambda: figures_told.told(troubled.context)
    ) as address:
        assert address is not None
        with urllib.request.urlopen(address) as answer:
            assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
            assert figures(answer.read().decode())["entries", "failed"] == 1
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(address.replace("/metrics", "/else"))
        caught.value.close()
        port = int(address.split(":")[2].split("/")[0])
        with figures_served(replace(settings, metrics_port=port), lambda: "never") as second:
            assert second is None, "another worker of this machine gives them already"


def _free_port() -> int:
    import socket

    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
