"""A post's versions on its page, with what changed in words."""

from datetime import datetime

from scheduler.planning import PostInput, edit_post
from scheduler.versions import differences, erase_versions, versions_of
from scheduler.views.versions import marked
from tests.views.helpers import HOSTILE, Force, OpenPage, text_of


def edited(force: Force, text: str) -> int:
    post_id = force.plan(text="Officers are at the library from 2pm today.", send=False)
    given = PostInput("patrol_update", text, ("town-desk",), datetime(2026, 6, 1, 12, 0), place="Hexley Moor")
    edit_post(force.context, post_id, given, force.corporate, expected_version=1)
    return post_id


def test_differences_are_told_word_by_word_and_join_to_the_newer_text() -> None:
    found = differences("Come at 2pm today.", "Come at 3pm today, please.")
    assert [what for what, _ in found] == ["same", "removed", "added", "same", "removed", "added"]
    assert "".join(text for what, text in found if what != "removed") == "Come at 3pm today, please."
    assert "".join(text for what, text in found if what != "added") == "Come at 2pm today."
    assert differences("", "") == []


def test_what_was_added_and_taken_out_is_escaped_and_said_without_colour() -> None:
    said = marked(differences("old words", HOSTILE))
    assert "<script>" not in said
    assert "[taken out: " in said
    assert "[added: " in said


def test_each_version_is_kept_with_who_wrote_it(force: Force) -> None:
    post_id = edited(force, "Officers are at the library from 3pm today.")
    with force.context.database.read() as session:
        first, second = versions_of(session, post_id)
    assert (first.version, first.editor, first.parts["Text"]) == (
        1, "Nia Abbot", "Officers are at the library from 2pm today.")  # fmt: skip
    assert (second.version, second.editor, second.parts["Time"]) == (2, "Joel Marsh", "01/06/2026 12:00")


def test_the_page_of_a_post_shows_what_changed(force: Force, open_page: OpenPage) -> None:
    post_id = edited(force, f"Officers are at the library from 3pm today. {HOSTILE}")
    app = open_page("post", as_person=force.corporate, id=str(post_id))
    assert not app.exception
    said = text_of(app)
    assert "Version 2" in said
    html = "".join(block.proto.body for block in app.get("html"))
    assert "<del>" in html
    assert "2pm" in html
    assert "<script>alert" not in html


def test_erased_versions_say_so_and_hold_no_words(force: Force, open_page: OpenPage) -> None:
    """R08, R10."""
    post_id = edited(force, "Officers are at the library from 3pm today.")
    with force.context.database.write() as session:
        assert erase_versions(session, post_id) == 2
        assert erase_versions(session, post_id) == 0
    with force.context.database.read() as session:
        assert [(one.erased, one.parts) for one in versions_of(session, post_id)] == [(True, {}), (True, {})]
    app = open_page("post", as_person=force.corporate, id=str(post_id))
    assert "Its words were erased" in text_of(app)
