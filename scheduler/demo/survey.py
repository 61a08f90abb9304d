"""A survey of the invented force: what residents of its neighbourhoods say matters most, so that a page has it to show."""

import random
from datetime import timedelta

from scheduler.demo.force import FORCE, Staff
from social.alerts.survey_answering import Answers, Given, Who, areas_offered, keep_answers
from social.alerts.survey_running import open_survey
from social.alerts.survey_writing import QuestionInput, SurveyInput, create_survey, put_question, questions_of
from social.alerts.surveys import QuestionKind, survey_with_id
from social.clock import as_local
from social.context import Context

MANY = 240
OPEN_FOR = timedelta(days=4)
CONCERNS = ("Speeding and parking", "Antisocial behaviour", "Burglary and theft", "Drug dealing", "Rural crime")
QUESTIONS = (
    QuestionInput(QuestionKind.SINGLE, "What matters most where you live?", CONCERNS, required=True, concerns=True),
    QuestionInput(QuestionKind.SCALE, "How safe do you feel there after dark?", ("Not at all", "Very"), steps=5),
    QuestionInput(QuestionKind.TEXT, "What else should your neighbourhood team know?"),
)
WORDS = (
    "The crossing by the school needs somebody there at half past three.",
    "Nice to see officers at the market again.",
    "Quad bikes on the moor at weekends.",
    "Please tell us what came of the meeting in March.",
    "The lamp at the bus stop has been dark since Easter.",
    "Cars race down the hill on Friday evenings.",
)


def ask_residents(context: Context, staff: Staff) -> int:
    """Ask and have it answered by the open link; it closes by itself within the week.  Returns the survey's number."""
    last = as_local(context.clock.now() + OPEN_FOR).date()
    intro = "Three questions from your neighbourhood team. It takes two minutes."
    given = SurveyInput("What matters most where you live?", intro, closes_on=last, open_link=True)
    number = create_survey(context, staff.first, given)
    for question in QUESTIONS:
        put_question(context, staff.first, number, question)
    with context.database.read() as session:
        survey, questions = survey_with_id(session, number), questions_of(session, number)
        areas = list(areas_offered(session, survey))
    open_survey(context, staff.supervisor, number, expected_version=survey.version)
    chance = random.Random(FORCE)  # noqa: S311 - invented answers, the same each time
    weights = {area: [chance.uniform(1, 6) for _ in CONCERNS] for area in areas}
    for one in range(MANY):
        area = chance.choice(areas)
        answers: dict[int, Given] = {questions[0].id: chance.choices(range(len(CONCERNS)), weights[area])[0]}
        if chance.random() < 0.9:
            answers[questions[1].id] = chance.choices(range(1, 6), (1, 2, 4, 4, 2))[0]
        if chance.random() < 0.25:
            answers[questions[2].id] = chance.choice(WORDS)
        keep_answers(context, number, Who(form=f"demo {one}"), Answers(area, answers))
    return number
