"""Puts residents' replies into words, out of the parts in `phrases`, with the slips that people make.

A template holds choices, `{this|that}`, and slots, `<street>`, filled from the post's own words or invented."""

import random
import re
from dataclasses import dataclass
from functools import lru_cache

from social.practice import phrases

COMMUNITY_PAGES = (
    "Around Oakenford",
    "Spotted in Woldershire",
    "Copperbeck Community Noticeboard",
    "Vale Village Voice",
)
_STANCES = {"+": "positive", "-": "negative", "=": "neutral"}
_FALLBACK = {"local": "local", "area": "your area", "us": "our estate"}
"""What stands in for the place when the post names none, by slot."""
_CHOICE = re.compile(r"\{([^{}]*)\}")
_SLOT = re.compile(r"<([a-z_]+)>")


@dataclass(frozen=True)
class Scene:
    """What is known of a post: its kind, network, the place and the streets that it names."""

    kind: str
    network: str
    place: str | None
    streets: list[str]
    topic: str = ""


@dataclass(frozen=True)
class Words:
    text: str
    kind: str
    stance: str
    lang: str


def compose(rng: random.Random, scene: Scene, told: str, used: set[str]) -> Words:
    """A reply of the kind `told` that is not among those `used` under the same post, where the parts allow."""
    words = _once(rng, scene, told)
    for _ in range(12):
        if bare(words.text) not in used:
            break
        words = _once(rng, scene, told)
    used.add(bare(words.text))
    return words


def bare(text: str) -> str:
    """The letters alone: two replies that differ in nothing else are the same words."""
    return "".join(letter for letter in text.lower() if letter.isalnum())


def official_answer(rng: random.Random, scene: Scene, kind: str) -> str:
    """How the account answers a reply of this kind."""
    lines = _lines(phrases.ANSWERS, kind) or _lines(phrases.ANSWERS, "any")
    return filled(rng, scene, rng.choice(lines)[1])


def _once(rng: random.Random, scene: Scene, told: str) -> Words:
    draw = rng.random()
    lang = "cy" if draw < 0.025 else "pl" if draw < 0.06 else "en"
    if lang != "en":
        lines = _lines(phrases.OTHER_LANGUAGES, f"{lang}/{told}")
        if lines:
            stance, template = rng.choice(lines)
            return Words(filled(rng, scene, template), told, stance, lang)
    own, general = _lines(phrases.REPLIES, f"{told}/{scene.kind}"), _lines(phrases.REPLIES, told)
    lines = own if own and (not general or rng.random() < 0.68) else general
    stance, template = rng.choice(lines)
    text = _slip(rng, filled(rng, scene, template))
    # A retort is a manner, not a kind: it is banter when it agrees with nobody in earnest.
    kind = {"retort": "other"}.get(told, told)
    return Words(text, kind, stance, "en")


@lru_cache(maxsize=512)
def parsed(block: str) -> tuple[tuple[str, str], ...]:
    """Stance and template of each line of a block of `phrases`."""
    lines = [line.strip() for line in block.strip().splitlines()]
    return tuple((_STANCES[line[0]], line[1:].strip()) for line in lines if line)


def _lines(table: dict[str, str], name: str) -> tuple[tuple[str, str], ...]:
    return parsed(table[name]) if name in table else ()


def filled(rng: random.Random, scene: Scene, template: str) -> str:
    """The template with a choice made everywhere and every slot filled."""
    text = template
    while match := _CHOICE.search(text):
        text = text[: match.start()] + rng.choice(match.group(1).split("|")) + text[match.end() :]
    filled = _SLOT.sub(lambda slot: _slot(rng, scene, slot.group(1)), text)
    return " ".join(filled.split()).replace(" ,", ",")


def _slot(rng: random.Random, scene: Scene, name: str) -> str:
    if name in _FALLBACK:
        return scene.place or _FALLBACK[name]
    if name == "in_place":
        return f"in {scene.place}" if scene.place else "round here"
    if name == "topic":
        return scene.topic or rng.choice(phrases.SLOTS["topic"])
    if name == "street":
        # Mostly the streets that the post names: somebody from there is likelier to answer.
        named = scene.streets if scene.streets and rng.random() < 0.75 else phrases.SLOTS["street"]
        return rng.choice(named)
    return rng.choice(phrases.SLOTS[name])


def _slip(rng: random.Random, text: str) -> str:
    """The same words as somebody types them in a hurry on a phone."""
    draw = rng.random()
    if draw < 0.22:
        text = text.lower()
    elif draw < 0.27:
        text = text.upper() if len(text) < 60 else text
    if rng.random() < 0.16:
        text = text.replace("'", "")
    if rng.random() < 0.14:
        for right, wrong in phrases.SLIPS:
            if right in text and rng.random() < 0.6:
                text = text.replace(right, wrong, 1)
    if rng.random() < 0.28:
        text = text.rstrip(".")
    elif text and text[-1].isalpha() and rng.random() < 0.2:
        text += rng.choice(("!", "!!", "..."))
    return text
