"""Answering and hiding a reply on its page: one press, what comes of it, and words that say what to do."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select
from streamlit.testing.v1 import AppTest

from scheduler.answering import RULES, send_answers
from scheduler.hold_kinds import HoldKind
from scheduler.holds import Order, place_hold
from social.answer_records import Answer, AnswerState
from social.answers import send_answer
from social.errors import OutcomeUnknown, Refused
from social.hiding_records import Hiding
from social.hiding_work import hide_due
from social.interactions import Interaction
from social.staff import Role, find_or_add_person
from social.urgency import refresh_urgency
from tests.views.helpers import HOSTILE, Force, OpenPage, text_of

pytestmark = pytest.mark.sqlite_only

WORDS = "Yes, from eight until midnight."


def heard(force: Force, text: str = "Is there a patrol tonight?", kind: str = "question", lang: str = "en") -> int:
    """A resident writes on the network, and it is collected and read.  Returns the reply's id."""
    force.answer(force.publish(), text, kind=kind, lang=lang)
    with force.context.database.write() as session:
        reply = newest(session)
        post = force.network.posts[-1].platform_id
        reply.platform_id = force.network.add_reply(post, text)
        session.add(reply)
        session.flush()
        refresh_urgency(session, [reply.id or 0])
        return reply.id or 0


def newest(session: Session) -> Interaction:
    return session.exec(select(Interaction).order_by(Interaction.id.desc())).first()  # type: ignore[union-attr,return-value]  # a column here


def answers(force: Force) -> list[Answer]:
    with force.context.database.read() as session:
        return list(session.exec(select(Answer)))


def opened(force: Force, open_page: OpenPage, reply: int) -> AppTest:
    return open_page("replies", as_person=force.author, reply=str(reply), period="any")


def written(app: AppTest, reply: int, words: str) -> AppTest:
    app.text_area(key=f"answer_text_{reply}").set_value(words)
    return app.run()


def test_one_press_sends_and_the_page_says_on_its_way_and_then_sent(force: Force, open_page: OpenPage) -> None:
    reply = heard(force)
    app = written(opened(force, open_page, reply), reply, WORDS)
    shown = text_of(app)
    assert f"{len(WORDS)} of 500 characters" in shown
    assert "What residents will see" in shown
    app.button(key=f"answer_send_{reply}").click().run()
    assert not app.exception
    assert "This answer is on its way. Nia Abbot pressed send today" in text_of(app)
    assert not [box for box in app.text_area if box.key == f"answer_text_{reply}"], "one answer at a time"
    assert [one.text for one in force.network.replies if one.ours] == [], "a page sends nothing itself"
    send_answers(force.context)
    app = opened(force, open_page, reply)
    assert "Sent today" in text_of(app)
    assert [one.text for one in force.network.replies if one.ours] == [WORDS]
    assert app.text_area(key=f"answer_text_{reply}").value == ""


def test_who_was_writing_while_a_colleague_answered_sees_that_first_and_may_then_press_again(
    force: Force, open_page: OpenPage
) -> None:
    reply = heard(force)
    app = written(opened(force, open_page, reply), reply, WORDS)
    send_answer(force.context, force.author, reply, "Not tonight.", key="colleague", rules=RULES, seen=0)
    send_answers(force.context)
    app.button(key=f"answer_send_{reply}").click().run()
    assert "Somebody answered this reply while you were writing: look at that answer first." in text_of(app)
    assert "Not tonight." in text_of(app), "it stands above the form"
    assert app.text_area(key=f"answer_text_{reply}").value == WORDS, "nothing that was written is lost"
    assert [one.text for one in force.network.replies if one.ours] == ["Not tonight."]
    app.button(key=f"answer_send_{reply}").click().run()
    send_answers(force.context)
    assert [one.text for one in force.network.replies if one.ours] == ["Not tonight.", WORDS]


def test_words_that_may_not_go_out_are_marked_while_they_are_written_and_refused_at_the_press(
    force: Force, open_page: OpenPage
) -> None:
    reply = heard(force)
    app = written(opened(force, open_page, reply), reply, "Ring me on 07700 900123.")
    assert "looks like somebody's own number" in text_of(app)
    app.button(key=f"answer_send_{reply}").click().run()
    assert "There is a problem" in text_of(app)
    assert answers(force) == []
    assert app.text_area(key=f"answer_text_{reply}").value == "Ring me on 07700 900123.", (
        "nothing has to be typed again"
    )


def test_while_everything_is_stopped_the_press_says_so(force: Force, open_page: OpenPage) -> None:
    reply = heard(force)
    place_hold(force.context, Order(HoldKind.STOP_ALL, reason="A trial of the switch."), force.corporate)
    app = written(opened(force, open_page, reply), reply, WORDS)
    app.button(key=f"answer_send_{reply}").click().run()
    assert "Everything is stopped by hold 1" in text_of(app)
    assert answers(force) == []


def test_an_emergency_offers_999_alone_and_asks_twice_for_anything_else(force: Force, open_page: OpenPage) -> None:
    reply = heard(force, "He is breaking the door down now", kind="emergency")
    app = opened(force, open_page, reply)
    app = written(app, reply, "We will look into it.")
    app.button(key=f"answer_send_{reply}").click().run()
    assert "The only answer is to call 999:" in text_of(app)
    assert answers(force) == []
    app.button(key=f"answer_999_{reply}").click().run()
    assert [one.text for one in answers(force)] == ["Please call 999 now."]
    send_answers(force.context)
    app = written(opened(force, open_page, reply), reply, "Officers are with you.")
    app.checkbox(key=f"answer_confirm_{reply}").check().run()
    app.button(key=f"answer_send_{reply}").click().run()
    assert [one.text for one in answers(force)] == ["Please call 999 now.", "Officers are with you."]


def test_what_a_network_refused_and_what_is_not_known_is_said_with_what_to_do(
    force: Force, open_page: OpenPage
) -> None:
    reply = heard(force)
    app = written(opened(force, open_page, reply), reply, WORDS)
    app.button(key=f"answer_send_{reply}").click().run()
    said = f"X did not take the answer. Answer in X's own app. {HOSTILE}"
    force.network.fail_next("reply", Refused("memory", "reply", "403", said, reason="not_summoned"))
    send_answers(force.context)
    app = opened(force, open_page, reply)
    assert "refused by the network" in text_of(app)
    assert said in text_of(app)
    assert not any(HOSTILE in block.value for block in app.markdown)

    app = written(app, reply, "In other words, yes.")
    app.button(key=f"answer_send_{reply}").click().run()
    lost = OutcomeUnknown("memory", "reply", "", "No answer came.", sent_at=force.context.clock.now())
    force.network.fail_next("reply", lost)
    send_answers(force.context)
    assert "perhaps sent: the network is being asked" in text_of(opened(force, open_page, reply))
    force.context.clock.advance(timedelta(minutes=2))  # type: ignore[attr-defined]  # a settable one
    send_answers(force.context)
    app = opened(force, open_page, reply)
    assert "it did not go out. Send it again" in text_of(app)
    number = answers(force)[-1].id
    app.button(key=f"answer_again_{number}").click().run()
    send_answers(force.context)
    assert answers(force)[-1].state == AnswerState.SENT
    assert [one.text for one in force.network.replies if one.ours] == ["In other words, yes."]


def test_a_reply_in_welsh_asks_for_a_welsh_answer(force: Force, open_page: OpenPage) -> None:
    """R33."""
    app = opened(force, open_page, heard(force, "A fydd patrol heno?", lang="cy"))
    assert any("Answer in Welsh" in notice.value for notice in app.info)


def test_hiding_takes_a_house_rule_and_can_be_taken_back(force: Force, open_page: OpenPage) -> None:
    reply = heard(force, "Idiots, the lot of you", kind="abuse")
    app = opened(force, open_page, reply)
    assert "criticism of the police is none" in text_of(app)
    chosen = next(box for box in app.selectbox if box.label == "House rule that it breaks")
    assert chosen.value is None, "nothing is proposed without a flag"
    assert not [option for option in chosen.options if "critic" in option.lower()]
    hide = next(button for button in app.button if button.label == "Hide it")
    hide.click().run()
    assert "Hiding needs a house rule" in text_of(app)
    chosen = next(box for box in app.selectbox if box.label == "House rule that it breaks")
    chosen.select(next(option for option in chosen.options if option.startswith("Abuse")))
    next(button for button in app.button if button.label == "Hide it").click().run()
    hide_due(force.context)
    app = opened(force, open_page, reply)
    assert "Hidden today" in text_of(app)
    assert "by Nia Abbot: Abuse or hate." in text_of(app)
    with force.context.database.read() as session:
        assert session.exec(select(Hiding.evidence)).one() == "Idiots, the lot of you"
    app = app.button(key=f"show_{reply}").click().run()
    assert "It is just being shown again" in text_of(app)
    hide_due(force.context)
    assert "Shown again today" in text_of(app.run())
    assert "Shown again today" in text_of(opened(force, open_page, reply))


def test_whoever_may_not_answer_sees_no_form(force: Force, open_page: OpenPage) -> None:
    reply = heard(force)
    with force.context.database.write() as session:
        records = find_or_add_person(session, "rae@woldershire.example", Role.RECORDS)
    app = open_page("replies", as_person=records, reply=str(reply), period="any")
    assert not app.exception
    assert not [box for box in app.text_area if box.key == f"answer_text_{reply}"]
    assert not [button for button in app.button if button.label == "Hide it"]
