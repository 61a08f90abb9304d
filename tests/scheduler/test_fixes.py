"""A fix puts right what its check found, and nothing else."""

import pytest

from scheduler.checks import run_checks
from scheduler.fixes import Fix, fix_for
from scheduler.inputs import PostInput, about_of
from scheduler.post_audience import AlertInput
from scheduler.subjects import subject_of
from social.alerts.audience import Audience

pytestmark = pytest.mark.sqlite_only

CASES = (
    ("HASHTAG_CASE", "patrol_update", "Out in #hexleymoor today.", "Out in #HexleyMoor today."),
    ("REPORT_LINE", "appeal_witness", "Did you see a goat?", "Did you see a goat?\n\nTo report a crime call 101 or use our "
     "website. In an emergency always call 999. Crimestoppers is anonymous on 0800 555 111."),
    ("REPORT_LINE", "appeal_missing", "Have you seen Erin?", "Have you seen Erin?\n\nIf you see them now call 999. With other "
     "information call 101."),
    ("WORDING", "crime_update", "A man was arrested for theft.", "A man was arrested on suspicion of theft."),
    ("JARGON", "patrol_update", "We were at an RTC on Mill Road.", "We were at a collision on Mill Road."),
    ("EMOJI_RUN", "lighthearted", "Goats! 🐐🐐🐐🐐🐐", "Goats! 🐐🐐"),
    ("CAPITALS", "patrol_update", "PLEASE KEEP YOUR DOGS ON LEADS TODAY, all.", "Please keep your dogs on leads today, all."),
    ("VOTE", "survey", "Please vote below.", "Please choose below."),
    ("LINK_INSECURE", "event", "See http://www.woldershire.police.uk/a", "See https://www.woldershire.police.uk/a"),
    ("PHONE_NUMBER", "event", "Ring Dave on 07700 900123 now.", "Ring Dave on 101 now."),
)  # fmt: skip


@pytest.mark.parametrize(("code", "kind", "text", "better"), CASES, ids=lambda one: str(one)[:24])
def test_pressing_use_this_changes_the_words_and_the_finding_is_gone(
    code: str, kind: str, text: str, better: str
) -> None:
    given = PostInput(kind, f"  {text}\n", ("a",), place="Hexley Moor")
    finding = next(one for one in _found(given) if one.code == code)
    fix = fix_for(finding, given)
    assert fix is not None
    assert fix.apply(given.text).strip() == better
    assert code not in {one.code for one in _found(PostInput(kind, better, ("a",), place="Hexley Moor"))}


def _found(given: PostInput):  # type: ignore[no-untyped-def]  # findings
    return run_checks(subject_of(given.text.strip(), given.link, (), about_of(given)))


def test_the_reference_of_an_appeal_comes_with_its_line() -> None:
    given = PostInput("appeal_witness", "Did you see a goat?", ("a",), appeal_ref="wp-7")
    fix = fix_for(next(one for one in _found(given) if one.code == "REPORT_LINE"), given)
    assert fix is not None
    assert fix.apply(given.text).endswith("0800 555 111. Quote WP-7.")


def test_words_that_changed_meanwhile_stay_as_they_are() -> None:
    fix = Fix("text", "#hexleymoor", (7, 18), "#HexleyMoor")
    assert fix.apply("Out in #copperbeck today.") == "Out in #copperbeck today."


def test_an_alert_without_a_subject_is_offered_its_first_sentence() -> None:
    given = PostInput(
        "crime_prevention", "Sheds were broken into. Lock yours.", ("a",), alert=AlertInput("", Audience(""))
    )
    finding = next(one for one in run_checks(
        subject_of(given.text, None, (), about_of(given), channel="alert")) if one.code == "ALERT_SUBJECT")  # fmt: skip
    fix = fix_for(finding, given)
    assert fix is not None
    assert (fix.column, fix.apply("")) == ("alert_subject", "Sheds were broken into")
