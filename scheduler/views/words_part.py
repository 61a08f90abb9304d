"""The words of a post, and what follows from them at every pause: lengths, checks with their fixes, cost, the draft.

A fragment of its own: while somebody types, nothing else of the page is run again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import streamlit as st

from scheduler.audience_words import say_money
from scheduler.checks import Finding
from scheduler.fixes import Fix, fix_for
from scheduler.inputs import PostInput
from scheduler.planning import findings_for
from scheduler.post_audience import AlertInput
from scheduler.thread_words import drafts_of
from scheduler.views import composer
from scheduler.views.alert_part import alert_accounts, tell_texts
from scheduler.views.checked import field_key, findings_with_fixes
from scheduler.views.composing import Fields, approval_words, open_channel
from scheduler.views.draft_values import draft_values
from scheduler.views.drafting import keep_up
from scheduler.views.live import live_data
from scheduler.views.write_fields import PictureFields, beside
from social.accounts import Account
from social.alerts.audience import AudienceSize
from social.budgets import would_stop
from social.channels.base import Picture
from social.channels.prices import price_of_post
from social.views.parts import Page, told
from social.views.sign_in import still_there
from social.views.words import NETWORKS, word

KEEP: Final = "session"


@dataclass(frozen=True)
class Around:
    """What stands in the other fields.  fields: with the words as they were.  size: of an alert's audience.

    post_id: of the post that is changed.  wrong: what was wrong when it was last sent, by field.  besides: the values of
    all fields but the words."""

    page: Page
    chosen: Sequence[Account]
    fields: Fields
    picture: PictureFields
    alert: AlertInput | None
    size: AudienceSize | None
    post_id: int | None
    wrong: Mapping[str, str]
    besides: Mapping[str, Any]


def besides_words() -> dict[str, Any]:
    """The values of all fields but those that `words_part` draws."""
    return {key: value for key, value in draft_values(st.session_state).items()
            if not key.startswith(("w_text", "w_own_"))}  # fmt: skip


def text_now() -> str:
    """The words as they stand, before their field is drawn."""
    return str(st.session_state.get("w_text") or "")


def variants_now(chosen: Sequence[Account]) -> dict[str, str]:
    """Each network's own version where there is one, as it stands."""
    channels = dict.fromkeys(account.channel for account in chosen)
    return {
        channel: str(st.session_state.get(f"w_text_{channel}") or "")
        for channel in channels
        if st.session_state.get(f"w_own_{channel}")
    }


@st.fragment
def words_part(around: Around) -> None:
    """Text, versions, lengths, checks and the draft."""
    if not still_there(around.page):
        st.rerun()  # a tab of somebody who signed out in another one keeps no draft
    if st.session_state.get("w_asked") or besides_words() != around.besides:
        st.rerun()  # a press or another field came together with the words: the browser sends both as the words' alone
    with told():
        page = replace(around.page, now=around.page.context.clock.now())
        _words(page, around)
        fields = replace(around.fields, text=text_now(), variants=variants_now(around.chosen))
        given = fields.given()
        _cost(page, around, given)
        _checks(page, around, given)
        keep_up(page, around.post_id, around.picture.new)


def _words(page: Page, around: Around) -> None:
    st.text_area("Text", key="w_text", height=180, persist_state=KEEP,
                 help="The words for every account, unless a network has its own below. A line of three dashes (---) "
                 "begins the next part of a thread.")  # fmt: skip
    beside(around.wrong, "w_text")
    composer.counts(
        live_data(page.context, around.chosen, st.session_state, pictures=around.picture.there, alert=around.alert,
                  told=around.size)
    )  # fmt: skip
    for channel in dict.fromkeys(account.channel for account in around.chosen):
        name = word(NETWORKS, channel)
        if st.checkbox(f"Other words for {name}", key=f"w_own_{channel}", persist_state=KEEP):
            st.text_area(f"Text for {name}", key=f"w_text_{channel}", persist_state=KEEP)
            beside(around.wrong, f"w_text_{channel}")


def _cost(page: Page, around: Around, given: PostInput) -> None:
    """What the networks charge for it, and whether this month's budget has room."""
    pictures = (Picture(b"", "image/png", around.picture.alt_text),) if around.picture.there else ()
    for account in around.chosen:
        if account.channel == "alert":
            continue
        channel, text = open_channel(page.context, account), given.variants.get(account.channel) or given.text
        drafts = drafts_of(text, given.link, threads=channel is not None and channel.can.threads)
        drafts = (replace(drafts[0], pictures=pictures), *drafts[1:])
        prices = [price_of_post(account, draft, page.context.settings) for draft in drafts]
        charged = [price for price in prices if price is not None]
        if not charged:
            continue
        price = replace(charged[0], money=sum(one.money for one in charged))
        st.caption(f"{word(NETWORKS, account.channel)} charges {say_money(price.money)} for this post.")
        with page.read() as session:
            stop = would_stop(session, account.id or 0, price, page.now)
        if stop is not None:
            st.warning(f"{stop.reason} It would wait until then.")
    for account in alert_accounts(around.chosen):
        tell_texts(page, given, account, around.size)


def _checks(page: Page, around: Around, given: PostInput) -> None:
    if not given.content_type:
        st.caption("Choose what kind of post it is, and it is checked while you write.")
        return
    found = findings_for(page.context, given, post_id=around.post_id)
    if given.text.strip():
        st.header("What the checks say", anchor=False)
        findings_with_fixes(
            found, all_well="The checks find nothing that stops this post.", fix_of=lambda one: fix_for(one, given),
            use=_use, shorten=_own_words(around.chosen),
        )  # fmt: skip
    st.text(approval_words(given, list(around.chosen), found))


def _use(fix: Fix) -> None:
    """Take the better words over, in the field that they are about."""
    key = field_key(fix.column)
    if key is not None:
        st.session_state[key] = fix.apply(str(st.session_state.get(key) or ""))


def _own_words(chosen: Sequence[Account]) -> Callable[[Finding], None]:
    """What begins a version of its own for the network that a finding of length is about."""

    def begin(finding: Finding) -> None:
        for account in chosen:
            if f"for {account.name}:" in finding.message:
                st.session_state[f"w_own_{account.channel}"] = True
                st.session_state.setdefault(f"w_text_{account.channel}", text_now())

    return begin
