"""The periodic work of this slice."""

from insights.keeping import keep_facts
from insights.reading.stored import read_new
from social.jobs import Job
from social.settings import TABLE

_EVERY = next(float(setting.default) for setting in TABLE if setting.name == "analyse_every")

JOBS: tuple[Job, ...] = (Job("read", _EVERY, read_new), Job("keep", _EVERY, keep_facts))
"""In this order: what was just read is in the figures of the same round."""
