"""Reads what residents write in surveys for one thing alone: whether somebody needs help now (R15, R19).

No stance, no kind and no flag of it is kept: a survey is counted by what was chosen, and nobody's words are rated."""

import logging
from collections.abc import Hashable, Sequence
from typing import TypeVar

from insights.reading import Analyser, Flag, Kind, ReadingResult, default_analyser
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
        analyser = analyser or default_analyser()
        said = what_is_urgent(analyser, batch)
        note_read(context, [key for key, _ in batch], {key: why for key, why in said.items() if why})
        done += len(batch)
    return done


def what_is_urgent(analyser: Analyser, batch: Sequence[tuple[Named, str]]) -> dict[Named, str]:
    """By what each text is known: what it reads like, where the duty contact has to know; '' for nothing."""
    try:
        return {key: _why(one) for (key, _), one in zip(batch, analyser.read([text for _, text in batch]), strict=True)}
    except Exception as error:
        _log.error("texts could not be read together; each is read alone", exc_info=bare(error))
    return {key: _alone(analyser, text) for key, text in batch}


def _alone(analyser: Analyser, text: str) -> str:
    """One text that the analyser breaks off at must not keep the others from being read, nor sleep itself."""
    try:
        [one] = analyser.read([text])
    except Exception:
        return UNREADABLE
    return _why(one)


def _why(one: ReadingResult) -> str:
    """What it reads like, where the duty contact has to know; '' for nothing."""
    if one.kind is Kind.EMERGENCY:
        return "reads like an emergency"
    sure = (flag for flag in _LOOKED_FOR if one.flags.get(flag, 0.0) >= SURE_ENOUGH[flag.value] and flag in one.raised)
    return next((_LOOKED_FOR[flag] for flag in sure), "")
