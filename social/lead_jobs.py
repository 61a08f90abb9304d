"""The periodic work of leads; purging them is part of `retention_jobs`."""

from social.jobs import Job
from social.lead_mail import tell_desks

JOBS: tuple[Job, ...] = (Job("tell desks", 20.0, tell_desks),)
