"""What the page What works says of like with like, of times and of light posts."""

import csv
import io
from datetime import time, timedelta

import numpy as np
import pytest
from sqlmodel import select

from insights.charts import Range
from insights.comparison_tables import as_csv, chart_rows, table
from insights.comparison_values import Compared
from scheduler.named_slots import add_slot
from social.audit import AuditRecord
from social.measurements import Measurement
from social.publications import Publication
from tests.views.helpers import Force, OpenPage, text_of

pytestmark = pytest.mark.sqlite_only


def week_old(force: Force, count: int) -> None:
    """Posts whose reach was read when they were seven days old; every other one has a picture and more of it."""
    now, chance = force.context.clock.now(), np.random.default_rng(3)
    with force.context.database.write() as session:
        for number in range(count):
            at = now - timedelta(days=8 + number * 0.9)
            post = Publication(
                account_id=force.account.id, platform_id=f"w{number}", text="Out and about", published_at=at,
                content_type=("event", "appeal_cctv", "lighthearted")[number % 3], has_picture=number % 2 == 0,
            )  # fmt: skip
            session.add(post)
            session.flush()
            reach = int((900 if number % 2 == 0 else 300) * np.exp(chance.normal(0, 0.5)))
            session.add(Measurement(publication_id=post.id, metric="reach", value=reach, source_metric="test",
                                    fetched_at=at + timedelta(days=7), checked_at=at + timedelta(days=7)))  # fmt: skip


def test_like_with_like_has_headline_chart_table_and_what_it_rests_on(force: Force, open_page: OpenPage) -> None:
    week_old(force, 60)
    app = open_page("works", i_part="Like with like", i_by="Picture or not")
    assert not app.exception
    said = text_of(app)
    assert "With a picture, people reached: about " in said
    assert "posts like them." in said
    assert "Allowed for: account, content type, age of the post, trend over time, week." in said
    assert any("95% interval" in caption.value for caption in app.caption)
    columns = app.dataframe[0].value.columns
    assert {"Posts", "Median", "Lower quartile", "Upper quartile", "Ratio to like posts", "From", "To"} <= set(columns)


def test_without_posts_enough_each_part_says_so(force: Force, open_page: OpenPage) -> None:
    """M09, M12."""
    week_old(force, 4)
    add_slot(force.context, "After school", (0, 2), time(15, 30), force.author)
    said = {part: text_of(open_page("works", i_part=part)) for part in
            ("Like with like", "When to post", "Light and serious")}  # fmt: skip
    assert "Too few to tell: fewer than two groups have 5 posts" in said["Like with like"]
    assert "Too few posts to say." in said["When to post"]
    slot = next(line for line in said["When to post"].splitlines() if line.startswith("After school ("))
    assert slot.endswith("): Too few posts to say.")
    assert "Too few weeks and appeals to tell whether light posts help" in said["Light and serious"]
    assert "What cannot be concluded" in said["Light and serious"]
    assert "This takes 24 weeks or more: choose a longer period above." in said["Light and serious"]


def compared(label: str, **values: object) -> Compared:
    given = {"ratio": 1.5, "low": 0.9, "high": 2.4, "cautious": 1.3, **values}
    return Compared(label.lower(), label, 12, 300.0, 200.0, 500.0, chance=0.2, **given)  # type: ignore[arg-type]


def test_half_and_double_lie_equally_far_from_no_difference_on_the_chart() -> None:
    drawn = chart_rows([compared("A", ratio=2.0, low=0.5, high=float("inf")), compared("B", ratio=None)])
    assert drawn == (Range("A", 1.0, -1.0, 3.0, "2.0, 0.5 to no end", 12),)


def test_the_file_says_what_the_table_says_and_holds_no_formula() -> None:
    rows = [compared("=1+1"), compared("B", ratio=None, low=None, high=None, reason="Too few to tell.")]
    cells = list(csv.reader(io.StringIO(as_csv(rows).decode("utf-8-sig"))))
    assert cells[1][:2] == ["'=1+1", "12"]
    assert table(rows)[1]["Ratio to like posts"] == "–"
    assert cells[2][cells[0].index("Ratio to like posts")] == ""
    assert cells[2][-1] == table(rows)[1]["Why not"] == "Too few to tell."


def test_a_file_that_is_taken_along_is_on_record(force: Force, open_page: OpenPage) -> None:
    """R24."""
    from insights.views import comparisons_part
    from social.views.parts import Page

    page = Page(force.context, force.reader, (), force.context.clock.now())
    comparisons_part._take_along(page, [compared("A")])
    with force.context.database.read() as session:
        last = session.exec(select(AuditRecord).order_by(AuditRecord.seq.desc())).first()
    assert (last.action, last.subject_id, last.after) == ("export", "comparisons", '{"rows":1}')
