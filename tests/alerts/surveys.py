"""What tests of surveys build with: a small map, people, a survey of every kind of question, and forms filled in."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from social.alerts.survey_answering import Answers, Given, Who, keep_answers
from social.alerts.survey_running import open_survey
from social.alerts.survey_writing import QuestionInput, SurveyInput, create_survey, put_question, questions_of
from social.alerts.surveys import QuestionKind, Survey, survey_with_id
from social.context import Context
from social.places import PlaceKind, find_or_add_place
from social.staff import Person, Role, find_or_add_person

CONCERNS = QuestionInput(QuestionKind.SINGLE, "What matters most to you here?", ("Speeding", "Noise at night", "Theft"),
                         required=True, concerns=True)  # fmt: skip
SEVERAL = QuestionInput(QuestionKind.MULTIPLE, "Where do you meet us?", ("At the library", "Online", "Nowhere"), most=2)
RANK = QuestionInput(QuestionKind.RANK, "What should we do first?", ("Patrols", "Speed checks", "Drop-ins"))
SCALE = QuestionInput(QuestionKind.SCALE, "How safe do you feel after dark?", ("Not at all", "Very"), steps=5)
WORDS = QuestionInput(QuestionKind.TEXT, "What else should we know?")
EVERY_KIND = (CONCERNS, SEVERAL, RANK, SCALE, WORDS)


@dataclass
class Surveys:
    """Builders for the dull fields."""

    context: Context
    author: Person = field(init=False)
    supervisor: Person = field(init=False)
    force_id: int = field(init=False)
    hexley: int = field(init=False)
    beck: int = field(init=False)
    _form: int = 0

    def __post_init__(self) -> None:
        with self.context.database.write() as session:
            force = find_or_add_place(session, "Woldershire Police", PlaceKind.FORCE)
            team = find_or_add_place(session, "North team", PlaceKind.TEAM, force)
            hexley = find_or_add_place(session, "Hexley Moor", PlaceKind.NEIGHBOURHOOD, team)
            beck = find_or_add_place(session, "Copperbeck", PlaceKind.NEIGHBOURHOOD, team)
            self.force_id, self.hexley, self.beck = force.id or 0, hexley.id or 0, beck.id or 0
            self.author = find_or_add_person(session, "nia.abbot@woldershire.example", Role.AUTHOR, "Nia Abbot")
            self.supervisor = find_or_add_person(session, "ruth.lane@woldershire.example", Role.SUPERVISOR, "Ruth Lane")

    def draft(self, *questions: QuestionInput, **changes: object) -> int:
        fields: dict[str, object] = {"title": "What matters here?", "intro": "Tell your neighbourhood team.",
                                     "closes_on": date(2026, 6, 28)}  # fmt: skip
        given = SurveyInput(**{**fields, **changes})  # type: ignore[arg-type]  # builders pass fields on by name
        number = create_survey(self.context, self.author, given)
        for question in questions or EVERY_KIND:
            put_question(self.context, self.author, number, question)
        return number

    def open(self, *questions: QuestionInput, **changes: object) -> int:
        """A survey that takes answers, read and opened by somebody else than its author."""
        number = self.draft(*questions, **changes)
        open_survey(self.context, self.supervisor, number, expected_version=self.survey(number).version)
        return number

    def survey(self, number: int) -> Survey:
        with self.context.database.read() as session:
            return survey_with_id(session, number)

    def answer(self, number: int, *given: Given | None, area: int | None = None, member: int | None = None) -> bool:
        """One form filled in, in the order of the questions; None leaves one out."""
        with self.context.database.read() as session:
            ids = [question.id for question in questions_of(session, number)]
        answers = {one: said for one, said in zip(ids, given, strict=False) if said is not None}
        self._form += 1
        who = Who(member_id=member) if member is not None else Who(form=f"form {self._form}")
        return keep_answers(self.context, number, who, Answers(area, answers))

    def answers(self, number: int, area: int | None, choices: Sequence[Given]) -> None:
        """One form for each of these answers to the first question."""
        for choice in choices:
            assert self.answer(number, choice, area=area)
