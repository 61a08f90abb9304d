"""The look of the pages that residents open: plain HTML without any script, for old phones and screen readers alike.

Everything that somebody typed, or that a force named, is escaped here. What a page answers with says that nobody keeps
it, frames it or is told where its reader came from: its address may hold a resident's link."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape

from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from social.clock import steady_seconds
from social.context import Context
from social.database_trouble import DatabaseTrouble
from social.places import Place, PlaceKind
from social.web.alert_words import ENGLISH, WELSH, say
from social.web.public_style import STYLE, STYLE_ADDRESS

HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
}
HOME = "/alerts"
PRIVACY = "/alerts/privacy"
_ASKED_EVERY = 60.0
"""Seconds that the force's name is remembered."""


class ForceName:
    """The name of the place of kind force, looked up at most once a minute."""

    def __init__(self, open_: Callable[[], Context]) -> None:
        self._open, self._name, self._again = open_, "", 0.0

    def __call__(self, *, ask: bool) -> str:
        """'' for a force without a name.  ask: False where the database is to be left alone."""
        if ask and steady_seconds() >= self._again:
            try:
                with self._open().database.read() as session:
                    forces = select(Place.name).where(Place.kind == PlaceKind.FORCE.value).order_by(col(Place.id))
                    self._name = session.exec(forces).first() or ""
                self._again = steady_seconds() + _ASKED_EVERY
            except DatabaseTrouble:
                pass  # the page has enough to say without it
        return self._name


def page(
    request: Request,
    title: str,
    body: str,
    status: int = 200,
    *,
    lang: str = ENGLISH,
    title_lang: str = "",
    faults: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A whole page.  title: plain text, its heading too.  body: HTML, escaped by whoever made it.  lang: en or cy.
    title_lang: the title's own language where it is another.

    faults: what is wrong with what was sent, in words, by the id of the field: listed on top with links to them. A page
    of 400 or more looks nothing up."""
    name: ForceName | None = getattr(request.app.state, "force_name", None)
    force = name(ask=status < 400) if name else ""
    lead = say(lang, "error") if faults else ""
    own = f' lang="{escape(title_lang)}"' if title_lang else ""
    text = (
        f'<!doctype html><html lang="{"cy" if lang == WELSH else "en-GB"}"><head><meta charset="utf-8">'
        f"<title>{lead}{escape(title)} - {escape(force or say(lang, 'police'))}: {escape(say(lang, 'alerts'))}</title>"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="stylesheet" href="{STYLE_ADDRESS}"></head><body>'
        f'<a class="skip" href="#main">{say(lang, "skip")}</a><header><div><p class="other">{_other_language(lang)}</p>'
        f"<p><strong>{escape(force or say(lang, 'police'))}</strong> {say(lang, 'tagline')}</p></div></header>"
        f'<main id="main">{_problems(lang, faults or {})}<h1{own}>{escape(title)}</h1>{body}</main>'
        f"{_footer(request, lang)}</body></html>"
    )
    return HTMLResponse(text, status, headers={**HEADERS, **(headers or {})})


def refused(request: Request, headers: Mapping[str, str] | None = None) -> Response:
    """What a link shows that is not ours, or ours no longer; nothing was looked up for it."""
    lang = asked_language(request)
    again = f'<p><a href="{HOME}">{say(lang, "sign_up_link")}</a></p>'
    return page(
        request, say(lang, "refused_title"), paragraphs(say(lang, "refused")) + again, 404, lang=lang, headers=headers
    )


def asked_language(request: Request, usual: str = ENGLISH) -> str:
    """The language that the address asks for, else the usual one.  usual: such as the resident's own."""
    asked = request.query_params.get("lang", "")
    return asked if asked in (ENGLISH, WELSH) else usual


def style(_request: Request) -> Response:
    """The one style sheet."""
    kept = {**HEADERS, "Cache-Control": "public, max-age=31536000, immutable"}
    return Response(STYLE, media_type="text/css", headers=kept)


def _other_language(lang: str) -> str:
    code, name = (ENGLISH, "English") if lang == WELSH else (WELSH, "Cymraeg")
    return f'<a href="?lang={code}" lang="{code}" hreflang="{code}">{name}</a>'


def _footer(request: Request, lang: str) -> str:
    words = say(lang, "privacy_link")
    privacy = "" if request.url.path == PRIVACY else f'<p><a href="{PRIVACY}?lang={lang}">{words}</a></p>'
    return (
        f"<footer><div><p><strong>{say(lang, 'not_here')}</strong> {say(lang, 'numbers')}</p>{privacy}</div></footer>"
    )


def _problems(lang: str, faults: Mapping[str, str]) -> str:
    if not faults:
        return ""
    items = "".join(f'<li><a href="#{escape(to)}">{escape(words)}</a></li>' for to, words in faults.items())
    return (
        '<div class="problem" role="alert" tabindex="-1" autofocus aria-labelledby="problem-heading">'
        f'<h2 id="problem-heading">{say(lang, "problem")}</h2><ul>{items}</ul></div>'
    )


def form(action: str, inner: str, button: str, *, kind: str = "", hidden: Mapping[str, str] | None = None) -> str:
    """A form with one button.  action: '' for the page's own address.  inner: HTML.  kind: 'leave' or 'second'."""
    kept = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in (hidden or {}).items()
    )
    where = f' action="{escape(action)}"' if action else ""
    look = f' class="{kind}"' if kind else ""
    return f'<form method="post"{where} novalidate>{kept}{inner}<button{look}>{escape(button)}</button></form>'


def field(
    name: str,
    label: str,
    value: str = "",
    *,
    kind: str = "text",
    hint: str = "",
    fault: str = "",
    purpose: str = "",
    longest: int = 200,
    short: bool = False,
) -> str:
    """A field for one line; its id is its name.  kind: text, email or tel.  purpose: for the browser to fill it in."""
    more = f' autocomplete="{purpose}"' if purpose else ' autocomplete="off"'
    more += ' class="short"' if short else ""
    more += ' inputmode="numeric"' if purpose == "one-time-code" else ""
    box = (
        f'<input id="{name}" name="{name}" type="{kind}" value="{escape(value)}" maxlength="{longest}"'
        f"{more}{_described(name, hint, fault)}>"
    )
    return _around(name, f'<label for="{name}">{escape(label)}</label>', box, hint, fault)


def text_area(name: str, label: str, value: str = "", *, hint: str = "", fault: str = "", longest: int = 2_000) -> str:
    """A field for several lines."""
    box = (
        f'<textarea id="{name}" name="{name}" rows="5" maxlength="{longest}"{_described(name, hint, fault)}>'
        f"{escape(value)}</textarea>"
    )
    return _around(name, f'<label for="{name}">{escape(label)}</label>', box, hint, fault)


def dropdown(
    name: str, label: str, options: Mapping[str, str], chosen: str = "", *, hint: str = "", fault: str = ""
) -> str:
    """A list to choose one from.  options: value -> words."""
    inner = "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(words)}</option>'
        for value, words in options.items()
    )
    box = f'<select id="{name}" name="{name}" class="short"{_described(name, hint, fault)}>{inner}</select>'
    return _around(name, f'<label for="{name}">{escape(label)}</label>', box, hint, fault)


def choices(
    name: str,
    legend: str,
    options: Mapping[str, str],
    chosen: Iterable[str] = (),
    *,
    many: bool = True,
    hint: str = "",
    fault: str = "",
) -> str:
    """Boxes to tick, or round buttons where only one can be chosen (`many` False), below a legend.

    options: value -> words.  The first has the group's name as its id, so that a list of problems leads there."""
    return group(name, legend, boxes(name, options, chosen, many=many), hint=hint, fault=fault)


def boxes(
    name: str, options: Mapping[str, str], chosen: Iterable[str] = (), *, many: bool = True, first_id: str | None = None
) -> str:
    """The boxes of `choices` without what stands around them.  first_id: the name, where nothing else is said."""
    taken = set(chosen)
    kind = "checkbox" if many else "radio"
    parts = []
    for number, (value, words) in enumerate(options.items()):
        one = (name if first_id is None else first_id) if number == 0 else f"{name}-{escape(value)}"
        tick = " checked" if value in taken else ""
        parts.append(
            f'<div class="choice"><input type="{kind}" id="{one}" name="{name}" value="{escape(value)}"{tick}>'
            f'<label for="{one}">{escape(words)}</label></div>'
        )
    return "".join(parts)


def group(name: str, legend: str, inner: str, *, hint: str = "", fault: str = "") -> str:
    """Fields that belong together.  inner: HTML."""
    look = ' class="at-fault"' if fault else ""
    return (
        f"<fieldset{look}{_described(name, hint, fault)}><legend>{escape(legend)}</legend>"
        f"{_told(name, hint, fault)}{inner}</fieldset>"
    )


def one_box(name: str, words: str, *, ticked: bool = False, fault: str = "", value: str = "yes") -> str:
    """One box to tick, such as consent."""
    box = (
        f'<div class="choice"><input type="checkbox" id="{name}" name="{name}" value="{value}"'
        f'{" checked" if ticked else ""}{_described(name, "", fault)}><label for="{name}">{escape(words)}</label></div>'
    )
    return _around(name, "", box, "", fault)


def paragraphs(*texts: str) -> str:
    """Plain text as paragraphs."""
    return "".join(f"<p>{escape(text)}</p>" for text in texts)


def listed(texts: Sequence[str]) -> str:
    """Plain text as a list."""
    return f"<ul>{''.join(f'<li>{escape(text)}</li>' for text in texts)}</ul>"


def done(text: str) -> str:
    """A box that says that something was done."""
    return f'<div class="done" role="status"><p>{escape(text)}</p></div>'


def note(text: str) -> str:
    """A box beside what the page is about."""
    return f'<div class="note"><p>{escape(text)}</p></div>'


def _described(name: str, hint: str, fault: str) -> str:
    ids = [f"{name}-{what}" for what, words in (("hint", hint), ("fault", fault)) if words]
    return f' aria-describedby="{" ".join(ids)}"' if ids else ""


def _told(name: str, hint: str, fault: str) -> str:
    said = f'<p class="hint" id="{name}-hint">{escape(hint)}</p>' if hint else ""
    if fault:
        said += f'<p class="wrong" id="{name}-fault">{escape(fault)}</p>'
    return said


def _around(name: str, label: str, box: str, hint: str, fault: str) -> str:
    look = "field at-fault" if fault else "field"
    return f'<div class="{look}">{label}{_told(name, hint, fault)}{box}</div>'
