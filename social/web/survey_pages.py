"""The page of a survey, behind a member's own link and behind the open one: no script, no cookie, no name.

A member counts once however often the form comes. On the open page each form counts once, is good for some hours, and
one machine sends only so many in an hour. Free text is a resident's words: the page says that nobody reads it at once
(R15), and `insights.reading.survey_texts` looks for emergencies in it all the same."""

from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape

from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from social.alerts.links import Purpose, claim, opened
from social.alerts.residents import ResidentState
from social.alerts.survey_answering import Who, areas_offered, has_answered, keep_answers, only_area
from social.alerts.survey_letter import say_day
from social.alerts.survey_running import takes_answers
from social.alerts.survey_writing import questions_of
from social.alerts.surveys import Question, Survey, SurveyState, survey_of
from social.clock import as_local
from social.context import Context
from social.web import survey_forms
from social.web.public_body import Form, read_form
from social.web.public_page import asked_language, done, form, note, page, paragraphs, refused
from social.web.survey_words import say
from social.web.throttle import Forms, Throttle, machine_of

MEMBER_PATH = "/alerts/survey/{token}"
OPEN_PATH = "/alerts/surveys/{token}"
FROM_ONE_MACHINE = 20
"""Answers by the open link from one machine within an hour: a library stands behind one address."""


@dataclass
class Limits:
    """What stands before the open page, in one process."""

    machines: Throttle = field(default_factory=lambda: Throttle(FROM_ONE_MACHINE))


@dataclass(frozen=True)
class Found:
    """A survey to be answered.  who: the member, or None on the open page.  areas: to choose from."""

    survey: Survey
    questions: tuple[Question, ...]
    areas: dict[int, str]
    only_area: int | None
    who: Who | None
    answered: bool


def routes(open_: Callable[[], Context]) -> list[Route]:
    """The addresses of surveys, for the process that residents reach."""
    limits = Limits()

    def shown(request: Request) -> Response:
        context = open_()
        found = _find(context, request)
        if found is None:
            return refused(request)
        return _nothing_to_ask(request, context, found) or _asked(request, context, found)

    async def sent(request: Request) -> Response:
        context = open_()
        if not _is_ours(context, request):
            return refused(request)  # before its body is read: one that was guessed costs nothing
        filled = await read_form(request)
        return await run_in_threadpool(_taken, request, context, limits, filled)

    return [
        Route(path, endpoint, methods=[method])
        for path in (MEMBER_PATH, OPEN_PATH)
        for endpoint, method in ((shown, "GET"), (sent, "POST"))
    ]


def _is_of_member(request: Request) -> bool:
    return request.url.path.startswith(MEMBER_PATH.partition("{")[0])


def _is_ours(context: Context, request: Request) -> bool:
    """Whether the address holds a token that we made, by arithmetic alone."""
    token = request.path_params["token"]
    if _is_of_member(request):
        return claim(context, Purpose.SURVEY, token) is not None
    return survey_of(context.vault, token) is not None


def _find(context: Context, request: Request) -> Found | None:
    """The survey of an address; None for a link that is not ours or for an open link that is not switched on."""
    if not _is_ours(context, request):
        return None
    token = request.path_params["token"]
    if _is_of_member(request):
        with context.database.read() as session:
            link = opened(context, session, Purpose.SURVEY, token)
            if link is None or link.about is None or link.resident.state != ResidentState.CONFIRMED:
                return None
            survey = session.get(Survey, link.about)
            return _found(context, session, survey, Who(member_id=link.resident.id, address=link.resident.email_key))
    with context.database.read() as session:
        survey = session.get(Survey, survey_of(context.vault, token))
        return _found(context, session, survey if survey is not None and survey.open_link else None, None)


def _found(context: Context, session: Session, survey: Survey | None, who: Who | None) -> Found | None:
    if survey is None or survey.id is None or survey.state == SurveyState.DRAFT:
        return None
    answered = who is not None and has_answered(session, context.vault, survey.id, who)
    return Found(
        survey,
        questions_of(session, survey.id),
        areas_offered(session, survey),
        only_area(session, survey),
        who,
        answered,
    )


def _nothing_to_ask(request: Request, context: Context, found: Found) -> Response | None:
    """What is said where there is nothing to fill in; None where there is."""
    survey, now = found.survey, context.clock.now()
    if takes_answers(survey, now):
        return _told(request, survey, "answered") if found.answered else None
    if survey.state == SurveyState.OPEN and survey.opens_on is not None and as_local(now).date() < survey.opens_on:
        return _told(request, survey, "early", day=say_day(survey.lang, survey.opens_on))
    return _told(request, survey, "closed")


def _told(request: Request, survey: Survey, key: str, status: int = 200, **fill: object) -> Response:
    """A page with one sentence.  key: of `survey_words.WORDS`, its title beside it."""
    words, title = paragraphs(say(survey.lang, key, **fill)), say(survey.lang, f"{key}_title")
    return _page(request, survey, title, words, status)


def _asked(
    request: Request, context: Context, found: Found, filled: Form | None = None, faults: dict[str, str] | None = None
) -> Response:
    """The form, with what was filled in where it has to be put right."""
    survey, lang = found.survey, found.survey.lang
    body = paragraphs(*survey.intro.split("\n\n")) if survey.intro else ""
    body += note(say(lang, "not_here"))
    body += paragraphs(say(lang, "private" if found.who else "private_open"))
    if survey.closes_on is not None:
        body += paragraphs(say(lang, "until", day=say_day(lang, survey.closes_on)))
    hidden = {} if found.who else {"form": Forms(context.vault).new(context.clock.now())}
    fields = survey_forms.drawn(lang, found.questions, found.areas, filled, faults)
    body += form("", fields, say(lang, "send"), hidden=hidden)
    return _page(request, survey, survey.title, body, 422 if faults else 200, faults)


def _taken(request: Request, context: Context, limits: Limits, filled: Form) -> Response:
    found = _find(context, request)
    if found is None:
        return refused(request)
    told = _nothing_to_ask(request, context, found)
    if told is not None:
        return told
    survey, now = found.survey, context.clock.now()
    answers, faults = survey_forms.read(survey.lang, found.questions, found.areas, filled, found.only_area)
    token = filled.one("form")
    if found.who is None and not Forms(context.vault).is_current(token, now):
        faults["main"] = say(survey.lang, "stale")
    if faults:
        return _asked(request, context, found, filled, faults)
    if found.who is None:
        machine = context.vault.sign_in_digest("survey", str(survey.id), machine_of(context, request))
        wait = limits.machines.wait(machine, now)
        if wait is not None:
            return _told(request, survey, "many", 429, minutes=int(wait.total_seconds() // 60) + 1)
    assert survey.id is not None
    if keep_answers(context, survey.id, found.who or Who(form=token), answers):
        return _page(request, survey, say(survey.lang, "thanks_title"), done(say(survey.lang, "thanks")))
    # Closed meanwhile, or the same form once more: nothing was kept, and that is told as it is.
    again = _find(context, request)
    told = _nothing_to_ask(request, context, again) if again is not None else refused(request)
    return told or _told(request, survey, "answered")


def _page(
    request: Request, survey: Survey, title: str, body: str, status: int = 200, faults: dict[str, str] | None = None
) -> Response:
    """The survey speaks its own language, whatever language the rest of the page was asked for in."""
    lang = asked_language(request, survey.lang)
    own = survey.lang if survey.lang != lang else ""
    if own:
        body = f'<div lang="{escape(own)}">{body}</div>'
    return page(request, title, body, status, lang=lang, faults=faults, title_lang=own)
