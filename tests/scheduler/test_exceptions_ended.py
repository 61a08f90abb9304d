"""A senior lead's decision that a name may be given holds until somebody ends it (R01)."""

import pytest
import typer
from typer.testing import CliRunner

from scheduler.cases import NameException
from scheduler.commands import add_commands
from scheduler.jobs import JOBS
from social.errors import InputError, NotAllowed
from tests.scheduler.helpers import Force

pytestmark = pytest.mark.sqlite_only
CORPORATE = "corporate@woldershire.example"


def run(force: Force, *words: str) -> str:
    cli = typer.Typer()
    add_commands(cli, lambda: force.context, JOBS)
    done = CliRunner().invoke(cli, ["case", "except", *words], catch_exceptions=False)
    return done.stdout


def test_an_exception_is_ended_by_its_number(force: Force) -> None:
    run(force, "WD-5", "--decided-by", "Chief", "--reason", "Danger.")
    with pytest.raises(InputError, match="by its number alone"):
        run(force, "WD-5", "--end", "1", "--reason", "Found.", "--by", CORPORATE)
    with pytest.raises(InputError, match="Say why"):
        run(force, "--end", "1", "--by", CORPORATE)
    with pytest.raises(NotAllowed):
        run(force, "--end", "1", "--reason", "Found.", "--by", "author@woldershire.example")
    said = run(force, "--end", "1", "--reason", "Found.", "--by", CORPORATE)
    assert said == "Exception 1 is ended. A name stops a post again.\n"
    with force.context.database.read() as session:
        assert session.get_one(NameException, 1).ended_at == force.clock.now()
    with pytest.raises(InputError, match="no such exception in force"):
        run(force, "--end", "1", "--reason", "Found.", "--by", CORPORATE)
