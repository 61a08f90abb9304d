"""The page Audit: narrowed by the address, closed to most, and a file that no spreadsheet runs."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from social.audit import AuditRecord, record
from social.audit_list import Wanted
from social.audit_words import what_changed
from social.context import Context
from social.errors import NotAllowed
from social.views.audit_file import export
from tests.views.helpers import Force, OpenPage, text_of


@pytest.fixture
def rows(force: Force) -> Context:
    context = force.context
    with context.database.write() as session:
        now = context.clock.now()
        record(session, now, actor=force.author, action="plan post", subject=("post", 1))
        record(session, now + timedelta(days=1), actor=force.corporate, action="approve post", subject=("post", 1),
               reason="=HYPERLINK(1)")  # fmt: skip
        record(session, now + timedelta(days=2), actor=force.corporate, action="pause account", subject=("account", 1))
    return context


def shown(open_page: OpenPage, force: Force, **query: str) -> list[int]:
    app = open_page("audit", as_person=force.corporate, **query)
    assert not app.exception
    return [int(number) for number in app.dataframe[0].value["Row"]] if app.dataframe else []


def test_the_rows_are_narrowed_by_the_address(rows: Context, force: Force, open_page: OpenPage) -> None:
    assert shown(open_page, force) == [3, 2, 1]
    assert shown(open_page, force, who="nia") == [1]
    assert shown(open_page, force, what="approve") == [2]
    assert shown(open_page, force, about="post 1") == [2, 1]
    assert shown(open_page, force, about="post 9") == []


def test_other_rows_are_shown_from_the_newest_on(rows: Context, force: Force, open_page: OpenPage) -> None:
    app = open_page("audit", as_person=force.corporate, start="1")
    assert [int(number) for number in app.dataframe[0].value["Row"]] == [2, 1]
    app.text_input(key="what").set_value("approve").run()
    assert [int(number) for number in app.dataframe[0].value["Row"]] == [2]
    app = open_page("audit", as_person=force.corporate, start="9")
    assert not app.dataframe
    app.button(key="newest").click().run()
    assert [int(number) for number in app.dataframe[0].value["Row"]] == [3, 2, 1]


def test_the_page_says_whether_the_record_is_whole(rows: Context, force: Force, open_page: OpenPage) -> None:
    app = open_page("audit", as_person=force.corporate)
    app.button(key="verify").click().run()
    assert "All 3 rows are as they were written." in [box.value for box in app.success]
    with rows.database.write() as session:
        session.connection().execute(text("DELETE FROM audit_head"))
    app.button(key="verify").click().run()
    assert any("rows after 3 may have been cut off" in box.value for box in app.error)


def test_who_may_not_read_the_record_does_not_see_it(rows: Context, force: Force, open_page: OpenPage) -> None:
    app = open_page("audit", as_person=force.author)
    assert any("You may not read the audit record" in box.value for box in app.error)
    assert not app.dataframe
    assert "approve post" not in text_of(app)


def test_the_file_runs_nothing_and_taking_it_is_recorded(rows: Context, force: Force) -> None:
    """R24."""
    with pytest.raises(NotAllowed):
        export(rows, force.author, Wanted())
    lines = export(rows, force.corporate, Wanted()).decode("utf-8-sig").splitlines()
    assert lines[0] == "Row,When,Who,What,About,Before,After,Why"
    assert len(lines) == 4
    assert lines[2].endswith(",'=HYPERLINK(1)")
    with rows.database.read() as session:
        last = session.exec(select(AuditRecord).order_by(col(AuditRecord.seq).desc())).first()
    assert last is not None
    assert (last.actor, last.action, last.subject_id, last.after) == (
        force.corporate.email,
        "export",
        "audit",
        '{"rows":3}',
    )


def test_looking_at_replies_is_recorded_once_an_hour(force: Force, open_page: OpenPage) -> None:
    """R24."""
    publication = force.answer(force.publish(), "Thank you!")

    def looks() -> list[tuple[str, str]]:
        with force.context.database.read() as session:
            rows = session.exec(
                select(AuditRecord).where(AuditRecord.action == "view replies").order_by(col(AuditRecord.seq))
            )
            return [(row.actor, f"{row.subject_kind} {row.subject_id}") for row in rows]

    for _ in range(2):
        open_page("replies", as_person=force.corporate)
        open_page("replies", as_person=force.corporate, thread=str(publication))
    seen = [(force.corporate.email, "replies list"), (force.corporate.email, f"thread {publication}")]
    assert looks() == seen
    force.context.clock.advance(timedelta(hours=1))  # type: ignore[attr-defined]  # a settable one
    open_page("replies", as_person=force.corporate)
    assert looks() == [*seen, seen[0]]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('{"role":"author","active":true}', '{"role":"supervisor","active":true}', "Role: author, now supervisor."),
        ('{"state":"in_review"}', '{"state":"queued","due_at":"2026-06-01T09:00:00+00:00"}',
         "State: waiting for approval, now going out. Time: Monday 1 June 2026, 10am."),
        ("", '{"areas":[],"on":false,"words":1200}', "Areas: nothing. On: no. Words: 1,200."),
        ('{"share":{"lang":"cy","share":0.2}}', "", "Share was lang cy, share 0.2."),
        ("", '{"body":"digest:cf769f9e38c1a2b3"}', "Words and pictures: kept as a fingerprint."),
        ("", "", ""),
        ("spoiled", "[1]", "Value: spoiled, now 1."),
    ],
)  # fmt: skip
def test_what_changed_is_said_in_words(before: str, after: str, said: str) -> None:
    assert what_changed(before, after) == said
