"""A force's own content types, and what of the built-in ones it may change."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

import app
from insights.labels import content_type_label
from scheduler.checks import FAMILIES, Subject, run_checks
from scheduler.configured_kinds import FIELDS, use_configuration
from scheduler.content_types import BUILT_IN, CHECKS, CONTENT_TYPES, approval_for, kind_of, label_of
from scheduler.hold_kinds import HoldKind
from scheduler.planning import approve_post, plan_post, send_for_approval
from social.errors import InputError, NotAllowed
from social.settings import load_settings
from social.sorting import NEVER_RANKED
from tests.scheduler.helpers import Force

PAGE = Path(__file__).parents[2] / "docs" / "content-types.md"


@pytest.fixture(autouse=True)
def built_in_again() -> Iterator[None]:
    yield
    use_configuration({})


def test_every_kind_names_families_of_checks_that_there_are() -> None:
    assert tuple(FAMILIES) == CHECKS
    assert all(kind.leaves_out < set(CHECKS) for kind in BUILT_IN.values())


def test_a_kind_can_be_tightened_in_every_way() -> None:
    """R11, R35, R41, R42."""
    use_configuration(
        {"event": {"approval": "supervisor", "late_after": 5, "when_late": "ask", "passes": ["serious_incident"],
                   "ranked": False, "also_checks": ["complainants"], "blocks": ["EMOJI_RUN"], "asks": ["VOTE"]}}
    )  # fmt: skip
    kind = CONTENT_TYPES["event"]
    assert (kind.approval, kind.late_after.seconds, kind.when_late) == ("supervisor", 300, "ask")
    assert kind.passes == {HoldKind.SERIOUS_INCIDENT}
    assert "complainants" in kind.checks
    assert "event" in NEVER_RANKED
    found = run_checks(Subject("Vote for the best dog! 🐶🐶🐶🐶", content_type="event"))
    assert [(one.code, one.level) for one in found] == [("EMOJI_RUN", "block"), ("VOTE", "needs_approval")]
    use_configuration({})
    assert CONTENT_TYPES == BUILT_IN
    assert "event" not in NEVER_RANKED


@pytest.mark.parametrize(
    ("key", "field", "given", "rule"),
    [
        ("survey", "approval", "none", "R41"),
        ("court_result", "approval", "supervisor", "R41"),
        ("survey", "late_after", 60, "R42"),
        ("survey", "when_late", "go", "R42"),
        ("lighthearted", "passes", ["serious_incident"], "R38"),
        ("survey", "passes", ["mourning"], "R37"),
        ("campaign", "passes", ["pre_election"], "R35"),
        ("road_info", "passes", ["stop_all"], "R37"),
        ("appeal_missing", "ranked", True, "R11"),
    ],
)
def test_nothing_that_a_rule_asks_can_be_loosened(key: str, field: str, given: object, rule: str) -> None:
    with pytest.raises(InputError, match=rule) as caught:
        use_configuration({"event": {"approval": "corporate"}, key: {field: given}})
    assert f"[content_types.{key}]" in str(caught.value)
    assert CONTENT_TYPES == BUILT_IN


@pytest.mark.parametrize(
    ("key", "table", "said"),
    [
        ("event", {"aproval": "none"}, "aproval"),
        ("event", {"approval": "chief"}, "chief"),
        ("event", {"late_after": "soon"}, "soon"),
        ("event", {"late_after": True}, "True"),
        ("event", {"passes": "mourning"}, "list"),
        ("event", {"passes": ["sunday"]}, "sunday"),
        ("event", {"blocks": ["NO_SUCH"]}, "NO_SUCH"),
        ("event", {"also_checks": ["spelling"]}, "spelling"),
        ("event", {"ranked": "no"}, "neither"),
        ("event", {"label": "Fête"}, "built in"),
        ("event", "supervisor", "no table"),
        ("Dog Show", {"like": "event", "label": "Dog show"}, "small letters"),
        ("dog_show", {"label": "Dog show"}, "like"),
        ("dog_show", {"like": "circus", "label": "Dog show"}, "like"),
        ("dog_show", {"like": "event"}, "label"),
        ("dog_show", {"like": "survey", "label": "Dog show", "approval": "none"}, "R41"),
    ],
)
def test_what_cannot_be_understood_is_named(key: str, table: object, said: str) -> None:
    with pytest.raises(InputError, match=said):
        use_configuration({key: table})


def test_a_kind_of_its_own_follows_the_rules_of_another() -> None:
    """R38, R41."""
    use_configuration({"duck_watch": {"like": "lighthearted", "label": "Duck watch", "approval": "supervisor"}})
    assert label_of("duck_watch") == content_type_label("duck_watch") == "Duck watch"
    assert approval_for("duck_watch", text="Ducks.", has_picture=False, channels=()) == "supervisor"
    solemn = Subject("Ducks.", content_type="duck_watch", solemn="Remembrance Sunday")
    assert [one.code for one in run_checks(solemn)] == ["LIGHT_ON_SOLEMN_DAY"]


def test_a_post_of_a_kind_of_its_own_goes_the_whole_way(force: Force) -> None:
    use_configuration({"dog_show": {"like": "survey", "label": "Dog show", "approval": "corporate"}})
    post_id = plan_post(force.context, force.post(content_type="dog_show"), force.author)
    assert send_for_approval(force.context, post_id, force.author) == "in_review"
    with pytest.raises(NotAllowed):
        approve_post(force.context, post_id, force.supervisor)
    approve_post(force.context, post_id, force.corporate)
    assert force.entry(post_id).state == "queued"


def test_a_kind_that_is_no_longer_named_is_the_strictest() -> None:
    kind = kind_of("dog_show")
    assert (kind.approval, kind.passes, kind.checks) == ("corporate", frozenset(), CHECKS)


def test_the_configuration_file_is_read_and_a_fault_in_it_stops_every_command(tmp_path: Path) -> None:
    file = tmp_path / "beatline.toml"
    file.write_text('claim_batch = 3\n[content_types.survey]\napproval = "corporate"\n', encoding="utf-8")
    settings = load_settings({}, home=tmp_path)
    assert (settings.claim_batch, settings.content_types) == (3, {"survey": {"approval": "corporate"}})
    file.write_text('[content_types.survey]\napproval = "none"\n', encoding="utf-8")
    for command in (["doctor"], ["check", "examples/posts.csv"], ["run"]):
        result = CliRunner().invoke(app.build_cli(), ["--home", str(tmp_path), *command])
        assert result.exit_code == 1
        assert "[content_types.survey]" in result.output
        assert "R41" in result.output


def test_the_page_lists_every_field_and_its_bounds() -> None:
    shown = re.findall(r"^\| `(\w+)` \| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert shown == list(FIELDS.items())
