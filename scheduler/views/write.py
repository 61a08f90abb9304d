"""Write a post: its words, where and when it goes, how it will look, and what stands in its way."""

from contextlib import suppress
from datetime import date, datetime
from typing import Final

import streamlit as st

from scheduler.content_types import CASE_STAGES, CONTENT_TYPES, LANGUAGES, label_of
from scheduler.picture_answers import NO_ANSWERS
from scheduler.planning import edit_post, findings_for, plan_post, send_for_approval
from scheduler.post_audience import alert_of
from scheduler.queries import PostView, post_view
from scheduler.slots import comes_twice
from scheduler.views.alert_part import (
    alert_accounts,
    alert_fields,
    alert_values,
    preview_alert,
    preview_subject,
    tell_audience,
)
from scheduler.views.campaign_part import campaign_field
from scheduler.views.cards import POST_PAGE, WRITE_PAGE
from scheduler.views.checked import show_findings
from scheduler.views.composing import (
    WHEN,
    WHEN_LATER,
    WHEN_NOW,
    WHEN_SET,
    Fields,
    approval_words,
    clock_change,
    count_in_words,
    fields_of,
    next_slot,
    open_channel,
)
from scheduler.views.pictured import ask_about_picture
from social.accounts import Account
from social.clock import as_local
from social.errors import BeatlineError, InputError, Problem
from social.places import PlaceKind, list_places
from social.staff import Action
from social.views.concerns_part import concerns_part
from social.views.parts import Page, begin, later, number_in_address, outside, problems, say_what_was_done, told
from social.views.words import NETWORKS, STATES, word

PICTURE_TYPES = ["png", "jpg", "jpeg", "gif", "webp"]
LANGUAGE_WORDS = {"en": "English", "cy": "Welsh", "cy+en": "Welsh and English"}
TIME_FIELDS = ("w_when", "w_day", "w_time", "w_fold")
FARTHEST = 366  # days from today that an address may propose
KEEP: Final = "session"  # fields stay while the person looks at another page; Save draft keeps them for good


def opened_post(page: Page) -> PostView | None:
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
        st.button("Drop my words and load the newer version", key="w_reload", on_click=clear_fields)
    return view


def used_again(page: Page) -> PostView | None:
    """The post whose words are used again: its values but for the time fill the fields, once.

    Which one it is stays beside the fields, not in the address: whoever wrote those words wrote these (R17), also after
    a look at another page."""
    wanted = number_in_address("again") or st.session_state.get("w_again")
    if wanted is None:
        return None
    try:
        with page.read() as session:
            view = post_view(session, wanted)
            values = fields_of(view) | alert_values(alert_of(session, view.post))
    except InputError as error:
        problems(error)
        return None
    if st.session_state.get("w_again") != wanted:
        clear_fields()
        st.session_state.update({key: value for key, value in values.items() if key not in TIME_FIELDS})
        st.session_state["w_again"] = wanted
    st.text(f"These are the words of post {wanted}. Whoever wrote them cannot approve this post.")
    st.button("Start with an empty post", key="w_empty", icon=":material/add:", on_click=start_empty)
    return view


def start_empty() -> None:
    clear_fields()
    st.query_params.pop("again", None)


def clear_fields() -> None:
    for key in [key for key in st.session_state if str(key).startswith("w_")]:
        del st.session_state[key]


def words_fields(chosen: list[Account]) -> tuple[str, dict[str, str]]:
    """The text, and each network's own version where there is one."""
    text = st.text_area("Text", key="w_text", height=180, persist_state=KEEP)
    variants: dict[str, str] = {}
    for channel in dict.fromkeys(account.channel for account in chosen):
        name = word(NETWORKS, channel)
        if st.checkbox(f"Other words for {name}", key=f"w_own_{channel}", persist_state=KEEP):
            variants[channel] = st.text_area(f"Text for {name}", key=f"w_text_{channel}", persist_state=KEEP)
    return text, variants


def take_day_asked(page: Page) -> None:
    """The day in the address, as the calendar gives it, fills the field once: what is chosen since stays."""
    asked = st.query_params.get("day", "")
    if asked == st.session_state.get("w_day_asked", ""):
        return
    st.session_state["w_day_asked"] = asked
    with suppress(ValueError):
        day = date.fromisoformat(asked)
        if abs((day - page.now.date()).days) <= FARTHEST:
            st.session_state.update({"w_day": day, "w_when": WHEN_SET})


def when_fields(page: Page) -> tuple[datetime | None, int | None]:
    """Local time and, in the doubled hour of autumn, which one is meant."""
    take_day_asked(page)
    when = st.radio("When does it go out?", WHEN, key="w_when", horizontal=True, persist_state=KEEP)
    if when == WHEN_LATER:
        return None, None
    if when == WHEN_NOW:
        st.text(
            "It goes out as soon as it is sent. If it needs approval, whoever approves it then presses Send it now."
        )
        local = as_local(page.now).replace(microsecond=0)
        return local.replace(tzinfo=None, fold=0), local.fold
    proposed = next_slot(page.now)
    # Not as the widgets' own default: a post that is opened again sets these, and Streamlit takes one or the other.
    st.session_state.setdefault("w_day", proposed.date())
    st.session_state.setdefault("w_time", proposed.time())
    one, two = st.columns(2)
    day = one.date_input("Day", key="w_day", format="DD/MM/YYYY", persist_state=KEEP)
    time = two.time_input("Time (UK)", key="w_time", step=300, persist_state=KEEP)
    if day is None or time is None:
        return None, None
    local = datetime.combine(day, time)
    skipped = clock_change(local)
    if skipped:
        st.warning(skipped)
    if not comes_twice(local):
        return local, None
    fold = st.radio(
        "The clock shows this time twice that night, because the clocks go back. Which one do you mean?",
        [0, 1],
        index=None,
        format_func=lambda n: ("The first, in summer time", "The second, one hour later, in winter time")[n],
        key="w_fold",
        persist_state=KEEP,
    )
    return local, fold


def about_fields(page: Page) -> dict[str, str | None]:
    with page.read() as session:
        places = list_places(session, PlaceKind.NEIGHBOURHOOD)
    # Whoever is bound to areas is offered those, and never a post about the whole force.
    areas: list[str | None] = [None] if page.may(Action.PLAN, None) else []
    areas += [place.name for place in places if page.may(Action.PLAN, place.id)]
    if st.session_state.get("w_place") not in areas:
        st.session_state.pop("w_place", None)
    place = st.selectbox(
        "Area it is about",
        areas,
        key="w_place",
        format_func=lambda a: a or "No single area",
        placeholder="No single area",
        persist_state=KEEP,
    )
    concerns_part(page, next((one.id for one in places if one.name == place), None))
    link = st.text_input("Link", key="w_link", placeholder="https://", persist_state=KEEP)
    with st.expander("More: campaign, appeal, stage of the case, language"):
        campaign = campaign_field(page)
        appeal = st.text_input("Appeal reference", key="w_appeal", persist_state=KEEP)
        case = st.selectbox(
            "Stage of the case", CASE_STAGES, key="w_case", format_func=str.capitalize, persist_state=KEEP
        )
        lang = st.selectbox(
            "Language", LANGUAGES, key="w_lang", format_func=lambda code: LANGUAGE_WORDS[code], persist_state=KEEP
        )
    return {"place": place, "link": link, "campaign": campaign, "appeal_ref": appeal, "case_stage": case, "lang": lang}


def picture_fields(view: PostView | None) -> dict[str, object]:
    """A new picture, or the one the post has, with its description (R32) and what is asked about it (R07)."""
    stored = next((m.file_name for m in view.media if m.kind == "image"), None) if view else None
    if stored and not st.checkbox("Keep the picture that this post has", value=True, key="w_keep"):
        stored = None
    upload = st.file_uploader("Picture (5 MB at most)", type=PICTURE_TYPES, key="w_picture", max_upload_size=5)
    alt = ""
    if upload is not None or stored:
        alt = st.text_area(
            "Describe the picture for people who cannot see it", key="w_alt", height=80, persist_state=KEEP,
            help="Say what matters in it, in one or two sentences. Every picture needs this.",
        )  # fmt: skip
    answers = ask_about_picture() if upload is not None or stored else NO_ANSWERS
    return {
        "picture": upload.getvalue() if upload else None,
        "picture_mime": upload.type if upload else None,
        "stored": stored,
        "alt_text": alt,
        "answers": answers,
    }


def preview(page: Page, fields: Fields, chosen: list[Account]) -> None:
    st.header("How it will look", anchor=False)
    if not chosen:
        st.text("Choose an account to see a preview.")
    given = fields.given()
    for account in chosen:
        text = given.variants.get(account.channel) or given.text
        with st.container(border=True):
            st.badge(word(NETWORKS, account.channel), color="blue")
            outside(account.name)
            alert = fields.alert if account.channel == "alert" else None
            if alert is not None:
                preview_subject(alert)
            if text.strip():
                outside(text)
            else:
                st.caption("No words yet.")
            if given.link:
                outside(given.link)
            show_picture(page, fields)
            channel = open_channel(page.context, account)
            if channel is None:
                st.warning(
                    "The length cannot be counted: this account's credentials do not open. See Accounts and health."
                )
                continue
            if alert is not None:
                preview_alert(alert, channel, text, given)
            said, fits = count_in_words(channel, word(NETWORKS, account.channel), text.strip(), fields.link)
            (st.caption if fits else st.warning)(said)


def show_picture(page: Page, fields: Fields) -> None:
    """The picture as it was given; what goes out is a fresh copy without position or other hidden fields."""
    content = fields.picture
    if content is None and fields.stored:
        path = page.context.settings.media_folder / fields.stored
        content = path.read_bytes() if path.exists() else None
    if content is None:
        return
    try:
        st.image(content, width=320, alt=fields.alt_text.strip() or "Picture without a description")
    except Exception:
        st.warning("The picture cannot be shown. Give a PNG, JPEG, GIF or WebP file.")
    outside(
        f"Description: {fields.alt_text}" if fields.alt_text.strip() else "No description yet: every picture needs one."
    )


def keep(page: Page, fields: Fields, view: PostView | None, *, send: bool) -> None:
    """Save the post, and send it on when asked; then show it."""
    given = fields.given()
    if not given.content_type:
        raise InputError(Problem("Choose what kind of post it is.", column="content_type"))
    if send and given.due_local is None:
        raise InputError(Problem("Choose a day and a time before you send the post.", column="scheduled_local"))
    if view is None:
        post_id = plan_post(page.context, given, page.person, taken_from=st.session_state.get("w_again"))
        st.query_params["id"] = str(post_id)  # from here on the draft exists: trying again must not make a second one
    else:
        post_id = view.post.id or 0
        edit_post(page.context, post_id, given, page.person, expected_version=st.session_state["w_opened"][1])
    said = "The draft is saved."
    if send:
        status = send_for_approval(page.context, post_id, page.person)
        said = f"The post is sent. It is now: {word(STATES, status)}."
    clear_fields()
    later(said)
    st.switch_page(POST_PAGE, query_params={"id": str(post_id)})


def fields_and_preview(page: Page, view: PostView | None, again: PostView | None) -> None:
    """view: the post that is changed.  again: the one whose words a new post begins with."""
    by_name = {account.name: account for account in page.accounts}
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.header("What and where", anchor=False)
        # Mail to residents is chosen, never left in by oversight.
        usual = [name for name, account in by_name.items() if account.channel != "alert"]
        st.session_state.setdefault("w_accounts", usual or list(by_name))
        names = st.multiselect("Accounts", list(by_name), key="w_accounts", persist_state=KEEP)
        chosen = [by_name[name] for name in names if name in by_name]
        kind = st.selectbox(
            "Content type", list(CONTENT_TYPES), index=None, key="w_type", format_func=label_of, persist_state=KEEP,
            placeholder="Choose what kind of post it is",
        )  # fmt: skip
        text, variants = words_fields(chosen)
        picture = picture_fields(view or again)
        about = about_fields(page)
        alert = alert_fields(page, kind) if alert_accounts(chosen) else None
        if alert is not None:
            tell_audience(page, alert, alert_accounts(chosen)[0], about, variants.get("alert") or text)
        st.header("When", anchor=False)
        due_local, fold = when_fields(page)
        fields = Fields(content_type=kind or "", text=text, accounts=tuple(names), due_local=due_local, fold=fold,
                        variants=variants, alert=alert, **about, **picture)  # type: ignore[arg-type]  # fmt: skip
        if kind:
            found = findings_for(page.context, fields.given(), post_id=view.post.id if view else None)
            st.text(approval_words(fields.given(), chosen, found))
        with st.container(horizontal=True):
            send = st.button("Send for approval", type="primary", key="w_send", icon=":material/send:")
            save = st.button("Save draft", key="w_save", icon=":material/save:")
        if send or save:
            try:
                keep(page, fields, view, send=send)
            except BeatlineError as error:
                st.session_state["w_problem"] = error
                st.rerun()
    with right:
        preview(page, fields, chosen)
        if kind and text.strip():
            show_findings(found, all_well="The checks find nothing that stops this post.")


page = begin("Write a post", needs=Action.PLAN)
say_what_was_done()
with told():
    if not page.accounts:
        st.info("No account is connected yet, so a post has nowhere to go. "
                "Ask whoever looks after Beatline to connect one.")  # fmt: skip
        st.stop()
    view = opened_post(page)
    problem = st.session_state.pop("w_problem", None)
    if problem is not None:
        problems(problem)
    if view is not None:
        st.text(f"You are changing post {view.post.id}. Every change ends its approval.")
        st.page_link(WRITE_PAGE, label="Write a new post instead", icon=":material/add:")
    fields_and_preview(page, view, used_again(page) if view is None else None)
