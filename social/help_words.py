"""What the page Help says: the daily tasks step by step, the keys, the words, and what Beatline will not do.

Names of buttons and fields stand in ‘such quotes’, each in a step that says on which page it is. `tests/views/test_help.py`
opens those pages and looks for every name, so that this text cannot speak of what is no longer there."""

import re
from dataclasses import dataclass

from social.staff import Action

NAMED = re.compile("‘([^’]+)’")


@dataclass(frozen=True)
class Linked:
    """A page that Help leads to, as `app.py` has it.  needs: what opens it, None for everybody."""

    file: str
    title: str
    needs: Action | None


@dataclass(frozen=True)
class Step:
    """says: one sentence or two.  page: where its names are found, a key of PAGES."""

    page: str
    says: str

    @property
    def names(self) -> list[str]:
        return NAMED.findall(self.says)


@dataclass(frozen=True)
class Task:
    """needs: what it takes; whoever may not do it is not shown it first.

    is_pressing: whoever may not do it reads whom to tell, and no steps that they would look for in vain."""

    title: str
    needs: Action
    steps: tuple[Step, ...]
    is_pressing: bool = False

    @property
    def pages(self) -> list[str]:
        return list(dict.fromkeys(step.page for step in self.steps))


PAGES: dict[str, Linked] = {
    "today": Linked("scheduler/views/today.py", "Today", None),
    "write": Linked("scheduler/views/write.py", "Write a post", Action.PLAN),
    "calendar": Linked("scheduler/views/calendar.py", "Calendar", None),
    "post": Linked("scheduler/views/post.py", "Post", None),
    "approvals": Linked("scheduler/views/approvals.py", "Approvals", Action.APPROVE_LOCAL),
    "holds": Linked("scheduler/views/holds.py", "Holds", None),
    "replies": Linked("social/views/replies.py", "Replies", Action.READ_REPLIES),
    "works": Linked("insights/views/works.py", "What works", Action.READ_FIGURES),
    "areas": Linked("insights/views/areas.py", "Areas", Action.READ_FIGURES),
    "reports": Linked("insights/views/reports.py", "Reports", Action.READ_FIGURES),
}

TASKS = (
    Task("Plan a post for my area", Action.PLAN, (
        Step("write", "Open Write a post. Choose the ‘Content type’, then write the ‘Text’. Or open ‘Begin with a template or "
                      "an earlier post’. What you write is kept as you go, and after a reload it is there again."),
        Step("write", "Look at ‘Area it is about’, ‘Accounts’ and ‘When does it go out?’. They are filled in already; "
                      "change what is wrong."),
        Step("write", "Length and look on each network follow while you type. Read what the checks say under the text: "
                      "the better words, or the way to the field, stand beside each."),
        Step("write", "Press ‘Send for approval’. A kind of post that needs no approval goes straight into the queue."),
    )),
    Task("Move a post to another time", Action.PLAN, (
        Step("calendar", "In the Calendar, drag the post to another day. With keys: go to it with the arrows, press M, "
                         "choose the day with the arrows, press Enter. On a phone: tap Move."),
        Step("post", "Or open the post, then ‘Give it another time’, choose day and time, and press ‘Move it’. Its "
                     "approval stays, because its words do."),
    )),
    Task("Answer residents", Action.ANSWER, (
        Step("replies", "On Today press the number of open replies, or open Replies. Press ‘Open reply’ at the one you "
                        "want. Emergencies stand first."),
        Step("replies", "Write under ‘Your answer’ and press ‘Send as’."),
        Step("replies", "If it is an emergency, tell the control room first. Beatline is no way to call for help."),
        Step("today", "What reads like an emergency stands at the top of Today, the worst first. Where it plainly is none, press "
                      "the button beside it that says so."),
    )),
    Task("Approve what waits", Action.APPROVE_LOCAL, (
        Step("approvals", "Open Approvals. The post that goes out soonest stands first, with what changed since you last "
                          "looked, how it will look and what the checks say."),
        Step("approvals", "Press ‘Approve post’. The next one is there. A post whose time is over asks for a new time."),
        Step("approvals", "Or write the reason, then press ‘Ask for changes to post’ or ‘Refuse post’. The author reads it."),
        Step("approvals", "Several light posts at once: tick ‘Choose post’ at each, read the list that appears above them, "
                          "and approve them together."),
    )),
    Task("Look at the week", Action.READ_FIGURES, (
        Step("works", "Open What works. It begins with the last 28 days. Change ‘Network’, ‘Period’, ‘Area’ or "
                      "‘Kind of post’, and what to see under ‘Show’."),
        Step("works", "For something to hand out, press ‘Make a one-page briefing’ at its foot."),
        Step("reports", "For another kind of report, open Reports and press ‘Make the report’. Each comes as a web page, PDF, "
                        "Word file or spreadsheet."),
    )),
    Task("Stop everything in a critical incident", Action.HOLD, (
        Step("holds", "Press ‘Pause everything’. It is on every page: in the sidebar, and at the top on a phone."),
        Step("holds", "Say why under ‘Why? Everybody sees it.’ and press ‘Pause everything now’. From then on nothing "
                      "leaves."),
        Step("holds", "Afterwards release it on the page Holds. What was stopped waits there for your yes, one post at a "
                      "time."),
    ), is_pressing=True),
    Task("See what reached residents here", Action.READ_FIGURES, (
        Step("areas", "Open Areas. Whoever only reads figures and has one area begins there after signing in."),
        Step("areas", "Choose yours under ‘Open the profile of an area’: its posts, what came of them, what residents "
                      "asked for and who was left out."),
    )),
    Task("See what worries people", Action.READ_REPLIES, (
        Step("today", "On Today press ‘What worries people’: the complaints of the last 28 days, answered or not."),
        Step("replies", "Or open Replies and choose a ‘Kind’, such as question. ‘Area’ narrows it to yours."),
        Step("replies", "Under ‘More filters’ choose a ‘Stance’. Open a reply to read it, then everything under that post."),
    )),
    Task("Repeat what worked", Action.PLAN, (
        Step("works", "Open What works and read the finding that stands first: what did better, over how many posts, and "
                      "how sure that is."),
        Step("works", "Where one kind of post did best, its newest posts stand under By content type. Press Use post again "
                      "at one of them."),
        Step("post", "Or open any post, in the Calendar for instance, and press ‘Use again’. Its words, picture and accounts "
                     "are there; change what is different this time, then send it for approval."),
        Step("post", "For every week or month, press ‘Let it come again’ instead, and choose the day and the time. Each "
                     "time is a post of its own, with the approval of its kind."),
    )),
)  # fmt: skip

KEYS = {
    "Approvals": "Ctrl and Enter (on a Mac: Command and Enter) approves the post that stands first and moves on.",
    "Calendar": "Arrows go from post to post, Enter opens one, M moves it: arrows choose the day, Enter puts it there, "
    "Escape leaves it.",
    "Every page": "Tab goes on, Shift and Tab goes back. The first Tab on a page offers to skip to what it says.",
}
"""Page -> its keys. Those of Replies stand where they are made, in `social.views.replies_keys`."""

STATES_MEAN = {
    "draft": "Written and kept. It goes nowhere until somebody sends it for approval.",
    "sent_back": "An approver asked for changes. The reason stands on the post and on its author's Today.",
    "in_review": "Somebody other than its authors must say yes.",
    "approved": "Somebody said yes, and it has no time yet.",
    "queued": "It goes out at its time, by itself.",
    "publishing": "It is on its way to the network at this moment.",
    "unconfirmed": "The network did not answer. Beatline looks whether it is there and never sends it twice.",
    "held": "A person must decide before it goes on.",
    "lapsed": "Its moment passed. It goes out only with a new time.",
    "failed": "The network refused it. Change what it refused and send it again.",
    "published": "Residents can see it.",
    "withdrawn": "It was out and is no longer.",
    "discarded": "It was dropped before it went out.",
}
"""State of a post -> what it means, by the keys of `social.words.STATES`."""

WORDS = {
    "Account": "One page or profile of the force on one network.",
    "Hold": "A stop, for an area and a reason. What it stopped waits for somebody's yes afterwards.",
    "Lead": "A reply that may help an enquiry. It goes to the desk that looks into it and is kept apart.",
    "Reach": "How many accounts on one network were shown a post. It is never added up over posts or networks.",
    "Engagement": "Reactions, replies, shares, clicks and saves, counted. The rate is their share of the reach.",
    "Stance": "Whether a reply speaks for or against the post, or neither, as the computer reads it. You may correct it.",
    "Too few to say": "Fewer than 5 posts, or too little difference to be more than chance. Then nothing is claimed.",
}

WORKED_OUT = {
    "Reach": "For each network by itself. The highest that one post reached is certain; how many people all posts reached "
    "together nobody knows. Posts are held against posts of the same age.",
    "Like with like": "Posts of a kind are held against other posts of the same account, age and time of year. The ratio "
    "comes with a 95% interval, which holds the truth in 95 of 100 such looks, and with what chance alone could do.",
    "When to post": "The same by hour and day, drawn towards no effect where posts are few. Appeals that cannot wait are "
    "left out. Nothing is claimed unless your own posts show it.",
    "Light and serious": "Weeks with more light posts than usual are held against like weeks of the same account, before "
    "and after. It does not prove why something changed.",
    "What replies say": "A program reads each reply; the shares are corrected by how often it errs, and come with an "
    "interval and a sample to read. A language that it cannot read is counted apart.",
    "Before and after": "The numbers of a campaign before its first day and from it on, against an area without the "
    "campaign where there is one. It takes for granted that both would else have changed alike.",
    "Findings": "Whatever was tested has to stand among all that was tested, so that chance alone seldom brings a finding.",
}
"""How figures are worked out, in words; docs/methods has the formulas, for whoever checks them."""

ASK = (
    ("A post waits for approval", Action.APPROVE_LOCAL),
    ("A post needs corporate communications", Action.APPROVE_CORPORATE),
    ("Something that is out must come down", Action.WITHDRAW),
    ("Everything must stop", Action.HOLD),
    ("You cannot open a page, or somebody new starts", Action.MANAGE_PEOPLE),
    ("An account has stopped working", Action.MANAGE_ACCOUNTS),
    ("A resident asks what is kept about them, or wants it erased", Action.ERASE),
)
"""What the matter is -> what whoever can help may do."""

WILL_NOT = (
    "It is not watched day and night unless your force says so. It is no way to call for help: that is 999, or 101.",
    "It never answers a resident by itself, and never hides a reply by itself.",
    "It never sends a late post at once. A late post waits for a person and a new time.",
    "It never lets anybody approve what they wrote.",
    "It keeps no profile of a resident, and cannot say where readers live: no network tells it.",
    "It never ranks or compares appeals for missing people.",
    "It does not say that a post caused something unless there was something fair to compare it with.",
    "It tells no other company who reads what: its pages take nothing from any other machine.",
)
