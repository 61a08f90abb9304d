"""Words of outsiders where Streamlit takes Markdown alone: in the label of a link and under a chart.

Elsewhere `parts.outside`, `parts.heading` and tables show them; here every sign that Markdown or Streamlit would read as
more than a letter is put out of force, so that nothing is fetched and nothing is drawn."""

import re

_SIGNS = re.compile(r"([\\`*_{}\[\]<>#!|$:~=@&])")
"""What begins emphasis, links, pictures, HTML, headings, tables, formulas, colours, icons or an entity."""


def inert(text: str) -> str:
    """The text so that Markdown shows it as it is, on one line."""
    return _SIGNS.sub(r"\\\1", " ".join(text.split()))
