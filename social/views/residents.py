"""Residents: how many asked to be told, the form for signing somebody up at an event, one member, and files.

Nobody is listed and nobody is searched for: one resident is found by the whole address that they give (R25)."""

from collections.abc import Mapping, Sequence

import streamlit as st

from insights.charts import spec, weeks
from social.alerts.joining import sign_up
from social.alerts.messages import sending_account
from social.alerts.resident_care import Member, change_for, find_resident, leave_for
from social.alerts.resident_counts import ResidentCounts, few, resident_counts
from social.alerts.residents_export import export_residents
from social.alerts.residents_import import ImportedResidents, import_residents
from social.alerts.wishes import Preferences, Wishes
from social.errors import BeatlineError
from social.places import place_choices
from social.staff import Action
from social.views.parts import Page, begin, done, outside, problems, say_what_was_done, told
from social.views.resident_form import preference_fields
from social.views.words import say_count, say_moment

SIGN_UP, MEMBERS, ONE, FILES = "Sign somebody up", "Members", "One member", "Files"
STATES = {"confirmed": "Member", "unconfirmed": "Has not confirmed yet", "unreachable": "Cannot be reached"}
_FOUND, _FILE, _SIGNED = "_residents_found", "_residents_file", "_residents_just_signed"


def sign_somebody_up(page: Page, places: Mapping[int, str]) -> None:
    st.header(SIGN_UP, anchor=False)
    event = st.text_input("Name of the event, if you are at one", key="r_event", max_chars=60,
                          help="It stays for the next person. Leave it empty where there is none.")  # fmt: skip
    number = int(st.session_state.setdefault("_residents_signed", 0))
    with st.form("r_sign_up"):
        email = st.text_input("Their e-mail address", key=f"r_address_{number}", autocomplete="off")
        name = st.text_input("How they want to be greeted (can stay empty)", key=f"r_name_{number}", autocomplete="off")
        phone = st.text_input("Their mobile number (can stay empty)", key=f"r_phone_{number}", autocomplete="off")
        checked = st.checkbox("I have seen that the number is theirs", key=f"r_checked_{number}",
                              help="Texts go to a number only if this is ticked, or once they give the code that is "
                                   "texted to it.")  # fmt: skip
        wanted = preference_fields(places, f"new_{number}")
        agreed = st.checkbox("They have agreed to get these messages, and know that every message has a link to "
                             "change or stop them", key=f"r_agreed_{number}")  # fmt: skip
        pressed = st.form_submit_button("Sign them up", type="primary", key="r_sign")
    if pressed and not agreed:
        st.error("Ask them if they agree, and tick that they do. Without it nobody is signed up.")
    elif pressed:
        wishes = Wishes(wanted, email=email, phone=phone, name=name)
        try:
            sign_up(page.context, page.person, wishes, event=event, number_checked=bool(checked))
        except BeatlineError as error:
            problems(error)
            return
        st.session_state["_residents_signed"] = number + 1
        st.session_state[_SIGNED] = True
        st.rerun()
    elif st.session_state.pop(_SIGNED, False):  # below the button: on a phone the top of the page is out of sight
        st.success("Signed up. A message is on its way to their address: they are a member once they confirm by the link in "
                   "it. The form is empty for the next person.")  # fmt: skip


def members(page: Page) -> None:
    with page.read() as session:
        counts = resident_counts(session, page.now, page.areas)
    st.header(MEMBERS, anchor=False)
    if not (counts.members or counts.waiting or counts.left or counts.unreachable):
        st.info("Nobody has signed up yet. Put the address of the sign-up page on your website and posters, sign people up "
                "at events here, or bring in a file of another alert system.")  # fmt: skip
        return
    st.text(f"{say_count(counts.members, 'member', 'members')}. Signed up and not yet confirmed, so that they do not count: "
            f"{counts.waiting:,}. Cannot be reached: {counts.unreachable:,}. Left: {counts.left:,}.")  # fmt: skip
    where_from(counts)
    table(
        "By area", "Area", counts.areas, "Members by area that they chose; somebody may have chosen several", small=True
    )
    table("By topic", "Topic", counts.topics, "Members by topic that they chose")
    table("By group", "Group", counts.groups, "Members by group", small=True)
    table("How often", "Frequency", counts.frequencies, "Members by how often they are told")
    table("By which way", "Way", counts.ways, "Members by e-mail and text")
    table("In which language", "Language", counts.languages, "Members by language")


def where_from(counts: ResidentCounts) -> None:
    st.subheader("Sign-ups, month by month", anchor=False)
    points = [(month[:7], float(count)) for month, count in counts.months]
    said = ", ".join(f"{month} {count:.0f}" for month, count in points)
    dark = st.context.theme.type == "dark"
    st.vega_lite_chart(spec=spec(weeks(points, dark=dark)), theme=None,
                       alt=f"Sign-ups in each of the last twelve months: {said}")  # fmt: skip
    st.subheader("Where they signed up", anchor=False)
    st.table(
        [
            {"Where": one.kind, "Name": one.name, "Signed up": few(one.signed_up), "Confirmed": few(one.confirmed)}
            for one in counts.sources
        ],
        hide_index=True,
    )


def table(title: str, what: str, rows: Sequence[tuple[str, int]], alt: str, *, small: bool = False) -> None:
    """One table of counts.  small: those that may point at somebody are not told exactly (R27)."""
    st.subheader(title, anchor=False)
    if not rows:
        st.text("Nobody yet.")
        return
    st.dataframe([{what: label, "Members": few(count) if small else f"{count:,}"} for label, count in rows],
                 hide_index=True, alt=alt)  # fmt: skip


def one_member(page: Page, places: Mapping[int, str]) -> None:
    st.header(ONE, anchor=False)
    st.text("Every message has links to change and to leave. This is for somebody who asks you instead: make sure that it is "
            "them. That you looked is on record, without the address.")  # fmt: skip
    with st.form("r_find", clear_on_submit=True):
        email = st.text_input("The e-mail address they give", key="r_given", autocomplete="off")
        pressed = st.form_submit_button("Find", type="primary", key="r_look")
    if pressed:
        try:
            st.session_state[_FOUND] = find_resident(page.context, page.person, email)
        except BeatlineError as error:
            st.session_state.pop(_FOUND, None)
            problems(error)
    if _FOUND not in st.session_state:
        return
    member = st.session_state[_FOUND]
    if member is None:
        st.info("Nobody with that address gets alerts. Ask for the address that the messages come to.")
    else:
        found(page, member, places)


def found(page: Page, member: Member, places: Mapping[int, str]) -> None:
    number = {True: "known to be theirs", False: "not yet known to be theirs: no texts go there until it is"}[
        member.number_checked
    ]
    st.text(f"{STATES.get(member.state, member.state)}, since {say_moment(member.confirmed_at or member.joined_at)}. "
            + ("" if member.email_works else "Mail to the address comes back. ")
            + (f"A mobile number is kept, {number}." if member.contact.phone else "No mobile number is kept."))  # fmt: skip
    with st.form("r_change"):
        phone = st.text_input("Another mobile number (empty leaves it as it is)", key="r_other", autocomplete="off")
        wanted = preference_fields(places, f"of_{member.id}", member.preferences)
        pressed = st.form_submit_button("Save the changes", key="r_save")
    if pressed:
        done(lambda: _change(page, member, wanted, phone), "The changes are saved.")
    with st.expander("They want no more messages"):
        st.text("Address, number, name and choices are deleted at once, and nothing that waits is sent.")
        if st.button("Take them out", key="r_leave"):
            done(lambda: _take_out(page, member), "They are out, and are told nothing more.")


def _change(page: Page, member: Member, wanted: Preferences, phone: str) -> None:
    change_for(page.context, page.person, member.id, wanted, phone=phone.strip() or None)
    st.session_state.pop(_FOUND, None)


def _take_out(page: Page, member: Member) -> None:
    leave_for(page.context, page.person, member.id)
    st.session_state.pop(_FOUND, None)


def files(page: Page) -> None:
    st.header("Bring in a file", anchor=False)
    st.text("CSV (UTF-8), one resident a row: email, topics, areas, consent_date, consent_source and more. Whoever left is not "
            "brought back, members stay as they are, and somebody without a consent on record does not count.")  # fmt: skip
    given = st.file_uploader("File of residents", type="csv", key="r_file", max_upload_size=20)
    if given is not None:
        preview(page, given.getvalue(), given.name)
    st.header("Write the members into a file", anchor=False)
    st.text("It holds addresses: keep it safe, and delete it when it has served. Who makes one is on record.")
    if st.button("Make the file", key="r_export"):
        with told():
            st.session_state[_FILE] = export_residents(page.context, page.person)
    if _FILE in st.session_state:
        text, count = st.session_state[_FILE]
        st.download_button(f"Download {say_count(count, 'member', 'members')}", text, "members.csv", "text/csv",
                           key="r_download", on_click=lambda: st.session_state.pop(_FILE, None))  # fmt: skip


def preview(page: Page, content: bytes, name: str) -> None:
    try:
        report = import_residents(page.context, content, name, page.person, skip_bad=True, dry_run=True)
    except BeatlineError as error:
        problems(error)
        return
    _say(report, "would be added")
    ask = report.unconfirmed > 0 and st.checkbox(
        "Send those without a consent on record the message that asks them", key="r_ask"
    )
    bad = len({one.row for one in report.bad})
    label = f"Take them in, and leave {say_count(bad, 'bad row', 'bad rows')} out" if bad else "Take them in"
    if (report.confirmed or report.unconfirmed) and st.button(label, type="primary", key="r_import"):
        done(lambda: import_residents(page.context, content, name, page.person, skip_bad=True, ask=bool(ask)),
             f"{report.confirmed + report.unconfirmed:,} residents were taken in.")  # fmt: skip


def _say(report: ImportedResidents, verb: str) -> None:
    st.text(f"{report.rows:,} rows. {report.confirmed:,} members {verb}, and {report.unconfirmed:,} without a consent on "
            f"record. {report.known:,} are members already. {report.left:,} had left and stay so.")  # fmt: skip
    if report.bad:
        st.warning("Some rows cannot be taken in. Mend them in the file, or leave them out.")
        outside("\n".join(str(one) for one in report.bad[:50]))
        if len(report.bad) > 50:
            st.text(f"And {len(report.bad) - 50:,} more.")


page = begin("Residents", needs=Action.SIGN_UP_RESIDENTS)
say_what_was_done()
with told():
    with page.read() as looking:
        choices, account = place_choices(looking), sending_account(looking)
    if account is None:
        st.warning("The alert service is not open yet: nobody can be signed up until it has an account to send from. "
                   "Somebody who looks after accounts connects one, with the channel alert.")  # fmt: skip
    keeps = page.may(Action.KEEP_RESIDENTS)
    sections = [SIGN_UP, MEMBERS, ONE, FILES] if keeps else [SIGN_UP, MEMBERS]
    chosen = st.segmented_control("What do you want to do?", sections, default=SIGN_UP, key="r_section", required=True)
    if chosen == SIGN_UP and account is not None:
        sign_somebody_up(page, choices)
    elif chosen == MEMBERS:
        members(page)
    elif chosen == ONE:
        one_member(page, choices)
    elif chosen == FILES:
        files(page)
