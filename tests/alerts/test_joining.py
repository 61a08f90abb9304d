"""Signing up, confirming, changing and leaving: once however often, and nobody learns whose address is known (R30)."""

import re
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from social.accounts import Account
from social.alerts.asked import everything_asked
from social.alerts.contacts import clean_email, contact_of, email_key
from social.alerts.footers import FooterLine, footer_lines
from social.alerts.joining import ask_to_join, sign_up
from social.alerts.letters import write
from social.alerts.mailings import DigestItem, Mailing, Message, MessageKind, MessageState, Way
from social.alerts.membership import change, code_of, confirm, confirm_number, disown_number, leave
from social.alerts.mime import can_stand_in_mail
from social.alerts.residents import Resident, ResidentState
from social.alerts.wishes import Preferences, Wishes, preferences_of
from social.clock import SettableClock
from social.context import Context
from social.errors import InputError, NotAllowed
from social.places import PlaceKind, find_or_add_place
from social.staff import Person, Role, find_or_add_person
from tests.alerts.helpers import a_resident

EMAIL = "morgan@example.org"


@pytest.fixture
def area(context: Context) -> int:
    """An area to choose, and an account that can send mail and texts."""
    context.settings = replace(context.settings, public_address="https://alerts.example.org")
    credentials = {"from_address": "alerts@woldershire.example", "notify_api_key": "key"}
    with context.database.write() as session:
        session.add(Account(name="alerts", channel="alert", credentials_sealed=context.vault.seal(credentials),
                            added_at=context.clock.now()))  # fmt: skip
        force = find_or_add_place(session, "Woldershire Police", PlaceKind.FORCE)
        place = find_or_add_place(session, "Hexley Moor", PlaceKind.NEIGHBOURHOOD, force)
    assert place.id is not None
    return place.id


def wishes(area: int, *, email: str = EMAIL, phone: str = "", **changes: object) -> Wishes:
    chosen: dict[str, object] = {"topics": ("appeals", "fraud"), "areas": {area: 5.0}, **changes}
    return Wishes(Preferences(**chosen), email=email, phone=phone, name="Morgan")  # type: ignore[arg-type]  # by name


def the_resident(context: Context, email: str = EMAIL) -> Resident:
    with context.database.read() as session:
        key = email_key(context.vault, email)
        return session.exec(select(Resident).where(Resident.email_key == key)).one()


def messages(context: Context) -> list[Message]:
    with context.database.read() as session:
        return list(session.exec(select(Message).order_by(Message.id)))  # type: ignore[arg-type]  # a column here


def words_of(context: Context, message: Message) -> str:
    with context.database.read() as session:
        letter = write(session, context, message, session.get_one(Resident, message.resident_id))
    return "" if letter is None else f"{letter.subject}\n{letter.text}"


def the_code(context: Context, message: Message) -> str:
    with context.database.read() as session:
        return code_of(context, message, session.get_one(Resident, message.resident_id))


def joined(context: Context, area: int, **changes: object) -> Resident:
    ask_to_join(context, wishes(area, **changes))  # type: ignore[arg-type]  # builders pass fields on by name
    resident = the_resident(context)
    assert confirm(context, resident.id or 0)
    return the_resident(context)


def arrived(context: Context, message: Message) -> None:
    with context.database.write() as session:
        session.get_one(Message, message.id).state = MessageState.SENT.value


def test_a_sign_up_counts_for_nothing_until_its_address_confirms_it(context: Context, area: int) -> None:
    ask_to_join(context, wishes(area))
    resident = the_resident(context)
    assert (resident.state, resident.confirmed_at) == (ResidentState.UNCONFIRMED, None)
    (message,) = messages(context)
    assert (message.kind, message.way, message.rank) == (MessageKind.CONFIRM, Way.EMAIL, 1)
    assert "https://alerts.example.org/alerts/confirm/" in words_of(context, message)
    assert confirm(context, resident.id or 0)
    resident = the_resident(context)
    assert (resident.state, resident.confirmed_at) == (ResidentState.CONFIRMED, context.clock.now())


def test_address_number_and_name_are_sealed_and_stand_nowhere_else(context: Context, area: int) -> None:
    ask_to_join(context, wishes(area, phone="07700 900123"))
    resident = the_resident(context)
    assert contact_of(context.vault, resident).phone == "+447700900123"
    kept = repr({**resident.model_dump(), "contact_sealed": resident.contact_sealed})
    assert all(part not in kept for part in ("morgan", "7700", "Morgan"))


@pytest.mark.sqlite_only
def test_the_message_says_nothing_that_a_stranger_may_have_typed(context: Context, area: int) -> None:
    ask_to_join(context, wishes(area))
    assert "Morgan" not in words_of(context, messages(context)[0])


@pytest.mark.sqlite_only
def test_a_known_address_gets_its_settings_link_and_the_form_answers_the_same(context: Context, area: int) -> None:
    member = joined(context, area)
    context.clock.advance(timedelta(hours=2))  # type: ignore[attr-defined]  # the fixture's clock can be moved
    for sent in messages(context):
        arrived(context, sent)
    before = preferences_of_one(context, member)
    assert ask_to_join(context, wishes(area, topics=("rural",))) is None  # type: ignore[func-returns-value]
    assert preferences_of_one(context, member) == before
    said = words_of(context, messages(context)[-1])
    assert "/alerts/settings/" in said
    assert "/alerts/confirm/" not in said


def preferences_of_one(context: Context, resident: Resident) -> Preferences:
    with context.database.read() as session:
        return preferences_of(session, session.get_one(Resident, resident.id))


@pytest.mark.sqlite_only
@pytest.mark.parametrize("known", [True, False])
def test_what_is_wrong_is_said_whoever_the_address_belongs_to(context: Context, area: int, known: bool) -> None:
    if known:
        joined(context, area)
    wrong = wishes(area, topics=(), areas={area: 900.0}, by_text=True, quiet=(60, 60))
    with pytest.raises(InputError) as caught:
        ask_to_join(context, wrong)
    assert [one.column for one in caught.value.problems] == ["topics", "within_km", "quiet", "phone"]
    with pytest.raises(InputError) as caught:
        ask_to_join(context, wishes(area, email="morgan(at)example"))
    assert "morgan" not in str(caught.value)


def test_a_mailbox_is_not_filled_by_whoever_types_its_address(
    context: Context, clock: SettableClock, area: int
) -> None:
    for _ in range(30):
        ask_to_join(context, wishes(area))
        for message in messages(context):
            arrived(context, message)
        clock.advance(timedelta(minutes=40))
    assert len(messages(context)) == 3  # of twenty hours


def test_two_sign_ups_at_once_are_one(context: Context, area: int) -> None:
    together = threading.Barrier(4)

    def ask() -> None:
        together.wait()
        ask_to_join(context, wishes(area))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert the_resident(context).state == ResidentState.UNCONFIRMED
    assert len(messages(context)) == 1


def test_leaving_empties_what_is_known_at_once_and_stops_what_waits(context: Context, area: int) -> None:
    member = joined(context, area, phone="07700 900123")
    with context.database.write() as session:
        mailing = Mailing(account_id=1, key="k", subject="s", text="t", topic="fraud", audience="{}",
                          made_at=context.clock.now())  # fmt: skip
        session.add(mailing)
        session.flush()
        session.add(DigestItem(mailing_id=mailing.id, resident_id=member.id))
    for reason in (None, "moved", "too_many"):
        leave(context, member.id or 0, reason)
    gone = the_resident(context)
    assert (gone.state, gone.contact_sealed, gone.left_reason) == (ResidentState.LEFT, b"", "moved")
    assert gone.left_at == context.clock.now()
    assert preferences_of_one(context, gone).topics == ()
    assert {message.state for message in messages(context)} == {MessageState.STOPPED}
    with context.database.read() as session:
        assert session.exec(select(DigestItem)).one().dropped_at is not None
    assert not confirm(context, member.id or 0)  # an old link brings nobody back
    with pytest.raises(InputError, match="Sign up again"):
        change(context, member.id or 0, wishes(area).preferences)


@pytest.mark.sqlite_only
def test_somebody_who_left_can_come_back_and_their_old_links_are_dead(context: Context, area: int) -> None:
    member = joined(context, area)
    leave(context, member.id or 0)
    context.clock.advance(timedelta(days=2))  # type: ignore[attr-defined]  # the fixture's clock can be moved
    ask_to_join(context, wishes(area))
    back = the_resident(context)
    assert (back.id, back.state) == (member.id, ResidentState.UNCONFIRMED)
    assert back.link_version == member.link_version + 1


@pytest.mark.sqlite_only
def test_texts_go_to_a_number_only_once_its_owner_has_given_the_code(context: Context, area: int) -> None:
    member = joined(context, area, phone="07700 900123", by_text=True)
    assert not member.by_text
    code = messages(context)[-1]
    assert (code.kind, code.way) == (MessageKind.CONFIRM, Way.TEXT)
    right = the_code(context, code)
    assert right in words_of(context, code)
    said = words_of(context, code)  # the number may be a stranger's, who has no business in the settings
    assert re.findall(r"/alerts/(\w+)/", said) == ["number"]
    assert not confirm_number(context, member.id or 0, right)  # it has not been sent yet
    arrived(context, code)
    assert not confirm_number(context, member.id or 0, f"{(int(right) + 1) % 1_000_000:06d}")
    assert confirm_number(context, member.id or 0, f" {right[:3]} {right[3:]}")
    assert the_resident(context).by_text


@pytest.mark.sqlite_only
def test_a_later_sign_up_of_the_address_takes_nothing_from_an_earlier_one(context: Context, area: int) -> None:
    with context.database.write() as session:
        officer = find_or_add_person(session, "pat@woldershire.example", Role.AUTHOR)
    sign_up(context, officer, wishes(area, phone="07700 900123", by_text=True), event="Fair", number_checked=True)
    ask_to_join(context, wishes(area, phone="07700 900456", topics=("rural",)))
    ask_to_join(context, wishes(area, phone="07700 900456", topics=("rural",)))  # the same again is no other
    resident = the_resident(context)
    assert not confirm(context, resident.id or 0), "nobody has said which of the two is theirs"
    with context.database.read() as session:
        last, first = everything_asked(session, context.vault, resident)
    assert (last.preferences.topics, first.phone) == (("rural",), "+447700900123")
    assert confirm(context, resident.id or 0, first.mark(context.vault))
    resident = the_resident(context)
    assert contact_of(context.vault, resident).phone == "+447700900123"
    assert (resident.by_text, resident.consent_source) == (True, "event: Fair")
    assert preferences_of_one(context, resident).topics == ("appeals", "fraud")
    assert b"900456" not in repr(context.vault.open(resident.contact_sealed)).encode(), "the others are forgotten"


@pytest.mark.sqlite_only
def test_of_many_sign_ups_the_first_is_never_pushed_out(context: Context, area: int) -> None:
    ask_to_join(context, wishes(area, phone="07700 900123"))
    for number in range(20):
        ask_to_join(context, wishes(area, phone=f"07700 9004{number:02d}"))
    with context.database.read() as session:
        phones = [one.phone for one in everything_asked(session, context.vault, the_resident(context))]
    assert (len(phones), phones[0], phones[-1]) == (5, "+447700900419", "+447700900123")


@pytest.mark.sqlite_only
def test_every_message_to_who_signed_up_can_be_answered_by_one_click_that_ends_it(context: Context, area: int) -> None:
    member = joined(context, area, phone="07700 900123", by_text=True)
    asked, code = messages(context)
    lines = footer_of(context, asked)
    assert [line.label for line in lines] == ["Stop these messages, without signing in"]
    arrived(context, code)
    assert not disown_number(context, (member.id or 0) + 1, code.id or 0)
    assert disown_number(context, member.id or 0, code.id or 0)
    assert the_resident(context).phone_key is None
    assert words_of(context, code) == "", "nothing is texted there any more"
    ask_to_join(context, wishes(area, email="other@example.org"))
    (line,) = footer_of(context, messages(context)[-1])
    assert line.label.startswith("It was not me")
    assert "/alerts/leave/" in line.address


def footer_of(context: Context, message: Message) -> list[FooterLine]:
    with context.database.read() as session:
        resident = session.get_one(Resident, message.resident_id)
        letter = write(session, context, message, resident)
    assert letter is not None
    return footer_lines(context, message, resident, letter)


@pytest.mark.sqlite_only
def test_a_code_cannot_be_guessed(context: Context, area: int) -> None:
    member = joined(context, area, phone="07700 900123", by_text=True)
    arrived(context, messages(context)[-1])
    right = the_code(context, messages(context)[-1])
    for wrong in range(1, 6):
        assert not confirm_number(context, member.id or 0, f"{(int(right) + wrong) % 1_000_000:06d}")
    assert not confirm_number(context, member.id or 0, right)


@pytest.mark.sqlite_only
def test_another_number_has_to_be_confirmed_anew(context: Context, area: int) -> None:
    member = a_resident(context, email=EMAIL, phone="07700 900123", by_text=True, places=[area])
    wanted = wishes(area, by_text=True).preferences
    assert not change(context, member.id or 0, wanted)
    assert the_resident(context).by_text
    assert change(context, member.id or 0, wanted, phone="07700 900456")
    assert not the_resident(context).by_text
    change(context, member.id or 0, wishes(area).preferences, phone="")
    assert the_resident(context).phone_key is None


@pytest.mark.sqlite_only
def test_the_code_of_one_number_shows_nothing_of_another(context: Context, area: int) -> None:
    member = joined(context, area, phone="07700 900123", by_text=True)
    code = messages(context)[-1]
    arrived(context, code)
    right = the_code(context, code)
    change(context, member.id or 0, wishes(area, by_text=True).preferences, phone="07700 900456")
    assert not confirm_number(context, member.id or 0, right)
    assert not the_resident(context).by_text
    change(context, member.id or 0, wishes(area, by_text=True).preferences, phone="07700 900123")
    assert confirm_number(context, member.id or 0, right)


@pytest.mark.sqlite_only
def test_giving_another_number_and_the_first_again_brings_no_more_guesses(context: Context, area: int) -> None:
    member = joined(context, area, phone="07700 900123", by_text=True)
    code = messages(context)[-1]
    arrived(context, code)
    right = the_code(context, code)
    for wrong in range(1, 6):
        assert not confirm_number(context, member.id or 0, f"{(int(right) + wrong) % 1_000_000:06d}")
    for number in ("07700 900456", "07700 900123"):
        change(context, member.id or 0, wishes(area, by_text=True).preferences, phone=number)
    assert not confirm_number(context, member.id or 0, right)


@pytest.mark.sqlite_only
def test_a_number_is_texted_three_codes_a_day_whoever_gives_it(context: Context, area: int) -> None:
    for number in range(5):
        ask_to_join(context, wishes(area, email=f"resident{number}@example.org", phone="07700 900123", by_text=True))
        confirm(context, the_resident(context, f"resident{number}@example.org").id or 0)
        for message in messages(context):
            arrived(context, message)
        context.clock.advance(timedelta(hours=2))  # type: ignore[attr-defined]  # the fixture's clock can be moved
    assert sum(message.way == Way.TEXT for message in messages(context)) == 3


@pytest.mark.sqlite_only
def test_an_officer_signs_up_at_an_event_and_the_resident_still_confirms(context: Context, area: int) -> None:
    with context.database.write() as session:
        officer = find_or_add_person(session, "pat@woldershire.example", Role.AUTHOR)
        reader = find_or_add_person(session, "kit@woldershire.example", Role.READER)
    asked = wishes(area, phone="07700 900123", by_text=True, by_email=False)
    sign_up(context, officer, asked, event=" Hexley  fair ", number_checked=True)
    resident = the_resident(context)
    assert (resident.consent_source, resident.state) == ("event: Hexley fair", ResidentState.UNCONFIRMED)
    assert (resident.by_text, resident.by_email) == (True, False)
    with pytest.raises(NotAllowed):
        sign_up(context, Person.model_validate(reader), asked)


@pytest.mark.sqlite_only
def test_an_address_is_taken_exactly_where_mail_can_be_sent_to_it() -> None:
    for good in ("Sean.O'Neill@example.org", "a+b@example.co.uk", "{x}=y~z!@example.org"):
        assert can_stand_in_mail(clean_email(good))
    for bad in (
        "\u00e9lan@example.org",
        "'a@example.org",
        "a:b@example.org",
        "a@-",
        "a\x00b@example.org",
        ".a@example.org",
    ):
        with pytest.raises(InputError):
            clean_email(bad)


@pytest.mark.sqlite_only
def test_without_an_account_nothing_is_promised(context: Context) -> None:
    with context.database.write() as session:
        place = find_or_add_place(session, "Hexley Moor", PlaceKind.NEIGHBOURHOOD)
    with pytest.raises(InputError, match="not open yet"):
        ask_to_join(context, wishes(place.id or 0))
