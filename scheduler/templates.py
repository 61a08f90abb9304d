"""Posts to begin with: the six that Beatline brings, and those that a force keeps for one area or for all of it.

A template is only ever put into the fields of Write a post: a person fills it in, and the post takes the way of its kind."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, or_, select

from scheduler.content_types import CONTENT_TYPES, LANGUAGES, label_of
from scheduler.template_starters import STARTERS, Starter
from social.context import Context
from social.database import UTCDateTime
from social.errors import InputError, Problem
from social.kept_words import found_as_seen, keep_words, retire_words
from social.near_words import suggestion
from social.places import Place
from social.staff import Action, Person, require

CALLED = "template"
LONGEST_NAME = 80
LONGEST_TEXT = 5_000


class PostTemplate(SQLModel, table=True):
    """A post to begin with.  place_id: the area whose people are offered it; None is the whole force.

    content_type: a key of `content_types`.  lang: en, cy or cy+en.  active False: retired, kept for the record.
    version: counts its changes, so that nobody overwrites another's."""

    __tablename__ = "post_template"

    id: int | None = Field(default=None, primary_key=True)
    name: str
    content_type: str
    text: str
    link: str | None = None
    lang: str = "en"
    place_id: int | None = Field(default=None, foreign_key="place.id")
    owner_id: int = Field(foreign_key="person.id")
    active: bool = True
    version: int = 1
    changed_at: datetime = Field(sa_type=UTCDateTime)


@dataclass(frozen=True)
class TemplateView:
    """One template.  key: in the address of Write a post (`template=`).  id: None for one that Beatline brings.

    place: its area's name, None for the whole force.  owner: who keeps it, '' for Beatline's own."""

    key: str
    id: int | None
    name: str
    content_type: str
    text: str
    link: str | None = None
    lang: str = "en"
    place_id: int | None = None
    place: str | None = None
    owner: str = ""
    active: bool = True
    version: int = 0

    @property
    def is_starter(self) -> bool:
        return self.id is None

    @property
    def kind(self) -> str:
        """What people call its kind of post."""
        return label_of(self.content_type)


@dataclass(frozen=True)
class TemplateInput:
    """What a person gives.  place_id: None is the whole force."""

    name: str
    content_type: str
    text: str
    place_id: int | None = None
    link: str | None = None
    lang: str = "en"


def list_templates(
    session: Session, *, areas: Collection[int] | None = None, search: str = "", retired: bool = False,
    starters: bool = True,
) -> list[TemplateView]:  # fmt: skip
    """Templates in use, Beatline's own first and the force's by name; or the retired ones.

    areas: those of these places and of the whole force; None for all.  search: words that name or text must hold."""
    query = (
        select(PostTemplate, Place.name, Person.name)
        .join(Place, col(Place.id) == col(PostTemplate.place_id), isouter=True)
        .join(Person, col(Person.id) == PostTemplate.owner_id)
        .where(col(PostTemplate.active).is_(not retired))
        .order_by(PostTemplate.name, col(PostTemplate.id))
    )
    if areas is not None:
        query = query.where(or_(col(PostTemplate.place_id).is_(None), col(PostTemplate.place_id).in_(sorted(areas))))
    brought = [_starter(one) for one in STARTERS] if starters and not retired else []
    found = [*brought, *(_view(one, place, owner) for one, place, owner in session.exec(query))]
    wanted = search.casefold().split()
    return [one for one in found if all(word in f"{one.name} {one.text}".casefold() for word in wanted)]


def template_named(session: Session, key: str) -> TemplateView:
    """The template of that key: one that Beatline brings, or the number of one that the force keeps.

    Raises InputError when there is none, or it was retired."""
    for one in STARTERS:
        if one.key == key:
            return _starter(one)
    found = session.get(PostTemplate, int(key)) if key.isascii() and key.isdigit() and len(key) < 10 else None
    if found is None or not found.active:
        raise InputError("This template is not there any more. Choose another one below, or begin with an empty post.")
    owner = session.get_one(Person, found.owner_id)
    place = session.get(Place, found.place_id) if found.place_id is not None else None
    return _view(found, place.name if place else None, owner.name)


def save_template(context: Context, person: Person, given: TemplateInput) -> int:
    """Keep a template.  Returns its number.  Raises InputError with every problem found."""
    now = context.clock.now()
    with context.database.write() as session:
        require(session, person, Action.PLAN, given.place_id)
        _require_usable(session, given, None)
        one = PostTemplate(name="", content_type="", text="", owner_id=person.id or 0, version=0, changed_at=now)
        _take(one, given)
        return keep_words(session, now, person, one, called=CALLED, action="save template")


def change_template(context: Context, person: Person, template_id: int, given: TemplateInput, *, version: int) -> None:
    """Change a template.  version: the one that the person saw; raises InputError when it has changed since."""
    with context.database.write() as session:
        one = _found(session, person, template_id, version)
        _require_usable(session, given, template_id)
        require(session, person, Action.PLAN, given.place_id)
        before = {"version": one.version, "place": one.place_id}
        _take(one, given)
        keep_words(session, context.clock.now(), person, one, called=CALLED, action="change template", before=before)


def retire_template(context: Context, person: Person, template_id: int, *, version: int, back: bool = False) -> None:
    """Take a template out of use, or put it back.  version: as for `change_template`."""
    with context.database.write() as session:
        one = _found(session, person, template_id, version)
        retire_words(session, context.clock.now(), person, one, called=CALLED, back=back)


def _take(one: PostTemplate, given: TemplateInput) -> None:
    one.name, one.content_type, one.text = given.name.strip(), given.content_type, given.text.strip()
    one.link, one.lang, one.place_id = (given.link or "").strip() or None, given.lang, given.place_id


def _found(session: Session, person: Person, template_id: int, version: int) -> PostTemplate:
    return found_as_seen(session, person, PostTemplate, template_id, version=version, action=Action.PLAN, called=CALLED)


def _require_usable(session: Session, given: TemplateInput, template_id: int | None) -> None:
    """Raises InputError with every problem found.  template_id: the one that is changed, None for a new one."""
    name, text = given.name.strip(), given.text.strip()
    found: list[Problem] = []
    if not name:
        found.append(Problem("Enter a name by which others find the template."))
    elif len(name) > LONGEST_NAME:
        found.append(Problem(f"The name must be {LONGEST_NAME} characters or fewer."))
    if not text:
        found.append(Problem("Enter the words of the template.", column="text"))
    elif len(text) > LONGEST_TEXT:
        found.append(Problem(f"The words must be {LONGEST_TEXT:,} characters or fewer.", column="text"))
    if "\0" in name + text:
        found.append(Problem("There is a character in it that cannot be kept. Write it anew.", column="text"))
    for column, value, known in (("content_type", given.content_type, CONTENT_TYPES), ("lang", given.lang, LANGUAGES)):
        if value not in known:
            found.append(Problem(f"'{value}' is not known. {suggestion(value, known)}", column=column))
    same = select(PostTemplate.id).where(PostTemplate.name == name, col(PostTemplate.active))
    same = same.where(col(PostTemplate.place_id).is_not_distinct_from(given.place_id))
    if name and session.exec(same.where(col(PostTemplate.id).is_distinct_from(template_id))).first() is not None:
        found.append(Problem("There is a template of that name already. Change that one, or choose another name."))
    if found:
        raise InputError(*found)


def _starter(one: Starter) -> TemplateView:
    return TemplateView(one.key, None, one.name, one.content_type, one.text)


def _view(one: PostTemplate, place: str | None, owner: str) -> TemplateView:
    return TemplateView(str(one.id), one.id, one.name, one.content_type, one.text, one.link, one.lang, one.place_id,
                        place, owner, one.active, one.version)  # fmt: skip
