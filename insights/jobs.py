"""The periodic work of this slice."""

from insights.alert_facts import keep_alert_facts
from insights.findings import keep_area_findings, keep_findings
from insights.folds import fold_weeks
from insights.packs import pack_weeks
from insights.reading.letter_texts import read_letter_texts
from insights.reading.stored import read_new
from insights.reading.survey_texts import read_survey_texts
from social.jobs import Job

JOBS: tuple[Job, ...] = (
    Job("read", "analyse_every", read_new),
    Job("fold weeks", 300.0, fold_weeks),
    Job("pack weeks", 3600.0, pack_weeks),
    Job("keep alerts", 3600.0, keep_alert_facts),
    Job("read surveys", "analyse_every", read_survey_texts),
    Job("read letters", "analyse_every", read_letter_texts),
    Job("findings", 3600.0, keep_findings),
    Job("findings of areas", 300.0, keep_area_findings),
)
"""In this order: what was just read is in the figures of the same round."""
