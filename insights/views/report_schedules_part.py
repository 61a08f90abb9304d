"""The part of the page Reports where a report is mailed again and again: to whom, how often, and when next."""

import streamlit as st
from sqlmodel import Session, col, select

from insights.reports.request import FORMAT_NAMES, KIND_NAMES, Format, Request
from insights.reports.rhythm import RHYTHM_NAMES, Rhythm, period_of
from insights.reports.schedules import (
    NO_MAIL,
    ScheduleInput,
    end_schedule,
    in_words,
    possible_recipients,
    recipients_of,
    running_schedules,
    schedule_report,
)
from insights.reports.scope import say_period
from insights.reports.tables import ReportMail, ReportSchedule
from social.clock import as_local
from social.staff import Action
from social.views.parts import Page, done, outside
from social.views.words import say_moment

OUTCOMES = {"sent": "sent", "refused": "could not be sent", "unknown": "may have arrived", "skipped": "not sent"}


def schedules(page: Page, request: Request | None) -> None:
    """What is mailed, and a form for the report that is chosen above."""
    with page.read() as session:
        running = running_schedules(session)
    if not running and not page.may(Action.SCHEDULE_REPORTS):
        return
    st.header("Reports by mail", anchor=False)
    if not running:
        st.text("No report is mailed yet.")
    for one in running:
        _card(page, one)
    if request is not None and page.may(Action.SCHEDULE_REPORTS, request.place_id):
        _form(page, request)


def _card(page: Page, one: ReportSchedule) -> None:
    with page.read() as session:
        words = in_words(session, one)
        people = ", ".join(person.name for person in recipients_of(session, one.id or 0))
        lately = _lately(session, one)
    with st.container(border=True):
        outside(f"{words}\nTo {people or 'nobody'}. Next: {say_moment(one.due_at)}.{lately}")
        may = page.may(Action.SCHEDULE_REPORTS, one.place_id)
        if may and st.button("End these mails", key=f"r_end_{one.id}", icon=":material/unsubscribe:"):
            done(lambda: end_schedule(page.context, page.person, one.id or 0), "No more mails of it.")


def _lately(session: Session, one: ReportSchedule) -> str:
    """What became of the last period's mails."""
    newest = select(ReportMail).where(ReportMail.schedule_id == one.id).order_by(col(ReportMail.period_from).desc())
    mails = list(session.exec(newest.limit(60)))
    if not mails:
        return ""
    first = mails[0]
    counts: dict[str, int] = {}
    for mail in mails:
        if mail.period_from == first.period_from:
            said = OUTCOMES.get(mail.outcome or "", "waiting")
            counts[said] = counts.get(said, 0) + 1
    told = ", ".join(f"{count} {said}" for said, count in counts.items())
    return f" Last, {say_period(first.period_from, first.period_to)}: {told}."


def _form(page: Page, request: Request) -> None:
    st.subheader("Have this report mailed", anchor=False)
    if not page.context.settings.smtp_host:
        st.text(NO_MAIL)
        return
    with page.read() as session:
        people = {person.id or 0: person.name for person in possible_recipients(session)}
    with st.form("r_schedule", border=True):
        st.text(f"{KIND_NAMES[request.kind]}, of the area or campaign chosen above.")
        one, two = st.columns(2)
        rhythms = {one.value: name for one, name in RHYTHM_NAMES.items()}
        formats = {one.value: name for one, name in FORMAT_NAMES.items()}
        rhythm = one.selectbox("How often", list(rhythms), format_func=rhythms.__getitem__, index=2, key="r_rhythm")
        wanted = two.selectbox("As", list(formats), format_func=formats.__getitem__, index=1, key="r_format")
        chosen = st.multiselect("Who gets it", list(people), format_func=people.__getitem__, key="r_people",
                                help="People who use Beatline and may read figures.")  # fmt: skip
        st.caption(_when(page))
        pressed = st.form_submit_button("Have it mailed", icon=":material/schedule_send:")
    if pressed:
        given = ScheduleInput(
            request.kind, Format(wanted), Rhythm(rhythm), tuple(chosen), request.place_id, request.campaign_id
        )
        done(lambda: schedule_report(page.context, page.person, given), "It will be mailed.")


def _when(page: Page) -> str:
    today = as_local(page.now).date()
    said = [f"{RHYTHM_NAMES[one].lower()}: {say_moment(period_of(one, today).due_at)}" for one in Rhythm]
    return f"It tells of whole weeks, months or quarters and comes on the morning after. First mail: {'; '.join(said)}."
