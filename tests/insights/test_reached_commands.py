"""`beatline insights reach` and `sentiment` print the same figures as the functions that pages call."""

import json

import pytest

from insights.chosen import Chosen
from insights.reach import reach_by, reach_of
from insights.reading.stored import read_new
from insights.sentiment import sentiment_of
from social.places import PlaceKind, find_or_add_place
from tests.insights.conftest import Desk
from tests.insights.test_commands import run

pytestmark = pytest.mark.sqlite_only


def test_reach_as_rows_and_as_json_is_what_the_function_says(desk: Desk) -> None:
    with desk.context.database.write() as session:
        place = find_or_add_place(session, "Copperbeck", PlaceKind.NEIGHBOURHOOD).id
    desk.publish(place_id=place, figures={"reach": 1200, "shares": 3, "reactions": 9})
    desk.publish("road_info", channel="x", figures={"impressions": 500})
    now = desk.context.clock.now()
    with desk.context.database.read() as session:
        whole, kinds = reach_of(session, now), reach_by(session, now, "content_type")
        here = reach_of(session, now, Chosen(place_id=place))
    assert json.loads(run(desk.context, "insights", "reach", "--json").stdout) == [whole.as_row()]
    printed = json.loads(run(desk.context, "insights", "reach", "--by", "content_type", "--json").stdout)
    assert printed == [row.as_row() for row in kinds]
    assert json.loads(run(desk.context, "insights", "reach", "--area", "copperbeck", "--json").stdout) == [
        here.as_row()
    ]
    shown = run(desk.context, "insights", "reach").stdout
    assert "At least 1,200 accounts reached" in shown
    assert "not reported" in shown
    weeks = run(desk.context, "insights", "reach", "--weeks", "3", "--age", "now").stdout
    assert "X does not report reach." in weeks
    [facebook, x] = json.loads(run(desk.context, "insights", "reach", "--weeks", "3", "--age", "now", "--json").stdout)
    assert [point["value"] for segment in facebook["segments"] for point in segment["points"]] == [1200.0]
    assert x["segments"] == []
    assert run(desk.context, "insights", "reach", "--weeks", "3", "--since", "9d").exit_code == 1
    with desk.context.database.write() as session:
        odd = find_or_add_place(session, "Locks [/b] Quarry", PlaceKind.NEIGHBOURHOOD).id
    desk.publish("road_info", place_id=odd, figures={"reach": 7})
    assert "Locks [/b] Quarry" in run(desk.context, "insights", "reach", "--by", "place").stdout, (
        "no mark-up of a terminal"
    )


def test_sentiment_as_rows_and_as_json_is_what_the_function_says(desk: Desk) -> None:
    post = desk.publish()
    for words in ("Thank you for coming", "What a joke, you never turn up", "When is the next one?"):
        desk.reply(post, words)
    read_new(desk.context)
    with desk.context.database.read() as session:
        whole = sentiment_of(session)
    assert json.loads(run(desk.context, "insights", "sentiment", "--json").stdout) == [whole.as_row()]
    assert "Too few to tell: 3 replies read" in run(desk.context, "insights", "sentiment").stdout
    assert "Event" in run(desk.context, "insights", "sentiment", "--by", "content_type").stdout
    assert json.loads(run(desk.context, "insights", "sentiment", "--accuracy", "--json").stdout) == []
    wrong = run(desk.context, "insights", "sentiment", "--area", "Nowhere")
    assert wrong.exit_code
