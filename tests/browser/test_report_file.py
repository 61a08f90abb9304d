"""A report's web page in a real browser: axe finds nothing, a phone shows it whole, and no word of it runs or is fetched."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from insights import charts
from insights.reports.document import Bullets, Chart, Column, Definitions, Document, Heading, Paragraph, Table
from insights.reports.html import write_html
from tests.browser.test_replies import faults

pytestmark = pytest.mark.sqlite_only
HOSTILE = (
    "</title></style><script>document.title='run'</script><img src=https://beacon.invalid/p.png onerror=alert(1)> \" '"
)


def a_report() -> Document:
    columns = (Column("Area"), *(Column(f"Figure {number} of posts", "count", "accounts") for number in range(7)))
    table = Table("Posts by area", columns, ((HOSTILE, *range(1000, 8000, 1000)),), ("Medians.",), "the networks")
    bars = [charts.Bar(HOSTILE[:30], 0.2, "20%", 9), charts.Bar("Hexley Moor", 0.1, "10%", 8)]
    chart = Chart(HOSTILE, "Rate by area", charts.spec(charts.bars(bars, dark=False)), HOSTILE, table)
    blocks = (Heading("Posts"), Paragraph(HOSTILE, strong=True), table, chart, Bullets((HOSTILE,)),
              Heading("What the words mean"), Definitions((("Reach", HOSTILE),)))  # fmt: skip
    return Document("briefing", HOSTILE, "Woldershire Police", "May 2026", "As of now", (HOSTILE,), blocks)


def test_a_report_is_accessible_fits_a_phone_and_runs_nothing(chromium: Browser, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_bytes(write_html(a_report()))
    asked: list[str] = []
    page = chromium.new_page(viewport={"width": 360, "height": 740})
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.title().startswith(HOSTILE[:20]), "the words are there, and nothing of them ran"
    assert page.locator("script, img").count() == 0
    assert asked == [file.as_uri()]
    page.close()
