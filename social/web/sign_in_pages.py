"""The HTML of signing in. Everything that somebody typed or is called is escaped; the policy allows no script here."""

from html import escape

from social.passwords import LEAST
from social.staff import Person

_STYLE = """
:root{color-scheme:light dark;--back:#fff;--ink:#0b0c0c;--key:#12436d;--edge:#0b0c0c;--bad:#b10e1e}
@media (prefers-color-scheme:dark){:root{--back:#171614;--ink:#f3f2f1;--key:#2073bc;--edge:#f3f2f1;--bad:#ff8a80}}
body{margin:0;background:var(--back);color:var(--ink);font:1.1875rem/1.5 Arial,sans-serif}
main{max-width:34rem;margin:0 auto;padding:2rem 1rem}
h1{font-size:2.25rem;line-height:1.1}
h2{font-size:1.25rem;margin:0 0 .5rem}
label{display:block;font-weight:bold;margin-top:1.25rem}
.hint{margin:.125rem 0;font-size:1rem}
input{box-sizing:border-box;width:100%;min-height:2.75rem;padding:.25rem .5rem;border:2px solid var(--edge);background:var(--back);color:var(--ink);font:inherit}
button{margin-top:1.75rem;min-height:2.75rem;padding:.5rem 1.25rem;border:0;background:var(--key);color:#fff;font:inherit;font-weight:bold;cursor:pointer}
a{color:inherit}
.problem{border:4px solid var(--bad);padding:1rem;margin:1.5rem 0}
:focus-visible{outline:3px solid #fd0;outline-offset:0;box-shadow:0 0 0 6px #0b0c0c}
"""


def sign_in(problem: str = "", email: str = "") -> str:
    """The form for whoever has a local account."""
    return _page(
        "Sign in",
        problem,
        '<form method="post" action="/sign-in">'
        + _field("email", "E-mail address", "email", "username", value=email)
        + _field("password", "Password", "password", "current-password")
        + "<button>Sign in</button></form>"
        "<p>Forgotten it, or new here? Ask an administrator of Beatline for a link.</p>",
    )


def set_up(person: Person | None, problem: str = "", *, email: str = "", name: str = "") -> str:
    """The form behind a one-time link.  person: whom it is for, None for the first administrator."""
    if person is None:
        title = "Set up Beatline"
        who = (
            "<p>You become the administrator: you add people and say what each may do.</p>"
            + _field("name", "Your name", "text", "name", value=name)
            + _field("email", "Your e-mail address", "email", "username", value=email)
        )
    else:
        title = "Choose a password"
        # The address goes along, so that a password manager keeps both; nothing is done with it here.
        who = f"<p>For {escape(person.name)}</p>" + _field(
            "email", "E-mail address", "email", "username", value=person.email, extra=" readonly"
        )
    hint = f"At least {LEAST} characters. Three or four words that do not belong together do well."
    return _page(
        title,
        problem,
        f'<form method="post" action="/set-up">{who}'
        + _field("password", "New password", "password", "new-password", hint=hint)
        + _field("again", "The same password again", "password", "new-password")
        + "<button>Save and sign in</button></form>",
    )


def spent(problem: str) -> str:
    """What a link shows that works no more."""
    return _page("This link does not work", problem, '<p><a href="/sign-in">Go to the sign-in</a></p>')


def stray() -> str:
    """What is shown for a form that no page of ours sent."""
    return _page(
        "Nothing was done", "The form did not come from this address.", '<p><a href="/sign-in">Start again</a></p>'
    )


def _field(name: str, label: str, kind: str, purpose: str, *, value: str = "", hint: str = "", extra: str = "") -> str:
    told = f'<p class="hint" id="{name}-hint">{escape(hint)}</p>' if hint else ""
    described = f' aria-describedby="{name}-hint"' if hint else ""
    return (
        f'<label for="{name}">{label}</label>{told}<input id="{name}" name="{name}" type="{kind}" '
        f'autocomplete="{purpose}" value="{escape(value)}" maxlength="200" required{described}{extra}>'
    )


def _page(title: str, problem: str, body: str) -> str:
    box = ""
    if problem:
        box = (
            '<div class="problem" role="alert" tabindex="-1" autofocus><h2>There is a problem</h2>'
            f"<p>{escape(problem)}</p></div>"
        )
    lead = "Error: " if problem else ""
    return (
        f'<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>{lead}{title} - Beatline</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        f"<style>{_STYLE}</style></head><body><main><h1>{title}</h1>{box}{body}</main></body></html>"
    )
