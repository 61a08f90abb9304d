"""Reads letters that no alert claims for one thing alone: whether somebody needs help now (R19). What stands in Replies is
read as every reply is."""

from insights.reading import Analyser, default_analyser
from insights.reading.survey_texts import what_is_urgent
from social.alerts.letter_alarms import note_read, unread_letters
from social.context import Context


def read_letter_texts(context: Context, analyser: Analyser | None = None) -> int:
    """Read what is new, and tell the duty contact of what may be an emergency.  Returns how many letters were read.

    Safe to run twice and from several processes: a letter has one alarm, however often it is read."""
    done = 0
    while batch := unread_letters(context):
        analyser = analyser or default_analyser()
        said = what_is_urgent(analyser, batch)
        note_read(context, [number for number, _ in batch], {number: why for number, why in said.items() if why})
        done += len(batch)
    return done
