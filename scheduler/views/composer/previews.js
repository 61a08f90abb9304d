// How the post will look on each network, at every key. Everything that somebody typed is written with textContent.

const TAGS = /[#＃@＠][\p{L}\p{N}\p{M}_]+/gu;

class Previews {
  constructor(wrap) {
    this.wrap = wrap;
    this.open = new Set(); // accounts whose folded words are shown whole
  }

  take(data) {
    this.data = data;
    this.draw();
  }

  typed() {
    this.draw();
  }

  listen() {
    // The picture that goes out is shown beside its field: its address comes with it, and no second copy is sent.
    const watch = new MutationObserver(() => {
      const address = this.picture()?.src ?? "";
      if (address !== this.shown) this.draw();
    });
    watch.observe(document.querySelector("[data-testid=stMain]") ?? document.body, {
      subtree: true, childList: true, attributes: true, attributeFilter: ["src"],
    });
    return () => watch.disconnect();
  }

  picture() {
    return this.data.pictures ? document.querySelector(".st-key-w_shown img") : null;
  }

  draw() {
    const had = this.wrap.getRootNode().activeElement?.dataset?.key;
    this.shown = this.picture()?.src ?? "";
    this.wrap.replaceChildren(...this.data.networks.map((network) => this.card(network)));
    if (had) this.wrap.querySelector(`[data-key="${CSS.escape(had)}"]`)?.focus();
  }

  card(network) {
    const card = make("section", "card " + network.channel);
    card.setAttribute("aria-label", `${network.name}, ${network.account}`);
    card.append(this.head(network));
    card.append(...(network.channel === "alert" ? this.letter(network) : this.post(network)));
    return card;
  }

  head({ name, account, handle }) {
    const head = make("p", "head");
    head.append(make("strong", "", account), " ", make("span", "small", [handle, name].filter(Boolean).join(", ")));
    return head;
  }

  // A thread is shown as the posts that it becomes, with the picture on the first.
  post(network) {
    const parts = partsFor(this.data, network);
    return parts.flatMap((part, n) => {
      const name = partName(n, parts);
      return [...(name ? [make("p", "small part", name[0].toUpperCase() + name.slice(1))] : []), ...this.part(network, part, n === 0)];
    });
  }

  part(network, { text, link }, isFirst) {
    const apart = network.channel === "facebook" && !this.data.pictures; // Facebook shows a card in its place
    const shown = apart ? text : withLink(text, link);
    const parts = [this.words(network, shown)];
    const picture = isFirst ? this.pictureBox() : null;
    if (picture) parts.push(picture);
    else {
      const first = link ? null : linksIn(text)[0];
      const leads = link || (first ? text.slice(...first) : "");
      if (leads) parts.push(this.linkCard(leads));
    }
    return parts;
  }

  letter(network) {
    const { subject, text, link, reference } = alertNow(this.data, network);
    const parts = [
      make("p", "subject", subject || "No subject yet"),
      make("p", "small", "E-mail. In the list of mails: " + this.firstWords(subject, text)),
      this.words(network, withLink(text, link)),
    ];
    const picture = this.pictureBox();
    if (picture) parts.push(picture);
    parts.push(make("p", "small foot", "Below stand the resident's own links: useful or not, change or stop."));
    if (network.texts && text) {
      parts.push(make("p", "small", "As a text message"));
      parts.push(make("p", "bubble", textMessage({ subject, text: withLink(text, link), link, reference, settingsLink: this.data.linkStandsFor })));
    }
    return parts;
  }

  firstWords(subject, text) {
    const rest = text.replace(/\s+/g, " ").slice(0, 60);
    return rest ? `${subject || "No subject"} - ${rest}...` : subject || "nothing yet";
  }

  words(network, text) {
    if (!text) return make("p", "small", "No words yet.");
    const box = make("p", "words");
    const fold = network.fold ? this.foldAt(text, network.fold) : text.length;
    const folded = fold < text.length && !this.open.has(network.account);
    this.marked(box, folded ? text.slice(0, fold).trimEnd() + "… " : text, folded ? null : network);
    if (fold < text.length) {
      const more = make("button", "", folded ? "See more" : "See less");
      more.type = "button";
      more.dataset.key = "more " + network.account;
      more.onclick = () => {
        if (!this.open.delete(network.account)) this.open.add(network.account);
        this.draw();
      };
      box.append(" ", more);
      const note = make("span", "small note", "About here it is folded; readers press See more.");
      box.append(note);
    }
    return box;
  }

  foldAt(text, { letters, lines }) {
    let at = text.length > letters ? text.lastIndexOf(" ", letters) : text.length;
    if (at < 0) at = letters;
    let found = -1;
    for (let n = 0; n < lines; n++) {
      found = text.indexOf("\n", found + 1);
      if (found < 0) return at;
    }
    return Math.min(at, found);
  }

  // Links, hashtags and names in the network's colour; what is too long for it struck through.
  marked(box, text, network) {
    const spans = linksIn(text).map(([from, to]) => [from, to]);
    for (const one of text.matchAll(TAGS)) spans.push([one.index, one.index + one[0].length]);
    spans.sort((one, other) => one[0] - other[0]);
    const end = network ? this.fitsUntil(text, network) : text.length;
    let at = 0;
    const put = (from, to, classes) => {
      if (from < Math.min(to, end)) box.append(make("span", classes, text.slice(from, Math.min(to, end))));
      if (to > end) box.append(make("del", "", text.slice(Math.max(from, end), to)));
    };
    for (const [from, to] of spans) {
      if (from < at) continue;
      put(at, from, "");
      put(from, to, "link");
      at = to;
    }
    put(at, text.length, "");
  }

  // How much of the words the network takes, in UTF-16 units.
  fitsUntil(text, network) {
    const long = (part) => countFor(network.channel, part, "", this.data.pictures) > network.most;
    if (!long(text)) return text.length;
    let [low, high] = [0, text.length];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (long(text.slice(0, middle))) high = middle - 1;
      else low = middle;
    }
    return low;
  }

  linkCard(link) {
    const card = make("p", "linked");
    let site = link;
    try {
      site = new URL(/^https?:/i.test(link) ? link : "https://" + link).hostname.replace(/^www\./, "");
    } catch {
      /* not an address yet: the words as they are */
    }
    card.append(make("span", "small", site), make("span", "", "The title and picture come from the page itself."));
    return card;
  }

  pictureBox() {
    const source = this.picture();
    if (!source) return null;
    const alt = valueOf(this.data, "w_alt").trim();
    const box = make("figure");
    const image = make("img");
    image.src = source.src;
    image.alt = alt || "Picture without a description";
    box.append(image, make("figcaption", "small", alt ? "Description: " + alt : "No description yet: every picture needs one."));
    return box;
  }
}

export default mounted(Previews);
