"""Alarms on the pages, and the button that ends reminders; who answers for an account, and its budget."""

from datetime import timedelta

from sqlmodel import select

from social.accounts import Account
from social.alarms import Alarm, raise_alarm
from social.budgets import Budget
from social.limits import Purpose, Scope, Seen, record_seen
from social.staff import Person, Role, find_or_add_person
from tests.views.helpers import HOSTILE, Force, OpenPage, text_of


def raised(force: Force, person: Person, text: str = "hexley is paused.") -> int:
    with force.context.database.write() as session:
        found = raise_alarm(session, force.context.clock.now(), f"test:{text}", "account:1", person.id, text)
        return found.id or 0


def alarm(force: Force, number: int) -> Alarm:
    with force.context.database.read() as session:
        return session.get_one(Alarm, number)


def test_an_alarm_stands_on_today_until_its_person_has_seen_it(force: Force, open_page: OpenPage) -> None:
    number = raised(force, force.author)
    assert "hexley is paused." not in text_of(open_page("today", as_person=force.corporate))
    app = open_page("today", as_person=force.author)
    assert "hexley is paused." in text_of(app)
    app.button(key=f"seen_{number}").click().run()
    assert alarm(force, number).seen_by_id == force.author.id
    assert "hexley is paused." not in text_of(app)
    health = open_page("health", as_person=force.author)
    assert "hexley is paused." in text_of(health), "seen is not over"
    assert not [button for button in health.button if button.key == f"seen_{number}"]


def test_whoever_looks_after_accounts_sees_everybodys_alarms_and_no_words_are_markdown(
    force: Force, open_page: OpenPage
) -> None:
    with force.context.database.write() as session:
        keeper = find_or_add_person(session, "keeper@woldershire.example", Role.ADMINISTRATOR, f"Kay {HOSTILE}")
    raised(force, force.author, f"A matter {HOSTILE}")
    app = open_page("health", as_person=keeper)
    assert f"A matter {HOSTILE}" in text_of(app)
    assert not any(HOSTILE in block.value for block in app.markdown)


def test_an_account_is_given_to_a_person_and_a_budget_on_its_card(force: Force, open_page: OpenPage) -> None:
    with force.context.database.write() as session:
        keeper = find_or_add_person(session, "keeper@woldershire.example", Role.ADMINISTRATOR, "Kay Keeper")
        account = session.exec(select(Account)).first()
        assert account is not None
        account.channel, account.base_url = "x", "http://127.0.0.1:9"
        session.add(account)
    app = open_page("health", as_person=keeper)
    assert "everybody who looks after accounts" in text_of(app)
    assert "June 2026: £0.00 spent, " in text_of(app)
    assert "Posts sent: 0. Posts read: 0.\nNo budget is set." in text_of(app)
    app.selectbox(key=f"owner_of_{account.id}").set_value(force.author.id)
    next(button for button in app.button if button.label == "Save who answers").click().run()
    app.number_input(key=f"pounds_{account.id}").set_value(12.5)
    next(button for button in app.button if button.label == "Save the budget").click().run()
    assert not app.exception
    with force.context.database.read() as session:
        assert session.get_one(Account, account.id).owner_id == force.author.id
        budget = session.get_one(Budget, account.id)
    assert (budget.pence, budget.kept_for_posts) == (1250, 50)
    assert f"Who is told when something is wrong: {force.author.name}" in text_of(app)
    assert "June 2026: £0.00 of £12.50 spent" in text_of(app)
    others = open_page("health", as_person=force.author)
    assert not [button for button in others.button if button.label.startswith("Save")]


def test_a_limit_that_is_used_up_stands_on_the_accounts_card(force: Force, open_page: OpenPage) -> None:
    with force.context.database.write() as session:
        now = force.context.clock.now()
        seen = Seen(Scope.ACCOUNT, "create", Purpose.PUBLISH, 100, 0, True, True, now + timedelta(minutes=10))
        record_seen(session, now, 1, None, seen)
    assert "A limit that it has at the network (create) is used up until" in text_of(open_page("health"))
