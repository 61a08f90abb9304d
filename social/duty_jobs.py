"""The periodic work for the duty contact: the last of a round, so that what was just collected and read is told in it."""

from social.duty_telling import look_after_duty
from social.jobs import Job

JOBS: tuple[Job, ...] = (Job("duty", 5.0, look_after_duty),)
