"""Makes the file of a report: asks whether the person may read figures, reads, writes, and leaves a record (R24)."""

import re
from dataclasses import dataclass

from insights.reports.document import Document, tables_in
from insights.reports.kinds import document_of
from insights.reports.request import KIND_NAMES, Format, Request
from social.context import Context
from social.exports import record_export
from social.staff import Action, Person, require


@dataclass(frozen=True)
class Made:
    """A file.  name: to save it under.  document: what stands in it."""

    name: str
    content: bytes
    document: Document


def read_report(context: Context, person: Person, request: Request) -> Document:
    """The report as it stands now.  Raises NotAllowed, or InputError when it cannot be made."""
    with context.database.read() as session:
        require(session, person, Action.READ_FIGURES)
        return document_of(session, request, context.clock.now(), tracking=context.settings.alert_tracking)


def make_report(context: Context, person: Person, request: Request, format_: Format) -> Made:
    """Read it and write the file.  Raises NotAllowed, or BeatlineError when it cannot be made."""
    return hand_over(context, person, request, read_report(context, person, request), format_)


def hand_over(context: Context, person: Person, request: Request, document: Document, format_: Format) -> Made:
    """The file of a report that was read, and a record that somebody took it.

    document: what `read_report` gave for the request, so that what was seen is what is taken.  Raises NotAllowed."""
    with context.database.read() as session:
        require(session, person, Action.READ_FIGURES)
    content = write(document, format_, context)
    record_export(context, person, f"report {request.kind}", sum(len(table.rows) for table in tables_in(document)))
    return Made(file_name(document, request, format_), content, document)


def write(document: Document, format_: Format, context: Context) -> bytes:
    """The document in that format.  Each format's library is loaded here, when somebody asks for it."""
    now = context.clock.now()
    if format_ is Format.HTML:
        from insights.reports.html import write_html

        return write_html(document)
    if format_ is Format.PDF:
        from insights.reports.pdf import write_pdf

        return write_pdf(document, now)
    if format_ is Format.WORD:
        from insights.reports.word import write_word

        return write_word(document, now)
    from insights.reports.sheet import write_sheet

    return write_sheet(document, now)


def file_name(document: Document, request: Request, format_: Format) -> str:
    """'quarterly-pack-copperbeck-2026-07-01-to-2026-09-30.pdf'."""
    title = document.title.removeprefix(f"{KIND_NAMES[request.kind]}: ")
    where = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60] or "report"
    kind = KIND_NAMES[request.kind].lower().replace(" ", "-")
    return f"{kind}-{where}-{request.since}-to-{request.until}.{format_}"
