"""The alert service's periodic work, of all its parts."""

from social.alerts.digests import gather_digests
from social.alerts.letterbox import read_letterbox, watch_letterbox
from social.alerts.receipt_looking import look_for_receipts
from social.jobs import Job

JOBS: tuple[Job, ...] = (
    Job("gather digests", 30.0, gather_digests),
    Job("look for receipts", 30.0, look_for_receipts),
    Job("letterbox", 60.0, read_letterbox, staying=watch_letterbox),
)
