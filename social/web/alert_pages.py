"""The pages behind the links of every message: confirm, change, leave, and say whether it was useful (R30).

Looking changes nothing, since mail programs and their guards open links before people do; each change is a button. Only
'was this useful?' is answered by its link: guards open both links, and then neither counts.
The button for leaving is also what RFC 8058 asks for: whoever posts to that address, a mail program or a person, has left at
once, without a cookie or a way round."""

from collections.abc import Callable, Mapping
from html import escape

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from social.alerts.asked import everything_asked
from social.alerts.contacts import Contact, contact_of
from social.alerts.feedback import note_opened, note_tapped, note_useful
from social.alerts.links import Claim, Opened, Purpose, path, still_holds
from social.alerts.membership import LEAVE_REASONS, change, confirm, confirm_number, disown_number, leave
from social.alerts.residents import Resident, ResidentState
from social.alerts.topics import GROUPS
from social.alerts.wishes import preferences_of
from social.context import Context
from social.errors import InputError
from social.places import list_places
from social.web.alert_forms import Choices, faults_in, fields, filled, in_words, preferences_in
from social.web.alert_join import choices_of
from social.web.alert_links import Work, behind_link
from social.web.alert_words import labels, say
from social.web.public_body import Form
from social.web.public_page import (
    HEADERS,
    HOME,
    asked_language,
    choices,
    done,
    field,
    form,
    note,
    one_box,
    page,
    paragraphs,
    refused,
)

_GIF = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")
"""The smallest picture there is, and nothing of it can be seen."""


def routes(open_: Callable[[], Context]) -> list[Route]:
    """The pages behind signed links."""

    def at(purpose: Purpose, work: Work, *methods: str) -> Route:
        return Route(f"{HOME}/{purpose.value}/{{token}}", behind_link(open_, purpose, work), methods=list(methods))

    return [
        at(Purpose.CONFIRM, _confirm, "GET", "POST"),
        at(Purpose.SETTINGS, _settings, "GET", "POST"),
        at(Purpose.LEAVE, _leave, "GET", "POST"),
        at(Purpose.USEFUL, _useful, "GET", "POST"),
        at(Purpose.OPENED, _opened, "GET"),
        at(Purpose.NUMBER, _number, "GET", "POST"),
    ]


def _look_up(context: Context, said: Claim) -> Opened | None:
    with context.database.read() as session:
        return still_holds(session, said)


def _confirm(request: Request, context: Context, said: Claim, sent: Form | None) -> Response:
    found = _look_up(context, said)
    if found is None or found.resident.state == ResidentState.LEFT:
        return refused(request)
    lang = asked_language(request, found.resident.lang)
    member = found.resident.state == ResidentState.CONFIRMED and found.resident.email_stopped_at is None
    asked = _asked(context, found.resident, lang) if found.resident.state == ResidentState.UNCONFIRMED else {}
    if sent is not None and not confirm(context, said.resident_id, sent.one("asked") or None):
        return _to_confirm(request, context, found.resident, lang, asked, {"asked": say(lang, "wrong_asked")})
    if sent is None and not member:
        return _to_confirm(request, context, found.resident, lang, asked, {})
    found = _look_up(context, said) or found
    body = done(say(lang, "confirmed")) + _code_note(context, found.resident, lang)
    body += _to(path(context, Purpose.SETTINGS, found.resident), say(lang, "to_settings"), lang)
    return page(request, say(lang, "confirmed_title"), body, lang=lang)


def _to_confirm(
    request: Request,
    context: Context,
    resident: Resident,
    lang: str,
    asked: Mapping[str, str],
    faults: Mapping[str, str],
) -> Response:
    """The button; where several signed this address up, what each of them asked for, to choose from."""
    which, hidden = "", {"asked": next(iter(asked), "")} if len(asked) == 1 else {}
    if len(asked) > 1:
        which = choices("asked", say(lang, "asked_which"), asked, many=False, hint=say(lang, "asked_hint"),
                        fault=faults.get("asked", ""))  # fmt: skip
    else:
        which = paragraphs(*asked.values())
    body = paragraphs(say(lang, "confirm_lead")) + form("", which, say(lang, "confirm"), hidden=hidden)
    body += _to(path(context, Purpose.LEAVE, resident), say(lang, "not_me"), lang)
    return page(request, say(lang, "confirm_title"), body, 400 if faults else 200, lang=lang, faults=faults)


def _asked(context: Context, resident: Resident, lang: str) -> dict[str, str]:
    """Mark -> what that sign-up asks for, in words; nothing in it was typed by anybody but the number's last digits."""
    with context.database.read() as session:
        every = everything_asked(session, context.vault, resident)
        names = {place.id: place.name for place in list_places(session)}
    return {one.mark(context.vault): in_words(one, names, lang) for one in every}


def _code_note(context: Context, resident: Resident, lang: str) -> str:
    offered = choices_of(context)
    waits = offered is not None and offered.texts and contact_of(context.vault, resident).phone
    return paragraphs(say(lang, "confirmed_code")) if waits and resident.phone_checked_at is None else ""


def _settings(request: Request, context: Context, said: Claim, sent: Form | None) -> Response:
    faults: Mapping[str, str] = {}
    saved = ""
    if sent is not None:
        saved, faults = _changed(request, context, said, sent)
    found = _look_up(context, said)
    if found is None:
        return refused(request)
    lang = asked_language(request, found.resident.lang)
    if found.resident.state == ResidentState.LEFT:
        body = paragraphs(say(lang, "left_settings")) + _to(HOME, say(lang, "sign_up_link"), lang)
        return page(request, say(lang, "left_title"), body, lang=lang)
    with context.database.read() as session:
        kept = preferences_of(session, found.resident)
    shown = sent if sent is not None and faults and "code" not in sent else filled(kept)
    said_so = say(lang, saved) if saved else ""
    own = tuple(one for one in kept.groups if one not in GROUPS)
    body = _settings_body(context, found.resident, lang, shown, faults, said_so, own)
    return page(request, say(lang, "settings_title"), body, 400 if faults else 200, lang=lang, faults=faults)


def _changed(request: Request, context: Context, said: Claim, sent: Form) -> tuple[str, Mapping[str, str]]:
    """Do what was sent.  Returns the key of what to say, and what was wrong."""
    found, offered = _look_up(context, said), choices_of(context)
    if found is None or found.resident.state == ResidentState.LEFT:
        return "", {}
    lang = asked_language(request, found.resident.lang)
    if "code" in sent:
        if confirm_number(context, said.resident_id, sent.one("code")):
            return "number_yours", {}
        return "", {"code": say(lang, "wrong_code")}
    texts = offered is not None and offered.texts
    try:
        wanted = preferences_in(sent, texts=texts, kept=_areas_of(context, found.resident))
        phone = "" if sent.one("phone_remove") else (sent.one("phone") if texts else "") or None
        return ("saved_code" if change(context, said.resident_id, wanted, phone=phone) else "saved"), {}
    except InputError as error:
        return "", faults_in(error, lang, sent)


def _areas_of(context: Context, resident: Resident) -> Mapping[int, float]:
    with context.database.read() as session:
        return preferences_of(session, resident).areas


def _settings_body(
    context: Context,
    resident: Resident,
    lang: str,
    shown: Form,
    faults: Mapping[str, str],
    saved: str,
    own_groups: tuple[str, ...],
) -> str:
    offered = choices_of(context) or Choices((), texts=False)
    contact = contact_of(context.vault, resident)
    body = done(saved) if saved else ""
    if resident.state == ResidentState.UNCONFIRMED:
        body += note(say(lang, "unconfirmed_note"))
    elif resident.email_stopped_at is not None:
        body += note(say(lang, "returned_note"))
    if offered.texts and contact.phone and resident.phone_checked_at is None:
        code = field("code", say(lang, "code"), purpose="one-time-code", longest=12, short=True,
                     hint=say(lang, "code_hint"), fault=faults.get("code", ""))  # fmt: skip
        body += form("", code, say(lang, "code_send"), kind="second")
    inner = fields(
        lang, _settled(offered, own_groups), shown, faults, phone=_number_fields(lang, contact, shown, faults)
    )
    body += form("", inner, say(lang, "save")) + paragraphs(say(lang, "address_note"))
    # A button, not a way to one: a text has room for one link, and that one must leave in as few steps as a mail's own.
    return body + form(f"{path(context, Purpose.LEAVE, resident)}?lang={lang}", "", say(lang, "leave"), kind="leave")


def _number(request: Request, context: Context, said: Claim, sent: Form | None) -> Response:
    """From the text with a code: whose number it is says that it is not the resident's."""
    found = _look_up(context, said)
    if found is None or said.about is None:
        return refused(request)
    lang = asked_language(request, found.resident.lang)
    if sent is None:
        body = paragraphs(say(lang, "number_lead")) + form("", "", say(lang, "number_remove"), kind="leave")
        return page(request, say(lang, "number_title"), body, lang=lang)
    if not disown_number(context, said.resident_id, said.about):
        return refused(request)
    return page(request, say(lang, "number_gone_title"), done(say(lang, "number_gone")), lang=lang)


def _settled(offered: Choices, own_groups: tuple[str, ...]) -> Choices:
    return Choices(offered.places, offered.texts, offered.force, joining=False, own_groups=own_groups)


def _number_fields(lang: str, contact: Contact, shown: Form, faults: Mapping[str, str]) -> str:
    """The number's last digits alone are shown: a message may have been passed on, and its links with it."""
    kept = say(lang, "phone_kept", end=contact.phone[-3:]) if contact.phone else say(lang, "phone_none")
    box = field("phone", say(lang, "phone_new" if contact.phone else "phone"), shown.one("phone"), kind="tel",
                purpose="tel", longest=30, hint=f"{kept} {say(lang, 'phone_hint')}", fault=faults.get("phone", ""))  # fmt: skip
    return box + (one_box("phone_remove", say(lang, "phone_remove")) if contact.phone else "")


def _leave(request: Request, context: Context, said: Claim, sent: Form | None) -> Response:
    found = _look_up(context, said)
    if found is None:
        return refused(request)
    lang, faults = asked_language(request, found.resident.lang), {}
    left = found.resident.state == ResidentState.LEFT
    if sent is None and not left:
        body = paragraphs(say(lang, "leave_lead")) + form("", "", say(lang, "leave"), kind="leave")
        body += paragraphs(say(lang, "leave_less"))
        body += _to(path(context, Purpose.SETTINGS, found.resident), say(lang, "to_settings"), lang)
        return page(request, say(lang, "leave_title"), body, lang=lang)
    thanked = bool(found.resident.left_reason)
    if sent is not None:
        reason = sent.one("reason")
        if left and (reason or "asked" in sent) and reason not in LEAVE_REASONS:
            faults = {"reason": say(lang, "wrong_reason")}
        else:
            leave(context, said.resident_id, reason if reason in LEAVE_REASONS else None)
            thanked = thanked or reason in LEAVE_REASONS
    return _left(request, lang, faults, thanked=thanked)


def _left(request: Request, lang: str, faults: Mapping[str, str], *, thanked: bool) -> Response:
    body = done(say(lang, "left"))
    if thanked:
        body += paragraphs(say(lang, "reason_thanks"))
    else:
        reasons = choices("reason", say(lang, "reason"), labels(lang, "reason", LEAVE_REASONS), many=False,
                          fault=faults.get("reason", ""))  # fmt: skip
        body += form("", reasons, say(lang, "reason_send"), kind="second", hidden={"asked": "yes"})
    status = 400 if faults else 200
    return page(request, say(lang, "left_title"), body, status, lang=lang, faults=faults)


def _useful(request: Request, context: Context, said: Claim, sent: Form | None) -> Response:
    answer = sent.one("answer") if sent is not None else request.url.query.partition("&")[0].partition("=")[0]
    if sent is not None and answer in ("yes", "no"):
        resident = note_useful(context, said, answer == "yes")
        if resident is None:
            return refused(request)
        return _said_useful(request, asked_language(request, resident.lang), answer)
    found = _look_up(context, said)
    if found is None or said.about is None:
        return refused(request)
    lang = asked_language(request, found.resident.lang)
    if sent is None and answer in ("yes", "no") and _is_opened(request):
        kept = note_tapped(context, said, answer == "yes")
        if kept is not None:
            return _said_useful(request, lang, "yes" if kept else "no")
    body = paragraphs(say(lang, "useful_lead")) + _answers(lang, "")
    return page(request, say(lang, "useful_title"), body, lang=lang)


def _is_opened(request: Request) -> bool:
    """Whether the page is opened, and not only asked for its headers or fetched in case somebody opens it."""
    ahead = f"{request.headers.get('sec-purpose', '')} {request.headers.get('purpose', '')}"
    return request.method == "GET" and "prefetch" not in ahead.lower()


def _said_useful(request: Request, lang: str, answer: str) -> Response:
    body = done(say(lang, f"useful_{answer}")) + paragraphs(say(lang, "useful_change"))
    return page(request, say(lang, "useful_title"), body + _answers(lang, answer), lang=lang)


def _answers(lang: str, given: str) -> str:
    """Yes and no; what was answered is not offered again."""
    offered = [one for one in ("yes", "no") if one != given]
    buttons = "".join(f'<button name="answer" value="{one}">{say(lang, one)}</button>' for one in offered)
    return f'<form method="post" action="?lang={lang}">{buttons}</form>'


def _opened(request: Request, context: Context, said: Claim, _sent: Form | None) -> Response:
    """The picture that tells (M08). With tracking off it tells nothing, whatever older messages hold."""
    if request.method == "GET":
        note_opened(context, said)
    return Response(_GIF, media_type="image/gif", headers=HEADERS)


def _to(where: str, words: str, lang: str) -> str:
    return f'<p><a href="{escape(where)}?lang={lang}">{escape(words)}</a></p>'
