"""What the page of a survey says besides its questions, in English and in Welsh (R33)."""

from social.web.alert_words import WELSH

WORDS: dict[str, tuple[str, str]] = {
    "not_here": (
        "This is not a place to report crime, and nobody reads it at once. In an emergency call 999, otherwise 101.",
        "Nid lle i roi gwybod am drosedd yw hwn, ac nid oes neb yn ei ddarllen ar unwaith. Mewn argyfwng ffoniwch 999, "
        "fel arall 101.",
    ),
    "private": (
        "Your answers are kept without your name or address. We know that you have answered, not what. Please leave "
        "names out of what you write.",
        "Cedwir eich atebion heb eich enw na'ch cyfeiriad. Rydym yn gwybod eich bod wedi ateb, nid beth. Peidiwch ag "
        "ysgrifennu enwau.",
    ),
    "private_open": (
        "Your answers are kept without anything that says who you are. Please leave names out of what you write.",
        "Cedwir eich atebion heb ddim sy'n dweud pwy ydych chi. Peidiwch ag ysgrifennu enwau.",
    ),
    "until": ("It is open until {day}.", "Mae ar agor tan {day}."),
    "area": ("Which neighbourhood do you live in?", "Ym mha gymdogaeth ydych chi'n byw?"),
    "area_none": ("Choose one", "Dewiswch un"),
    "area_other": ("Another place, or I would rather not say", "Lle arall, neu mae'n well gennyf beidio â dweud"),
    "area_missing": ("Choose where you live, or that you would rather not say", "Dewiswch ble rydych yn byw, neu ei bod "
                     "yn well gennych beidio â dweud"),
    "optional": ("(you can leave this out)", "(gallwch adael hwn allan)"),
    "rather_not": ("I would rather not say", "Mae'n well gennyf beidio â dweud"),
    "hint_any": ("Choose all that apply.", "Dewiswch bob un sy'n berthnasol."),
    "hint_most": ("Choose {most} at the most.", "Dewiswch {most} ar y mwyaf."),
    "hint_rank": (
        "Give each a number: 1 for what comes first. Each number once.",
        "Rhowch rif i bob un: 1 i'r hyn sy'n dod gyntaf. Pob rhif unwaith.",
    ),
    "hint_text": ("{longest} characters at the most.", "{longest} nod ar y mwyaf."),
    "number": ("Number for '{option}'", "Rhif ar gyfer '{option}'"),
    "none": ("-", "-"),
    "missing": ("Answer question {number}", "Atebwch gwestiwn {number}"),
    "unknown": ("Choose from the answers to question {number}", "Dewiswch o'r atebion i gwestiwn {number}"),
    "too_many": (
        "Choose {most} answers at the most to question {number}",
        "Dewiswch {most} ateb ar y mwyaf i gwestiwn {number}",
    ),
    "rank_all": (
        "Give every answer to question {number} a number, each number once",
        "Rhowch rif i bob ateb i gwestiwn {number}, pob rhif unwaith",
    ),
    "too_long": (
        "Keep the answer to question {number} to {longest} characters",
        "Cadwch yr ateb i gwestiwn {number} o fewn {longest} nod",
    ),
    "nothing": ("Answer at least one question", "Atebwch o leiaf un cwestiwn"),
    "stale": (
        "The page was open for too long. Look at your answers, and send them again",
        "Bu'r dudalen ar agor yn rhy hir. Edrychwch ar eich atebion, ac anfonwch nhw eto",
    ),
    "send": ("Send my answers", "Anfon fy atebion"),
    "thanks_title": ("Thank you", "Diolch"),
    "thanks": (
        "Your answers are counted. What everybody answered together goes into what your neighbourhood team plans.",
        "Mae eich atebion wedi'u cyfrif. Mae'r hyn a atebodd pawb gyda'i gilydd yn rhan o'r hyn y mae tîm eich "
        "cymdogaeth yn ei gynllunio.",
    ),
    "answered_title": ("You have answered", "Rydych wedi ateb"),
    "answered": (
        "Your answers are counted once. They cannot be changed, because nobody knows which are yours.",
        "Cyfrifir eich atebion unwaith. Ni ellir eu newid, gan nad oes neb yn gwybod pa rai yw eich rhai chi.",
    ),
    "closed_title": ("This survey is closed", "Mae'r arolwg hwn wedi cau"),
    "closed": (
        "It takes no more answers. Thank you for coming.",
        "Nid yw'n derbyn mwy o atebion. Diolch am ddod.",
    ),
    "early_title": ("This survey is not open yet", "Nid yw'r arolwg hwn ar agor eto"),
    "early": ("It opens on {day}.", "Mae'n agor ar {day}."),
    "many_title": ("Too many answers at once", "Gormod o atebion ar unwaith"),
    "many": (
        "More answers came from where you are than we take in an hour, and this one was not kept. Try again in "
        "{minutes} minutes.",
        "Daeth mwy o atebion o'r lle'r ydych chi nag a dderbyniwn mewn awr, ac ni chadwyd yr un hwn. Rhowch gynnig arall "
        "arni ymhen {minutes} munud.",
    ),
}  # fmt: skip
"""Key -> English, Welsh."""


def say(lang: str, key: str, **fill: object) -> str:
    """The words in that language, with what is filled in; not escaped yet."""
    words = WORDS[key][lang == WELSH]
    return words.format(**fill) if fill else words
