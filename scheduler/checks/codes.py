"""Every code that a check can give: how serious it is, the rule behind it, what it is, why it matters, what to do.

The page 'What Beatline stops, and why' is made from this table, and a test holds both to it and to the checks."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Code(NamedTuple):
    """level: the levels it may have, parted by commas.  rule: id or ''.  what, why, todo: for people."""

    level: str
    rule: str
    what: str
    why: str
    todo: str


_TRIAL = "It can prejudice a trial and be contempt of court, whatever was meant."
_EVERYBODY = "Residents who do not see or hear well are left out, and equality law asks for more."
_PRIVATE = "It may be somebody's own, and once published it stays out there."
_NETWORK = "The network would refuse the post, or cut it."

CODES: Mapping[str, Code] = MappingProxyType(
    {
        "ALT_MISSING": Code("block", "R32", "a picture without a description, or with one that says nothing", _EVERYBODY,
            "Write what the picture shows."),
        "CAPTIONS_MISSING": Code("block", "R32", "a film without reviewed captions", _EVERYBODY, "Add captions and read them through."),
        "HASHTAG_CASE": Code("block, advise", "R32", "a hashtag in which a word has no capital letter; one small word alone is only advised on",
            "A screen reader cannot tell the words apart.", "Begin each word with a capital letter."),
        "REPORT_LINE": Code("block", "R15", "an appeal without 101, 999 or, unless a person is missing, Crimestoppers",
            "People who know something do not know where to turn, and tell it in public.", "Add the reporting line."),
        "WELSH_MISSING": Code("block", "R33", "a force in Wales with only one of the two languages",
            "Welsh may not be treated less favourably than English.", "Add the other version, parted by ' | '."),
        "FOUND_NAMED": Code("block", "R10", "a closing post with the name or picture of the person who was found",
            "Whoever was missing has a right to be forgotten.", "Say only that the person is found."),
        "NAMES_SUSPECT": Code("block, needs_approval", "R01", "the name of a person who is only suspected or arrested; asked about where an exception is recorded",
            "Most people who are arrested are never charged, and the name stays with them.",
            "Take the name out, or have a senior lead record the exception with the case."),
        "SUB_JUDICE": Code("block", "R03", "words of guilt, record, character or triumph between arrest and sentence", _TRIAL,
            "Say only what happened: arrested on suspicion of what, when, where."),
        "VICTIM_IDENTIFIABLE": Code("block", "R05", "what identifies who complained of a sexual offence or trafficking",
            "The law protects them for life.", "Take out names, places and relations that add up."),
        "CHILD_IDENTIFIED": Code("block", "R06", "the name or school of somebody under 18 in a case",
            "Nobody under 18 may be identified in a case.", "Take it out; the age and the town may stay."),
        "CUSTODY_PICTURE": Code("block, needs_approval", "R09", "a custody picture before the sentence; after it, and of a missing person, it is asked about",
            "It makes whoever is shown look guilty.", "Use another picture, or wait for the sentence."),
        "IMAGE_PERSON": Code("block", "R07", "a picture of a person without approver, reason, masking answer or review date",
            "Showing a person needs a lawful purpose, and somebody who answers for it.", "Answer the questions beside the picture."),
        "IMAGE_LICENCE": Code("block", "R14", "a partner's or library's picture without a recorded permission",
            "Pictures carry copyright and conditions of use.", "Write down the permission or the licence."),
        "WANTED_PICTURE": Code("block", "R08", "a wanted person's picture when the case is at arrest or later",
            "It has to come down after the arrest, and a trial may follow.", "Close the appeal; if the person is wanted again, say why."),
        "IMAGE_REVIEW_PASSED": Code("block", "R07", "a picture whose day of review has passed when the post goes out",
            "What was right to show once may not be any more.", "Look at it again and give it a new day, or use another picture."),
        "LIGHT_AFTER_INCIDENT": Code("block", "R38", "a light post within 72 hours of a serious incident there",
            "A joke where people are hurt or afraid does lasting harm.", "Give it a later day."),
        "LIGHT_ON_SOLEMN_DAY": Code("block", "R38", "a light post on a solemn day",
            "A joke on a day of remembrance hurts.", "Give it another day."),
        "DATE_OF_BIRTH": Code("block", "", "a date of birth", "It opens accounts, and nobody needs it to help.", "Give the age."),
        "ACCOUNT_NUMBER": Code("block", "", "a bank, card or National Insurance number", "It invites fraud.", "Take it out."),
        "SECRET": Code("block", "R31", "a password or an access key", "Whoever reads it can speak as the police.",
            "Take it out and change it at once."),
        "LINK_DEAD": Code("block", "", "a link that leads nowhere outside the force's own network", "Residents cannot follow it.",
            "Give the public address."),
        "PLACEHOLDER": Code("block", "", "words that still wait to be filled in", "It looks careless, and says nothing.", "Fill them in."),
        "ALERT_SUBJECT": Code("block", "R30", "an alert without a subject, or with one of more than 100 characters",
            "Residents decide by the subject whether they read on.", "Write a short subject."),
        "ALERT_TOPIC": Code("block", "R30", "an alert without a topic", "Residents are told of the topics that they chose, and no others.",
            "Choose its topic."),
        "ALERT_AREA": Code("block", "R30", "an alert without an area", "Residents are told of the areas that they chose, and no others.",
            "Choose its areas."),
        "ALERT_NOBODY": Code("block", "R30", "an alert that no resident would get", "It would go out and reach nobody.",
            "Choose other areas, another topic or other groups."),
        "ALERT_TEXT_CUT": Code("advise", "", "an urgent alert that is longer than a text message can be", "What stands at its end is lost in the text.",
            "Say what matters first, or shorten it."),
        "NOTHING_TO_SAY": Code("block", "", "a post without words", "There is nothing to read.", "Write the text."),
        "TOO_LONG": Code("block", "", "more than the network takes", _NETWORK, "Shorten it, or write a version for that network."),
        "TOO_MANY_PICTURES": Code("block", "", "more pictures than the network takes", _NETWORK, "Take some away."),
        "TOO_MANY_PARTS": Code(
            "block", "", "a thread of more than 20 parts", "Nobody reads so far, and the account is kept busy by it.",
            "Put the rest on a page and lead there.",
        ),
        "PARTS_ALIKE": Code(
            "block", "", "two parts of a thread that say the same",
            "Networks refuse the second, and the thread would stop there.", "Change one part or take it out.",
        ),
        "ALT_TOO_LONG": Code("block", "", "a description that is longer than the network takes", _NETWORK, "Shorten it."),
        "PICTURE_TOO_BIG": Code("block", "", "a picture of more bytes than the network takes", _NETWORK, "Scale it."),
        "TIME": Code("block", "R42", "a local time that does not exist or comes twice, in a file of posts",
            "Clocks change: nobody could say when it goes out.", "Give another time, or say which of the two."),
        "ROW": Code("block", "", "a row of a file of posts that cannot be read", "Nothing can be planned from it.", "Correct the row."),
        "HOUSE_WORD": Code("needs_approval", "", "a word that is on the force's own word list",
            "The force wants somebody to look at it first.", "Choose other words, or send it for approval."),
        "NAMES_DEFENDANT": Code("needs_approval", "R02", "the name of a person who is charged, convicted or sentenced",
            "Names belong to charge or later, and to adults.", "Let corporate communications decide."),
        "NATIONALITY": Code("needs_approval", "R13", "nationality, ethnicity or faith near a suspect",
            "It tars everybody who shares it, and seldom helps.", "Take it out, or let corporate communications decide."),
        "POLITICAL": Code("needs_approval", "R36", "a party, an elected member or a poll (R35)",
            "The police are neutral, all year.", "Take it out, or let corporate communications decide."),
        "PRE_ELECTION": Code("needs_approval", "R35", "before a poll: a candidate's name or a new campaign",
            "Publicity that could help a candidate stops before polls.", "Wait, or let corporate communications decide."),
        "CHILD_NAMED": Code("needs_approval", "R06", "a child's name outside a case", "A child cannot agree to be known for ever.",
            "Ask a parent, or take the name out."),
        "PERSON_PICTURED": Code("needs_approval, advise", "R07", "a picture of a person; advice where its kind asks for approval anyway",
            "It needs a lawful purpose and a regular review.", "Let corporate communications decide."),
        "PHONE_NUMBER": Code("needs_approval", "", "a mobile or local number, which may be somebody's own", _PRIVATE,
            "Give 101 or a number of the force."),
        "EMAIL_ADDRESS": Code("needs_approval", "", "an e-mail address that is not a public body's", _PRIVATE, "Give an address of the force."),
        "NUMBER_PLATE": Code("needs_approval", "", "a registration plate", "It points at its keeper.", "Take it out, unless the enquiry needs it."),
        "HOME_ADDRESS": Code("needs_approval", "", "a house number and street where somebody lives", _PRIVATE, "Name the street or the area."),
        "CASE_STAGE_MISSING": Code("block, advise", "R02", "a post about a case without its stage; advice in a file",
            "What may be said depends on the stage; without it the words must be guessed from.", "Choose the stage."),
        "CHILD_PICTURED": Code("advise", "R06", "a picture that seems to show children", "Parents decide, and some children are at risk.",
            "Record a parent's consent, or show no face."),
        "REPORT_LINE_HELPS": Code("advise", "R15", "a post that asks for information and names no number",
            "Answers then come in as comments.", "Add the numbers."),
        "WORDING": Code("advise", "R12", "an offence told as a fact, or by the wrong term", "What is not proved is a report.",
            "Use the words that are proposed."),
        "JARGON": Code("advise", "R32", "a word of the job", "Residents do not know it.", "Say it in plain words."),
        "EMOJI_RUN": Code("advise", "R32", "more than three emoji in a row", "A screen reader says each by its name.",
            "Keep one or two, at the end."),
        "CAPITALS": Code("advise", "R32", "more than five words in capitals", "They are hard to read and sound like shouting.",
            "Use small letters."),
        "LIGHT_ABOUT_HARM": Code("advise", "R38", "words of harm in a lighthearted post", "Somebody who was harmed reads it too.",
            "Choose another joke."),
        "VOTE": Code("advise", "R36", "the word 'vote' alone", "It can read as about an election.", "Consider 'choose' or 'tell us'."),
        "POSTCODE": Code("advise", "", "a full postcode", "It stands for about fifteen homes.", "Fine for a hall; for people, name the area."),
        "LINK_SHORTENED": Code("advise", "", "a link that hides where it leads", "Scams do the same, and it dies with its service.",
            "Give the full address."),
        "LINK_INSECURE": Code("advise", "", "a link that begins with http://", "It is not protected on its way.", "Begin it with https://."),
        "REPEATS": Code("advise", "", "nearly the words of a post of the last seven days", "Residents tire of it, and networks may refuse it.",
            "Say what is new."),
        "QUIET_HOURS": Code("advise", "", "a time in the force's quiet hours",
            "Few residents read it then, and nobody may be there to answer.", "Choose another time unless it cannot wait."),
        "CLASH": Code("advise", "", "another team's post on the same account within 30 minutes", "Two posts take readers from each other.",
            "Move one of them."),
    }
)  # fmt: skip
