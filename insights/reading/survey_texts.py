"""Reads what residents write in surveys for one thing alone: whether somebody needs help now (R15, R19).

No stance, no kind and no flag of it is kept: a survey is counted by what was chosen, and nobody's words are rated."""

import logging
from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

from insights.reading import Analyser, Flag, Kind, ReadingResult, analyser_of
from insights.reading.tiers import tier_that_reads
from social.alerts.survey_alarms import note_read, unread_texts
from social.context import Context
from social.duty_rules import SURE_ENOUGH
from social.errors import bare

UNREADABLE = "could not be read by Beatline, so that a person has to"
_LOOKED_FOR = {Flag.WELFARE: "reads as if somebody may be at risk", Flag.THREAT: "reads like a threat of violence"}
_log = logging.getLogger("beatline.reading")
Named = TypeVar("Named", bound=Hashable)


def read_survey_texts(context: Context, analyser: Analyser | None = None) -> int:
    """Read what is new, and tell the duty contact of what may be an emergency.  Returns how many texts were read.

    Safe to run twice and from several processes: a text has one alarm, however often it is read."""
    done = 0
    while batch := unread_texts(context):
        analyser = analyser or analyser_of(tier_that_reads(context))
        said = read_each(analyser, batch)
        note_read(context, list(said), urgent_of(said))
        done += len(batch)
    return done


def read_each(analyser: Analyser, batch: Sequence[tuple[Named, str]]) -> dict[Named, ReadingResult | None]:
    """By what each text is known: what it was read as; None for one that the analyser breaks off at."""
    try:
        return {key: one for (key, _), one in zip(batch, analyser.read([text for _, text in batch]), strict=True)}
    except Exception as error:
        _log.error("texts could not be read together; each is read alone", exc_info=bare(error))
    return {key: _alone(analyser, text) for key, text in batch}


def _alone(analyser: Analyser, text: str) -> ReadingResult | None:
    """One text that the analyser breaks off at must not keep the others from being read, nor sleep itself."""
    try:
        [one] = analyser.read([text])
    except Exception:
        return None
    return one


def urgent_of(said: Mapping[Named, ReadingResult | None]) -> dict[Named, str]:
    """Those that the duty contact has to know of, with what they read like."""
    return {key: why for key, one in said.items() if (why := _why(one))}


def _why(one: ReadingResult | None) -> str:
    """What it reads like, where the duty contact has to know; '' for nothing."""
    if one is None:
        return UNREADABLE
    if one.kind is Kind.EMERGENCY:
        return "reads like an emergency"
    sure = (flag for flag in _LOOKED_FOR if one.flags.get(flag, 0.0) >= SURE_ENOUGH[flag.value] and flag in one.raised)
    return next((_LOOKED_FOR[flag] for flag in sure), "")
