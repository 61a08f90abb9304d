"""What a browser counts by while somebody types: the same tables that the channels count by, so that they cannot part."""

from typing import Any

from social.alerts.text_parts import text_rules


def counting_rules() -> dict[str, Any]:
    """As JSON can hold it; `views/composer/counting.js` is written for it."""
    from social.channels.x_text import weights

    return {**weights(), **text_rules()}
