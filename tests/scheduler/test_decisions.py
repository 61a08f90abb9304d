"""What becomes of an entry, worked out without database, network or patched clock."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.checks import Finding, MediaFact, Subject, run_checks
from scheduler.content_types import CONTENT_TYPES
from scheduler.decisions import Hold, Lapse, Publish, Refuse, Situation, Wait, decide, in_words, next_try

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
READY = Situation(
    kind=CONTENT_TYPES["survey"],
    due_at=NOW,
    approval="supervisor",
    version=2,
    approved_version=2,
    author=1,
    approved_by=2,
)


def test_what_is_approved_and_due_is_published() -> None:
    assert decide(READY, now=NOW) == Publish()


def test_an_approval_covers_exactly_one_version() -> None:
    assert isinstance(decide(replace(READY, approved_version=1), now=NOW), Hold)


def test_nobody_approves_their_own_post() -> None:
    """R17."""
    decision = decide(replace(READY, approved_by=1), now=NOW)
    assert isinstance(decision, Hold)
    assert "R17" in decision.reason


def test_a_kind_that_needs_approval_never_goes_out_without_a_person() -> None:
    """R41."""
    assert isinstance(decide(replace(READY, approved_by=None), now=NOW), Hold)
    assert decide(replace(READY, approved_by=None, approval="none"), now=NOW) == Publish()


def test_a_paused_account_waits_and_says_why() -> None:
    decision = decide(replace(READY, paused="A serious incident."), now=NOW)
    assert isinstance(decision, Wait)
    assert "A serious incident." in decision.reason


@pytest.mark.parametrize("field", ["due_at", "not_before", "account_not_before"])
def test_it_waits_for_the_latest_of_its_moments(field: str) -> None:
    later = NOW + timedelta(minutes=3)
    decision = decide(replace(READY, **{field: later}), now=NOW)  # type: ignore[arg-type]  # each is a moment
    assert isinstance(decision, Wait)
    assert decision.until == later


@pytest.mark.parametrize(("key", "kind"), [("survey", Hold), ("event", Lapse), ("correction", Publish)])
def test_lateness_is_a_rule_of_the_kind(key: str, kind: type) -> None:
    """R42: more than 30 minutes."""
    late = replace(READY, kind=CONTENT_TYPES[key])
    assert decide(late, now=NOW + timedelta(minutes=30)) == Publish()
    assert isinstance(decide(late, now=NOW + timedelta(minutes=30, seconds=1)), kind)


def test_a_fault_is_refused_with_its_rule() -> None:
    found = (Finding("ALT_MISSING", "block", "R32", "The picture has no description.", "alt_text"),)
    assert decide(replace(READY, findings=found), now=NOW) == Refuse("The picture has no description. (R32)", "R32")


def test_a_warning_does_not_stop_a_post() -> None:
    found = (Finding("SHOUTING", "advise", "R32", "Many capitals.", "text"),)
    assert decide(replace(READY, findings=found), now=NOW) == Publish()


def test_missing_captions_are_named_before_the_network_that_takes_no_video() -> None:
    film = Subject("Words.", (MediaFact("video", "A van.", "no"),))
    situation = replace(READY, has_video=True, takes_video=False)
    decision = decide(replace(situation, findings=run_checks(film)), now=NOW)
    assert isinstance(decision, Refuse)
    assert decision.rule == "R32"
    captioned = decide(situation, now=NOW)
    assert isinstance(captioned, Refuse)
    assert "Videos cannot be sent" in captioned.reason


def test_a_missing_file_holds_the_entry() -> None:
    assert decide(replace(READY, waits_for="It waits for its file."), now=NOW) == Hold("It waits for its file.")


@given(
    st.integers(-600, 600),
    st.integers(-600, 600),
    st.sampled_from(sorted(CONTENT_TYPES)),
    st.integers(-12, 12),
)
def test_zones_do_not_change_decisions(due: int, wait: int, key: str, offset: int) -> None:
    zone = timezone(timedelta(hours=offset))
    plain = replace(
        READY,
        kind=CONTENT_TYPES[key],
        due_at=NOW + timedelta(minutes=due),
        not_before=NOW + timedelta(minutes=wait),
    )
    assert plain.due_at is not None
    assert plain.not_before is not None
    moved = replace(plain, due_at=plain.due_at.astimezone(zone), not_before=plain.not_before.astimezone(zone))
    assert decide(plain, now=NOW) == decide(moved, now=NOW.astimezone(zone))


@given(st.integers(1, 200), st.integers(1, 10**9))
def test_a_wait_grows_and_stays_within_twenty_minutes(failures: int, entry_id: int) -> None:
    wait = next_try(NOW, failures, entry_id, None) - NOW
    assert timedelta(seconds=20) <= wait <= timedelta(minutes=20)


def test_entries_that_failed_together_do_not_come_back_together() -> None:
    assert len({next_try(NOW, 3, entry_id, None) for entry_id in range(20)}) > 15


def test_a_wait_that_the_network_asked_for_is_kept() -> None:
    asked = NOW + timedelta(hours=3)
    assert next_try(NOW, 1, 1, asked) == asked


def test_spans_are_given_in_their_largest_unit() -> None:
    spans = [timedelta(minutes=1), timedelta(minutes=45), timedelta(hours=3), timedelta(days=2)]
    assert [in_words(span) for span in spans] == ["1 minute", "45 minutes", "3 hours", "2 days"]


# The checks themselves


def codes(subject: Subject) -> list[str]:
    return [finding.code for finding in run_checks(subject)]


def test_a_picture_without_a_description_is_found() -> None:
    """R32."""
    assert codes(Subject("Words.", (MediaFact("image", "  ", "na"),))) == ["ALT_MISSING"]
    assert codes(Subject("Words.", (MediaFact("image", "A duck.", "na"),))) == []


@pytest.mark.parametrize("captions", ["no", "", "na"])
def test_a_film_without_captions_is_found(captions: str) -> None:
    """R32."""
    assert codes(Subject("Words.", (MediaFact("video", "A van.", captions),))) == ["CAPTIONS_MISSING"]
    assert codes(Subject("Words.", (MediaFact("video", "A van.", "yes"),))) == []


def test_a_text_that_is_too_long_is_told_by_how_much() -> None:
    (finding,) = run_checks(Subject("Words.", account="hexley-x", length=300, most_length=280))
    assert finding.code == "TOO_LONG"
    assert all(part in finding.message for part in ("hexley-x", "300", "280", "20 more"))


def test_limits_of_pictures_and_descriptions_are_kept() -> None:
    media = (MediaFact("image", "A" * 11, "na"),) * 3
    subject = Subject("Words.", media, "hexley-x", most_images=2, most_alt_text=10)
    assert sorted(set(codes(subject))) == ["ALT_TOO_LONG", "TOO_MANY_PICTURES"]
