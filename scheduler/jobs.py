"""The scheduler's periodic work."""

from scheduler.holds import begin_holds
from scheduler.worker import publish_due
from social.jobs import Job

JOBS = (Job("holds", 1.0, begin_holds), Job("publish", "publish_every", publish_due))
