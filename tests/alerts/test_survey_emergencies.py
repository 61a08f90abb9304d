"""What residents write in surveys: an emergency in it reaches the duty contact, and all of it goes when its time is over."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import col, select

from insights.reading import ReadingResult, default_analyser
from insights.reading.survey_texts import UNREADABLE, read_survey_texts
from social.alarms import Alarm, AlarmMail, AlarmMailItem, alarms_for
from social.alerts.survey_alarms import open_texts, say_seen, tell_of_texts
from social.alerts.survey_kept import forget_old_texts
from social.alerts.surveys import SurveyAnswer
from social.clock import SettableClock
from social.context import Context
from social.duty import set_contacts
from social.duty_letter import write_letter
from social.errors import InputError, NotAllowed
from social.staff import Role, find_or_add_person
from tests.alerts.surveys import WORDS, Surveys

HELP = "Please help, a man is breaking into my neighbour's house right now and she is inside screaming"


@pytest.fixture
def surveys(context: Context) -> Surveys:
    context.settings = replace(context.settings, smtp_host="127.0.0.1", smtp_from="beatline@woldershire.example")
    made = Surveys(context)
    with context.database.write() as session:
        corporate = find_or_add_person(session, "joel.marsh@woldershire.example", Role.CORPORATE, "Joel Marsh")
    set_contacts(context, made.hexley, ["ruth.lane@woldershire.example"], corporate)
    return made


def mails(context: Context) -> list[str]:
    """Who was told, in order; what was made is taken as sent."""
    with context.database.write() as session:
        found = session.exec(select(AlarmMail).order_by(col(AlarmMail.id))).all()
        for mail in found:
            mail.tries, mail.outcome = 1, "sent"
    return [mail.address or "" for mail in found]


def test_an_emergency_in_free_text_reaches_the_duty_contact_until_somebody_has_seen_it(
    context: Context, surveys: Surveys, clock: SettableClock
) -> None:
    """R15, R19."""
    number = surveys.open(WORDS)
    for words in (HELP, "More patrols by the school would be welcome.", HELP):
        assert surveys.answer(number, words, area=surveys.hexley)
    assert read_survey_texts(context) == 3
    assert read_survey_texts(context) == 0
    assert tell_of_texts(context) == 2
    assert tell_of_texts(context) == 0
    assert mails(context) == ["ruth.lane@woldershire.example"]
    clock.advance(timedelta(minutes=5))
    assert tell_of_texts(context) == 2
    clock.advance(timedelta(minutes=10))
    assert tell_of_texts(context) == 2
    assert len(set(mails(context))) > 1, "after ten minutes more people are told"
    with context.database.read() as session:
        first, second = open_texts(session, context.vault)
        assert (first.words, first.place, first.survey_id) == (HELP, "Hexley Moor", number)
        assert alarms_for(session, surveys.supervisor)
    say_seen(context, surveys.supervisor, first.alarm_id, "", passed=True)
    with pytest.raises(InputError, match="Say why"):
        say_seen(context, surveys.supervisor, second.alarm_id, " ", passed=False)
    say_seen(context, surveys.supervisor, second.alarm_id, "The same as the first.", passed=False)
    clock.advance(timedelta(minutes=5))
    assert tell_of_texts(context) == 0


def test_the_message_says_where_to_look_and_not_a_word_of_the_residents(context: Context, surveys: Surveys) -> None:
    number = surveys.open(WORDS)
    assert surveys.answer(number, HELP, area=surveys.hexley)
    read_survey_texts(context)
    tell_of_texts(context)
    with context.database.read() as session:
        mail = session.exec(select(AlarmMail)).one()
        alarms = session.exec(select(Alarm).join(AlarmMailItem)).all()
        letter = write_letter(context.settings, mail.address or "", mail, alarms, [])
    assert letter["Subject"] == "EMERGENCY? 1 reply needs you now"
    assert f"What a resident wrote in survey {number} (Hexley Moor) reads like an emergency." in letter.get_content()
    assert "/surveys" in letter.get_content()
    assert "neighbour" not in letter.get_content()


def test_what_breaks_the_reading_is_for_a_person_to_read_and_keeps_nothing_else_from_being_read(
    context: Context, surveys: Surveys
) -> None:
    class Breaks:
        version = "breaks-1"

        def read(self, texts: Sequence[str], posts: Sequence[str | None] | None = None) -> list[ReadingResult]:
            if any("boom" in text for text in texts):
                raise RuntimeError("boom")
            return default_analyser().read(texts)

    number = surveys.open(WORDS)
    for words in ("boom", "Thank you for asking."):
        assert surveys.answer(number, words, area=surveys.hexley)
    assert read_survey_texts(context, Breaks()) == 2
    with context.database.read() as session:
        [one] = open_texts(session, context.vault)
        assert one.words == "boom"
        assert UNREADABLE in session.get_one(Alarm, one.alarm_id).text


def test_only_whoever_answers_residents_says_that_it_was_seen(context: Context, surveys: Surveys) -> None:
    number = surveys.open(WORDS)
    assert surveys.answer(number, HELP, area=surveys.hexley)
    read_survey_texts(context)
    with context.database.write() as session:
        reader = find_or_add_person(session, "priya.holt@woldershire.example", Role.READER)
    with context.database.read() as session:
        [one] = open_texts(session, context.vault)
    with pytest.raises(NotAllowed):
        say_seen(context, reader, one.alarm_id, "", passed=True)


def test_words_go_when_their_time_is_over_unless_somebody_has_to_look_at_them(
    context: Context, surveys: Surveys, clock: SettableClock
) -> None:
    """R28."""
    number = surveys.open(WORDS)
    for words in (HELP, "More patrols, please."):
        assert surveys.answer(number, words, area=surveys.hexley)
    read_survey_texts(context)
    clock.advance(timedelta(days=91))
    assert forget_old_texts(context) == 1
    with context.database.read() as session:
        [one] = open_texts(session, context.vault)
    say_seen(context, surveys.supervisor, one.alarm_id, "", passed=True)
    assert forget_old_texts(context) == 1
    with context.database.read() as session:
        assert [answer.words_sealed for answer in session.exec(select(SurveyAnswer))] == [None, None]
