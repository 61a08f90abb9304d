"""Whom a post speaks of, mention by mention: who was harmed, who did it, who is a child, in English and Welsh.

Nothing here knows grammar. A mention's part is told by the verbs around it, by what it stands in apposition to and,
for 'she' or 'they', by who was spoken of before. Where that says nothing the part stays open."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Literal

Part = Literal["harmed", "accused", "aside", "open"]
"""aside: somebody who only says, calls or helps."""

_NUMBERS = r"(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|\d{1,2})"
_YOUNG = r"(?:1[0-7]|[1-9]|blwydd|dwy|tair|pedair|pump|chwe(?:ch)?|saith|wyth|naw|deg|un ar ddeg|deuddeg|tair ar ddeg|pedair ar ddeg|pymtheg|un ar bymtheg|dwy ar bymtheg|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen)"
CHILD_NOUNS = (
    r"(?:boys?|girls?|child(?:ren)?|kids?|teens?|teenagers?|teenage(?! (?:offend|tear))|youths?|youngsters?|schoolboys?|schoolgirls?|schoolchild(?:ren)?|schoolkids?"
    r"|toddlers?|bab(?:y|ies)|infants?|minors?|juveniles?|lads?|lass(?:es)?|pupils?|under-1[0-8]s?|[Yy]ear (?:1[0-3]|[1-9])s?|reception class"
    r"|tweens?|sixth[- ]formers?|cadets?|scouts?|brownies|cubs|bachgen|fachgen|bechgyn|merch|ferch|merched|plentyn|blentyn|plant|blant|disgybl(?:ion)?|ddisgybl|arddegau)"
)
_HARMED_NOUNS = r"(?:victims?|survivors?|complainants?|injured part(?:y|ies)|casualt(?:y|ies)|deceased|dioddefwy?r(?:aig)?|dioddefwraig|ddioddefwr(?:aig)?|goroeswr|goroeswraig|achwynydd)"
_ACCUSED_NOUNS = (
    r"(?:suspects?|defendants?|offenders?|attackers?|assailants?|rapists?|predators?|paedophiles?|abusers?|groomers?|traffickers?|thie(?:f|ves)|robbers?|burglars?"
    r"|stalkers?|intruders?|perpetrators?|stranger|gang|boss(?:es)?|diffynnydd|troseddwr)"
)
_ADULT_NOUNS = (
    r"(?:m[ae]n|wom[ae]n|ladies|lady|gentlem[ae]n|males?|females?|persons?|people|adults?|couples?|mums?|mothers?|dads?|fathers?|grandmothers?|grandfathers?|gran|"
    r"pensioners?|widow|residents?|students?|(?:post|under)graduates?|witness(?:es)?|wi(?:fe|ves)|husbands?|partners?|dyn(?:es|ion)?|ddyn(?:es)?|menyw(?:od)?|fenyw(?:od)?|gwraig|gŵr|myfyriwr|fyfyriwr|myfyrwraig|fyfyrwraig)"
)
JOBS = (
    r"(?:bar(?:maid|man|tender|ista)s?|nurses?|teach(?:er|ing assistant)s?|lecturers?|waitress(?:es)?|waiters?|carers?|cleaners?|receptionists?|hairdressers?|barbers?|beauticians?|secretar(?:y|ies)"
    r"|doctors?|GPs?|dentists?|vets?|vicars?|curates?|chefs?|cooks?|bakers?|butchers?|midwi(?:fe|ves)|librarians?|apprentices?|interns?|trainees?|postwom[ae]n|postm[ae]n|postmistress|postmaster|paramedics?|pharmacists?|florists?"
    r"|publicans?|landlad(?:y|ies)|landlords?|lollipop (?:lady|man)|dinner lad(?:y|ies)|housekeepers?|chambermaids?|au pairs?|nann(?:y|ies)|child-?minders?|cashiers?|farm ?hands?|farmers?|fishermen|lifeguards?"
    r"|instructors?|coach(?:es)?|organists?|choristers?|singers?|church ?wardens?|caretakers?|groundsm[ae]n|stable hands?|jockeys?|dancers?|models?|estate agents?|solicitors?|accountants?|clerks?|councillors?"
    r"|pickers?|packers?|labourers?|bricklayers?|seasonal workers?|physio(?:therapist)?s?|counsellors?|social workers?|journalists?|reporters?|drivers?|couriers?|attendants?|stewards?|wardens?|matrons?|porters?"
    r"|[a-z-]+ (?:workers?|assistants?|keepers?|managers?|managers?|drivers?|technicians?|supervisors?|owners?|helpers?|staff|hands?|operators?|volunteers?|mechanics?|engineers?|advisers?)"
    r"|(?!list|exist|assist|insist|twist|wrist|mist|fist|resist|consist|checklist|persist|specialist|cyclist|motorist|tourist)[a-z]{3,}(?:ist|ician|smith|monger|wright|keeper)s?|shopkeepers?|supervisors?|treasurers?|chair(?:wom[ae]n|m[ae]n)?|captains?|goalkeepers?|players?|members?|employees?|volunteers?|nyrs|athrawes|athro|gweinyddes|ofalwraig|gofalwraig|glanhawraig|weithwraig|gweithwraig|weithiwr|gweithiwr|weinyddes|bostmones)"
)
"""What people do for a living, and what they are in a club, a choir or a church."""
_PRONOUNS = r"(?:she|he|they|her|him|them|his|their|hers|herself|himself)"
_AGED = rf"(?:{_NUMBERS}|[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]ix|[Ss]even|[Ee]ight|[Nn]ine|[Tt]en|[Ee]leven|[Tt]welve|[Tt]hirteen|[Ff]ourteen|[Ff]ifteen|[Ss]ixteen|[Ss]eventeen)(?:-| )(?:years?|mlwydd)(?:-| )(?:olds?|oed)"

_MENTION = re.compile(
    rf"(?<![\w-])(?:(?P<harmed>{_HARMED_NOUNS})|(?P<accused>{_ACCUSED_NOUNS})|(?P<child>{CHILD_NOUNS})|(?P<job>{JOBS})|(?P<adult>{_ADULT_NOUNS})"
    rf"|(?P<aged>{_AGED}|(?!one|all|most|some|each|both|both|any|none|out|because|aged?|number|total|group|gang|team|fine|sentence|average)[a-z]+ of (?:1[0-7]|[1-9]|1[89]|[2-9]\d)(?=,|\.| (?:with|from|who|was|at|in)\b))|(?P<pronoun>{_PRONOUNS}))(?![\w-])",
    re.IGNORECASE,
)
_YOUNG_AGE = re.compile(
    rf"^\W{{0,2}}(?:(?:who (?:is|was)|only|just|yn|sydd yn|oedd yn) )?(?:of |aged? |\()?{_YOUNG}\b(?! ?(?:am|pm|%|mph|months|weeks|days|hours|o'clock|other|people|years? (?:in|for|later|ago|after|behind)|:|\.\d))(?=[,)\s.;!?]|-years?-old| oed)",
    re.IGNORECASE,
)
_GROWN_BEFORE = re.compile(r"\b(?:1[89]|[2-9]\d)-year-old (?:[\w-]+ )?$")
_GROWN_AFTER = re.compile(r"^,? \(?(?:aged )?(?:1[89]|[2-9]\d)\b")
_YOUNG_LATER = re.compile(
    r"^,? (?:from|of|at) [\w'’ -]{3,50}?(?:,? \((?:aged )?|, (?:aged )?|,? aged )(?:1[0-7]|[1-9])[,).]"
)
_YOUNG_BEFORE = re.compile(
    rf"\b{_YOUNG}(?:-| )(?:years?|mlwydd)(?:-| )(?:olds?|oed)(?:[ ,]+[\w-]+){{0,2}}[ ,]*$", re.IGNORECASE
)
_HARM = (
    r"(?:rap(?:ed?|ing)|push(?:ed|ing)|head-?butt(?:ed|ing)|clipp(?:ed|ing)|snatch(?:ed|ing)|shov(?:ed|ing)|chas(?:ed|ing)|offered|offering|sent|shown|showing|tak(?:en|ing)|dragg(?:ed|ing)|trapp(?:ed|ing)|lock(?:ed|ing) in|sworn at|shout(?:ed|ing) at|(?:sexually |indecently )?(?:assault(?:ed|ing|s)?|abus(?:ed?|ing)|attack(?:ed|ing|s)?|touch(?:ed|ing)|exploit(?:ed|ing))|stabb(?:ed|ing)|robb(?:ed|ing)|mugg(?:ed|ing)"
    r"|follow(?:ed|ing)|groom(?:ed|ing)|target(?:ed|ing)|grop(?:ed|ing)|grabb(?:ed|ing)|approach(?:ed|ing)|kiss(?:ed|ing)|traffick(?:ed|ing)|threaten(?:ed|ing)|punch(?:ed|ing)|kick(?:ed|ing)|slash(?:ed|ing)"
    r"|shot|shooting|kill(?:ed|ing)|murder(?:ed|ing)?|hurt|injur(?:ed|ing)|struck|hit|knocked (?:down|over|off)|beat(?:en|ing)|bull(?:ied|ying)|harass(?:ed|ing)|stalk(?:ed|ing)|flash(?:ed|ing) at|film(?:ed|ing)|blackmail(?:ed|ing)|compell(?:ed|ing)|(?:kept|held) captive"
    r"|kidnapp(?:ed|ing)|abduct(?:ed|ing)|forc(?:ed|ing)|molest(?:ed|ing)|prey(?:ed|ing) on|lur(?:ed|ing)|spat at|spik(?:ed|ing)|drugg(?:ed|ing)|upskirt(?:ed|ing)|coerc(?:ed|ing)|bitten|burn(?:ed|t)|enslav(?:ed|ing)"
    r"|treisio|threisio|dreisio|ymosod\w*(?: yn \w+)? ar|anafwyd|trywanwyd|ei (?:th)?r(?:h|)eisio|lladdwyd|drywanu|thrywanu|anafu|hanafu)"
)
_HARMED_AFTER = re.compile(
    rf"^(?:[ ,]+(?!(?:has|have|had|was|were|is|are|been|being|got)\b)[\w'’()-]+){{0,10}}?[ ,]+(?:(?:was|were|is|has|have|had|are|being|been|got|be|also|then|sadly|allegedly|repeatedly|badly|seriously|brutally|verbally|racially) ){{1,4}}{_HARM}\b(?! (?:a|an|the|his|her|two|three)\b)"
    r"|^(?:[ ,]+[\w'’()-]+){0,8}?[ ,]+(?:(?:has|have|had) )?(?:died|fell|sustained|(?:was|were|been) (?:subjected to|recognised as|identified as)|(?:bravely )?(?:reported|disclosed|came forward|spoke up)|suffered|(?:remains|was taken|is|was treated) (?:in|to) hospital|gave evidence|lost (?:his|her|their) li(?:fe|ves)|(?:was|were|had been) (?:walking|waiting|sitting|asleep|sleeping|travelling|cycling|jogging|running|crossing|left with|playing|found dead|pronounced dead|being supported|robbed)"
    r"|is being supported|are being supported|was left|were left|bu farw|yn cael cymorth)\b",
    re.IGNORECASE,
)
_HARMED_BEFORE = re.compile(
    rf"\b(?:{_HARM}|(?:sexual|indecent) (?:activity|images|messages|communication|conduct|contact) (?:with|of|to|against)|(?:rapes?|assaults?|attacks?|abuse|stabbings?|murders?|killing|death|robber(?:y|ies)|mugging|grooming|exploitation|trafficking|kidnap(?:ping)?|abduction"
    r"|offences|crimes?|indecency|harassment|stalking|upskirting|spiking|manslaughter|injuries|threats|incident|report|allegation|behaviour|ordeal|trosedd(?:au)?|ymosodiad(?:au)?|treisio|camdriniaeth) (?:of|on|against|with|involving|to|towards?|from|made by|ar|yn erbyn|o|gan))"
    r"(?: (?:an?|the|his|her|their|two|three|four|both|young|local|another|one|teenage|vulnerable|schoolgirl|former|\d{1,2}-year-old|\w+-year-old|[\w-]+ed|part-time|student|trainee|junior|volunteer|y|yr|ddwy|dau|elderly|female|male)){0,4} $"
    r"|\b(?:expos(?:ed|ing) himself to|(?:came|comes) from|reported by|told (?:us|officers|police) by|contacted by|bravery of|courage of|support(?:ing)?|thank)(?: (?:an?|the|two|young|local|\d{1,2}-year-old)){0,3} $",
    re.IGNORECASE,
)
_ACCUSED_AFTER = re.compile(
    r"^(?:[ ,]+(?!(?:was|were|has|have|is|are)\b)[\w'’()-]+){0,9}?[ ,]+(?:(?:was|were|has|have|had|is|are|been|being|now|also|today|will be|who) ){0,4}"
    r"(?:arrested|charged|jailed|sentenced|convicted|remanded|detained|bailed|found guilty|cautioned|wanted|due (?:in|at|before)|accused|locked up|interviewed|in custody|imprisoned|sent to prison|banned|behind bars|wedi (?:cael )?ei (?:arestio|gyhuddo|garcharu)"
    r"|admitted|admits|pleaded|denie[ds]|appeared|will appear|faces|raped|attacked|assaulted|groomed|abused|exposed|targeted|preyed|used (?:his|her|the)|ran off|fled|made off|ymosododd)\b",
    re.IGNORECASE,
)
_ACCUSED_BEFORE = re.compile(
    r"\b(?:arrested|charged|jailed|sentenced|convicted|detained|locked up|looking for|(?:want|like|wish|need|keen|trying|hoping|asking) to (?:speak (?:to|with)|trace|identify|find)|described as|believed to be|caught|arrestio|arestiwyd|cyhuddwyd|carcharwyd"
    r"|(?:ed|en|by a group|behaviour) by)(?: (?:an?|the|two|three|former|local|\d{1,2}-year-old|\w+-year-old|this|these|another|young|one)){0,4} $"
    r"|\b(?:raped|assaulted|attacked|abused|groomed|followed|approached|grabbed|touched|stabbed|robbed|exploited|trafficked|flashed|filmed) by (?:an?|the|her|his|their|two|another)(?: [\w-]+){0,3} $",
    re.IGNORECASE,
)
_ASIDE_AFTER = re.compile(
    r"^(?:[ ,]+[\w'’-]+){0,3}?[ ,]+(?:said|says|rang|rung|phoned|called (?:us|it|101|999|the police)|helped|kindly|let us know|explained|added|told us|gave us|joined us|hosted|spoke (?:to|with) (?:us|pupils|students|residents)|noticed|spotted|found (?:it|them|the)|stepped in|dywedodd|meddai)\b",
    re.IGNORECASE,
)
_ASIDE_BEFORE = re.compile(
    r"\b(?:thanks? (?:you )?to|thank|well done|meet|say hello to|joined by|hosted by|speak to|talk to|contact|call|ask|help of|support from|specialist|trained|by|with|our|volunteer)(?: (?:an?|the|our|your|all|local)){0,2} $",
    re.IGNORECASE,
)
_OF_HER = ("she", "her", "hers", "herself")
_OF_HIM = ("he", "him", "his", "himself")
_MALE = re.compile(r"(?:m[ae]n|boys?|males?|dads?|fathers?|lads?|husbands?|schoolboys?)$", re.IGNORECASE)
_FEMALE = re.compile(
    r"(?:wom[ae]n|girls?|females?|lad(?:y|ies)|mums?|mothers?|wi(?:fe|ves)|schoolgirls?)$", re.IGNORECASE
)
_APPOSED = re.compile(r"^(?:,? \(?(?:aged )?\d{1,2}\)?)?(?:,| -| –| —|:| \()? ?(?:(?:who|which) (?:is|was|are|were) |is |was |are |were |a fellow |both |all |described as |sef |oedd yn |sy'n )?(?:an?|the|both|only|just|our|one of the|y|yr)?(?: [\w'’-]+){0,3} ?$", re.IGNORECASE)  # fmt: skip


@dataclass(frozen=True)
class Mention:
    """One mention of somebody.  sentence: its number, from 0.  child: words or age say that the person is under 18.
    job: the mention is an occupation or a place in a club.  many: people in general, such as 'pupils'."""

    start: int
    end: int
    words: str
    part: Part
    child: bool
    sentence: int
    pronoun: bool = False
    job: bool = False
    many: bool = False


def sentences_of(text: str) -> list[tuple[int, int]]:
    """Where each sentence begins and ends; a full stop within a number or after 'St' ends none."""
    ends = [m.end() for m in re.finditer(r"(?<!\bSt)(?<!\bMr)(?<!\bMrs)(?<!\bDr)[.!?]+(?=\s|$)|\n+| \| ", text)]
    edges = [0, *ends, len(text)]
    return [(a, b) for a, b in pairwise(edges) if text[a:b].strip()]


@lru_cache(maxsize=256)
def mentions_in(text: str) -> tuple[Mention, ...]:
    """Everybody a text speaks of, in order, each with the part that the words give."""
    found: list[Mention] = []
    for number, (start, end) in enumerate(sentences_of(text)):
        found += _in_sentence(text[start:end], start, number, found)
    return tuple(found)


def _in_sentence(words: str, offset: int, number: int, earlier: list[Mention]) -> list[Mention]:
    found: list[Mention] = []
    for match in _MENTION.finditer(words):
        before, after = words[: match.start()], words[match.end() :]
        kind = match.lastgroup or "adult"
        one = Mention(
            offset + match.start(), offset + match.end(), match[0],
            _part(kind, before[-90:], after[:150]), _is_child(kind, match[0], before, after[:80]), number,
            kind == "pronoun", kind == "job", _is_many(match[0], before),
        )  # fmt: skip
        found.append(_completed(one, [*earlier, *found], words, offset))
    return _both_ways(found, words, offset)


def _part(kind: str, before: str, after: str) -> Part:
    if kind in ("harmed", "accused"):
        return "harmed" if kind == "harmed" else "accused"
    if kind == "pronoun":
        return "open"
    if _ACCUSED_BEFORE.search(before):
        return "accused"
    if _HARMED_BEFORE.search(before) or _HARMED_AFTER.match(after):
        return "harmed"
    if _ACCUSED_AFTER.match(after):
        return "accused"
    return "aside" if is_aside(before, after) else "open"


def is_aside(before: str, after: str) -> bool:
    """Whether the words around make of somebody one who only says, calls or helps."""
    return bool(_ASIDE_AFTER.match(after) or _ASIDE_BEFORE.search(before))


def _is_many(word: str, before: str) -> bool:
    plural = re.search(r"(?i)(?:s|men|women|children|people|plant|blant|merched|bechgyn)$", word) and not re.search(
        r"(?i)(?:['’]s|his)$", word
    )
    return bool(plural) and not re.search(
        rf"(?i)\b(?:both|{_NUMBERS}|these|those|pair of|couple of)(?: [\w-]+){{0,2}} $", before
    )


def _is_child(kind: str, word: str, before: str, after: str) -> bool:
    if kind == "aged":
        return bool(re.match(rf"(?:[a-z]+ of )?{_YOUNG}\b", word, re.IGNORECASE))
    if kind == "child":
        return not (_GROWN_BEFORE.search(before) or _GROWN_AFTER.match(after))
    young = _YOUNG_AGE.match(after) or _YOUNG_LATER.match(after) or _YOUNG_BEFORE.search(before)
    return kind != "pronoun" and bool(young)


def _completed(one: Mention, earlier: list[Mention], words: str, offset: int) -> Mention:
    """With what those before it say: the one it stands in apposition to, or the one a pronoun takes up."""
    if not earlier:
        return one
    if one.pronoun:
        return _taken_up(one, earlier)
    last = earlier[-1]
    between = words[max(last.end - offset, 0) : one.start - offset]
    if last.sentence != one.sentence or last.pronoun or not _APPOSED.match(between):
        return one
    told = one.part == "open" or re.match(_HARMED_NOUNS, last.words, re.IGNORECASE)
    return replace(one, part=last.part if told else one.part, child=one.child or (last.child and not one.job))


def _taken_up(one: Mention, earlier: list[Mention]) -> Mention:
    """'She' is whoever was harmed, 'he' whoever is accused, where there is one of each; else the last one named."""
    people = [m for m in earlier if not m.pronoun and m.sentence >= one.sentence - 2]
    if not people:
        return one
    word = one.words.lower()
    if word in _OF_HER or word in _OF_HIM:
        others = _MALE if word in _OF_HER else _FEMALE
        people = [m for m in people if not others.match(m.words)]
    wanted: Part = "accused" if word in _OF_HIM else "harmed"
    chosen = next((m for m in reversed(people) if m.part == wanted), people[-1] if people else None)
    return one if chosen is None else replace(one, part=chosen.part, child=chosen.child)


def _both_ways(found: list[Mention], words: str, offset: int) -> list[Mention]:
    """'A 14-year-old boy' is two mentions of one: what either says holds for both."""
    for index in range(len(found) - 2, -1, -1):
        one, after = found[index], found[index + 1]
        if one.pronoun or after.pronoun or not _APPOSED.match(words[one.end - offset : after.start - offset]):
            continue
        part = after.part if one.part == "open" else one.part
        found[index] = replace(one, part=part, child=one.child or after.child)
        found[index + 1] = replace(
            after, part=found[index].part if after.part == "open" else after.part, child=after.child or one.child
        )
    return found
