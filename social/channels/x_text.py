"""The one door to twitter-text-parser, which counts as X counts and finds the links that X shortens.

The library reads its list of emoji through `pkg_resources`, which setuptools 82 dropped and Python never had. While the
library is imported, the one function that it uses stands in; that also spares a tenth of a second and a warning."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from types import ModuleType


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

__all__ = ["extract_urls_with_indices", "parse_tweet"]
