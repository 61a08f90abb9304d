"""The forms under the sections of an area's profile: community pages and what they passed on, partners, languages.

Each form is drawn for whoever looks after profiles; what it does asks for itself."""

from collections.abc import Mapping
from datetime import date

import streamlit as st

from insights.area_profile import AreaProfile
from social.clock import as_local
from social.community_pages import (
    PageInput,
    ShareInput,
    note_share,
    page_names,
    put_page,
    remove_share,
    retire_page,
    shares_noted,
)
from social.partners import (
    LanguageInput,
    PartnerInput,
    end_partner,
    put_partner,
    remove_language,
    set_language,
    told_of,
)
from social.profile_input import LONGEST_NAME, LONGEST_TEXT, MOST_PEOPLE
from social.profiles import LANGUAGES, PAGE_CHANNELS, PARTNER_KINDS, PartnerKind, SeenHow
from social.views.begun import begun
from social.views.parts import Page, done
from social.views.words import say_day, shorten

NEW = 0
SEEN_HOW = {SeenHow.MEASURED.value: "Read off the network's own figures", SeenHow.ESTIMATED.value: "Somebody's guess"}


def which(label: str, new: str, known: Mapping[int, str], key: str) -> int:
    """The number of the record to change; `NEW` for another one."""
    if not known:
        return NEW
    chosen = st.selectbox(label, [NEW, *known], format_func=lambda n: known.get(n, new), key=key)
    return int(chosen or NEW)


def today(page: Page) -> date:
    return as_local(page.now).date()


def page_forms(page: Page, found: AreaProfile) -> None:
    """Add, change or take off a community page; note what one passed on."""
    here = found.place.id or 0
    with st.expander("Add or change a community page", icon=":material/edit:"):
        st.caption("Pages and groups of a community, never the page of one person.")
        number = which("Which page", "A page that is not on the register", page_names(found.pages), "ar_page")
        form = begun("ar_pn", f"{here}_{number}", next((known for known in found.pages if known.id == number), None))
        one, key = form.record, form.key
        with st.form(f"ar_page_form_{key}", border=False):
            channels = list(PAGE_CHANNELS)
            name = st.text_input(
                "Name of the page", one.name if one else "", max_chars=LONGEST_NAME, key=f"ar_pn_{key}"
            )
            channel = st.selectbox("Where it is", channels, index=channels.index(one.channel) if one else 0,
                                   format_func=lambda code: PAGE_CHANNELS[code], key=f"ar_pc_{key}")  # fmt: skip
            address = st.text_input("Address of the page", one.address if one else "", key=f"ar_pa_{key}",
                                    placeholder="https://www.example.org/page")  # fmt: skip
            followers = st.number_input("Followers or members, if known", min_value=0, max_value=MOST_PEOPLE,
                                        value=one.followers if one else None, step=1, key=f"ar_pf_{key}")  # fmt: skip
            read_on = st.date_input("Followers read on", (one.followers_on if one else None) or today(page),
                                    max_value=today(page), format="DD/MM/YYYY", key=f"ar_pd_{key}")  # fmt: skip
            with st.container(horizontal=True):
                keep = st.form_submit_button("Save the page", type="primary")
                off = one is not None and st.form_submit_button("Take it off the register")
    if keep:
        given = PageInput(one.place_id if one else here, channel or "", name or "", address or "",
                          None if followers is None else int(followers), read_on)  # fmt: skip
        done(form.saved(lambda: put_page(page.context, page.person, given, page_id=number or None,
                                         version=one.version if one else None)),
             "The community page is on the register.")  # fmt: skip
    if off and one is not None:
        done(form.saved(lambda: retire_page(page.context, page.person, number, version=one.version)),
             "The page is off the register. What it passed on stays credited to it.")  # fmt: skip
    if found.pages and found.posts:
        share_form(page, found)


def share_form(page: Page, found: AreaProfile) -> None:
    """That a page passed a post on is seen and noted by a person: networks tell only how often, and of no page."""
    pages, posts = page_names(found.pages), {one.publication_id: one for one in found.posts}
    with page.read() as session:
        noted = {
            share.id or 0: f"{one.name}: {shorten(posts[number].text, 50)}"
            for number, pairs in shares_noted(session, posts).items()
            for share, one in pairs
        }
    with st.expander("Note that a page passed a post on", icon=":material/share:"):
        with st.form("ar_share_form", border=False):
            chosen = st.selectbox("Page", list(pages), format_func=lambda n: pages[n], key="ar_sp")
            post = st.selectbox("Post", list(posts), key="ar_ss", format_func=lambda n: (
                f"{say_day(as_local(posts[n].published_at).date())}: {shorten(posts[n].text, 60) or 'Erased'}"))  # fmt: skip
            on = st.date_input("Passed on on", today(page), max_value=today(page), format="DD/MM/YYYY", key="ar_sd")
            seen = st.number_input("How many saw it there, if the page's owner told you", min_value=0, value=None, step=1,
                                   max_value=MOST_PEOPLE, key="ar_sn")  # fmt: skip
            how = st.radio("Where that number comes from", list(SEEN_HOW), format_func=lambda one: SEEN_HOW[one],
                           key="ar_sh")  # fmt: skip
            keep = st.form_submit_button("Save the note", type="primary")
        if noted:
            wrong = st.selectbox("A note that is wrong", list(noted), index=None, format_func=lambda n: noted[n],
                                 placeholder="Choose a note", key="ar_sw")  # fmt: skip
            if st.button("Take the note back", disabled=wrong is None, key="ar_sx") and wrong is not None:
                done(lambda: remove_share(page.context, page.person, wrong), "The note is taken back.")
    if keep and chosen is not None and post is not None:
        given = ShareInput(chosen, post, on, seen=None if seen is None else int(seen), seen_how=how)
        done(lambda: note_share(page.context, page.person, given), "The page is credited with passing the post on.")


def partner_forms(page: Page, found: AreaProfile) -> None:
    here = found.place.id or 0
    with st.expander("Add or change a partner", icon=":material/edit:"):
        number = which(
            "Which partner",
            "A partner that is not on record",
            {p.id or 0: p.name for p in found.partners},
            "ar_partner",
        )
        form = begun("ar_an", f"{here}_{number}", next((known for known in found.partners if known.id == number), None))
        one, key = form.record, form.key
        kinds = list(PartnerKind)
        with st.form(f"ar_partner_form_{key}", border=False):
            name = st.text_input(
                "Name of the partner", one.name if one else "", max_chars=LONGEST_NAME, key=f"ar_an_{key}"
            )
            kind = st.selectbox("Kind of partner", kinds, index=kinds.index(PartnerKind(one.kind)) if one else 0,
                                format_func=lambda kind: PARTNER_KINDS[kind], key=f"ar_ak_{key}")  # fmt: skip
            about = st.text_area(
                "What you do together", one.about if one else "", max_chars=LONGEST_TEXT, key=f"ar_aa_{key}"
            )
            website = st.text_input(
                "Website, if there is one", (one.website if one else None) or "", key=f"ar_aw_{key}"
            )
            contact = st.text_input("How to reach its office, if known", (one.contact if one else None) or "",
                                    max_chars=LONGEST_NAME, key=f"ar_ac_{key}",
                                    help="The body's own address or number, not that of a person at home.")  # fmt: skip
            with st.container(horizontal=True):
                keep = st.form_submit_button("Save the partner", type="primary")
                end = one is not None and st.form_submit_button("No partner any more")
    if keep:
        given = PartnerInput(one.place_id if one else here, (kind or PartnerKind.OTHER).value, name or "", about or "",
                             website, contact)  # fmt: skip
        done(form.saved(lambda: put_partner(page.context, page.person, given, partner_id=number or None,
                                            version=one.version if one else None)),
             "The partner is on record.")  # fmt: skip
    if end and one is not None:
        done(form.saved(lambda: end_partner(page.context, page.person, number, version=one.version)),
             "It is no partner any more, and its contact is erased.")  # fmt: skip


def language_forms(page: Page, found: AreaProfile) -> None:
    here = found.place.id or 0
    own = {one.lang: one for one in found.languages if one.place_id == here}
    with st.expander("Add or change a language", icon=":material/edit:"):
        lang = st.selectbox("Language", list(LANGUAGES), format_func=lambda code: LANGUAGES[code], key="ar_lang") or ""
        form = begun("ar_ls", f"{here}_{lang}", own.get(lang), version=None)
        one, key = form.record, form.key
        with st.form(f"ar_lang_form_{key}", border=False):
            percent = st.number_input("Share of residents in percent, if known", min_value=0.0, max_value=100.0, step=0.1,
                                      value=one.share * 100 if one and one.share else None, key=f"ar_ls_{key}")  # fmt: skip
            year = st.number_input("Year of the share", min_value=1991, max_value=today(page).year, step=1,
                                   value=one.year if one else None, key=f"ar_ly_{key}")  # fmt: skip
            source = st.text_input("Who counted", (one.source if one else None) or "", max_chars=LONGEST_NAME,
                                   key=f"ar_lo_{key}")  # fmt: skip
            with st.container(horizontal=True):
                keep = st.form_submit_button("Save the language", type="primary")
                off = one is not None and st.form_submit_button("Take it off the list")
    if keep:
        share = None if percent is None else round(float(percent) / 100, 5)
        given = LanguageInput(here, lang, share, None if year is None else int(year), source)
        done(form.saved(lambda: set_language(page.context, page.person, given, seen=told_of(one))),
             "The language is on the list.")  # fmt: skip
    if off:
        done(form.saved(lambda: remove_language(page.context, page.person, here, lang)),
             "The language is off the list.")  # fmt: skip
