"""The part of the command line that deals with accounts, collecting, the practice network and the installation.

Commands raise `BeatlineError` and leave it to `app.py` to say so and to end with 1. Where `--json` is given, standard
output holds one JSON document and nothing else; warnings and progress go to standard error."""

import json
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from shlex import quote
from typing import Annotated, Any

import typer

from social import (
    account_care_commands,
    account_change_commands,
    account_changes,
    accounts_admin,
    alarm_commands,
    answer_commands,
    audit_commands,
    collect_commands,
    duty_commands,
    lead_commands,
    people_commands,
    places_commands,
    profile_commands,
    upkeep_commands,
    webhook_commands,
)
from social.accounts import Account, account_named, list_accounts
from social.channels.base import Profile
from social.channels.registry import NETWORKS
from social.context import Context
from social.doctor import Check, Level, examine, shown_settings
from social.errors import BeatlineError, InputError
from social.operators import KEEPER, acting
from social.settings import Settings, load_settings
from social.upkeep_commands import AfterRestore

OpenContext = Callable[[], Context]
_JSON = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
_NAME = Annotated[str, typer.Argument(help="Name of the account.")]
_BY = Annotated[str, typer.Option(help="E-mail address of the administrator who asks; needed for a real network.")]


def add_commands(
    cli: typer.Typer,
    open_: OpenContext,
    checks: Sequence[Check] = (),
    after_restore: AfterRestore = lambda _database, _now: 0,
) -> None:
    """Add the commands of this slice.  open_: opens the running system when a command needs it.

    checks: what `doctor` looks at besides, such as the worker's heartbeat.  after_restore: holds what may have gone
    out since a backup was made, and says how many entries that were."""
    accounts = typer.Typer(help="Connect and look after accounts on the networks.", no_args_is_help=True)
    _add_account_commands(accounts, open_)
    account_care_commands.add_commands(accounts, open_)
    webhook_commands.add_account_commands(accounts, open_)
    webhook_commands.add_commands(cli, open_)
    account_change_commands.add_commands(accounts, open_)
    alarm_commands.add_commands(cli, open_)
    answer_commands.add_commands(cli, open_)
    duty_commands.add_commands(cli, open_)
    lead_commands.add_commands(cli, open_)
    cli.add_typer(accounts, name="accounts")
    people_commands.add_commands(cli, open_)
    places_commands.add_commands(cli, open_)
    profile_commands.add_commands(cli, open_)
    collect_commands.add_commands(cli, open_)
    _add_practice(cli)
    _add_doctor(cli, open_, checks)
    upkeep_commands.add_commands(cli, _settings, after_restore)
    audit_commands.add_commands(cli, open_)


def _add_account_commands(cli: typer.Typer, open_: OpenContext) -> None:
    @cli.command()
    def add(
        channel: Annotated[str, typer.Argument(help="x, facebook or alert.")],
        name: Annotated[str, typer.Option(help="What you and the commands call the account.")],
        credentials_file: Annotated[Path | None, typer.Option(help="JSON file; see docs/connecting.md.")] = None,
        handle: Annotated[str | None, typer.Option(help="The account's handle, without @.")] = None,
        page_id: Annotated[str | None, typer.Option(help="Number of the Facebook Page.")] = None,
        base_url: Annotated[str | None, typer.Option(help="Address in place of the network's own.")] = None,
        history: Annotated[str | None, typer.Option(help="Bring in its past posts, such as 84d or 12w.")] = None,
        by: _BY = KEEPER,
        as_json: _JSON = False,
    ) -> None:
        """Connect an account. Its credentials are sealed; then the network is asked whose they are.

        On a real network a second administrator has to confirm it first; on the practice network nobody has to."""
        reach = _span(history) if history else None
        if channel not in NETWORKS:
            raise InputError(f"There is no channel '{channel}'. Channels: {', '.join(NETWORKS)}.")
        if credentials_file is None:
            raise typer.BadParameter("give the file that holds the credentials", param_hint="--credentials-file")
        credentials = accounts_admin.read_credentials_file(credentials_file, channel)
        context = open_()
        account = accounts_admin.add_account(
            context,
            channel=channel,
            name=name,
            handle=handle,
            page_id=page_id,
            base_url=base_url,
            credentials=credentials,
            by=acting(context, by),
        )
        said = _Said(as_json)
        said.line(f"Account '{account.name}' is stored. Delete the credentials file if you do not need it elsewhere.")
        if account_changes.needs_two(account):
            said.line(account_changes.waits_sentence(account.name))
            said.finish(name=account.name, channel=account.channel, verified=False, waits=True)
            return
        profile = _try_to_verify(context, account.name, said)
        if profile is not None:
            _tell_agreement(context, account.name, said)
            if reach is not None:
                said.result["history"] = _try_history(context, account.name, reach, said)
        elif reach is not None:
            said.warn(f"Its past was not brought in. Then add `--history {history}` to `beatline accounts verify`.")
        said.finish(name=account.name, channel=account.channel, verified=profile is not None)

    @cli.command("list")
    def list_(as_json: _JSON = False) -> None:
        """Show the accounts, never their credentials."""
        with open_().database.read() as session:
            rows = [_shown(account) for account in list_accounts(session)]
        if as_json:
            typer.echo(json.dumps(rows, ensure_ascii=False))
        elif rows:
            _print_table(rows)
        else:
            typer.echo("No account yet. Run `beatline accounts add --help`.")

    @cli.command()
    def verify(
        name: _NAME,
        credentials_file: Annotated[Path | None, typer.Option(help="New credentials, kept if they are taken.")] = None,
        history: Annotated[str | None, typer.Option(help="Bring in its past posts, such as 84d or 12w.")] = None,
        by: _BY = KEEPER,
        as_json: _JSON = False,
    ) -> None:
        """Ask the network whose credentials these are, and store what it says. An account that trouble paused is active
        again. New credentials for a real network wait for a second administrator."""
        reach = _span(history) if history else None
        context = open_()
        credentials = None
        if credentials_file is not None:
            credentials = accounts_admin.read_credentials_file(credentials_file, _account(context, name).channel)
        person, said = acting(context, by), _Said(as_json)
        if credentials is not None and accounts_admin.change_credentials(context, name, credentials, person):
            said.line(account_changes.waits_sentence(name))
            said.finish(name=name, waits=True)
            return
        profile = accounts_admin.verify_account(context, name, credentials=credentials, by=person)
        said.line(_verified(name, profile))
        if reach is not None:
            said.result["history"] = _try_history(context, name, reach, said)
        said.finish(**asdict(profile))

    @cli.command()
    def agree(
        name: _NAME,
        reference: Annotated[str, typer.Option(help="Such as the contract number and its date.")],
        by: _BY = KEEPER,
        as_json: _JSON = False,
    ) -> None:
        """Record the written agreement with the network that allows reading what others wrote. On a real network a
        second administrator has to confirm it first."""
        context = open_()
        in_force = accounts_admin.record_agreement(context, name, reference, acting(context, by))
        done = {"account": name, "agreement_reference": reference, "waits": not in_force}
        told = f"Recorded. What others write to '{name}' is read from now on."
        told = told if in_force else account_changes.waits_sentence(name)
        typer.echo(json.dumps(done, ensure_ascii=False) if as_json else told)


def _add_practice(cli: typer.Typer) -> None:
    @cli.command()
    def practice(
        ctx: typer.Context,
        port: Annotated[int | None, typer.Option(help="Port (BEATLINE_PRACTICE_PORT).", min=0, max=65535)] = None,
        pace: Annotated[float | None, typer.Option(help="How much faster residents live.", min=0.001)] = None,
        seed: Annotated[int, typer.Option(help="Another seed, other residents.")] = 1,
        deliver_to: Annotated[
            str | None, typer.Option(help="Address on this machine that is told of what residents write on the Page.")
        ] = None,
        receipts_to: Annotated[
            str | None, typer.Option(help="Address on this machine that is told what became of messages by Notify.")
        ] = None,
        quiet: Annotated[bool, typer.Option("--quiet", help="Do not say how to connect to it.")] = False,
    ) -> None:
        """Run the practice network on this machine until Ctrl-C. It writes credentials files beside its state."""
        from social.practice.network import PracticeNetwork, run_practice
        from social.practice.webhooks import start_deliveries

        settings = _settings(ctx, practice_port=port, practice_pace=pace)
        folder = settings.home / "practice"

        def say_how_to_connect(network: PracticeNetwork) -> None:
            typer.echo(f"Practice network at {network.base_url}: nothing here reaches anyone. To connect to it:")
            add = f"  beatline accounts add {{}} --base-url {network.base_url} --credentials-file {quote(str(folder))}/{{}}.json"
            typer.echo(add.format(f"x --name practice-x --handle {network.handle}", "x"))
            typer.echo(add.format(f"facebook --name practice-facebook --page-id {network.page_id}", "facebook"))
            typer.echo(add.format("alert --name practice-alert", "alert"))
            sys.stdout.flush()

        def once_up(network: PracticeNetwork) -> None:
            if deliver_to is not None:
                start_deliveries(network, deliver_to, settings.facebook_app_secret)
            if receipts_to is not None:
                network.callbacks.deliver_to(receipts_to, network.credentials("alert")["notify_callback_token"])
                network.callbacks.start()
            if not quiet:
                say_how_to_connect(network)

        run_practice(folder, settings.practice_port, settings.practice_pace, seed, ready=once_up)


def _add_doctor(cli: typer.Typer, open_: OpenContext, checks: Sequence[Check]) -> None:
    @cli.command()
    def doctor(ctx: typer.Context, as_json: _JSON = False) -> None:
        """Say what is wrong and what to do about it. Ends with 1 when something is wrong."""
        settings = _settings(ctx)
        rows, findings = shown_settings(settings), examine(settings, open_, checks)
        wrong = any(finding.level is Level.WRONG for finding in findings)
        if as_json:
            document = {
                "ok": not wrong,
                "settings": [asdict(r) for r in rows],
                "findings": [asdict(f) for f in findings],
            }
            typer.echo(json.dumps(document, ensure_ascii=False))
        else:
            _print_table([asdict(row) for row in rows])
            for finding in findings:
                typer.echo(
                    f"{finding.level.value:5}  {finding.what}" + (f" {finding.advice}" if finding.advice else "")
                )
        if wrong:
            raise typer.Exit(1)


class _Said:
    """What a command has to tell: lines for people, or one document."""

    def __init__(self, as_json: bool) -> None:
        self._as_json = as_json
        self.result: dict[str, Any] = {"warnings": []}

    def line(self, text: str) -> None:
        if not self._as_json:
            typer.echo(text)

    def warn(self, text: str) -> None:
        self.result["warnings"].append(text)
        typer.echo(f"Warning: {text}", err=True)

    def finish(self, **values: Any) -> None:
        if self._as_json:
            typer.echo(json.dumps({**values, **self.result}, ensure_ascii=False, default=str))


def _try_to_verify(context: Context, name: str, said: _Said) -> Profile | None:
    try:
        profile = accounts_admin.verify_account(context, name)
    except BeatlineError as error:
        said.warn(
            f"{error} The account stays stored. Run `beatline accounts verify {quote(name)}` when that is mended."
        )
        return None
    said.line(_verified(name, profile))
    return profile


def _tell_agreement(context: Context, name: str, said: _Said) -> None:
    account = _account(context, name)
    if not accounts_admin.may_collect(account, context.channel(account)):
        said.warn(
            "This network's terms ask a public body for a written agreement before it reads what others wrote. "
            f"Until you record yours with `beatline accounts agree {quote(name)} --reference TEXT`, no replies are read. "
            f"`beatline accounts verify {quote(name)} --history 84d` brings in the past then."
        )


def _try_history(context: Context, name: str, reach: timedelta, said: _Said) -> dict[str, Any] | None:
    from social.collecting import import_history
    from social.web.terminal import progress_bar

    try:
        with progress_bar() as tell:
            report = import_history(
                context,
                _account(context, name),
                since=context.clock.now() - reach,
                progress=partial(tell, "Reading its past"),
            )
    except BeatlineError as error:
        said.warn(f"{error} Its past was not brought in whole; what was read is kept.")
        return None
    for problem in report.problems:
        said.warn(problem)
    said.line(f"Past posts: {report.posts}. Replies: {report.replies}. Figures: {report.figures}.")
    return asdict(report)


def _account(context: Context, name: str) -> Account:
    with context.database.read() as session:
        return account_named(session, name.strip())


def _verified(name: str, profile: Profile) -> str:
    who = f"@{profile.handle}" if profile.handle else profile.name
    followers = "" if profile.followers is None else f", {profile.followers:,} followers"
    return f"Verified: '{name}' is {who} (number {profile.platform_id}{followers})."


def _shown(account: Account) -> dict[str, Any]:
    """An account as it may be shown: everything but its credentials."""

    def moment(value: datetime | None) -> str | None:
        return value.isoformat() if value else None

    return {
        "name": account.name,
        "channel": account.channel,
        "handle": account.handle,
        "platform_id": account.platform_id,
        "base_url": account.base_url,
        "state": account.state,
        "paused_reason": account.paused_reason,
        "verified_at": moment(account.verified_at),
        "not_before": moment(account.not_before),
        "reading_paused_reason": account.reading_paused_reason,
        "reading_not_before": moment(account.reading_not_before),
        "agreement_reference": account.agreement_reference,
    }


def _print_table(rows: Sequence[dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table

    filled = [name for name in rows[0] if any(row[name] not in (None, "") for row in rows)]
    table = Table()
    for name in filled:
        table.add_column(name.replace("_", " ").capitalize(), overflow="fold")
    for row in rows:
        table.add_row(*("" if row[name] is None else str(row[name]) for name in filled))
    Console().print(table)


def _settings(ctx: typer.Context, **overrides: Any) -> Settings:
    """The settings without opening anything: `migrate` and `doctor` must work where nothing else does."""
    return load_settings(home=ctx.find_root().params.get("home"), **overrides)


def _span(text: str) -> timedelta:
    match = re.fullmatch(r"([1-9]\d{0,3})([dw])", text.strip())
    if not match:
        raise typer.BadParameter("give days or weeks, such as 84d or 12w", param_hint="--history")
    return timedelta(days=int(match[1]) * (7 if match[2] == "w" else 1))
