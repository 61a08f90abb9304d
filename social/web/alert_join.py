"""The page on which residents sign up, for old phones and without any script.

Nobody learns here whether an address is known: what follows a sign-up is the same page after the same time, and what is
wrong with a form is looked for before the address is (R30)."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cache
from html import escape
from math import ceil

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from social.alerts.contacts import clean_contact, clean_email
from social.alerts.joining import ask_to_join
from social.alerts.messages import can_text, sending_account
from social.alerts.wishes import Preferences, Wishes, problems_of
from social.clock import steady_seconds
from social.context import Context
from social.errors import InputError, Problem
from social.places import PlaceKind, list_places
from social.web.alert_forms import Choices, empty, faults_in, fields, preferences_in
from social.web.alert_words import say
from social.web.public_body import Form, read_form
from social.web.public_page import HOME, PRIVACY, asked_language, form, group, one_box, page, paragraphs
from social.web.throttle import SignUps, machine_of

ANSWER_AFTER = 0.5
"""Seconds from a form's arrival to the answer: longer than either way through takes."""
_SEAL = "form"


def routes(open_: Callable[[], Context]) -> list[Route]:
    """The page of signing up."""

    @cache
    def sign_ups() -> SignUps:
        return SignUps(open_().vault)

    async def shown(request: Request) -> Response:
        return await run_in_threadpool(_shown, request, open_(), sign_ups())

    async def sent(request: Request) -> Response:
        begun = steady_seconds()
        filled = await read_form(request)
        answer = await run_in_threadpool(_sent, request, open_(), sign_ups(), filled)
        await asyncio.sleep(max(0.0, ANSWER_AFTER - (steady_seconds() - begun)))
        return answer

    by_hand = Route(f"{HOME}/", shown, methods=["GET"])  # as people type it
    return [Route(HOME, shown, methods=["GET"]), by_hand, Route(HOME, sent, methods=["POST"])]


def _shown(request: Request, context: Context, sign_ups: SignUps) -> Response:
    lang = asked_language(request)
    offered = choices_of(context)
    if offered is None:
        return _not_open(request, lang)
    return _form(request, context, sign_ups, offered, empty(lang), {})


def _sent(request: Request, context: Context, sign_ups: SignUps, filled: Form) -> Response:
    lang, now, token = asked_language(request), context.clock.now(), filled.one(_SEAL)
    offered = choices_of(context)
    if offered is None:
        return _not_open(request, lang)
    wishes, faults = _read(context, offered, filled, lang)
    if wishes is not None and not sign_ups.forms.is_current(token, now):
        wishes, faults = None, {"main": say(lang, "wrong_form")}
    if wishes is None:
        return _form(request, context, sign_ups, offered, filled, faults)
    digest = context.vault.sign_in_digest("sign-up form", repr(sorted(filled.values.items())))
    if not sign_ups.forms.use(token, digest):
        if sign_ups.forms.was_the_same(token, digest):
            return _asked(request, lang)  # pressed twice, or sent again by somebody else
        # Somebody went back, and put their address right: they must not wait for mail that never comes.
        return _form(request, context, sign_ups, offered, filled, {"main": say(lang, "form_again")})
    wait = sign_ups.wait(machine_of(context, request), clean_email(wishes.email), now)
    if wait is not None:
        sign_ups.forms.give_back(token)
        return _too_many(request, lang, wait)
    try:
        ask_to_join(context, wishes)
    except Exception:
        sign_ups.forms.give_back(token)  # nothing was kept: sent again, it counts
        raise
    return _asked(request, lang)


def choices_of(context: Context) -> Choices | None:
    """What the form can offer; None while nobody can sign up: no account sends alerts, or the force has no map."""
    with context.database.read() as session:
        account, places = sending_account(session), list_places(session)
    if account is None or not places:
        return None
    force = next((place.name for place in places if place.kind == PlaceKind.FORCE), "")
    return Choices(tuple(places), can_text(context, account), force)


def _read(context: Context, offered: Choices, filled: Form, lang: str) -> tuple[Wishes | None, Mapping[str, str]]:
    """What the form asks for, or everything that is wrong with it; the address is not looked up for either."""
    problems: list[Problem] = []
    wanted: Preferences | None = None
    phone = filled.one("phone") if offered.texts else ""
    try:
        wanted = preferences_in(filled, texts=offered.texts)
    except InputError as error:
        problems += error.problems
    try:
        clean_contact(filled.one("email"), phone)
    except InputError as error:
        problems += error.problems
    if wanted is not None:
        with context.database.read() as session:
            problems += problems_of(session, wanted)
        if wanted.by_text and not phone:
            problems.append(Problem("number missing", column="phone"))
    if not filled.one("consent"):
        problems.append(Problem("consent missing", column="consent"))
    if problems or wanted is None:
        return None, faults_in(InputError(*problems), lang, filled)
    return Wishes(wanted, filled.one("email"), phone), {}


def _form(
    request: Request, context: Context, sign_ups: SignUps, offered: Choices, filled: Form, faults: Mapping[str, str]
) -> Response:
    lang = asked_language(request)
    force = offered.force or say(lang, "the_police")
    kept = f'<p><a href="{PRIVACY}?lang={lang}">{escape(say(lang, "privacy_link"))}</a></p>'
    agreement = (
        paragraphs(say(lang, "consent_text"))
        + kept
        + one_box(
            "consent",
            say(lang, "consent", force=force),
            ticked=bool(filled.one("consent")),
            fault=faults.get("consent", ""),
        )
    )
    inner = fields(lang, offered, filled, faults) + group("agreement", say(lang, "consent_heading"), agreement)
    body = paragraphs(say(lang, "join_lead")) + form(
        f"{HOME}?lang={lang}", inner, say(lang, "join"), hidden={_SEAL: sign_ups.forms.new(context.clock.now())}
    )
    return page(request, say(lang, "join_title"), body, 400 if faults else 200, lang=lang, faults=faults)


def _asked(request: Request, lang: str) -> Response:
    body = paragraphs(say(lang, "asked"), say(lang, "asked_more"))
    return page(request, say(lang, "asked_title"), body, lang=lang)


def _not_open(request: Request, lang: str) -> Response:
    return page(request, say(lang, "not_open_title"), paragraphs(say(lang, "not_open")), 503, lang=lang)


def _too_many(request: Request, lang: str, wait: timedelta) -> Response:
    words = say(lang, "too_many", minutes=max(1, ceil(wait.total_seconds() / 60)))
    headers = {"Retry-After": str(max(1, ceil(wait.total_seconds())))}
    return page(request, say(lang, "too_many_title"), paragraphs(words), 429, lang=lang, headers=headers)
