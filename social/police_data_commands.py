"""The commands that read data.police.uk: which forces there are, take a force's neighbourhoods in, read them anew."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from social.context import Context
from social.errors import InputError
from social.operators import KEEPER, acting

if TYPE_CHECKING:
    from social.police_data_import import Taken
    from social.police_data_matching import Offer

_JSON = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
_BY = Annotated[str, typer.Option(help="E-mail address of whoever looks after the map.")]


def add_commands(group: typer.Typer, open_: Callable[[], Context]) -> None:
    """Add `places police-data` and `places refresh`."""

    @group.command("police-data")
    def police_data(
        force: Annotated[str | None, typer.Argument(metavar="[FORCE]", help="The service's id of the force.")] = None,
        neighbourhood: Annotated[
            list[str] | None, typer.Option(help="Only this neighbourhood, by the service's id; may be repeated.")
        ] = None,
        match: Annotated[
            list[str] | None, typer.Option(help="Which area of ours one is, as ID=AREA; may be repeated.")
        ] = None,
        add: Annotated[bool, typer.Option("--add", help="Add neighbourhoods that our map does not have.")] = False,
        population_year: Annotated[
            int | None, typer.Option(help="Year of the populations there; without it none is taken over.")
        ] = None,
        dry_run: Annotated[
            bool, typer.Option("--dry-run", help="Show what would be taken in and keep nothing.")
        ] = False,
        by: _BY = KEEPER,
        as_json: _JSON = False,
    ) -> None:
        """Take boundaries, priorities and events of a force's neighbourhoods from data.police.uk; without FORCE, list the
        forces there."""
        context = open_()
        if force is None:
            _list_forces(context, as_json)
            return
        given = {"only": neighbourhood or [], "match": match or [], "add": add, "year": population_year}
        taken, left = _take(context, force, given, by, dry_run=dry_run)
        if as_json:
            typer.echo(json.dumps({**asdict(taken), "left_out": [asdict(one) for one in left]}, ensure_ascii=False,
                                  default=str))  # fmt: skip
        else:
            _tell(taken, left)

    @group.command("refresh")
    def refresh_(by: _BY = KEEPER, as_json: _JSON = False) -> None:
        """Read every area that is joined to data.police.uk anew, now."""
        from social.police_data import PoliceData
        from social.police_data_refresh import refresh
        from social.police_data_words import area_line
        from social.web.terminal import progress_bar

        context = open_()
        with progress_bar() as tell:
            done = refresh(context, acting(context, by), PoliceData(context.settings, context.clock, fresh=True), tell)
        if as_json:
            typer.echo(json.dumps(asdict(done), ensure_ascii=False))
            return
        for one in done.areas:
            typer.echo(area_line(one))
        for name in done.missing:
            typer.echo(
                f"{name}: data.police.uk does not know it any more. Join it again with `beatline places police-data`."
            )
        for name in done.unread:
            typer.echo(f"{name}: what data.police.uk says of it cannot be read now. What was known of it stays.")
        if not done.areas and not done.missing and not done.unread:
            typer.echo("No area is joined to data.police.uk. Run `beatline places police-data FORCE`.")


def _list_forces(context: Context, as_json: bool) -> None:
    from social.police_data import PoliceData

    found = PoliceData(context.settings, context.clock).forces()
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False))
        return
    for one in found:
        typer.echo(f"{one.id}  {one.name}")


def _take(
    context: Context, force: str, given: dict[str, Any], by: str, *, dry_run: bool
) -> "tuple[Taken, list[Offer]]":
    """Read and take in.  Returns that, and the neighbourhoods that nobody said anything of."""
    from social.police_data import PoliceData
    from social.police_data_import import Wanted, read_areas, take_in
    from social.police_data_matching import offers_for
    from social.police_data_shapes import Named
    from social.web.terminal import progress_bar

    person, data = acting(context, by), PoliceData(context.settings, context.clock)
    name = data.force_name(force) or force
    top_id, offers = offers_for(context, data, Named(force, name))
    known = {one.key for one in offers}
    if unknown := set(given["only"]) - known:
        raise InputError(f"data.police.uk has no neighbourhood '{sorted(unknown)[0]}' of '{force}'.")
    with context.database.read() as session:
        said = _said_matches(session, given["match"], known)
    chosen: dict[str, int | None] = {}
    for one in offers:
        place_id = said.get(one.key, one.place_id)
        if (not given["only"] or one.key in given["only"]) and (place_id is not None or given["add"]):
            chosen[one.key] = place_id
    with progress_bar() as tell:
        areas = read_areas(data, force, list(chosen), tell)
    wanted = Wanted(force, name, chosen, top_id, given["year"], areas)
    taken = take_in(context, person, wanted, as_of=data.as_of, dry_run=dry_run)
    return taken, [one for one in offers if one.key not in chosen and (not given["only"] or one.key in given["only"])]


def _said_matches(session: Any, given: Sequence[str], known: set[str]) -> dict[str, int]:
    from social.places import places_named

    found: dict[str, int] = {}
    for text in given:
        key, _, name = text.partition("=")
        places = places_named(session, name.strip())
        if key not in known or not name.strip():
            raise InputError(
                f"'{text}' says nothing. Write the service's id and our area, as --match 'WD 10=Copperbeck'."
            )
        if len(places) != 1:
            raise InputError(
                f"{len(places) or 'No'} area is called '{name.strip()}'. `beatline places list` shows them."
            )
        found[key] = places[0].id or 0
    return found


def _tell(taken: "Taken", left: "Sequence[Offer]") -> None:
    from social.police_data_words import area_line
    from social.words import say_count

    would = " would be taken in" if taken.dry_run else " taken in"
    said = f", as data.police.uk said on {taken.as_of:%d %B %Y, %H:%M} UTC" if taken.as_of is not None else ""
    typer.echo(f"{taken.force}: {say_count(len(taken.areas), 'area')}{would}{said}.")
    for one in taken.areas:
        typer.echo(area_line(one))
    if left:
        typer.echo("Left out, since nobody said which areas of ours they are:")
        for other in left:
            typer.echo(f"  {other.key}  {other.name}")
        typer.echo("Say so with --match 'ID=AREA' for each, or take them in as new areas with --add.")
