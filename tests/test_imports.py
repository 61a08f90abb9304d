"""Who may import whom, and which one module may import each client library (docs/architecture.md)."""

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SLICES = ("social", "scheduler", "insights")
DOORS = {
    "tweepy": ("social/channels/x.py",),
    "notifications_python_client": ("social/alerts/notify_client.py",),
    "facebook": ("social/channels/facebook.py",),
    "twitter_text": ("social/channels/x_text.py",),
    "apscheduler": ("scheduler/worker.py",),
    "textblob": ("insights/reading/",),
    "imapclient": ("social/alerts/letterbox_imap.py",),
    "typst": ("insights/reports/pdf.py",),
    "docx": ("insights/reports/word.py",),
    "openpyxl": ("insights/reports/sheet.py",),
    "vl_convert": ("insights/reports/drawing.py",),
    "font_source_sans_pro": ("insights/reports/drawing.py",),
    "onnxruntime": ("insights/reading/encoder.py",),
    "scipy": ("insights/distributions.py",),
    "streamlit": ("app.py", "social/views/", "scheduler/views/", "insights/views/"),
}


def modules() -> list[Path]:
    return [ROOT / "app.py", *(path for name in SLICES for path in sorted((ROOT / name).rglob("*.py")))]


@cache
def imported(path: Path) -> tuple[str, ...]:
    """Every absolute module name that the file imports, wherever in the file it does so."""
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found += (node.module, *(f"{node.module}.{alias.name}" for alias in node.names))
    return tuple(found)


def importers(library: str) -> set[str]:
    return {
        path.relative_to(ROOT).as_posix()
        for path in modules()
        if any(name.split(".")[0] == library for name in imported(path))
    }


@pytest.mark.parametrize("library", DOORS)
def test_a_library_is_imported_through_its_one_door(library: str) -> None:
    strays = {path for path in importers(library) if not path.startswith(DOORS[library])}
    assert not strays, f"{library} belongs in {' or '.join(DOORS[library])}"


@pytest.mark.parametrize("library", DOORS)
def test_every_door_is_in_use(library: str) -> None:
    assert importers(library)


def test_nothing_but_a_view_imports_a_view_and_nothing_the_entry_point() -> None:
    strays = {
        (path.relative_to(ROOT).as_posix(), name)
        for path in modules()
        if "views" not in path.parts and path.name != "app.py"
        for name in imported(path)
        if name.split(".")[0] == "app" or (name.split(".")[0] in SLICES and "views" in name.split("."))
    }
    assert not strays


def test_no_folder_is_called_pages() -> None:
    """Streamlit serves whatever lies in a folder of that name beside the entry point, before any sign-in."""
    assert not [path for name in SLICES for path in (ROOT / name).rglob("pages")]
    assert not (ROOT / "pages").exists()


def test_every_import_is_absolute() -> None:
    relative = {
        path.relative_to(ROOT).as_posix()
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.level
    }
    assert not relative


def test_the_import_contracts_hold() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_command_line_starts_without_loading_what_only_pages_and_clients_need() -> None:
    heavy = "streamlit", "pandas", "tweepy", "textblob", "altair", "typst", "docx", "openpyxl", "vl_convert"
    program = f"import app, sys; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr
