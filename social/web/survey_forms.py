"""A survey as a form that works without any script: how it is drawn, and what was filled in, read back and checked."""

from collections.abc import Mapping

from social.alerts.survey_answering import Answers, Given
from social.alerts.surveys import Question, QuestionKind
from social.web.public_body import Form
from social.web.public_page import choices, dropdown, group, text_area
from social.web.survey_words import say

LONGEST_TEXT = 1_000
_NOT_SAID = "none"
"""What the list of neighbourhoods sends for 'I would rather not say'."""


def drawn(
    lang: str,
    questions: tuple[Question, ...],
    areas: Mapping[int, str],
    filled: Form | None = None,
    faults: Mapping[str, str] | None = None,
) -> str:
    """The fields, as HTML.  areas: to choose from, {} to ask for none.  filled: what was sent, to be put right."""
    filled, faults = filled or Form(), faults or {}
    parts = []
    if areas:
        offered = {"": say(lang, "area_none"), **{str(number): name for number, name in areas.items()},
                   _NOT_SAID: say(lang, "area_other")}  # fmt: skip
        parts.append(dropdown("area", say(lang, "area"), offered, filled.one("area"), fault=faults.get("area", "")))
    parts += [_field(lang, question, filled, faults.get(first_id(question), "")) for question in questions]
    return "".join(parts)


def first_id(question: Question) -> str:
    """The id of a question's first field: where its fault in the list on top leads to."""
    return f"{_name(question)}-0" if question.kind is QuestionKind.RANK else _name(question)


def _name(question: Question) -> str:
    return f"q{question.number}"


def _field(lang: str, question: Question, filled: Form, fault: str) -> str:
    name, legend = _name(question), f"{question.number}. {question.text}"
    if not question.required:
        legend += f" {say(lang, 'optional')}"
    if question.kind is QuestionKind.TEXT:
        hint = say(lang, "hint_text", longest=f"{LONGEST_TEXT:,}")
        return text_area(name, legend, filled.one(name), hint=hint, fault=fault, longest=LONGEST_TEXT)
    options = {str(number): words for number, words in question.choices.items()}
    if question.kind is QuestionKind.RANK:
        numbers = {"": say(lang, "none"), **{str(n): str(n) for n in range(1, len(options) + 1)}}
        inner = "".join(
            dropdown(f"{name}-{number}", words, numbers, filled.one(f"{name}-{number}"))
            for number, words in options.items()
        )
        return group(first_id(question), legend, inner, hint=say(lang, "hint_rank"), fault=fault)
    many = question.kind is QuestionKind.MULTIPLE
    hint = ""
    if many:
        hint = say(lang, "hint_most", most=question.most) if question.most else say(lang, "hint_any")
    if not many and not question.required:
        # Without a script a round button cannot be let go of: one of them has to stand for no answer.
        options[""] = say(lang, "rather_not")
    return choices(name, legend, options, filled.many(name), many=many, hint=hint, fault=fault)


def read(
    lang: str, questions: tuple[Question, ...], areas: Mapping[int, str], form: Form, only_area: int | None
) -> tuple[Answers, dict[str, str]]:
    """What was filled in, and what is wrong with it in words, by the id of the field.

    only_area: what counts where no neighbourhood is asked for. With anything wrong the answers are not to be kept."""
    faults: dict[str, str] = {}
    place_id = only_area
    if areas:
        chosen = form.one("area")
        place_id = {str(number): number for number in areas}.get(chosen)
        if place_id is None and chosen != _NOT_SAID:
            faults["area"] = say(lang, "area_missing")
    given: dict[int, Given] = {}
    for question in questions:
        answer, wrong = _answer(lang, question, form)
        if wrong:
            faults[first_id(question)] = wrong
        elif answer is not None:
            given[question.id] = answer
        elif question.required:
            faults[first_id(question)] = say(lang, "missing", number=question.number)
    if not given and not faults and questions:
        faults[first_id(questions[0])] = say(lang, "nothing")
    return Answers(place_id, given), faults


def _answer(lang: str, question: Question, form: Form) -> tuple[Given | None, str]:
    """The answer, None where it was left out; and what is wrong with it, '' for nothing."""
    name, number = _name(question), question.number
    if question.kind is QuestionKind.TEXT:
        words = form.one(name).replace("\r\n", "\n")
        long = len(words) > LONGEST_TEXT
        return words or None, say(lang, "too_long", number=number, longest=f"{LONGEST_TEXT:,}") if long else ""
    if question.kind is QuestionKind.RANK:
        return _ranking(lang, question, form)
    known = {str(choice): choice for choice in question.choices}
    sent = [one for one in form.many(name) if one]
    if not set(sent) <= known.keys():
        return None, say(lang, "unknown", number=number)
    picked = tuple(dict.fromkeys(known[one] for one in sent))
    if not picked:
        return None, ""
    if question.kind is not QuestionKind.MULTIPLE:
        return picked[-1], ""
    if question.most is not None and len(picked) > question.most:
        return None, say(lang, "too_many", number=number, most=question.most)
    return picked, ""


def _ranking(lang: str, question: Question, form: Form) -> tuple[Given | None, str]:
    """The options in their order. All or none: a ranking of some of them says nothing of the others."""
    sent = {option: form.one(f"{_name(question)}-{option}") for option in question.choices}
    if not any(sent.values()):
        return None, ""
    wanted = {str(place) for place in range(1, len(sent) + 1)}
    if set(sent.values()) != wanted:
        return None, say(lang, "rank_all", number=question.number)
    return tuple(sorted(sent, key=lambda option: int(sent[option]))), ""
