"""Reads what X takes in a query or a body, and refuses in X's words what it would refuse."""

from datetime import datetime
from typing import Any

from social.clock import as_utc
from social.practice import x_shapes as shapes
from social.practice.calls import Call
from social.practice.world import to_ms


def part_of_body(call: Call, name: str) -> dict[str, Any]:
    """An object inside the body, {} when it is left out."""
    part = call.body.get(name) or {}
    if not isinstance(part, dict) or not isinstance(part.get("media_ids", []), list):
        raise shapes.invalid(f"[{name}] is not what it should be", {name: [str(part)]})
    return part


def names(call: Call, parameter: str) -> set[str]:
    return {name for name in call.query.get(parameter, "").split(",") if name}


def is_id(given: str) -> bool:
    return given.isascii() and given.isdecimal() and len(given) <= 19


def page_size(call: Call, least: int, most: int) -> int:
    given = call.query.get("max_results", "10" if least < 100 else "100")
    if not given.isdecimal() or not least <= int(given[:9]) <= most:
        raise shapes.invalid(
            f"The `max_results` query parameter value [{given}] is not between {least} and {most}",
            {"max_results": [given]},
        )
    return int(given)


def read_token(token: str) -> str:
    try:
        return str(int(token.removeprefix("p"), 16))
    except ValueError:
        raise shapes.invalid("The pagination token is not valid.", {"next_token": [token]}) from None


def moment(call: Call, parameter: str) -> int | None:
    given = call.query.get(parameter)
    if not given:
        return None
    try:
        return to_ms(as_utc(datetime.fromisoformat(given.replace("Z", "+00:00"))))
    except ValueError:
        raise shapes.invalid(
            f"The `{parameter}` query parameter value [{given}] is no time", {parameter: [given]}
        ) from None
