"""Every quirk of data.police.uk that was seen in its answers (D04), and what we make of it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from social import police_data_shapes as shapes


@pytest.mark.parametrize(
    ("said", "meant"),
    [("8100", 8100), (8100, 8100), ("6,900", 6900), (" 42 ", 42), ("0", None), (0, None), ("", None), (None, None),
     ("n/a", None), ("-5", None), ("99999999", None), ("9" * 400, None), ("8100.5", None), (True, None), ("٣", None)],
)  # fmt: skip
def test_a_population_is_a_number_in_a_string_and_nought_means_unknown(said: Any, meant: int | None) -> None:
    assert shapes.residents(said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Locks &amp; Quarry Side", "Locks & Quarry Side"),
        ("Fish &amp;amp; Chips", "Fish & Chips"),
        ("<p>Off-road bikes.</p><p>On the <strong>quarry</strong> path&nbsp;</p>", "Off-road bikes. On the quarry path"),
        ("One<br />Two<br>Three", "One Two Three"),
        ("&lt;p&gt;Escaped twice&lt;/p&gt;", "Escaped twice"),
        ("Under 5 < 6 cars", "Under 5 < 6 cars"),
        ("<script>alert(1)</script>Seen", "Seen"),
        ("<a href='https://woldershire.example'>More</a> here", "More here"),
        ("Council&#39;s wardens", "Council's wardens"),
        ("Be\x00ck \x1b[31mLane\ud800&#27;\n&#55296;", "Beck [31mLane \ufffd"),
        ("<p>&nbsp;</p>", None), ("", None), ("  ", None), (None, None), ([], None),
    ],
)  # fmt: skip
def test_text_loses_its_html_and_an_empty_one_is_none(said: Any, meant: str | None) -> None:
    assert shapes.plain(said) == meant


def test_coordinates_are_strings_and_null_ones_are_left_out() -> None:
    corners = [{"latitude": "53.1", "longitude": "-1.5"}, {"latitude": None, "longitude": None},
               {"latitude": "53.2", "longitude": "-1.5"}, {"latitude": "", "longitude": "-1.4"},
               {"latitude": "53.2", "longitude": "-1.4"}, {"latitude": "5320", "longitude": "-1.4"}]  # fmt: skip
    assert shapes.boundary(corners) == [(-1.5, 53.1), (-1.5, 53.2), (-1.4, 53.2), (-1.5, 53.1)]
    assert shapes.boundary(corners[:3]) is None, "two corners are no area"
    assert shapes.boundary([]) is None


def test_a_neighbourhood_may_lack_nearly_everything() -> None:
    bare: dict[str, Any] = {"id": "WD 1", "name": "Locks &amp; Quarry", "description": None, "population": "0", "url_force": "",
            "centre": {"latitude": None, "longitude": None}, "links": [], "locations": [], "contact_details": {}}  # fmt: skip
    assert shapes.neighbourhood(bare) == shapes.Neighbourhood("WD 1", "Locks & Quarry", None, None)
    whole = bare | {"population": "4200", "centre": {"latitude": "53.2", "longitude": "-1.7"}}
    assert shapes.neighbourhood(whole) == shapes.Neighbourhood("WD 1", "Locks & Quarry", 4200, (53.2, -1.7))
    assert shapes.neighbourhood({"id": 7, "name": "Seven", "centre": None}).id == "7", "an id may come as a number"


def test_priorities_have_hyphens_in_their_keys_and_may_have_neither_action_nor_date() -> None:
    found = shapes.priorities([
        {"issue": "<p>Speeding.</p>", "action": None, "issue-date": "2026-03-13T00:00:00", "action-date": None},
        {"issue": "Fly-tipping", "action": "<p>&nbsp;</p>", "issue-date": None, "action-date": "soon"},
        {"issue": "Bikes", "action": "Seized.", "issue-date": "2026-06-01T23:30:00+00:00", "action-date": "2026-06-02"},
        {"issue": None, "action": "Nothing to do with anything."},
        None,
    ])  # fmt: skip
    assert found == (
        shapes.ReadPriority("Speeding.", None, date(2026, 3, 13), None),
        shapes.ReadPriority("Fly-tipping", None, None, None),
        shapes.ReadPriority("Bikes", "Seized.", date(2026, 6, 2), date(2026, 6, 2)),
    )


def test_events_are_in_local_time_with_an_offset_or_without_and_past_ones_come_too() -> None:
    found = shapes.events([
        {"title": "Drop-in &amp; tea", "type": None, "description": "", "address": None, "contact_details": {"email": "x"},
         "start_date": "2019-07-01T18:00:00", "end_date": "2019-07-01T19:30:00"},
        {"title": "", "type": "surgery", "start_date": "2026-12-01T18:00:00Z", "end_date": None},
        {"title": None, "type": None, "start_date": "2026-12-01T18:00:00"},
    ])  # fmt: skip
    assert found == (
        shapes.ReadEvent("Drop-in & tea", None, None, None, datetime(2019, 7, 1, 17, tzinfo=UTC),
                         datetime(2019, 7, 1, 18, 30, tzinfo=UTC)),
        shapes.ReadEvent("surgery", "surgery", None, None, datetime(2026, 12, 1, 18, tzinfo=UTC), None),
    )  # fmt: skip


def test_of_officers_a_number_is_left_and_no_name() -> None:
    """D05, M15."""
    people = [
        {"name": "Wren Quillby", "rank": None, "bio": None, "contact_details": {"email": "beat@woldershire.example"}},
        {"name": "Dell Marrowby", "rank": "PCSO", "bio": "", "contact_details": {"telephone": "  "}},
        {"name": None, "contact_details": {"email": "beat@woldershire.example"}},
        {"name": "Fenn Ostler", "contact_details": None},
    ]
    assert shapes.contactable(people) == 1
    assert shapes.contactable([]) == 0


def test_lists_leave_out_rows_without_id_or_name() -> None:
    rows = [
        {"id": "woldershire", "name": "Woldershire Police"},
        {"id": "", "name": "Nobody"},
        {"id": "x", "name": None},
    ]
    assert shapes.named(rows) == (shapes.Named("woldershire", "Woldershire Police"),)


@pytest.mark.parametrize("answer", [None, {}, "no", 7])
def test_an_answer_of_another_shape_is_said_to_be_unreadable(answer: Any) -> None:
    with pytest.raises(shapes.PoliceDataTrouble, match="cannot be read"):
        shapes.priorities(answer)
    with pytest.raises(shapes.PoliceDataTrouble):
        shapes.neighbourhood([])
