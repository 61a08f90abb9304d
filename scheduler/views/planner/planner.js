// The planner of the page Calendar: posts on their days, moved by mouse, keys or tap. It only asks: the server decides
// what is moved and answers in words. Outsiders' words are written with textContent and nothing else.

const DAY = 86400000;
const NARROW = 640; // pixels under which seven columns cannot be read
const PATIENCE = 20000; // milliseconds without an answer
const MOST = { Month: 4, Week: 12, List: 1000 }; // posts of a day that are shown before 'more'

const at = (day) => new Date(day + "T12:00:00Z");
const later = (day, by) => new Date(at(day).getTime() + by * DAY).toISOString().slice(0, 10);
const apart = (from, to) => Math.round((at(to) - at(from)) / DAY);
const inWords = (day) =>
  at(day).toLocaleDateString("en-GB", { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" });
const posts = (count) => (count === 1 ? "1 post" : count + " posts");

function make(tag, classes, text) {
  const made = document.createElement(tag);
  if (classes) made.className = classes;
  if (text !== undefined) made.textContent = text;
  return made;
}

function button(classes, text, key, label) {
  const made = make("button", classes, text);
  made.type = "button";
  if (key) made.dataset.key = key;
  if (label) made.setAttribute("aria-label", label);
  return made;
}

class Planner {
  constructor(root) {
    this.root = root;
    const find = (one) => root.querySelector(one);
    [this.wrap, this.said, this.undo, this.empty] = [".wrap", ".said", ".undo", ".empty-state"].map(find);
    [this.heads, this.body, this.key, this.help] = ["thead tr", "tbody", ".key", ".help"].map(find);
    [this.table, this.dialog] = ["table", "dialog"].map(find);
    this.chosen = new Set(); // posts that are moved together
    this.open = new Set(); // days of which every post is shown
    this.focus = null; // key of the item that Tab comes to
    this.moving = null; // {ids, by}: a move by keys under way
    this.dragged = null;
    this.told = 0;
    this.listen();
  }

  // What the server says

  take(component) {
    const isFirst = !this.data; // an answer from before somebody left the page is told, and its question not asked again
    this.ask = component.setTriggerValue;
    this.data = component.data;
    this.byId = new Map(this.data.posts.map((post) => [post.id, post]));
    for (const id of this.chosen) if (!this.byId.has(id)) this.chosen.delete(id);
    const answer = this.data.answer;
    const isNew = answer.number !== this.told;
    const asked = this.busy && isNew;
    if (isNew) this.settle(answer);
    const had = this.root.getRootNode().activeElement;
    const hadKey = this.wrap.contains(had) ? had.dataset.key : null;
    this.fit();
    this.draw();
    this.leadToToday();
    if (this.dialog.open) return;
    if (isNew && !isFirst && answer.question) this.askWhich(answer.question);
    else if (asked) this.focusOn(answer.moved.length ? "p" + answer.moved[0] : this.focus, true);
    else if (hadKey) this.focusOn(hadKey, true);
  }

  // In a list, today may be screens away. The first drawing scrolls to it on a phone; the button also leads the focus there.
  leadToToday() {
    const before = this.led;
    this.led = this.data.lead;
    const cell = this.cellOf(this.data.today);
    if (!this.led || this.led === before || !this.isList || !cell) return;
    if (before === undefined && this.wrap.clientWidth >= NARROW) return;
    const first = this.items().find((one) => cell.contains(one));
    if (before !== undefined && first) this.focusOn(first.dataset.key);
    else if (before !== undefined) this.say("Today, " + inWords(this.data.today) + ": no post.");
    setTimeout(() => this.cellOf(this.data.today)?.scrollIntoView({ block: "start" }), 300); // once all has its height
  }

  settle(answer) {
    this.told = answer.number;
    this.working(false);
    this.say(answer.text, answer.trouble);
    if (answer.moved.length) this.chosen.clear();
    for (const id of answer.moved) {
      const post = this.byId.get(id);
      if (post) this.open.add(post.day);
    }
    this.undo.hidden = !answer.undo;
  }

  say(text, trouble = false) {
    this.said.classList.toggle("trouble", trouble);
    this.said.textContent = "";
    clearTimeout(this.saying);
    this.saying = setTimeout(() => (this.said.textContent = text), 30); // the same words twice are read out twice
  }

  working(on) {
    this.busy = on;
    this.wrap.classList.toggle("busy", on);
    this.table.setAttribute("aria-busy", String(on));
    clearTimeout(this.waiting);
    if (on)
      this.waiting = setTimeout(() => {
        this.working(false);
        this.say("Beatline has not answered. Load the page again to see what was moved.", true);
      }, PATIENCE);
  }

  send(moves, fold = null) {
    this.moving = null;
    if (this.busy) return this.say("Wait a moment: the last move is still under way.");
    this.working(true);
    this.say(moves.length === 1 ? "Moving the post." : "Moving " + posts(moves.length) + ".");
    this.ask("move", { moves, fold, at: Date.now() });
  }

  // Drawing

  fit() {
    const list = this.data.view === "List" || this.wrap.clientWidth < NARROW;
    this.isList = list;
    this.wrap.classList.toggle("list", list);
    this.wrap.classList.toggle("week", this.data.view === "Week");
  }

  draw() {
    const { days, view, empty } = this.data;
    this.table.setAttribute("aria-label", "Posts, " + this.data.title);
    this.heads.replaceChildren(
      ...days.slice(0, 7).map(({ day }) => {
        const head = make("th", "", at(day).toLocaleDateString("en-GB", { weekday: "long", timeZone: "UTC" }));
        head.scope = "col";
        head.setAttribute("role", "columnheader");
        return head;
      }),
    );
    const onDay = this.byDay();
    const rows = [];
    days.forEach((day, n) => {
      if (n % (view === "List" ? 1 : 7) === 0) {
        rows.push(make("tr"));
        rows.at(-1).setAttribute("role", "row");
      }
      rows.at(-1).append(this.cell(day, onDay.get(day.day) ?? []));
    });
    this.body.replaceChildren(...rows);
    this.explain();
    this.empty.hidden = !empty;
    if (empty) {
      this.empty.firstElementChild.textContent = empty.text;
      const write = this.empty.lastElementChild;
      write.hidden = !empty.day;
      write.className = "plain";
      write.textContent = empty.day ? "Write a post for " + inWords(empty.day) : "";
      write.onclick = () => this.ask("write", { day: empty.day, at: Date.now() });
    }
    this.rove();
    this.showTarget();
  }

  byDay() {
    const found = new Map();
    for (const post of this.data.posts) found.set(post.day, [...(found.get(post.day) ?? []), post]);
    return found;
  }

  cell(day, there) {
    const isToday = day.day === this.data.today;
    const cell = make("td");
    cell.setAttribute("role", "gridcell");
    cell.dataset.day = day.day;
    cell.classList.toggle("out", day.out);
    cell.classList.toggle("now", isToday);
    cell.classList.toggle("bare", !there.length && (day.past || day.out));
    cell.append(this.headOf(day, isToday));
    for (const note of day.notes) {
      const line = make("p", "note " + note.kind, note.text);
      line.title = note.text;
      cell.append(line);
    }
    const most = this.open.has(day.day) ? there.length : MOST[this.data.view];
    for (const post of there.slice(0, most)) cell.append(this.line(post));
    if (there.length > MOST[this.data.view]) cell.append(this.more(day.day, there.length - most));
    if (day.gap) cell.append(make("p", "none", "No post"));
    return cell;
  }

  headOf(day, isToday) {
    const head = make("div", "head");
    const [weekday, ...rest] = inWords(day.day).split(" ");
    head.append(make("span", "wd", weekday), make("span", "n", rest[0]), make("span", "wd", rest[1]));
    if (isToday) head.append(make("span", "", "today"));
    if (this.data.mayWrite && !day.past) {
      const write = button("write", undefined, "w" + day.day, "Write a post for " + inWords(day.day));
      write.title = write.getAttribute("aria-label");
      const plus = make("span", "plus", "+");
      plus.setAttribute("aria-hidden", "true");
      write.append(plus, make("span", "in-words", "Write a post"));
      head.append(write);
    }
    return head;
  }

  line(post) {
    const line = make("div", "line");
    const shown = make("div", "post " + post.look);
    shown.classList.toggle("chosen", this.chosen.has(post.id));
    shown.setAttribute("role", "button");
    shown.setAttribute("aria-haspopup", "dialog");
    shown.setAttribute("aria-label", this.label(post));
    shown.dataset.key = "p" + post.id;
    shown.draggable = !post.fixed;
    const sign = make("span", "sign", post.sign + (post.near ? " ≈" : ""));
    sign.setAttribute("aria-hidden", "true");
    shown.append(make("b", "", post.time), sign, make("span", "facts", post.status + ", " + post.networks));
    shown.append(make("span", "words", post.words));
    line.append(shown);
    if (!post.fixed) line.append(button("move", "Move", "m" + post.id, `Move post ${post.id}, ${post.time}`));
    return line;
  }

  label(post) {
    const parts = [`${post.time}, ${post.networks || "no account"}, ${post.status}, ${post.area}: ${post.words}`];
    if (post.near) parts.push("Less than 30 minutes from another post of the same account.");
    if (post.fixed) parts.push(`Cannot be moved: ${post.fixed}.`);
    if (this.chosen.has(post.id)) parts.push("Chosen.");
    return inWords(post.day) + ", " + parts.join(" ");
  }

  more(day, hidden) {
    const text = hidden > 0 ? hidden + " more" : "Show fewer";
    return button("more", text, "e" + day, hidden > 0 ? `Show ${hidden} more posts on ${inWords(day)}` : undefined);
  }

  explain() {
    const signs = new Map(this.data.posts.map((post) => [post.sign, []]));
    for (const post of this.data.posts)
      if (!signs.get(post.sign).includes(post.status)) signs.get(post.sign).push(post.status);
    const lines = [...signs].map(([sign, means]) => `${sign} ${means.join(", ")}`);
    if (this.data.posts.some((post) => post.near)) lines.push("≈ Less than 30 minutes from another of the account");
    this.key.replaceChildren(...lines.map((line) => make("li", "", line)));
    this.key.hidden = !lines.length;
    this.help.textContent = !this.data.mayWrite
      ? "With keys: arrows go from post to post, Enter opens one."
      : this.isList
      ? "Tap a post to see it, or Move to give it another day or time. With keys: arrows, Enter, M to move."
      : "Drag a post to another day. With keys: arrows go from post to post, Enter opens one, M moves it with the " +
        "arrows, the space bar chooses several, Ctrl and Z takes the last move back.";
  }

  // Focus: one item at a time can be reached with Tab, and it is never lost

  items() {
    return [...this.body.querySelectorAll("[data-key]")].filter((one) => one.getClientRects().length);
  }

  rove() {
    const items = this.items();
    const posts = items.filter((one) => one.classList.contains("post"));
    const here = items.find((one) => one.dataset.key === this.focus) ?? posts[0] ?? items[0];
    for (const one of this.body.querySelectorAll("[data-key]")) one.tabIndex = one === here ? 0 : -1;
  }

  focusOn(key, force = false) {
    const found = this.items().find((one) => one.dataset.key === key);
    if (found) {
      this.focus = key;
      this.rove();
      found.focus();
    } else if (force) {
      if (this.undo.hidden) this.body.querySelector("[tabindex='0']")?.focus();
      else this.undo.focus(); // the post went to a day that is not shown
    }
  }

  walk(from, key) {
    const cells = [...this.body.querySelectorAll("td")];
    const inCell = (cell) => this.items().filter((one) => cell.contains(one));
    const home = from.closest("td");
    const own = inCell(home);
    const [across, down] = this.isList ? [1, 1] : [1, 7];
    const step = { ArrowLeft: -across, ArrowRight: across, ArrowUp: -down, ArrowDown: down }[key];
    if (key === "ArrowUp" || key === "ArrowDown") {
      const beside = own[own.indexOf(from) + Math.sign(step)];
      if (beside) return this.focusOn(beside.dataset.key);
    }
    for (let n = cells.indexOf(home) + step; n >= 0 && n < cells.length; n += step) {
      const found = inCell(cells[n]);
      const post = found.find((one) => one.classList.contains("post")) ?? found[0];
      if (post) return this.focusOn(post.dataset.key);
    }
  }

  // Moving by keys

  begin(post) {
    const ids = this.together(post);
    const stuck = ids.map((id) => this.byId.get(id)).filter((one) => one.fixed);
    if (stuck.length) return this.say(`Cannot be moved: ${stuck[0].fixed}.`, true);
    this.moving = { ids, by: 0, post };
    this.showTarget();
    this.say(`Moving ${ids.length > 1 ? posts(ids.length) : "the post"} from ${inWords(post.day)}, ${post.time}. ` +
      "Arrow keys choose the day, Enter puts it there, Escape leaves it.");
  }

  together(post) {
    return this.chosen.has(post.id) ? [...this.chosen] : [post.id];
  }

  shift(key) {
    const [across, down] = this.isList ? [1, 1] : [1, 7];
    this.moving.by += { ArrowLeft: -across, ArrowRight: across, ArrowUp: -down, ArrowDown: down }[key];
    const day = later(this.moving.post.day, this.moving.by);
    const shown = this.showTarget();
    this.say(`Move to ${inWords(day)}, ${this.moving.post.time}${shown ? "" : " (not shown here)"}`);
  }

  showTarget() {
    this.body.querySelectorAll(".over").forEach((one) => one.classList.remove("over"));
    for (const one of this.body.querySelectorAll(".post"))
      one.classList.toggle("moving", !!this.moving?.ids.includes(Number(one.dataset.key.slice(1))));
    if (!this.moving) return null;
    const cell = this.cellOf(later(this.moving.post.day, this.moving.by));
    cell?.classList.add("over");
    cell?.scrollIntoView({ block: this.isList ? "start" : "nearest" });
    return cell;
  }

  cellOf(day) {
    return this.body.querySelector(`td[data-day="${day}"]`);
  }

  place(ids, by) {
    this.moving = null;
    this.showTarget();
    if (!by) return this.say("Not moved: it is the same day.");
    this.send(ids.map((id) => this.moveOf(this.byId.get(id), by)));
  }

  moveOf(post, by) {
    return { id: post.id, seen: post.seen, day: later(post.day, by) };
  }

  choose(post) {
    if (!this.chosen.delete(post.id)) this.chosen.add(post.id);
    this.draw();
    this.focusOn("p" + post.id);
    this.say(this.chosen.size ? posts(this.chosen.size) + " chosen. Move one and all move by as many days." : "None chosen.");
  }

  // The window of one post: what it is, another day and time, the way to its page

  show(post, moveOnly = false) {
    this.focus = (moveOnly ? "m" : "p") + post.id;
    const title = make("h2", "", `${inWords(post.day)}, ${post.time}`);
    title.id = "planner-title";
    const facts = [post.words, `${post.status}. ${post.kind}, ${post.area}. ${post.accounts || "No account"}`];
    if (post.near) facts.push("Less than 30 minutes from another post of the same account.");
    const parts = [title, ...facts.map((fact) => make("p", "", fact))];
    parts.push(post.fixed ? make("p", "", `It cannot be moved: ${post.fixed}.`) : this.form(post));
    const link = make("a", "", `Open post ${post.id}`);
    link.href = post.href;
    link.onclick = (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.ask("open", { id: post.id, at: Date.now() });
      this.dialog.close();
    };
    const row = make("div", "row");
    const close = button("plain", "Close");
    close.onclick = () => this.dialog.close();
    row.append(link, close);
    this.popUp([...parts, row]);
    this.dialog.querySelector("input, .plain").focus();
  }

  form(post) {
    const form = make("form", "row");
    form.method = "dialog";
    const [day, clock] = [["date", "Day", post.day], ["time", "Time (UK)", post.clock]].map(([type, name, value]) => {
      const field = make("input");
      Object.assign(field, { type, value, required: true });
      const label = make("label", "", name);
      label.append(field);
      form.append(label);
      return field;
    });
    const save = button("strong", "Move it");
    save.type = "submit";
    form.append(save);
    form.onsubmit = () => {
      this.focus = "p" + post.id;
      if (day.value === post.day && clock.value === post.clock) return this.say("Not moved: it is the same time.");
      this.send([{ id: post.id, seen: post.seen, day: day.value, clock: clock.value }]);
    };
    return form;
  }

  askWhich(question) {
    const title = make("h2", "", "Which time do you mean?");
    title.id = "planner-title";
    const row = make("div", "row");
    ["The first, in summer time", "The second, in winter time"].forEach((name, fold) => {
      const pick = button("strong", name);
      pick.onclick = () => {
        this.dialog.close();
        this.send(question.moves, fold);
      };
      row.append(pick);
    });
    const leave = button("plain", "Do not move it");
    leave.onclick = () => this.dialog.close();
    row.append(leave);
    this.popUp([title, make("p", "", question.text), row]);
  }

  popUp(parts) {
    this.dialog.replaceChildren(...parts);
    this.dialog.onclose = () => this.focusOn(this.focus, true);
    this.dialog.showModal();
  }

  // What people do. Handlers are set once: the server's words come and go, the planner stays

  listen() {
    const postOf = (one) => this.byId.get(Number(one.dataset.key.slice(1)));
    const item = (event) => event.target.closest("[data-key]");
    this.undo.onclick = () => {
      if (this.busy) return;
      this.working(true);
      this.say("Taking the move back.");
      this.ask("undo", { at: Date.now() });
    };
    const press = (one, event) => {
      const kind = one.dataset.key[0];
      this.focus = one.dataset.key;
      if (kind === "w") this.ask("write", { day: one.dataset.key.slice(1), at: Date.now() });
      else if (kind === "e") this.toggle(one.dataset.key.slice(1));
      else if (kind === "m") this.show(postOf(one), true);
      else if (event.ctrlKey || event.metaKey || event.shiftKey) this.choose(postOf(one));
      else this.show(postOf(one));
    };
    this.body.onclick = (event) => {
      const one = item(event);
      if (one) press(one, event);
    };
    this.body.onkeydown = (event) => {
      const one = item(event);
      if (one) this.typed(event, one, press, postOf);
    };
    this.body.addEventListener("focusin", (event) => {
      const one = item(event);
      if (!one) return;
      this.focus = one.dataset.key;
      this.rove();
    });
    this.listenToDrag(postOf);
    new ResizeObserver(() => {
      if (!this.data) return;
      const was = this.isList;
      this.fit();
      if (was !== this.isList) this.draw();
    }).observe(this.wrap);
  }

  typed(event, one, press, postOf) {
    const arrows = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"];
    const isPost = one.dataset.key[0] === "p";
    let did = true;
    if (this.moving) {
      if (arrows.includes(event.key)) this.shift(event.key);
      else if (event.key === "Enter") this.place(this.moving.ids, this.moving.by);
      else if (event.key === "Escape" || event.key === "Tab") {
        did = event.key === "Escape"; // Tab goes on, and leaves the post where it is
        this.moving = null;
        this.showTarget();
        this.say("Not moved.");
      } else did = false;
    } else if (arrows.includes(event.key)) this.walk(one, event.key);
    else if (event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey) && !this.undo.hidden) this.undo.click();
    else if (event.key === "Home" || event.key === "End")
      this.focusOn(this.items().at(event.key === "Home" ? 0 : -1).dataset.key);
    else if (isPost && event.key.toLowerCase() === "m" && !event.ctrlKey && !event.metaKey) this.begin(postOf(one));
    else if (isPost && event.key === " ") this.choose(postOf(one));
    else if (isPost && event.key === "Enter") press(one, event);
    else if (event.key === "Escape" && this.chosen.size) this.chooseNone();
    else did = false;
    if (did) {
      event.preventDefault();
      event.stopPropagation(); // Streamlit has keys of its own
    }
  }

  chooseNone() {
    const key = this.focus;
    this.chosen.clear();
    this.draw();
    this.focusOn(key);
    this.say("None chosen.");
  }

  toggle(day) {
    if (!this.open.delete(day)) this.open.add(day);
    this.draw();
    this.focusOn("e" + day);
  }

  listenToDrag(postOf) {
    const clear = () => this.body.querySelectorAll(".over").forEach((one) => one.classList.remove("over"));
    this.body.ondragstart = (event) => {
      const one = event.target.closest(".post");
      this.dragged = one ? postOf(one) : null;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", this.dragged ? "Post " + this.dragged.id : "");
    };
    this.body.ondragover = (event) => {
      const cell = event.target.closest("td");
      if (!this.dragged || !cell) return;
      event.preventDefault();
      if (!cell.classList.contains("over")) {
        clear();
        cell.classList.add("over");
      }
    };
    this.body.ondrop = (event) => {
      const cell = event.target.closest("td");
      if (!this.dragged || !cell) return;
      event.preventDefault();
      const post = this.dragged;
      this.focus = "p" + post.id;
      this.place(this.together(post), apart(post.day, cell.dataset.day));
    };
    this.body.ondragend = () => {
      this.dragged = null;
      clear();
    };
  }
}

const planners = new WeakMap();

export default function (component) {
  const root = component.parentElement;
  const wrap = root.querySelector(".wrap");
  try {
    if (!planners.has(wrap)) planners.set(wrap, new Planner(root));
    planners.get(wrap).take(component);
  } catch (error) {
    wrap.hidden = true; // the plain table stays: better without moves than with half a planner
    console.error(error);
    return;
  }
  document.documentElement.dataset.planner = "on"; // the plain table makes room: see calendar.py
  return () => delete document.documentElement.dataset.planner;
}
