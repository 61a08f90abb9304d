"""The parts that residents' replies are made of. Every line is invented; `+`, `-` and `=` say the stance toward the
police or the post, as `docs/definitions.md` defines it: anger at an offender, a lead, a question are neutral."""

SLOTS: dict[str, tuple[str, ...]] = {
    "street": (
        "Quarry Lane", "Kiln Street", "Bakers Row", "Weavers Court", "Mill Road", "Tannery Road", "Chapel Walk", "Beck Lane",
        "Orchard Way", "Larch Avenue", "Corder Street", "Market Street", "Station Road", "Fennel Close", "Priory Hill",
    ),
    "time": (
        "half one in the morning", "about 3am", "02:15", "just after 11", "ten to six", "4.40am", "tea time", "gone midnight",
        "around 9pm", "7.20ish", "the early hours", "school run time",
    ),
    "day": ("Monday", "Tuesday", "Wednesday night", "Thursday", "Friday night", "Saturday", "Sunday", "yesterday", "last night"),
    "car": ("Corsa", "Transit", "Fiesta", "Golf", "Astra", "Audi estate", "Qashqai", "flatbed", "moped", "quad"),
    "colour": ("white", "silver", "dark blue", "red", "black", "grey", "green"),
    "clothes": ("a dark hoodie", "grey trackies", "a hi-vis coat", "a puffa jacket", "a balaclava", "white trainers"),
    "who": ("lad", "bloke", "woman", "couple", "group of three", "young lad", "fella"),
    "kin": ("mum", "nan", "neighbour", "daughter", "son", "mate", "dad", "sister"),
    "topic": ("break-ins", "off-road bikes", "speeding", "car thefts", "parking", "shoplifting", "fly-tipping"),
    "months": ("two months", "three weeks", "a year", "six weeks", "eighteen months", "ages"),
    "number": ("two", "three", "four", "five"),
}  # fmt: skip

SLIPS = (
    ("you are", "your"), ("they're", "there"), ("definitely", "defiantly"), ("receive", "recieve"), ("neighbour", "nieghbour"),
    ("because", "cos"), ("you", "u"), ("your", "ur"), ("tonight", "2nite"), ("thanks", "thx"), ("please", "pls"),
    ("people", "ppl"), ("really", "realy"), ("about", "abt"), ("their", "there"), ("police", "polise"), ("morning", "mornin"),
)  # fmt: skip

REPLIES: dict[str, str] = {
    "lead": """
        = I saw a <colour> <car> on <street> {<day>|about <time>}, {didn't think anything of it till now|engine running, lights off}
        = {Got|I've got} this on {my doorbell|the dashcam|our camera} about <time>, {how do I send it|where do I send the clip}?""",
    "question": """
        = {Is there|Have you got} an update on {this|the <topic>}?
        = Who {is|do I ring for} our {PCSO|local officer} <in_place> these days?""",
    "thanks": """
        + {Thank you|Thanks} for {all you do|keeping us posted|letting us know}
        + {Brilliant|Great|Cracking} {work|job} {everyone|all|team} 👏""",
    "complaint": """
        - {Reported|Rang about} the <topic> on <street> <months> ago and {heard nothing|nobody came}
        - {Never|Haven't} seen a bobby on <street> in <months>""",
    "banter": """
        = {Somebody put the kettle on|You lot need more biscuits} 😂
        + This page {cracks me up|makes my day} 😂""",
    "abuse": """
        - useless {lot|shower} {the lot of you|every one of you}
        = {scumbags|vermin} want locking up and the key thrown away""",
    "other": """
        = Shared <in_place>
        = {Awful|Horrible}, hope {everyone is|they're} alright""",
    "retort": """
        = {Same|Agree with you} {here|there}
        = {They can't be everywhere|Give it a rest}""",
    "emergency": """
        = someone's {trying to get in next door|kicking a door in} on <street> right now please send someone
        = there's a {man|lad} on the floor outside the shop on <street>, not moving, {please hurry|need help now}""",
}
ANSWERS: dict[str, str] = {
    "any": """
        = Thanks for getting in touch. We have passed this to the team for <place>.
        = Hello, thank you for raising this. Please call 101 so that we can take the details."""
}
OTHER_LANGUAGES: dict[str, str] = {}
