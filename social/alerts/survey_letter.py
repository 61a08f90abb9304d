"""What a member reads who is invited to a survey: what it is about, until when, and a link of their own."""

from datetime import date

from sqlmodel import Session

from social.alerts.letters import Letter
from social.alerts.links import Purpose, link
from social.alerts.mailings import Message
from social.alerts.messages import force_name
from social.alerts.residents import Resident, ResidentState
from social.alerts.survey_running import takes_answers
from social.alerts.surveys import Survey
from social.context import Context

_WORDS = {
    "en": (
        "{title}: {force} asks what you think",
        "{intro}\n\nAnswer here, until {day}:\n\n{link}\n\nThe link is yours alone, so please do not pass it on. Your "
        "answers are kept without your name or address: we know that you have answered, not what.\n\nThis is not a place "
        "to report crime. In an emergency call 999, otherwise 101.",
    ),
    "cy": (
        "{title}: mae {force} yn gofyn eich barn",
        "{intro}\n\nAtebwch yma, tan {day}:\n\n{link}\n\nEich dolen chi yn unig yw hon, felly peidiwch â'i hanfon ymlaen. "
        "Cedwir eich atebion heb eich enw na'ch cyfeiriad: rydym yn gwybod eich bod wedi ateb, nid beth.\n\nNid lle i roi "
        "gwybod am drosedd yw hwn. Mewn argyfwng ffoniwch 999, fel arall 101.",
    ),
}
"""Language -> subject, text."""
_MONTHS = ("Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin", "Gorffennaf", "Awst", "Medi", "Hydref", "Tachwedd",
           "Rhagfyr")  # fmt: skip


def write(session: Session, context: Context, message: Message, resident: Resident | None) -> Letter | None:
    """The invitation; None once the survey takes no answers any more, or the member has left.

    It is in the survey's language, which is also that of its page.  Raises InputError without `public_address`."""
    survey = session.get(Survey, message.subject_id) if message.subject_id is not None else None
    if resident is None or resident.state != ResidentState.CONFIRMED or survey is None or survey.closes_on is None:
        return None
    if not takes_answers(survey, context.clock.now()):
        return None
    subject, text = _WORDS[survey.lang]
    known = {
        "title": survey.title, "force": force_name(session), "intro": survey.intro or survey.title,
        "day": say_day(survey.lang, survey.closes_on), "link": link(context, Purpose.SURVEY, resident, survey.id),
    }  # fmt: skip
    return Letter(subject.format(**known), text.format(**known), lang=survey.lang)


def say_day(lang: str, day: date) -> str:
    """8 June 2026, or 8 Mehefin 2026."""
    return f"{day.day} {_MONTHS[day.month - 1] if lang == 'cy' else format(day, '%B')} {day.year}"
