"""The alert service's periodic work, of all its parts."""

from social.jobs import Job

JOBS: tuple[Job, ...] = ()
