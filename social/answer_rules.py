"""What is asked about an answer before a person may send it.

What only the scheduler knows, its holds and its checks of words, is asked through `AnswerRules`, which whoever puts the
parts together hands in (`scheduler.answering.RULES`): this slice never imports that one."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlmodel import Session

from social.channels.base import Channel, Draft
from social.interactions import EMERGENCY, Interaction
from social.publications import Publication

EMERGENCY_ANSWER = "Please call 999 now."
"""All that is ever offered as an answer to an emergency (R19)."""
_SENTENCE = re.compile(r"[^.!?\n]*\b999\b[^.!?\n]*(?:[.!?]+|\n|$)")
_CALLS = re.compile(r"\b(?:call|ring|dial|phone|text|ffoniwch|deialwch|galwch)\b[^.!?\n]*\b999\b", re.IGNORECASE)
_WORD = re.compile(r"\w")


@dataclass(frozen=True)
class Concern:
    """Something about the words of an answer.  stops: it may not go out like this; else it is only said.
    rule: id of the rule behind it, or ''."""

    message: str
    stops: bool = True
    rule: str = ""


class AnswerRules(Protocol):
    """The questions about answers that another slice answers."""

    def stopped(self, session: Session, place_id: int | None, since: datetime, now: datetime) -> str | None:
        """Why nothing may go out about this area, as a sentence; None when it may.

        since: when send was pressed; what was stopped meanwhile does not go out by itself afterwards (R37)."""
        ...

    def concerns(self, session: Session, publication: Publication, text: str, now: datetime) -> Sequence[Concern]:
        """What the checks say of the words: personal data, names, and what the case of the post forbids."""
        ...


def plain_words(text: str) -> str:
    """The answer as it is kept and sent: composed, without blanks around it, without signs that no database keeps."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\0", "\ufffd"))
    return composed.encode("utf-8", "replace").decode().strip()


def says_only_999(text: str) -> bool:
    """Whether the words are in essence 'call 999 now': every sentence says so (R19)."""
    return bool(_CALLS.search(text)) and not _WORD.search(_SENTENCE.sub("", text))


def is_emergency(reply: Interaction) -> bool:
    """Whether it was read as an emergency, or a person said that it is one."""
    return reply.urgency == EMERGENCY


def about_length(channel: Channel, text: str) -> list[Concern]:
    """What is wrong with the length, as the network counts it."""
    if not text:
        return [Concern("Write an answer first.")]
    length = channel.count(Draft(text))
    if length > channel.limits.text:
        over = length - channel.limits.text
        return [Concern(f"The answer is {length:,} long and the network takes {channel.limits.text:,}. Cut {over:,}.")]
    return []
