// Brings a page of a notebook to life. The server has the cells and their outputs; the page shows them, sends what the
// reader does, and after a lost connection is told what it missed.
import { Editor } from "./editor.js";

const main = document.querySelector("main");
const ticket = main.dataset.ticket;
// No output's script shall find it.
delete main.dataset.ticket;

// Where a cell's outputs are.
const OUT_OF_SIGHT = 0, IN_SIGHT = 1, IN_THE_MIDDLE = 2;

const here = location.origin + location.pathname;
const cells = new Map([...document.querySelectorAll("section.live")].map(section => [section.dataset.cell, {
  id: section.dataset.cell, section, version: section.dataset.version, outputs: section.querySelector(".outputs"),
  code: section.querySelector("pre.code"), source: section.querySelector("pre.code").textContent, editor: null, arriving: new Map(), waiting: new Map(), sight: IN_THE_MIDDLE, height: 0,
}]));
const cellOf = outputs => cells.get(outputs.parentElement.dataset.cell);
const heard = document.querySelector(".heard");
const session = document.querySelector(".session");
const tool = name => document.querySelector(`.toolbar [data-do="${name}"]`);
let socket, tries = 0, listens = null, state = {};

// --- the connection

const send = message => socket?.readyState === WebSocket.OPEN && socket.send(JSON.stringify(message));
const questions = new Map();
let question = 0;
const ask = message => new Promise(answer => {
  const id = ++question;
  questions.set(id, answer);
  if (send({ ...message, id }) === false) questions.delete(id), answer({});
});

const connect = () => {
  socket = new WebSocket(here.replace("http", "ws") + "/socket?ticket=" + ticket);
  socket.onopen = () => {
    tries = 0;
    // What was typed while there was no connection.
    const unsent = [...cells.values()].filter(cell => cell.unsent);
    for (const cell of unsent) edit(cell, cell.source);
    send({ do: "hello", versions: Object.fromEntries([...cells.values()].map(cell => [cell.id, cell.version])) });
    for (const message of later.splice(0)) send(message);
  };
  socket.onmessage = message => receive(JSON.parse(message.data));
  socket.onclose = () => {
    for (const answer of questions.values()) answer({});
    questions.clear();
    session.dataset.is = "lost";
    session.textContent = tries < 8 ? "Connecting …" : "The server does not answer. Start it again, and open the address that it prints.";
    setTimeout(connect, Math.min(5000, 250 * 2 ** tries++));
  };
};

// What is asked for before the connection stands is done when it does.
const later = [];
const tell = message => send(message) === undefined || later.push(message);

// --- what the server says

const receive = message => {
  const cell = cells.get(message.cell);
  switch (message.is) {
    case "cells":
      if (message.known && (message.known.length !== cells.size || message.known.some(id => !cells.has(id)))) return location.reload();
      for (const one of message.cells) restore(cells.get(one.cell), one);
      break;
    case "cell":
      describe(cell, message);
      break;
    case "source":
      cell.version = message.version;
      colour(cell, message.html, message.source);
      break;
    case "begin":
      begin(cell);
      break;
    case "output":
      cell.version = message.version;
      if (message.text !== undefined) append(cell, message.index, message.text);
      else place(cell, message.index, message.html);
      break;
    case "end":
      end(cell, message);
      break;
    case "settings":
      showSettings(message);
      break;
    case "state":
      showState(message);
      break;
    case "conflict":
      say(message.gone ? "The notebook's file is gone. Write it anew?" : "The notebook's file was changed by another program since it was opened here. What shall be kept?", {
        "Write mine over it": () => send({ do: "save", overwrite: true }),
        ...(message.gone ? {} : { "Take the file's, drop mine": () => send({ do: "reload" }) }),
        "Neither, yet": () => {},
      });
      break;
    case "renewed":
      location.reload();
      break;
    case "answer":
      questions.get(message.id)?.(message);
      questions.delete(message.id);
      break;
  }
};

const restore = (cell, one) => {
  colour(cell, one.html, one.source);
  cell.outputs.replaceChildren();
  cell.waiting.clear();
  one.shown.forEach((html, index) => place(cell, index, html));
  describe(cell, one);
};

const describe = (cell, one) => {
  const { section } = cell;
  const classes = { running: one.activity === "running", waiting: one.activity === "waiting", stale: one.stale, failed: one.failed, changed: one.changed };
  for (const [name, is] of Object.entries(classes)) section.classList.toggle(name, !!is);
  section.querySelector(".count").textContent = one.count ? `[${one.count}]` : "";
  section.querySelector(".count").title = one.seconds == null ? "" : `${one.seconds.toFixed(2)} s`;
  section.querySelector(".undo").hidden = !one.changed;
  showBusy(cell);
  cell.version = one.version;
  cell.editor?.mark(one.failed ? one : null);
  cell.failure = one.failed ? one : null;
};

const showBusy = cell => cell.outputs.setAttribute("aria-busy", String(cell.section.classList.contains("running") || cell.waiting.size > 0));

const colour = (cell, html, source) => {
  cell.code.querySelector("code").innerHTML = html;
  if (source === undefined || source === cell.source) return;
  cell.source = source;
  cell.editor?.setSource(source);
};

// --- outputs: each new one takes the place of the old one at its index, when it has something to show

const begin = cell => {
  cell.section.classList.remove("failed", "waiting");
  cell.section.classList.add("running");
  showBusy(cell);
  cell.editor?.mark(null);
  for (const old of cell.outputs.children) old.classList.add("old");
  // Until the end the page keeps its length.
  cell.outputs.style.minHeight = cell.height + "px";
};

const at = (cell, index) => cell.outputs.querySelector(`:scope > [data-index="${index}"]:not(.arriving)`);

const make = html => {
  const template = document.createElement("template");
  template.innerHTML = html.replaceAll("@page@", here);
  const output = template.content.firstElementChild ?? document.createElement("div");
  // Scripts that arrive as text run only when they are made anew.
  for (const script of output.querySelectorAll("script")) {
    if (script.type && !/javascript|module/.test(script.type)) continue;
    const live = document.createElement("script");
    for (const { name, value } of script.attributes) live.setAttribute(name, value);
    live.textContent = script.textContent;
    script.replaceWith(live);
  }
  return output;
};

const place = (cell, index, html, isTime = false) => {
  cell.arriving.get(index)?.remove();
  cell.arriving.delete(index);
  cell.waiting.delete(index);
  const old = at(cell, index);
  if (old?.html === html) {
    old.classList.remove("old");
    return;
  }
  if (old && !isTime && cell.sight < IN_THE_MIDDLE && html.includes("<script")) {
    cell.waiting.set(index, html);
    drawNext();
    return;
  }
  const output = make(html);
  output.html = html;
  output.dataset.index = index;
  if (!old || !output.querySelector("script")) {
    old ? old.replaceWith(output) : insert(cell, index, output);
    return;
  }
  // What draws itself is drawn out of sight, and the old picture stays until then.
  output.classList.add("arriving");
  cell.arriving.set(index, output);
  old.before(output);
  const swap = () => {
    if (cell.arriving.get(index) !== output) return;
    cell.arriving.delete(index);
    observer.disconnect();
    clearTimeout(timer);
    old.remove();
    output.classList.remove("arriving");
  };
  const observer = new MutationObserver(() => output.querySelector("svg, canvas, img") && requestAnimationFrame(swap));
  observer.observe(output, { childList: true, subtree: true });
  const timer = setTimeout(swap, 2000);
};

// First what is looked at: an output that draws itself is drawn at once in the middle of the window, a moment later
// elsewhere in it, and out of sight when the session rests.
const see = (sight, rootMargin) => {
  const observer = new IntersectionObserver(entries => {
    for (const { target, isIntersecting } of entries) {
      const cell = cellOf(target);
      cell.sight = isIntersecting ? Math.max(cell.sight, sight) : Math.min(cell.sight, sight - 1);
      if (isIntersecting) drawNext();
    }
  }, { rootMargin });
  for (const cell of cells.values()) observer.observe(cell.outputs);
};

const whenIdle = window.requestIdleCallback ?? setTimeout;
let drawing;
const drawNext = (moment = 300) => {
  clearTimeout(drawing);
  drawing = setTimeout(() => whenIdle(() => {
    const waiting = [...cells.values()].filter(cell => cell.waiting.size && (cell.sight > OUT_OF_SIGHT || state.session !== "running"));
    const next = waiting.sort((a, b) => b.sight - a.sight)[0];
    if (!next) return;
    const outputs = [...next.waiting];
    next.waiting.clear();
    for (const [index, html] of outputs) place(next, index, html, true);
    showBusy(next);
    if (waiting.length > 1) drawNext(0);
  }, { timeout: 500 }), moment);
};

const insert = (cell, index, output) => {
  const after = [...cell.outputs.children].find(other => Number(other.dataset.index) > index);
  after ? after.before(output) : cell.outputs.append(output);
};

const append = (cell, index, text) => {
  const output = at(cell, index);
  output?.querySelector("pre")?.append(text);
  if (output) output.html = null;
};

const end = (cell, message) => {
  for (const output of [...cell.outputs.children]) {
    const index = Number(output.dataset.index);
    if (index >= message.outputs) output.remove(), cell.waiting.delete(index);
    else if (!cell.waiting.has(index)) output.classList.remove("old");
  }
  describe(cell, message);
  requestAnimationFrame(() => cell.arriving.size || (cell.outputs.style.minHeight = ""));
  setTimeout(() => cell.section.classList.contains("running") || (cell.outputs.style.minHeight = ""), 2100);
  if (cell.id === listens) {
    const text = cell.outputs.innerText.trim().replace(/\s+/g, " ").slice(0, 400);
    heard.textContent = message.failed ? `Failed. ${message.message}` : `Done. ${text}`;
    listens = cell.section.classList.contains("exercise") ? nextCheck(cell)?.id : null;
  }
};

const nextCheck = cell => {
  const all = [...cells.values()];
  return all.slice(all.indexOf(cell) + 1).find(other => other.section.classList.contains("check"));
};

// --- settings: sliders, numbers and choices for the variables of the parameters cell

let panel = null, inHand = null;

const showSettings = ({ cell: id, settings }) => {
  if (!settings.length) return;
  const cell = cells.get(id);
  if (!panel) {
    panel = document.createElement("aside");
    panel.className = "settings";
    panel.setAttribute("aria-label", "Settings");
    panel.innerHTML = "<h2>Settings</h2><div class=\"rows\"></div>";
    cell.section.before(panel);
    document.body.classList.add("with-settings");
    const button = document.querySelector(".settings-button");
    const narrow = matchMedia("(max-width: 1359.98px)");
    const show = () => button.hidden = !narrow.matches;
    narrow.addEventListener("change", show);
    show();
    button.onclick = () => button.setAttribute("aria-expanded", String(panel.classList.toggle("sheet")));
  }
  const rows = panel.querySelector(".rows");
  const known = new Map([...rows.children].map(row => [row.dataset.name, row]));
  rows.replaceChildren(...settings.map(setting => {
    const row = known.get(setting.name);
    const same = row && JSON.stringify({ ...row.setting, value: 0 }) === JSON.stringify({ ...setting, value: 0 });
    const shown = same ? row : makeSetting(cell, setting);
    // What is in the reader's hand is not moved by what it was a moment ago.
    if (inHand !== setting.name) shown.show(setting.value);
    return shown;
  }));
  if (inHand) rows.querySelector(`[data-name="${CSS.escape(inHand)}"] input[type="range"]`)?.focus({ preventScroll: true });
};

const makeSetting = (cell, setting) => {
  const row = document.createElement("div");
  row.className = "setting";
  row.dataset.name = setting.name;
  row.setting = setting;
  const id = "setting-" + setting.name;
  const label = document.createElement("label");
  label.htmlFor = id;
  label.innerHTML = "<code></code>";
  label.firstChild.textContent = setting.name;
  row.append(label);
  if (setting.kind === "choice" || setting.kind === "bool") {
    const choice = document.createElement("select");
    choice.id = id;
    for (const name of setting.kind === "bool" ? ["true", "false"] : setting.choices) choice.append(new Option(name, name));
    choice.onchange = () => set(cell, setting.name, choice.value, true);
    row.append(choice);
    row.show = value => choice.value = value;
  } else {
    const number = document.createElement("input"), slider = document.createElement("input");
    Object.assign(number, { type: "number", id, step: "any" });
    Object.assign(slider, { type: "range", min: 0, max: 1000, step: 1 });
    slider.setAttribute("aria-label", setting.label || setting.name);
    const whole = setting.kind === "int";
    if (whole && setting.max - setting.min <= 1000) Object.assign(slider, { max: setting.max - setting.min });
    const to = position => {
      const share = position / slider.max;
      const value = setting.log ? setting.min * (setting.max / setting.min) ** share : setting.min + (setting.max - setting.min) * share;
      if (whole) return String(Math.round(value));
      return String(Number(setting.log ? value.toPrecision(2) : value.toPrecision(3)));
    };
    const from = value => Math.round(slider.max * (setting.log ? Math.log(value / setting.min) / Math.log(setting.max / setting.min) : (value - setting.min) / (setting.max - setting.min)));
    slider.oninput = () => {
      inHand = setting.name;
      number.value = to(slider.value);
      slider.setAttribute("aria-valuetext", number.value);
      set(cell, setting.name, number.value, false);
    };
    slider.onchange = () => {
      inHand = null;
      set(cell, setting.name, to(slider.value), true);
    };
    number.onchange = () => number.value !== "" && set(cell, setting.name, number.value, true);
    row.append(number);
    if (setting.label) {
      const small = document.createElement("small");
      small.textContent = small.title = setting.label;
      row.append(small);
    }
    row.append(slider);
    row.show = value => {
      if (document.activeElement !== number) number.value = String(Number(value));
      slider.value = from(Number(value));
      slider.setAttribute("aria-valuetext", number.value);
    };
    return row;
  }
  if (setting.label) {
    const small = document.createElement("small");
    small.textContent = small.title = setting.label;
    row.append(small);
  }
  return row;
};

// While the slider moves, a position is sent when the one before has been drawn; the last one always is, at once.
let sent = {}, wanted = null;
const set = (cell, name, value, isLast) => {
  if (!isLast && state.session === "running") return void (wanted = { cell, name, value });
  wanted = null;
  if (sent.name === name && sent.value === value) return;
  sent = { name, value };
  state.session = session.dataset.is = "running";
  tell({ do: "set", cell: cell.id, name, value });
};

// --- the session's state, and what the page says and asks

const words = { none: "No session: run a cell to start one", starting: "Starting …", ready: "Ready", running: "Running", lost: "Connecting …" };

const showState = message => {
  state = message;
  session.dataset.is = message.session;
  session.textContent = words[message.session];
  tool("stop").disabled = message.session !== "running";
  tool("run-stale").hidden = !message.stale || message.session === "running";
  tool("save").classList.toggle("changed", !!message.changed);
  if (message.notice) say(message.notice);
  if (message.session === "running") return;
  drawNext();
  if (wanted) set(wanted.cell, wanted.name, wanted.value, true);
  if (!inHand) sent = {};
};

// Says something for some seconds, when no question is open; or asks. The last answer changes nothing: it is the one at hand, and Escape's.
let asks = null, hush;
const say = (text, answers = null) => {
  if (!answers && asks?.open) return asks.addEventListener("close", () => say(text));
  asks?.remove();
  clearTimeout(hush);
  asks = document.createElement(answers ? "dialog" : "div");
  asks.className = "asks";
  asks.setAttribute("role", answers ? "alertdialog" : "status");
  asks.setAttribute("aria-label", text);
  const words = document.createElement("p");
  words.textContent = text;
  asks.append(words);
  if (answers) {
    const row = document.createElement("div");
    row.className = "row";
    for (const [name, act] of Object.entries(answers)) {
      const button = document.createElement("button");
      button.textContent = name;
      button.onclick = () => (asks.close(), act());
      row.append(button);
    }
    row.lastChild.autofocus = true;
    asks.append(row);
  } else {
    hush = setTimeout(() => asks.remove(), 6000);
  }
  document.body.append(asks);
  asks.showModal?.();
};

// --- what the reader does

const edit = (cell, source) => {
  cell.source = source;
  cell.unsent = send({ do: "edit", cell: cell.id, source }) === false || socket.readyState !== WebSocket.OPEN;
};

const run = (cell, what = "run") => {
  cell.editor?.flush();
  listens = cell.id;
  tell({ do: what, cell: cell.id });
};

const open = async (cell, place) => {
  cell.editor ??= new Editor(cell, { ask, edit: source => edit(cell, source), run: () => run(cell), leave: () => cell.section.querySelector(".run").focus() });
  await cell.editor.open(place);
};

see(IN_SIGHT, "0px");
see(IN_THE_MIDDLE, "-35% 0px");
const heights = new ResizeObserver(entries => {
  for (const { target, contentRect } of entries) cellOf(target).height = contentRect.height;
});
for (const cell of cells.values()) heights.observe(cell.outputs);

for (const cell of cells.values()) {
  [...cell.outputs.children].forEach((output, index) => output.dataset.index = index);
  cell.section.addEventListener("click", event => {
    const name = event.target.closest("[data-do]")?.dataset.do;
    if (name === "start-over") say("Bring this cell back to what is in the repository? What you wrote in it is lost.", { "Start over": () => tell({ do: name, cell: cell.id }), "Keep it": () => {} });
    else if (name) run(cell, name);
    else if (event.target.closest("pre.code") && getSelection().isCollapsed) open(cell, { x: event.clientX, y: event.clientY });
  });
  cell.code.addEventListener("keydown", event => {
    if ((event.key !== "Enter" && event.key !== " ") || event.altKey) return;
    event.preventDefault();
    event.shiftKey || event.ctrlKey || event.metaKey ? run(cell) : open(cell);
  });
}

document.querySelector(".toolbar").addEventListener("click", event => {
  const name = event.target.closest("[data-do]")?.dataset.do;
  if (!name) return;
  for (const cell of cells.values()) cell.editor?.flush();
  if (name === "start-over") {
    say("Bring the whole notebook back to what is in the repository? What you wrote in its cells is lost.", { "Start over": () => tell({ do: name }), "Keep it": () => {} });
  } else {
    tell({ do: name });
  }
});

let escaped = 0;
document.addEventListener("keydown", event => {
  if ((event.ctrlKey || event.metaKey) && event.key === "s") {
    event.preventDefault();
    tool("save").click();
  } else if (event.key === "Escape") {
    if (event.timeStamp - escaped < 600) tell({ do: "stop" });
    escaped = event.timeStamp;
  }
  // Before the editor, which keeps an Escape to itself.
}, true);

// What was typed last is on its way when the page goes; what the server has not been told is asked about.
addEventListener("beforeunload", event => {
  for (const cell of cells.values()) cell.editor?.flush();
  if ([...cells.values()].some(cell => cell.unsent)) event.preventDefault();
});

connect();
// The editor is fetched when the page has nothing else to do.
whenIdle(() => Editor.load(), { timeout: 3000 });
