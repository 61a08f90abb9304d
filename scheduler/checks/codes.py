"""Every code that a check can give: how serious it is, the rule behind it and what it stops, in one sentence.

The page 'What Beatline stops, and why' is this table, and a test holds both to it."""

from collections.abc import Mapping
from types import MappingProxyType

CODES: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "ALT_MISSING": ("block", "R32", "a picture without a description, or with one that says nothing"),
        "CAPTIONS_MISSING": ("block", "R32", "a film without reviewed captions"),
        "HASHTAG_CASE": ("block", "R32", "a hashtag in which a word has no capital letter"),
        "REPORT_LINE": ("block", "R15", "an appeal without 101, 999 or, unless a person is missing, Crimestoppers"),
        "WELSH_MISSING": ("block", "R33", "a force in Wales with only one of the two languages"),
        "FOUND_NAMED": ("block", "R10", "a closing post with the name or picture of the person who was found"),
        "NAMES_SUSPECT": ("block", "R01", "the name of a person who is only suspected or arrested"),
        "SUB_JUDICE": ("block", "R03", "words of guilt, record, character or triumph between arrest and sentence"),
        "VICTIM_IDENTIFIABLE": ("block", "R05", "what identifies who complained of a sexual offence or trafficking"),
        "CHILD_IDENTIFIED": ("block", "R06", "the name or school of somebody under 18 in a case"),
        "CUSTODY_PICTURE": ("block, needs_approval", "R09", "a custody picture before the sentence; in an appeal it is asked about"),
        "DATE_OF_BIRTH": ("block", "", "a date of birth"),
        "ACCOUNT_NUMBER": ("block", "", "a bank, card or National Insurance number"),
        "SECRET": ("block", "R31", "a password or an access key"),
        "LINK_DEAD": ("block", "", "a link that leads nowhere outside the force's own network"),
        "PLACEHOLDER": ("block", "", "words that still wait to be filled in"),
        "NOTHING_TO_SAY": ("block", "", "a post without words"),
        "TOO_LONG": ("block", "", "more than the network takes"),
        "TOO_MANY_PICTURES": ("block", "", "more pictures than the network takes"),
        "ALT_TOO_LONG": ("block", "", "a description that is longer than the network takes"),
        "PICTURE_TOO_BIG": ("block", "", "a picture of more bytes than the network takes"),
        "TIME": ("block", "R42", "a local time that does not exist or comes twice (`beatline check`)"),
        "ROW": ("block", "", "a row that cannot be read (`beatline check`)"),
        "NAMES_DEFENDANT": ("needs_approval", "R02", "the name of a person who is charged, convicted or sentenced"),
        "NATIONALITY": ("needs_approval", "R13", "nationality, ethnicity or faith near a suspect"),
        "POLITICAL": ("needs_approval", "R36", "a party, an elected member or a poll (R35)"),
        "CHILD_NAMED": ("needs_approval", "R06", "a child's name outside a case"),
        "PERSON_PICTURED": ("needs_approval, advise", "R07", "a picture of a person; advice where its kind asks for approval anyway"),
        "PHONE_NUMBER": ("needs_approval", "", "a mobile or local number, which may be somebody's own"),
        "EMAIL_ADDRESS": ("needs_approval", "", "an e-mail address that is not a public body's"),
        "NUMBER_PLATE": ("needs_approval", "", "a registration plate"),
        "HOME_ADDRESS": ("needs_approval", "", "a house number and street where somebody lives"),
        "CASE_STAGE_MISSING": ("advise", "R02", "a post about a case without its stage"),
        "CHILD_PICTURED": ("advise", "R06", "a picture that seems to show children"),
        "REPORT_LINE_HELPS": ("advise", "R15", "a post that asks for information and names no number"),
        "WORDING": ("advise", "R12", "an offence told as a fact, or by the wrong term"),
        "JARGON": ("advise", "R32", "a word of the job"),
        "EMOJI_RUN": ("advise", "R32", "more than three emoji in a row"),
        "CAPITALS": ("advise", "R32", "more than five words in capitals"),
        "LIGHT_ABOUT_HARM": ("advise", "R38", "words of harm in a lighthearted post"),
        "VOTE": ("advise", "R36", "the word 'vote' alone"),
        "POSTCODE": ("advise", "", "a full postcode"),
        "LINK_SHORTENED": ("advise", "", "a link that hides where it leads"),
        "LINK_INSECURE": ("advise", "", "a link that begins with http://"),
        "REPEATS": ("advise", "", "nearly the words of a post of the last seven days"),
        "CLASH": ("advise", "", "another team's post on the same account within 30 minutes"),
    }
)  # fmt: skip
