"""What people do about a reply beside answering it: whose it is, closing it, notes, and who else is at it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text as sql
from sqlmodel import select

from social import saved_answers
from social.audit import AuditRecord
from social.context import Context
from social.desk import (
    Presence,
    add_note,
    assign,
    close_handed_off,
    here,
    mark_all_done,
    mark_done,
    notes_of,
    others_here,
    reopen,
)
from social.desk_counts import count_desk
from social.desk_tables import ReplyNote, ReplyPresence
from social.errors import InputError, NotAllowed
from social.forgotten import forget_replies
from social.inbox import ReplyView, conversation, reply_view
from social.inbox_query import State, Wanted
from social.labels import correct_reading
from social.saved_answers import SavedAnswerInput, answers_for, change_answer, list_saved_answers, offer_starters
from social.staff import Membership, Person, Role, find_or_add_person
from tests.social.test_inbox import Desk


class Office(Desk):
    """The desk with three people at it: two may answer, one only reads figures."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        with context.database.write() as session:
            self.nia = find_or_add_person(session, "nia.abbot@woldershire.example", Role.CONTACT_DESK, "Nia Abbot")
            self.jane = find_or_add_person(session, "jane.reed@woldershire.example", Role.AUTHOR, "PC Jane Reed")
            self.reader = find_or_add_person(session, "priya.holt@woldershire.example", Role.READER, "Priya Holt")

    def view(self, reply_id: int) -> ReplyView:
        with self.context.database.read() as session:
            found = reply_view(session, reply_id)
        assert found is not None
        return found

    def open(self, **wanted: object) -> list[str]:
        return self.listed(state=State.OPEN, **wanted)

    def done_to(self, reply_id: int) -> list[str]:
        """What the record says was done to the reply."""
        with self.context.database.read() as session:
            query = select(AuditRecord.action).where(AuditRecord.subject_kind == "reply")
            return list(session.exec(query.where(AuditRecord.subject_id == str(reply_id)).order_by("seq")))


@pytest.fixture
def office(context: Context) -> Office:
    return Office(context)


def test_a_reply_is_open_until_it_is_answered_hidden_gone_or_done(office: Office) -> None:
    now = office.context.clock.now()
    office.reply("answered", "question", answered_at=now)
    office.reply("hidden", "abuse", hidden=True)
    office.reply("gone", "other", gone_at=now)
    office.reply("waits", "banter")
    done = office.reply("done", "complaint")
    assert office.open() == ["done", "waits"]
    assert mark_done(office.context, office.nia, done)
    assert not mark_done(office.context, office.nia, done)
    assert office.open() == ["waits"]
    assert sorted(office.listed(state=State.CLOSED)) == ["answered", "done", "hidden"]
    assert office.view(done).done_by == "Nia Abbot"
    assert reopen(office.context, office.nia, done)
    assert office.open() == ["done", "waits"]
    assert office.done_to(done) == ["mark reply done", "reopen reply"]


@pytest.mark.parametrize("values", [{"answered_at": True}, {"hidden": True}, {"gone_at": True}])
def test_an_emergency_is_closed_by_a_person_and_by_nothing_else(office: Office, values: dict[str, bool]) -> None:
    """R19: neither an answer, nor hiding, nor its writer's deletion, nor a later reading closes it."""
    now = office.context.clock.now()
    given_ = {name: True if name == "hidden" else now for name in values}
    number = office.reply("he is at the door", "emergency", **given_)
    assert office.open() == ["he is at the door"]
    office.read_again(number, "banter")
    assert office.open() == ["he is at the door"]
    assert mark_done(office.context, office.nia, number)
    assert office.open() == []


def test_hiding_a_lead_does_not_close_it_and_handing_it_off_does(office: Office) -> None:
    """R21, R22."""
    number = office.reply("It was the lad at number nine", "lead", hidden=True)
    assert office.open() == ["It was the lad at number nine"]
    with office.context.database.write() as session:
        close_handed_off(session, number, office.nia, office.context.clock.now())
    assert office.open() == []


def test_a_correction_moves_a_reply_to_where_it_belongs(office: Office) -> None:
    office.reply("newer lead", "lead", minutes=9)
    number = office.reply("the road is on fire", "banter")
    assert office.open() == ["newer lead", "the road is on fire"]
    correct_reading(office.context, office.nia, number, kind="emergency")
    assert office.open() == ["the road is on fire", "newer lead"]
    assert office.view(number).kind == "emergency"
    assert office.view(number).kind_p is None  # how sure the analyser was of something else
    correct_reading(office.context, office.nia, number, kind="thanks")
    assert office.open() == ["newer lead", "the road is on fire"]
    assert office.open(kinds=["thanks"]) == ["the road is on fire"]
    assert office.open(kinds=["banter"]) == []


def test_only_thanks_and_banter_are_closed_many_at_once(office: Office) -> None:
    """R19: an emergency among them stays open, whatever was ticked."""
    numbers = [office.reply(kind, kind) for kind in ("thanks", "banter", "question", "emergency", "lead")]
    assert mark_all_done(office.context, office.nia, numbers) == 2
    assert office.open() == ["emergency", "lead", "question"]


def test_a_reply_is_given_to_whoever_may_answer_it(office: Office) -> None:
    number = office.reply("When?", "question")
    assign(office.context, office.nia, number, office.jane.id, was=None)
    assert office.view(number).assignee == "PC Jane Reed"
    assert office.open(assignee_id=office.jane.id) == ["When?"]
    assert office.open(unassigned=True) == []
    with pytest.raises(InputError, match="may not answer"):
        assign(office.context, office.nia, number, office.reader.id, was=office.jane.id)
    assign(office.context, office.jane, number, None, was=office.jane.id)
    assert office.open(unassigned=True) == ["When?"]
    assert office.done_to(number) == ["assign reply", "assign reply"]


def test_two_who_give_a_reply_away_at_once_do_not_undo_each_other(office: Office) -> None:
    number = office.reply("When?", "question")
    assign(office.context, office.nia, number, office.nia.id, was=None)
    with pytest.raises(InputError, match="with Nia Abbot now"):
        assign(office.context, office.jane, number, office.jane.id, was=None)
    assert office.view(number).assignee == "Nia Abbot"


def test_two_people_at_one_reply_see_each_other_for_a_minute(office: Office) -> None:
    number = office.reply("When?", "question")
    clock = office.context.clock

    def seen_by(person: Person) -> list[Presence]:
        with office.context.database.read() as session:
            return others_here(session, person, number, clock.now())

    here(office.context, office.jane, number)
    assert seen_by(office.nia) == [Presence("PC Jane Reed", writing=False)]
    assert seen_by(office.jane) == []
    here(office.context, office.nia, number, writing=True)
    assert seen_by(office.jane) == [Presence("Nia Abbot", writing=True)]
    clock.advance(timedelta(seconds=59))  # type: ignore[attr-defined]
    here(office.context, office.nia, number)
    assert seen_by(office.nia) == [Presence("PC Jane Reed", writing=False)]
    clock.advance(timedelta(seconds=2))  # type: ignore[attr-defined]
    assert seen_by(office.nia) == []
    assert seen_by(office.jane) == [Presence("Nia Abbot", writing=False)]
    clock.advance(timedelta(hours=2))  # type: ignore[attr-defined]
    here(office.context, office.nia, number)
    with office.context.database.read() as session:
        assert len(session.exec(select(ReplyPresence)).all()) == 1  # nobody keeps who looked at what


def test_a_note_is_sealed_stays_out_of_the_record_and_goes_with_the_reply(office: Office) -> None:
    number = office.reply("When?", "question")
    add_note(office.context, office.nia, number, " Rang him, he meant Tuesday. ")
    with pytest.raises(InputError, match="Write the note"):
        add_note(office.context, office.nia, number, "  ")
    with pytest.raises(InputError, match="2,000"):
        add_note(office.context, office.nia, number, "x" * 2_001)
    with office.context.database.read() as session:
        [note] = notes_of(session, office.context.vault, number)
        everything = str(session.connection().execute(sql("SELECT * FROM reply_note")).all())
        everything += str(session.connection().execute(sql("SELECT * FROM audit_record")).all())
    assert (note.person, note.text) == ("Nia Abbot", "Rang him, he meant Tuesday.")
    assert "Tuesday" not in everything
    assert office.done_to(number) == ["note on reply"]
    with office.context.database.write() as session:
        forget_replies(session, [number], office.context.clock.now())
        assert session.exec(select(ReplyNote)).all() == []


ACTS: dict[str, Callable[[Office, Person, int], object]] = {
    "done": lambda o, p, n: mark_done(o.context, p, n),
    "many": lambda o, p, n: mark_all_done(o.context, p, [n]),
    "reopen": lambda o, p, n: reopen(o.context, p, n),
    "assign": lambda o, p, n: assign(o.context, p, n, p.id, was=None),
    "note": lambda o, p, n: add_note(o.context, p, n, "Look at this"),
    "here": lambda o, p, n: here(o.context, p, n),
}


@pytest.mark.sqlite_only
@pytest.mark.parametrize("act", ACTS)
def test_only_who_may_answer_for_the_area_does_anything(office: Office, act: str) -> None:
    number = office.reply("Thanks", "thanks")
    with pytest.raises(NotAllowed):
        ACTS[act](office, office.reader, number)
    elsewhere = office.elsewhere()
    with office.context.database.write() as session:
        session.add(Membership(person_id=office.jane.id or 0, place_id=elsewhere))
    with pytest.raises(NotAllowed, match="for this area"):
        ACTS[act](office, office.jane, number)
    ACTS[act](office, office.nia, number)


def test_a_conversation_goes_on_over_days_with_our_answers_in_place(office: Office) -> None:
    day = 24 * 60
    first = office.reply("When is the market?", "question", parent_platform_id=office.publication.platform_id)
    office.reply("Not ours", "banter", minutes=5, parent_platform_id=office.publication.platform_id)
    office.reply("On Tuesday.", None, minutes=60, ours=True, parent_platform_id="r1")
    again = office.reply("And next week?", "question", minutes=2 * day, parent_platform_id="r3")
    for number in (first, again):
        with office.context.database.read() as session:
            said = conversation(session, office.view(number))
        assert [one.text for one in said] == ["When is the market?", "On Tuesday.", "And next week?"]


def test_what_is_kept_for_law_enforcement_is_not_for_everybody(office: Office) -> None:
    """R24."""
    number = office.reply("I saw him", "lead", purpose="law_enforcement")
    assert office.open(leads=False) == []
    assert office.open() == ["I saw him"]
    with office.context.database.read() as session:
        assert reply_view(session, number, leads=False) is None


def test_the_numbers_above_the_list_are_those_of_the_lists(office: Office) -> None:
    now = office.context.clock.now()
    for kind, minutes in (
        ("emergency", 0),
        ("lead", 1),
        ("question", -73 * 60),
        ("complaint", -71 * 60),
        ("thanks", 2),
    ):
        number = office.reply(kind, kind, minutes=minutes)
    assign(office.context, office.nia, number, office.nia.id, was=None)
    with office.context.database.read() as session:
        counts = count_desk(session, Wanted(), now, office.nia.id)
    assert (counts.open, counts.emergencies, counts.leads, counts.overdue) == (5, 1, 1, 1)
    assert office.open(overdue_at=now) == ["question"]
    assert (counts.mine, counts.nobody) == (
        len(office.open(assignee_id=office.nia.id)),
        len(office.open(unassigned=True)),
    )
    for asks in ({"kinds": ["question"]}, {"kinds": ["emergency", "thanks"]}, {"langs": ["cy"]}, {"channel": "x"}):
        with office.context.database.read() as session:
            counts = count_desk(session, Wanted(**asks), now, office.nia.id)
        assert counts.open == len(office.open(**asks)), asks
        assert counts.overdue == len(office.open(overdue_at=now, **asks)), asks
        assert counts.mine == len(office.open(assignee_id=office.nia.id, **asks)), asks


def test_no_clock_runs_for_what_was_written_before_the_account_was_connected(office: Office) -> None:
    """History that an account brings in is listed, and buries nothing: it was never anybody's to answer (R18)."""
    now = office.context.clock.now()
    office.reply("long ago", "question", minutes=-101 * 24 * 60)
    office.reply("yesterday", "question", minutes=-24 * 60)
    office.reply("thanks", "thanks")
    assert office.open() == ["yesterday", "thanks", "long ago"]
    assert office.open(kinds=["question"]) == ["yesterday", "long ago"]
    assert office.open(overdue_at=now) == []


KINDS = ["emergency", "lead", "question", "complaint", "thanks", "banter", None]
ROW = st.tuples(
    st.sampled_from(KINDS), st.integers(-9_000, 0), st.booleans(), st.booleans(), st.booleans(), st.booleans()
)


def plain_order(rows: list[tuple[str | None, int, bool, bool, bool, bool]]) -> list[str]:
    """The order as a sentence: open ones first by urgency, the clock's the oldest first, all else the newest first."""
    listed = []
    for number, (kind, minutes, answered, hidden, gone, done) in enumerate(rows):
        open_ = not done and (kind == "emergency" or not (answered or gone or (hidden and kind != "lead")))
        if gone and not open_:
            continue
        urgency = {"emergency": 0, "lead": 1, "question": 2, "complaint": 2}.get(kind or "", 3)
        clock = open_ and urgency == 2
        listed.append(((not open_, urgency if open_ else 0, minutes if clock else -minutes,
                        number if clock else -number), str(number)))  # fmt: skip
    return [name for _, name in sorted(listed)]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ROW, max_size=12), size=st.integers(1, 5))
@pytest.mark.sqlite_only
def test_the_list_has_the_order_of_a_plain_sort_page_after_page(
    office: Office, rows: list[tuple[str | None, int, bool, bool, bool, bool]], size: int
) -> None:
    """R18, R19."""
    with office.context.database.write() as session:
        for table in ("reading", "interaction"):
            session.connection().execute(sql(f"DELETE FROM {table}"))
    now = office.context.clock.now()
    for number, (kind, minutes, answered, hidden, gone, done) in enumerate(rows):
        office.reply(
            str(number), kind, minutes=minutes, hidden=hidden, answered_at=now if answered else None,
            gone_at=now if gone else None, done_at=now if done else None,
        )  # fmt: skip
    expected = plain_order(rows)
    assert office.listed() == expected
    assert office.counted() == len(expected)
    pages = [office.listed(limit=size, offset=start) for start in range(0, len(rows) + size, size)]
    assert [text for page in pages for text in page] == expected


def test_saved_answers_are_for_an_area_and_those_inside_it(office: Office) -> None:
    context = office.context
    assert offer_starters(context, office.nia) == len(saved_answers.STARTERS) == 6
    assert offer_starters(context, office.nia) == 0
    number = saved_answers.save_answer(context, office.nia, SavedAnswerInput("Market", "On Tuesdays.", office.place.id))
    with context.database.read() as session:
        assert "Market" in {one.title for one in answers_for(session, office.place.id)}
        assert "Market" not in {one.title for one in answers_for(session, None)}
        assert [one.title for one in list_saved_answers(session, search="tuesdays MARKET")] == ["Market"]
        words = " ".join(one.text for one in list_saved_answers(session))
    assert all(line in words for line in ("999", "101", "0800 555 111"))  # R15
    change_answer(context, office.jane, number, SavedAnswerInput("Market", "On Wednesdays."), version=1)
    with pytest.raises(InputError, match="meanwhile"):
        change_answer(context, office.nia, number, SavedAnswerInput("Market", "Never."), version=1)
    saved_answers.retire_answer(context, office.nia, number, version=2)
    with context.database.read() as session:
        assert "Market" not in {one.title for one in list_saved_answers(session)}
        assert [one.text for one in list_saved_answers(session, retired=True)] == ["On Wednesdays."]


def test_a_saved_answer_that_nobody_could_use_is_refused_with_every_reason(office: Office) -> None:
    with pytest.raises(InputError) as refused:
        saved_answers.save_answer(office.context, office.nia, SavedAnswerInput(" ", "x" * 1_001))
    assert len(refused.value.problems) == 2
    saved_answers.save_answer(office.context, office.nia, SavedAnswerInput("Market", "On Tuesdays."))
    with pytest.raises(InputError, match="already"):
        saved_answers.save_answer(office.context, office.nia, SavedAnswerInput("Market", "On Fridays."))
    with pytest.raises(NotAllowed):
        saved_answers.save_answer(office.context, office.reader, SavedAnswerInput("Other", "On Fridays."))
