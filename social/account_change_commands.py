"""The commands about who may change an account: the second person's yes or no, the kill switch, another address (R31)."""

import json
from collections.abc import Callable
from typing import Annotated

import typer

from social import account_changes, account_confirming, accounts_admin
from social.accounts import account_named
from social.context import Context
from social.errors import BeatlineError
from social.operators import KEEPER, acting

_JSON = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
_NAME = Annotated[str, typer.Argument(help="Name of the account.")]
_BY = Annotated[str, typer.Option(help="E-mail address of the administrator who asks.")]
_SECOND = Annotated[str, typer.Option(help="E-mail address of the second administrator, not of whoever asked.")]
_CHANGE = Annotated[int | None, typer.Option(help="Number of the change, where more than one waits.")]


def add_commands(accounts: typer.Typer, open_: Callable[[], Context]) -> None:
    """Add `accounts confirm|refuse|changes|pause|resume|address`."""
    _add_second(accounts, open_)
    _add_switch(accounts, open_)


def _add_second(accounts: typer.Typer, open_: Callable[[], Context]) -> None:
    @accounts.command()
    def confirm(name: _NAME, by: _SECOND, change: _CHANGE = None, as_json: _JSON = False) -> None:
        """Say yes, as the second person, to a change of an account. It takes effect then."""
        context = open_()
        with context.database.read() as session:
            one = account_confirming.the_one_waiting(session, name, change)
        assert one.id is not None
        account_confirming.confirm_change(context, one.id, acting(context, by))
        if one.kind in (account_changes.Kind.ADD, account_changes.Kind.ADDRESS):
            _ask_network(context, name)
        done = {"account": name, "change": one.id, "kind": one.kind, "state": "confirmed"}
        typer.echo(
            json.dumps(done)
            if as_json
            else f"Confirmed for '{name}': {account_changes.SAID[account_changes.Kind(one.kind)]}."
        )

    @accounts.command()
    def refuse(
        name: _NAME,
        by: Annotated[str, typer.Option(help="E-mail address of an administrator; whoever asked may take it back.")],
        change: _CHANGE = None,
        reason: Annotated[str, typer.Option(help="Why; the record keeps it.")] = "",
        as_json: _JSON = False,
    ) -> None:
        """Say no to a change of an account. Nothing changes; credentials that waited are erased."""
        context = open_()
        with context.database.read() as session:
            one = account_confirming.the_one_waiting(session, name, change)
        assert one.id is not None
        account_confirming.refuse_change(context, one.id, acting(context, by), reason)
        done = {"account": name, "change": one.id, "kind": one.kind, "state": "refused"}
        typer.echo(
            json.dumps(done)
            if as_json
            else f"Refused for '{name}': {account_changes.SAID[account_changes.Kind(one.kind)]}."
        )

    @accounts.command()
    def changes(as_json: _JSON = False) -> None:
        """Show what waits for a second person."""
        with open_().database.read() as session:
            found = account_changes.waiting_changes(session)
        rows = [{"change": one.id, "account": account.name, "kind": one.kind, "asked_by": one.asked_by,
                 "asked_at": one.asked_at.isoformat(), "base_url": one.base_url,
                 "agreement_reference": one.agreement_reference} for one, account in found]  # fmt: skip
        if as_json:
            typer.echo(json.dumps(rows, ensure_ascii=False))
            return
        for row in rows:
            what = account_changes.SAID[account_changes.Kind(str(row["kind"]))]
            typer.echo(f"{row['change']}  {row['account']}: {what}, asked by {row['asked_by']}")
        if not rows:
            typer.echo("Nothing waits for a second person.")


def _ask_network(context: Context, name: str) -> None:
    """The network is asked whose credentials these are, now that they may be used."""
    try:
        accounts_admin.verify_account(context, name)
    except BeatlineError as error:
        typer.echo(f"Warning: {error} Run `beatline accounts verify` when that is mended.", err=True)


def _add_switch(accounts: typer.Typer, open_: Callable[[], Context]) -> None:
    @accounts.command()
    def pause(
        name: _NAME,
        reason: Annotated[str, typer.Option(help="Why; the record keeps it.")],
        by: _BY = KEEPER,
        as_json: _JSON = False,
    ) -> None:
        """The kill switch of one account: at once, by one person alone, nothing goes out there and nothing is read."""
        context = open_()
        account_changes.pause_account(context, name, acting(context, by), reason)
        typer.echo(json.dumps({"account": name, "state": "paused"}) if as_json else f"'{name}' is paused.")

    @accounts.command()
    def resume(name: _NAME, by: _BY = KEEPER, as_json: _JSON = False) -> None:
        """End a pause that somebody ordered. On a real network a second person confirms it first."""
        context = open_()
        _tell(context, name, account_changes.resume_account(context, name, acting(context, by)), as_json)

    @accounts.command()
    def address(
        name: _NAME,
        base_url: Annotated[str, typer.Option(help="Address in place of the network's own; '' for the network's own.")],
        by: _BY = KEEPER,
        as_json: _JSON = False,
    ) -> None:
        """Give an account another address. On a real network a second person confirms it first."""
        context = open_()
        _tell(context, name, accounts_admin.change_address(context, name, base_url, acting(context, by)), as_json)


def _tell(context: Context, name: str, done: bool, as_json: bool) -> None:
    with context.database.read() as session:
        state = account_named(session, name).state
    said = "Done." if done else account_changes.waits_sentence(name)
    typer.echo(json.dumps({"account": name, "in_force": done, "state": state}) if as_json else said)
