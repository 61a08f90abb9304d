"""A survey as a resident meets it on a phone: axe finds nothing, with and without faults, and by keyboard alone, with
JavaScript switched off, every kind of question is answered and counts once."""

from datetime import timedelta

from playwright.sync_api import Browser, expect
from sqlmodel import func, select

from social.alerts.links import Purpose, link
from social.alerts.surveys import SurveyResponse, open_token
from social.clock import as_local
from tests.alerts.helpers import a_resident
from tests.alerts.surveys import EVERY_KIND, Surveys
from tests.browser.test_alert_pages import Public, found_wrong, public, tab_to

__all__ = ["public"]


def a_survey(public: Public) -> tuple[Surveys, int]:
    surveys = Surveys(public.context)
    last = as_local(public.context.clock.now()).date() + timedelta(days=10)
    return surveys, surveys.open(*EVERY_KIND, closes_on=last, open_link=True)


def test_axe_finds_nothing_on_the_page_of_a_survey(chromium: Browser, public: Public) -> None:
    surveys, number = a_survey(public)
    page = chromium.new_page()
    page.set_default_timeout(30_000)
    member = link(public.context, Purpose.SURVEY, a_resident(public.context), number)
    wrong = {}
    page.goto(f"{public.address}/alerts/surveys/{open_token(surveys.context.vault, number)}")
    wrong["open"] = found_wrong(page)
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_role("alert")).to_be_visible()
    wrong["faults"] = found_wrong(page)
    page.goto(f"{member}?lang=cy")
    wrong["around it Welsh"] = found_wrong(page)
    page.close()
    assert {name: found for name, found in wrong.items() if found} == {}


def test_without_javascript_every_question_is_answered_by_keyboard_and_counts_once(
    chromium: Browser,
    public: Public,
) -> None:
    _, number = a_survey(public)
    page = chromium.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740}).new_page()
    page.set_default_timeout(30_000)
    page.goto(link(public.context, Purpose.SURVEY, a_resident(public.context), number))
    page.get_by_label("Which neighbourhood do you live in?").select_option(label="Hexley Moor")
    tab_to(page, "Speeding")
    page.keyboard.press("Space")
    tab_to(page, "Online")
    page.keyboard.press("Space")
    for place, option in ((2, "Patrols"), (1, "Speed checks"), (3, "Drop-ins")):
        page.get_by_label(option, exact=True).select_option(str(place))
    tab_to(page, "1 (Not at all)")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.get_by_label("What else should we know?").fill("Mend the lamp in Mill Lane.")
    tab_to(page, "Send my answers")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    page.go_back()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("You have answered")
    page.context.close()
    with public.context.database.read() as session:
        kept = select(func.count()).select_from(SurveyResponse).where(SurveyResponse.survey_id == number)
        assert session.exec(kept).one() == 1
