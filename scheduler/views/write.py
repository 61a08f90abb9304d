"""Write a post: its words, where and when it goes, how it will look, and what stands in its way."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import escape
from time import monotonic
from typing import Any, Final

import streamlit as st

from scheduler.content_types import CONTENT_TYPES, label_of
from scheduler.draft_ending import drop_draft
from scheduler.lifecycle import State
from scheduler.planning import edit_post, plan_post, send_for_approval
from scheduler.queries import PostView, post_view
from scheduler.views import composer
from scheduler.views.alert_part import alert_accounts, alert_fields, tell_audience
from scheduler.views.begin_with import begin_with
from scheduler.views.cards import POST_PAGE, WRITE_PAGE
from scheduler.views.checked import field_key
from scheduler.views.composing import Fields, open_channel
from scheduler.views.draft_values import draft_values, has_words
from scheduler.views.drafting import Held
from scheduler.views.live import live_data
from scheduler.views.words_part import Around, besides_words, text_now, variants_now, words_part
from scheduler.views.write_fields import about_fields, beside, picture_fields, tell_followers, when_fields
from scheduler.views.write_opening import clear_fields, open_fields
from social.accounts import Account
from social.errors import BeatlineError, InputError, Problem
from social.staff import Action
from social.views.parts import FIELDS, Page, begin, later, lead_to_problem, outside, say_what_was_done, told
from social.views.plain import for_people
from social.views.sign_in import still_there
from social.views.words import STATES, say_soon, word

KEEP: Final = "session"  # fields stay while the person looks at another page
LATEST = 20.0  # seconds from a press until it is done
STYLE = """<style>
:has(>.st-key-w_actions){position:sticky;bottom:0;z-index:5}
.st-key-w_actions{padding:.625rem 0;border-top:1px solid rgb(128 128 128/45%);background:#fff}
[data-testid=stMain]{scroll-padding-bottom:6rem}
[data-testid=stHtml] a[href^="#w_"]{color:inherit}
.st-key-there_is_a_problem a{font-weight:600}
[class*=st-key-w_] [data-testid=InputInstructions]{display:none}
@media (min-width:769px){[data-testid=stColumn]:has(.st-key-w_preview){position:sticky;top:4rem;align-self:start}}
@media (prefers-color-scheme:dark){.st-key-w_actions{background:#171614}}
</style>"""
"""The buttons and, on a desk, the previews stay in sight and hide no field; nobody has to press Ctrl+Enter to be heard."""


def keep(page: Page, fields: Fields, view: PostView | None, *, send: bool) -> None:
    """Save the post, and send it on when asked; then show it.  The draft has done its work."""
    given = fields.given()
    if not given.content_type:
        raise InputError(Problem("Choose what kind of post it is.", column="content_type"))
    if send and given.due_local is None:
        raise InputError(Problem("Choose a day and a time before you send the post.", column="scheduled_local"))
    if view is None:
        post_id = plan_post(page.context, given, page.person, taken_from=st.session_state.get("w_taken_from"))
        st.query_params["id"] = str(post_id)  # from here on the draft exists: trying again must not make a second one
    else:
        post_id = view.post.id or 0
        edit_post(page.context, post_id, given, page.person, expected_version=st.session_state["w_opened"][1])
    _drop_draft(page)
    said = "The draft is saved."
    if send:
        status = send_for_approval(page.context, post_id, page.person)
        said = f"The post is sent. {_what_next(page, post_id, status)}"
    clear_fields()
    later(said)
    st.switch_page(POST_PAGE, query_params={"id": str(post_id)})


def _what_next(page: Page, post_id: int, status: str) -> str:
    """What becomes of it, and when: 'Going out' alone would sound as if it were on its way now."""
    with page.read() as session:
        due = [entry.due_at for entry in post_view(session, post_id).entries if entry.due_at is not None]
    if status == State.QUEUED and due and min(due) > page.now:
        return f"It goes out {say_soon(min(due), page.now)}, by itself."
    return f"It is now: {word(STATES, status)}."


def _drop_draft(page: Page) -> None:
    held: Held | None = st.session_state.pop("w_draft", None)
    if held is not None:
        drop_draft(page.context, page.person, held.id)
    st.query_params.pop("draft", None)


@dataclass
class Refused:
    """A press that failed.  values: of the fields then.  is_told: sight and focus were led to it."""

    error: BeatlineError
    values: dict[str, Any]
    is_told: bool = False


def tell_problem() -> dict[str, str]:
    """The summary above all else, each line leading to its field, for as long as nothing is changed.

    Returns the same words by field, to stand beside it."""
    refused: Refused | None = st.session_state.get("w_problem")
    if refused is None or refused.values != draft_values(st.session_state):
        return {}
    error = refused.error
    st.set_page_config(page_title="Error: Write a post - Beatline")
    found = error.problems if isinstance(error, InputError) else (Problem(str(error)),)
    by_key: dict[str, str] = {}
    lines = []
    for problem in found:
        key, field = field_key(problem.column), FIELDS.get(problem.column)
        words = for_people(f"{field}: {problem.message}" if field else str(problem))
        if key is not None:
            by_key.setdefault(key, for_people(problem.message))
            lines.append(f'<li><a href="#{escape(key)}">{escape(words)}</a></li>')
        else:
            lines.append(f"<li>{escape(words)}</li>")
    with st.container(border=True, key="there_is_a_problem"):
        st.header("There is a problem", anchor=False)
        st.html(f"<ul>{''.join(lines)}</ul>")
        lead_to_problem(told_already=refused.is_told)
    refused.is_told = True
    return by_key


@st.fragment
def fields_and_preview(page: Page, view: PostView | None, wrong: Mapping[str, str]) -> None:
    """view: the post that is changed, None for a new one.  wrong: what was wrong when it was last sent, by field."""
    with told():
        page = replace(page, now=page.context.clock.now())
        asked = _asked()
        left, right = st.columns([3, 2], gap="large")
        with left:
            around = _fields(page, view, wrong)
        with right, st.container(key="w_preview"):
            _preview(page, around)
        with st.container(key="w_actions", horizontal=True):
            st.button(
                "Send for approval", type="primary", key="w_send", icon=":material/send:", on_click=_ask, args=("send",)
            )
            st.button("Save draft", key="w_save", icon=":material/save:", on_click=_ask, args=("save",))
        if asked:
            if not still_there(page, Action.PLAN):
                st.rerun(scope="app")  # the tab of somebody who signed out in another one
            fields = replace(around.fields, text=text_now(), variants=variants_now(around.chosen))
            try:
                keep(page, fields, view, send=asked == "send")
            except BeatlineError as error:
                st.session_state["w_problem"] = Refused(error, draft_values(st.session_state))
                st.rerun()


def _ask(what: str) -> None:
    """Noted before anything runs: a press right after a key may come with the words alone (see `words_part`)."""
    st.session_state["w_asked"] = (what, monotonic())


def _asked() -> str | None:
    """What was pressed just now.  What could not be done then, as the database was gone, is not done on a later occasion."""
    what, at = st.session_state.pop("w_asked", (None, 0.0))
    return what if monotonic() - at < LATEST else None


def _fields(page: Page, view: PostView | None, wrong: Mapping[str, str]) -> Around:
    by_name = {account.name: account for account in page.accounts}
    st.header("What and where", anchor=False)
    # Mail to residents is chosen, never left in by oversight.
    usual = [name for name, account in by_name.items() if account.channel != "alert"]
    st.session_state.setdefault("w_accounts", usual or list(by_name))
    names = st.multiselect("Accounts", list(by_name), key="w_accounts", persist_state=KEEP)
    beside(wrong, "w_accounts")
    chosen = [by_name[name] for name in names if name in by_name]
    tell_followers(page, chosen)
    kind = st.selectbox(
        "Content type", list(CONTENT_TYPES), index=None, key="w_type", format_func=label_of, persist_state=KEEP,
        placeholder="Choose what kind of post it is",
    )  # fmt: skip
    beside(wrong, "w_type")
    words = st.container()
    picture = picture_fields(page)
    for key in ("w_picture", "w_alt", "w_image_shows_person", "w_image_source"):
        beside(wrong, key)
    about = about_fields(page)
    for key in ("w_link", "w_place", "w_case"):
        beside(wrong, key)
    alert = alert_fields(page, kind) if alert_accounts(chosen) else None
    size = tell_audience(page, alert, alert_accounts(chosen)[0], about["place"]) if alert is not None else None
    for key in ("w_alert_subject", "w_alert_topic", "w_alert_areas"):
        beside(wrong, key)
    st.header("When", anchor=False)
    due_local, fold = when_fields(page, kind, names)
    beside(wrong, "w_when")
    fields = Fields(
        content_type=kind or "", text=text_now(), accounts=tuple(names), due_local=due_local, fold=fold,
        variants=variants_now(chosen), alert=alert, picture=picture.content, picture_mime=picture.mime,
        stored=picture.stored, alt_text=picture.alt_text, answers=picture.answers, **about,  # type: ignore[arg-type]  # a table of fields
    )  # fmt: skip
    around = Around(page, chosen, fields, picture, alert, size, view.post.id if view else None, wrong, besides_words())
    with words:
        words_part(around)
    return around


def _preview(page: Page, around: Around) -> None:
    st.header("How it will look", anchor=False)
    if not around.chosen:
        st.text("Choose an account to see a preview.")
    for account in around.chosen:
        if open_channel(page.context, account) is None:
            _cannot_count(account)
    composer.previews(
        live_data(page.context, around.chosen, st.session_state, pictures=around.picture.there, alert=around.alert,
                  told=around.size)
    )  # fmt: skip


def _cannot_count(account: Account) -> None:
    outside(account.name)
    st.warning("The length cannot be counted: this account's credentials do not open. See Accounts and health.")


page = begin("Write a post", needs=Action.PLAN)
say_what_was_done()
with told():
    if not page.accounts:
        st.info("No account is connected yet, so a post has nowhere to go. "
                "Ask whoever looks after Beatline to connect one.")  # fmt: skip
        st.stop()
    st.html(STYLE)
    opened = open_fields(page)
    wrong_fields = tell_problem()
    if opened is not None:
        st.text(f"You are changing post {opened.post.id}. Every change ends its approval.")
        st.page_link(WRITE_PAGE, label="Write a new post instead", icon=":material/add:")
    elif not has_words(draft_values(st.session_state)):
        begin_with(page)
    fields_and_preview(page, opened, wrong_fields)
