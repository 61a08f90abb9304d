"""What tells people who somebody is though no name is given: where they learn, work, live or play, and whose child they are."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from scheduler.checks.mentions import CHILD_NOUNS, JOBS

Kind = Literal["school", "work", "club", "home", "family"]

_PROPER = r"(?:[A-Z][\w'’.-]+(?: (?:and|of|the|on|&|y|yr) (?=[A-Z])| (?=[A-Z]))?){1,6}"
"""A run of words with capitals: a name of a place, a house or a firm."""
_SCHOOL_WORDS = r"(?:School|Academy|College|Primary|High|Comp(?:rehensive)?|Secondary|Grammar|Juniors?|Infants?|University|Uni|Nursery|Sixth Form|Sixth Form Centre|Prep|Middle|Pre-?[Ss]chool)"
SCHOOL = rf"(?:(?:[A-Z][\w'’.-]+ (?:of )?(?:the )?){{1,5}}{_SCHOOL_WORDS}(?: {_SCHOOL_WORDS})*|(?:University|College) of [A-Z]\w+|(?:Ysgol|Coleg|Prifysgol)(?: (?:Gyfun|Gynradd|Uwchradd|Gymraeg|y|yr|Sant))* [A-Z]\w+(?: [A-Z]\w+)?|St [A-Z]\w+['’]s(?= [A-Z]\w+)? ?(?:{_SCHOOL_WORDS})?)"
_STREET_WORD = r"(?:Road|Street|Lane|Avenue|Close|Way|Drive|Court|Row|Walk|Crescent|Terrace|Gardens|Grove|Place|Mews|Yard|View|House|Hill|Square|Flats|Farm|Cottages?|Caravan Park|Rd|St|Ave)"
STREET = rf"(?:[A-Z][\w'’]+ (?:[A-Z][\w'’]+ )?{_STREET_WORD}\b|(?:Heol|Stryd|Ffordd|Lôn|Maes|Clos|Rhodfa|Teras) (?:y |yr )?[A-Z]\w+)"
_LEARNS = r"(?:pupils?|(?:post|under)?graduates?|doctoral|PhD|students?|studies|studying|studied|reading|attends?|attended|attending|goes to|went to|go to|going to|enrolled|sixth[- ]former|freshers?|undergraduate|boarder|boards|course|class|form|[Yy]ear \w+s?|starts|started|taught|disgybl(?:ion)?|ddisgybl|fyfyriwr|myfyriwr|fyfyrwraig|myfyrwraig|mynychu|astudio|mynd i)"
_WORKS = r"(?:works?|worked|working|employed|employee|job|shifts?|serves|served|serving|volunteers?|volunteered|volunteering|cleans|cleaned|teaches|taught|runs|ran|manages|managed|managing|owns|owned|apprentice(?:d|ship)?|placement|trainee|training|intern(?:s|ship)?|colleagues?|staff|paper round|stacks shelves|behind the (?:bar|counter|till)|gweithio|weithio|gweithiai|gwirfoddoli)"
_ROLE = (
    r"(?:captain(?:s|ed)?|members?|players?|plays?|played|playing|sings?|sang|singers?|singing|choirgirl|choirboy|chorister|treasurer|secretary|chair(?:woman|man)?|organist|church ?warden|bell-?ringer|leader|coach(?:es|ed)?|goalkeeper|keeper|striker|midfielder|"
    r"winger|prop|defender|bowler|batsman|swimmer|swims?|swam|dancers?|dances|danced|gymnast|cadet|scouts?|guides?|brownies?|cubs?|beavers?|rider|rides|trains?|trained|training|boxer|boxes|drummer|drums|flute|trumpet|runner|star|under-\d+s?|team-?mates?|chwarae|chwaraewr|aelod|canu)"
)
_CLUB_WORDS = r"(?:FC|RFC|AFC|CC|United|Rovers|Town|City|Albion|Athletic|Wanderers|Rangers|Juniors?|Colts|Harriers|Netball|Swimming|Hockey|Rugby|Football|Cricket|Boxing|Judo|Karate|Gymnastics|Athletics|Dance|Scouts?|Guides|Brownies|Cubs|Beavers|Cadets|Sea Cadets|Army Cadets|Air Cadets|Squadron|Choir|Band|Brass Band|Orchestra|Church|Chapel|Club|Youth|Under|U|Theatre|Players|Stables|Riding|Pony)"
_CLUB = rf"(?:(?:[A-Z][\w'’.-]+ ){{1,4}}(?:{_CLUB_WORDS}\b ?){{1,3}}|(?:[A-Z][\w'’.-]+ )(?:[Uu]nder-?\d+s?|U\d+s?|(?:first|second|third|ladies['’]?|women['’]s) (?:team|XI|XV)|(?:netball|football|rugby|swimming|hockey|cricket|boxing|judo|gymnastics|karate|athletics|dance) (?:club|team|squad)|scouts|cubs|brownies|guides|cadets|choir|youth club|brass band))"
_NEAR = r"[^.!?\n|]{0,45}?"
_IN = r"[ ,]*\b(?:at|for|in|with|behind|from|of|on|to|into|by|as an? [\w -]{3,25} (?:at|for|in|with)|yn|yng|ym|i|o|gyda|mewn)\b (?:(?:the|an?|her|his|their|local|y|yr|nearby|family-run|busy|our) ){0,3}"

_SHAPES: tuple[tuple[Kind, str], ...] = (
    ("school", rf"\b{_LEARNS}\b{_NEAR}\b(?:at|of|from|in|to|with|yn|o|i|yng|by)?\b ?(?:the )?{SCHOOL}"),
    ("school", rf"\b{SCHOOL},? (?:(?:[Yy]ear \w+|first[- ]year|final[- ]year) )?(?i:pupils?|students?|girls?|boys?|sixth[- ]formers?|[Yy]ear \w+s?|teenagers?|teen|youngsters?|kids?|freshers?|undergraduates?|lads?|classmates?|school run|uniform|blazer)\b"),
    ("school", rf"\b(?i:{CHILD_NOUNS}|years?-olds?|student),? (?:who is )?(?:from|of|at) (?:the )?{SCHOOL}"),
    ("school", rf"\b(?:wearing|in) (?:her|his|their|the|an?) {SCHOOL} (?:uniform|blazer|PE kit|tie|jumper|sweatshirt)"),
    ("work", rf"\b{_WORKS}\b{_NEAR}{_IN}{_PROPER}"),
    ("work", rf"\b(?i:{JOBS})\b(?:,? (?!(?:who|was|were|has|had|is)\b)\(?[a-z0-9][\w-]*\)?){{0,3}}?{_IN}{_PROPER}"),
    ("work", r"\bwho (?:\w+ )?(?:runs|owns|manages|keeps|works (?:in|at|behind)|worked (?:in|at)|delivers|drives|cleans|teaches|helps (?:out )?(?:in|at)) (?:the|our)(?: [\w'’-]+){1,3}"),
    ("work", rf"\b(?:the|our) (?:[\w-]+ )?(?:village|parish|school|local|town|only|hotel|church|estate)(?:['’]s)? (?i:{JOBS})\b"),
    ("work", rf"\b(?i:{JOBS}),? (?:\(?\d\d\)?,? )?(?:on|doing|during|finishing|starting) (?:her|his|their) (?:\w+ )?(?:round|rounds|shift|route|beat)\b"),
    ("work", rf"(?<!^)(?<![.!?] )\b(?:[A-Z][\w'’-]+ )+(?i:{JOBS})\b"),
    ("work", rf"\b(?:[A-Z][\w-]+['’]s?) (?:[\w-]+ ){{0,2}}(?:only )?(?i:{JOBS})\b"),
    ("club", rf"\b{_ROLE}\b{_NEAR}{_IN}{_PROPER}"),
    ("club", rf"\b{_CLUB},? (?:[\w'’-]+ ){{0,2}}(?i:{_ROLE}|{CHILD_NOUNS})\b"),
    ("club", rf"\b{_ROLE}\b{_NEAR}\b{_CLUB}"),
    ("home", rf"\b(?:[Ll]ives?|lived|living|[Hh]ome|house|flat|bungalow|caravan|bedsit|address|room|lodgings|front door|back door|doorstep|driveway|porch|garden|resident|occupant|occupier|householder|tenant|byw|cartref|gartref|nghartref|chartref|fflat)\b[^.!?\n|]{{0,30}}?{_IN}(?:\d+[a-z]? )?{STREET}"),
    ("home", r"\b(?:[Ll]ives?|lived|living|[Hh]ome|house|flat|bungalow|caravan|bedsit|room)\b[^.!?\n|]{0,12}? (?:above|over|next (?:door )?to|opposite|behind|beside|across from|uwchben|drws nesaf i) (?:the |y |yr )?[A-Z][\w'’]+"),
    ("home", r"\b(?:[Ll]ives?|lived|living) (?:in|at) (?:the )?(?:[A-Z][\w'’]+ ){0,3}(?:Hostel|Care Home|Children['’]s Home|Lodge|Refuge|Foyer|halls?)\b"),
    ("home", rf"(?<=,) (?:of|from|o) (?:\d+[a-z]?,? )?{STREET}|(?<=\)) (?:of|from|o) (?:\d+[a-z]?,? )?{STREET}|\b(?:old|oed|man|woman|girl|boy|teenager|teen|youth|pupil|victim|schoolboy|schoolgirl)s?,? (?:of|from|o) (?:\d+[a-z]?,? )?{STREET}"),
    ("home", rf"\b\d+[a-z]? {STREET}"),
    ("home", rf"\b(?:[A-Z][\w'’]+ ){{1,2}}{_STREET_WORD} (?i:{CHILD_NOUNS}|family|home|address|flat)\b"),
    ("family", r"\b(?:son|daughter|stepson|stepdaughter|grandson|granddaughter|niece|nephew|brother|sister|twin|child|children|mab|merch|ferch|fab)s? (?:of|to|o|i) (?:(?:the |our |local |PC |PCSO |Sgt |Mr |Mrs |Ms )*(?:[\w-]+ ){0,3})?[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)*"),
    ("family", r"\b(?:[A-Z][\w-]+ )?[A-Z][\w-]+(?:['’]s|s['’])(?: \w+-year-old| young| eldest| youngest| only| little| teenage| baby| own| eleven| twelve)* (?:son|daughter|stepson|stepdaughter|grandson|granddaughter|niece|nephew|boy|girl|lad|child|children|twins?)\b"),
    ("school", r"\b(?:pupils?|students?|studies|studied|attends?|attended|goes|went|learns|boards?)(?: \w+){0,2} there\b"),
    ("work", r"\b(?:works?|worked|working|employed|volunteers?|volunteered|teaches|taught)(?: \w+){0,2} there\b"),
    ("home", r"\b(?:lives?|lived|living)(?: \w+){0,2} there\b"),
    ("work", rf"\b(?i:{JOBS}),? (?:\w+,? )?\(?\d\d\)?,? (?:who (?:is )?)?(?:liv(?:es|ing)|based) in the (?:hamlet|village|valley|parish|close|row|terrace)"),
    ("club", r"\b(?:of|aged) \d{1,2},? (?:(?:who )?(?:plays?|is|was|trains?|sings?) )?(?:with|for) (?:the )?(?:[A-Z][\w'’]+ )+[A-Z][\w'’]+"),
    ("club", rf"\b{_ROLE}\b (?:of|for|at|with|in) (?:the|our|an?) (?:[\w'’-]+ ){{0,4}}(?:club|team|choir|society|association|church|committee|band|squad|branch|troop|league|allotments?)\b"),
    ("home", rf"\b(?i:{CHILD_NOUNS}|years?-olds?|wom[ae]n|m[ae]n|student)(?:,? (?:of|aged) [\w-]+| \(\d+\)|, \d+)?,? (?:of|from|living (?:in|on)) (?:\d+[a-z]? )?{STREET}"),
    ("family", r"\b[Tt]he (?:(?:young|old|eld|small)(?:er|est)? |little |two )?(?:(?!Royal|Police|Team)[A-Z][\w'’-]+) (?:family|household|children|kids|twins|boys?|girls?)\b"),
)  # fmt: skip
_PATTERNS = tuple((kind, re.compile(shape)) for kind, shape in _SHAPES)


@dataclass(frozen=True)
class Detail:
    """Words that tell who somebody is, and what of them they tell."""

    start: int
    end: int
    kind: Kind


def details_in(text: str) -> Iterator[Detail]:
    """Every such detail of a text; whom it is about is for the caller to say."""
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            yield Detail(*match.span(), kind)
