"""The Page's token: it may end, as it does when a password changes, and then only a person can make a new one."""

import secrets

from social.practice.calls import Halt
from social.practice.graph_errors import bad_token, error_answer
from social.practice.world import World

_KEPT, _ENDED = "facebook.page_access_token", "facebook.ended"
_NAME = "page_access_token"


def require_page(world: World, token: str) -> None:
    """Raises Halt with code 190 unless the token is the Page's of this moment."""
    if world.troubles.token_has_ended(world.clock.now()):
        end_token(world)
    if token != world.credentials["facebook"][_NAME]:
        raise Halt(bad_token())
    if world.store.get(_ENDED) == token:
        message = "Error validating access token: Session has expired."
        raise Halt(error_answer(190, message, status=401, subcode=463))


def is_good(world: World, token: str) -> bool:
    return token == world.credentials["facebook"][_NAME] and world.store.get(_ENDED) != token


def end_token(world: World) -> None:
    """The token is taken no more."""
    world.store.put(_ENDED, world.credentials["facebook"][_NAME])


def new_token(world: World) -> dict[str, str]:
    """What a person does at Facebook.  Returns the credentials; the old ones are worth nothing."""
    token = secrets.token_urlsafe(24)
    world.store.put(_KEPT, token)
    world.credentials["facebook"][_NAME] = token
    return dict(world.credentials["facebook"])
