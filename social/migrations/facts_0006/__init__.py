"""The triggers of revision 0006 that keep facts in the transaction that stores the news (docs/decisions/21).

Frozen with that revision: a later one that changes a table they read or write brings its own in place of these."""

from alembic import op

from social.migrations.facts_0006.dialects import DIALECTS
from social.migrations.facts_0006.filling import fill
from social.migrations.facts_0006.grouped import grouped_triggers
from social.migrations.facts_0006.rows import REPLIES_BY_ROW, row_triggers


def fill_facts() -> None:
    """Work out the facts of what is stored already."""
    for statement in fill(DIALECTS[op.get_bind().dialect.name]):
        op.get_bind().exec_driver_sql(statement)


def make_triggers() -> None:
    """Put all of them into the database that is being migrated."""
    dialect = DIALECTS[op.get_bind().dialect.name]
    for trigger in row_triggers(dialect):
        # PostgreSQL is told once a statement what SQLite is told row by row: a page of replies is one change there.
        if dialect.by_row or trigger.name not in REPLIES_BY_ROW:
            for statement in dialect.statements(trigger):
                op.get_bind().exec_driver_sql(statement)
    if not dialect.by_row:
        for statement in grouped_triggers(dialect):
            op.get_bind().exec_driver_sql(statement)
