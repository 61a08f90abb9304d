"""What every handler needs: the store, the clock, the two accounts, and how fast residents live."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime

from social.clock import Clock
from social.practice.limits import Windows
from social.practice.store import Store
from social.practice.troubles import Troubles

HANDLE = "WoldershirePol"
PAGE_NAME = "Woldershire Police"
NOTICE = "Practice network: nothing here reaches anyone"


@dataclass(frozen=True)
class World:
    """user_id, page_id: ids of the two accounts.  credentials: by channel.  admin: token of the practice switches.

    created_ms: when the folder was made, the end of its history.  refuses_repeats: the same words are not taken twice,
    as each network means it.  troubles: what goes wrong by itself.  asked: requests by network and purpose.
    sold: what X charges for, by day (UTC) and id: `own` for mentions, `listen` for what was searched or looked up."""

    store: Store
    clock: Clock
    pace: float
    windows: Windows
    user_id: str
    page_id: str
    credentials: dict[str, dict[str, str]]
    admin: str
    created_ms: int
    refuses_repeats: bool = True
    troubles: Troubles = field(default_factory=Troubles)
    asked: Counter[tuple[str, str]] = field(default_factory=Counter)
    sold: dict[tuple[int, str], str] = field(default_factory=dict)

    def now_ms(self) -> int:
        return to_ms(self.clock.now())

    def followers(self, network: str) -> int:
        """How many follow the account now: a slow, steady growth over the account's life."""
        days = max(self.now_ms() - self.created_ms, 0) / 86_400_000
        return int((41_200 + 9.5 * days) if network == "facebook" else (23_900 + 4.2 * days))


def to_ms(moment: datetime) -> int:
    """Whole milliseconds since 1970."""
    return round(moment.timestamp() * 1000)


def from_ms(moment_ms: int) -> datetime:
    return datetime.fromtimestamp(moment_ms / 1000, UTC)
