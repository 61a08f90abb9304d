"""The page of a survey as residents meet it: without a script, once for each member, within bounds for everybody else."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import col, func, select
from starlette.applications import Starlette

from social.accounts import Account
from social.alerts.links import Purpose, link
from social.alerts.mailings import Message
from social.alerts.residents import Frequency, Resident, ResidentState
from social.alerts.residents_kept import cut_ties
from social.alerts.survey_inviting import count_invitations, invite, usual_audience
from social.alerts.survey_letter import write
from social.alerts.survey_running import close_survey, switch_open_link
from social.alerts.surveys import SurveyAnswer, SurveyResponse, open_token
from social.clock import SettableClock
from social.context import Context
from social.errors import InputError
from social.web.public import public_app
from social.web.survey_pages import FROM_ONE_MACHINE
from tests.alerts.helpers import a_resident
from tests.alerts.surveys import CONCERNS, Surveys
from tests.social.web.asgi import Answer, ask, get

pytestmark = pytest.mark.sqlite_only
BASE = "https://alerts.woldershire.example"
FILLED = {
    "area": "none",
    "q1": "0",
    "q2": "1",
    "q3-0": "2",
    "q3-1": "1",
    "q3-2": "3",
    "q4": "4",
    "q5": "Mend the lamp.",
}


@pytest.fixture
def surveys(context: Context) -> Surveys:
    context.settings = replace(context.settings, public_address=BASE)
    return Surveys(context)


@pytest.fixture
def app(context: Context) -> Starlette:
    return public_app(lambda: context)


def own_page(context: Context, resident: Resident, number: int) -> str:
    return link(context, Purpose.SURVEY, resident, number).removeprefix(BASE)


def kept(context: Context) -> int:
    with context.database.read() as session:
        return session.exec(select(func.count()).select_from(SurveyResponse)).one()


def faults(answer: Answer) -> list[str]:
    """What the box on top says, each with a link to its field, which is there."""
    links = re.findall(r'<li><a href="#([^"]+)">([^<]+)</a></li>', answer.text)
    assert all(f'id="{to}"' in answer.text for to, _ in links)
    return [words for _, words in links]


def open_path(surveys: Surveys, number: int) -> str:
    return f"/alerts/surveys/{open_token(surveys.context.vault, number)}"


def sent(app: Starlette, path: str, **changes: str) -> Answer:
    """The open page is opened, filled in and sent."""
    token = re.search(r'name="form" value="([^"]+)"', get(app, path).text)
    assert token
    return ask(app, "POST", path, form={**FILLED, "form": token[1], **changes})


def test_a_member_opens_their_link_fills_in_every_kind_of_question_and_counts_once(
    context: Context, surveys: Surveys, app: Starlette
) -> None:
    number = surveys.open(place_id=surveys.force_id)
    path = own_page(context, a_resident(context, places=[surveys.beck]), number)
    page = get(app, path)
    assert page.status == 200
    for words in ("What matters here?", "not a place to report crime", "999", "101",
                  "Copperbeck", "Hexley Moor", "Which neighbourhood", "(you can leave this out)"):  # fmt: skip
        assert words in page.text
    assert "<script" not in page.text
    filled = {**FILLED, "area": str(surveys.beck)}
    assert "Thank you" in ask(app, "POST", path, form=filled).text
    assert "You have answered" in ask(app, "POST", path, form=filled).text
    assert "You have answered" in get(app, path).text
    assert kept(context) == 1
    with context.database.read() as session:
        answers = session.exec(
            select(SurveyAnswer).order_by(col(SurveyAnswer.question_id), col(SurveyAnswer.rank))
        ).all()
        assert session.exec(select(SurveyResponse.place_id)).one() == surveys.beck
    assert [(one.choice, one.rank) for one in answers] == [
        (0, None),
        (1, None),
        (1, 1),
        (0, 2),
        (2, 3),
        (4, None),
        (0, None),
    ]
    assert context.vault.open(answers[-1].words_sealed or b"") == {"text": "Mend the lamp."}


def test_what_is_wrong_is_listed_on_top_with_what_was_filled_in_kept(
    context: Context, surveys: Surveys, app: Starlette
) -> None:
    number = surveys.open()
    path = own_page(context, a_resident(context), number)
    answer = ask(app, "POST", path, form={"q3-0": "1", "q3-1": "1", "q4": "9", "q5": "<b>lamp</b>" + "x" * 1000})
    assert answer.status == 422
    assert "<title>Error: " in answer.text
    assert faults(answer) == [
        "Choose where you live, or that you would rather not say",
        "Answer question 1",
        "Give every answer to question 3 a number, each number once",
        "Choose from the answers to question 4",
        "Keep the answer to question 5 to 1,000 characters",
    ]
    assert "&lt;b&gt;lamp" in answer.text
    assert "<b>lamp" not in answer.text
    assert kept(context) == 0


def test_a_neighbourhood_that_is_not_offered_is_none_however_it_is_written(
    context: Context, surveys: Surveys, app: Starlette
) -> None:
    resident = a_resident(context, places=[surveys.hexley])
    path = own_page(context, resident, surveys.open())
    padded = f"{surveys.hexley:012d}"
    for area in (padded, f"{padded}7", padded + "9" * 5000, "\u0663"):
        assert ask(app, "POST", path, form={**FILLED, "area": area}).status == 422
    assert kept(context) == 0


def test_half_a_sign_in_what_a_resident_writes_is_kept_as_one_that_can_be_shown(
    context: Context, surveys: Surveys, app: Starlette
) -> None:
    resident = a_resident(context, places=[surveys.hexley])
    path = own_page(context, resident, surveys.open())
    parts = "".join(f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
                    for name, value in {**FILLED, "q5": "half \\ud800"}.items())  # fmt: skip
    answer = ask(app, "POST", path, body=f"{parts}--b--\r\n".encode(),
                 content_type="multipart/form-data; boundary=b; charset=unicode_escape")  # fmt: skip
    assert answer.status == 200
    with context.database.read() as session:
        (sealed,) = session.exec(select(SurveyAnswer.words_sealed).where(col(SurveyAnswer.words_sealed).is_not(None)))
    assert context.vault.open(sealed or b"")["text"] == "half ?"


def test_an_empty_form_of_questions_that_can_be_left_out_counts_for_nothing(
    context: Context, surveys: Surveys, app: Starlette
) -> None:
    number = surveys.open(replace(CONCERNS, required=False))
    path = own_page(context, a_resident(context), number)
    assert faults(ask(app, "POST", path, form={"area": "none", "q1": ""})) == ["Answer at least one question"]


def test_a_link_that_is_not_ours_asks_nothing_of_the_database(
    context: Context, surveys: Surveys, app: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = surveys.open()
    resident = a_resident(context)
    path = own_page(context, resident, number)
    other = own_page(context, a_resident(context), number)
    settings = link(context, Purpose.SETTINGS, resident, number).rpartition("/")[2]
    monkeypatch.setattr(context.database, "read", None)
    monkeypatch.setattr(context.database, "write", None)
    for bad in (
        path[:-1],
        path[:-4] + other[-4:],
        f"/alerts/survey/{settings}",
        "/alerts/survey/" + "A" * 40,
        "/alerts/surveys/" + "A" * 32,
        f"{open_path(surveys, number)[:-1]}B",
    ):
        assert get(app, bad).status == 404
        assert ask(app, "POST", bad, form=FILLED).status == 404


def test_whoever_left_and_a_draft_have_no_page(context: Context, surveys: Surveys, app: Starlette) -> None:
    resident = a_resident(context)
    draft = surveys.draft(open_link=True)
    assert get(app, own_page(context, resident, draft)).status == 404
    assert get(app, open_path(surveys, draft)).status == 404
    number = surveys.open()
    path = own_page(context, resident, number)
    with context.database.write() as session:
        session.get_one(Resident, resident.id).state = ResidentState.LEFT.value
    assert get(app, path).status == 404


def test_somebody_who_was_erased_and_joins_anew_answers_no_second_time(
    context: Context, surveys: Surveys, app: Starlette
) -> None:
    number = surveys.open(CONCERNS, place_id=surveys.hexley)
    first = a_resident(context, email="morgan@example.org", places=[surveys.hexley])
    assert ask(app, "POST", own_page(context, first, number), body=b"q1=0",
               content_type="application/x-www-form-urlencoded").status == 200  # fmt: skip
    with context.database.write() as session:
        cut_ties(session, [first.id or 0], context.clock.now())
    again = a_resident(context, email="morgan@example.org", places=[surveys.hexley])
    assert again.id != first.id
    assert 'name="q1"' not in get(app, own_page(context, again, number)).text
    ask(app, "POST", own_page(context, again, number), body=b"q1=1", content_type="application/x-www-form-urlencoded")
    assert kept(context) == 1


def test_the_open_link_is_off_until_it_is_switched_on_and_counts_each_form_once(
    context: Context, surveys: Surveys, app: Starlette
) -> None:
    number = surveys.open()
    path = open_path(surveys, number)
    assert get(app, path).status == 404
    switch_open_link(context, surveys.author, number, True)
    token = re.search(r'name="form" value="([^"]+)"', get(app, path).text)
    assert token
    form = {**FILLED, "form": token[1]}
    assert [ask(app, "POST", path, form=form).status for _ in range(3)] == [200, 200, 200]
    for other in (token[1][:-1] + chr(ord(token[1][-1]) + 1), token[1] + "="):  # spellings of the same bytes
        ask(app, "POST", path, form={**form, "form": other})
    assert kept(context) == 1
    switch_open_link(context, surveys.author, number, False)
    assert ask(app, "POST", path, form=form).status == 404


def test_a_form_without_its_token_or_from_yesterday_is_shown_again(
    context: Context, surveys: Surveys, app: Starlette, clock: SettableClock
) -> None:
    number = surveys.open(open_link=True)
    path = open_path(surveys, number)
    for token in ("", "made up"):
        assert "open for too long" in faults(ask(app, "POST", path, form={**FILLED, "form": token}))[0]
    old = re.search(r'name="form" value="([^"]+)"', get(app, path).text)
    assert old
    clock.advance(timedelta(hours=5))
    answer = ask(app, "POST", path, form={**FILLED, "form": old[1]})
    assert "open for too long" in faults(answer)[0]
    assert "Mend the lamp." in answer.text, "nothing has to be typed again"
    fresh = re.search(r'name="form" value="([^"]+)"', answer.text)
    assert fresh
    assert "Thank you" in ask(app, "POST", path, form={**FILLED, "form": fresh[1]}).text
    assert kept(context) == 1


def test_one_machine_answers_by_the_open_link_only_so_often_an_hour(
    context: Context, surveys: Surveys, app: Starlette, clock: SettableClock
) -> None:
    number = surveys.open(CONCERNS, open_link=True)
    path = open_path(surveys, number)
    seen = [sent(app, path).status for _ in range(FROM_ONE_MACHINE + 2)]
    assert seen == [200] * FROM_ONE_MACHINE + [429] * 2
    assert kept(context) == FROM_ONE_MACHINE
    clock.advance(timedelta(hours=1, minutes=1))
    assert sent(app, path).status == 200


def test_a_closed_survey_and_one_that_is_to_come_say_so(
    context: Context, surveys: Surveys, app: Starlette, clock: SettableClock
) -> None:
    resident = a_resident(context)
    early = surveys.open(opens_on=clock.now().date() + timedelta(days=2))
    assert "It opens on 3 June 2026." in get(app, own_page(context, resident, early)).text
    number = surveys.open()
    path = own_page(context, resident, number)
    close_survey(context, surveys.author, number)
    assert "This survey is closed" in get(app, path).text
    assert "This survey is closed" in ask(app, "POST", path, form=FILLED).text


def test_a_survey_in_welsh_speaks_welsh_around_its_questions(
    context: Context, surveys: Surveys, app: Starlette
) -> None:
    """R33."""
    number = surveys.open(
        replace(CONCERNS, text="Beth sydd bwysicaf?"), lang="cy", title="Eich barn", intro="Dywedwch."
    )
    path = own_page(context, a_resident(context, lang="cy"), number)
    page = get(app, path).text
    assert '<html lang="cy">' in page
    assert "Mae ar agor tan 28 Mehefin 2026." in page
    assert "Anfon fy atebion" in page
    english = get(app, f"{path}?lang=en").text
    assert '<h1 lang="cy">Eich barn</h1><div lang="cy">' in english


@pytest.fixture
def account(context: Context) -> None:
    """Who the alert service sends as."""
    sealed = context.vault.seal({"from_address": "alerts@woldershire.example"})
    with context.database.write() as session:
        session.add(Account(name="alerts", channel="alert", credentials_sealed=sealed, added_at=context.clock.now()))


@pytest.mark.usefixtures("account")
def test_members_of_the_area_are_invited_once_by_mail_at_an_hour_that_they_chose(
    context: Context, surveys: Surveys, clock: SettableClock
) -> None:
    """R30: confirmed, their area, their quiet hours, their frequency."""
    number = surveys.open(place_id=surveys.hexley)
    here = a_resident(context, places=[surveys.hexley], topics=["fraud"])
    weekly = a_resident(context, places=[surveys.hexley], frequency=Frequency.WEEKLY)
    quiet = a_resident(context, places=[surveys.hexley], quiet=(9 * 60, 12 * 60))
    a_resident(context, places=[surveys.beck])
    a_resident(context, places=[surveys.hexley], confirmed=False)
    with context.database.read() as session:
        survey = surveys.survey(number)
        audience = usual_audience(session, survey)
        told = count_invitations(session, context.settings, survey, audience, clock.now())
    assert (told.now, told.before, told.left_out) == (3, 0, 0)
    assert invite(context, surveys.author, number) == 3
    assert invite(context, surveys.author, number) == 0
    with context.database.read() as session:
        messages = {one.resident_id: one for one in session.exec(select(Message))}
        letter = write(session, context, messages[here.id], session.get_one(Resident, here.id))
    assert {one: messages[one].due_at.isoformat()[:16] for one in messages} == {
        here.id: "2026-06-01T09:00", weekly.id: "2026-06-08T06:30", quiet.id: "2026-06-01T11:00",
    }  # fmt: skip
    assert letter is not None
    assert letter.subject == "What matters here?: Woldershire Police asks what you think"
    assert link(context, Purpose.SURVEY, here, number) in letter.text
    assert letter.settings_link
    second = surveys.open(place_id=surveys.hexley)
    assert invite(context, surveys.author, second) == 0, "nobody is asked in two surveys within four weeks"
    clock.advance(timedelta(days=28))
    with context.database.read() as session:  # the first has closed meanwhile: nothing is left to say
        assert write(session, context, messages[here.id], session.get_one(Resident, here.id)) is None


@pytest.mark.usefixtures("account")
def test_nobody_is_invited_beyond_the_surveys_area_nor_before_it_takes_answers(
    context: Context, surveys: Surveys, clock: SettableClock
) -> None:
    number = surveys.open(place_id=surveys.hexley)
    with context.database.read() as session:
        elsewhere = replace(usual_audience(session, surveys.survey(number)), place_ids=(surveys.beck,))
    with pytest.raises(InputError, match="own area"):
        invite(context, surveys.author, number, elsewhere)
    with pytest.raises(InputError, match="while the survey takes answers"):
        invite(context, surveys.author, surveys.draft())
