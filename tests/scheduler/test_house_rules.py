"""What a force sets for itself is asked of every post, by the checks, and only who may sets it."""

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlmodel import select

from scheduler.checking import findings_of
from scheduler.inputs import MediaInput
from scheduler.picture_answers import PictureAnswers
from scheduler.planning import plan_post, send_for_approval
from scheduler.queries import post_view
from social.audit import AuditRecord
from social.errors import InputError, NotAllowed
from social.house_rules import QuietHours, house_rules, set_quiet_hours, set_words
from tests.scheduler.helpers import Force

pytestmark = pytest.mark.sqlite_only
NIGHT = QuietHours(time(22), time(7))


def codes(force: Force, post_id: int) -> set[str]:
    with force.context.database.read() as session:
        view = post_view(session, post_id)
    return {finding.code for finding in findings_of(force.context, view)}


def plan(force: Force, text: str = "Ducks on the green.", **changes: object) -> int:
    return plan_post(force.context, force.post(text, **changes), force.author)


def test_a_word_of_the_list_sends_a_post_to_corporate_communications(force: Force) -> None:
    set_words(force.context, force.corporate, "Mill  Road\n\nquack", version=0)
    assert codes(force, plan(force, "Quackers on Mill Lane.")) == set()
    post_id = plan(force, "Ducks on MILL Road.")
    assert codes(force, post_id) == {"HOUSE_WORD"}
    assert send_for_approval(force.context, post_id, force.author) == "in_review", "its kind alone asks for no approval"


def test_quiet_hours_over_midnight_are_advised_on(force: Force) -> None:
    set_quiet_hours(force.context, force.corporate, NIGHT, version=0)
    day = force.local_now().replace(hour=0, minute=0) + timedelta(days=1)
    at = {
        hour: codes(force, plan(force, f"Ducks {hour}.", due_local=day.replace(hour=hour))) for hour in (6, 7, 21, 22)
    }
    assert at == {6: {"QUIET_HOURS"}, 7: set(), 21: set(), 22: {"QUIET_HOURS"}}
    assert NIGHT.in_words == "10pm to 7am"
    assert NIGHT.hold(datetime(2026, 7, 1, 5, 59, tzinfo=UTC))
    assert not NIGHT.hold(datetime(2026, 7, 1, 6, 0, tzinfo=UTC)), "7am in summer time"


def test_a_picture_whose_day_of_review_has_passed_stops_the_post(force: Force) -> None:
    today = force.local_now()
    answers = PictureAnswers(
        shows_person=True,
        source="own",
        consent="Ann agreed on 1 May 2026",
        review_by=(today + timedelta(days=2)).date(),
    )
    picture = (MediaInput("image", alt_text="An officer with a police horse at the fair", answers=answers),)
    assert "IMAGE_REVIEW_PASSED" not in codes(force, plan(force, media=picture, due_local=today + timedelta(days=2)))
    late = force.post(media=picture, due_local=today + timedelta(days=3))
    with pytest.raises(InputError, match="was to be reviewed by"):
        plan_post(force.context, late, force.author)


def test_only_who_may_sets_them_nobody_overwrites_another_and_no_word_is_in_the_record(force: Force) -> None:
    for person in (force.author, force.supervisor):
        with pytest.raises(NotAllowed):
            set_words(force.context, person, "ducks", version=0)
    set_words(force.context, force.corporate, "Ann Sharp\nducks", version=0)
    with pytest.raises(InputError, match="meanwhile"):
        set_words(force.context, force.corporate, "geese", version=0)
    with pytest.raises(InputError, match="two different times"):
        set_quiet_hours(force.context, force.corporate, QuietHours(time(7), time(7)), version=0)
    with pytest.raises(InputError, match="too long"):
        set_words(force.context, force.corporate, "d" * 61, version=1)
    with force.context.database.read() as session:
        assert house_rules(session).words == ("ann sharp", "ducks")
        (row,) = session.exec(select(AuditRecord).where(AuditRecord.action == "set word list")).all()
    assert (row.before, row.after) == ('{"words":0}', '{"words":2}')
