"""The periodic forgetting (R28). What is due is a question to the database, so an hour that was missed costs nothing."""

from social.alerts.letters_kept import PURGERS as LETTERS
from social.alerts.residents_kept import PURGERS as RESIDENTS
from social.context import Context
from social.jobs import Job
from social.purging import purge

HOUR = 3600.0


def _purge(context: Context) -> int:
    return purge(context, dry_run=False, besides=(*RESIDENTS, *LETTERS)).total


JOBS: tuple[Job, ...] = (Job("purge", HOUR, _purge),)
