"""Each family of checks on its own: what it finds, and what it must leave alone."""

import pytest

from scheduler.checks import Finding, MediaFact, OtherPost, Subject, flags_of, run_checks
from scheduler.checks.codes import CODES
from scheduler.checks.hashtags import split_words
from scheduler.checks.names import find_names
from scheduler.checks.welsh import amounts


def found(text: str, code: str | None = None, **fields: object) -> list[Finding]:
    findings = run_checks(Subject(text, **fields))  # type: ignore[arg-type]  # fields are handed on by name
    return [finding for finding in findings if code is None or finding.code == code]


def codes(text: str, **fields: object) -> set[str]:
    return {finding.code for finding in found(text, **fields)}


# Names (R01, R02, R06)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ryan Tellow, 26, was arrested.", "Ryan Tellow"),
        ("Officers arrested Włodzimierz Zając today.", "Włodzimierz Zając"),
        ("A man named as Ifor ap Huw is in custody.", "Ifor ap Huw"),
        ("Suspect: Nkemdilim Okafor-Bright.", "Nkemdilim Okafor-Bright"),
        ("Mrs Petrov was interviewed.", "Petrov"),
        ("RYAN TELLOW, 26, ARRESTED", "RYAN TELLOW"),
        ("Arrested: #RyanTellow", "#RyanTellow"),
        ("Leanne Cross, 31, was arrested.", "Leanne Cross"),
    ],
)
def test_a_name_is_found_by_its_shape_and_what_stands_around_it(text: str, name: str) -> None:
    assert [one.words for one in find_names(text)] == [name]


@pytest.mark.parametrize(
    "text",
    [
        "Two men were arrested on Quarry Lane in Oakenford Town.",
        "Operation Lantern and the Rural Crime Team were at Victoria Park.",
        "Bell Lane, 5.40pm today.",
        "Thames Valley Police and Crimestoppers thank you.",
        "Stonemere, 26 people came.",
        "John Lewis and Marks & Spencer open on Monday.",
        "Neighbourhood Watch Week starts on Saturday 6 June.",
        "An Oakenford man, 45, was arrested.",
    ],
)
def test_streets_places_operations_and_organisations_are_not_people(text: str) -> None:
    assert find_names(text) == []


def test_the_role_of_a_name_is_told_by_its_words() -> None:
    text = "PC Amy Corder arrested a man after the death of Alan Price. Cllr Jo Marsh thanked her."
    assert [(name.words, name.role) for name in find_names(text)] == [
        ("Amy Corder", "staff"),
        ("Alan Price", "victim"),
        ("Jo Marsh", "official"),
    ]


def test_a_name_is_blocked_on_arrest_and_asks_for_approval_from_charge_on() -> None:
    """R01, R02."""
    text = "Jason Pellow, 31, of Stonemere, is before the court."
    (blocked,) = found(text, "NAMES_SUSPECT", content_type="arrest_update", case_stage="arrested")
    assert text[slice(*(blocked.span or (0, 0)))] == "Jason Pellow"
    assert (blocked.level, blocked.rule) == ("block", "R01")
    assert codes(text, content_type="arrest_update", case_stage="charged") == {"NAMES_DEFENDANT"}


# Proceedings (R03)


@pytest.mark.parametrize(("stage", "stops"), [("none", False), ("suspect", False), ("arrested", True), ("charged", True),
                                              ("convicted", True), ("sentenced", False)])  # fmt: skip
def test_words_of_record_stop_a_post_only_while_proceedings_are_active(stage: str, stops: bool) -> None:
    """R03: from arrest to sentence."""
    text = "A man of 30, well known to us, is the subject of this post."
    assert ("SUB_JUDICE" in codes(text, content_type="arrest_update", case_stage=stage)) is stops


def test_a_joke_with_words_of_arrest_is_left_alone() -> None:
    text = "Got him! A duck was arrested on Mill Road. Well known to us."
    assert codes(text, content_type="lighthearted") == set()


def test_what_somebody_is_suspected_of_is_not_taken_for_a_claim() -> None:
    text = "A man, 30, was arrested on suspicion of being responsible for the thefts."
    assert codes(text, content_type="arrest_update", case_stage="arrested") == set()


# Welsh (R33)


@pytest.mark.parametrize("force", ["Heddlu Dyffryn Police", "Gwent Police", "North Wales Police", "South Wales Police",
                                   "Dyfed-Powys Police"])  # fmt: skip
def test_one_language_alone_is_blocked_for_a_force_in_wales(force: str) -> None:
    assert "WELSH_MISSING" in codes("Come and see us at the library on Tuesday.", force=force)


def test_one_language_is_enough_in_england() -> None:
    assert codes("Come and see us at the library on Tuesday.", force="Woldershire Police") == set()


def test_welsh_and_english_are_told_apart() -> None:
    welsh, english = amounts("Dewch draw am sgwrs a phaned. | Come over for a chat and a cuppa.")
    assert (welsh, english) == (6, 8)


# The other families


@pytest.mark.parametrize(
    ("tag", "right"),
    [("#onelessonthestreets", False), ("#OneLessOnTheStreets", True), ("#Copperbeck", True), ("#Roadsafety", False),
     ("#RespectForShopworkers", True), ("#NationalHCAW", True), ("#PCSO", True), ("#999Day", True), ("#16days", False),
     ("#STOPTHETHIEVES", False), ("#KEEPTHEMOUT", False), ("#STOPKNIFECRIME", False), ("#Crimestoppers", True),
     ("#DyddGŵylDewi", True), ("#heddlu", False), ("#marlpit_end", False)],
)  # fmt: skip
def test_each_word_of_a_hashtag_has_a_capital(tag: str, right: bool) -> None:
    """R32."""
    assert ("HASHTAG_CASE" not in codes(f"See you there. {tag}")) is right


def test_one_small_word_stops_no_post() -> None:
    """R32: a screen reader says it well; an area's name in small letters and words run together are another matter."""
    levels = {tag: found(f"See you there. {tag}", place="Marlpit") for tag in ("#snow", "#marlpit", "#openday")}
    assert {tag: finding.level for tag, (finding, *_) in levels.items()} == {
        "#snow": "advise", "#marlpit": "block", "#openday": "block",
    }  # fmt: skip


def test_a_run_of_letters_is_parted_into_the_fewest_words() -> None:
    assert split_words("neighbourhoodpolicingweek") == ["neighbourhood", "policing", "week"]
    assert split_words("copperbeck") == ["copperbeck"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Ring Nia on 07700 900123.", "PHONE_NUMBER"),
        ("Ring the hall on 01632 960 001.", "PHONE_NUMBER"),
        ("The car is a grey Golf, AB12 CDE.", "NUMBER_PLATE"),
        ("Write to jo@mailbox.example for a place.", "EMAIL_ADDRESS"),
        ("Find us at OX1 2AB.", "POSTCODE"),
        ("He is of 14 Mill Road, Stonemere.", "HOME_ADDRESS"),
        ("Born on 2 May 1951.", "DATE_OF_BIRTH"),
        ("The pin is 4821!", "SECRET"),
        ("More at bit.ly/abc123", "LINK_SHORTENED"),
        ("More at http://10.0.0.4/page", "LINK_DEAD"),
        ("More at http://police.example/page", "LINK_INSECURE"),
        ("The Mayor will be there.", "POLITICAL"),
        ("Plaid Cymru asked us.", "POLITICAL"),
        ("Vote for the name of our new dog.", "VOTE"),
        ("Well done! 🎉🎉🎉🎉", "EMOJI_RUN"),
        ("PLEASE LOCK YOUR CAR DOORS TONIGHT everyone.", "CAPITALS"),
        ("Maisie, 9, handed in a purse.", "CHILD_NAMED"),
    ],
)
def test_what_should_not_go_out_unseen_is_found(text: str, code: str) -> None:
    assert code in codes(text, content_type="event")


@pytest.mark.parametrize(
    "text",
    [
        "Ring 101, or 999 in an emergency, Crimestoppers 0800 555 111, your bank on 159. Forward texts to 7726.",
        "Write to copperbeck@woldershire.police.uk or see https://www.woldershire.police.uk/alerts.",
        "Reference WD-2231. Open 10am to 12pm, 37 hours, room B12.",
        "Victims of forced labour can ring us. The new Green at Larkfield is open.",
        "We are stopping drivers 24/7 and 365 days a year. 🚓 🎄",
        "APPEAL: CCTV from PCSO patrols.",
    ],
)
def test_what_posts_are_full_of_is_left_alone(text: str) -> None:
    assert codes(text, content_type="event") == set()


def test_a_suspects_nationality_asks_for_corporate_communications() -> None:
    """R13."""
    (finding,) = found("Police want to trace a Romanian man after a theft.", "NATIONALITY", content_type="crime_update")
    assert finding.level == "needs_approval"
    assert not found("The suspect wore a black jacket and white trainers.", "NATIONALITY", content_type="crime_update")
    assert not found("He is Asian, slim and 13.", "NATIONALITY", content_type="appeal_missing")


def test_nearly_the_same_words_and_another_teams_post_bring_advice() -> None:
    text = "Bike marking at the community centre on Saturday, 10am to 1pm. Bring the bike."
    same = OtherPost(f"{text} #Copperbeck", "1 Jun 2026, 09:00")
    other = OtherPost("Road closed at Bell roundabout.", "2 Jun 2026, 09:00", "Elderwick", clashes=True)
    advice = found(text, others=(same, other))
    assert [(finding.code, finding.level) for finding in advice] == [("REPEATS", "advise"), ("CLASH", "advise")]
    assert codes("Ducks cross Mill Road again.", others=(same,)) == set()


def test_a_custody_picture_waits_for_the_sentence() -> None:
    """R09."""
    picture = (MediaFact("image", "Custody image of a man.", "na"),)
    assert "CUSTODY_PICTURE" in flags_of(found("A man was charged.", media=picture, case_stage="charged"))
    (asked,) = found("A man was jailed.", "CUSTODY_PICTURE", media=picture, case_stage="sentenced")
    assert asked.level == "needs_approval"


def test_every_code_that_is_given_is_in_the_table_with_its_level_and_rule() -> None:
    from tests.scheduler.checks.test_corpus import rows, subject

    for row in rows():
        for finding in run_checks(subject(row)):
            code = CODES[finding.code]
            assert finding.level in code.level.split(", "), finding
            assert finding.rule == code.rule, finding


# Where a rule names an exception, and what a case says of itself


def test_a_recorded_exception_sends_a_name_to_corporate_communications_and_lets_no_child_through() -> None:
    """R01, R02."""
    text = "Jason Pellow, 31, of Stonemere, was arrested on suspicion of murder."
    (asked,) = found(text, "NAMES_SUSPECT", content_type="arrest_update", case_stage="arrested", name_exception=True)
    assert asked.level == "needs_approval"
    child = text.replace("31", "17")
    assert "NAMES_SUSPECT" in flags_of(
        found(child, content_type="arrest_update", case_stage="arrested", name_exception=True)
    )


def test_a_missing_childs_appeal_may_name_the_child() -> None:
    """R06: the one exception; such an appeal is for corporate communications to approve (R41)."""
    text = "Have you seen Abel Rowe, 12? Call 999 if you see him now, or 101."
    assert flags_of(found(text, content_type="appeal_missing")) == []


def test_what_a_case_says_of_itself_counts_where_the_words_say_nothing() -> None:
    """R05, R06."""
    text = "A man was charged over the attack on Nia Prosser."
    about = {"content_type": "crime_update", "case_stage": "charged"}
    assert "VICTIM_IDENTIFIABLE" not in codes(text, **about)
    assert "VICTIM_IDENTIFIABLE" in codes(text, offence_class="sexual", **about)
    assert "CHILD_IDENTIFIED" in codes("Jason Pellow was charged with theft.", involves_under_18=True, **about)


@pytest.mark.parametrize(
    ("stage", "words", "stops"),
    [
        ("suspect", "Wanted over a burglary.", False),
        ("arrested", "Wanted over a burglary.", True),
        ("charged", "Wanted over a burglary.", True),
        ("charged", "Wanted: he failed to appear in court.", False),
        ("sentenced", "Wanted on recall to prison.", False),
        ("arrested", "Wanted: he failed to answer bail.", True),
    ],
)
def test_a_wanted_persons_picture_is_not_shown_after_the_arrest(stage: str, words: str, stops: bool) -> None:
    """R08: unless the person is wanted again, and the post says why."""
    numbers = " Call 101, 999 in an emergency or Crimestoppers on 0800 555 111."
    picture = (MediaFact("image", "A poster.", "na"),)
    flags = flags_of(found(words + numbers, content_type="appeal_wanted", case_stage=stage, media=picture))
    assert ("WANTED_PICTURE" in flags) is stops
    assert "WANTED_PICTURE" not in codes(words + numbers, content_type="appeal_wanted", case_stage=stage)


@pytest.mark.parametrize(("stage", "level"), [(True, "block"), (False, "advise")])
def test_whoever_is_there_must_say_the_stage_of_a_case(stage: bool, level: str) -> None:
    """R02: a file is only advised."""
    (finding,) = found("Three people were fined.", "CASE_STAGE_MISSING", content_type="court_result", answering=stage)
    assert finding.level == level
