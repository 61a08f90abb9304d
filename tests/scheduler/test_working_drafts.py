"""What somebody is writing: kept, found again, not overwritten by another window, and forgotten in time."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from scheduler.appeal_closing import close_appeal
from scheduler.draft_ending import PURGERS, drop_draft, purge_drafts
from scheduler.erasing import erase_due
from scheduler.media import placeholder, read_picture
from scheduler.planning import approve_post, plan_post, send_for_approval
from scheduler.working_drafts import KeptElsewhere, draft_of_post, draft_with, drafts_of, keep_draft
from social.audit import AuditRecord
from social.errors import InputError, NotAllowed
from tests.scheduler.helpers import Force

pytestmark = pytest.mark.sqlite_only


def test_a_draft_is_kept_again_and_again_under_one_number(force: Force) -> None:
    first = keep_draft(force.context, force.author, {"w_text": "Ducks"})
    second = keep_draft(force.context, force.author, {"w_text": "Ducks on Mill Road"}, draft_id=first.id, version=1)
    assert (second.id, second.version) == (first.id, 2)
    with force.context.database.read() as session:
        assert draft_with(session, force.author, first.id).words == "Ducks on Mill Road"
        assert [one.id for one in drafts_of(session, force.author)] == [first.id]
        assert session.exec(select(AuditRecord)).all() == []  # typing is no act, and no word of it is on record


def test_a_second_window_is_told_and_overwrites_nothing(force: Force) -> None:
    draft = keep_draft(force.context, force.author, {"w_text": "One"})
    keep_draft(force.context, force.author, {"w_text": "Two"}, draft_id=draft.id, version=1)
    with pytest.raises(KeptElsewhere) as caught:
        keep_draft(force.context, force.author, {"w_text": "Three"}, draft_id=draft.id, version=1)
    assert caught.value.now.words == "Two"
    with force.context.database.read() as session:
        assert draft_with(session, force.author, draft.id).words == "Two"


def test_a_draft_is_nobody_elses(force: Force) -> None:
    """R17: also not a supervisor's; and only those who may plan posts keep any."""
    draft = keep_draft(force.context, force.author, {"w_text": "One"})
    with force.context.database.read() as session, pytest.raises(InputError, match="somebody else's"):
        draft_with(session, force.supervisor, draft.id)
    with pytest.raises(InputError, match="somebody else's"):
        keep_draft(force.context, force.supervisor, {"w_text": "Mine"}, draft_id=draft.id, version=1)
    drop_draft(force.context, force.supervisor, draft.id)
    with force.context.database.write() as session:
        assert drafts_of(session, force.author)[0].words == "One"
        force.author.active = False
        session.merge(force.author)
    with pytest.raises(NotAllowed):
        keep_draft(force.context, force.author, {"w_text": "Two"}, draft_id=draft.id, version=1)


def test_changes_to_a_post_are_found_by_the_post(force: Force) -> None:
    post_id = plan_post(force.context, force.post(), force.author)
    draft = keep_draft(force.context, force.author, {"w_text": "Geese"}, post_id=post_id)
    with force.context.database.read() as session:
        assert draft_of_post(session, force.author, post_id) == draft
        assert draft_of_post(session, force.supervisor, post_id) is None


def test_a_draft_that_nobody_goes_on_with_is_forgotten_with_its_picture(force: Force) -> None:
    """R28."""
    context = force.context
    context.settings = replace(context.settings, draft_days=30)
    picture = read_picture("a.png", placeholder())
    context.settings.media_folder.mkdir(parents=True, exist_ok=True)
    (context.settings.media_folder / picture.file_name).write_bytes(picture.content)
    keep_draft(context, force.author, {"w_text": "Old", "w_stored": picture.file_name})
    force.clock.advance(timedelta(days=29))
    keep_draft(context, force.author, {"w_text": "New"})
    assert purge_drafts(context) == 0
    force.clock.advance(timedelta(days=1))
    with context.database.read() as session:
        assert PURGERS[0].count(session, context.settings, force.clock.now()) == 1
    assert purge_drafts(context) == 1
    with context.database.read() as session:
        assert [one.words for one in drafts_of(session, force.author)] == ["New"]
    assert not (context.settings.media_folder / picture.file_name).exists()


def test_with_an_appeal_that_ends_what_was_being_written_for_it_goes(force: Force) -> None:
    """R10: under its reference however it was typed, as a change of its post, or with the name in it."""
    text = "Missing: Oriel Tamsett, 34, of Stonemere. If you see them now call 999. With other information call 101."
    given = force.post(text, content_type="appeal_missing", appeal_ref="WP-2026-7")
    post_id = plan_post(force.context, given, force.author)
    send_for_approval(force.context, post_id, force.author)
    approve_post(force.context, post_id, force.corporate)
    for values in (
        {"w_text": "Still missing", "w_appeal": "wp-2026-7"},
        {"w_text": "Missing: Oriel Tamsett, 34, was seen in Larkfield Rise."},
        {"w_text": "Nothing to do with it"},
    ):
        keep_draft(force.context, force.author, values)
    keep_draft(force.context, force.supervisor, {"w_text": "A change"}, post_id=post_id)
    close_appeal(force.context, "WP-2026-7", "found", force.corporate, "She is home.")
    force.clock.advance(timedelta(hours=24))
    erase_due(force.context)
    with force.context.database.read() as session:
        assert [one.words for one in drafts_of(session, force.author)] == ["Nothing to do with it"]
        assert drafts_of(session, force.supervisor) == []
