"""What is tracked stands alone: nothing of one machine, no registry's address; locks pin and hash everything."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.mail_settings import NEEDS_ROOT

ROOT = Path(__file__).parent.parent
# Written so that the pattern does not match its own line.
FOREIGN = re.compile(r"/wor[k]/|/roo[t]/|/hom[e]/[a-z]|pyp[i]\.org|pythonhoste[d]|registr[y]\.npmjs|de[b]ian\.org")
LOCKS = ("build", "run", "dev")


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_no_file_names_a_place_of_one_machine_or_a_registry() -> None:
    found = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {match[0]}" for match in FOREIGN.finditer(text)]
    assert found == []


def test_no_tracked_file_is_large() -> None:
    large = {path.name: path.stat().st_size for path in tracked() if path.stat().st_size > 2_000_000}
    assert large.pop("accurate.onnx", 0) < 30_000_000
    assert large == {}


def test_hooks_before_a_commit_fetch_nothing() -> None:
    text = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert re.findall(r"repo: (\S+)", text) == ["local"]
    assert set(re.findall(r"language: (\S+)", text)) == {"system"}


def lock(name: str) -> dict[str, list[tuple[Requirement, int]]]:
    """Package -> its pins (more than one where Python versions differ), each with its number of hashes."""
    text = (ROOT / f"requirements/{name}.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    pins: dict[str, list[tuple[Requirement, int]]] = {}
    for line in filter(str.strip, text.splitlines()):
        pin = Requirement(line.split("--hash")[0].strip())
        pins.setdefault(canonicalize_name(pin.name), []).append((pin, line.count("--hash=sha256:")))
    return pins


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_pins_one_version_of_each_package_with_its_hashes(name: str) -> None:
    pins = lock(name)
    assert pins
    for pin, hashes in (each for several in pins.values() for each in several):
        assert re.fullmatch(r"==[^,*]+", str(pin.specifier)), str(pin)
        assert hashes, str(pin)
        assert pin.url is None, str(pin)


def wanted(*, development: bool) -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    listed = list(project["project"]["dependencies"])
    if development:
        listed += project["project"]["optional-dependencies"]["postgresql"] + project["dependency-groups"]["dev"]
    return [Requirement(text) for text in listed]


@pytest.mark.parametrize(("name", "development"), [("run", False), ("dev", True)])
def test_a_lock_holds_whatever_the_project_asks_for(name: str, development: bool) -> None:
    pins = lock(name)
    for asked in wanted(development=development):
        versions = [str(pin.specifier).removeprefix("==") for pin, _ in pins.get(canonicalize_name(asked.name), [])]
        assert versions, f"{asked} is in no lock: run `make lock`"
        assert all(asked.specifier.contains(version, prereleases=True) for version in versions), str(asked)


def test_tests_run_on_the_very_versions_that_are_run() -> None:
    development = lock("dev")
    for name, pins in lock("run").items():
        assert [str(pin.specifier) for pin, _ in pins] == [str(pin.specifier) for pin, _ in development[name]], name


def test_every_dependency_that_is_run_has_a_lower_bound() -> None:
    for asked in wanted(development=True):
        assert any(clause.operator in {">=", "=="} for clause in asked.specifier), str(asked)


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_skipped_test_counts_as_failed_where_every_test_has_to_run(tmp_path: Path, workers: str) -> None:
    (tmp_path / "conftest.py").write_text((ROOT / "conftest.py").read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    left_out = "import pytest\n\n\n@pytest.mark.skipif(True, reason='no browser')\ndef test_it(): ...\n"
    (tmp_path / "test_left_out.py").write_text(left_out, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-n", workers, "-p", "no:cacheprovider"]
    lenient, strict = (
        subprocess.run([*command, *more], cwd=tmp_path, capture_output=True, text=True, timeout=120)
        for more in ([], ["--whole"])
    )
    assert lenient.returncode == 0, lenient.stdout + lenient.stderr
    assert strict.returncode == 1, strict.stdout + strict.stderr
    assert "1 skipped" in strict.stdout.splitlines()[-1]


def test_the_one_reason_to_leave_tests_out_is_the_one_that_is_given() -> None:
    assert f'NEEDS_ROOT = "{NEEDS_ROOT}"' in (ROOT / "conftest.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("script", [".ci/run", ".ci/chromium", ".ci/postgresql"])
def test_a_script_can_be_run_and_read_by_bash(script: str) -> None:
    assert (ROOT / script).stat().st_mode & 0o111
    assert subprocess.run(["bash", "-n", ROOT / script], check=False).returncode == 0
