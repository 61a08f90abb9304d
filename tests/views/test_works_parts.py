"""The parts of the page What works: the period before, few posts, an account that stands still, an area, totals, findings."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from insights.findings.kept import KeptFinding
from social.places import Place, PlaceKind, find_or_add_place
from social.publications import CollectingState, Publication
from tests.findings import made
from tests.views.helpers import HOSTILE, Force, OpenPage, text_of

pytestmark = pytest.mark.sqlite_only


def test_the_page_opens_on_28_days_against_the_28_before(force: Force, open_page: OpenPage) -> None:
    force.past("survey", 12, reach=1000, reactions=20)
    force.context.clock.advance(timedelta(days=29))  # type: ignore[attr-defined]
    force.past("event", 11, reach=500, reactions=10)
    app = open_page("works")
    assert app.selectbox(key="i_period").value == "Last 28 days"
    assert {metric.label: metric.value for metric in app.metric}["Posts on In-memory network"] == "11"
    assert "In the 28 days before: posts on In-memory network 12; reach of a post, median 1,000;" in text_of(app)
    assert len(app.get("vega_lite_chart")) <= 4


def test_under_ten_posts_the_posts_are_shown_and_no_chart(force: Force, open_page: OpenPage) -> None:
    force.past("survey", 9, reach=1000, reactions=20)
    app = open_page("works")
    assert "9 posts are too few to tell anything from a chart: here they are one by one." in text_of(app)
    assert not app.get("vega_lite_chart")
    assert [len(frame.value) for frame in app.dataframe] == [9]


def test_an_account_that_nobody_has_read_for_long_marks_its_figures(force: Force, open_page: OpenPage) -> None:
    force.past("survey", 12, reach=1000, reactions=20)
    with force.context.database.write() as session:
        for publication in session.exec(select(Publication)):
            read = CollectingState(
                publication_id=publication.id, last_at=force.context.clock.now(), next_at=force.context.clock.now()
            )
            session.add(read)
    assert not open_page("works").warning
    force.context.clock.advance(timedelta(days=3))  # type: ignore[attr-defined]
    app = open_page("works")
    assert [warning.value for warning in app.warning] == ["Not up to date"]
    assert "town-desk has not been read since Monday 1 June 2026, 10am" in text_of(app)
    assert any("last 28 days, not up to date" in caption.value for caption in app.caption)


def test_where_an_area_is_chosen_the_question_is_answered_first(force: Force, open_page: OpenPage) -> None:
    force.past("survey", 12, reach=1000, reactions=20)
    app = open_page("works", i_area="Hexley Moor")
    said = text_of(app)
    assert "Are we reaching people in Hexley Moor, and with what?" in said
    assert (
        "12 posts were about Hexley Moor in the last 28 days. The most that any of them reached is 1,000 accounts"
        in said
    )
    assert "how many different people all posts reached together, nobody knows" in said
    assert said.index("Are we reaching") < said.index("Finding of the week" if "Finding of" in said else "Posts")


def test_totals_lead_from_the_force_to_the_posts_and_words_of_a_file_stay_words(
    force: Force, open_page: OpenPage
) -> None:
    with force.context.database.write() as session:
        team = find_or_add_place(session, f"Team {HOSTILE}", PlaceKind.TEAM)
        place = session.get_one(Place, force.place.id)
        place.parent_id = team.id
        session.add(place)
    force.past("survey", 3, reach=1000, reactions=20)
    app = open_page("works", i_part="Totals")
    [table] = [frame.value for frame in app.dataframe]
    assert table["What"].tolist() == ["Hexley Moor", "Total"]
    assert table["Engagement"].tolist() == ["60", "60"]
    assert not any("![beacon]" in link.proto.label for link in app.get("page_link"))
    app = open_page("works", i_part="Totals", level=str(force.place.id))
    [table] = [frame.value for frame in app.dataframe]
    assert table["Posts"].tolist() == ["1", "1", "1", "3"]
    app = open_page("works", i_part="Totals", i_area="Hexley Moor", level="0")
    assert app.dataframe[0].value["What"].tolist() == ["Hexley Moor", "Total"]
    app.selectbox(key="i_area").set_value(0).run()
    assert "level" not in app.query_params


def test_every_finding_comes_with_its_evidence(force: Force, open_page: OpenPage) -> None:
    force.past("survey", 1, reach=1000, reactions=20)
    with force.context.database.write() as session:
        body = made("answers").as_text()
        session.add(KeptFinding(key="answers", position=0, body=body, worked_out_at=force.context.clock.now()))
    app = open_page("works", i_part="Findings")
    assert "answers is so." in text_of(app)
    assert not app.dataframe
    app.session_state["evidence_0"] = True
    app.run()
    assert not app.exception
    assert "It does not say why." in text_of(app)
    assert len(app.dataframe) == 1
    assert app.get("vega_lite_chart")


def test_a_finding_leads_to_the_figures_behind_it_on_the_same_page(force: Force, open_page: OpenPage) -> None:
    force.past("survey", 1, reach=1000, reactions=20)
    link = {"i_part": "Like with like", "i_by": "Picture or not", "i_period": "Last 12 weeks"}
    with force.context.database.write() as session:
        body = replace(made("difference"), link_params=link).as_text()
        session.add(KeptFinding(key="difference", position=0, body=body, worked_out_at=force.context.clock.now()))
    app = open_page("works", i_part="Findings")
    app.button(key="go_0").click().run()
    assert not app.exception
    assert "Like with like" in [header.value for header in app.header]
    assert (app.selectbox(key="i_by").value, app.selectbox(key="i_area").value) == ("picture", 0)
    assert app.selectbox(key="i_period").value == "Last 12 weeks"


def test_what_did_best_is_offered_to_be_said_again_and_nothing_of_an_appeal(force: Force, open_page: OpenPage) -> None:
    force.past("survey", 6, reach=1000, reactions=20)
    force.past("event", 6, reach=1000, reactions=200)
    force.past("appeal_witness", 6, reach=1000, reactions=400)
    assert "Use one again" not in text_of(open_page("works", as_person=force.author)), "none of them came from Beatline"
    with force.context.database.write() as session:
        for number, publication in enumerate(session.exec(select(Publication)), 1):
            publication.post_id, publication.text = number, f"{publication.content_type} {HOSTILE}"
    app = open_page("works", as_person=force.author)
    assert "The newest posts of the kind with the highest engagement rate: event." in text_of(app)
    assert len([link for link in app.get("page_link") if link.label.startswith("Use post")]) == 3
    assert not any(HOSTILE in block.value for block in app.markdown)
    assert "Use one again" not in text_of(open_page("works", as_person=force.reader))
