"""Political neutrality, all year (R36) and before polls above all (R35)."""

import re
from collections.abc import Iterator

from scheduler.checks.base import Finding, Subject
from scheduler.checks.names import find_names

_PARTY = re.compile(
    r"\b(?:Conservatives?(?: Party)?|Tor(?:y|ies)|Labour(?= (?:Party|MPs?|MSs?|councillors?|candidate|government|council|group|leader|manifesto))"
    r"|(?<=by )Labour\b|Lib(?:eral)? Dem(?:ocrat)?s?|Green Party|Reform UK|Plaid Cymru|Plaid\b|SNP|UKIP|Sinn F[eé]in|DUP|Llafur|Ceidwadwyr|Democratiaid Rhyddfrydol|Y Blaid Werdd)\b"
)
_ELECTED = re.compile(
    r"\b(?:MPs?|MSs|Cllrs?|(?:[Cc]ity |[Tt]own |[Pp]arish |[Cc]ounty |[Bb]orough |[Dd]istrict |[Ll]ocal |[Ww]ard )*[Cc]ouncillors?|Members? of Parliament|Police (?:and|&) Crime Commissioner|PCCs?|(?:[Dd]eputy |Lord |Lady )?Mayor(?:ess)?|Home Secretary|Prime Minister|Senedd [Mm]ember"
    r"|[Cc]ynghorw?yr|[Cc]ynghorydd|Aelod(?:au)? (?:Seneddol|o['’]r Senedd)|Comisiynydd(?: yr)? Heddlu(?: a Throseddu?)?)\b"
)
_POLL = re.compile(
    r"\b(?:(?:general|local|council|by-?|mayoral|parliamentary|Senedd|commissioner) ?elections?|election (?:candidate|campaign|day)s?|polling (?:day|station)s?|manifestos?|party political|candidates? (?:in|for) the (?:election|ward|seat)|vote for|referendum|etholiad(?:au)?|pleidlais|pleidleisi(?:o|wch))\b",
    re.IGNORECASE,
)
_VOTE = re.compile(r"\b(?:votes?|voting|voted|voter)\b", re.IGNORECASE)


def check_politics(subject: Subject) -> Iterator[Finding]:
    """POLITICAL: a party, an elected member or a poll.  VOTE: the word alone."""
    text = subject.text
    officials = [name for name in find_names(text) if name.role == "official"]
    match = _PARTY.search(text) or _ELECTED.search(text)
    if officials:
        span = (officials[0].start, officials[0].end)
    elif match:
        span = match.span()
    elif (poll := _POLL.search(text)) and not re.match(r"vote for$", poll[0], re.IGNORECASE):
        span = poll.span()
    elif vote := _VOTE.search(text):
        yield Finding(
            "VOTE",
            "advise",
            "R36",
            f"'{vote[0]}' can read as about an election. If it is about something else, consider 'choose' or 'tell us'.",
            "text",
            vote.span(),
        )
        return
    else:
        return
    yield Finding(
        "POLITICAL",
        "needs_approval",
        "R36",
        f"'{text[slice(*span)]}' names a party, an elected member or a poll. The police stay neutral, and before polls "
        "such publicity stops (R35). Take it out, or let corporate communications decide.",
        "text",
        span,
    )
