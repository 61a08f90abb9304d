"""What Beatline says of itself, for people at a page: without commands for a shell and without the numbers of rules.

The same sentences go to the command line, into mails to whoever looks after Beatline and onto pages. People at a page
have no shell; where a sentence names a command, it is told who can do that. Never for words of outsiders."""

import re

WHO = "whoever looks after Beatline"
_CODES = re.compile(r"\s*\((?:[RMD]\d{2})(?:(?:, | and | to )[RMD]\d{2})*\)")
_COMMAND = r"`(?:beatline|BEATLINE)(?P<args>[^`]*)`"
_TO_DO = {
    "accounts add": "connect it",
    "accounts agree": "record it",
    "accounts budget": "raise the budget",
    "accounts credentials": "give it new credentials",
    "accounts verify": "check the account",
    "demo": "show the practice force",
    "doctor": "look what is wrong",
    "import awareness": "bring days in",
    "leads desks add": "name a desk",
    "letterbox password": "give the letterbox its password",
    "migrate": "bring the database up to date",
    "run": "start Beatline",
}
_SHOWS = re.compile(
    rf"(?:(?P<mark>[;:,]| -)? ?{_COMMAND}(?: and {_COMMAND.replace('args', 'more')})? (?:shows?|says?|lists?|has|adds?|names|raises|does|too)\b"
    r"(?P<rest>[^.;]*))"
)
_RUN = re.compile(rf"(?P<run>[Rr]un|[Tt]ry|[Ss]ee) {_COMMAND}")
_TO = re.compile(rf"\bto {_COMMAND}")
_OR = re.compile(rf"\bor (?:with|by) {_COMMAND}")
_WITH = re.compile(rf"(?: with| by| in|:) {_COMMAND}| \({_COMMAND.replace('args', 'inside')}\)")
_ALONE = re.compile(_COMMAND)


def for_people(text: str) -> str:
    """The sentence for a page.  Leaves alone what names neither a command nor a rule."""
    text = _CODES.sub("", text)
    if "`" not in text:
        return text
    text = _SHOWS.sub("", text)
    text = _RUN.sub(lambda found: _ask(found["run"], found["args"]), text)
    text = _TO.sub(f"to {WHO}", text)
    text = _OR.sub(f"or by {WHO}", text)
    text = _WITH.sub(f" ({WHO} can)", text)
    text = _ALONE.sub(WHO, text)
    return _tidy(text.replace("`", ""))


def _ask(verb: str, args: str) -> str:
    """'ask whoever looks after Beatline to check the account', with the capital that the sentence had."""
    words = args.strip()
    to_do = next((what for command, what in _TO_DO.items() if words.startswith(command)), "see to it")
    ask = "Ask" if verb[0].isupper() else "ask"
    return f"{ask} {WHO} to {to_do}"


def _tidy(text: str) -> str:
    """What was left out leaves no mark without its words."""
    text = re.sub(r"\s+([.,;:])", r"\1", text)
    text = re.sub(r"\.;\s*(\w)", lambda found: f". {found[1].upper()}", text)
    text = re.sub(r"[,;:]+\.", ".", text)
    text = re.sub(r"([.!?])\s*\.+", r"\1", text)
    return re.sub(r"  +", " ", text).strip(" ;,")
