"""Can a screen reader, and a tired eye, part the words of a hashtag (R32)?"""

import re
from collections.abc import Iterator
from functools import lru_cache

from scheduler.checks.base import Finding, Subject, words_of
from scheduler.checks.single_words import SINGLE_WORDS

_TAG = re.compile(r"(?<![\w&/#])#(\w+)")
_PIECE = re.compile(r"[^\W\d_]+|\d+")
_CAMEL = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])")
_WORDS = words_of(
    """
    callers caller cold dogs doors down kids lead neighbours parcels ring scams share sheds vans walks wheels
    a abuse action against aged aid alert all and anti appeal armed arrest at awareness away back bank bay beat behaviour
    behind bike black book bus business call campaign car care carry catch cctv challenge champion chat child children
    choices christmas city class clean close coffee commander community consent cop cops counter county crime cup cuppa
    cyber cycle day days dark death dial dog dogs domestic don't door drink drive driver driving drone drug drugs duck easter
    education elder emergency end event every evening eyes face family farm fatal find fire fireworks first five food foot for
    force four found fraud free friday from front gang get gift give go good great green group guard gun halloween hate
    have heart hedgehog hello help here hero heritage hidden harm harms history hit home horse hot hour house in info
    international is it join july keep keepers kind knife know late law less lets light line lines listening live lives
    local lock look love make man march mark market marking matters may me meet men mental mind missing mobile monday month
    more morning motor move music my national neighbour neighbourhood neighbours never new news next night nights no none
    not now of officer off on one online open operation our out over own park parking partnership patrol peace people person
    phone place plan play police policing positive prevention pride priorities protect public pup rape ready reassurance
    recruitment remember report residents respect respond result riders right rise river road roads robbery rogue romance run
    rural safe safer safety saturday save say scam scams school science season secure security see seen send serve service
    shed shop shops show sign simple six slow social sorry space special speed speeding spot staff stay still stolen stop
    story street streets strong student summer sunday support surgery survey take talk tea team tell ten text thank thanks
    the theft their think this three thursday time to today together token tomorrow tonight tool tools top town traders trade
    traffic trust tuesday two up us van vans vehicle victim victims village violence visible volunteer vote walk walking
    wanted warning watch water way we wear wednesday week weekend welcome what when who why wildlife win winter with
    witness woman women work working year years you young your youth
    argyfwng beicio bro byddwch bywyd cadw calon cam cefn codi croeso cymorth cymru cymraeg cymdogaeth cymuned dathlu
    diogel diogelwch diolch drosedd dydd ein eich ffoniwch ffordd ffyrdd ffyrdd gogledd gofal gwent gwledig gwrando gyda
    gyrru helpu heddlu iawn ieuenctid lleol llofrudd mae nadolig neb nid noson nos pawb plant plismona pobl stryd tref trais
    trosedd wythnos yfed yn yr
    """
)
_WHOLE = words_of(
    """
    crimestoppers neighbourhood neighbourhoods policing shopworkers shopworker homewatch farmwatch speedwatch streetwise
    fireworks football weekend today tonight tomorrow everyone someone something nothing anyone online offline outside
    inside welcome policeman policewoman shopping household households motorbike motorcycle bikewatch carers carbike
    underage background workshop worldbook pubwatch shopwatch nightlife daylight highstreet playground playtime homeless
    lifeline airport roadside countryside together without within neighbour wildlife lighthouse streetlight catalytic
    because dashcam carpark volunteer volunteers woldershire wednesday thursday saturday halloween christmas remember
    remembrance mayday forget forever become before behind benefit into onto upon unit artist carpet target income
    football noone nobody throughout childhood beforehand neighbourly overnight checkpoint lookout
    """
)

_ALSO = words_of(
    "punch lake lakes swan beach castle museum library bridge church garden gardens fun agored dydd peidiwch a"
)
LONGEST_WORD = 15
"""Letters; a longer run that nobody knows is several words."""
_PARTS = _WORDS | _WHOLE | SINGLE_WORDS | _ALSO


def check_hashtags(subject: Subject) -> Iterator[Finding]:
    """HASHTAG_CASE: a hashtag of several words in which one has no capital, and an area's name without its own."""
    places = _places(subject.place, subject.force)
    for match in _TAG.finditer(subject.text):
        better = _better(match[1], places)
        if better is not None:
            # One word alone is read well without its capital, and no post is stopped for that.
            alone = (
                match[1].isalpha()
                and match[1].islower()
                and len(split_words(match[1])) == 1
                and len(match[1]) <= LONGEST_WORD
            )
            small = alone and match[1] not in places
            what = (
                "begins with a small letter" if alone else "runs its words together, so a screen reader cannot say it"
            )
            yield Finding(
                "HASHTAG_CASE",
                "advise" if small else "block",
                "R32",
                f"'{match[0]}' {what}. Give each word a capital letter: #{better}",
                "text",
                match.span(),
            )


def better_tag(tag: str, place: str | None, force: str | None) -> str | None:
    """The hashtag with a capital for each word; None when nothing is wrong.  tag: without its sign."""
    return _better(tag, _places(place, force))


def _places(*names: str | None) -> dict[str, str]:
    return {name.replace(" ", "").lower(): name for name in names if name}


def _better(tag: str, places: dict[str, str]) -> str | None:
    """The hashtag with a capital for each word as far as it can be told; None when nothing is wrong."""
    known = places.get(tag.lower())
    if known is not None and " " not in known and tag.islower():
        return known
    if known is not None and " " in known and sum(c.isupper() for c in tag) < len(known.split()):
        return known.replace(" ", "")
    pieces = [part for piece in _PIECE.findall(tag) for part in _CAMEL.split(piece)]
    mended = [_mended(piece) for piece in pieces]
    if len(pieces) > 1 and pieces[0] in ("e", "i"):  # eScooter, iPhone
        mended[0] = pieces[0]
    return None if mended == pieces else "".join(mended)


def _mended(piece: str) -> str:
    if piece.isdigit() or not any(c.isalpha() for c in piece):
        return piece
    if piece.isupper() and len(piece) < 8:
        return piece
    words = split_words(piece.lower())
    if piece[0].isupper() and (len(words) < 2 or (not piece.isupper() and len(piece) < 7)):
        return piece
    if not piece[0].isupper() and len(piece) <= 2 and not piece.isalpha():
        return piece
    return "".join(word[:1].upper() + word[1:] for word in words)


@lru_cache(maxsize=1024)
def split_words(run: str) -> list[str]:
    """The known words that a run of letters is made of, fewest first; the run itself when it is not made of any."""
    if run in _WORDS or run in _WHOLE or run in SINGLE_WORDS:
        return [run]
    best: list[list[str] | None] = [[], *[None] * len(run)]
    for end in range(1, len(run) + 1):
        for start in range(max(0, end - 14), end):
            before, word = best[start], run[start:end]
            if before is not None and word in _PARTS:
                kept = best[end]
                if kept is None or len(before) + 1 < len(kept):
                    best[end] = [*before, word]
    found = best[-1]
    return found if found and max(map(len, found)) > 2 else [run]
