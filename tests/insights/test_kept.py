"""What is kept of packed weeks is never served after its facts changed, whichever process changed them."""

import multiprocessing
from collections.abc import Iterator
from datetime import timedelta
from multiprocessing.connection import Connection
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import update
from sqlmodel import col, delete, select

from insights import kept, reach_posts
from insights.facts import FoldedWeek, ReachPack, WeekPack
from insights.figure_filters import Filters
from insights.figure_sums import Sums, sums_by
from insights.folds import STORE, fold_weeks
from insights.kept import packed_weeks
from insights.medians import _of_packs, _of_rows
from insights.packed import Posts, unpack
from insights.packs import MEDIANS, REACH, pack_weeks
from insights.reach import reach_by
from social.context import Context, open_context
from social.errors import BeatlineError
from social.measurements import Measurement
from social.publications import CollectingState, Publication
from social.settings import Settings

Desk = Any
POSTS = 6


@pytest.fixture
def weeks(desk: Desk) -> list[int]:
    """Six posts of six weeks that have come to rest."""
    return [desk.publish(days=60 + 7 * number, figures={"reach": 5 + number, "shares": 2}) for number in range(POSTS)]


@pytest.fixture
def other(weeks: list[int], desk: Desk, settings: Settings) -> Iterator[Connection]:
    """Another process on the same database that does as it is told and says when it is done."""
    desk.context.database.close()  # nobody shares a connection with a process of its own
    fork = multiprocessing.get_context("fork")
    here, there = fork.Pipe()
    process = fork.Process(target=_other_process, args=(there, settings, desk.context))
    process.start()
    yield here
    here.send(None)
    process.join(20)
    assert process.exitcode == 0


def _other_process(orders: Connection, settings: Settings, of: Context) -> None:
    context = open_context(settings, of.make_channel, of.clock)
    while (order := orders.recv()) is not None:
        _change(context, *order)
        orders.send("done")
    context.database.close()


def _change(context: Context, what: str, post: int, amount: int) -> None:
    if what == "pack":
        pack_weeks(context)
        fold_weeks(context)
        return
    with context.database.write() as session:
        publication = session.get(Publication, post)
        now = context.clock.now()
        if publication is None:
            return
        if what == "measure":
            session.add(Measurement(publication_id=post, metric="reach", value=amount, source_metric="reach",
                                    fetched_at=now, checked_at=now))  # fmt: skip
        elif what == "move":
            publication.published_at += timedelta(days=amount % 9 - 4)
        elif what == "kind":
            publication.content_type = "road_info" if amount % 2 else "appeal_missing"
        elif what == "gone":
            for table in (Measurement, CollectingState):
                session.connection().execute(delete(table).where(col(table.publication_id) == post))
            session.connection().execute(delete(Publication).where(col(Publication.id) == post))


CHANGES = st.tuples(st.sampled_from(["pack", "pack", "measure", "move", "kind", "gone"]), st.integers(1, POSTS),
                    st.integers(1, 60), st.booleans())  # fmt: skip


def test_a_kept_week_is_never_served_once_its_facts_changed(desk: Desk, other: Connection) -> None:
    """Changes and packing by this process and by another, in any order: figures are always those of the rows."""
    used = []

    @given(steps=st.lists(CHANGES, max_size=5))
    @hypothesis_settings(
        max_examples=8, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )
    def hold(steps: list[tuple[str, int, int, bool]]) -> None:
        for what, post, amount, elsewhere in [("pack", 1, 1, True), *steps]:
            if elsewhere:
                other.send((what, post, amount))
                assert other.recv() == "done"
            else:
                _change(desk.context, what, post, amount)
            used.append(_figures_are_those_of_the_rows(desk.context))

    hold()
    assert max(used) > 1, "weeks were kept"
    assert min(used) < max(used), "and were dropped"


def _figures_are_those_of_the_rows(context: Context) -> int:
    now = context.clock.now()
    with context.database.read() as session:
        for filters in (Filters(), Filters(now - timedelta(days=90))):
            assert _of_packs(session, "week", filters) == _of_rows(session, "week", filters)
        posts = Sums()
        for one in sums_by(session, "post", Filters()).values():
            posts.add(list(vars(one).values()))
        assert sums_by(session, "place", Filters()) == {None: posts}
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(reach_posts, "FEW", 0)
            packed = reach_by(session, now, "week")
        assert packed == reach_by(session, now, "week")
    return len(kept._kept.get(WeekPack, kept._NOTHING).marks)


@pytest.mark.sqlite_only
def test_a_second_question_reads_no_pack_and_a_changed_week_alone_is_read_again(
    desk: Desk, weeks: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []

    def counted(*of: Any) -> Posts:
        read.append(1)
        return unpack(*of)

    monkeypatch.setattr(kept, "unpack", counted)
    kept._kept.clear()
    assert pack_weeks(desk.context) == POSTS
    assert [_ask(desk.context, read) for _ in range(2)] == [POSTS, 0]
    desk.measure(weeks[2], reach=900)
    assert (_ask(desk.context, read), pack_weeks(desk.context)) == (0, 1)
    assert [_ask(desk.context, read) for _ in range(2)] == [1, 0]


def _ask(context: Context, read: list[int]) -> int:
    """How many packs are read for a question about all weeks."""
    read.clear()
    with context.database.read() as session:
        found = packed_weeks(session, MEDIANS.store, None, None, ["reach", "campaign"])
    assert sum(map(len, found.parts)) == len(found.days)
    return len(read)


@pytest.mark.sqlite_only
def test_what_is_kept_is_bounded_and_the_rest_is_read_each_time(
    desk: Desk, weeks: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept._kept.clear()
    assert pack_weeks(desk.context) == POSTS
    with desk.context.database.read() as session:
        every = packed_weeks(session, REACH.store, None, None, ["reach"])
        kept._kept.clear()
        monkeypatch.setattr(kept, "MOST", 400)
        few = packed_weeks(session, REACH.store, None, None, ["reach"])
    assert few.days == every.days
    assert sorted(kept._kept[ReachPack].marks) == sorted(every.days)[-len(kept._kept[ReachPack].marks) :]
    assert 0 < sum(column.nbytes for column in kept._kept[ReachPack].posts.columns.values()) <= 400
    assert _reached(few) == _reached(every)


def _reached(weeks: kept.Weeks) -> list[tuple[int, int]]:
    return sorted(
        pair
        for part in weeks.parts
        for pair in zip(part.columns["week"].tolist(), part.columns["reach"].tolist(), strict=True)
    )


@pytest.mark.sqlite_only
def test_no_question_can_change_what_is_kept_and_damaged_bytes_are_refused(desk: Desk, weeks: list[int]) -> None:
    kept._kept.clear()
    assert (pack_weeks(desk.context), fold_weeks(desk.context)) == (POSTS, POSTS)
    with desk.context.database.read() as session:
        [part] = packed_weeks(session, MEDIANS.store, None, None, ["reach"]).parts
    with pytest.raises(ValueError, match="read-only"):
        part.columns["reach"][0] = 7
    kept._kept.clear()
    with desk.context.database.write() as session:
        folded = session.exec(select(FoldedWeek)).first()
        assert folded is not None
        session.connection().execute(
            update(FoldedWeek).where(col(FoldedWeek.week) == folded.week).values(body=folded.body[:-1] + b"!")
        )
    with desk.context.database.read() as session, pytest.raises(BeatlineError, match="damaged"):
        sums_by(session, "place", Filters())


@pytest.mark.sqlite_only
def test_what_a_worker_of_the_version_before_packed_is_not_packed_and_is_packed_anew(
    desk: Desk, weeks: list[int]
) -> None:
    """It knows of no marks: its packs are not taken for damaged ones."""
    pack_weeks(desk.context)
    fold_weeks(desk.context)
    with desk.context.database.read() as session:
        stores = (MEDIANS.store, REACH.store, STORE)
        before = [store.weeks(session) for store in stores]
        there = sums_by(session, "place", Filters())
    with desk.context.database.write() as session:
        for store in stores:
            session.connection().execute(update(store.table).values(mark=""))
    with desk.context.database.read() as session:
        assert packed_weeks(session, MEDIANS.store, None, None, ["reach"]).days == frozenset()
        assert sums_by(session, "place", Filters()) == there
    assert (pack_weeks(desk.context), fold_weeks(desk.context)) == (POSTS, POSTS)
    with desk.context.database.read() as session:
        assert [store.weeks(session) for store in stores] == before
        assert sums_by(session, "place", Filters()) == there
