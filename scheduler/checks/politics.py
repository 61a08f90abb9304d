"""Political neutrality, all year (R36) and before polls above all (R35)."""

import re
from collections.abc import Iterator

from scheduler.checks.base import Finding, Span, Subject
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
    """POLITICAL: a party, an elected member or a poll.  VOTE: the word alone.  PRE_ELECTION: in the period before a
    poll, a candidate's name or a new campaign (R35)."""
    span = _political(subject.text)
    if span is not None:
        yield Finding(
            "POLITICAL",
            "needs_approval",
            "R36",
            f"'{subject.text[slice(*span)]}' names a party, an elected member or a poll. The police stay neutral, and "
            "before polls such publicity stops (R35). Take it out, or let corporate communications decide.",
            "text",
            span,
        )
    elif vote := _VOTE.search(subject.text):
        yield Finding(
            "VOTE",
            "advise",
            "R36",
            f"'{vote[0]}' can read as about an election. If it is about something else, consider 'choose' or 'tell us'.",
            "text",
            vote.span(),
        )
    if subject.period is not None:
        yield from _before_a_poll(subject)


def _political(text: str) -> Span | None:
    official = next((name for name in find_names(text) if name.role == "official"), None)
    if official is not None:
        return official.start, official.end
    match = _PARTY.search(text) or _ELECTED.search(text)
    if match is None and (poll := _POLL.search(text)) and poll[0].lower() != "vote for":
        match = poll
    return match.span() if match else None


def _before_a_poll(subject: Subject) -> Iterator[Finding]:
    for column, words in subject.parts:
        for name in subject.candidates:
            match = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words, re.IGNORECASE)
            if match:
                yield Finding(
                    "PRE_ELECTION",
                    "needs_approval",
                    "R35",
                    f"'{match[0]}' is a candidate's name, and it is {subject.period}. Take it out, or let corporate "
                    "communications decide.",
                    column,
                    match.span(),
                )
                return
    if subject.campaign_is_new:
        yield Finding(
            "PRE_ELECTION",
            "needs_approval",
            "R35",
            f"This starts a new campaign, and it is {subject.period}. Only what was planned before goes on. Wait for "
            "the poll to be over, or let corporate communications decide.",
            "campaign",
        )
