"""What networks charge, by their price lists; the amounts are settings. X charges by the post, sent or read.

Prices of X read in August 2026 at https://docs.x.com/x-api/getting-started/pricing, at 80 pence to the dollar."""

import re
from dataclasses import dataclass

from social.accounts import Account
from social.budgets import MILLI, Bought, Price
from social.channels.base import Draft
from social.settings import Settings

CHARGING = frozenset({"x", "alert"})
"""Networks that charge for what they are asked; alerts cost only what goes as a text message."""
FOR_SOME = frozenset({"alert"})
"""Those of them where most posts cost nothing, so that a spent budget does not close the account."""
_LOOKS_LIKE_A_LINK = re.compile(r"https?://|\b[\w-]+\.(?:[a-z]{2,3}\b|[a-z]{4,}/)", re.IGNORECASE)


def price_of_post(account: Account, draft: Draft, settings: Settings) -> Price | None:
    """What publishing this may cost at the most; None where the network charges nothing.

    What only looks like a link counts as one: X decides, and a link costs more than ten times as much."""
    if account.channel not in CHARGING:
        return None
    if account.channel == "alert":
        return _price_of_texts(draft, settings)
    with_link = bool(draft.link) or bool(_LOOKS_LIKE_A_LINK.search(draft.text))
    pence = settings.x_link_post_pence if with_link else settings.x_post_pence
    pence += settings.x_other_pence * sum(1 for picture in draft.pictures if picture.alt_text)
    return Price(Bought.POST, milli(pence))


def _price_of_texts(draft: Draft, settings: Settings) -> Price | None:
    from social.alerts.text_parts import price_of_texts

    alert = draft.alert
    if alert is None or not alert.texts:
        return None
    money = price_of_texts(
        draft.text, draft.link, alert.texts, settings, subject=alert.subject, reference=alert.reference
    )
    return Price(Bought.POST, money)


def milli(pence: float) -> int:
    """Thousandths of a penny."""
    return round(pence * MILLI)


@dataclass(frozen=True)
class Charge:
    """What a request costs by what it brings.  each: thousandths of a penny a post.  most: posts that it may bring.
    asked: ids of the posts that are asked for, where they are known before; X charges for a post once a day (UTC)."""

    bought: Bought
    each: int
    most: int
    asked: tuple[str, ...]
