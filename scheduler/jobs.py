"""The scheduler's periodic work."""

from scheduler.worker import publish_due
from social.jobs import Job
from social.settings import TABLE

_EVERY = next(float(setting.default) for setting in TABLE if setting.name == "publish_every")

JOBS = (Job("publish", _EVERY, publish_due),)
