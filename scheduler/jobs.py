"""The scheduler's periodic work."""

from scheduler.worker import publish_due
from social.jobs import Job

JOBS = (Job("publish", "publish_every", publish_due),)
