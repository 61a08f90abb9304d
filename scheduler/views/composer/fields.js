// What stands in the page's fields at this moment, before anybody has left them. Streamlit keeps the fields; this only
// looks at them, and hands their words over when somebody stops typing for a moment.

const PAUSE = 700; // milliseconds without a key until the words are handed over
const PATIENCE = 4000; // at the most, while somebody types on
const CHANGED = "beatline:words"; // told by the lengths when the server has put other words into a field
const fieldOf = (key) => document.querySelector(`.st-key-${CSS.escape(key)} :is(textarea, input)`);

function valueOf(data, key) {
  return fieldOf(key)?.value ?? data.values[key] ?? "";
}

// The words for a network: its own version where there is a field for one with something in it.
function wordsFor(data, network) {
  const own = fieldOf(network.own)?.value ?? "";
  return own.trim() ? own : valueOf(data, "w_text");
}

// What goes out on a network, part by part.
function partsFor(data, network) {
  return outgoing(wordsFor(data, network), valueOf(data, "w_link").trim(), network.threads);
}

// 'part 2 of 3', or nothing for a post of one part.
const partName = (n, parts) => (parts.length > 1 ? `part ${n + 1} of ${parts.length}` : "");

// An alert as a text message, as it stands.
function alertNow(data, network) {
  return {
    subject: valueOf(data, "w_alert_subject").trim(),
    text: partsFor(data, network)[0].text,
    link: valueOf(data, "w_link").trim(),
    reference: valueOf(data, "w_appeal").trim(),
  };
}

function make(tag, classes, text) {
  const made = document.createElement(tag);
  if (classes) made.className = classes;
  if (text !== undefined) made.textContent = text;
  return made;
}

// One part for each place that it stands in; `Part` has take(component) and typed().
function mounted(Part) {
  const parts = new WeakMap();
  return (component) => {
    const wrap = component.parentElement.querySelector(".wrap");
    if (!parts.has(wrap)) parts.set(wrap, new Part(wrap));
    const part = parts.get(wrap);
    part.take(component.data);
    const typed = (event) => {
      if (event.target.closest?.('[class*="st-key-w_"]')) part.typed(event);
    };
    const changed = () => part.typed();
    document.addEventListener("input", typed);
    document.addEventListener(CHANGED, changed);
    const ended = part.listen?.();
    return () => {
      document.removeEventListener("input", typed);
      document.removeEventListener(CHANGED, changed);
      ended?.();
    };
  };
}
