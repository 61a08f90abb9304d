"""The page Alerts: full, empty, and by whom it may be read (M08, R27)."""

from dataclasses import replace

import pytest

from social.context import Context
from tests.alerts.helpers import a_resident, alert_account
from tests.insights.test_alert_measures import mailing, message
from tests.views.helpers import Force, OpenPage, text_of

pytestmark = pytest.mark.sqlite_only


def test_without_an_alert_the_page_says_what_to_do(force: Force, open_page: OpenPage) -> None:
    assert "No alert went out in this period" in text_of(open_page("alerts"))


def test_figures_stand_beside_social_reach_and_are_never_added(
    context: Context, force: Force, open_page: OpenPage
) -> None:
    account = alert_account(context)
    one = mailing(context, account, members=40, place="Hexley Moor")
    for n in range(12):
        message(context, one, resident_id=a_resident(context).id, useful=n < 6)
    app = open_page("alerts")
    said = text_of(app)
    assert "1 alert went out; 50% of 12 answers said that theirs was useful." in said
    assert "Do not add them up" in said
    figures = {metric.label: metric.value for metric in app.metric}
    assert figures["Messages sent"] == "12"
    assert figures["Delivered, of those with a receipt"] == "not measured"
    assert figures["Opened, of mails"] == "not measured"
    assert figures["Accounts reached by a social post, median"] == "not reported"
    assert figures["Residents of an alert, median"] == "40"
    assert "tracking is off" in said
    by_area, by_alert = app.dataframe[0].value, app.dataframe[1].value
    assert list(by_area["Area"]) == ["Hexley Moor", "All alerts"]
    assert by_area["Left within 7 days"][0] == "fewer than 5"
    assert by_alert["Left within 7 days"][0] == "0"
    context.settings = replace(context.settings, alert_tracking=True)
    assert "tracking is off" not in text_of(open_page("alerts"))
