"""What Write a post begins with: a post that is changed, one whose words are used again, a template, a picture, a draft,
or nothing, and then what there is to begin with.  The address says which, so a link leads to it."""

from collections.abc import Callable

import streamlit as st

from scheduler.picture_answers import answers_of
from scheduler.post_audience import alert_of
from scheduler.posts import picture_named
from scheduler.queries import PostView, post_view
from scheduler.templates import template_named
from scheduler.views.alert_part import alert_values
from scheduler.views.composing import fields_of
from scheduler.views.drafting import Held, open_draft
from scheduler.working_drafts import draft_of_post
from social.errors import BeatlineError, InputError
from social.staff import Action
from social.views.parts import Page, number_in_address, outside, problems
from social.views.words import say_time

TIME_FIELDS = ("w_when", "w_day", "w_time", "w_fold")


def clear_fields() -> None:
    for key in [key for key in st.session_state if str(key).startswith("w_")]:
        del st.session_state[key]


def start_empty() -> None:
    clear_fields()
    for name in ("again", "template", "picture", "draft"):
        st.query_params.pop(name, None)


def open_fields(page: Page) -> PostView | None:
    """Fill the fields once with what the address names.  Returns the post that is changed, None for a new one."""
    _take_up_draft(page)
    view = _opened_post(page)
    if view is None:
        _once(page, "again", _use_again)
        _once(page, "template", _use_template)
        _once(page, "picture", _use_picture)
        _say_where_from()
    return view


def _take_up_draft(page: Page) -> None:
    """After a reload, or by a link: the fields as they were kept."""
    wanted = number_in_address("draft")
    held: Held | None = st.session_state.get("w_draft")
    if wanted is None or (held is not None and held.id == wanted):
        return
    try:
        open_draft(page, wanted)
    except InputError as error:
        st.query_params.pop("draft", None)
        problems(error)


def _opened_post(page: Page) -> PostView | None:
    """The post named in the address.  Its values fill the fields once: what is typed since is never overwritten."""
    wanted = number_in_address("id")
    if wanted is None:
        if st.session_state.pop("w_opened", None):
            clear_fields()
        return None
    try:
        with page.read() as session:
            view = post_view(session, wanted)
    except InputError as error:
        problems(error)
        st.text("You are writing a new post.")
        return None
    opened_id, opened_version = st.session_state.get("w_opened", (None, None))
    if opened_id != view.post.id:
        clear_fields()
        with page.read() as session:
            st.session_state.update(fields_of(view) | alert_values(alert_of(session, view.post)))
        st.session_state["w_opened"] = (view.post.id, view.post.version)
    elif opened_version != view.post.version:
        st.warning(
            "Someone else changed this post after you opened it. Your words are still here, and saving is refused."
        )
        st.button("Drop my words and load the newer version", key="w_reload", on_click=start_empty)
    _offer_unsaved_changes(page, view.post.id or 0)
    return view


def _offer_unsaved_changes(page: Page, post_id: int) -> None:
    """What this person changed of the post before and did not save."""
    if st.session_state.get("w_draft") is not None:
        return
    with page.read() as session:
        draft = draft_of_post(session, page.person, post_id)
    if draft is None:
        return
    with st.container(border=True):
        outside(f"You changed this post at {say_time(draft.saved_at)} and did not save it: {draft.words[:120]}")
        st.button("Go on with these changes", key="w_draft_go_on", on_click=_go_on, args=(draft.id,))


def _go_on(draft_id: int) -> None:
    st.query_params["draft"] = str(draft_id)


def _once(page: Page, name: str, take: Callable[[Page, str], dict[str, object]]) -> None:
    """Fill the fields with what the address names, once; a look at another page does not do it again."""
    wanted = st.query_params.get(name)
    if wanted is None or st.session_state.get(f"w_from_{name}") == wanted:
        return
    try:
        values = take(page, wanted)
    except BeatlineError as error:
        problems(error)
        return
    clear_fields()
    st.session_state.update({key: value for key, value in values.items() if key not in TIME_FIELDS})
    st.session_state[f"w_from_{name}"] = wanted


def _use_again(page: Page, wanted: str) -> dict[str, object]:
    """Which one it was stays beside the fields: whoever wrote those words wrote these (R17)."""
    number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) <= 15 else 0
    with page.read() as session:
        view = post_view(session, number)
        values = fields_of(view) | alert_values(alert_of(session, view.post)) | {"w_taken_from": number}
    if not page.may(Action.PLAN, view.post.place_id):
        values["w_not_my_area"] = view.place.name if view.place else "no single area"
    return values


def _use_template(page: Page, wanted: str) -> dict[str, object]:
    with page.read() as session:
        one = template_named(session, wanted)
    return {"w_type": one.content_type, "w_text": one.text, "w_link": one.link or "", "w_lang": one.lang,
            "w_template_name": one.name}  # fmt: skip


def _use_picture(page: Page, wanted: str) -> dict[str, object]:
    with page.read() as session:
        medium = picture_named(session, wanted)
    if medium is None or not (page.context.settings.media_folder / wanted).exists():
        raise InputError("This picture is not there any more. Choose another one in the Library.")
    answers = {f"w_image_{name}": value for name, value in answers_of(medium).fields().items()}
    return {"w_stored": medium.file_name, "w_alt": medium.alt_text, "w_keep": True, **answers}


def _say_where_from() -> None:
    taken_from, template = st.session_state.get("w_taken_from"), st.session_state.get("w_template_name")
    if taken_from:
        st.text(f"These are the words of post {taken_from}. Whoever wrote them cannot approve this post.")
    not_mine = st.session_state.get("w_not_my_area")
    if taken_from and not_mine:
        outside(f"Post {taken_from} is about {not_mine}, for which you may not plan posts. This one begins with an area of "
                "yours: look whether the words fit it.")  # fmt: skip
    if template:
        outside(f"You began with the template '{template}'. Fill in what stands in square brackets.")
    if taken_from or template or st.session_state.get("w_draft") is not None:
        st.button("Start with an empty post", key="w_empty", icon=":material/add:", on_click=start_empty)
