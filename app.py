"""Where Beatline's parts are put together: the views, the web application and the command line.

Nothing heavy is imported before it is needed: `beatline --help` never sees Streamlit, and a page never sees Typer."""

import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

    import streamlit as st
    import typer
    from sqlmodel import Session

    from social.context import Context
    from social.database import Database
    from social.doctor import Finding
    from social.jobs import Job
    from social.purging import Purger
    from social.settings import Settings

HERE = Path(__file__).resolve().parent
DEMO_HOME = Path("~/.beatline-demo")
ICON = HERE / "social/web/icon.png"


class View(NamedTuple):
    """One page.  path: in the address, '' for the first page.  group: heading in the sidebar, None to leave it out.
    icon: a Material symbol; Streamlit serves their font itself.  needs: name of the `staff.Action` asked for."""

    file: str
    title: str
    path: str
    group: str | None
    icon: str
    needs: str | None


VIEWS = (
    View("scheduler/views/today.py", "Today", "", "Plan", ":material/today:", None),
    View("scheduler/views/write.py", "Write a post", "write", "Plan", ":material/edit:", "PLAN"),
    View("scheduler/views/calendar.py", "Calendar", "calendar", "Plan", ":material/calendar_month:", None),
    View("scheduler/views/approvals.py", "Approvals", "approvals", "Plan", ":material/task_alt:", "APPROVE_LOCAL"),
    View("scheduler/views/library.py", "Library", "library", "Plan", ":material/photo_library:", None),
    View("scheduler/views/awareness.py", "Awareness days", "awareness", "Plan", ":material/event_upcoming:", None),
    View("scheduler/views/holds.py", "Holds", "holds", "Plan", ":material/front_hand:", None),
    View("scheduler/views/appeals.py", "Appeals", "appeals", "Plan", ":material/person_search:", None),
    View("scheduler/views/post.py", "Post", "post", None, ":material/article:", None),
    View("social/views/replies.py", "Replies", "replies", "Listen", ":material/forum:", "READ_REPLIES"),
    View("social/views/saved_answers.py", "Saved answers", "saved_answers", "Listen", ":material/bookmark:", "ANSWER"),
    View("social/views/letters.py", "Letters", "letters", "Listen", ":material/mail:", "READ_REPLIES"),
    View("social/views/leads.py", "Leads", "leads", "Listen", ":material/search_insights:", "HAND_OFF"),
    View("social/views/surveys.py", "Surveys", "surveys", "Alerts", ":material/ballot:", "READ_FIGURES"),
    View("social/views/residents.py", "Residents", "residents", "Alerts", ":material/groups:", "SIGN_UP_RESIDENTS"),
    View("insights/views/works.py", "What works", "works", "Learn", ":material/insights:", "READ_FIGURES"),
    View("insights/views/areas.py", "Areas", "areas", "Learn", ":material/map:", "READ_FIGURES"),
    View("insights/views/campaigns.py", "Campaigns", "campaigns", "Learn", ":material/flag:", "READ_FIGURES"),
    View("insights/views/alerts.py", "Alerts", "alerts", "Learn", ":material/campaign:", "READ_FIGURES"),
    View("insights/views/reports.py", "Reports", "reports", "Learn", ":material/summarize:", "READ_FIGURES"),
    View("social/views/health.py", "Accounts and health", "health", "Look after", ":material/monitor_heart:", None),
    View("social/views/requests.py", "Requests", "requests", "Look after", ":material/contact_page:", "ERASE"),
    View("social/views/people.py", "People", "people", "Look after", ":material/group:", "MANAGE_PEOPLE"),
    View("social/views/audit.py", "Audit", "audit", "Look after", ":material/fact_check:", "READ_AUDIT"),
    View("social/views/settings.py", "Settings", "settings", "Look after", ":material/settings:", None),
    View("social/views/help.py", "Help", "help", "Help", ":material/help:", None),
    View("scheduler/views/stops.py", "What Beatline stops", "stops", "Help", ":material/block:", None),
    View("social/views/accessibility.py", "Accessibility statement", "accessibility", "Help",
         ":material/accessibility_new:", None),
)  # fmt: skip


def main() -> None:
    """The pages: sign the person in, draw the sidebar, run the page that was asked for."""
    import streamlit as st

    from scheduler.views.hold_notice import hold_notice, pause_button, pause_button_on_a_phone
    from social.errors import BeatlineError
    from social.staff import Action
    from social.views import away, landing, parts, sign_in

    st.set_page_config(page_title="Beatline", page_icon=str(ICON), layout="wide")
    if "_pages" not in st.session_state:
        st.session_state["_pages"] = _pages()
    pages: Mapping[View, st.Page] = st.session_state["_pages"]
    chosen = st.navigation(list(pages.values()), position="hidden")
    st.set_page_config(page_title=f"{chosen.title} - Beatline")
    st.html(parts.STYLE)
    try:
        signed_in = sign_in.sign_in(parts.running(), f"/{chosen.url_path}")
    except BeatlineError as error:
        away.nothing_to_show(error)
        st.stop()
    if landing.begins_with_own_area(signed_in) and not chosen.url_path:
        own = next(page for view, page in pages.items() if view.path == "areas")
        st.switch_page(own, query_params={"as": st.query_params["as"]} if "as" in st.query_params else {})
    with st.sidebar:
        pause_button(signed_in)
        for group in dict.fromkeys(view.group for view in VIEWS if view.group):
            shown = [view for view in VIEWS if view.group == group]
            shown = [view for view in shown if view.needs is None or signed_in.may(Action[view.needs])]
            if shown:  # no heading over nothing
                st.caption(group)
            for view in shown:
                st.page_link(pages[view], icon=view.icon)
        parts.mend_uploaders()
        parts.close_menu_on_a_choice()
    pause_button_on_a_phone(signed_in)
    with parts.told():
        hold_notice(signed_in)
    chosen.run()


def _pages() -> "Mapping[View, st.Page]":
    """Every page, made once for a tab: Streamlit looks for the file of each whenever one is made."""
    import streamlit as st

    # A page's own icon would be fetched from a font server: it stays empty, and the links carry the icons.
    return {
        view: st.Page(HERE / view.file, title=view.title, url_path=view.path, icon="", default=not view.path)
        for view in VIEWS
    }


def asgi(settings: "Settings", *, watch: bool = False) -> "st.App":
    """The web application: pages, `/api/health`, `/api/ready` and the security headers.

    watch: for developers; files are watched and memory is not frozen."""
    import contextlib
    from collections.abc import AsyncIterator

    import streamlit as st
    from starlette.middleware import Middleware

    from scheduler.calendar_routes import calendar_routes
    from scheduler.worker_findings import worker_seen
    from social.sign_in_ways import require_usable
    from social.views import parts
    from social.web.gate import SignInGate
    from social.web.headers import SecurityHeaders
    from social.web.options import secrets_for
    from social.web.routes import api_routes
    from social.web.sign_in import sign_in_routes
    from social.web.warming import warm

    require_usable(settings)
    context = _open(settings)
    parts.provide(lambda: context)
    paths = frozenset(f"/{view.path}" for view in VIEWS)

    @contextlib.asynccontextmanager
    async def lifespan(_app: st.App) -> AsyncIterator[None]:
        warm([HERE / view.file for view in VIEWS], freeze=not watch)
        try:
            yield
        finally:
            context.database.close()

    return st.App(
        Path(__file__).resolve(),
        secrets=secrets_for(settings, context.vault),
        lifespan=lifespan,
        routes=[
            *api_routes(lambda: context, worker_seen, tell_condition),
            *calendar_routes(lambda: context),
            *sign_in_routes(lambda: context, paths),
        ],
        middleware=[
            Middleware(SecurityHeaders, page=Path(st.__file__).parent / "static/index.html"),
            Middleware(SignInGate, open_=lambda: context, paths=paths),
        ],
    )


def periodic_jobs() -> "tuple[Job, ...]":
    """Every slice's periodic work, in the order in which it builds on each other."""
    from insights.jobs import JOBS as INSIGHTS_JOBS
    from insights.reports.jobs import JOBS as REPORT_JOBS
    from scheduler.jobs import JOBS as SCHEDULER_JOBS
    from social.alerts.jobs import JOBS as ALERT_JOBS
    from social.collecting_jobs import JOBS as SOCIAL_JOBS
    from social.duty_jobs import JOBS as DUTY_JOBS
    from social.lead_jobs import JOBS as LEAD_JOBS
    from social.police_data_refresh import JOBS as POLICE_DATA_JOBS
    from social.retention_jobs import JOBS as RETENTION_JOBS
    from social.webhook_work import JOBS as DELIVERY_JOBS

    slices = (
        SCHEDULER_JOBS,
        SOCIAL_JOBS,
        INSIGHTS_JOBS,
        REPORT_JOBS,
        DUTY_JOBS,
        LEAD_JOBS,
        RETENTION_JOBS,
        DELIVERY_JOBS,
        ALERT_JOBS,
        POLICE_DATA_JOBS,
    )
    return tuple(job for jobs in slices for job in jobs)


DOCTORS = (
    "scheduler.worker_findings",
    "scheduler.condition",
    "scheduler.takedown_findings",
    "social.duty_findings",
    "social.alerts.sending_status",
    "social.found_within",
    "social.retention_findings",
    "social.gaps",
    "insights.reading.tiers",
    "scheduler.configured_kinds",
    "social.sign_in_findings",
    "social.alerts.public_findings",
    "social.alerts.letterbox_findings",
)
"""The modules whose `findings(context)` `beatline doctor` prints, in this order."""


def _finds(module: str) -> "Callable[[Context], Sequence[Finding]]":
    """The module's `findings`, imported when somebody asks."""
    return lambda context: tuple(import_module(module).findings(context))


def tell_condition(session: "Session", context: "Context") -> Mapping[str, Any]:
    """What stands in the queue, money and alarms, in numbers, for `/api/ready`."""
    from scheduler.condition import condition

    return condition(session, context.clock.now(), context.settings.home).as_json()


def _more_to_purge() -> "Sequence[Purger]":
    from scheduler.draft_ending import PURGERS as DRAFTS
    from scheduler.old_posts import PURGERS
    from social.alerts.letters_kept import PURGERS as LETTERS
    from social.alerts.residents_kept import PURGERS as RESIDENTS
    from social.alerts.survey_kept import PURGERS as SURVEYS

    return (*PURGERS, *DRAFTS, *RESIDENTS, *SURVEYS, *LETTERS)


def _after_restore(database: "Database", now: "datetime") -> int:
    from scheduler.restored import hold_what_may_have_gone_out

    return hold_what_may_have_gone_out(database, now)


class _LaterJobs(Sequence["Job"]):
    """The periodic jobs, imported when somebody looks: most commands never do."""

    def __getitem__(self, index: Any) -> Any:
        return periodic_jobs()[index]

    def __len__(self) -> int:
        return len(periodic_jobs())


def _open(settings: "Settings") -> "Context":
    from social.channels.registry import make_channel
    from social.context import open_context

    return open_context(settings, make_channel)


def _child(settings: "Settings", *arguments: str) -> list[str]:
    """The command line of a process of our own: this very file, so that no other `beatline` can slip in."""
    return [sys.executable, str(HERE / "app.py"), "--home", str(settings.home), *arguments]


def build_cli() -> "typer.Typer":
    """The command line, with every slice's own commands added."""
    from typing import Annotated

    import typer
    from typer.core import TyperGroup

    import insights.commands
    import scheduler.commands
    import social.alerts.letterbox_commands
    import social.alerts.resident_commands
    import social.alerts.survey_commands
    import social.commands
    import social.retention_commands
    import social.subject_commands
    from social.errors import BeatlineError
    from social.settings import load_settings

    class SaysWhatWentWrong(TyperGroup):
        """Turns our own errors into their sentence on stderr and exit code 1, for commands and tests alike."""

        def invoke(self, ctx: Any) -> Any:
            try:
                return super().invoke(ctx)
            except BeatlineError as error:
                typer.echo(str(error), err=True)
                raise typer.Exit(1) from error

    cli_app = typer.Typer(
        cls=SaysWhatWentWrong,
        help="Plans, publishes and understands a police force's neighbourhood posts.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    given: dict[str, Any] = {}
    opened: list[Context] = []

    @cli_app.callback()
    def top(
        ctx: typer.Context,
        home: Annotated[Path | None, typer.Option(help="Folder where all state lives (BEATLINE_HOME).")] = None,
    ) -> None:
        given["home"] = home
        ctx.call_on_close(close)
        if kinds := settings().content_types:  # rarely; the table of kinds is then no longer the built-in one
            from scheduler.configured_kinds import use_configuration

            use_configuration(kinds)

    def settings(**overrides: Any) -> "Settings":
        return load_settings(**{**given, **{name: value for name, value in overrides.items() if value is not None}})

    def open_() -> "Context":
        if not opened:
            opened.append(_open(settings()))
        return opened[0]

    def close() -> None:
        while opened:
            opened.pop().database.close()

    social.commands.add_commands(
        cli_app,
        open_,
        tuple(map(_finds, DOCTORS)),
        _after_restore,
    )
    social.retention_commands.add_commands(cli_app, open_, _more_to_purge)
    social.subject_commands.add_commands(cli_app, open_)
    social.alerts.resident_commands.add_commands(cli_app, open_)
    social.alerts.letterbox_commands.add_commands(cli_app, open_)
    social.alerts.survey_commands.add_commands(cli_app, open_)
    scheduler.commands.add_commands(cli_app, open_, _LaterJobs())
    insights.commands.add_commands(cli_app, open_)

    port_option = Annotated[int | None, typer.Option(help="Port of the app (BEATLINE_PORT).", min=0, max=65535)]
    host_option = Annotated[str | None, typer.Option(help="Address the app listens on (BEATLINE_HOST).")]

    @cli_app.command("app")
    def app_command(
        port: port_option = None,
        host: host_option = None,
        reload: Annotated[bool, typer.Option(help="Watch the files and reload; for developers.")] = False,
    ) -> None:
        """Serve the pages. `beatline run` starts the worker as well."""
        from social.web.options import run_options

        chosen = settings(port=port, host=host)
        typer.echo(f"Beatline: http://{chosen.host}:{chosen.port}", err=True)
        # The server would else take a caller's word for where it calls from, and sign-in looks at that.
        os.environ["FORWARDED_ALLOW_IPS"] = ""
        asgi(chosen, watch=reload).run(config=run_options(chosen, watch=reload))

    @cli_app.command()
    def run(port: port_option = None, host: host_option = None) -> None:
        """Start the worker and the app together; Ctrl-C stops both."""
        from social.people_commands import set_up_hint
        from social.web.processes import run_together

        chosen = settings(port=port, host=host)
        opened.append(_open(chosen))  # the schema is brought up to date once, here, and not by both at the same time
        if hint := set_up_hint(open_()):
            typer.echo(hint, err=True)
        close()
        commands = {
            "worker": _child(chosen, "worker"),
            "app": _child(chosen, "app", "--port", str(chosen.port), "--host", chosen.host),
        }
        raise typer.Exit(run_together(commands, environment=os.environ))

    @cli_app.command()
    def demo(
        home: Annotated[Path | None, typer.Option(help="Folder for the practice force.")] = None,
        once: Annotated[bool, typer.Option("--once", help="Do the whole job without a browser, report, end.")] = False,
        as_json: Annotated[
            bool, typer.Option("--json", help="With --once: one JSON object on standard output.")
        ] = False,
        port: port_option = None,
    ) -> None:
        """Set up a fictional force on the practice network and show it at work."""
        from insights.summary import summary
        from scheduler.demo.serving import serve
        from scheduler.demo.week import prepare
        from social.web.terminal import print_report, progress_bar

        if as_json and not once:
            raise typer.BadParameter("give --once as well: it prints one document and ends", param_hint="--json")
        chosen = settings(home=home or given.get("home") or os.environ.get("BEATLINE_HOME") or DEMO_HOME, port=port)
        with progress_bar() as tell:
            report = prepare(chosen, periodic_jobs(), summary, progress=tell)
        if once and as_json:
            typer.echo(json.dumps(report, ensure_ascii=False))
        elif once:
            print_report(report)
        else:
            raise typer.Exit(serve(chosen, _open, _child))

    return cli_app


def cli() -> None:
    """The console script `beatline`. What it loads stays: looking through it for garbage took a fifth of its start."""
    import gc

    gc.disable()
    commands = build_cli()
    gc.freeze()
    gc.enable()
    commands()


if __name__ == "__main__":
    # Streamlit runs this file as a script with every page; as a program of its own it is the command line.
    if "streamlit" in sys.modules and sys.modules["streamlit"].runtime.scriptrunner.get_script_run_ctx(True):
        main()
    else:
        cli()
