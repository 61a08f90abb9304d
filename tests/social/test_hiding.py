"""Hiding a reply at the network: a house rule, the words kept first, and a way back (R20, R21)."""

from collections.abc import Iterator

import pytest
from sqlmodel import select

from social.answers_forgotten import forget_hidings
from social.audit import AuditReason, AuditRecord
from social.channels import memory
from social.channels.memory import MemoryChannel
from social.clock import SettableClock
from social.context import Context
from social.desk import add_note
from social.desk_tables import ReplyNote
from social.errors import InputError, NotAllowed, OutcomeUnknown, Refused, TryLater
from social.hiding import hide_reply, show_reply
from social.hiding_records import HOUSE_RULES, Hiding, HidingState, hidings_of
from social.hiding_work import hide_due
from social.interactions import Interaction
from social.publications_erased import erase_publications, erase_replies_naming
from social.rechecks import note_replies_gone
from social.staff import Role, find_or_add_person
from tests.social.answer_desk import AnswerDesk

ABUSE = "You lot at number 12 are all scum."


@pytest.fixture
def desk(context: Context, clock: SettableClock) -> Iterator[AnswerDesk]:
    yield AnswerDesk(context, clock)
    memory.reset()


def hide(desk: AnswerDesk, reply: int, code: str = "abuse", note: str = "") -> int:
    return hide_reply(desk.context, desk.person, reply, code, note)


def order(desk: AnswerDesk, number: int) -> Hiding:
    with desk.context.database.read() as session:
        return session.get_one(Hiding, number)


def hidden(desk: AnswerDesk) -> list[bool | None]:
    """As the network has it, reply by reply."""
    return [one.hidden for one in desk.network.replies]


def test_a_reply_is_hidden_with_its_words_kept_first_and_shown_again(desk: AnswerDesk) -> None:
    reply = desk.hear(ABUSE)
    number = hide(desk, reply, note="Insults the officers of the team.")
    kept = order(desk, number)
    assert (kept.evidence, kept.written_at, kept.retention) == (ABUSE, desk.clock.now(), "moderation_evidence")
    assert hidden(desk) == [False], "the words are kept before the network is asked"
    assert hide(desk, reply) == number, "a double press is one order"
    assert hide_due(desk.context) == 1
    assert hidden(desk) == [True]
    assert desk.reply(reply).hidden
    assert (order(desk, number).state, order(desk, number).done_at) == (HidingState.DONE, desk.clock.now())
    with pytest.raises(InputError, match="hidden already"):
        hide(desk, reply)
    show_reply(desk.context, desk.person, reply)
    hide_due(desk.context)
    assert hidden(desk) == [False]
    assert not desk.reply(reply).hidden
    with desk.context.database.read() as session:
        rows = session.exec(select(AuditRecord).where(AuditRecord.subject_kind == "reply")).all()
        reasons = session.exec(select(AuditReason.text)).all()
    assert [row.action for row in rows] == ["hide reply", "reply is hidden", "show reply", "reply is shown"]
    assert '"house_rule":"abuse"' in (rows[0].after or "")
    assert reasons == ["Insults the officers of the team."]
    assert not any("scum" in str(row) for row in rows)


@pytest.mark.sqlite_only
def test_hiding_needs_a_house_rule_and_criticism_is_none(desk: AnswerDesk) -> None:
    reply = desk.hear("You never come when we call. Useless.")
    for code in ("criticism", "negative", "complaint", ""):
        with pytest.raises(InputError, match="Criticism of the police is none of them"):
            hide(desk, reply, code)
    assert not {"criticism", "negative", "complaint"} & HOUSE_RULES.keys()
    with pytest.raises(InputError, match="say in a sentence why"):
        hide(desk, reply, "off_topic_baiting")
    hide(desk, reply, "off_topic_baiting", "Calls the other residents names to start a fight.")
    assert hidden(desk) == [False]


@pytest.mark.sqlite_only
def test_what_cannot_be_hidden_is_said_and_who_may_not_hide_hides_nothing(desk: AnswerDesk) -> None:
    reply = desk.hear(ABUSE)
    desk.press(reply)
    desk.work()
    with pytest.raises(InputError, match="our own answer"):
        hide(desk, desk.ours()[0].id or 0)
    with pytest.raises(InputError, match="not hidden"):
        show_reply(desk.context, desk.person, reply)
    with desk.context.database.write() as session:
        person = find_or_add_person(session, "rae@woldershire.example", Role.RECORDS)
    with pytest.raises(NotAllowed):
        hide_reply(desk.context, person, reply, "abuse")
    with pytest.raises(NotAllowed):
        show_reply(desk.context, person, reply)


@pytest.mark.parametrize("taken", [True, False])
def test_an_order_of_which_nobody_knows_what_came_is_looked_up_and_done(desk: AnswerDesk, taken: bool) -> None:
    reply = desk.hear(ABUSE)
    number = hide(desk, reply)
    lost = OutcomeUnknown("memory", "hide", "", "No answer came.", sent_at=desk.clock.now())
    desk.network.fail_next("hide", lost, accepted=taken)
    assert hide_due(desk.context) == 0
    assert order(desk, number).state == HidingState.UNKNOWN
    with pytest.raises(InputError, match="just being hidden"):
        show_reply(desk.context, desk.person, reply)
    desk.later(minutes=1)
    assert hide_due(desk.context) == 1
    assert hidden(desk) == [True]
    assert desk.network.sent.count("hide") == (1 if taken else 2), "asked again only where it was not done"
    assert desk.reply(reply).hidden


@pytest.mark.sqlite_only
def test_a_worker_that_dies_in_the_middle_leaves_an_order_that_is_carried_out(
    desk: AnswerDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Death(BaseException):
        pass

    def dies(*_: object) -> None:
        raise Death

    reply = desk.hear(ABUSE)
    number, do = hide(desk, reply), MemoryChannel.hide
    monkeypatch.setattr(MemoryChannel, "hide", dies)
    with pytest.raises(Death):
        hide_due(desk.context)
    monkeypatch.setattr(MemoryChannel, "hide", do)
    assert hide_due(desk.context) == 0
    desk.later(minutes=3)
    assert hide_due(desk.context) == 1
    assert hidden(desk) == [True]
    assert order(desk, number).state == HidingState.DONE


@pytest.mark.sqlite_only
def test_what_the_network_refuses_or_long_trouble_reaches_whoever_asked(desk: AnswerDesk) -> None:
    refused, long = desk.hear(ABUSE), desk.hear("Buy cheap watches")
    first = hide(desk, refused)
    desk.network.fail_next("hide", Refused("memory", "hide", "404", "It is not there any more.", reason="gone"))
    assert hide_due(desk.context) == 1
    assert order(desk, first).state == HidingState.FAILED
    assert [alarm.person_id for alarm in desk.alarms()] == [desk.person.id]
    second = hide(desk, long, "spam")
    for _ in range(8):
        desk.network.fail_next("hide", TryLater("memory", "hide", "429", "The network asks us to wait."))
        desk.later(minutes=11)
        hide_due(desk.context)
    assert order(desk, second).state == HidingState.ASKED
    assert len(desk.alarms()) == 2, "a person knows while it goes on being tried"
    assert not any("watches" in alarm.text or "scum" in alarm.text for alarm in desk.alarms())
    desk.later(minutes=11)
    assert hide_due(desk.context) == 1
    assert len(desk.alarms()) == 1


@pytest.mark.sqlite_only
def test_the_kept_copy_outlives_the_reply_and_goes_where_words_have_to_go(desk: AnswerDesk) -> None:
    reply = desk.hear(ABUSE)
    number = hide(desk, reply, note="Insults the officers.")
    hide_due(desk.context)
    with desk.context.database.write() as session:
        assert [one.id for one in hidings_of(session, reply)] == [number]
        forget_hidings(session, [reply])
    assert (order(desk, number).evidence, order(desk, number).note) == (None, None)
    other = desk.hear("Another insult")
    kept = hide(desk, other)
    hide_due(desk.context)
    with desk.context.database.write() as session:
        session.delete(session.get_one(Interaction, other))
    assert (order(desk, kept).interaction_id, order(desk, kept).evidence) == (None, "Another insult")


@pytest.mark.sqlite_only
def test_what_an_ended_appeal_left_in_answers_and_kept_copies_goes_with_its_words(desk: AnswerDesk) -> None:
    """R10."""
    reply = desk.hear("Ellie Marsh is my cousin, is she safe?")
    number, answer = hide(desk, reply, "names_person"), desk.press(reply, "Ellie is safe and well.")
    hide_due(desk.context)
    desk.work()
    with desk.context.database.write() as session:
        erase_publications(session, [desk.publication.id or 0], desk.clock.now())
    assert order(desk, number).evidence is None
    assert desk.answer(answer).text == ""
    assert [one.text for one in desk.ours()] == [""]


@pytest.mark.sqlite_only
def test_what_people_kept_noted_and_said_of_replies_goes_with_an_ended_appeal_deleted_ones_too(
    desk: AnswerDesk,
) -> None:
    """R10: notes and reasons repeat a resident's words, and a copy outlives a reply that its writer deleted."""
    there, deleted = desk.hear("Ellie Marsh is my cousin"), desk.hear("I saw Ellie Marsh at the station")
    orders = [hide(desk, reply, "names_person", "Ellie Marsh is named") for reply in (there, deleted)]
    hide_due(desk.context)
    for reply in (there, deleted):
        add_note(desk.context, desk.person, reply, "Says that Ellie is at the station")
    with desk.context.database.write() as session:
        gone = session.get_one(Interaction, deleted)
        note_replies_gone(session, gone.account_id, [gone.platform_id], desk.clock.now())
        assert session.exec(select(Interaction.text).where(Interaction.id == deleted)).one() == ""
        erase_publications(session, [desk.publication.id or 0], desk.clock.now())
    assert [order(desk, number).evidence for number in orders] == [None, None]
    with desk.context.database.read() as session:
        assert session.exec(select(ReplyNote)).all() == []
        assert [one for one in session.exec(select(AuditReason.text)) if one] == []


@pytest.mark.sqlite_only
def test_a_copy_whose_reply_was_purged_goes_with_an_ended_appeal_as_well(desk: AnswerDesk) -> None:
    """R10, R28: the reply's own time is shorter than its copy's."""
    reply, another = desk.hear("Ellie Marsh is my cousin"), desk.publish("The gate is mended.")
    number = hide(desk, reply, "names_person", "Ellie Marsh is named")
    hide_due(desk.context)
    with desk.context.database.write() as session:
        session.delete(session.get_one(Interaction, reply))
        erase_publications(session, [another.id or 0], desk.clock.now())
    assert order(desk, number).evidence == "Ellie Marsh is my cousin", "another post's end takes nothing from it"
    with desk.context.database.write() as session:
        erase_publications(session, [desk.publication.id or 0], desk.clock.now())
    assert (order(desk, number).evidence, order(desk, number).note) == (None, None)
    assert order(desk, number).house_rule == "names_person", "that it was hidden, and why, stays"


@pytest.mark.sqlite_only
def test_a_copy_that_gives_the_name_of_whoever_was_found_goes_wherever_the_reply_stood(desk: AnswerDesk) -> None:
    """R10."""
    since = desk.clock.now()
    named, other = desk.hear("It was Ellie marsh, I am sure"), desk.hear("Nobody cares about this")
    orders = [hide(desk, reply, "abuse") for reply in (named, other)]
    hide_due(desk.context)
    with desk.context.database.write() as session:
        session.delete(session.get_one(Interaction, named))
        assert erase_replies_naming(session, ["Ellie Marsh"], desk.clock.now(), since=since) == 0
    assert [order(desk, number).evidence for number in orders] == [None, "Nobody cares about this"]
