"""Keys for the list of replies: while it has the focus, arrows or J and K go from reply to reply, Enter opens.

Letters count inside the list alone, so that nobody who dictates or types elsewhere sets them off (WCAG 2.2, 2.1.4)."""

import streamlit as st

KEYS_HELP = (
    "With the focus in the list, the arrow keys or J and K go to the next and the reply before, Home and End to the first "
    "and the last, and Enter opens one. Everywhere on this page Alt+J opens the next reply, Alt+K the one before and "
    "Alt+M marks the open one as done."
)

_SCRIPT = """export default function ({ data, parentElement }) {
  let line = parentElement.querySelector("[role=status]");
  if (!line) {
    line = document.createElement("p");
    line.setAttribute("role", "status");
    line.style.cssText = "position:absolute;width:1px;height:1px;margin:0;overflow:hidden;clip-path:inset(50%)";
    parentElement.appendChild(line);
  }
  if (line.textContent !== data) {
    line.textContent = data;
    const reply = document.querySelector(".st-key-reply_beside");
    const top = reply ? reply.getBoundingClientRect().top : 0;
    if (reply && (top < 0 || top > window.innerHeight / 2)) reply.scrollIntoView({ block: "start" });
    // On a phone the list gives way to the reply: the focus goes along instead of falling to the page.
    const back = reply && reply.querySelector(".st-key-reply_back button");
    if (back && back.offsetParent && !reply.contains(document.activeElement)) back.focus();
  }
  const steps = { ArrowDown: 1, j: 1, J: 1, ArrowUp: -1, k: -1, K: -1 };
  const walk = (event) => {
    const list = event.target.closest && event.target.closest("[class*=st-key-replies_list]");
    if (!list || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!event.target.closest("[class*=st-key-open_reply_]")) return;
    const buttons = [...list.querySelectorAll("[class*=st-key-open_reply_] button")];
    const now = buttons.indexOf(event.target.closest("button"));
    let next = event.key in steps ? now + steps[event.key] : -1;
    if (event.key === "Home") next = 0;
    if (event.key === "End") next = buttons.length - 1;
    if (now < 0 || next < 0 || next >= buttons.length) return;
    event.preventDefault();
    buttons[next].focus();
    buttons[next].scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("keydown", walk);
  return () => document.removeEventListener("keydown", walk);
}"""


def keys(said: str) -> None:
    """Draw nothing, and listen.  said: what a screen reader is told when it changes."""
    st.components.v2.component("beatline_reply_keys", js=_SCRIPT)(key="_reply_keys", data=said, height=1)
