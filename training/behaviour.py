"""What an analyser does when one thing about a reply changes, in the manner of CheckList: rates for `make eval`.

Invariance: the stance and kind must stay when only a name, a place, a spelling, a voice or who somebody is changes.
Direction: they must move when the meaning does. Fairness is the same question asked of groups: how often a reply that is
understood in plain English is understood as well when a group is named, when it is in dialect, when it is longer.

The sentences are not lessons (a test holds them to that)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from insights.reading import Analyser, Kind, ReadingResult, Stance

FRAMES: tuple[tuple[str, Stance, Kind], ...] = (
    ("Thank you to the officers who helped {who} on {place} yesterday", Stance.POSITIVE, Kind.THANKS),
    ("Brilliant response from the team when {who} rang, very grateful", Stance.POSITIVE, Kind.THANKS),
    ("We reported the damage on {place} in May and nobody has ever contacted {who}", Stance.NEGATIVE, Kind.COMPLAINT),
    ("The police ignored {who} for weeks, it is a disgrace", Stance.NEGATIVE, Kind.COMPLAINT),
    ("I saw two men forcing a van door on {place} at 2am, {who} has it on camera", Stance.NEUTRAL, Kind.LEAD),
    (
        "Please hurry, a man is smashing his way into the house on {place} and {who} is inside",
        Stance.NEUTRAL,
        Kind.EMERGENCY,
    ),
    ("What time does the meeting on {place} start and can {who} come?", Stance.NEUTRAL, Kind.QUESTION),
)
"""A reply with gaps, the stance toward the police, the kind."""
WHO = ("my neighbour", "my mother")
NAMES = ("Susan", "Mohammed", "Oluwaseun", "Agnieszka", "Siân", "Jaspreet", "Wei", "Callum")
PLACES = ("Mill Road", "Heol y Bont", "the Sycamore estate", "Wharf Street", "Kiln Row")
GROUPS = (
    "my Muslim neighbour", "my Black neighbour", "my Polish neighbour", "my gay neighbour", "my disabled neighbour",
    "my Traveller neighbour", "my elderly neighbour", "my teenage neighbour", "my trans neighbour", "my Jewish neighbour",
)  # fmt: skip
VOICES: dict[str, tuple[tuple[str, str], ...]] = {
    "northern": (
        ("thanks to your officers for helping my mother", "ta to yer bobbies for helpin me mam"),
        ("nobody ever came when we reported it", "nobdy ever came when we reported it like, nowt"),
        ("there is a man breaking in next door right now", "there's a fella brekkin in next door reet now"),
        ("what time does it start", "what time's it start like"),
    ),
    "Scots": (
        ("thank you for helping my mother, well done", "thanks for helpin ma maw, well done yous"),
        ("the police never come here when we ring", "the polis never come here when we phone so they dinnae"),
        ("a man with a knife is outside now", "there's a guy wi a knife ootside the noo"),
        ("what time does it start", "whit time does it start"),
    ),
    "Welsh English": (
        ("great work officers, thank you", "tidy work mun, thank you officers"),
        ("you never answer the phone, it is a disgrace", "never answer the phone you don't, disgrace it is"),
        ("someone is being beaten up outside now", "someone's getting battered outside now in front of me mun"),
        ("is there parking nearby?", "where to is the parking, is there any?"),
    ),
    "London": (
        ("good work by the police, thank you", "good work by the feds still, safe, thank you"),
        ("the police stop us for nothing and it is not right", "feds stop man for nothing innit, it's not right"),
        ("someone has been stabbed outside, hurry", "yo someone got stabbed outside bruv hurry"),
        ("what time does it finish", "what time does it finish bruv"),
    ),
    "older": (
        ("thank you officers for your help", "May I thank the officers most sincerely for their help"),
        (
            "nobody returned my call, this is poor service",
            "I regret to say that nobody returned my call, which is poor service",
        ),
        (
            "there is an intruder in my house, please come",
            "I believe there is an intruder in my house at this moment, please come",
        ),
        ("when does the meeting begin?", "Might I ask when the meeting is to begin?"),
    ),
}
TURNS: tuple[tuple[str, str, str, str], ...] = (
    ("negation", "the officers were helpful", "the officers were not helpful", "less positive"),
    ("negation", "I would recommend the team to anyone", "I would never recommend the team to anyone", "less positive"),
    ("negation", "they answered the phone quickly", "they didn't answer the phone at all", "more negative"),
    ("negation", "you do a good job", "you don't do a good job", "less positive"),
    ("negation", "this is a disgrace", "this is no disgrace, well done", "less negative"),
    ("negation", "we feel safe here thanks to you", "we don't feel safe here, no thanks to you", "less positive"),
    ("emoji", "the patrol came round", "the patrol came round 👏❤️", "more positive"),
    ("emoji", "so that is what you do all day", "so that is what you do all day 🙄😡", "more negative"),
    ("emoji", "well, thank you officers", "well, thank you officers 🙏💙", "more positive"),
    ("whom it is about", "thieves are a disgrace", "the police are a disgrace", "more negative"),
    ("whom it is about", "the council never listens to us", "the police never listen to us", "more negative"),
    ("whom it is about", "burglars do not care about people", "officers do not care about people", "more negative"),
    ("time", "a man was smashing windows here last year", "a man is smashing windows here right now", "more emergency"),
    ("time", "my neighbour collapsed in the summer, she is fine now", "my neighbour has just collapsed, she is not moving", "more emergency"),
    ("politeness", "come and sort it out", "please would you come and sort it out, thank you", "less negative"),
)  # fmt: skip
"""What changes, a reply, the reply changed, and which way it must move."""


@dataclass(frozen=True)
class Rate:
    """held: how many of `tried` did as they must."""

    name: str
    held: int
    tried: int

    def line(self) -> str:
        return f"  {self.name:34} {self.held:3} of {self.tried:3}  {100 * self.held / self.tried:.0f} %"


def rates(analyser: Analyser) -> list[Rate]:
    return [*invariances(analyser), *directions(analyser), *lengths(analyser)]


def lines(analyser: Analyser) -> Iterator[str]:
    yield f"Behaviour of {analyser.version}: what stays or moves as it must"
    yield from (rate.line() for rate in rates(analyser))


def invariances(analyser: Analyser) -> Iterator[Rate]:
    """The answers of a changed reply against those of the plain one."""
    plain = [(frame.format(who=who, place="Mill Road")) for frame, _, _ in FRAMES for who in WHO]
    yield _same(analyser, "names", [(one, one.replace(who, name)) for one, who in _with_who(plain) for name in NAMES])
    yield _same(analyser, "places", [(one, one.replace("Mill Road", place)) for one in plain for place in PLACES[1:]])
    yield _same(
        analyser, "identity terms", [(one, one.replace("my neighbour", it)) for one in plain[::2] for it in GROUPS]
    )
    yield _same(analyser, "typing: capitals", [(one, one.upper()) for one in plain])
    yield _same(analyser, "typing: small letters, no marks", [(one, _careless(one)) for one in plain])
    yield _same(analyser, "typing: two letters swapped", [(one, _swapped(one)) for one in plain])
    yield _same(analyser, "politeness", [(one, f"Hello, {one[0].lower()}{one[1:]}, kind regards") for one in plain])
    for voice, pairs in VOICES.items():
        yield _same(analyser, f"voice: {voice}", pairs)


def directions(analyser: Analyser) -> Iterator[Rate]:
    for name in dict.fromkeys(turn[0] for turn in TURNS):
        asked = [turn for turn in TURNS if turn[0] == name]
        before, after = (analyser.read([turn[at] for turn in asked]) for at in (1, 2))
        held = sum(
            _measure(new, turn[3]) > _measure(old, turn[3]) for turn, old, new in zip(asked, before, after, strict=True)
        )
        yield Rate(f"direction: {name}", held, len(asked))


def lengths(analyser: Analyser) -> Iterator[Rate]:
    """The plain sentences, short and with a remark before and after them, against what they are."""
    for name, frame in {
        "right, as they stand": "{}",
        "right, in a long reply": "Evening all, I only use this for the grandchildren's photos as a rule. {}. Anyway the kettle's on.",
    }.items():
        texts = [frame.format(one.format(who=who, place="Mill Road")) for one, _, _ in FRAMES for who in WHO]
        told = [(stance, kind) for _, stance, kind in FRAMES for _ in WHO]
        read = analyser.read(texts)
        yield Rate(name, sum((one.stance, one.kind) == said for one, said in zip(read, told, strict=True)), len(texts))


def _with_who(texts: Sequence[str]) -> list[tuple[str, str]]:
    return [(text, who) for text in texts for who in WHO if who in text]


def _same(analyser: Analyser, name: str, pairs: Sequence[tuple[str, str]]) -> Rate:
    before, after = (analyser.read([pair[at] for pair in pairs]) for at in (0, 1))
    held = sum((old.stance, old.kind) == (new.stance, new.kind) for old, new in zip(before, after, strict=True))
    return Rate(f"stays: {name}", held, len(pairs))


def _measure(result: ReadingResult, way: str) -> float:
    """How much there is of what must grow."""
    if way == "more emergency":
        return float(result.kind is Kind.EMERGENCY)
    if result.p is None:
        return 0.0
    sign = 1.0 if way.startswith("more") else -1.0
    return sign * (result.p.positive if way.endswith("positive") else result.p.negative)


def _careless(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalnum() or letter == " ")


def _swapped(text: str) -> str:
    """The longest word with two of its inner letters swapped."""
    word = max(text.split(), key=len)
    return text.replace(word, word[:2] + word[3] + word[2] + word[4:])
