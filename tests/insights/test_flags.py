"""Flags: measured on replies that no lesson had in mind, and what they must never be raised by."""

from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from insights.measuring import Measured, tried, wilson
from insights.reading import Flag, Kind, default_analyser
from insights.reading.cues import keys_of
from insights.reading.details import masked
from insights.reading.flags import RAISED_FROM
from insights.reading.stored import read_new
from social.context import Context
from social.duty_rules import SURE_ENOUGH
from social.interactions import ReadingFlag
from training.flag_lessons import lessons
from training.measured import flags_measured, measured
from training.replies import FLAGS_UNSEEN, UNSEEN, bare, labelled

Desk = Any
CARD = (Path(__file__).parents[2] / "docs" / "model-card.md").read_text(encoding="utf-8")
ROWS = labelled(FLAGS_UNSEEN)
RECALL = dict.fromkeys(Flag, 0.9) | {Flag.POLITICAL: 0.8}
"""Party politics does no harm: there a lower threshold would flag too much plain criticism (R20)."""
PRECISION = {
    Flag.NAMES_PERSON: 0.75, Flag.PERSONAL_DATA: 0.8, Flag.PREJUDICIAL: 0.7, Flag.THREAT: 0.7, Flag.SPAM: 0.75,
    Flag.POLITICAL: 0.75, Flag.TAKEDOWN_REQUEST: 0.75, Flag.WELFARE: 0.65,
}  # fmt: skip


def letters(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalnum()) or text


def raised(text: str) -> set[Flag]:
    return set(default_analyser().read([text])[0].raised)


@pytest.fixture(scope="module")
def unseen() -> dict[str, Measured]:
    return {one.name: one for one in flags_measured(default_analyser(), ROWS)}


def test_the_unseen_set_is_large_varied_and_has_no_reply_twice() -> None:
    assert len(ROWS) == len({letters(row["text"]) for row in ROWS}) == 345
    assert {row["lang"] for row in ROWS} == {"en", "cy", "pl"}
    assert {flag for row in ROWS for flag in row["flags"].split(";")} == {*(flag.value for flag in Flag), "none"}
    assert sum(row["flags"] == "none" for row in ROWS) == 132


def test_no_lesson_on_flags_is_one_of_the_replies_they_are_tried_on() -> None:
    """One or two words, such as 'Done' or hearts, are everybody's."""
    rows = [row for path in (FLAGS_UNSEEN, UNSEEN) for row in labelled(path)]
    tried_on = {letters(row["text"]) for row in rows if len(bare(row["text"])) > 2}
    told = lessons()
    assert len({lesson.line for lesson in told}) > 900
    assert {lesson.text for lesson in told if letters(lesson.text) in tried_on} == set()


@pytest.mark.parametrize("flag", list(Flag))
def test_nearly_all_are_found_at_a_precision_that_is_stated(flag: Flag, unseen: dict[str, Measured]) -> None:
    one = unseen[flag.value]
    assert one.recall is not None
    assert one.precision is not None
    assert one.recall >= RECALL[flag]
    assert one.precision >= PRECISION[flag]


def test_welsh_replies_are_flagged_too(unseen: dict[str, Measured]) -> None:
    rows = [row for row in ROWS if row["lang"] == "cy"]
    welsh = flags_measured(default_analyser(), rows)
    assert sum(one.right for one in welsh) / sum(one.real for one in welsh) >= 0.75


def test_another_hands_replies_keep_their_flags_found() -> None:
    """One flag a reply was labelled there, so that what else is raised is not all wrong: recall alone is held."""
    other = flags_measured(default_analyser(), labelled(UNSEEN), "moderation")
    assert sum(one.right for one in other) / sum(one.real for one in other) >= 0.9


def test_the_model_card_says_how_often_ordinary_replies_are_flagged() -> None:
    rows = labelled(UNSEEN)
    results = default_analyser().read([row["text"] for row in rows])
    plain = [result for row, result in zip(rows, results, strict=True) if row["moderation"] == "none"]
    critics = [
        result for row, result in zip(rows, results, strict=True)
        if (row["kind"], row["sentiment"]) == ("complaint", "negative")
    ]  # fmt: skip
    assert f"{sum(bool(one.raised) for one in plain)} of {len(plain)} that were labelled without one" in CARD
    assert f"{sum(bool(one.raised) for one in critics)} of {len(critics)} complaints about the police" in CARD


def test_the_model_card_says_what_the_threats_that_wake_somebody_find_and_miss() -> None:
    """R19: recall before precision, and both shown."""
    ours, others = ROWS, labelled(UNSEEN)
    wakes = SURE_ENOUGH["threat"]
    p, q = ([one.flags[Flag.THREAT] for one in default_analyser().read([row["text"] for row in rows])]
            for rows in (ours, others))  # fmt: skip
    for least in (0.2, wakes, 0.5, 0.8, 0.95):
        real = sum("threat" in row["flags"].split(";") and one >= least for row, one in zip(ours, p, strict=True))
        other = sum(row["moderation"] == "threat" and one >= least for row, one in zip(others, q, strict=True))
        row = (f"| {least} | {real} | {real} of {sum(one >= least for one in p)} | "
               f"{other}, {sum(one >= least for one in q)} |")  # fmt: skip
        assert row in CARD.replace("**", "")
        if least == wakes:
            assert real / 29 >= 0.85


def test_what_is_shown_of_the_analyser_is_what_it_does() -> None:
    assert tried() == measured(default_analyser())


def test_the_model_card_says_recall_and_precision_of_every_flag(unseen: dict[str, Measured]) -> None:
    for flag, one in unseen.items():
        shares = f"{one.recall:.0%} | {one.precision:.0%}".replace("%", " %")
        assert f"| {flag} | {RAISED_FROM[Flag(flag)]} | {one.real} | {shares} |" in CARD


@pytest.mark.parametrize(
    "text",
    [
        "Useless, the lot of you",
        "Rang 101 three times and nobody ever came out",
        "You never do anything about the dealers. Disgrace.",
        "Two officers walked straight past, says it all",
        "Waste of money. Try catching some criminals for a change",
    ],
)
def test_criticism_of_the_police_is_no_flag_by_itself(text: str) -> None:
    """R20."""
    assert raised(text) == set()


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("It was Kyle Tansley from the flats", Flag.NAMES_PERSON),
        ("ring me on 07700 900123", Flag.PERSONAL_DATA),
        ("black Corsa FX19 ABC", Flag.PERSONAL_DATA),
        ("he lives at 14 Kiln Row", Flag.PERSONAL_DATA),
        ("Mój numer to 07700 900456", Flag.PERSONAL_DATA),
        ("he's guilty, he has form for it", Flag.PREJUDICIAL),
        ("I'll break his legs", Flag.THREAT),
        ("Please delete this photo, that is my daughter", Flag.TAKEDOWN_REQUEST),
        ("I don't want to be here any more", Flag.WELFARE),
        ("Dwi ddim isio byw", Flag.WELFARE),
    ],
)
def test_plain_cases_are_raised(text: str, flag: Flag) -> None:
    assert flag in raised(text)


@pytest.mark.parametrize(
    "text",
    [
        "Thank you PC Kyle Tansley, so kind to my mum",
        "Victoria Road is shut again",
        "Rang 101 and then 0800 555 111, reference 26*4471",
        "The number 41 bus was late and 12 people waited from 7.15",
        "write to enquiries@woldershire.police.uk",
    ],
)
def test_officers_streets_and_public_numbers_are_nobodys_details(text: str) -> None:
    assert not raised(text) & {Flag.NAMES_PERSON, Flag.PERSONAL_DATA}


def test_nothing_is_learnt_of_a_name_or_a_number() -> None:
    one = keys_of("It was Kyle Tansley, ring 07700 900123")
    assert one == keys_of("It was Megan Orgill, ring 07700900456")
    assert not any("kyle" in key or "tansley" in key or "900" in key for key in one)
    assert masked("no digit, no address") == "no digit, no address"


def test_flags_are_stored_with_the_reading_and_go_when_the_reply_is_read_anew(desk: Desk) -> None:
    reply = desk.reply(desk.publish(), "Ring me on 07700 900123")
    desk.reply(desk.publish(), "Lovely to see you out and about")
    read_new(desk.context)
    assert [(flag, p > 0.5) for flag, p in stored(desk.context)] == [("personal_data", True)]
    desk.edit(reply, "Ring me any time")
    read_new(desk.context)
    assert stored(desk.context) == []


def stored(context: Context) -> list[tuple[str, float]]:
    with context.database.read() as session:
        return [(row.flag, row.p) for row in session.exec(select(ReadingFlag))]


def test_every_flag_has_a_probability_even_for_odd_texts() -> None:
    for result in default_analyser().read(["", "👏👏", "§full §phone", "@", "\x00", "A" * 5000]):
        assert set(result.flags) == set(Flag)
        assert all(0 <= p <= 1 for p in result.flags.values())
        assert result.raised == {flag for flag, p in result.flags.items() if p >= RAISED_FROM[flag]}
        assert result.kind in Kind


def test_wilsons_interval_holds_the_share_and_never_leaves_the_range() -> None:
    low, high = wilson(18, 20)
    assert (round(low, 3), round(high, 3)) == (0.699, 0.972)
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(0, 10)[0] == 0.0
    assert wilson(10, 10)[1] == 1.0
    with pytest.raises(ValueError, match="3 of 2"):
        wilson(3, 2)
