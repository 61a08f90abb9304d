"""The page Leads and the parts that lead to it: checked, handed off, taken along, each look on record, nothing loaded from
outside (R21, R22, R24, R25)."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from social.audit import AuditRecord
from social.channels.base import Heard, HeardAttachment
from social.desks import add_desk
from social.handing_off import see_lead
from social.heard import store_heard
from social.interactions import Interaction
from social.leads import open_lead
from social.practice.network import PracticeNetwork
from social.publications import Publication
from tests.views.helpers import HOSTILE, Force, OpenPage, text_of

pytestmark = pytest.mark.sqlite_only
WORDS = "Saw him Sunday 9pm by the Co-op on Mill Lane https://clips.example/1?a=b"


def lead(force: Force, words: str = WORDS, *attachments: HeardAttachment) -> int:
    """A resident answers an appeal, and somebody makes it a lead.  Returns its number."""
    context = force.context
    force.publish()
    with context.database.write() as session:
        publication = session.exec(select(Publication)).one()
        publication.appeal_ref = "OP-LARCH"
        session.add(publication)
        item = Heard(
            "r1", publication.platform_id, None, words, context.clock.now(), "7", False, attachments=attachments
        )
        ours = {publication.platform_id: publication.id or 0}
        store_heard(session, context.vault, publication.account_id, ours, [item], context.clock.now())
        reply = session.exec(select(Interaction.id)).one()
    return open_lead(context, force.author, reply or 0)


def markdown_of(app: AppTest) -> str:
    """All that Streamlit takes for Markdown."""
    kinds = ("markdown", "caption", "header", "error", "warning", "info", "success")
    return "\n".join(str(block.value) for kind in kinds for block in app.get(kind))


def actions(force: Force) -> list[tuple[str, str | None, str | None]]:
    with force.context.database.read() as session:
        return [(row.action, row.subject_kind, row.subject_id) for row in session.exec(select(AuditRecord))]


def test_with_no_lead_the_page_says_how_there_comes_to_be_one(force: Force, open_page: OpenPage) -> None:
    assert "No lead waits to be handed off. A reply becomes one on the page Replies." in text_of(open_page("leads"))
    assert "No lead fits these filters." in text_of(open_page("leads", show="over"))


def test_who_may_not_hand_off_sees_nothing(force: Force, open_page: OpenPage) -> None:
    number = lead(force)
    for query in ({}, {"lead": str(number)}):
        app = open_page("leads", force.reader, **query)
        assert "You may not hand leads to a desk" in text_of(app)
        assert "Co-op" not in text_of(app)


def test_the_list_goes_by_appeal_and_the_link_shows_the_same(force: Force, open_page: OpenPage) -> None:
    lead(force)
    shown = text_of(open_page("leads", force.author))
    assert "OP-LARCH: lead 1" in shown
    assert "Where: Co-op, Mill Lane" in shown
    assert "No lead fits" in text_of(open_page("leads", force.author, show="handed-off"))
    assert "lead 1" in text_of(open_page("leads", force.author, show="all", appeal="OP-LARCH"))
    assert "lead 1" in text_of(open_page("leads", force.author, show="nonsense", appeal="nonsense"))
    assert ("view replies", "leads", "list") in actions(force)


def test_a_reply_is_made_a_lead_with_one_press_and_says_where_it_is(force: Force, open_page: OpenPage) -> None:
    force.answer(force.publish(), "I saw him last night on Mill Lane", kind="lead")
    app = open_page("replies", force.author, reply="1")
    app = app.button(key="lead_open_1").click().run()
    assert not app.exception
    shown = text_of(app)
    assert "Lead 1: waits to be handed off." in shown
    assert "Picked out of its words: Mill Lane; 31 May 2026, 18:00 BST to 1 June 2026, 06:00 BST" in shown


def test_one_lead_is_confirmed_and_handed_off_on_its_page(force: Force, open_page: OpenPage) -> None:
    number = lead(force)
    add_desk(force.context, force.corporate, "Enquiry desk")
    app = open_page("leads", force.author, lead=str(number))
    shown = text_of(app)
    assert "When: 31 May 2026, 21:00 BST ('Sunday 9pm')" in shown
    assert "Picked out of the words by Beatline." in shown
    assert "Host: clips.example\nLink: https://clips.example/1?a=b" in shown
    app.text_input(key="l_place_1").set_value("Outside the Co-op, Mill Lane")
    app = app.button(key="l_confirm_1").click().run()
    assert not app.exception
    assert "Where: Outside the Co-op, Mill Lane" in text_of(app)
    assert "Picked out of the words" not in text_of(app)
    app.text_area(key="l_note_1").set_value("Urgent")
    app = next(b for b in app.button if b.label == "Hand off").click().run()
    assert not app.exception
    assert "To Enquiry desk, 1 June 2026, 11:00 BST, by Nia Abbot." in text_of(app)
    app.text_input(key="l_given_1").set_value("26/4711")
    app = next(b for b in app.button if b.label == "Note the receipt").click().run()
    assert "Receipt: 26/4711" in text_of(app)
    app = app.button(key="l_used_True_1").click().run()
    assert "Used by the enquiry." in text_of(app)
    seen = see_lead(force.context, force.author, number)
    assert (seen.confirmed, seen.note, seen.state) == (True, "Urgent", "used")
    assert seen.seen_from == force.context.clock.now() - timedelta(hours=14)
    assert ("view replies", "lead", "1") in actions(force)


def test_where_no_desk_takes_leads_the_page_says_who_names_one(force: Force, open_page: OpenPage) -> None:
    shown = text_of(open_page("leads", force.author, lead=str(lead(force))))
    assert "Ask whoever looks after Beatline to name one." in shown


def test_what_a_resident_wrote_and_attached_is_text_and_loads_nothing(force: Force, open_page: OpenPage) -> None:
    picture = HeardAttachment("picture", "https://pbs.twimg.com/media/beacon.jpg", "3_1")
    link = HeardAttachment("link", "https://evil.example/![x](https://beacon.invalid/p.png)")
    number = lead(force, f"Seen him {HOSTILE}", picture, link)
    for query in ({}, {"lead": str(number)}):
        app = open_page("leads", force.author, **query)
        assert not app.exception
        for loaded in ("beacon", "twimg", "<script", "evil.example"):
            assert loaded not in markdown_of(app)
        assert not app.get("image")
        assert "twimg" not in text_of(app)
    assert "Host: evil.example" in text_of(app)
    assert "It lies with the network." in text_of(app)


def test_a_picture_is_fetched_with_a_press_and_shown_drawn_anew(
    force: Force, open_page: OpenPage, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with PracticeNetwork(tmp_path_factory.mktemp("p"), clock=force.context.clock, history_weeks=0) as network:
        kept = [HeardAttachment("picture", f"{network.base_url}/residents/1.jpg"),
                HeardAttachment("video", f"{network.base_url}/residents/2.mp4"),
                HeardAttachment("picture", f"{network.base_url}/residents/none.jpg")]  # fmt: skip
        app = open_page("leads", force.author, lead=str(lead(force, WORDS, *kept)))
        assert len(app.get("image")) == 0
        for number in (1, 2, 3):
            app = app.button(key=f"l_fetch_{number}").click().run()
            assert not app.exception
    shown = text_of(app)
    assert len(app.get("image")) == 1
    assert "The original holds the camera's details; they are kept in the sealed copy alone." in shown
    assert "MP4 film" in shown
    assert "SHA-256 " in "".join(block.value for block in app.code)
    assert "does not have it at this address any more" in shown
    next(force.context.settings.home.rglob("*.sealed")).unlink()  # as after a restore
    app = open_page("leads", force.author, lead="1")
    assert not app.exception
    assert "The sealed copy is not here any more; backups carry none. Fetch it again." in text_of(app)


def test_the_page_appeals_shows_the_numbers_and_warns_before_leads_are_erased(
    force: Force, open_page: OpenPage
) -> None:
    """M07, R10."""
    from scheduler.planning import PostInput, approve_post, plan_post, send_for_approval
    from scheduler.worker import publish_due

    context = force.context
    text = "Have you seen Oriel Tamsett, 34, of Elderwick? Call 101, or 999 if you see her now."
    given = PostInput("appeal_missing", text, ("town-desk",), place="Hexley Moor", appeal_ref="WD-9",
                      due_local=(context.clock.now() + timedelta(hours=1)).replace(tzinfo=None))  # fmt: skip
    post_id = plan_post(context, given, force.author)
    send_for_approval(context, post_id, force.author)
    approve_post(context, post_id, force.corporate)
    publish_due(context)
    app = open_page("appeals", force.corporate)
    assert "No reply to these appeals was made a lead yet." in text_of(app)
    force.answer(post_id, "She was at the bus station an hour ago", kind="lead")
    open_lead(context, force.author, 1)
    app = open_page("appeals", force.corporate)
    frame = next(table.value for table in app.dataframe if "Used" in table.value.columns)
    assert frame.to_dict("records") == [
        {"Reference": "WD-9", "Leads": 1, "Handed off": 0, "Used": 0, "Waiting": 1, "Hours to the first lead": "0.0"}
    ]
    app = app.button(key="a_end_1").click().run()
    assert "1 lead of this appeal waits to be handed off." in text_of(app)


def test_a_time_that_the_clock_shows_twice_is_asked_about_and_kept_as_it_was_said(
    force: Force, open_page: OpenPage
) -> None:
    """R42: an hour is a long time in an enquiry."""
    number = lead(force)
    app = open_page("leads", lead=str(number))
    for end in ("from", "to"):
        app.date_input(key=f"l_{end}_1_day").set_value(date(2026, 10, 25))
        app.time_input(key=f"l_{end}_1_time").set_value(time(1, 30))
    app = app.run()
    assert app.radio(key="l_from_1_fold_None").value is None, "nothing is taken for granted"
    app = app.button(key="l_confirm_1").click().run()
    assert "From: 01:30 on 25 October 2026 comes twice" in text_of(app)
    app.radio(key="l_from_1_fold_None").set_value(0)
    app.radio(key="l_to_1_fold_None").set_value(1)
    app = app.button(key="l_confirm_1").click().run()
    assert "Lead 1 is confirmed." in text_of(app)
    seen = see_lead(force.context, force.author, number)
    assert seen.seen_from == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert seen.seen_to == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    app = open_page("leads", lead=str(number))
    assert [app.radio(key=key).value for key in ("l_from_1_fold_0", "l_to_1_fold_1")] == [0, 1]
