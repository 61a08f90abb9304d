"""What people say of a reading: who may, what is shown from then on, and what is kept for measuring."""

from datetime import timedelta

import pytest
from sqlmodel import select

from insights.facts import PublicationFacts
from insights.measuring import judged
from insights.reading import CURRENT_VERSION
from insights.reading.stored import read_new
from social.accounts import Account
from social.audit import AuditRecord
from social.channels.base import Heard
from social.context import Context
from social.errors import InputError, NotAllowed
from social.heard import store_heard
from social.interactions import Interaction, Reading
from social.kinds import Flag, Kind, Stance
from social.labels import Correction, Label, ShownFlag, correct_reading, corrected, flags_of, has_flag
from social.places import PlaceKind, find_or_add_place
from social.publications import Publication, record_publication
from social.staff import Membership, Person, Role, find_or_add_person

WORDS = "Ring me on 07700 900123, I saw it"


class Desk:
    """One publication about one area, and somebody who answers there."""

    def __init__(self, context: Context) -> None:
        self.context = context
        now = context.clock.now()
        with context.database.write() as session:
            account = Account(name="page", channel="memory", credentials_sealed=b"", added_at=now)
            session.add(account)
            session.flush()
            self.account_id = account.id or 0
            place = find_or_add_place(session, "Copperbeck", PlaceKind.NEIGHBOURHOOD)
            post = record_publication(
                session,
                Publication(account_id=self.account_id, platform_id="p1", text="A post", published_at=now,
                            content_type="event", place_id=place.id),
                now,
            )  # fmt: skip
            self.publication_id, self.place_id = post.id or 0, place.id or 0
        self.person = self.somebody("desk@example.org", Role.CONTACT_DESK)
        self.reply = self.hear("r1", WORDS)
        read_new(context)

    def somebody(self, email: str, role: Role, place_id: int | None = None) -> Person:
        with self.context.database.write() as session:
            person = find_or_add_person(session, email, role)
            if place_id:
                session.add(Membership(person_id=person.id or 0, place_id=place_id))
        return person

    def hear(self, platform_id: str, text: str) -> int:
        now = self.context.clock.now()
        heard = Heard(platform_id=platform_id, conversation="p1", parent="p1", kind="reply", text=text,
                      author="someone", ours=False, lang=None, created_at=now, hidden=False)  # fmt: skip
        with self.context.database.write() as session:
            store_heard(session, self.context.vault, self.account_id, {"p1": self.publication_id}, [heard], now)
            found = session.exec(select(Interaction).where(Interaction.platform_id == platform_id)).one()
        return found.id or 0

    def flags(self) -> list[ShownFlag]:
        with self.context.database.read() as session:
            return flags_of(session, [self.reply])[self.reply]

    def said(self) -> Correction | None:
        with self.context.database.read() as session:
            return corrected(session, [self.reply]).get(self.reply)

    def labels(self) -> list[Label]:
        with self.context.database.read() as session:
            return list(session.exec(select(Label).order_by(Label.id)))


@pytest.fixture
def desk(context: Context) -> Desk:
    return Desk(context)


def test_what_a_person_says_is_shown_from_then_on(desk: Desk) -> None:
    assert [shown.flag for shown in desk.flags()] == [Flag.PERSONAL_DATA]
    assert desk.said() is None
    correct_reading(desk.context, desk.person, desk.reply, kind="emergency", stance=Stance.NEUTRAL,
                    flags_on=[Flag.WELFARE], flags_off=["personal_data"])  # fmt: skip
    assert desk.said() == Correction(Kind.EMERGENCY, Stance.NEUTRAL, {Flag.PERSONAL_DATA: False, Flag.WELFARE: True})
    assert desk.flags() == [ShownFlag(Flag.WELFARE, None)]
    with desk.context.database.read() as session:
        found = {flag: session.exec(select(Interaction.id).where(has_flag(flag))).all() for flag in Flag}
    assert [flag for flag in Flag if found[flag]] == [Flag.WELFARE]


def test_a_reading_s_own_flag_is_found_in_lists_too(desk: Desk) -> None:
    with desk.context.database.read() as session:
        assert session.exec(select(Interaction.id).where(has_flag("personal_data"))).all() == [desk.reply]


def test_a_correction_outlives_a_newer_version_and_ends_with_an_edit(desk: Desk) -> None:
    correct_reading(desk.context, desk.person, desk.reply, kind=Kind.LEAD, flags_off=[Flag.PERSONAL_DATA])
    with desk.context.database.write() as session:
        for reading in session.exec(select(Reading)):
            reading.version = "older-1"
            session.add(reading)
        reply = session.get_one(Interaction, desk.reply)
        reply.unread = True
        session.add(reply)
    assert read_new(desk.context) == 1
    assert desk.said() == Correction(Kind.LEAD, None, {Flag.PERSONAL_DATA: False})
    assert desk.flags() == []
    desk.hear("r1", "Something else on 07700 900456")
    assert desk.said() is None
    read_new(desk.context)
    assert [shown.flag for shown in desk.flags()] == [Flag.PERSONAL_DATA]
    assert [label.in_force for label in desk.labels()] == [False, False]


def test_figures_follow_the_person(desk: Desk) -> None:
    correct_reading(desk.context, desk.person, desk.reply, kind=Kind.QUESTION, stance=Stance.NEGATIVE)
    with desk.context.database.read() as session:
        facts = session.get_one(PublicationFacts, desk.publication_id)
    assert (facts.n_question, facts.n_lead, facts.n_negative, facts.unanswered, facts.replies_read) == (1, 0, 1, 1, 1)


def test_the_last_word_counts_and_every_word_is_kept(desk: Desk) -> None:
    assert correct_reading(desk.context, desk.person, desk.reply, kind=Kind.THANKS) == 1
    desk.context.clock.advance(timedelta(minutes=1))
    assert correct_reading(desk.context, desk.person, desk.reply, kind=Kind.BANTER) == 1
    assert correct_reading(desk.context, desk.person, desk.reply, kind=Kind.BANTER) == 0
    read_as = desk.labels()[0].was
    assert [(label.was, label.right, label.in_force) for label in desk.labels()] == [
        (read_as, "thanks", False), (read_as, "banter", False), (read_as, "banter", True)
    ]  # fmt: skip
    assert {label.version for label in desk.labels()} == {CURRENT_VERSION}


def test_who_may_not_answer_there_corrects_nothing(desk: Desk) -> None:
    with desk.context.database.write() as session:
        elsewhere = find_or_add_place(session, "Stonemere", PlaceKind.NEIGHBOURHOOD)
    stranger = desk.somebody("s@example.org", Role.AUTHOR, elsewhere.id)
    for person in (stranger, desk.somebody("r@example.org", Role.READER)):
        with pytest.raises(NotAllowed):
            correct_reading(desk.context, person, desk.reply, kind=Kind.OTHER)
    assert desk.labels() == []


def test_what_cannot_be_said_is_refused(desk: Desk) -> None:
    with pytest.raises(InputError, match="Choose one of the words"):
        correct_reading(desk.context, desk.person, desk.reply, kind="rant")
    with pytest.raises(InputError, match="to be there and not to be there"):
        correct_reading(desk.context, desk.person, desk.reply, flags_on=["spam"], flags_off=["spam"])
    with pytest.raises(InputError, match="not there"):
        correct_reading(desk.context, desk.person, 999, kind=Kind.OTHER)
    with desk.context.database.write() as session:
        reply = session.get_one(Interaction, desk.reply)
        reply.text = ""
        session.add(reply)
    with pytest.raises(InputError, match="erased"):
        correct_reading(desk.context, desk.person, desk.reply, kind=Kind.OTHER)


def test_the_audit_record_says_what_was_said_and_no_word_of_the_reply(desk: Desk) -> None:
    correct_reading(desk.context, desk.person, desk.reply, kind=Kind.ABUSE, flags_on=[Flag.THREAT])
    with desk.context.database.read() as session:
        [row] = session.exec(select(AuditRecord).where(AuditRecord.action == "correct reading")).all()
    assert (row.actor, row.subject_kind, row.subject_id, row.place_id) == (
        "desk@example.org", "reply", str(desk.reply), desk.place_id
    )  # fmt: skip
    assert row.after is not None
    assert '"kind":"abuse"' in row.after.replace(" ", "")
    assert "07700" not in f"{row.before}{row.after}"


def test_readings_are_measured_by_what_people_said(desk: Desk) -> None:
    for number in range(25):
        one = desk.hear(f"t{number}", f"Thank you so much, officer {number}")
        read_new(desk.context)
        kind = Kind.THANKS if number else Kind.BANTER
        correct_reading(desk.context, desk.person, one, kind=kind, flags_off=list(Flag))
    with desk.context.database.read() as session:
        rows = {(one.aspect, one.name): one for one in judged(session)}
    thanks = rows["kind", "thanks"]
    assert (thanks.real, thanks.said, thanks.right) == (24, 25, 24)
    assert thanks.as_row()["recall"] == 1.0
    low, high = thanks.as_row()["precision_interval"]
    assert low < 24 / 25 < high
    assert (rows["kind", "banter"].real, rows["kind", "banter"].as_row()["recall"]) == (1, None)
    assert rows["flag", "threat"].real == 0
