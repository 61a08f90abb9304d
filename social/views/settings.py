"""Settings: how a person is told, what the force sets for its posts, who may do what, what the configuration says, the keys.

What Beatline lets somebody change is changed here and recorded; what only whoever runs the machine can change is shown
with where it stands."""

from collections.abc import Callable, Mapping
from datetime import time

import streamlit as st

from scheduler.content_types import CONTENT_TYPES
from scheduler.stops_page import KIND_HEADINGS, kind_rows
from scheduler.views.hold_notice import HOLDS_PAGE
from social.help_words import KEYS
from social.house_rules import HouseRules, QuietHours, house_rules, set_quiet_hours, set_words
from social.notices import How, choose, how_told
from social.places import place_choices
from social.settings import TABLE
from social.staff import Action, Role, home_of, role_name, roles_with
from social.views.begun import begun
from social.views.parts import Page, begin, done, heading, outside, say_what_was_done, told
from social.views.replies_keys import KEYS_HELP
from social.views.words import say_count

PEOPLE_PAGE, STOPS_PAGE = "social/views/people.py", "scheduler/views/stops.py"
HEALTH_PAGE, HELP_PAGE = "social/views/health.py", "social/views/help.py"
TOLD: Mapping[How, str] = {
    How.AT_ONCE: "At once, at most one e-mail in half an hour",
    How.DAILY: "In a daily note",
    How.NONE: "Not by e-mail",
}
HIDDEN = "set, and not shown"


def you(page: Page) -> None:
    """Who the person is to Beatline, and how they are told of what waits on them."""
    with page.read() as session:
        how, home = how_told(session, page.person.id or 0), home_of(session, page.person)
        names = place_choices(session)
    areas = "the whole force" if page.areas is None else names.get(home or 0, say_count(len(page.areas), "area"))
    st.header("You", anchor=False)
    outside(f"{page.person.name}, {page.person.email}\nRole: {role_name(page.person.role)}\nYou act for: {areas}")
    st.text("Somebody who looks after people changes your role and areas.")
    heading("E-mails about what waits on you", level=3)
    st.text("Posts to approve; posts of yours that were sent back, refused or late; replies given to you that are nearly due. "
            "An e-mail says how many and where, and holds no words of a post or a resident.")  # fmt: skip
    if not page.context.settings.smtp_host:
        st.info("No mail server is set, so nobody is told by e-mail yet. Ask whoever looks after Beatline.")
    with st.form("s_told"):
        chosen = st.radio("How are you told?", list(TOLD), index=list(TOLD).index(how), format_func=lambda one: TOLD[one],
                          key="s_how")  # fmt: skip
        st.caption(f"The daily note comes at {page.context.settings.daily_note_at:%H:%M}. Alarms about accounts and "
                   "emergencies for the duty contact come in any case.")  # fmt: skip
        if st.form_submit_button("Save how you are told", type="primary", key="s_save_how"):
            done(lambda: choose(page.context, page.person, chosen), "Saved. It holds from now on.")


def posts(page: Page) -> None:
    """What holds for every post: what a person may set first, then what follows from the kind of post."""
    with page.read() as session:
        rules = house_rules(session)
    may = page.may(Action.KEEP_RULES, None)
    st.header("Pause everything", anchor=False)
    st.text("Nothing goes out from the moment of the second click, until somebody with the right ends it.")
    if page.may(Action.HOLD):
        st.page_link(HOLDS_PAGE, label="Pause everything, with a reason", icon=":material/front_hand:",
                     query_params={"pause": "1"})  # fmt: skip
    st.header("Quiet hours", anchor=False)
    st.text("A post that is planned into them is advised on, and may still be sent: a missing person cannot wait.")
    quiet_hours(page, rules, may=may)
    st.header("Word list", anchor=False)
    st.text("A post with one of these words or phrases goes to corporate communications first, whatever its kind.")
    word_list(page, rules, may=may)
    if not may:
        st.caption("Corporate communications set quiet hours and the word list.")
    st.header("Approval rules", anchor=False)
    st.text("Who approves which kind of post, and what becomes of one that is late. Nobody approves their own.")
    st.dataframe(
        [dict(zip((one.capitalize() for one in KIND_HEADINGS), row, strict=True)) for row in kind_rows(CONTENT_TYPES.values())],
        hide_index=True, alt="Kinds of post: who approves each, what becomes of a late one, what stops it",
    )  # fmt: skip
    st.caption("Whoever looks after Beatline can tighten these for the force, and never loosen them.")
    st.page_link(STOPS_PAGE, label="Everything that Beatline stops, and why", icon=":material/block:")
    st.page_link(HEALTH_PAGE, label="Watched hours and duty contacts", icon=":material/monitor_heart:")


def quiet_hours(page: Page, rules: HouseRules, *, may: bool) -> None:
    if not may:
        outside(f"Now: {rules.quiet.in_words}." if rules.quiet else "No quiet hours are set.")
        return
    with st.form("s_quiet"):
        form = begun("s_quiet_on", "force", rules, version="quiet_version")
        seen = form.record or rules
        on = st.checkbox("The force has quiet hours", value=seen.quiet is not None, key=f"s_quiet_on_{form.key}")
        one, two = st.columns(2)
        start = one.time_input("From", seen.quiet.begin if seen.quiet else time(22), key=f"s_quiet_from_{form.key}")
        end = two.time_input("Until", seen.quiet.end if seen.quiet else time(7), key=f"s_quiet_until_{form.key}")
        if st.form_submit_button("Save the quiet hours", key="s_save_quiet"):
            wanted = QuietHours(start, end) if on else None
            done(form.saved(lambda: set_quiet_hours(page.context, page.person, wanted, version=seen.quiet_version)),
                 "The quiet hours are saved. Posts are held against them from now on.")  # fmt: skip


def word_list(page: Page, rules: HouseRules, *, may: bool) -> None:
    if not may:
        outside("\n".join(rules.words) or "No word is on the list.")
        return
    with st.form("s_words"):
        form = begun("s_words", "force", rules, version="words_version")
        seen = form.record or rules
        text = st.text_area(
            "Words and phrases, one a line", "\n".join(seen.words), height=200, key=f"s_words_{form.key}"
        )
        if st.form_submit_button("Save the word list", key="s_save_words"):
            done(form.saved(lambda: set_words(page.context, page.person, text, version=seen.words_version)),
                 "The word list is saved. Posts are held against it from now on.")  # fmt: skip


def people(page: Page) -> None:
    """Who may do what: the one table that everything asks."""
    st.header("People and rights", anchor=False)
    st.text(
        "What a person may do follows from their role, inside their areas. Every page, command and job asks this table."
    )
    if page.may(Action.MANAGE_PEOPLE):
        st.page_link(PEOPLE_PAGE, label="Add, change or shut out people", icon=":material/group:")
    else:
        st.page_link(HELP_PAGE, label="Who to ask, by name", icon=":material/help:")
    st.dataframe(
        [
            {
                "Right": action.value.capitalize(),
                **{role_name(role).capitalize(): "Yes" if role in roles_with(action) else "" for role in Role},
            }
            for action in Action
        ],
        hide_index=True,
        alt="Rights by role: one row a right, one column a role, Yes where the role has it",
    )


def configuration(page: Page) -> None:
    """What is set outside of Beatline's pages, and how it is changed."""
    st.header("Configuration", anchor=False)
    if not page.may(Action.MANAGE_ACCOUNTS):
        st.text("Whoever connects accounts sees here what is set on the machine.")
        return
    st.text("These are set where Beatline runs: in its environment, or in beatline.toml in its home folder. Restart it after "
            "a change.")  # fmt: skip
    settings = page.context.settings
    st.dataframe(
        [
            {
                "Setting": one.name, "Value": _shown(getattr(settings, one.name), secret=one.secret), "Unit": one.unit,
                "Where it comes from": settings.source.get(one.name, "default"), "What it is": one.help,
                "To change it": one.variable,
            }
            for one in TABLE
        ],
        hide_index=True, alt="Every setting: name, value, unit, where it comes from, what it is, the variable that changes it",
    )  # fmt: skip


def _shown(value: object, *, secret: bool) -> str:
    if secret:
        return HIDDEN if value else "not set"
    return {True: "on", False: "off"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def keys(_page: Page) -> None:
    st.header("Keys", anchor=False)
    st.markdown("\n".join(f"- **{where}**: {what}" for where, what in {**KEYS, "Replies": KEYS_HELP}.items()))


PARTS: Mapping[str, Callable[[Page], None]] = {
    "You": you,
    "Posts": posts,
    "People and rights": people,
    "Configuration": configuration,
    "Keys": keys,
}

page = begin("Settings")
say_what_was_done()
chosen = st.segmented_control("Part", list(PARTS), default="You", required=True, key="s_part", bind="query-params",
                              label_visibility="collapsed", wrap=True)  # fmt: skip
with told():
    PARTS[chosen or "You"](page)
