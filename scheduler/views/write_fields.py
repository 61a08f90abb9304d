"""The fields of Write a post besides its words: picture, area and what hangs on it, and when it goes out."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import streamlit as st

from scheduler.content_types import CASE_STAGES, LANGUAGES
from scheduler.media import StoredPicture, hidden_in, is_stored_name, read_picture
from scheduler.picture_answers import NO_ANSWERS, PictureAnswers
from scheduler.slots import comes_twice
from scheduler.views.campaign_part import campaign_field
from scheduler.views.composing import WHEN, WHEN_LATER, WHEN_NOW, WHEN_SET, clock_change, next_slot
from scheduler.views.pictured import ask_about_picture
from scheduler.views.slots_part import suggest_times
from social.accounts import Account, followers_of
from social.clock import as_local
from social.errors import InputError
from social.places import PlaceKind, list_places
from social.staff import Action
from social.views.concerns_part import concerns_part
from social.views.parts import Page, outside, problems
from social.views.words import say_number

PICTURE_TYPES = ["png", "jpg", "jpeg", "gif", "webp"]
LANGUAGE_WORDS = {"en": "English", "cy": "Welsh", "cy+en": "Welsh and English"}
FARTHEST = 366  # days from today that an address may propose
KEEP: Final = "session"  # fields stay while the person looks at another page


@dataclass(frozen=True)
class PictureFields:
    """content, mime: of a new file.  stored: name in the media folder of the one that is shown.  new: the copy that goes
    out, to be kept with the draft."""

    content: bytes | None = None
    mime: str | None = None
    stored: str | None = None
    alt_text: str = ""
    answers: PictureAnswers = NO_ANSWERS
    new: StoredPicture | None = None

    @property
    def there(self) -> bool:
        return self.content is not None or self.stored is not None


def picture_fields(page: Page) -> PictureFields:
    """A new picture, or the one that is there, with its description (R32) and what is asked about it (R07).

    What is shown is the copy that goes out, without the hidden fields of the file."""
    stored = st.session_state.get("w_stored")
    if not (isinstance(stored, str) and is_stored_name(stored)):
        stored = None
    uploaded = st.session_state.get("w_picture") is not None
    if stored and not uploaded and not st.checkbox("Keep the picture that is there", value=True, key="w_keep"):
        stored = None
    upload = st.file_uploader("Picture (5 MB at most)", type=PICTURE_TYPES, key="w_picture", max_upload_size=5)
    new, content = None, None
    if upload is not None:
        content = upload.getvalue()
        new = _clean_copy(upload.file_id, upload.name, content)
        st.session_state["w_stored"] = stored = new.file_name if new else None
    if upload is None and not stored:
        return PictureFields()
    st.session_state.setdefault("w_alt", "")
    alt = st.text_area(
        "Describe the picture for people who cannot see it", key="w_alt", height=80, persist_state=KEEP,
        help="Say what matters in it, in one or two sentences. Every picture needs this.",
    )  # fmt: skip
    _show(page, new, stored, content)
    return PictureFields(
        content, upload.type if upload else None, None if upload else stored, alt, ask_about_picture(), new
    )


def _clean_copy(file_id: str, name: str, content: bytes) -> StoredPicture | None:
    """Made once for each file that is given; None for what is no picture, which is told when the post is kept."""
    kept: tuple[str, StoredPicture | None] | None = st.session_state.get("w_draft_picture")
    if kept is not None and kept[0] == file_id:
        return kept[1]
    try:
        copy: StoredPicture | None = read_picture(name, content)
    except InputError as error:
        problems(error)
        copy = None
    st.session_state["w_draft_picture"] = (file_id, copy)
    return copy


def _show(page: Page, new: StoredPicture | None, stored: str | None, content: bytes | None) -> None:
    shown = new.content if new is not None else None
    if shown is None and stored:
        path = page.context.settings.media_folder / stored
        shown = path.read_bytes() if path.exists() else None
    if shown is None:
        st.warning("The picture cannot be shown. Give a PNG, JPEG, GIF or WebP file.")
        return
    alt = str(st.session_state.get("w_alt") or "").strip()
    with st.container(key="w_shown"):
        st.image(shown, width=220, alt=alt or "Picture without a description")
    if content is None:
        return
    hidden = hidden_in(content)
    if hidden.position:
        st.text(
            "The file says where it was taken. That is taken out, with every other hidden field, before anything goes out."
        )
    elif hidden.fields:
        st.text(f"The file holds {hidden.fields} hidden fields, such as camera and time. They are taken out.")
    else:
        st.text("The file holds nothing hidden: neither place nor time nor camera.")


def tell_followers(page: Page, chosen: Sequence[Account]) -> None:
    """How many follow each account, by the newest count.  Never a sum: one person may follow several (M03).

    Members of the alert service follow nothing: how many an alert is for is told beside its audience."""
    chosen = [account for account in chosen if account.channel != "alert"]
    if not chosen or not page.may(Action.READ_FIGURES):
        return
    with page.read() as session:
        counted = followers_of(session, [account.id for account in chosen if account.id is not None])
    told = [
        f"{account.name}: {say_number(counted[account.id].followers)}" for account in chosen if account.id in counted
    ]
    if told:
        outside("Followers, " + "; ".join(told))


def about_fields(page: Page) -> dict[str, str | None]:
    """Area, link and what belongs to few posts."""
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
    about = next((one for one in places if one.name == place), None)
    if about is not None and about.population is not None:
        st.caption(f"{say_number(about.population)} residents live there ({about.population_year}).")
    concerns_part(page, about.id if about is not None else None)
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


def _take_day_asked(page: Page) -> None:
    """The day in the address, as the calendar gives it, fills the field once: what is chosen since stays."""
    asked = st.query_params.get("day", "")
    if asked == st.session_state.get("w_day_asked", ""):
        return
    st.session_state["w_day_asked"] = asked
    with suppress(ValueError):
        day = date.fromisoformat(asked)
        if abs((day - page.now.date()).days) <= FARTHEST:
            st.session_state.update({"w_day": day, "w_when": WHEN_SET})


def when_fields(page: Page, kind: str | None, account_names: Sequence[str]) -> tuple[datetime | None, int | None]:
    """Local time and, in the doubled hour of autumn, which one is meant."""
    _take_day_asked(page)
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
    suggest_times(page, kind, account_names)
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


def beside(problems_by_key: Mapping[str, str], key: str) -> None:
    """What is wrong with a field, in the words of the summary, right beneath it."""
    words = problems_by_key.get(key)
    if words:
        st.badge("Error", color="red", icon=":material/error:")
        outside(words)
