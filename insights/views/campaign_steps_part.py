"""The steps in which a campaign is written: its aim, where and when, and the stages of SARA. One column and plain fields,
so that it can be done on a phone."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import streamlit as st

from insights.cause_words import cause_warning
from social.campaign_writing import (
    LONGEST_NAME,
    LONGEST_WORDS,
    CampaignInput,
    change_campaign,
    input_of,
    plan_campaign,
)
from social.campaigns import Campaign
from social.errors import BeatlineError, InputError
from social.places import place_choices
from social.priorities import Priority, priorities_of
from social.staff import Action, home_of, who_may
from social.views.begun import Begun, begun
from social.views.parts import Page, done, later, problems, told

CAMPAIGNS_PAGE = "insights/views/campaigns.py"
STEPS = {
    1: ("title", "aim", "audience", "objective", "priority", "priority_id", "purpose"),
    2: ("areas", "comparison_place_id", "comparison", "starts_on", "ends_on", "owner_id"),
    3: ("scanning", "analysis"),
    4: ("response", "feedback_plan"),
}
"""What each step asks, by the fields of `CampaignInput`."""
FIRST_FIELDS = {1: "c_aim", 2: "c_from", 3: "c_scanning", 4: "c_response"}
"""What the key of one field of each step begins with."""
Step = dict[str, object]
"""What a step says, by its fields."""
OWN_WORDS = 0
"""In the choice of a priority: none on record."""


def new_campaign(page: Page) -> None:
    """The form for a new plan; the address may hold the name that posts carry already."""
    wanted = st.query_params.get("plan", "")[:LONGEST_NAME]
    opened = st.expander("Plan a campaign", icon=":material/add:", expanded=bool(wanted))
    with opened, st.form("new_campaign", border=False):
        name = st.text_input("Name on posts", wanted, key="c_new_name", max_chars=LONGEST_NAME,
                             help="Posts carry it, and it is never changed. Short: sheds_2026.")  # fmt: skip
        title = st.text_input("Title for people", key="c_new_title", max_chars=LONGEST_NAME)
        areas = _areas(page, _own(page), "c_new_areas")
        pressed = st.form_submit_button("Save the plan", type="primary")
    if pressed:
        try:
            _require_areas(page, areas)
            number = plan_campaign(page.context, page.person, CampaignInput(name, title, areas=areas))
        except BeatlineError as error:
            problems(error)
        else:
            later("The plan is saved. Say step by step what it is for.")
            st.switch_page(CAMPAIGNS_PAGE, query_params={"campaign": str(number)})


def steps(page: Page, campaign: Campaign, *, compared: bool) -> None:
    """What it is for, one step after the other; each is saved by itself."""
    with page.read() as session:
        given = input_of(session, campaign)
    st.header("What it is for", anchor=False)
    drawn: dict[str, Callable[[str, CampaignInput], CampaignInput | None]] = {
        "1. Aim and audience": partial(_aim, page),
        "2. Where, when, who": partial(_where, page),
        "3. Scanning and analysis": _scanning,
        "4. Response and feedback": partial(_response, compared=compared),
    }
    for number, (label, draw) in enumerate(drawn.items(), 1):
        with st.expander(f"{label}{'' if _filled(given, number) else ' (to do)'}"):
            form = _begun(campaign, given, number)
            seen = form.record or {}
            changed = draw(form.key, replace(given, **seen))  # type: ignore[arg-type]  # fields of its own
        if changed is not None:
            save = partial(change_campaign, page.context, page.person, campaign.id or 0, changed, seen=seen)
            done(form.saved(save), "The change is saved.")


def _begun(campaign: Campaign, given: CampaignInput, number: int) -> Begun[Step]:
    """Each step by itself: what is typed in one stays there when something else of the campaign changes."""
    now: Step = {name: getattr(given, name) for name in STEPS[number]}
    return begun(FIRST_FIELDS[number], str(campaign.id), now, version=None)


def _filled(given: CampaignInput, step: int) -> bool:
    needed = {1: (given.aim, given.audience, given.purpose), 2: (given.starts_on,), 3: (given.scanning, given.analysis),
              4: (given.response, given.feedback_plan)}  # fmt: skip
    return all(needed[step])


def _aim(page: Page, key: str, given: CampaignInput) -> CampaignInput | None:
    known = _priorities(page, given.areas)
    with st.form(f"c_aim_form_{key}", border=False):
        title = st.text_input("Title for people", given.title, key=f"c_title_{key}", max_chars=LONGEST_NAME)
        aim = _words("Aim: what shall be different", given.aim, f"c_aim_{key}")
        audience = _words("Audience: whom it is for", given.audience, f"c_audience_{key}")
        objective = _words("Objective: how much, by when", given.objective, f"c_objective_{key}")
        options = [OWN_WORDS, *known]
        at = options.index(given.priority_id) if given.priority_id in options else 0
        number = st.selectbox("Priority of the neighbourhood that it serves", options, index=at, key=f"c_priority_{key}",
                              format_func=lambda n: known[n].issue if n else "None on record, or in own words")  # fmt: skip
        own = st.text_input(
            "Priority in own words", given.priority if given.priority_id not in known else "", key=f"c_own_{key}"
        )
        purpose = _words("Purpose: what residents are asked or told, and why", given.purpose, f"c_purpose_{key}")
        if not st.form_submit_button("Save this step", key=f"c_save_1_{key}"):
            return None
    chosen = known.get(number or OWN_WORDS)
    return replace(given, title=title or "", aim=aim, audience=audience, objective=objective, purpose=purpose,
                   priority=chosen.issue if chosen else own or "", priority_id=chosen.id if chosen else None)  # fmt: skip


def _where(page: Page, key: str, given: CampaignInput) -> CampaignInput | None:
    with page.read() as session:
        places = place_choices(session)
        people = {one.id or 0: one.name for one in who_may(session, Action.RUN_CAMPAIGNS)}
    with st.form(f"c_where_form_{key}", border=False):
        areas = _areas(page, given.areas, f"c_areas_{key}")
        others = [0, *places]
        other = st.selectbox("Comparison area: alike, and without the campaign", others, key=f"c_other_{key}",
                             index=others.index(given.comparison_place_id or 0),
                             format_func=lambda n: places.get(n, "None of this force"))  # fmt: skip
        words = st.text_input("Or something else that it is compared with", given.comparison, key=f"c_compared_{key}",
                              max_chars=LONGEST_NAME, help="An area of another force, or the year before.")  # fmt: skip
        begins = st.date_input("First day", given.starts_on, format="DD/MM/YYYY", key=f"c_from_{key}")
        ends = st.date_input("Last day", given.ends_on, format="DD/MM/YYYY", key=f"c_until_{key}")
        owners = list(people)
        owner = st.selectbox("Owner", owners, key=f"c_owner_{key}", format_func=lambda n: people[n],
                             index=owners.index(given.owner_id) if given.owner_id in owners else None)  # fmt: skip
        if not st.form_submit_button("Save this step", key=f"c_save_2_{key}"):
            return None
    with told():
        _require_areas(page, areas)
        return replace(given, areas=areas, comparison_place_id=other or None, comparison=words or "", starts_on=begins,
                       ends_on=ends, owner_id=owner or given.owner_id)  # fmt: skip
    return None


def _own(page: Page) -> tuple[int, ...]:
    """What a new plan begins with: the area of whoever acts for one alone."""
    with page.read() as session:
        home = home_of(session, page.person)
    return () if home is None else (home,)


def _require_areas(page: Page, areas: tuple[int, ...]) -> None:
    """Raise InputError where no area was chosen, which means the whole force, by somebody who acts for some of it."""
    if not areas and not page.may(Action.RUN_CAMPAIGNS, None):
        raise InputError("Choose the areas that the campaign is for.")


def _scanning(key: str, given: CampaignInput) -> CampaignInput | None:
    with st.form(f"c_scan_form_{key}", border=False):
        scanning = _words("Scanning: what happens, where and to whom", given.scanning, f"c_scanning_{key}")
        analysis = _words("Analysis: why it happens there", given.analysis, f"c_analysis_{key}")
        if not st.form_submit_button("Save this step", key=f"c_save_3_{key}"):
            return None
    return replace(given, scanning=scanning, analysis=analysis)


def _response(key: str, given: CampaignInput, *, compared: bool) -> CampaignInput | None:
    warned = cause_warning(given.response, compared=compared)
    if warned:
        st.warning(warned)
    with st.form(f"c_response_form_{key}", border=False):
        response = _words("Response: what is done", given.response, f"c_response_{key}")
        feedback = _words("Feedback: how residents will hear what came of it", given.feedback_plan, f"c_feedback_{key}")
        if not st.form_submit_button("Save this step", key=f"c_save_4_{key}"):
            return None
    return replace(given, response=response, feedback_plan=feedback)


def _words(label: str, value: str, key: str) -> str:
    return st.text_area(label, value, key=key, height="content", max_chars=LONGEST_WORDS) or ""


def _areas(page: Page, chosen: tuple[int, ...], key: str) -> tuple[int, ...]:
    """Those that the person may choose; none is the whole force."""
    with page.read() as session:
        places = place_choices(session)
    offered = [n for n in places if page.may(Action.RUN_CAMPAIGNS, n) or n in chosen]
    none = "The whole force" if page.may(Action.RUN_CAMPAIGNS, None) else "Choose your areas"
    found = st.multiselect("Areas", offered, [n for n in chosen if n in offered], key=key, placeholder=none,
                           format_func=lambda n: places[n])  # fmt: skip
    return tuple(found)


def _priorities(page: Page, areas: tuple[int, ...]) -> dict[int, Priority]:
    with page.read() as session:
        return {one.id or 0: one for one in priorities_of(session, areas or None)}
