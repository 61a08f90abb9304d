"""The one door to twitter-text-parser, which counts as X counts and finds the links that X shortens.

The library reads its list of emoji through `pkg_resources`, which setuptools 82 dropped and Python never had. While the
library is imported, the one function that it uses stands in; that also spares a tenth of a second and a warning."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from types import ModuleType
from typing import Any


def _resource_string(module: str, name: str) -> bytes:
    """The content of a file that lies beside the module, as `pkg_resources.resource_string` gives it."""
    return files(module.rpartition(".")[0]).joinpath(name).read_bytes()


@contextmanager
def _without_setuptools() -> Iterator[None]:
    real = sys.modules.get("pkg_resources")
    stand_in = ModuleType("pkg_resources")
    vars(stand_in)["resource_string"] = _resource_string
    sys.modules["pkg_resources"] = stand_in
    try:
        yield
    finally:
        del sys.modules["pkg_resources"]
        if real is not None:
            sys.modules["pkg_resources"] = real


with _without_setuptools():
    from twitter_text import extract_urls_with_indices, parse_tweet
    from twitter_text.config import config
    from twitter_text.regexp.extract_url import extract_url
    from twitter_text.regexp.valid_ascii_domain import valid_ascii_domain

__all__ = ["extract_urls_with_indices", "parse_tweet", "weights"]


def weights() -> dict[str, Any]:
    """What `parse_tweet` counts by, as JSON can hold it, so that a browser can count the same while somebody types."""
    used = config["defaults"]
    return {
        "links": extract_url.pattern,
        "domain": valid_ascii_domain.pattern,
        "linkLength": used["transformed_url_length"],
        "scale": used["scale"],
        "otherWeight": used["default_weight"],
        "ranges": [[one["start"], one["end"], one["weight"]] for one in used["ranges"]],
    }
