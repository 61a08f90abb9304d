"""What the page What works says of figures, and what it leaves unsaid."""

import csv
import io
from dataclasses import replace

from insights import charts, sayings
from insights.figures import FigureRow
from insights.findings.base import Finding
from insights.views import findings_part
from social.open_data_credit import CREDIT
from social.places import Place
from social.police_data_areas import SOURCE
from social.views.parts import Page
from tests.views.helpers import Force, OpenPage, text_of


def row(label: str, posts: int = 6, rate: float | None = 0.05, **more: object) -> FigureRow:
    return replace(FigureRow(label.lower(), label, posts=posts, engagement_rate=rate, ranked=posts >= 5), **more)  # type: ignore[arg-type]


def rate(figures: FigureRow) -> float | None:
    return figures.engagement_rate


def test_the_headline_is_computed_from_the_rows() -> None:
    said = sayings.headline([row("Survey", rate=0.02), row("Patrol", rate=0.05)], rate, what="engagement rate")
    assert said == (
        "Patrol had the highest engagement rate, 2.5 times that of Survey; from 6 and 6 posts that may be chance."
    )
    many = [row("Survey", 31, rate=0.02), row("Patrol", 1_200, rate=0.05)]
    assert sayings.headline(many, rate, what="rate").endswith("that of Survey; from 1,200 and 31 posts.")


def test_groups_that_hardly_differ_are_not_ranked() -> None:
    assert "hardly differ" in sayings.headline([row("A", rate=0.05), row("B", rate=0.055)], rate, what="rate")


def test_under_five_posts_it_is_too_few_to_tell() -> None:
    """M09."""
    assert sayings.headline([row("A", posts=4), row("B", posts=4)], rate, what="rate") == sayings.TOO_FEW


def test_missing_person_appeals_are_never_in_a_league_table() -> None:
    """R11."""
    rows = [row("Missing person appeal", posts=50, rate=0.9, ranked=False), row("Survey"), row("Patrol", rate=0.3)]
    assert "Missing" not in sayings.headline(rows, rate, what="rate")
    assert sayings.table(rows)[0]["Can be compared"] == "never ranked"


def test_a_week_without_a_report_is_a_gap_and_not_nought() -> None:
    weeks = [row("w1"), row("w2", rate=None), row("w3")]
    assert sayings.gaps(weeks, rate) == 1
    drawn = charts.weeks([("1 Jun", 4.0), ("8 Jun", None)], dark=False).to_dict()
    values = [record["value"] for dataset in drawn["datasets"].values() for record in dataset]
    assert 0.0 not in values
    assert None in values


def test_the_table_says_what_was_not_reported() -> None:
    assert sayings.table([row("A", reach=None)])[0]["Reach, median"] == "not reported"


def test_the_csv_holds_no_formula() -> None:
    cells = list(
        csv.reader(io.StringIO(sayings.as_csv([row("=HYPERLINK(1)"), row("+1"), row("@x")]).decode("utf-8-sig")))
    )
    assert [line[0] for line in cells[1:]] == ["'=HYPERLINK(1)", "'+1", "'@x"]


def test_the_page_shows_figures_of_one_network_with_their_table(force: Force, open_page: OpenPage) -> None:
    force.past("lighthearted", 6, reach=1000, reactions=80)
    force.past("survey", 6, reach=1000, reactions=20)
    force.past("recognition", 2, reach=1000, reactions=500)
    app = open_page("works")
    assert not app.exception
    assert (
        "Lighthearted had the highest engagement rate, 4.0 times that of Survey; from 6 and 6 posts that may be chance."
        in text_of(app)
    )
    assert any("too few to tell" in caption.value for caption in app.caption)
    assert {metric.label: metric.value for metric in app.metric}["Posts on In-memory network"] == "14"


def test_a_network_that_reports_no_reach_is_measured_by_times_shown_or_not_at_all(
    force: Force, open_page: OpenPage
) -> None:
    force.past("survey", 12, reach=None, reactions=20)
    app = open_page("works")
    assert {metric.label: metric.value for metric in app.metric}["Reach of a post, median"] == "not reported"
    assert sayings.TOO_FEW in text_of(app)


def test_a_trend_that_chance_often_brings_is_not_told() -> None:
    noisy = [row(f"w{n}", reach=value) for n, value in enumerate((5, 12, 8, 11, 4, 10, 6, 9, 7, 8))]
    said = sayings.trend(noisy, lambda figures: figures.reach, what="median reach of a post")
    assert said == "No clear change in the median reach of a post over these 10 weeks."


def test_a_trend_compares_the_medians_of_the_halves() -> None:
    rising = [row(f"w{n}", reach=float(value)) for n, value in enumerate((10, 12, 14, 11, 13, 20, 22, 24, 21, 23))]
    said = sayings.trend(rising, lambda figures: figures.reach, what="median reach of a post")
    assert said == "The median reach of a post went up: the later weeks stand at 183% of the earlier."
    assert "Too few weeks" in sayings.trend(rising[:7], lambda figures: figures.reach, what="median reach of a post")


def test_one_area_is_not_held_against_others(force: Force, open_page: OpenPage) -> None:
    force.past("survey", 12, reach=1000, reactions=20)
    app = open_page("works")
    assert "By area" in [header.value for header in app.header]
    app.selectbox(key="i_area").set_value(force.place.id).run()
    assert not app.exception
    assert "By area" not in [header.value for header in app.header]


def test_a_file_of_a_finding_on_areas_credits_whoever_counted_there_and_no_other_does(force: Force) -> None:
    """D06, R24."""
    page = Page(force.context, force.author, (), force.context.clock.now())
    found = Finding("areas silent", "areas", "Two areas are silent.", 2, "areas", "", ("Area",), (("Copperbeck",),), "bars",
                    (), "", "", "")  # fmt: skip
    assert CREDIT not in findings_part._take_along(page, found).decode("utf-8-sig"), "nothing of it is open data yet"
    with force.context.database.write() as session:
        session.add(
            Place(name="Copperbeck", kind="team", population=900, population_year=2024, population_source=SOURCE)
        )
    told = list(csv.reader(io.StringIO(findings_part._take_along(page, found).decode("utf-8-sig"))))
    assert told == [["Area"], ["Copperbeck"], [], [CREDIT]]
    other = replace(found, kind="answers")
    assert CREDIT not in findings_part._take_along(page, other).decode("utf-8-sig")
