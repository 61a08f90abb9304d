"""You said, we did: what residents of an area asked for, what was done about it, and the forms to write both down."""

from datetime import date

import streamlit as st

from insights.area_profile import PERIOD, AreaProfile
from insights.response_tables import fates
from insights.views.area_forms_part import NEW, today, which
from social.alerts.surveys import SurveyState, list_surveys
from social.asked_and_done import (
    Asked,
    AskedInput,
    DoneInput,
    close_asked,
    put_asked,
    put_done,
    remove_asked,
    remove_done,
)
from social.clock import as_local
from social.profile_input import LONGEST_TEXT
from social.profiles import ASKED_BY, AskedBy
from social.publications import Publication
from social.views.begun import begun
from social.views.parts import Page, done, outside
from social.views.survey_builder import SURVEYS_PAGE
from social.views.words import is_web_address, say_count, say_day, shorten

POST_PAGE = "scheduler/views/post.py"
SHOWN = 5
"""Records that are shown at once; the others are folded away."""


def show_asked(page: Page, found: AreaProfile, *, may: bool) -> None:
    """Everything that was asked for, what is open first.  may: draw the forms."""
    st.subheader("You said, we did", anchor=False)
    if found.answers.received:
        st.text(f"Residents' questions and complaints written in the last {PERIOD.days} days: {fates(found.answers)}.")
    if not found.asked:
        st.text("Nothing is written down yet of what residents asked for.")
    for one in found.asked[:SHOWN]:
        card(page, found, one)
    if len(found.asked) > SHOWN:
        with st.expander(f"{say_count(len(found.asked) - SHOWN, 'earlier record')}"):
            for one in found.asked[SHOWN:]:
                card(page, found, one)
    if may:
        asked_form(page, found)
        if found.asked:
            done_form(page, found)


def card(page: Page, found: AreaProfile, one: Asked) -> None:
    asked = one.asked
    partners = {partner.id: partner.name for partner in found.partners}
    with st.container(border=True):
        if asked.closed_on is not None:
            st.badge(f"Finished {say_day(asked.closed_on)}", icon=":material/check:", color="green")
        elif one.done:
            st.badge("Under way", icon=":material/pending:", color="blue")
        else:
            st.badge("Nothing done yet", icon=":material/schedule:", color="orange")
        where = f" {found.areas.get(asked.place_id, '')}." if len(found.areas) > 1 else ""
        outside(f"You said, {say_day(asked.asked_on)} ({ASKED_BY[AskedBy(asked.by)].lower()}):{where} {asked.text}")
        source(page, asked.survey_id, asked.publication_id, asked.link, f"asked_{asked.id}")
        for act in one.done:
            with_whom = f", with {partners[act.partner_id]}" if act.partner_id in partners else ""
            outside(f"We did, {say_day(act.done_on)}{with_whom}: {act.text}")
            source(page, act.survey_id, act.publication_id, act.link, f"done_{act.id}")


def source(page: Page, survey_id: int | None, publication_id: int | None, link: str | None, key: str) -> None:
    """Links to where it shows."""
    if survey_id is not None:
        st.page_link(
            SURVEYS_PAGE, label=f"Survey {survey_id}", icon=":material/ballot:", query_params={"id": str(survey_id)}
        )
    if publication_id is not None:
        with page.read() as session:
            post = session.get(Publication, publication_id)
        if post is not None and post.post_id is not None:
            st.page_link(
                POST_PAGE,
                label=f"Post {post.post_id}",
                icon=":material/article:",
                query_params={"id": str(post.post_id)},
            )
        elif post is not None and is_web_address(post.url):
            st.link_button("See the post", post.url or "", key=f"ar_url_{key}", icon=":material/open_in_new:")
    if link and is_web_address(link):
        st.link_button("See where it shows", link, key=f"ar_link_{key}", icon=":material/open_in_new:")


def sources(page: Page, found: AreaProfile, key: str, one: object = None) -> tuple[int | None, int | None, str]:
    """The boxes of where it shows: survey, post, another address."""
    posts = {post.publication_id: f"{say_day(as_local(post.published_at).date())}: {shorten(post.text, 60) or 'Erased'}"
             for post in found.posts}  # fmt: skip
    with page.read() as session:
        surveys = {
            survey.id or 0: survey.title for survey in list_surveys(session) if survey.state != SurveyState.DRAFT
        }
    survey_now, post_now = getattr(one, "survey_id", None), getattr(one, "publication_id", None)
    if post_now is not None and post_now not in posts:
        posts[post_now] = f"Post {post_now}, an earlier one"
    survey = st.selectbox("Survey that shows it, if any", list(surveys), format_func=lambda n: surveys[n], key=f"ar_qs_{key}",
                          index=list(surveys).index(survey_now) if survey_now in surveys else None, placeholder="None")  # fmt: skip
    post = st.selectbox("Post that shows it, if any", list(posts), format_func=lambda n: posts[n], key=f"ar_qp_{key}",
                        index=list(posts).index(post_now) if post_now in posts else None, placeholder="None")  # fmt: skip
    link = st.text_input("Another address that shows it, if any", getattr(one, "link", None) or "", key=f"ar_ql_{key}",
                         placeholder="https://www.example.org/minutes")  # fmt: skip
    return survey, post, link or ""


def asked_form(page: Page, found: AreaProfile) -> None:
    here = found.place.id or 0
    known = {one.asked.id or 0: shorten(one.asked.text, 60) for one in found.asked}
    with st.expander("Write down what was asked for", icon=":material/edit:"):
        number = which("Which record", "Something that is not written down yet", known, "ar_asked")
        one = next((record for record in found.asked if record.asked.id == number), None)
        form = begun("ar_qt", f"{here}_{number}", one.asked if one else None)
        asked, key = form.record, form.key
        ways = list(AskedBy)
        with st.form(f"ar_asked_form_{key}", border=False):
            text = st.text_area("What was asked for, in your words", asked.text if asked else "", max_chars=LONGEST_TEXT,
                                key=f"ar_qt_{key}", help="No names and nothing that points at one resident.")  # fmt: skip
            on: date | None = st.date_input("Asked for on", asked.asked_on if asked else today(page), max_value=today(page),
                                            format="DD/MM/YYYY", key=f"ar_qd_{key}")  # fmt: skip
            by = st.selectbox("How you came to know", ways, format_func=lambda way: ASKED_BY[way], key=f"ar_qb_{key}",
                              index=ways.index(AskedBy(asked.by)) if asked else 0)  # fmt: skip
            survey, post, link = sources(page, found, key, asked)
            with st.container(horizontal=True):
                keep = st.form_submit_button("Save what was asked", type="primary")
                shut = asked is not None and st.form_submit_button(
                    "Open it again" if asked.closed_on else "Nothing more is planned"
                )
                wrong = asked is not None and st.form_submit_button("Remove: it was written down by mistake")
    if keep:
        given = AskedInput(
            asked.place_id if asked else here, on, (by or AskedBy.OTHER).value, text or "", survey, post, link
        )
        done(form.saved(lambda: put_asked(page.context, page.person, given, asked_id=number or None,
                                          version=asked.version if asked else None)),
             "It is written down.")  # fmt: skip
    if shut and asked is not None:
        done(form.saved(lambda: close_asked(page.context, page.person, number, version=asked.version,
                                            again=bool(asked.closed_on))),
             "It is open again." if asked.closed_on else "Nothing more is planned about it.")  # fmt: skip
    if wrong and asked is not None:
        done(
            form.saved(lambda: remove_asked(page.context, page.person, number, version=asked.version)),
            "The record is removed.",
        )


def done_form(page: Page, found: AreaProfile) -> None:
    records = {one.asked.id or 0: one for one in found.asked}
    partners = {one.id or 0: one.name for one in found.partners}
    with st.expander("Write down what was done", icon=":material/edit:"):
        asked_id = st.selectbox("About which request", list(records), key="ar_done_of",
                                format_func=lambda n: shorten(records[n].asked.text, 60)) or 0  # fmt: skip
        acts = {act.id or 0: act for act in records[asked_id].done}
        number = which("Which act", "Something that is not written down yet",
                       {n: shorten(act.text, 60) for n, act in acts.items()}, f"ar_done_{asked_id}")  # fmt: skip
        form = begun("ar_dt", f"{asked_id}_{number}", acts.get(number))
        act, key = form.record, form.key
        with st.form(f"ar_done_form_{key}", border=False):
            text = st.text_area("What was done, in your words", act.text if act else "", max_chars=LONGEST_TEXT,
                                key=f"ar_dt_{key}")  # fmt: skip
            on: date | None = st.date_input("Done on", act.done_on if act else today(page), max_value=today(page),
                                            format="DD/MM/YYYY", key=f"ar_dd_{key}")  # fmt: skip
            partner_now = act.partner_id if act else None
            partner = st.selectbox("With which partner, if any", list(partners), format_func=lambda n: partners[n],
                                   index=list(partners).index(partner_now) if partner_now in partners else None,
                                   placeholder="None", key=f"ar_dp_{key}")  # fmt: skip
            survey, post, link = sources(page, found, f"d{key}", act)
            with st.container(horizontal=True):
                keep = st.form_submit_button("Save what was done", type="primary")
                wrong = number != NEW and st.form_submit_button("Remove: it was not done")
    if keep:
        given = DoneInput(asked_id, on, text or "", partner, survey, post, link)
        done(form.saved(lambda: put_done(page.context, page.person, given, done_id=number or None,
                                         version=act.version if act else None)),
             "What was done is written down.")  # fmt: skip
    if wrong and act is not None:
        done(
            form.saved(lambda: remove_done(page.context, page.person, number, version=act.version)),
            "The record is removed.",
        )
