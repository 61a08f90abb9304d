"""Ids in the manner of each network, made so that a reply's id leads back to its post without any table.

X ids hold their time, so that `since_id` works as it does there: milliseconds since X's epoch, then 22 bits, here the
post's number (16 bits) and the place of the reply under it (6 bits, 0 is the post itself)."""

X_EPOCH_MS = 1288834974657
MOST_REPLIES = 63
_REPLY_PLACES = 59
"""The places of replies in an id: above them are those of quotes. More replies share them and differ by their time."""
_FACEBOOK_POST = 122_100_000_000_000_000
_FACEBOOK_COMMENT = 700_000_000_000_000
_FACEBOOK_ANSWER = 900_000_000_000_000


def x_id(created_ms: int, number: int, index: int = 0) -> str:
    """The id of post `number` (index 0), or of what stands at place `index` under it, 1 to 63, made at `created_ms`."""
    return str(((created_ms - X_EPOCH_MS) << 22) | ((number & 0xFFFF) << 6) | index)


def x_reply_id(created_ms: int, number: int, index: int) -> str:
    """The id of the reply `index`, from 1 on, under post `number`."""
    return x_id(created_ms, number, (index - 1) % _REPLY_PLACES + 1)


def x_time(platform_id: str) -> int:
    """When an X id was made, in milliseconds since 1970.  Raises ValueError when it is no number."""
    return (int(platform_id) >> 22) + X_EPOCH_MS


def x_parts(platform_id: str) -> tuple[int, int]:
    """(the post's number modulo 65,536, the place of the reply under it)."""
    low = int(platform_id) & 0x3FFFFF
    return low >> 6, low & 0x3F


def x_oldest(moment_ms: int) -> str:
    """The smallest id that could have been made at that moment."""
    return str(max(moment_ms - X_EPOCH_MS, 0) << 22)


def facebook_post_part(number: int) -> str:
    return str(_FACEBOOK_POST + number * 1009)


def facebook_comment_id(number: int, index: int) -> str:
    """The id of a resident's comment `index` under post `number`."""
    return f"{facebook_post_part(number)}_{_FACEBOOK_COMMENT + index * 13}"


def facebook_answer_id(number: int, answer: int) -> str:
    """The id of our own comment, kept as row `answer`, under post `number`."""
    return f"{facebook_post_part(number)}_{_FACEBOOK_ANSWER + answer}"
