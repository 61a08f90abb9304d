"""Where the two databases spell one thing differently."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Trigger:
    """One trigger that fires for every row.  event: such as 'AFTER INSERT'.  of: columns that must be set.
    when: a condition on OLD and NEW, or ''.  body: statements."""

    name: str
    event: str
    table: str
    body: Sequence[str]
    when: str = ""
    of: Sequence[str] = field(default=())

    def head(self) -> str:
        columns = f" OF {', '.join(self.of)}" if self.of else ""
        return f"CREATE TRIGGER {self.name} {self.event}{columns} ON {self.table} FOR EACH ROW" + (
            f" WHEN ({self.when})" if self.when else ""
        )


class SQLite:
    by_row = True

    def statements(self, trigger: Trigger) -> list[str]:
        return [f"{trigger.head()} BEGIN {'; '.join(trigger.body)}; END"]

    def later(self, moment: str, seconds: int) -> str:
        """The moment so many seconds after, as text that sorts with what SQLAlchemy stores."""
        return f"strftime('%Y-%m-%d %H:%M:%f', {moment}, '+{seconds} seconds') || '000'"

    def differs(self, one: str, other: str) -> str:
        return f"{one} IS NOT {other}"

    def _local(self, moment: str) -> str:
        """Wall clock in London: from the last Sunday of March to that of October, at 01:00 UTC, an hour ahead."""
        spring, autumn = (
            f"date(substr({moment}, 1, 4) || '-{day}', 'weekday 0') || ' 01:00:00'" for day in ("03-25", "10-25")
        )
        ahead = f"CASE WHEN {moment} >= {spring} AND {moment} < {autumn} THEN '+1 hour' ELSE '+0 hours' END"
        return f"datetime(substr({moment}, 1, 19), {ahead})"  # whole seconds: SQLite would round the last one up

    def week(self, moment: str) -> str:
        return f"date({self._local(moment)}, '-6 days', 'weekday 1')"

    def weekday(self, moment: str) -> str:
        return f"(CAST(strftime('%w', {self._local(moment)}) AS INTEGER) + 6) % 7"

    def hour(self, moment: str) -> str:
        return f"CAST(strftime('%H', {self._local(moment)}) AS INTEGER)"

    def minutes(self, start: str, end: str) -> str:
        """Minutes between two moments, to a thousandth, never below 0."""
        return f"max(0.0, round((julianday({end}) - julianday({start})) * 1440, 3))"


class PostgreSQL:
    by_row = False

    def statements(self, trigger: Trigger) -> list[str]:
        returned = "OLD" if "DELETE" in trigger.event else "NEW"
        return [
            f"CREATE FUNCTION {trigger.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"{'; '.join(trigger.body)}; RETURN {returned}; END $$",
            f"{trigger.head()} EXECUTE FUNCTION {trigger.name}()",
        ]

    def later(self, moment: str, seconds: int) -> str:
        return f"{moment} + interval '{seconds} seconds'"

    def differs(self, one: str, other: str) -> str:
        return f"{one} IS DISTINCT FROM {other}"

    def _local(self, moment: str) -> str:
        return f"({moment} AT TIME ZONE 'Europe/London')"

    def week(self, moment: str) -> str:
        return f"date_trunc('week', {self._local(moment)})::date"

    def weekday(self, moment: str) -> str:
        return f"extract(isodow FROM {self._local(moment)})::int - 1"

    def hour(self, moment: str) -> str:
        return f"extract(hour FROM {self._local(moment)})::int"

    def minutes(self, start: str, end: str) -> str:
        return f"greatest(0, round((extract(epoch FROM {end} - {start}) / 60)::numeric, 3))::float8"


Dialect = SQLite | PostgreSQL
DIALECTS: dict[str, Dialect] = {"sqlite": SQLite(), "postgresql": PostgreSQL()}
