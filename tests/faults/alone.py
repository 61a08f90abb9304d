"""The campaign in namespaces of its own: what it mounts and wires together there ends with it, however it ends.

Root may have them, and on most systems others may too. Where nobody may, the campaign goes on without: a cut line is
then played by a relay, and a full disk by a limit on the length of files."""

import os
import shutil
import subprocess
import sys

_MARK = "BEATLINE_FAULTS_ALONE"
_WAYS = (
    ("unshare", "--mount", "--net"),
    ("unshare", "--user", "--map-current-user", "--keep-caps", "--mount", "--net"),
)
_TRIAL = (
    "set -e; ip link set lo up; mount -t tmpfs none /mnt; unshare --net sleep 5 & keeper=$!; sleep 0.2; "
    "ip link add near1 type veth peer name far1 netns $keeper; nsenter -t $keeper -n ip link set far1 up; kill $keeper"
)
"""Fails where any of it is refused."""


def go_alone(module: str, *more: str) -> None:
    """Start the module again in namespaces of its own, where that can be done; else return, as it does there.

    more: arguments added to those that this process was given."""
    if _MARK in os.environ:
        if is_alone():
            subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        return
    os.environ[_MARK] = ""
    for way in _WAYS:
        if shutil.which("ip") and shutil.which("unshare") and _works(way):
            os.environ[_MARK] = "yes"
            os.execvp(way[0], [*way, sys.executable, "-m", module, *sys.argv[1:], *more])


def is_alone() -> bool:
    """Whether this process may mount and wire as it likes."""
    return bool(os.environ.get(_MARK))


def _works(way: tuple[str, ...]) -> bool:
    tried = subprocess.run([*way, "sh", "-c", _TRIAL], capture_output=True, check=False)
    return tried.returncode == 0
