"""Reads letters that no alert claims: whether somebody needs help now (R19), and of what kind they are, so that they stand
among replies where they belong. No stance of them is kept. What stands under an alert is read as every reply is."""

from insights.reading import Analyser, analyser_of
from insights.reading.survey_texts import read_each, urgent_of
from insights.reading.tiers import tier_that_reads
from social.alerts.letter_alarms import note_read, unread_letters
from social.context import Context


def read_letter_texts(context: Context, analyser: Analyser | None = None) -> int:
    """Read what is new, and tell the duty contact of what may be an emergency.  Returns how many letters were read.

    Safe to run twice and from several processes: a letter has one alarm, however often it is read."""
    done = 0
    while batch := unread_letters(context):
        analyser = analyser or analyser_of(tier_that_reads(context))
        said = read_each(analyser, batch)
        kinds = {number: one.kind.value if one is not None else None for number, one in said.items()}
        note_read(context, kinds, urgent_of(said))
        done += len(batch)
    return done
