"""Library: templates of posts, pictures that may be used again, saved answers; what is searched stands in the link."""

from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path

import streamlit as st

from scheduler.content_types import CONTENT_TYPES, label_of
from scheduler.picture_library import LibraryPicture, library_pictures
from scheduler.templates import (
    LONGEST_NAME,
    LONGEST_TEXT,
    TemplateInput,
    TemplateView,
    change_template,
    list_templates,
    retire_template,
    save_template,
)
from scheduler.views.cards import WRITE_PAGE, open_link
from scheduler.views.pictured import show_answers
from social.clock import as_local
from social.places import place_choices
from social.saved_answers import list_saved_answers
from social.staff import Action
from social.views.begun import Begun, begun
from social.views.parts import Page, begin, done, heading, outside, say_what_was_done, told
from social.views.words import say_count, say_date

WHOLE_FORCE = "The whole force"
ANSWERS_PAGE = "social/views/saved_answers.py"
EDIT = ":material/edit:"
AT_ONCE = 12
"""Pictures on the page at first."""
SIDE = 480
"""Pixels of a small copy's longer side."""


def templates(page: Page, search: str) -> None:
    """Posts to begin with: Beatline's own first, then the force's."""
    with page.read() as session:
        found = list_templates(session, areas=page.areas, search=search)
        places = [(None, WHOLE_FORCE), *place_choices(session).items()]
    mine = {number: name for number, name in places if page.may(Action.PLAN, number)}
    if mine:
        with st.expander("Save a new template", icon=":material/add:"), st.form("l_new", border=False):
            form: Begun[TemplateView] = begun("l_name", "new", None)
            given = _fields(mine, form.key, None)
            pressed = st.form_submit_button("Save the template", type="primary")
        if pressed:
            done(form.saved(lambda: save_template(page.context, page.person, given)), "The template is saved.")
    if not found:
        st.info("No template holds these words.")
    for one in found:
        _template(page, one, mine)


def _template(page: Page, one: TemplateView, mine: Mapping[int | None, str]) -> None:
    with st.container(border=True):
        heading(one.name, level=2)
        kept = (
            "Comes with Beatline" if one.is_starter else f"Kept by {one.owner}, for {one.place or WHOLE_FORCE.lower()}"
        )
        outside(f"{one.kind}. {kept}.")
        outside(one.text)
        if page.may(Action.PLAN):
            st.page_link(WRITE_PAGE, label=f"Write a post from “{one.key}”" if one.is_starter else f"Write a post from template {one.id}",
                         icon=EDIT, query_params={"template": one.key})  # fmt: skip
        if one.id is None or one.place_id not in mine:
            return
        number = one.id
        with st.expander(f"Change template {number}", icon=EDIT), st.form(f"l_change_{number}", border=False):
            form = begun("l_name", str(number), one)
            given = _fields(mine, form.key, form.record)
            with st.container(horizontal=True):
                change, retire = st.form_submit_button("Save the change"), st.form_submit_button("Take out of use")
    seen = (form.record or one).version
    if change:
        done(
            form.saved(lambda: change_template(page.context, page.person, number, given, version=seen)),
            "The change is saved.",
        )
    if retire:
        done(form.saved(lambda: retire_template(page.context, page.person, number, version=seen)), "It is out of use.")


def _fields(places: Mapping[int | None, str], key: str, one: TemplateView | None) -> TemplateInput:
    """The boxes of one template.  one: what is changed, None for a new one."""
    name = st.text_input("Name", one.name if one else "", max_chars=LONGEST_NAME, key=f"l_name_{key}")
    kinds = list(CONTENT_TYPES)
    kind = st.selectbox("Content type", kinds, index=kinds.index(one.content_type) if one and one.content_type in kinds else 0,
                        format_func=label_of, key=f"l_kind_{key}")  # fmt: skip
    text = st.text_area("Words of the post", one.text if one else "", max_chars=LONGEST_TEXT, key=f"l_text_{key}")
    link = st.text_input("Link, if it always has the same", (one.link or "") if one else "", key=f"l_link_{key}")
    numbers = list(places)
    start = numbers.index(one.place_id) if one and one.place_id in numbers else 0
    place = st.selectbox("For", numbers, index=start, format_func=lambda number: places[number], key=f"l_place_{key}")
    return TemplateInput(name or "", kind, text or "", place, link or None, one.lang if one else "en")


def pictures(page: Page, search: str) -> None:
    """Pictures with what was said about them, the newest first."""
    with page.read() as session:
        found = library_pictures(session, areas=page.areas, search=search)
    st.text("Pictures of posts that may be used again. Those of appeals and of people in an enquiry are for their own post "
            "alone and are not here.")  # fmt: skip
    if not found:
        st.info("No picture is described with these words." if search else
                "No picture is here yet. One comes with each post that has a picture.")  # fmt: skip
        return
    shown = AT_ONCE * int(st.session_state.get("l_more", 1))
    for pair in (found[start : start + 2] for start in range(0, min(len(found), shown), 2)):
        for column, one in zip(st.columns(2), pair, strict=False):
            with column, st.container(border=True):
                _picture(page, one)
    if len(found) > shown:
        st.button(f"Show more of the {len(found):,} pictures", key="l_show_more", on_click=_more)


def _picture(page: Page, one: LibraryPicture) -> None:
    today = as_local(page.now).date()
    path = page.context.settings.media_folder / one.file_name
    if path.exists():
        st.image(_small(str(path)), width="stretch", alt=one.alt_text or "Picture without a description")
    else:
        st.text("The file of this picture is not there any more.")
    outside(one.alt_text or "No description yet: every picture needs one.")
    show_answers(one.answers)
    st.caption(f"In {say_count(one.posts, 'post')}, last planned {say_date(one.used_at)}.")
    if one.passed(today):
        st.badge("Review passed", color="red")
        st.text(
            "No post with it can be scheduled until somebody has looked whether it may still be shown, and gave it a new day."
        )
    elif one.soon(today):
        st.badge("Review soon", color="orange")
    if page.may(Action.PLAN) and path.exists() and not one.passed(today):
        st.page_link(WRITE_PAGE, label=f"Use the picture of post {one.post_id} again", icon=EDIT,
                     query_params={"picture": one.file_name})  # fmt: skip
    open_link(one.post_id)


@st.cache_data(max_entries=200, show_spinner=False)
def _small(path: str) -> bytes:
    """A small copy.  A file is named by what is in it, so a copy never grows old."""
    from PIL import Image

    target = BytesIO()
    with Image.open(Path(path)) as image:
        image.thumbnail((SIDE, SIDE))
        image.convert("RGB").save(target, "JPEG", quality=80)
    return target.getvalue()


def _more() -> None:
    st.session_state["l_more"] = int(st.session_state.get("l_more", 1)) + 1


def answers(page: Page, search: str) -> None:
    """What may be put into an answer to a resident."""
    if not page.may(Action.ANSWER):
        st.text("Whoever answers residents finds saved answers here.")
        return
    st.page_link(ANSWERS_PAGE, label="Change saved answers, or save a new one", icon=":material/bookmark:")
    with page.read() as session:
        found = list_saved_answers(session, areas=page.areas, search=search)
    if not found:
        st.info("No saved answer holds these words." if search else "No answer is saved yet.")
    for one in found:
        with st.container(border=True):
            heading(one.title, level=2)
            outside(one.text)
            outside(f"For {one.place or WHOLE_FORCE.lower()}. Kept by {one.owner}.")


PARTS: Mapping[str, Callable[[Page, str], None]] = {
    "Templates": templates,
    "Pictures": pictures,
    "Saved answers": answers,
}

page = begin("Library")
say_what_was_done()
chosen = st.segmented_control(
    "Show", list(PARTS), default="Templates", required=True, key="l_part", bind="query-params"
)
search = st.text_input("Search", key="q", bind="query-params", placeholder="Words of a name, a text or a description")
with told():
    PARTS[chosen or "Templates"](page, search or "")
