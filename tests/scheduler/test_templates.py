"""Posts to begin with: the six that Beatline brings, and those that a force keeps."""

import re

import pytest
from sqlmodel import select

from scheduler.checks import FORM_CODES, run_checks
from scheduler.checks.base import About
from scheduler.subjects import subject_of
from scheduler.template_starters import STARTERS, Starter
from scheduler.templates import (
    TemplateInput,
    change_template,
    list_templates,
    retire_template,
    save_template,
    template_named,
)
from social.audit import AuditRecord
from social.errors import InputError, NotAllowed
from social.places import PlaceKind, find_or_add_place
from social.staff import Membership
from tests.scheduler.helpers import Force

pytestmark = pytest.mark.sqlite_only
_GAP = re.compile(r"\[insert[^\]]*\]")


@pytest.mark.parametrize("one", STARTERS, ids=lambda one: one.key)
def test_a_starter_names_the_right_numbers_and_waits_only_to_be_filled_in(one: Starter) -> None:
    """R15: whoever fills in the gaps has the reporting line right."""
    about = About(content_type=one.content_type)
    found = {finding.code for finding in run_checks(subject_of(one.text, None, (), about))}
    assert "PLACEHOLDER" in found
    filled = run_checks(subject_of(_GAP.sub("Hexley Moor", one.text), None, (), about))
    assert [finding for finding in filled if finding.level == "block" and finding.code not in FORM_CODES] == []
    assert "REPORT_LINE_HELPS" not in {finding.code for finding in filled}
    assert re.search(r"\b101\b", one.text)
    assert "999" in one.text


def test_an_appeal_starter_has_a_place_for_its_reference() -> None:
    appeals = [one for one in STARTERS if one.content_type.startswith("appeal_")]
    assert len(STARTERS) == 6
    assert len(appeals) == 2
    assert all("Quote [insert reference]" in one.text for one in appeals)


def test_a_template_is_kept_found_changed_retired_and_put_back(force: Force) -> None:
    context = force.context
    number = save_template(context, force.author, TemplateInput("Market day", "event", "The market is open."))
    with context.database.read() as session:
        assert [one.name for one in list_templates(session)][-1] == "Market day"
        assert list_templates(session)[0].is_starter
        assert [one.key for one in list_templates(session, search="MARKET open")] == [str(number)]
        assert template_named(session, str(number)).owner == force.author.name
        assert template_named(session, "witnesses").is_starter
    changed = TemplateInput(
        "Market day", "event", "The market opens at 9am.", link="https://woldershire.example/market"
    )
    change_template(context, force.supervisor, number, changed, version=1)
    with pytest.raises(InputError, match="Somebody changed this template"):
        change_template(context, force.author, number, changed, version=1)
    retire_template(context, force.author, number, version=2)
    with context.database.read() as session:
        assert "Market day" not in {one.name for one in list_templates(session)}
        assert [one.text for one in list_templates(session, retired=True)] == ["The market opens at 9am."]
        with pytest.raises(InputError, match="not there any more"):
            template_named(session, str(number))
    retire_template(context, force.author, number, version=3, back=True)
    with context.database.read() as session:
        assert template_named(session, str(number)).version == 4
        rows = session.exec(select(AuditRecord).where(AuditRecord.subject_kind == "template")).all()
    assert [row.action for row in rows] == ["save template", "change template", "retire template", "put template back"]
    assert "market" not in repr([(row.before, row.after) for row in rows]).lower()


def test_a_template_that_nobody_could_use_is_refused_with_every_reason(force: Force) -> None:
    with pytest.raises(InputError) as caught:
        save_template(force.context, force.author, TemplateInput(" ", "nonsense", "x" * 5_001))
    assert len(caught.value.problems) == 3
    save_template(force.context, force.author, TemplateInput("Market day", "event", "Open."))
    with pytest.raises(InputError, match="of that name already"):
        save_template(force.context, force.author, TemplateInput("Market day", "event", "Closed."))


def test_whoever_is_bound_to_an_area_keeps_templates_of_that_area_alone(force: Force) -> None:
    """R17."""
    context = force.context
    with context.database.write() as session:
        own = find_or_add_place(session, "Hexley Moor", PlaceKind.NEIGHBOURHOOD).id or 0
        other = find_or_add_place(session, "Stonemere", PlaceKind.NEIGHBOURHOOD).id or 0
        session.add(Membership(person_id=force.author.id or 0, place_id=own))
    save_template(context, force.author, TemplateInput("Market day", "event", "Open.", own))
    save_template(context, force.supervisor, TemplateInput("Fair", "event", "Open.", other))
    for place in (other, None):
        with pytest.raises(NotAllowed):
            save_template(context, force.author, TemplateInput("Fair", "event", "Open.", place))
    with context.database.read() as session:
        assert [one.place for one in list_templates(session, areas={own}, starters=False)] == ["Hexley Moor"]
