"""What every page begins with: the running system, who is looking, the heading, and what must be said above all else.

Words of outsiders (residents, networks, imported files) reach a page through `outside`, tables or escaped HTML only:
Streamlit's Markdown would fetch a remote picture named in them, and so tell its owner who reads what."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from html import escape

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from social.accounts import Account
from social.channels.registry import make_channel
from social.context import Context, open_context
from social.errors import BeatlineError, InputError
from social.loopback import is_loopback
from social.settings import load_settings
from social.staff import NO_AREA, Action, Everywhere, Person, role_allows
from social.views.plain import for_people
from social.views.rooms import first_look
from social.views.words import say_moment

STYLE = """<style>
[role=spinbutton]{min-width:24px;min-height:24px;display:inline-grid;place-items:center}
kbd{color:inherit!important;opacity:1!important}
:focus-visible{outline:3px solid #ffdd00!important;outline-offset:0!important;box-shadow:0 0 0 6px #0b0c0c!important}
textarea:focus-visible{outline-offset:-3px!important;box-shadow:inset 0 0 0 5px #0b0c0c!important}
:is([role=combobox],[data-testid=stTextInputField],[data-testid=stNumberInputField]):focus-visible{outline:0!important;box-shadow:none!important}
[data-testid=stSelectbox] div:has(>input:focus-visible),[data-testid=stMultiSelect] div:has(>div>input:focus-visible),:is([data-testid=stTextInputRootElement],[data-testid=stNumberInputContainer]):has(input:focus-visible){outline:3px solid #ffdd00!important;outline-offset:0!important;box-shadow:0 0 0 6px #0b0c0c!important}
@media (prefers-color-scheme:dark){button[data-selected=true] p{color:#f3f2f1!important}}
@media (min-width:769px){.st-key-pause_on_a_phone,:has(>.st-key-pause_on_a_phone){display:none!important}}
.st-key-what_was_done{scroll-margin:5rem 0 1rem}
.st-key-there_is_a_problem{border:4px solid #d4351c!important}
[data-testid=stMainBlockContainer]{padding-top:4rem;padding-bottom:4rem}
[data-testid=stElementToolbarButton]:has([aria-label^="Download as CSV"]){display:none!important}
[data-testid=stText]{font-family:inherit;white-space:pre-wrap;overflow-wrap:anywhere}
</style>"""
"""Small cures that axe and measured contrast ask for: targets of 24 px, a focus that shows, words that wrap.

Streamlit's own download of a table is taken away: it would pass by the record of exports (R24), the credits, and the guard
against formulas. The pages' own buttons keep to all three."""

_opener: list[Callable[[], Context]] = []


def provide(open_: Callable[[], Context]) -> None:
    """Say where pages get the running system from; `app.py` does, once, before the first page."""
    _opener[:] = [open_]


def forget() -> None:
    """Take back what `provide` said."""
    _opener.clear()


def running() -> Context:
    """The running system, one for all pages and sessions of this process; opened here under `streamlit run app.py`."""
    return _opener[0]() if _opener else _open_default()


@st.cache_resource(show_spinner=False)
def _open_default() -> Context:
    return open_context(load_settings(), make_channel)


@dataclass(frozen=True)
class Page:
    """What a page knows when it begins.  now: one instant for the whole page, so that its parts agree.

    areas: the places that the person acts for, down to the smallest; None is the whole force."""

    context: Context
    person: Person
    accounts: tuple[Account, ...]
    now: datetime
    areas: frozenset[int] | None = None

    @contextmanager
    def read(self) -> Iterator[Session]:
        with self.context.database.read() as session:
            yield session

    def may(self, action: Action, place_id: int | Everywhere | None = NO_AREA) -> bool:
        """Whether to draw what leads to an action. What is done asks `staff.require` for itself.

        place_id: the area that it is about; None is the whole force; left out, whether the person may anywhere."""
        return role_allows(self.person, action) and (place_id is NO_AREA or self.acts_for(place_id))

    def acts_for(self, place_id: int | Everywhere | None) -> bool:
        """Whether the place is one of the person's; None is the whole force."""
        return self.areas is None or place_id in self.areas


def begin(title: str, *, needs: Action | None = None) -> Page:
    """Head the page and hand over what it needs; stops here when the person may not see it.

    needs: what the person must be allowed to do. A hidden link is no lock, so each page asks for itself."""
    st.title(title, anchor=False)
    first_look(st.session_state.get("_title") != title)
    st.session_state["_title"] = title
    page: Page | None = st.session_state.get("_page")
    assert page is not None, "app.main() signs the person in before it runs a page"
    st.caption(f"As of {say_moment(page.now)}")
    if any(is_practice(account) for account in page.accounts):
        st.info("Practice: the people, places and replies here are invented, and posts go to a practice network only."
                if all(is_practice(a) for a in page.accounts) else
                "Some accounts here are on the practice network. Their residents and replies are invented.")  # fmt: skip
    if needs is not None and not page.may(needs):
        st.error(f"You may not {needs.value}. Ask someone who looks after people and roles in Beatline.")
        st.stop()
    return page


def is_practice(account: Account) -> bool:
    """Whether the account is on a practice network: in memory, or at an address of this machine."""
    if account.channel == "memory":
        return True
    return is_loopback(account.base_url)


def number_in_address(name: str) -> int | None:
    """The whole number of that name in the address; None for anything else that somebody may have put there."""
    text = st.query_params.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else None


def outside(text: str) -> None:
    """Show words that somebody outside Beatline wrote, exactly as they are and as nothing but text."""
    st.text(text)


def heading(text: str, level: int = 3) -> None:
    """A heading that may hold an outsider's word, such as the name of a place from a file.  level: 2 or 3."""
    size = "1.75rem" if level == 2 else "1.25rem"
    st.html(f'<h{level} style="font-size:{size};font-weight:600;margin:0;padding:0">{escape(text)}</h{level}>')


FIELDS: dict[str | None, str] = {
    "accounts": "Accounts", "scheduled_local": "When", "text": "Text", "alt_text": "Picture description",
    "media": "Picture", "media_files": "Picture", "captions": "Captions", "link": "Link", "content_type": "Content type",
    "case_stage": "Stage of the case", "lang": "Language", "campaign": "Campaign", "image_person": "Picture of a person",
    "image_licence": "Terms of the picture", "alert_subject": "Subject", "alert_topic": "Topic",
    "alert_areas": "Areas of the alert", "text_alert": "Text for the alert service", "correction": "What those are told who got it",
    "email": "E-mail address", "phone": "Mobile number", "name": "Name", "topics": "Topics", "areas": "Areas",
    "within_km": "Distance", "groups": "Groups", "frequency": "How often", "ways": "Ways", "quiet": "Quiet hours",
    "event": "Event",
}  # fmt: skip
"""What the fields of a page are called, by the column that a problem names."""


LEAD_TO_PROBLEM = """export default function ({ data }) {
  const box = document.querySelector(".st-key-there_is_a_problem");
  if (!box || box.dataset.told === String(data)) return;
  box.dataset.told = String(data);
  box.tabIndex = -1;
  box.setAttribute("role", "alert");
  box.scrollIntoView({ block: "center" });
  box.focus();
}"""
"""A browser's part: whoever pressed a button at the foot of a page is led to the reason that nothing happened."""


MEND = """export default function () {
  if (document.body.dataset.mended) return;
  document.body.dataset.mended = "yes";
  const mend = () => document.querySelectorAll("[data-testid=stFileUploaderDropzone][role=presentation]")
    .forEach((zone) => zone.setAttribute("role", "group"));
  new MutationObserver(mend).observe(document.body, { childList: true, subtree: true });
  mend();
}"""
"""A browser's part: Streamlit says of the field for files that it is for looks alone, and lets it take the focus. Those
who hear pages read out are told that it is a group, with the name that it has."""


def mend_uploaders() -> None:
    """Once for a tab, wherever a field for files appears on its pages."""
    st.components.v2.component("beatline_mend", js=MEND)(key="_mend", height=1)


CLOSE_MENU = """export default function () {
  if (document.body.dataset.menuCloses) return;
  document.body.dataset.menuCloses = "yes";
  const heading = () => document.querySelector("[data-testid=stMain] h1");
  document.addEventListener("click", (event) => {
    const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (!plain || innerWidth > 768 || !event.target.closest("[data-testid=stSidebar] a")) return;
    document.querySelector("[data-testid=stSidebarCollapseButton] button")?.click();
    const before = heading()?.textContent;
    let left = 30;
    const enough = () => { left = 0; };
    addEventListener("keydown", enough, { once: true });
    addEventListener("pointerdown", enough, { once: true });
    const look = () => {
      const now = heading();
      if (left-- <= 0) return;
      if (!now || (now.textContent === before && left > 0)) return setTimeout(look, 100);
      now.tabIndex = -1;
      now.focus();
    };
    setTimeout(look, 100);
  });
}"""
"""A browser's part: on a narrow window the menu lies over the page. It makes way for the page that was chosen in it, and the
focus goes to that page's heading, since the link that had it is out of sight."""


def close_menu_on_a_choice() -> None:
    """Once for a tab, on windows as narrow as those in which Streamlit lays the sidebar over the page."""
    st.components.v2.component("beatline_close_menu", js=CLOSE_MENU)(key="_close_menu", height=1)


def lead_to_problem(*, told_already: bool = False) -> None:
    """Move sight and focus to what is wrong, once for each time it is told.  told_already: it stands there still."""
    told_before = int(st.session_state.get("_problems_told", 0)) + (0 if told_already else 1)
    st.session_state["_problems_told"] = told_before
    st.components.v2.component("beatline_lead_to_problem", js=LEAD_TO_PROBLEM)(
        key="_lead_to_problem", data=told_before, height=1
    )


def problems(error: BeatlineError) -> None:
    """What is wrong, under one heading, each with what to do; shown as text, since it may quote what was given."""
    st.set_page_config(page_title=f"Error: {st.session_state.get('_title', 'Beatline')} - Beatline")
    with st.container(border=True, key="there_is_a_problem"):
        st.header("There is a problem", anchor=False)
        if not isinstance(error, InputError):
            outside(for_people(str(error)))
        else:
            for problem in error.problems:
                field = FIELDS.get(problem.column)
                outside(for_people(f"{field}: {problem.message}" if field else str(problem)))
        lead_to_problem()


@contextmanager
def told() -> Iterator[None]:
    """Turn an error on the way into words on the page instead of an empty one."""
    try:
        yield
    except BeatlineError as error:
        problems(error)
    except SQLAlchemyError:
        not_answered()


def not_answered() -> None:
    st.error("The database did not answer. Nothing was changed. Try again in a minute; "
             "if it stays so, tell whoever looks after Beatline.")  # fmt: skip


def later(message: str) -> None:
    """Say that something was done, after the rerun that follows it."""
    st.session_state["_said"] = message


KEEP_FOCUS = """export default function ({ data }) {
  const box = document.querySelector(".st-key-what_was_done");
  if (!box || document.body.dataset.said === String(data)) return;
  document.body.dataset.said = String(data);
  let left = 30;
  const enough = () => { left = 0; };
  addEventListener("keydown", enough, { once: true });
  addEventListener("pointerdown", enough, { once: true });
  addEventListener("wheel", enough, { once: true, passive: true });
  const look = () => {
    const here = document.activeElement;
    if (!here || here === document.body) {
      box.tabIndex = -1;
      box.focus({ preventScroll: true });
      box.scrollIntoView({ block: "nearest" });
    } else if (here === box && left > 0) box.scrollIntoView({ block: "nearest" }); // what is above may have grown
    if (left-- > 0) setTimeout(look, 100);
  };
  setTimeout(look, 100);
}"""
"""A browser's part: where what was pressed is gone afterwards, as with what was deleted, the focus would fall to the page and
whoever works with keys would begin again at its top. It goes to the words that say what was done; else it stays."""


def said(message: str) -> None:
    """Say that something was done: in green, heard by those who hear pages read out, and with the focus where it was lost."""
    times = int(st.session_state.get("_times_said", 0)) + 1
    st.session_state["_times_said"] = times
    with st.container(key="what_was_done"):
        st.success(message)
    st.components.v2.component("beatline_keep_focus", js=KEEP_FOCUS)(key="_keep_focus", data=times, height=1)


def say_what_was_done() -> None:
    message = st.session_state.pop("_said", None)
    if message:
        said(message)


def done(act: Callable[[], object], said: str) -> None:
    """Do it and show the page afresh; or show what stood in the way."""
    try:
        act()
    except BeatlineError as error:
        problems(error)
    else:
        later(said)
        st.rerun()
