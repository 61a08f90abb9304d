"""The Graph API's error envelope."""

import hashlib

from social.practice.calls import Answer, Halt


def error_answer(
    code: int, message: str, *, status: int = 400, kind: str = "OAuthException", subcode: int | None = None,
    transient: bool = False, title: str | None = None,
) -> Answer:  # fmt: skip
    """An error as Graph words it: a number before the message for most codes, and a trace id."""
    error: dict[str, object] = {"message": message, "type": kind, "code": code}
    if subcode is not None:
        error["error_subcode"] = subcode
    if transient:
        error["is_transient"] = True
    if title is not None:
        error |= {"error_user_title": title, "error_user_msg": message}
    error["fbtrace_id"] = "A" + hashlib.sha256(f"{code}{message}".encode()).hexdigest()[:22]
    return Answer(status, {"error": error})


def graph_error(code: int, message: str, *, subcode: int | None = None, kind: str = "OAuthException") -> Halt:
    return Halt(error_answer(code, message, subcode=subcode, kind=kind))


def gone(object_id: str, method: str = "get") -> Halt:
    """Code 100, subcode 33: not there, not visible or not allowed; Graph does not say which."""
    message = (
        f"Unsupported {method} request. Object with ID '{object_id}' does not exist, cannot be loaded due to missing "
        "permissions, or does not support this operation. Please read the Graph API documentation at "
        "https://developers.facebook.com/docs/graph-api"
    )
    return graph_error(100, message, subcode=33, kind="GraphMethodException")


def bad_token(message: str = "Invalid OAuth access token - Cannot parse access token") -> Answer:
    return error_answer(190, message, status=401)
