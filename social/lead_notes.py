"""The note that goes to a desk with a lead, as text and as HTML: what was said, where, when, and what came with it.

It leaves only as a download by a person, each on record (R24). No mail holds a word of it. It names no resident: the
network finds the writer by the reply's number, on the force's lawful request."""

from datetime import datetime
from html import escape

from social.attachment_kinds import SUFFIXES, WORDS
from social.clock import as_local
from social.lead_views import AttachmentView, LeadView

_NETWORKS = {"x": "X", "facebook": "Facebook", "alert": "the alert service"}


def note_lines(lead: LeadView) -> list[tuple[str, str]]:
    """(heading, words) of the note, in order."""
    network = _NETWORKS.get(lead.channel, lead.channel)
    return [
        ("Lead", str(lead.id)),
        ("Appeal", lead.reference or "none"),
        ("Area", lead.place or "the whole force"),
        ("Desk", lead.desk or "not handed off yet"),
        ("Handed off", f"{said(lead.handed_off_at)} by {lead.handed_off_by}" if lead.handed_off_at else "not yet"),
        ("Receipt", f"{lead.receipt}, {said(lead.receipt_at)}" if lead.receipt else "none yet"),
        ("Written", f"{said(lead.written_at)}, on {network}, under the post of the account {lead.account}"),
        ("Link of the post", lead.url or "none"),
        ("Number of the reply", lead.platform_id),
        ("What was written", lead.text),
        ("Where", _sure(lead.place_words, lead)),
        ("When", _sure(span_in_words(lead.seen_from, lead.seen_to), lead)),
        ("What came with it", "\n".join([_attached(one) for one in lead.attachments if one.kind != "link"]) or "nothing"),
        ("Links, to be opened with care", "\n".join(lead.links) or "none"),
        ("Note", lead.note or "none"),
        ("Kept until", said(lead.purge_at)),
    ]  # fmt: skip


def note_as_text(lead: LeadView) -> str:
    """The note as plain text; words of more than one line are set in."""
    blocks = []
    for heading, words in note_lines(lead):
        lines = words.splitlines() or [""]
        blocks.append(f"{heading}: {lines[0]}" if len(lines) == 1 else f"{heading}:\n  " + "\n  ".join(lines))
    return "\n".join(["HAND-OFF NOTE: police, law enforcement purpose", "", *blocks]) + "\n"


def note_as_html(lead: LeadView) -> str:
    """The note as one page that loads nothing: every word escaped, no link to press, no picture."""
    rows = "".join(
        f'<tr><th scope="row">{escape(heading)}</th><td>{escape(words)}</td></tr>'
        for heading, words in note_lines(lead)
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Hand-off note</title>'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        "<style>body{font-family:Arial,sans-serif}th{text-align:left;vertical-align:top;padding:.3em 1em .3em 0}"
        "td{white-space:pre-wrap;overflow-wrap:anywhere}</style></head><body>"
        f"<h1>Hand-off note</h1><p>Police, law enforcement purpose.</p><table>{rows}</table></body></html>"
    )


def span_in_words(start: datetime | None, end: datetime | None) -> str | None:
    """'1 June 2026, 22:00 to 23:00 BST': local time with its zone, so that the doubled hour in autumn is clear."""
    if start is None:
        return None
    if end is None or end == start:
        return said(start)
    first, last = as_local(start), as_local(end)
    if first.date() == last.date() and first.tzname() == last.tzname():
        return f"{_day(first)}, {first:%H:%M} to {last:%H:%M} {last.tzname()}"
    return f"{said(start)} to {said(end)}"


def said(moment: datetime | None) -> str:
    """'1 June 2026, 22:00 BST'."""
    if moment is None:
        return "not known"
    local = as_local(moment)
    return f"{_day(local)}, {local:%H:%M} {local.tzname()}"


def _day(local: datetime) -> str:
    return f"{local.day} {local:%B %Y}"


def _sure(words: str | None, lead: LeadView) -> str:
    if not words:
        return "not said"
    return words if lead.confirmed else f"{words} (picked out of the words by Beatline, not confirmed)"


def _attached(one: AttachmentView) -> str:
    if not one.held:
        return f"{one.number}: a {one.kind}, not fetched"
    details = ", holds the camera's details" if one.has_details else ""
    name = f"attachment-{one.number}.{SUFFIXES.get(one.found or '', 'bin')}"
    return f"{one.number}: {name}, {WORDS.get(one.found or '', 'file')}, {one.size or 0:,} bytes, SHA-256 {one.sha256}{details}"
