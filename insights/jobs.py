"""The periodic work of this slice."""

from insights.keeping import keep_facts
from insights.reading.stored import read_new
from insights.reading.survey_texts import read_survey_texts
from social.jobs import Job

JOBS: tuple[Job, ...] = (
    Job("read", "analyse_every", read_new),
    Job("keep", "analyse_every", keep_facts),
    Job("read surveys", "analyse_every", read_survey_texts),
)
"""In this order: what was just read is in the figures of the same round."""
