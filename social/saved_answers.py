"""Answers that are kept for use again, for one area or the whole force.

A saved answer is only ever put into the box where an answer is written: a person reads it, changes it and sends it in
their own name (R23)."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel import Session, col, or_, select

from social.context import Context
from social.desk_tables import SavedAnswer
from social.errors import InputError, Problem
from social.kept_words import found_as_seen, keep_words, retire_words
from social.places import Place, areas_above
from social.staff import Action, Person, require

CALLED = "saved answer"
LONGEST_TITLE = 80
LONGEST_TEXT = 1_000

STARTERS: tuple[tuple[str, str], ...] = (
    ("Emergency: call 999",
     "If somebody is in danger or a crime is happening now, please call 999. We cannot send help from here."),
    ("Report a crime",
     "Thank you for telling us. Please report this on our website or call 101, so that it reaches the right team. "
     "To stay anonymous, call Crimestoppers on 0800 555 111. In an emergency always call 999."),
    ("Information about an appeal",
     "Thank you. Please do not share details here: call 101 or use our website and quote the reference in the post, or "
     "call Crimestoppers anonymously on 0800 555 111."),
    ("Thank you", "Thank you, we will pass this on to the team."),
    ("Complaint",
     "We are sorry that you are unhappy with what we did. You can make a complaint on our website, and somebody will "
     "look at it and answer you."),
    ("When this page is watched",
     "This page is not watched at all hours. In an emergency call 999. To report something else call 101 or use our "
     "website at any time."),
)  # fmt: skip
"""What a force may start with: title and text. They name 999, 101 and Crimestoppers as R15 and R19 ask."""


@dataclass(frozen=True)
class SavedAnswerView:
    """One saved answer.  place: its area's name, None for the whole force.  active False: retired."""

    id: int
    title: str
    text: str
    place_id: int | None
    place: str | None
    owner: str
    active: bool
    version: int


@dataclass(frozen=True)
class SavedAnswerInput:
    """What a person gives.  place_id: None is the whole force."""

    title: str
    text: str
    place_id: int | None = None


def list_saved_answers(
    session: Session, *, areas: Collection[int] | None = None, search: str = "", retired: bool = False
) -> list[SavedAnswerView]:
    """Saved answers by title: those in use, or the retired ones.

    areas: those of these places and of the whole force; None for all.  search: words that title or text must hold."""
    query = (
        select(SavedAnswer, Place.name, Person.name)
        .join(Place, col(Place.id) == col(SavedAnswer.place_id), isouter=True)
        .join(Person, col(Person.id) == SavedAnswer.owner_id)
        .where(col(SavedAnswer.active).is_(not retired))
        .order_by(SavedAnswer.title, col(SavedAnswer.id))
    )
    if areas is not None:
        query = query.where(or_(col(SavedAnswer.place_id).is_(None), col(SavedAnswer.place_id).in_(sorted(areas))))
    wanted = search.casefold().split()
    return [
        SavedAnswerView(one.id or 0, one.title, one.text, one.place_id, place, owner, one.active, one.version)
        for one, place, owner in session.exec(query)
        if all(word in f"{one.title} {one.text}".casefold() for word in wanted)
    ]


def answers_for(session: Session, place_id: int | None) -> list[SavedAnswerView]:
    """What may be put into an answer under a post about that area: its own, those of the areas above, the force's."""
    return list_saved_answers(session, areas=areas_above(session, place_id))


def save_answer(context: Context, person: Person, given: SavedAnswerInput) -> int:
    """Keep an answer for use again.  Returns its number.  Raises InputError with every problem found."""
    with context.database.write() as session:
        return _add(context, session, person, given)


def offer_starters(context: Context, person: Person) -> int:
    """Keep the starters for the whole force, but for those of which one of that title is there, retired ones too.

    Returns how many were new."""
    with context.database.write() as session:
        require(session, person, Action.ANSWER, None)
        there = set(session.exec(select(SavedAnswer.title)))
        new = [SavedAnswerInput(title, text) for title, text in STARTERS if title not in there]
        for given in new:
            _add(context, session, person, given)
        return len(new)


def change_answer(context: Context, person: Person, answer_id: int, given: SavedAnswerInput, *, version: int) -> None:
    """Change a saved answer.  version: the one that the person saw; raises InputError when it has changed since."""
    with context.database.write() as session:
        one = _found(session, person, answer_id, version)
        _require_usable(session, given, answer_id)
        require(session, person, Action.ANSWER, given.place_id)
        before = {"version": one.version, "place": one.place_id}
        one.title, one.text, one.place_id = given.title.strip(), given.text.strip(), given.place_id
        keep_words(
            session, context.clock.now(), person, one, called=CALLED, action="change saved answer", before=before
        )


def retire_answer(context: Context, person: Person, answer_id: int, *, version: int, back: bool = False) -> None:
    """Take a saved answer out of use, or put it back.  version: as for `change_answer`."""
    with context.database.write() as session:
        one = _found(session, person, answer_id, version)
        retire_words(session, context.clock.now(), person, one, called=CALLED, back=back)


def _add(context: Context, session: Session, person: Person, given: SavedAnswerInput) -> int:
    now = context.clock.now()
    require(session, person, Action.ANSWER, given.place_id)
    _require_usable(session, given, None)
    one = SavedAnswer(
        title=given.title.strip(), text=given.text.strip(), place_id=given.place_id, owner_id=person.id or 0, version=0,
        changed_at=now,
    )  # fmt: skip
    return keep_words(session, now, person, one, called=CALLED, action="save answer")


def _found(session: Session, person: Person, answer_id: int, version: int) -> SavedAnswer:
    return found_as_seen(session, person, SavedAnswer, answer_id, version=version, action=Action.ANSWER, called=CALLED)


def _require_usable(session: Session, given: SavedAnswerInput, answer_id: int | None) -> None:
    """Raises InputError with every problem found.  answer_id: the one that is changed, None for a new one."""
    title, text = given.title.strip(), given.text.strip()
    found: list[Problem] = []
    if not title:
        found.append(Problem("Enter a title by which others find the answer."))
    elif len(title) > LONGEST_TITLE:
        found.append(Problem(f"The title must be {LONGEST_TITLE} characters or fewer."))
    if not text:
        found.append(Problem("Enter the words of the answer."))
    elif len(text) > LONGEST_TEXT:
        found.append(Problem(f"The answer must be {LONGEST_TEXT:,} characters or fewer."))
    if "\0" in title + text:
        found.append(Problem("There is a character in it that cannot be kept. Write it anew."))
    same = select(SavedAnswer.id).where(SavedAnswer.title == title, col(SavedAnswer.active))
    same = same.where(col(SavedAnswer.place_id).is_not_distinct_from(given.place_id))
    if title and session.exec(same.where(col(SavedAnswer.id).is_distinct_from(answer_id))).first() is not None:
        found.append(
            Problem("There is a saved answer of that title already. Change that one, or choose another title.")
        )
    if found:
        raise InputError(*found)
