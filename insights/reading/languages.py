"""Which language a reply is in. Replies are short and spelt as people speak, where statistical detectors guess wildly:
common words decide first, the detector only when they do not."""

import re

import numpy as np
from langdetect import DetectorFactory, LangDetectException, detect_langs
from numpy.typing import NDArray

DetectorFactory.seed = 0  # the detector draws at random; with a seed the same text gets the same answer

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_NOISE = re.compile(r"https?://\S+|[@#]\w+")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ENGLISH = _words(
    """a about after again all always am an and any are as at back be been before best bit brilliant but by bye can
    cheers come could day did didn't do does doesn't doing don't done down dont even ever every fair find first for
    from get getting give glad go going good got great had happy has have haven't he he's hello help her here hi him
    his hope how i i'd i'll i'm i've if in into is isn't it it's its job just keep know last let like lol look lovely
    love made make man many mate maybe me mind more most much must my need never new next nice night no nobody not
    nothing now of off ok on once one only or our out over people please police pointless post proper really right
    said same saw say see seen she should since so some someone soon sorry still stop such sure take team thank
    thanks that that's the their them then there there's these they they're thing think this those time to today told
    too up us used very want was wasn't way we we'll we're we've week welcome well went were what what's when where
    which who why will with won't work would year years yes yet you you're you've your"""
)
_WELSH = _words(
    """a'r ac am ar bob bod bopeth chi chwarae chi'n da dach dewch diolch dim gobeithio gwych diwetha diwethaf dw dwi dydd eich ein eisiau
    eto fawr fy fyd gan gen gwaith gyda heddiw heddlu neithiwr ateb hefyd helpwch hi hyn i'r iawn ichi llawer llwybr mae mae'n mae'r maen
    mai mawr mewn mi mynd neb neu neuadd newydd nhw ni nid noson nos o'r oedd oes os pam plant pob pryd rhywun rydw rydym
    rŵan siomedig siwr sut tîm tri wela wedi welais gwelais wnes wnewch wythnos ydi ydy ydych ydy'r ym yma yn ynghylch yno yw"""
)
_POLISH = _words(
    """ale bardzo bez będzie były było być był była co czego czy dla dlaczego dla dobra dobrze do dzień dzięki dziękuję
    dziekuje dziecko dziś gdzie i ich ile jak jest jestem już kiedy ktoś który która które ludzie ma mam mieszka mój mnie można
    muszę na nam nas nasz nasze nic nie nikt o od oraz państwa po pod policja policji pomoc pomocy potrwa powodzenia
    proszę prosze przez przy się sie są super szkoły ta tak tam ten teraz tego to tu tylko w we wczoraj widziałem widziałam witamy
    z za ze żeby że"""
)  # fmt: skip
_POLISH_LETTERS = re.compile("[ąęłńśźż]", re.I)
_WELSH_LETTERS = re.compile("[ŵŷ]", re.I)
_SHARED = _words("a am i o do no to we on super ten in bob us he she")
"""Words of more than one of these languages: they prove none."""

KNOWN = 0.6
"""The share of words common in English from which on a text is English, if nothing speaks for another language."""
Counts = NDArray[np.int64]
Shares = NDArray[np.float64]
_DETECTOR_LETTERS = 24
"""Below so many letters the detector is a coin."""
_DETECTOR_SURE = 0.95


def signs_of(word: str) -> tuple[bool, bool, bool]:
    """Whether a word in small letters speaks for English, for Welsh, for Polish; a letter that only one of them has does."""
    own = word not in _SHARED
    return (
        own and word in _ENGLISH,
        (own and word in _WELSH) or bool(_WELSH_LETTERS.search(word)),
        (own and word in _POLISH) or bool(_POLISH_LETTERS.search(word)),
    )


def plain_english(words: Counts, english: Counts, welsh: Counts, polish: Counts, common: Counts) -> Shares:
    """How sure it is that each text is English, by counts of its words alone; 0 where more has to be asked."""
    total = np.maximum(words, 1)
    share = english / total
    clear = (words > 0) & (welsh + polish == 0) & ((share >= 0.2) | (common >= KNOWN * total))
    return np.where(clear, np.round(np.clip(0.6 + share / 2, 0.0, 0.99), 2), 0.0)


def detect_language(text: str) -> tuple[str, float]:
    """The language as ISO 639-1 with a probability in [0, 1]; ('und', p) when there are no words or no clear sign."""
    words = [w.lower().replace("’", "'") for w in _WORD.findall(_NOISE.sub(" ", text))]
    if not words:
        return "und", 1.0
    shares = {
        "en": _share(words, _ENGLISH),
        "cy": _share(words, _WELSH) + (0.3 if _WELSH_LETTERS.search(text) else 0),
        "pl": _share(words, _POLISH) + (0.3 if _POLISH_LETTERS.search(text) else 0),
    }
    best, share = max(shares.items(), key=lambda item: item[1])
    others = max(value for language, value in shares.items() if language != best)
    if share >= 0.2 and share > others:
        return best, round(min(0.6 + share / 2 - others / 2, 0.99), 2)
    return _by_detector(text, words, share if best == "en" else 0.0)


def _share(words: list[str], vocabulary: frozenset[str]) -> float:
    return sum(word in vocabulary and word not in _SHARED for word in words) / len(words)


def _by_detector(text: str, words: list[str], english: float) -> tuple[str, float]:
    """Few or no common words: trust the detector where it has enough to go by, else take it as English."""
    letters = sum(len(word) for word in words)
    if letters >= _DETECTOR_LETTERS or not all(word.isascii() for word in words):
        try:
            found = detect_langs(_NOISE.sub(" ", text))[0]
        except LangDetectException:
            return "und", 0.5
        needed = _DETECTOR_SURE if english == 0.0 else 0.999
        if found.lang == "en" or found.prob >= needed:
            # "zh-cn" and "zh-tw" are one language.
            return str(found.lang).split("-")[0], round(float(found.prob) * 0.95, 2)
    # Replies under a British force's posts are nearly all English: without a sign against it, so is this one.
    return "en", 0.6
