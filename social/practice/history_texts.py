"""The words of past posts: invented, each made of parts, as a neighbourhood team would put them."""

import random
import re

WEIGHTS = {
    "appeal": 12, "light": 10, "event": 10, "prevention": 11, "result": 10, "road": 6, "missing": 4, "patrol": 8,
    "team": 5,
}  # fmt: skip
"""How often each kind comes, out of the sum."""

REPORTING = (
    "To report a crime call 101 or use our website. In an emergency always call 999. Crimestoppers is anonymous on "
    "0800 555 111."
)
_X_REPORTING = "Call 101. Emergency 999. Crimestoppers 0800 555 111."
_WITH_REPORTING = frozenset({"appeal", "prevention", "result", "patrol"})
_STREETS = (
    "Quarry Lane", "Kiln Street", "Bakers Row", "Weavers Court", "Mill Road", "Tannery Road", "Chapel Walk", "Beck Lane",
    "Orchard Way", "Larch Avenue", "Corder Street", "Market Street", "Station Road", "Fennel Close", "Priory Hill",
    "Coopers Yard Road", "Lime Street", "Abbots Way",
)  # fmt: skip
_SLOTS: dict[str, tuple[str, ...]] = {
    "day": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "goods": ("tools", "two electric bikes", "a generator", "garden machinery", "a set of alloy wheels", "fishing tackle"),
    "from": ("a van", "a locked shed", "a garage", "a works yard", "an allotment store", "a driveway"),
    "animal": ("swan", "goat", "escaped tortoise", "very calm sheep", "runaway spaniel", "goose"),
    "venue": ("library", "community centre", "village hall", "market place", "supermarket foyer", "leisure centre"),
    "first": ("Alan", "Maureen", "Terry", "Joyce", "Colin", "Beryl"),
    "age": ("68", "71", "74", "77", "79", "82"),
    "item": ("bag", "purse", "phone", "laptop", "bike", "parcel"),
}  # fmt: skip
_TEXTS: dict[str, tuple[str, ...]] = {
    "appeal": (
        "Did you see anything on <street>, <place>? <Goods> {was|were} taken from <from> between {10pm|11pm|midnight} on "
        "<day> and {5am|6am|7am} the next day. If you have doorbell or dashcam footage please get in touch quoting <ref>.",
        "Appeal for witnesses: a {cyclist|pedestrian} was hurt in a crash on <street>, <place>, at about {8.15am|5.40pm|6pm} "
        "on <day>. The driver did not stop. Dashcam? Quote <ref>.",
        "Windows were broken at {three homes|the bowls club|a corner shop} near <street> in <place> on <day> evening. Were "
        "you nearby between {7pm and 9pm|8pm and 10pm}? Quote <ref>.",
    ),
    "light": (
        "Our patrol in <place> was held up this morning by one <animal>, who refused to give a name and was released without "
        "charge. {Traffic|The school run} is moving again. 😂",
        "Caught under caution on <street>: a <animal> with no lights, no ID and no remorse. Thank you to the resident of "
        "<place> who brought {biscuits|carrots|a lead}. 🐾😂",
        "PCSO versus <animal>, <place>, round {one|two|three}. The <animal> won and kept the hat. 😂",
    ),
    "event": (
        "Come and meet your neighbourhood team at <place> <venue> on <day>, {10am to 12pm|2pm to 4pm|1pm to 3pm}. No "
        "appointment needed, and we would like to hear what matters to you.",
        "Free bike marking at <place> <venue> this <day>, {3.30pm to 5.30pm|10am to 1pm}. Bring the bike and some ID. "
        "Children must be with an adult.",
        "Pop in for a {cuppa|coffee} and a chat with our PCSOs at <place> <venue>, <day> {9.30am to 11am|11am to 1pm}.",
    ),
    "prevention": (
        "We have had several reports of <item> thefts in <place> this week. Keep your <item> out of sight, lock up, and look "
        "out for a neighbour who may not have seen this.",
        "Scam warning for <place>: callers {claim to be from your bank|say they are police officers|offer roof repairs}. Stop, "
        "{hang up|shut the door} and check with somebody you trust.",
        "Leaving a car on <street>, <place>? Lock it, take your <item> with you and leave the glovebox open to show there is "
        "nothing to steal. Keep keys away from the front door.",
    ),
    "result": (
        "A man who stole <goods> from <from> in <place> has been sentenced to {eight months|a year and a half|two years} in "
        "prison. Thank you to the residents who sent us footage.",
        "You said: {off-road bikes|speeding|fly-tipping} around <street>. We did: {six|eight|eleven} patrols in <place> and "
        "{one bike seized|fourteen drivers stopped|two vans recovered}. Please keep telling us.",
        "Good news in <place>: <goods> found in a search on <day> {has|have} been reunited with the owner. A {29|34|41}-year-old "
        "man was arrested and enquiries continue.",
    ),
    "road": (
        "ROAD CLOSED: <street>, <place>, in both directions after a collision. Please find another route. We will update you "
        "when it reopens.",
        "Long delays on <street> in <place> this {morning|afternoon} because of {a fallen tree|flooding|a broken-down lorry}. "
        "Please use the diversion and take care.",
    ),
    "missing": (
        "Have you seen <first>, <age>? Last seen near <street> in <place> at {10am|2pm|4.30pm} today, wearing a {green "
        "coat|blue anorak|grey cardigan}. We are concerned. See <first> now? Call 999. Information? 101 quoting <ref>.",
    ),
    "patrol": (
        "You told us about {late noise|quad bikes|shop thefts} around <street>. Extra patrols are out in <place> until <day>, so "
        "say hello when you see us.",
        "{Evening|Afternoon} all. We are on foot in <place> {tonight|today}, from <street> to the <venue>. Tell us what we "
        "should look at.",
    ),
    "team": (
        "Say hello to the newest PCSO in <place>: {former lifeguard|keen baker|brass band player|allotment holder}, and on "
        "foot around <street> from <day>.",
        "What does a PCSO in <place> do in a day? School gates on <street>, {two|four|five} house calls, a word about the "
        "{bus shelter|play park|skate ramp} and a lost <item>.",
    ),
}


def write(rng: random.Random, kind: str, place: str, network: str) -> str:
    """A post of that kind about that place, within 280 units when it is for X."""
    text = rng.choice(_TEXTS[kind])
    while match := re.search(r"\{([^{}]*)\}", text):
        text = text[: match.start()] + rng.choice(match[1].split("|")) + text[match.end() :]
    values = {name: rng.choice(choices) for name, choices in _SLOTS.items()}
    values |= {"place": place, "street": rng.choice(_STREETS), "ref": f"WD-{rng.randrange(1000, 2000)}"}
    values["Goods"] = values["goods"][0].upper() + values["goods"][1:]
    text = re.sub(r"<(\w+)>", lambda slot: values[slot[1]], text)
    tag = "#" + place.replace(" ", "")
    if network == "facebook":
        return f"{text} {REPORTING} {tag}" if kind in _WITH_REPORTING else f"{text} {tag}"
    for ending in (f" {_X_REPORTING} {tag}" if kind in _WITH_REPORTING else f" {tag}", f" {tag}", ""):
        if len(text + ending) <= 270:
            return text + ending
    return text
