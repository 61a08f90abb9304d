"""The part of the command line that says who answers for an account and what it may spend."""

import json
import re
from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated

import typer

from social.account_care import say_standing, set_budget, set_owner
from social.accounts import account_named
from social.budgets import standing
from social.context import Context
from social.operators import KEEPER, acting

_JSON = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
_NAME = Annotated[str, typer.Argument(help="Name of the account.")]
_BY = Annotated[str, typer.Option(help="E-mail address of the administrator who decided it.")]


def add_commands(accounts: typer.Typer, open_: Callable[[], Context]) -> None:
    """Add `accounts owner|budget`."""

    @accounts.command()
    def owner(
        name: _NAME,
        email: Annotated[str | None, typer.Option(help="E-mail address of who answers for it.")] = None,
        nobody: Annotated[bool, typer.Option("--nobody", help="Nobody in particular does.")] = False,
        by: _BY = KEEPER,
    ) -> None:
        """Say who answers for an account and is told when something is wrong with it."""
        if (email is None) is not nobody:
            raise typer.BadParameter("give either a person or nobody", param_hint="--email, --nobody")
        context = open_()
        person = acting(context, email) if email is not None else None
        set_owner(context, name, person, acting(context, by))
        who = person.name if person is not None else "Everybody who looks after accounts"
        typer.echo(f"{who} is told when something is wrong with '{name}'.")

    @accounts.command()
    def budget(
        name: _NAME,
        money: Annotated[str | None, typer.Option(help="Pounds a month, such as 25 or 12.50, or none.")] = None,
        posts: Annotated[str | None, typer.Option(help="Posts a month, or none.")] = None,
        reads: Annotated[str | None, typer.Option(help="Posts read a month, or none.")] = None,
        keep_for_posts: Annotated[
            int | None, typer.Option(help="Per cent of the money that reading leaves alone.", min=0, max=100)
        ] = None,
        by: _BY = KEEPER,
        as_json: _JSON = False,
    ) -> None:
        """Show what an account may spend in a month and has spent, and change it. What is not given stays."""
        context = open_()
        with context.database.read() as session:
            now = context.clock.now()
            stand = standing(session, account_named(session, name), now)
        if any(given is not None for given in (money, posts, reads, keep_for_posts)):
            stand = set_budget(
                context,
                name,
                acting(context, by),
                pence=stand.pence if money is None else _pence(money),
                posts=stand.posts if posts is None else _count(posts, "--posts"),
                reads=stand.reads if reads is None else _count(reads, "--reads"),
                kept_for_posts=stand.kept_for_posts if keep_for_posts is None else keep_for_posts,
            )
        if as_json:
            typer.echo(json.dumps(asdict(stand), ensure_ascii=False, default=str))
            return
        for line in say_standing(stand):
            typer.echo(line)


def _pence(text: str) -> int | None:
    if text.strip().lower() == "none":
        return None
    if not re.fullmatch(r"\d{1,6}(\.\d{1,2})?", text.strip()):
        raise typer.BadParameter("give pounds, such as 25 or 12.50, or none", param_hint="--money")
    return round(float(text) * 100)


def _count(text: str, option: str) -> int | None:
    if text.strip().lower() == "none":
        return None
    if not re.fullmatch(r"\d{1,8}", text.strip()):
        raise typer.BadParameter("give a number, or none", param_hint=option)
    return int(text)
