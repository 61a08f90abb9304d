"""The same file from two desks at once, and from two worker hosts: each row becomes one post."""

import threading
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from scheduler.importing import ImportReport, import_posts
from scheduler.posts import Post
from social.channels.registry import make_channel
from social.context import Context, open_context
from social.places import Place
from social.staff import Person
from tests.scheduler.helpers import Force

ROWS = 12


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "posts.csv"
    lines = [f"P{n},lighthearted,memory,Ducks {n},Elderwick,Woldershire Police" for n in range(ROWS)]
    path.write_text("\n".join(["post_id,content_type,channel,text,neighbourhood,force", *lines]), encoding="utf-8")
    return path


def test_two_imports_of_one_file_at_once_bring_each_row_in_once(force: Force, file: Path) -> None:
    desks = [open_context(force.context.settings, make_channel, force.clock) for _ in range(3)]
    together = threading.Barrier(len(desks))
    reports: list[ImportReport] = []
    failures: list[BaseException] = []

    def bring_in(desk: Context) -> None:
        together.wait()
        try:
            reports.append(import_posts(desk, file, due_now=True))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=bring_in, args=(desk,)) for desk in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for desk in desks:
        desk.database.close()
    assert failures == []
    assert sorted(report.posts for report in reports) == [0, 0, ROWS]
    assert sum(report.skipped_existing for report in reports) == 2 * ROWS
    with force.context.database.read() as session:
        references = [post.external_ref for post in session.exec(select(Post))]
        assert len(references) == len(set(references)) == ROWS
        for table in (Place, Person):
            names = [row.name for row in session.exec(select(table))]
            assert len(names) == len(set(names))


def test_the_database_itself_takes_an_id_only_once(force: Force) -> None:
    """Whatever forgets to look first: the guard is in the table."""
    now, author_id = force.clock.now(), force.author.id
    with pytest.raises(IntegrityError), force.context.database.write(together=True) as session:
        for _ in range(2):
            session.add(Post(external_ref="P1", content_type="lighthearted", text="Ducks.", author_id=author_id,
                             created_at=now, updated_at=now))  # fmt: skip
