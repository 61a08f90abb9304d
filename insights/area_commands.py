"""The command that shows the profile of one area: the same as its page."""

import json
from collections.abc import Callable
from typing import Annotated

import typer

from social.context import Context
from social.errors import InputError
from social.places import PlaceKind, places_named
from social.places_commands import places_group


def add_commands(cli: typer.Typer, open_: Callable[[], Context]) -> None:
    """Add `places profile`."""

    @places_group(cli).command("profile")
    def profile(
        name: Annotated[str, typer.Argument(help="Name of the area.")],
        kind: Annotated[PlaceKind | None, typer.Option(help="What kind of area, where several have the name.")] = None,
        as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    ) -> None:
        """Show what is known of an area: residents, issues, pages, partners, languages, what was asked and done."""
        from insights.area_document import as_json_document, as_lines, plain
        from insights.area_profile import area_profile, concerns_of

        context = open_()
        now = context.clock.now()
        with context.database.read() as session:
            found = [place for place in places_named(session, name) if kind is None or place.kind == kind]
            if len(found) != 1:
                kinds = ", ".join(f"a {place.kind}" for place in found)
                raise InputError(
                    f"{len(found)} areas are called '{name}': {kinds}. Say which with --kind."
                    if found
                    else f"There is no area called '{name}'. `beatline places list` shows them."
                )
            known = area_profile(session, found[0].id or 0, now)
            concerns = concerns_of(session, found[0].id or 0, now)
        if as_json:
            typer.echo(json.dumps(as_json_document(known, concerns), ensure_ascii=False, default=plain))
        else:
            typer.echo("\n".join(as_lines(known, concerns)))
