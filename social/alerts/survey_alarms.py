"""An emergency in what somebody wrote in a survey must not sleep in a table (R15, R19): the duty contact is mailed at once,
again every five minutes, and more people the longer nobody says that they have seen it.

What reads the words is `insights.reading.survey_texts`; who is told, `social.duty_elsewhere`."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import tuple_, update
from sqlmodel import Session, col, select

from social.alarms import SURVEY, Alarm
from social.alerts.surveys import Survey, SurveyAnswer, SurveyResponse
from social.audit import record
from social.clock import as_local
from social.context import Context
from social.duty_elsewhere import raise_for_duty, tell_elsewhere, unseen
from social.errors import InputError
from social.places import Place
from social.staff import Action, Person, require
from social.vault import Vault

BATCH = 200
ABOUT = "survey-answer:"
Key = tuple[str, int]
"""Of a text: the response and the question."""


@dataclass(frozen=True)
class OpenText:
    """A text that may be an emergency, and that nobody has seen.  place: in words.  words: a resident's."""

    alarm_id: int
    survey_id: int
    place_id: int | None
    place: str
    raised_at: datetime
    words: str


def unread_texts(context: Context) -> list[tuple[Key, str]]:
    """Texts that nothing has read yet, at most `BATCH`."""
    query = select(SurveyAnswer).where(col(SurveyAnswer.unread).is_(True)).limit(BATCH)
    with context.database.read() as session:
        rows = session.exec(query).all()
    return [((row.response_id, row.question_id), _words(context.vault, row)) for row in rows]


def note_read(context: Context, keys: Collection[Key], urgent: Mapping[Key, str]) -> int:
    """These texts were read.  urgent: those that somebody must see at once, with what they read like.

    Returns how many alarms were raised: one for each text, however often it is read."""
    with context.database.write() as session:
        now = context.clock.now()
        of = tuple_(col(SurveyAnswer.response_id), col(SurveyAnswer.question_id))
        session.connection().execute(update(SurveyAnswer).where(of.in_(list(keys))).values(unread=False))
        raised = [_raise(session, now, key, why) for key, why in urgent.items()]
    return sum(raised)


def _raise(session: Session, now: datetime, key: Key, why: str) -> bool:
    about = f"{ABOUT}{key[0]}:{key[1]}"
    response = session.get(SurveyResponse, key[0])
    if response is None or session.exec(select(Alarm.id).where(Alarm.about == about)).first() is not None:
        return False
    place_id, place = _place(session, response)
    where = f"survey {response.survey_id} ({place})"
    text = f"What a resident wrote in {where} {why}. Written on {as_local(now).day} {as_local(now):%B %Y}."
    raise_for_duty(session, now, key=f"{SURVEY}{uuid4().hex}", about=about, place_id=place_id, text=text)
    return True


def tell_of_texts(context: Context) -> int:
    """Make the mails that are due.  Returns how many alarms were told of."""
    return tell_elsewhere(context, SURVEY, lambda session, alarm: _place(session, _response(session, alarm))[0])


def open_texts(session: Session, vault: Vault) -> list[OpenText]:
    """What may be an emergency and nobody has seen, oldest first."""
    found = []
    for alarm in unseen(session, SURVEY):
        response = _response(session, alarm)
        answer = session.get(SurveyAnswer, (response.id, int(alarm.about.rpartition(":")[2]), 0))
        place_id, place = _place(session, response)
        words = _words(vault, answer) if answer is not None else ""
        found.append(OpenText(alarm.id or 0, response.survey_id, place_id, place, alarm.raised_at, words))
    return found


def say_seen(context: Context, person: Person, alarm_id: int, reason: str, *, passed: bool) -> None:
    """Somebody has seen it: mails about it end.  passed: to the control room, else it is none and the reason says why.

    Raises NotAllowed, and InputError for one that is not open and for a 'no emergency' without a reason."""
    if not passed and not reason.strip():
        raise InputError("Say why it is no emergency. The record keeps it.")
    with context.database.write() as session:
        alarm = session.get(Alarm, alarm_id)
        if alarm is None or not alarm.key.startswith(SURVEY) or alarm.cleared_at is not None:
            raise InputError("Somebody has dealt with it already. Load the page again.")
        response = _response(session, alarm)
        place_id = _place(session, response)[0]
        require(session, person, Action.ANSWER, place_id)
        now = context.clock.now()
        alarm.seen_at, alarm.seen_by_id, alarm.cleared_at, alarm.mail_at = now, person.id, now, None
        session.add(alarm)
        record(session, now, actor=person, action="say emergency seen", subject=("survey", response.survey_id),
               after={"alarm": alarm_id, "outcome": "passed" if passed else "not_emergency"},
               reason=reason.strip() or None, place_id=place_id)  # fmt: skip


def _response(session: Session, alarm: Alarm) -> SurveyResponse:
    return session.get_one(SurveyResponse, alarm.about.removeprefix(ABOUT).rpartition(":")[0])


def _place(session: Session, response: SurveyResponse) -> tuple[int | None, str]:
    place_id = response.place_id or session.get_one(Survey, response.survey_id).place_id
    place = session.get(Place, place_id) if place_id is not None else None
    return place_id, place.name if place is not None else "the whole force"


def _words(vault: Vault, answer: SurveyAnswer) -> str:
    return vault.open(answer.words_sealed)["text"] if answer.words_sealed else ""
