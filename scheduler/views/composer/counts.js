// How long the words are on each network, at every key; spoken when somebody stops for a moment.

const number = (value) => value.toLocaleString("en-GB");

class Counts {
  constructor(wrap) {
    this.list = wrap.querySelector("ul");
    this.said = wrap.querySelector("[role=status]");
  }

  take(data) {
    this.data = data;
    this.draw();
    for (const wait of [50, 400]) setTimeout(() => document.dispatchEvent(new Event(CHANGED)), wait);
  }

  typed(event) {
    this.draw();
    if (!event) return;
    clearTimeout(this.saying);
    this.saying = setTimeout(() => this.say(), 1200);
    const field = event.target;
    if (field.tagName !== "TEXTAREA" || event.isComposing) return;
    clearTimeout(this.handing);
    this.since ??= Date.now();
    const left = Math.max(PATIENCE - (Date.now() - this.since), 0);
    this.handing = setTimeout(() => this.handOver(field), Math.min(PAUSE, left));
  }

  // A text area gives its words to the server at Ctrl+Enter; nobody should have to know that.
  handOver(field) {
    this.since = undefined;
    if (field.isConnected)
      field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", code: "Enter", ctrlKey: true, bubbles: true }));
  }

  lines() {
    const { data } = this;
    return data.networks.flatMap((network) => {
      const parts = partsFor(data, network);
      const lines = parts.map(({ text, link }, n) => {
        const used = countFor(network.channel, text, link, data.pictures);
        const name = [network.name, partName(n, parts)].filter(Boolean).join(", ");
        return { name, used, most: network.most, over: used - network.most };
      });
      return network.texts ? [...lines, this.textLine(network)] : lines;
    });
  }

  textLine(network) {
    const alert = alertNow(this.data, network);
    const parts = alert.text ? textParts(alert, network.texts.room) : 0;
    const each = Math.round(parts * network.texts.pence * 10) / 10;
    return { name: "Text message", parts, each, residents: network.texts.residents };
  }

  draw() {
    this.list.replaceChildren(...this.lines().map((line) => (line.parts === undefined ? this.bar(line) : this.cost(line))));
  }

  bar({ name, used, most, over }) {
    const item = make("li", over > 0 ? "over" : "");
    item.append(make("span", "name", name), " ", make("span", "n", `${number(used)} of ${number(most)}`));
    if (over > 0) item.append(" ", make("strong", "", `${number(over)} too many`));
    const bar = make("span", "bar");
    bar.setAttribute("aria-hidden", "true");
    bar.append(make("span"));
    bar.firstChild.style.width = Math.min((100 * used) / most, 100) + "%";
    item.append(bar);
    return item;
  }

  cost(line) {
    const item = make("li");
    item.append(make("span", "name", line.name), " ", make("span", "n", this.costWords(line)));
    return item;
  }

  costWords({ parts, each, residents }) {
    if (!parts) return "no words yet";
    const told = `${parts === 1 ? "1 part" : parts + " parts"}, ${each}p for each resident`;
    if (!residents) return told;
    return `${told}, at most £${number(Math.ceil(residents * each) / 100)} for ${number(residents)}`;
  }

  say() {
    const words = this.lines().map((line) =>
      line.parts !== undefined
        ? `${line.name}: ${this.costWords(line)}`
        : line.over > 0
          ? `${line.name}: ${number(line.over)} too many`
          : `${line.name}: ${number(line.most - line.used)} left`,
    );
    this.said.textContent = words.join(". ");
  }

  // 'Go to' leads to a field of the page, which has no address of its own.
  listen() {
    const follow = (event) => {
      const key = event.target.closest?.('a[href^="#w_"]')?.getAttribute("href").slice(1);
      if (!key) return;
      event.preventDefault();
      const box = document.querySelector(`.st-key-${CSS.escape(key)}`);
      const fold = box?.closest("details:not([open])")?.querySelector("summary");
      fold?.click();
      setTimeout(() => {
        box?.scrollIntoView({ block: "center" });
        box?.querySelector("textarea, input, button, [tabindex]")?.focus({ preventScroll: true });
      }, fold ? 250 : 0);
    };
    document.addEventListener("click", follow);
    return () => document.removeEventListener("click", follow);
  }
}

export default mounted(Counts);
