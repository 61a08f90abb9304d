"""What the invented force's open data says, its people and events invented with it (D05)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Said:
    """A priority.  issued, acted: days before the network was set up; None where the service has no date."""

    issue: str
    action: str | None
    issued: int | None
    acted: int | None = None


@dataclass(frozen=True)
class Meeting:
    """An event.  day: days after the network was set up, negative before.  hour: local, when it begins."""

    title: str
    day: int
    hour: int
    kind: str | None = "meeting"
    description: str | None = None
    address: str | None = None


POPULATIONS: dict[str, str | None] = {
    "Oakenford Town": "14200", "Larkfield Rise": "6,900", "Marlpit End": "0", "Copperbeck": "9700",
    "Stonemere": "not known", "Thornleigh Vale": None, "Hexley Moor": "4200",
}  # fmt: skip
"""By neighbourhood; "0" for the others."""

PRIORITIES: dict[str, tuple[Said, ...]] = {
    "Oakenford Town": (
        Said("<p>Theft from shops on Market Street &amp; in the precinct.</p>",
             "<p>Patrols at closing time; the radio link of the shops works again.</p>", 41, 12),
    ),
    "Larkfield Rise": (Said("<p>Vans broken into overnight for tools.</p>", None, 24),),
    "Marlpit End": (
        Said("<p>Off-road bikes on the quarry path.</p>", "<p>Two bikes seized with the council&#39;s wardens.</p>", 133, 127),
        Said("Fly-tipping behind the garages", None, None),
    ),
    "Copperbeck": (
        Said("<p>Speeding past the primary school &ndash; Beck Lane.</p>",
             "<p>Speedwatch with residents every <strong>Tuesday</strong>.</p>", 62, 9),
        Said("<p>Groups in the bus shelter late in the evening.</p>", "<p>&nbsp;</p>", 30),
    ),
    "Stonemere": (Said("<p>Bicycles stolen from the station.</p>", "<p>Marking days with the railway.</p>", 55, 20),),
    "Thornleigh Vale": (Said("<p>Doorstep sellers who press older residents.</p>", None, 80),),
    "Hexley Moor": (Said("<p>Quad bikes stolen from farms.</p>", "<p>Marking days for machinery at the mart.</p>", 118),),
    "Elderwick": (Said("<p>Parking on the pavement by the surgery.</p>", None, 17),),
}  # fmt: skip
"""Nether Skelby has none on purpose."""

EVENTS: dict[str, tuple[Meeting, ...]] = {
    "Oakenford Town": (
        Meeting(
            "Drop-in at the precinct &amp; bike marking",
            6,
            10,
            "surgery",
            "<p>Come and talk. <a href='https://woldershire.example/meet'>More</a></p>",
            "Market precinct, Oakenford",
        ),
    ),
    "Copperbeck": (
        Meeting("Residents' meeting", 13, 19, None, None, "Copperbeck village hall"),
        Meeting("Residents' meeting", -34, 19, "meeting", "", "Copperbeck village hall"),
    ),
    "Stonemere": (Meeting("Marking day at the station", 2, 7, "campaign", None, None),),
    "Hexley Moor": (
        Meeting("Rural watch at the mart", 9, 18, "meeting", "<p>Farmers &amp; neighbours welcome</p>", ""),
    ),
}

_MAIL, _CALL = {"email": "beat@woldershire.example", "telephone": "101"}, {"telephone": "101"}
PEOPLE: dict[str, tuple[tuple[str, str | None, dict[str, str]], ...]] = {
    "Oakenford Town": (("Wren Quillby", "PC", _MAIL), ("Dell Marrowby", "PCSO", _MAIL)),
    "Larkfield Rise": (("Wren Quillby", "PC", _MAIL),),
    "Marlpit End": (("Fenn Ostler", None, _CALL),),
    "Copperbeck": (("Fenn Ostler", "PCSO", _CALL),),
    "Stonemere": (("Bryn Tallowhurst", "PC", _MAIL),),
    "Thornleigh Vale": (("Bryn Tallowhurst", "PC", {}),),
    "Hexley Moor": (("Sorrel Underhay", "PCSO", _MAIL),),
}
"""(name, rank, ways to reach them); no neighbourhood that is missing here has an officer."""
