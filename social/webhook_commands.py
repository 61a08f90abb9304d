"""The commands about what networks deliver by themselves: `web` and `accounts subscribe`."""

from collections.abc import Callable
from typing import Annotated

import typer

from social.context import Context
from social.operators import KEEPER, acting
from social.webhook_accounts import subscribe_account

_PORT = Annotated[int | None, typer.Option(help="Port (BEATLINE_WEB_PORT).", min=0, max=65535)]
_HOST = Annotated[str | None, typer.Option(help="Address to listen on (BEATLINE_WEB_HOST).")]


def add_commands(cli: typer.Typer, open_: Callable[[], Context]) -> None:
    """Add `web`."""

    @cli.command()
    def web(port: _PORT = None, host: _HOST = None) -> None:
        """Serve what the outside may reach: the alert service's pages for residents, and what is delivered to us."""
        from social.alerts.public_findings import findings
        from social.sign_in_ways import web_proxy_networks
        from social.web.public import HOOK, public_app
        from social.web.public_page import HOME
        from social.web.public_server import serve

        context = open_()
        settings = context.settings
        chosen_host, chosen_port = host or settings.web_host, settings.web_port if port is None else port
        typer.echo(f"Residents' pages are at http://{chosen_host}:{chosen_port}{HOME}", err=True)
        if settings.facebook_app_secret:
            typer.echo(f"Facebook's deliveries are taken at http://{chosen_host}:{chosen_port}{HOOK}", err=True)
        else:
            typer.echo("Facebook's deliveries are not taken: BEATLINE_FACEBOOK_APP_SECRET is not set. Replies are "
                       "collected by looking all the same.", err=True)  # fmt: skip
        web_proxy_networks(settings)  # one that cannot be read is better known now than by every visitor
        for finding in findings(context):
            typer.echo(f"{finding.what} {finding.advice}".strip(), err=True)
        serve(public_app(lambda: context), chosen_host, chosen_port)


def add_account_commands(accounts: typer.Typer, open_: Callable[[], Context]) -> None:
    """Add `accounts subscribe`."""

    @accounts.command()
    def subscribe(
        name: Annotated[str, typer.Argument(help="Name of the account.")],
        by: Annotated[str, typer.Option(help="E-mail address of the administrator who decided it.")] = KEEPER,
    ) -> None:
        """Have the network tell us at once of what is new on an account, in place of waiting to be asked."""
        context = open_()
        subscribe_account(context, name, acting(context, by))
        typer.echo(f"The network tells us of what is new on '{name}' from now on.")
