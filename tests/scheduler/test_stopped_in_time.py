"""What is in a worker's hands when an appeal ends or a case changes: stopped before its request, or taken down after it
(R03, R08, R10). On both databases, since they let workers and people at the same rows in different ways."""

from datetime import timedelta

from scheduler import queue
from scheduler.appeal_closing import Closed, close_appeal
from scheduler.case_stages import set_stage
from scheduler.taking_down import take_down_due
from scheduler.worker import publish_due
from social.errors import OutcomeUnknown
from tests.scheduler.helpers import Force

TEXT = "Have you seen Oriel Tamsett, 34, of Elderwick? Call 101, or 999 if you see her now."


def missing(force: Force) -> None:
    force.queued(TEXT, content_type="appeal_missing", appeal_ref="WD-9")


def found(force: Force) -> Closed:
    return close_appeal(force.context, "WD-9", "found", force.corporate, "She is home.")


def test_an_entry_that_is_going_out_at_that_very_moment_comes_down_afterwards(force: Force) -> None:
    missing(force)
    lost = OutcomeUnknown("memory", "publish", "", "No answer.", sent_at=force.clock.now())
    force.network().fail_next("publish", lost, accepted=True)
    publish_due(force.context)
    assert force.entry().state == "unconfirmed"
    assert found(force).left == 1
    force.clock.advance(timedelta(minutes=10))
    publish_due(force.context)
    take_down_due(force.context)
    assert not force.network().live_posts
    assert force.entry().state == "withdrawn"


def test_an_entry_that_was_claimed_and_not_sent_is_taken_from_its_worker(force: Force) -> None:
    missing(force)
    (held,) = queue.claim(force.context, "another")
    found(force)
    assert queue.begin_attempt(force.context, held, "hash") is None
    assert not force.network().posts
    assert force.entry().state == "discarded"


def test_a_claimed_post_that_may_not_go_out_is_taken_from_its_worker(force: Force) -> None:
    force.queued("Burglars of Hexley Moor, you are scum. Call 101.", content_type="crime_update", appeal_ref="WD-5")
    (held,) = queue.claim(force.context, "another")
    set_stage(force.context, "WD-5", "arrested", force.corporate, "The enquiry told us.")
    assert queue.begin_attempt(force.context, held, "hash") is None
    assert not force.network().posts
    assert force.entry().state == "held"
