"""A survey from its first words to its results: who may open it, who counts once, what is shown of it."""

import csv
import io
import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlmodel import func, select

from social.alerts.survey_answering import Answers, Who, keep_answers
from social.alerts.survey_concerns import in_words, top_concerns
from social.alerts.survey_counts import results, texts_of
from social.alerts.survey_export import export
from social.alerts.survey_results import TOGETHER
from social.alerts.survey_running import close_ended, close_survey, open_survey, switch_open_link, takes_answers
from social.alerts.survey_writing import (
    QuestionInput,
    SurveyInput,
    authors_of,
    change_survey,
    copy_survey,
    move_question,
    put_question,
    questions_of,
    remove_question,
)
from social.alerts.surveys import QuestionKind, SurveyAnswered, SurveyResponse, SurveyState
from social.clock import SettableClock
from social.context import Context
from social.errors import InputError, NotAllowed
from social.intervals import mean_interval, student_t, wilson
from social.staff import Role, find_or_add_person
from tests.alerts.surveys import CONCERNS, RANK, SCALE, SEVERAL, WORDS, Surveys


@pytest.fixture
def surveys(context: Context) -> Surveys:
    return Surveys(context)


@pytest.mark.sqlite_only
def test_whoever_wrote_or_changed_a_survey_does_not_open_it(context: Context, surveys: Surveys) -> None:
    number = surveys.draft(CONCERNS)
    with context.database.write() as session:
        other = find_or_add_person(session, "joel.marsh@woldershire.example", Role.CORPORATE)
    put_question(context, other, number, WORDS)
    version = surveys.survey(number).version
    for person in (surveys.author, other):
        with pytest.raises(NotAllowed):
            open_survey(context, person, number, expected_version=version)
    with pytest.raises(InputError, match="changed after you read it"):
        open_survey(context, surveys.supervisor, number, expected_version=version - 1)
    open_survey(context, surveys.supervisor, number, expected_version=version)
    assert surveys.survey(number).state == SurveyState.OPEN


@pytest.mark.sqlite_only
def test_what_was_asked_stays_as_it_was_asked_and_a_copy_can_be_changed(context: Context, surveys: Surveys) -> None:
    number = surveys.open(CONCERNS, SCALE)
    for change in (
        lambda: change_survey(context, surveys.author, number, SurveyInput("Other words")),
        lambda: put_question(context, surveys.author, number, WORDS),
        lambda: put_question(context, surveys.author, number, WORDS, at=1),
        lambda: move_question(context, surveys.author, number, 1, 2),
        lambda: remove_question(context, surveys.author, number, 1),
    ):
        with pytest.raises(InputError, match="stays as it was asked"):
            change()
    with context.database.write() as session:
        other = find_or_add_person(session, "joel.marsh@woldershire.example", Role.CORPORATE)
    copy = copy_survey(context, other, number)
    move_question(context, other, copy, 2, 1)
    with context.database.read() as session:
        assert [one.kind for one in questions_of(session, copy)] == [QuestionKind.SCALE, QuestionKind.SINGLE]
        assert [one.kind for one in questions_of(session, number)] == [QuestionKind.SINGLE, QuestionKind.SCALE]
        assert authors_of(session, copy) == {other.id, surveys.author.id}
    with pytest.raises(NotAllowed):  # the words are the author's still
        open_survey(context, surveys.author, copy, expected_version=surveys.survey(copy).version)


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    "wrong",
    [
        QuestionInput(QuestionKind.SINGLE, "Which?", ("one",)),
        QuestionInput(QuestionKind.MULTIPLE, "Which?", ("one", "one")),
        QuestionInput(QuestionKind.MULTIPLE, "Which?", ("one", "two"), most=3),
        QuestionInput(QuestionKind.RANK, "Which?", tuple("abcdefgh")),
        QuestionInput(QuestionKind.SCALE, "How?", steps=2),
        QuestionInput(QuestionKind.TEXT, " "),
        QuestionInput(QuestionKind.SCALE, "How?", concerns=True),
    ],
)
def test_a_question_that_nobody_could_answer_is_refused(
    context: Context, surveys: Surveys, wrong: QuestionInput
) -> None:
    number = surveys.draft(CONCERNS)
    with pytest.raises(InputError):
        put_question(context, surveys.author, number, wrong)


@pytest.mark.sqlite_only
def test_a_survey_takes_answers_from_its_first_day_to_its_last_and_then_closes_itself(
    context: Context, surveys: Surveys, clock: SettableClock
) -> None:
    number = surveys.open(CONCERNS, opens_on=date(2026, 6, 3), closes_on=date(2026, 6, 4))
    seen = []
    for _ in range(5):
        seen.append(takes_answers(surveys.survey(number), clock.now()))
        assert surveys.answer(number, 0, area=surveys.hexley) is seen[-1]
        clock.advance(timedelta(days=1))
    assert seen == [False, False, True, True, False]
    assert close_ended(context) == 1
    assert close_ended(context) == 0
    assert surveys.survey(number).state == SurveyState.CLOSED


def test_a_member_counts_once_under_two_posts_at_the_same_moment(context: Context, surveys: Surveys) -> None:
    number = surveys.open(CONCERNS)
    with context.database.read() as session:
        question = questions_of(session, number)[0].id
    start, kept = threading.Barrier(4), []

    def post(choice: int) -> None:
        start.wait()
        kept.append(keep_answers(context, number, Who(member_id=7), Answers(surveys.beck, {question: choice})))

    threads = [threading.Thread(target=post, args=(choice % 3,)) for choice in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(kept) == [False, False, False, True]
    with context.database.read() as session:
        assert session.exec(select(func.count()).select_from(SurveyResponse)).one() == 1


@pytest.mark.sqlite_only
def test_nothing_that_is_kept_says_who_answered_what(context: Context, surveys: Surveys) -> None:
    """R25: in the tables of answers no resident's number, no time, no order; and no hashes once the survey is closed."""
    number = surveys.open(CONCERNS, WORDS)
    for member in range(1, 30):
        assert surveys.answer(number, member % 3, f"The word of member {member}", area=surveys.beck, member=member)
    with context.database.read() as session:
        kept = session.connection().execute(text("select * from survey_response")).mappings().all()
        words = session.connection().execute(text("select * from survey_answer where words_sealed is not null")).all()
        assert {key for row in kept for key in row} == {"id", "survey_id", "place_id", "member", "day"}
        assert {row["day"] for row in kept} == {"2026-06-01"}
        assert b"The word of" not in str(words).encode()
        in_order = [row["id"] for row in kept]
        assert in_order == sorted(in_order)  # as the database holds them: by a random number, not as they came
        assert len(session.exec(select(SurveyAnswered)).all()) == 29
    close_survey(context, surveys.supervisor, number)
    with context.database.read() as session:
        assert session.exec(select(SurveyAnswered)).all() == []
    assert surveys.answer(number, 1, area=surveys.beck, member=1) is False


@pytest.mark.sqlite_only
def test_results_have_shares_with_their_intervals_by_area_and_for_everybody(context: Context, surveys: Surveys) -> None:
    number = surveys.open(CONCERNS, SEVERAL, RANK, SCALE)
    for choice, several, ranking, scale in [(0, (0, 1), (0, 1, 2), 5)] * 8 + [(1, (1,), (1, 0, 2), 2)] * 7:
        assert surveys.answer(number, choice, several, ranking, scale, area=surveys.hexley)
    for choice in (0,) * 6 + (2,) * 9:
        assert surveys.answer(number, choice, area=surveys.beck)
    close_survey(context, surveys.supervisor, number)
    with context.database.read() as session:
        found = results(session, surveys.survey(number), context.clock.now())
    single, several, ranked, scale = found.questions
    assert single.total is not None
    assert (found.answered, single.total.n, single.total.shares[0].count) == (30, 30, 14)
    assert single.total.shares[0].share == pytest.approx(14 / 30)
    assert (single.total.shares[0].low, single.total.shares[0].high) == pytest.approx(wilson(14, 30))
    assert [row.name for row in single.rows] == ["Copperbeck", "Hexley Moor"]
    [row] = several.rows
    assert (row.n, row.shares[0].count, row.shares[1].count) == (15, 8, None)  # all met us online: nobody is left over
    [row] = ranked.rows
    assert row.ranks[0].mean == pytest.approx((8 * 1 + 7 * 2) / 15)
    assert (row.ranks[2].low, row.ranks[2].mean, row.ranks[2].high) == (3.0, 3.0, 3.0)
    [row] = scale.rows
    assert row.median is None  # three numbers of five are too small to be shown, and the middle would tell of them


def test_the_known_values_of_intervals() -> None:
    """Wilson: Newcombe (1998), table I. Student: any table of t."""
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert [student_t(n) for n in (4, 9, 30)] == pytest.approx([2.776, 2.262, 2.042], abs=1e-3)
    assert mean_interval(5, 15, 55) == pytest.approx((3.0, 1.0368, 4.9632), abs=2e-3)


@pytest.mark.sqlite_only
def test_areas_with_few_answers_are_put_together_and_texts_with_them(context: Context, surveys: Surveys) -> None:
    number = surveys.open(CONCERNS, WORDS)
    for area, times in ((surveys.hexley, 9), (surveys.beck, 2), (None, 4)):
        for one in range(times):
            assert surveys.answer(number, 0, f"Words {area} {one}", area=area)
    close_survey(context, surveys.supervisor, number)
    with context.database.read() as session:
        found = results(session, surveys.survey(number), context.clock.now())
        single, words = found.questions
        assert [(row.name, row.n) for row in single.rows] == [("Hexley Moor", 9), (TOGETHER, 6)]
        told = texts_of(session, context.vault, found, words)
    assert [(name, len(texts or ())) for name, texts in told] == [("Hexley Moor", 9), (TOGETHER, 6)]


@pytest.mark.sqlite_only
def test_while_a_survey_is_open_todays_answers_are_not_in_its_results(
    context: Context, surveys: Surveys, clock: SettableClock
) -> None:
    number = surveys.open(CONCERNS)
    surveys.answers(number, surveys.hexley, [0] * 6)
    with context.database.read() as session:
        assert results(session, surveys.survey(number), clock.now()).answered is None
    clock.advance(timedelta(days=1))
    surveys.answers(number, surveys.hexley, [1])
    with context.database.read() as session:
        found = results(session, surveys.survey(number), clock.now())
    assert (found.answered, found.before) == (6, date(2026, 6, 2))


@pytest.mark.sqlite_only
def test_the_newest_survey_that_asked_says_what_matters_most_in_an_area(
    context: Context, surveys: Surveys, clock: SettableClock
) -> None:
    first = surveys.open(CONCERNS, place_id=surveys.force_id)
    surveys.answers(first, surveys.hexley, [0] * 12 + [1] * 8)
    surveys.answers(first, surveys.beck, [2] * 20 + [0] * 6)
    close_survey(context, surveys.supervisor, first)
    with context.database.read() as session:
        here = top_concerns(session, surveys.hexley, clock.now())
        assert here is not None
        assert (here.survey_id, here.here, here.n) == (first, True, 20)
        assert in_words(here) == (
            "Residents here said in June 2026 what matters most: Speeding (60%, between 39% and 78%). 20 answered."
        )
        there = top_concerns(session, surveys.beck, clock.now())
        assert there is not None
        assert there.leading[0].text != "Noise at night", "what is hidden there may be larger than what is shown"
        assert (there.certain, there.leading[0].text) in ((True, "Theft"), (True, "Speeding"))
    newer = surveys.open(RANK)
    with context.database.read() as session:
        assert top_concerns(session, surveys.beck, clock.now()) is not None, "a survey that did not ask changes nothing"
    newest = surveys.open(QuestionInput(RANK.kind, RANK.text, RANK.options, concerns=True))
    surveys.answers(newest, surveys.hexley, [(1, 0, 2)] * 3)
    surveys.answers(newest, surveys.beck, [(1, 0, 2)] * 4)
    close_survey(context, surveys.supervisor, newest)
    with context.database.read() as session:
        told = top_concerns(session, surveys.beck, clock.now())
    assert told is not None
    assert (told.survey_id, told.here, told.leading[0].text, told.leading[0].rank) == (
        newest,
        False,
        "Speed checks",
        1.0,
    )
    assert newer < newest


@pytest.mark.sqlite_only
def test_a_file_of_results_runs_in_no_spreadsheet_and_is_on_record(context: Context, surveys: Surveys) -> None:
    question = QuestionInput(QuestionKind.SINGLE, "=cmd()", ("+1", "@home"))
    number = surveys.open(question)
    surveys.answers(number, surveys.hexley, [0] * 6 + [1] * 2)
    close_survey(context, surveys.supervisor, number)
    content = export(context, surveys.author, number).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content)))
    assert [row[2:6] for row in rows[1:]] == [
        ["Hexley Moor", "'+1", "8", "fewer than 5, or hidden"],
        ["Hexley Moor", "'@home", "8", "fewer than 5, or hidden"],
        ["Everybody who answered", "'+1", "8", "fewer than 5, or hidden"],
        ["Everybody who answered", "'@home", "8", "fewer than 5, or hidden"],
    ]


@pytest.mark.sqlite_only
def test_only_whoever_may_run_surveys_does(context: Context, surveys: Surveys) -> None:
    with context.database.write() as session:
        reader = find_or_add_person(session, "priya.holt@woldershire.example", Role.READER)
    number = surveys.open(CONCERNS)
    for act in (
        lambda: switch_open_link(context, reader, number, True),
        lambda: close_survey(context, reader, number),
        lambda: copy_survey(context, reader, number),
    ):
        with pytest.raises(NotAllowed):
            act()
