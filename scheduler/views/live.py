"""What the parts of Write a post that run in the browser are told: accounts, limits and what the fields hold."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from scheduler.post_audience import AlertInput
from scheduler.views.composing import open_channel
from social.accounts import Account
from social.alerts.audience import AudienceSize
from social.alerts.text_parts import longest_settings_link
from social.channels.base import Channel
from social.context import Context
from social.views.words import NETWORKS, word

FOLDS: Final[Mapping[str, Mapping[str, int]]] = {"facebook": {"letters": 477, "lines": 5}}
"""About where a network folds a post in the stream, as seen there in 2026; no network promises it."""
WATCHED = ("w_text", "w_link", "w_alt", "w_appeal", "w_alert_subject")
LINK_STANDS_FOR = "(the resident's own link)"


def live_data(
    context: Context, chosen: Sequence[Account], state: Mapping[Any, Any], *, pictures: bool,
    alert: AlertInput | None = None, told: AudienceSize | None = None,
) -> dict[str, Any]:  # fmt: skip
    """For `composer.counts` and `composer.previews`.

    state: the session's values; those of fields that are not drawn are used.  pictures: whether the post shows one.
    told: how many residents the alert is for, None where nobody can say yet."""
    networks = [
        _network(context, account, channel, alert, told)
        for account in chosen
        if (channel := open_channel(context, account)) is not None
    ]
    return {
        "networks": networks,
        "pictures": pictures,
        "values": {key: str(state.get(key) or "") for key in WATCHED},
        "linkStandsFor": LINK_STANDS_FOR,
    }


def _network(
    context: Context,
    account: Account,
    channel: Channel,
    alert: AlertInput | None,
    told: AudienceSize | None,
) -> dict[str, Any]:
    texts = None
    if account.channel == "alert" and alert is not None and alert.urgent and channel.can.texts:
        texts = {
            "pence": context.settings.text_pence,
            "room": longest_settings_link(context.settings),
            "residents": told.by_text if told is not None else 0,
        }
    return {
        "channel": account.channel,
        "name": word(NETWORKS, account.channel),
        "account": account.name,
        "handle": f"@{account.handle}" if account.handle and account.channel == "x" else "",
        "most": channel.limits.text,
        "threads": channel.can.threads,
        "own": f"w_text_{account.channel}",
        "fold": FOLDS.get(account.channel),
        "texts": texts,
    }
