"""How far a stream of X was read, so that reading can go on after a crash and nothing older is lost.

X hands out the newest first. The newest id is therefore a safe place to go on from only when every page behind it was
read; until then the cursor remembers the page that comes next."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Cursor:
    """since: everything up to this id was read.  newest, token: a read is under way that began at `newest` and goes
    on with page `token`; when it ends, `newest` becomes `since`."""

    since: str | None = None
    newest: str | None = None
    token: str | None = None

    @classmethod
    def parse(cls, text: str | None) -> "Cursor":
        """The cursor that `str()` made; an unknown form starts anew, which reads too much but loses nothing."""
        parts = (text or "").split("|")
        if len(parts) != 3:
            return cls()
        since, newest, token = (part or None for part in parts)
        return cls(since, newest, token)

    def after(self, newest: str | None, token: str | None) -> "Cursor":
        """The cursor once a page was read whose first post is `newest` and whose next page is `token`."""
        first = self.newest or newest
        if token is None:
            return Cursor(since=first or self.since)
        return Cursor(self.since, first, token)

    def restarted(self) -> "Cursor":
        """The page to go on with is not to be had any more: read everything after `since` again."""
        return Cursor(self.since)

    def __str__(self) -> str:
        return f"{self.since or ''}|{self.newest or ''}|{self.token or ''}"
