"""The periodic work of reports."""

from insights.reports.mailing import mail_reports
from social.jobs import Job

JOBS: tuple[Job, ...] = (Job("mail reports", 60.0, mail_reports),)
