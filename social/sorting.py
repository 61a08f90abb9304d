"""Guesses what kind of post a past one was, and where it was about, from its words alone.

Posts of before Beatline carry no content type. A guess lets their figures be compared; it is marked as a guess on the
publication, and '' is the answer whenever the words do not decide it."""

import re
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType

from social.places import Place, PlaceKind

_labels = {
    "appeal_cctv": "CCTV appeal",
    "appeal_witness": "Witness appeal",
    "appeal_missing": "Missing person appeal",
    "appeal_closed": "Appeal closed",
    "appeal_image": "Appeal with a person's picture",
    "appeal_wanted": "Wanted person appeal",
    "court_result": "Court result",
    "arrest_update": "Arrest update",
    "lighthearted": "Lighthearted",
    "trend_day": "Trend day",
    "campaign": "Campaign",
    "crime_prevention": "Crime prevention",
    "event": "Event",
    "survey": "Survey",
    "you_said_we_did": "You said, we did",
    "team_intro": "Meet the team",
    "road_info": "Road information",
    "patrol_update": "Patrol update",
    "business": "For businesses",
    "youth": "Young people",
    "rural": "Rural",
    "hidden_harms": "Hidden harms",
    "recruitment": "Recruitment",
    "crime_update": "Crime update",
    "recognition": "Recognition",
    "correction": "Correction",
}
CONTENT_TYPE_LABELS: Mapping[str, str] = MappingProxyType(_labels)
"""Every content type with its name for people, the same as in the plan; not each of them can be told by its words."""
NEVER_RANKED = {"appeal_missing", "appeal_closed", "correction"}
"""No league table, no comparison: content types of missing people (R11), and corrections, which nobody should aim for."""


LIGHT_TYPES = {"lighthearted", "trend_day"}
"""Kinds of post that are meant to amuse (R38)."""
NEVER_TIMED = {"appeal_missing", "appeal_wanted", "appeal_closed", "road_info", "correction"}
"""What cannot wait goes at once: nothing is said of a better time for it (M12)."""
APPEALS = {"appeal_cctv", "appeal_witness", "appeal_image", "appeal_missing", "appeal_wanted"}
"""Ask the public for information or help (R15)."""


def also_known(
    labels: Mapping[str, str],
    never_ranked: Collection[str],
    light: Collection[str],
    *,
    never_timed: Collection[str],
    appeals: Collection[str],
) -> None:
    """The kinds as the force's configuration has them: all of them, and which of them are what is said above."""
    _labels.clear()
    _labels.update(labels)
    sets = ((NEVER_RANKED, never_ranked), (NEVER_TIMED, never_timed), (LIGHT_TYPES, light), (APPEALS, appeals))
    for known, given in sets:
        known.clear()
        known.update(given)


_REPORTING_LINES = re.compile(
    r"to report a crime call 101[^.]*\.|in an emergency,? (?:always )?(?:call|ring|dial) 999[^.]*\.?"
    r"|(?:call )?crimestoppers[^.]*0800 ?555 ?111\.?",
    re.I,
)
"""Said under nearly every post (R15): they say nothing about its kind."""

_CUES: Sequence[tuple[str, str, float]] = (
    ("appeal_missing", r"\bmissing\b(?! (?:out|the))|have you seen (?!anything)\w+\?|not been seen since|last seen|concerned for (?:his|her|their) (?:welfare|safety)|left home", 3),
    ("appeal_closed", r"\b(?:has|have) (?:now )?been (?:found|located)\b|found safe|appeal is (?:now )?closed|no longer (?:looking|appealing|missing)", 5),
    ("appeal_wanted", r"\bwanted\b(?! to)|recall to prison|do(?:n't| not) approach (?:him|her|them)", 4),
    ("appeal_image", r"\b(?:do you )?(?:recognise|know) (?:this|these) (?:man|men|woman|women|person|people|two|three|pair|lad|couple)|who is this|would like to (?:speak to|identify)", 4),
    ("appeal_cctv", r"\bdoorbells?\b|\bcctv\b|\bcameras? (?:cover|that|on|near|facing)|\bfootage\b|\bclips\b", 2.5),
    ("appeal_witness", r"\bwitness(?:es|ed)?\b|\bappeal(?:ing)?\b(?! (?:court|against))|were you|did you see|dash ?cam|looking into a report|did not stop|fail(?:ed|ing) to stop|information could help", 2),
    ("court_result", r"\bsentenced\b|\bjailed\b|sent to prison|behind bars|pleaded guilty|found guilty|convicted|magistrates|crown court|banned from driving|\bsuspended sentence", 6),
    ("arrest_update", r"\b(?:been|was|were|under|have|has) arrest(?:ed)?\b|\barrested\b|\bin custody\b|on suspicion of|\bcharged with\b", 3),
    ("survey", r"\bsurvey\b|minute survey|questionnaire|tell us what (?:matters|you think)|have your say|your (?:views|priorities|feedback)|work on next", 3),
    ("you_said_we_did", r"(?<!last time )you (?:said|told us|asked|raised|reported)\b|#yousaidwedid|we (?:did|listened)\b|following your (?:reports|concerns|complaints)", 3),
    ("team_intro", r"say hello to|meet (?:the|your) (?:team|newest|new|pcso|pc)\b|newest (?:pcso|officer|member)|join(?:s|ed|ing) (?:the|our) team|new (?:pcso|officer|face)\b|what does (?:a|your) (?:pcso|police|neighbourhood)", 3),
    ("recruitment", r"could you be|appl(?:y|ications) (?:by|now|before|close|open|are)|#joinus|we(?:'re| are) recruiting|vacanc|join us as|full training|your next career", 3),
    ("road_info", r"\broads? (?:is |are |now )?(?:closed|blocked|open|reopen)|\bclosure\b|lanes? (?:closed|blocked)|\bdiversions?\b|another route|avoid the area|delays|reopen(?:s|ed)?\b|traffic is|collision|broken[- ]down", 2),
    ("event", r"\bdrop[- ]?in\b|no (?:ticket|appointment|booking)|\bcome (?:along|and (?:see|say|meet|chat|have))|pop (?:in|along|by)|we(?:'ll| will) be (?:at|in|outside|on)|we(?:'re| are) (?:outside|at) |bike marking|open (?:session|day|evening)|\bsurgery\b|\bcoffee\b|community cent(?:re|er)|village hall|join us (?:at|on|for)|from \d+(?:[.:]\d\d)? ?(?:am|pm)? ?(?:to|until|-)|see you there|until \d+ ?pm|sign[- ]?ups?\b|for a chat|and a chat", 1.5),
    ("crime_prevention", r"\bkeep (?:your|bags|keys|doors|windows|sheds|valuables|them)|\block (?:your|it|up|them|doors)|\bscams?\b|\bwarning\b|7726|\b159\b|fraud(?:ster)?s?\b|remember to|\btips?\b|advice|remove valuables|out of sight|protect (?:your|yourself)|be aware|signal[- ]blocking|steering lock|don't (?:leave|open|click|give)|never (?:leave|give|share)|leave (?:a light|nothing)|shed alarm|smartwater|register your|purse (?:bell|cable)s?|thefts? (?:in|from)", 1.5),
    ("patrol_update", r"\bpatrol(?:s|led|ling)?\b|out and about|hotspots?|high[- ]visibility|on foot|say hello (?:when|if) you|street pastors|(?:we're|we are|team (?:is|are)|officers (?:are|were)) (?:in the town|out (?:on|in|around|this|tonight))|dispersal|stop(?:ped|s)? and search", 2),
    ("business", r"business watch|\bshop ?(?:workers?|keepers?|watch)\b|\bretail(?:ers?)?\b|\bbusinesses\b|industrial estate|\btraders\b|respect ?for ?shop", 3),
    ("youth", r"\bschool(?:s|children)?\b|\bpupils?\b|\byouth\b|\byear \d\b|young people|primary|\bcadets?\b|nursery|scouts|brownies", 1.5),
    ("rural", r"\bfarm(?:s|er|ers|land)?\b|\brural|\bsheep\b|livestock|hare cours|quad bike|tractors?|poach|\bewes?\b|#ruralcrime", 1.8),
    ("hidden_harms", r"cuckoo|county lines|exploit|modern slavery|domestic abuse|coercive|traffick|#hiddenharms|vulnerable person|honour[- ]based|stalking", 3.5),
    ("campaign", r"(?-i:\bOp(?:eration)? [A-Z]\w+)|awareness (?:week|day|month)|week of action|\b(?:national|neighbourhood) [\w ]*week|#\w*week\b|no excuse|knife[- ]?free|surrender bin|drink[- ]?driv\w*|drive drunk|day of action", 4),
    ("trend_day", r"may the (?:4th|fourth)|star ?wars|pancake|valentine|halloween|#\w+day\b|world book day|april fool|pride month|bake off|eurovision|talk like a pirate|national \w+ day", 3),
    ("lighthearted", r"🐄|🦆|🦔|🐶|🐕|🐑|🐖|🐎|🐴|🦢|🐈|🐾|😂|🤣|😉|🙈|under caution|released without charge|suspects?,? (?:all )?(?:black and white|furry|feathered|four[- ]legged)|four[- ]legged|ducklings?|hedgehog|\bgoats?\b|\bcows\b|\bswans?\b|\bpigs?\b|escaped|on the loose|caught in the act|released without|(?:refused|declined) to (?:give|comment)|\bpaws?\b|\bmoo+\b|quack|cheeky|biscuits?|name(?:s)? (?:has|have) been (?:taken|withheld)|no id\b|would give their names", 2),
)  # fmt: skip

_COMPILED = [(key, re.compile(pattern, re.I), weight) for key, pattern, weight in _CUES]
_ENOUGH = 2.0
_LEAD = 0.5


def guess_content_type(text: str) -> str:
    """The content type that the words of a post point to; '' when none does, or when two do alike."""
    # Reporting lines name calls and crimes under posts of every kind; so do links.
    words = re.sub(r"https?://\S+", " ", _REPORTING_LINES.sub(" ", text))
    scores = {
        key: weight * min(len({m.lower() for m in _found(pattern, words)}), 3) for key, pattern, weight in _COMPILED
    }
    (best, top), (_, second) = sorted(scores.items(), key=lambda item: -item[1])[:2]
    return best if top >= _ENOUGH and top - second >= _LEAD else ""


def _found(pattern: re.Pattern[str], words: str) -> list[str]:
    return [match.group(0) for match in pattern.finditer(words)]


def guess_place(text: str, places: Sequence[Place]) -> int | None:
    """Id of the one area that the text names most, the smallest kind first; None when no name or no single one leads.

    A name counts written out (Hexley Moor) and as a hashtag (#HexleyMoor), never as part of another word."""
    for kinds in (
        {PlaceKind.NEIGHBOURHOOD},
        {PlaceKind.TEAM},
        {PlaceKind.SECTION, PlaceKind.DIVISION, PlaceKind.FORCE},
    ):
        counts: dict[int, int] = {}
        for place in places:
            if place.id is not None and PlaceKind(place.kind) in kinds and (times := _times_named(place.name, text)):
                counts[place.id] = times
        if counts:
            ordered = sorted(counts.items(), key=lambda item: -item[1])
            leads = len(ordered) == 1 or ordered[0][1] > ordered[1][1]
            return ordered[0][0] if leads else None
    return None


def _times_named(name: str, text: str) -> int:
    spaced = r"\s+".join(re.escape(word) for word in name.split())
    joined = re.escape("".join(name.split()))
    return len(re.findall(rf"(?<!\w)(?:{spaced}|#{joined})(?!\w)", text, re.I))
