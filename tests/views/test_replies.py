"""The page Replies: what is shown is in the link, and what a person does beside answering."""

from datetime import timedelta

import pytest
from sqlmodel import col, select
from streamlit.testing.v1 import AppTest

from scheduler.answering import RULES
from social.answer_records import answers_to
from social.answers import send_answer
from social.context import Context
from social.desk import assign, here
from social.interactions import Interaction
from social.saved_answers import STARTERS, SavedAnswerInput, change_answer, save_answer
from social.staff import Role, find_or_add_person
from social.views.desk_part import answered_since
from tests.views.helpers import HOSTILE, Force, OpenPage, text_of

pytestmark = pytest.mark.sqlite_only


def number_of(force: Force, text: str) -> int:
    with force.context.database.read() as session:
        return int(session.exec(select(Interaction.id).where(col(Interaction.text) == text)).one() or 0)


def fill(force: Force) -> dict[str, int]:
    """One reply of each of these kinds; its text is 'a' and the kind. Returns their numbers."""
    post_id = force.publish()
    kinds = ("thanks", "banter", "question", "lead", "emergency", "complaint")
    for kind in kinds:
        force.answer(post_id, f"a {kind}", kind=kind, stance="negative" if kind == "complaint" else "neutral")
    return {kind: number_of(force, f"a {kind}") for kind in kinds}


def listed(app: AppTest) -> list[int]:
    """The numbers of the replies in the list, in order."""
    return [int(button.key.rpartition("_")[2]) for button in app.button if (button.key or "").startswith("open_reply_")]


def press(app: AppTest, label: str) -> AppTest:
    return next(button for button in app.button if button.label.startswith(label)).click().run()


def test_the_list_goes_by_urgency_and_clock(force: Force, open_page: OpenPage) -> None:
    """R18, R19."""
    numbers = fill(force)
    app = open_page("replies")
    assert listed(app) == [numbers[k] for k in ("emergency", "lead", "question", "complaint", "banter", "thanks")]
    assert "Answer within 3 days" in text_of(app)
    force.context.clock.advance(timedelta(hours=75))  # type: ignore[attr-defined]
    assert "Overdue by 3 hours" in text_of(open_page("replies"))


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ({"kinds": "question,complaint"}, ["question", "complaint"]),
        ({"stance": "negative", "network": "memory", "lang": "en", "show": "nobody"}, ["complaint"]),
        ({"flag": "threat", "show": "closed"}, []),
        ({"show": "nonsense", "kinds": "nonsense", "page": "x", "area": "99"}, None),
    ],
)
def test_a_link_shows_what_it_says(
    address: dict[str, str], expected: list[str] | None, force: Force, open_page: OpenPage
) -> None:
    numbers = fill(force)
    app = open_page("replies", **address)
    assert not app.exception
    assert sorted(listed(app)) == sorted(numbers[kind] for kind in (numbers if expected is None else expected))


def test_what_is_chosen_goes_into_the_link_and_the_link_opens_the_same_list(force: Force, open_page: OpenPage) -> None:
    fill(force)
    app = open_page("replies")
    app.multiselect(key="r_kind").set_value(["question", "complaint"]).run()
    app.multiselect(key="r_stance").set_value(["negative"]).run()
    app.selectbox(key="r_area").set_value(force.place.id).run()
    app.selectbox(key="r_period").set_value("7").run()
    shown = listed(app)
    link = {name: values[0] if isinstance(values, list) else values for name, values in app.query_params.items()}
    assert {"kinds": "complaint,question", "stance": "negative", "area": str(force.place.id), "written": "7"}.items() <= {
        **link, "kinds": ",".join(sorted(link["kinds"].split(",")))
    }.items()  # fmt: skip
    again = open_page("replies", **link)
    assert listed(again) == shown != []
    assert again.multiselect(key="r_kind").value == app.multiselect(key="r_kind").value
    label = again.segmented_control(key="r_show").options[0]
    assert label == f"Open ({len(shown)})", "the numbers count what the filters let through"
    again.multiselect(key="r_kind").set_value([]).run()
    again.multiselect(key="r_stance").set_value([]).run()
    assert "kinds" not in again.query_params


def test_a_reply_is_opened_beside_the_list_and_the_next_one_follows(force: Force, open_page: OpenPage) -> None:
    numbers = fill(force)
    app = press(open_page("replies"), f"Open reply {numbers['lead']}")
    assert [header.value for header in app.header] == [f"Reply {numbers['lead']}"]
    assert app.query_params["reply"] in (str(numbers["lead"]), [str(numbers["lead"])])
    app = press(app, "Next reply")
    assert [header.value for header in app.header] == [f"Reply {numbers['question']}"]
    app = press(app, "Reply before")
    assert [header.value for header in app.header] == [f"Reply {numbers['lead']}"]
    assert "reply" not in press(app, "Close").query_params


def test_a_reply_opens_for_whoever_was_chosen_in_the_practice_sidebar(force: Force, open_page: OpenPage) -> None:
    """The address then holds a word of the sidebar's, which the page must leave alone."""
    numbers = fill(force)
    app = open_page("replies", act_as="Nia Abbot (writes posts)")
    assert app.selectbox(key="act_as").value == force.author.id
    app = press(app, f"Open reply {numbers['question']}")
    assert not app.exception
    assert [header.value for header in app.header] == [f"Reply {numbers['question']}"]
    app = press(app, "Close")
    assert not app.exception
    assert "reply" not in app.query_params
    assert app.query_params["act_as"] == "Nia Abbot (writes posts)"


def test_a_reply_of_elsewhere_or_of_nowhere_is_not_shown(force: Force, open_page: OpenPage) -> None:
    fill(force)
    app = open_page("replies", reply="4711")
    assert not app.exception
    assert any("This reply is not here" in info.value for info in app.info)


def test_done_closes_a_reply_and_can_be_taken_back(force: Force, open_page: OpenPage) -> None:
    numbers = fill(force)
    app = open_page("replies", reply=str(numbers["question"]))
    app = app.button(key=f"done_{numbers['question']}").click().run()
    assert numbers["question"] not in listed(app)
    app = open_page("replies", reply=str(numbers["question"]), show="closed")
    assert listed(app) == [numbers["question"]]
    assert "Closed by" in text_of(app)
    app = app.button(key=f"reopen_{numbers['question']}").click().run()
    assert numbers["question"] in listed(open_page("replies"))


def test_the_next_reply_is_the_one_that_followed_what_was_just_closed(force: Force, open_page: OpenPage) -> None:
    numbers = fill(force)
    app = press(open_page("replies"), f"Open reply {numbers['question']}")
    app = press(app, "Mark as done")
    assert numbers["question"] not in listed(app)
    assert [header.value for header in press(app, "Next reply").header] == [f"Reply {numbers['complaint']}"]
    app = press(open_page("replies"), f"Open reply {numbers['complaint']}")
    app = press(press(app, "Mark as done"), "Reply before")
    assert [header.value for header in app.header] == [f"Reply {numbers['lead']}"]


def test_a_thread_and_the_replies_in_it_are_in_the_address_too(force: Force, open_page: OpenPage) -> None:
    numbers = fill(force)
    app = press(open_page("replies", kinds="question"), f"Open reply {numbers['question']}")
    app = press(app, "See everything under this post")
    assert "reply" not in app.query_params
    assert "thread" in app.query_params
    assert [header.value for header in app.header] == ["Thread"]
    app = press(app, f"Open reply {numbers['banter']}")
    assert app.query_params["reply"] in (str(numbers["banter"]), [str(numbers["banter"])])
    app = press(open_page("replies", thread="1"), "Back to all replies")
    assert "thread" not in app.query_params
    assert len(listed(app)) == len(numbers)


def test_thanks_and_banter_are_closed_in_one_step(force: Force, open_page: OpenPage) -> None:
    numbers = fill(force)
    app = press(open_page("replies"), "Mark all thanks and banter on this page as done (2)")
    assert listed(app) == [numbers[kind] for kind in ("emergency", "lead", "question", "complaint")]


def test_a_reply_is_given_to_a_colleague_who_finds_it_under_mine(force: Force, open_page: OpenPage) -> None:
    number = fill(force)["question"]
    app = open_page("replies", as_person=force.corporate, reply=str(number))
    app.selectbox(key=f"assignee_{number}_None").set_value(force.author.id)
    app = press(app, "Give it to them")
    assert f"With {force.author.name}." in text_of(app)
    assert listed(open_page("replies", as_person=force.author, show="mine")) == [number]
    assert listed(open_page("replies", as_person=force.corporate, show="mine")) == []
    assert number not in listed(open_page("replies", as_person=force.corporate, show="nobody"))


def test_a_note_is_there_for_the_next_person(force: Force, open_page: OpenPage) -> None:
    number = fill(force)["question"]
    app = open_page("replies", as_person=force.author, reply=str(number))
    next(area for area in app.text_area if area.label == "Note for colleagues").set_value(f"Rang. {HOSTILE}")
    app = press(app, "Keep the note")
    assert [one.value for one in app.success] == ["The note is kept."]  # beside the reply, where it was done
    app = open_page("replies", as_person=force.corporate, reply=str(number))
    assert any("Note by Nia Abbot" in text.value and HOSTILE in text.value for text in app.text)


def test_two_people_at_the_same_reply_see_each_other(force: Force, context: Context, open_page: OpenPage) -> None:
    number = fill(force)["question"]
    said = text_of(open_page("replies", as_person=force.corporate, reply=str(number)))
    assert "has this open now" not in said
    app = open_page("replies", as_person=force.author, reply=str(number))
    assert "Joel Marsh has this open now." in text_of(app)
    here(context, force.corporate, number, writing=True)
    assert "Joel Marsh has this open now and is writing an answer." in text_of(app.run())
    context.clock.advance(timedelta(seconds=61))  # type: ignore[attr-defined]
    assert "has this open now" not in text_of(app.run())


def test_whoever_has_a_reply_open_hears_that_a_colleague_answered_it(
    force: Force, context: Context, open_page: OpenPage
) -> None:
    number = fill(force)["question"]
    app = open_page("replies", as_person=force.author, reply=str(number))
    context.clock.advance(timedelta(seconds=20))  # type: ignore[attr-defined]
    send_answer(context, force.corporate, number, "From 10am on Saturday.", key="joel", rules=RULES, seen=0)
    with context.database.read() as session:
        answers = answers_to(session, number)
    assert answered_since(answers, force.author, context.clock.now() - timedelta(seconds=20)) == {force.corporate.id}
    assert answered_since(answers, force.corporate, context.clock.now() - timedelta(seconds=20)) == set()
    assert answered_since(answers, force.author, context.clock.now()) == set()
    assert "From 10am on Saturday." in text_of(app.run())


def test_a_saved_answer_is_put_into_the_box_and_not_sent(force: Force, context: Context, open_page: OpenPage) -> None:
    """R23."""
    number = fill(force)["question"]
    saved = save_answer(context, force.corporate, SavedAnswerInput("Market", "It is on Tuesday."))
    app = open_page("replies", as_person=force.author, reply=str(number))
    app.text_area(key=f"answer_text_{number}").input("Good question.")
    app.pills(key=f"saved_{number}").set_value(saved).run()
    assert app.text_area(key=f"answer_text_{number}").value == "Good question.\n\nIt is on Tuesday.", (
        "nothing typed is lost"
    )
    for other in range(8):
        save_answer(context, force.corporate, SavedAnswerInput(f"Other {other}", "Yes."))
    app = open_page("replies", as_person=force.author, reply=str(number))
    app.selectbox(key=f"saved_{number}").set_value(saved).run()
    assert app.text_area(key=f"answer_text_{number}").value == "It is on Tuesday."
    assert len(force.network.sent) == 1  # our post, and nothing else


def test_an_emergency_gets_no_saved_answer(force: Force, context: Context, open_page: OpenPage) -> None:
    """R19."""
    number = fill(force)["emergency"]
    save_answer(context, force.corporate, SavedAnswerInput("Market", "It is on Tuesday."))
    app = open_page("replies", reply=str(number))
    assert not [box for box in [*app.selectbox, *app.pills] if box.key == f"saved_{number}"]
    assert any("control room" in error.value for error in app.error)


def test_whoever_only_reads_sees_no_buttons_that_change_anything(
    force: Force, context: Context, open_page: OpenPage
) -> None:
    number = fill(force)["question"]
    with context.database.write() as session:
        records = find_or_add_person(session, "rae.holm@woldershire.example", Role.RECORDS, "Rae Holm")
    app = open_page("replies", as_person=records, reply=str(number))
    assert "a question" in text_of(app)
    pressed = {button.label for button in app.button}
    assert not [label for label in pressed if label.startswith(("Mark", "Give", "Keep", "Put", "Send", "Hide"))]


def test_saved_answers_are_made_changed_searched_and_retired(force: Force, open_page: OpenPage) -> None:
    app = press(open_page("saved_answers", as_person=force.corporate), f"Take {len(STARTERS)} answers to start with")
    assert "Emergency: call 999" in text_of(app)
    app.text_input(key="title_new").set_value("Market")
    app.text_area(key="text_new").set_value("It is on Tuesday.")
    app = press(app, "Save the answer")
    app.text_input(key="q").set_value("tuesday").run()
    assert "Market" in text_of(app)
    assert "Emergency: call 999" not in text_of(app)
    number = len(STARTERS) + 1
    app.text_area(key=f"text_{number}_1").set_value("It is on Friday.")
    app = press(app, "Save the change")
    app.text_input(key="q").set_value("friday").run()
    assert "It is on Friday." in text_of(app)
    app = press(app, "Take out of use")
    assert "No saved answer holds these words." in [info.value for info in app.info]
    assert "It is on Friday." in text_of(app.checkbox(key="retired").check().run())


def test_a_saved_answer_that_somebody_else_changed_meanwhile_is_not_told_as_saved(
    force: Force, context: Context, open_page: OpenPage
) -> None:
    person = force.corporate
    number = save_answer(context, person, SavedAnswerInput("Market", "It is on Tuesday.", None))
    app = open_page("saved_answers", as_person=person)
    app.text_area(key=f"text_{number}_1").set_value("It is on Friday.")
    change_answer(context, person, number, SavedAnswerInput("Market", "It is on Monday.", None), version=1)
    app = press(app, "Save the change")
    assert "There is a problem" in text_of(app)
    assert "The change is saved." not in text_of(app)
    assert app.text_area(key=f"text_{number}_1").value == "It is on Friday.", "what was typed stays"


def test_today_counts_what_is_open_and_leads_to_the_list_behind_the_number(
    force: Force, context: Context, open_page: OpenPage
) -> None:
    number = fill(force)["question"]
    assign(context, force.corporate, number, force.corporate.id, was=None)
    links = {
        link.label: link.proto.query_string for link in open_page("today", as_person=force.corporate).get("page_link")
    }
    assert links["6 replies are open"] == "show=open&written=any"
    assert listed(open_page("replies", as_person=force.corporate, show="mine", written="any")) == [number]
    assert links["1 reply is given to you"] == "show=mine&written=any"
