"""The alert service's periodic work, of all its parts."""

from social.alerts.digests import gather_digests
from social.alerts.letter_alarms import tell_of_letters
from social.alerts.letterbox import read_letterbox, watch_letterbox
from social.alerts.receipt_looking import look_for_receipts
from social.alerts.sending import clear_what_was_seen, send_messages
from social.alerts.survey_alarms import tell_of_texts
from social.alerts.survey_kept import forget_old_texts
from social.alerts.survey_running import close_ended
from social.alerts.texts_in import read_texts
from social.jobs import Job

JOBS: tuple[Job, ...] = (
    Job("messages", 1.0, send_messages),
    Job("messages nobody knows of", 60.0, clear_what_was_seen),
    Job("gather digests", 30.0, gather_digests),
    Job("look for receipts", 30.0, look_for_receipts),
    Job("letter emergencies", 5.0, tell_of_letters),
    Job("letterbox", 60.0, read_letterbox, staying=watch_letterbox),
    Job("texts that came in", 60.0, read_texts),
    Job("survey emergencies", 5.0, tell_of_texts),
    Job("close surveys", 60.0, close_ended),
    Job("forget survey texts", 3600.0, forget_old_texts),
)
