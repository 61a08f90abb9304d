"""The scheduler's periodic work."""

from scheduler.alarming import look_after_alarms
from scheduler.answering import send_answers
from scheduler.appeal_closing import catch_late
from scheduler.audit_moves import record_published
from scheduler.draft_ending import purge_drafts
from scheduler.erasing import erase_due
from scheduler.holds import begin_holds
from scheduler.making_ready import make_ready
from scheduler.notifying import tell_what_waits
from scheduler.old_posts import purge_old_posts
from scheduler.recurrences import plan_occurrences
from scheduler.sweeping import sweep_paused
from scheduler.taking_down import take_down_due
from scheduler.worker import publish_due
from social.hiding_work import hide_due
from social.jobs import Job

JOBS = (
    Job("holds", 1.0, begin_holds),
    Job("publish", "publish_every", publish_due),
    Job("answers", 1.0, send_answers),
    Job("hidings", 1.0, hide_due),
    Job("make ready", 10.0, make_ready),
    Job("paused accounts", 60.0, sweep_paused),
    Job("take down", 2.0, take_down_due),
    Job("erase", 60.0, erase_due),
    Job("old posts", 3600.0, purge_old_posts),
    Job("drafts", 3600.0, purge_drafts),
    Job("late copies", 60.0, catch_late),
    Job("recurrences", 60.0, plan_occurrences),
    Job("notices", 60.0, tell_what_waits),
    Job("alarms", 20.0, look_after_alarms),
    Job("audit", 10.0, record_published),
)
