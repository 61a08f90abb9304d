// Counts words as each network does, in the browser, at every key. The server's count decides; a test holds both to be
// the same over a table of hard cases. `RULES` is put before this file by `composer`: what X and GSM count, from the
// same places that the server takes it from.

const LINKS = new RegExp(RULES.links, "gi");
const ASCII_DOMAIN = new RegExp(RULES.domain, "gi");
const EMOJI =
  /\p{RI}\p{RI}|[0-9#*]\ufe0f?\u20e3|(?![0-9#*\p{RI}\p{EMod}])\p{Emoji}(?:\ufe0f|\p{EMod})?(?:[\u{e0020}-\u{e007f}]+)?(?:\u200d\p{Emoji}(?:\ufe0f|\p{EMod})?)*/gu;
const GSM = new Set(RULES.gsm);
const GSM_DOUBLE = new Set(RULES.gsmDouble);

const points = (text) => [...text].length;
const literal = (words) => words.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
// Whether the link stands in the text by itself, and is not the beginning of a longer one.
const hasLink = (text, link) => new RegExp(`(?<![\\p{L}\\p{N}_])${literal(link)}(?=/?[.,;:!?)\\]}'"\u2019\u201d\u2026>]*(?:\\s|$))`, "u").test(text);
const withLink = (text, link) => (!link || hasLink(text, link) ? text : text.trim() ? text.trimEnd() + " " + link : link);

// Where X sees links: [start, end) in UTF-16 units.
function linksIn(text) {
  const found = [];
  if (!text.includes(".")) return found;
  for (const match of text.matchAll(LINKS)) {
    const [, , before, url, protocol, domain, , path] = match;
    const end = match.index + match[0].length;
    const start = end - url.length;
    if (protocol) {
      found.push([start, end]);
      continue;
    }
    if (/[-_./]$/.test(before)) continue;
    const domains = [...domain.matchAll(ASCII_DOMAIN)];
    domains.forEach((one, n) => {
      const last = n === domains.length - 1;
      found.push([start + one.index, last && path ? end : start + one.index + one[0].length]);
    });
  }
  return found;
}

// As X counts: most letters 1, others 2, a sign of several parts 2, a link 23 whatever its length.
function countX(given) {
  const text = given.normalize("NFC").replace(/\r\n?/g, "\n");
  const links = new Map(linksIn(text));
  const signs = new Map([...text.matchAll(EMOJI)].map((one) => [one.index, one[0].length]));
  let weight = 0;
  for (let at = 0; at < text.length; ) {
    if (links.has(at)) {
      weight += RULES.linkLength * RULES.scale;
      at = links.get(at);
    } else if (signs.has(at)) {
      weight += RULES.otherWeight;
      at += signs.get(at);
    } else {
      const point = text.codePointAt(at);
      const range = RULES.ranges.find(([start, end]) => start <= point && point <= end);
      weight += range ? range[2] : RULES.otherWeight;
      at += point > 0xffff ? 2 : 1;
    }
  }
  return Math.floor(weight / RULES.scale);
}

const COUNTS = {
  x: (text, link) => countX(withLink(text, link)),
  facebook: (text, link, pictures) => points(pictures ? withLink(text, link) : text),
  alert: (text, link) => points(withLink(text, link)),
  memory: (text, link) => points(withLink(text, link).normalize("NFC")),
};

// How long the words are on this channel.  pictures: whether the post shows any.
const countFor = (channel, text, link, pictures) =>
  (COUNTS[channel] ?? COUNTS.alert)(text.trim(), (link ?? "").trim(), pictures);

// A line of dashes begins the next part of a thread, as scheduler/thread_words.py reads it.
const BREAK = /(?:^|(?<=[\x0b\x0c\x85]))[^\S\n\r\x0b\x0c\u2028\u2029]*(?:-{3,}|\u2014-+)[^\S\n\r\x0b\x0c\u2028\u2029]*(?=$|[\x0b\x0c\x85])/m;

// What goes out: the words of each part where the network knows threads, else all as one post, each with its link.
function outgoing(text, link, threads) {
  const split = text.split(BREAK).map((part) => part.trim()).filter(Boolean);
  if (!threads || split.length < 2) return [{ text: BREAK.test(text) ? split.join("\n\n") : text.trim(), link }];
  return split.map((part, n) => ({ text: part, link: n === 0 && !hasLink(text, link) ? link : "" }));
}

// Text messages: made plain, cut, and counted in parts, as social/alerts/text_parts.py does.

const plain = (text) => [...text].map((letter) => RULES.plain[letter] ?? letter).join("");

function partsOf(text) {
  if (!text) return 0;
  const letters = [...text];
  if (letters.every((letter) => GSM.has(letter) || GSM_DOUBLE.has(letter)))
    return parts(letters.map((letter) => (GSM_DOUBLE.has(letter) ? 2 : 1)), 160, 153);
  return parts(letters.map((letter) => letter.length), 70, 67);
}

function parts(sizes, one, many) {
  if (sizes.reduce((sum, size) => sum + size, 0) <= one) return 1;
  let count = 1;
  let used = 0;
  for (const size of sizes) {
    if (used + size > many) [count, used] = [count + 1, 0];
    used += size;
  }
  return count;
}

const joined = (...blocks) => blocks.filter(Boolean).join("\n");

function cut(words, room) {
  let kept = "";
  for (const sentence of words.split(/(?<=[.!?])\s+/)) {
    const longer = (kept + " " + sentence).trim();
    if (points(longer) > room) break;
    kept = longer;
  }
  if (kept) return kept;
  const short = [...words].slice(0, Math.max(room - 3, 0)).join("");
  const whole = short.slice(0, Math.max(short.lastIndexOf(" "), 0));
  return whole ? whole + "..." : "";
}

// What a telephone shows.  settingsLink: the resident's own, or what stands for it.
function textMessage({ subject, text, link, reference, settingsLink, lang = "en", whole = false }) {
  const [ref, change] = RULES.labels[lang];
  let words = plain(text).trim();
  if (link && !whole) words = words.replaceAll(link, "").trim();
  const tail = joined(link, reference ? ref + " " + plain(reference) : "", change + ": " + settingsLink);
  let head = plain(subject).trim();
  head = words.toLowerCase().startsWith(head.toLowerCase()) ? "" : cut(head, RULES.longestSubject);
  const most = link ? RULES.short : RULES.longest;
  const room = most - points(joined(head, "", tail)) - 1;
  return joined(head, points(words) <= room ? words : cut(words, room), tail);
}

// In how many parts it goes at the most: with the longest settings link, in the dearer language.
function textParts(alert, room) {
  const settingsLink = "x".repeat(room);
  const languages = Object.keys(RULES.labels);
  return Math.max(...languages.map((lang) => partsOf(textMessage({ ...alert, lang, settingsLink, whole: true }))));
}
