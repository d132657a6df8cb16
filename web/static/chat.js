// The page works without this script; with it, nothing has to be reloaded and nothing is lost on a bad line.
"use strict";
(() => {
  const find = (id) => document.getElementById(id);
  const page = find("page"), scroll = find("scroll"), log = find("log"), write = find("write");
  const text = find("text"), chosen = find("chosen"), status = find("status"), size = find("size");
  const words = JSON.parse(page.dataset.words);
  const limit = Number(page.dataset.limit);
  const say = (name, facts = {}) => words[name].replace(/\{(\w+)\}/g, (blank, fact) => facts[fact] ?? blank);
  document.documentElement.classList.add("js");

  // What must outlive a reload: the draft, and messages that are not acknowledged yet.
  const memory = {
    read(name, otherwise) {
      try { return JSON.parse(sessionStorage.getItem(`${name}:${page.dataset.seat}`)) ?? otherwise; } catch { return otherwise; }
    },
    write(name, value) {
      try { sessionStorage.setItem(`${name}:${page.dataset.seat}`, JSON.stringify(value)); } catch { /* private mode */ }
    },
  };

  // --- bubbles ---------------------------------------------------------------------------------

  function element(name, className, content = "") {
    const made = document.createElement(name);
    made.className = className;
    made.textContent = content;
    return made;
  }

  function show(bubble) {
    const low = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 160;
    if (!place(bubble)) return;
    settle();
    if (low || bubble.dataset.mine) toEnd();
  }

  // Puts a bubble where it belongs: over the one it replaces, else by id. False when it is known already.
  function place(bubble) {
    const id = Number(bubble.dataset.id);
    const known = log.querySelector(`:scope > [data-key="${CSS.escape(bubble.dataset.key)}"]`);
    if (known) {
      if (id <= Number(known.dataset.id)) return false;
      known.replaceWith(bubble);
      return true;
    }
    if (id && id < Number(log.dataset.first)) return false;
    let before = log.lastElementChild;
    while (before && id && Number(before.dataset.id) > id) before = before.previousElementSibling;
    if (before) before.after(bubble); else log.prepend(bubble);
    return true;
  }

  // Nothing of it stays in this page; what it would show instead comes by itself.
  function takeOff(key) {
    const bubble = log.querySelector(`:scope > [data-key="${CSS.escape(key)}"]`);
    if (!bubble) return;
    lostFocus ||= bubble.contains(document.activeElement);
    bubble.remove();
    settle();
  }

  // Only the newest menu's buttons mean something, and only until it is answered; a card's always do.
  function settle() {
    let answered = false, menuSeen = false;
    for (const bubble of [...log.children].reverse()) {
      const numbered = Boolean(bubble.dataset.numbered);
      if (!(numbered && !answered && !menuSeen)) {
        if (bubble.dataset.kind === "card") bubble.querySelectorAll(".number").forEach((number) => number.remove());
        else bubble.querySelectorAll(".choices").forEach((form) => form.remove());
      }
      answered ||= Boolean(bubble.dataset.mine);
      menuSeen ||= numbered;
    }
    if (document.activeElement === document.body && lostFocus) scroll.focus({ preventScroll: true });
    lostFocus = false;
  }
  let lostFocus = false;

  function toEnd() {
    const last = log.lastElementChild;
    if (last && last.offsetHeight > scroll.clientHeight) last.scrollIntoView({ block: "start" });
    else scroll.scrollTop = scroll.scrollHeight;
  }

  function complain(sentence) {
    const bubble = element("li", "bubble desk problem");
    bubble.dataset.key = `problem-${Math.random()}`;
    bubble.dataset.id = "0";
    bubble.append(element("p", "text", sentence));
    show(bubble);
    toEnd();
  }

  // --- what the desk says ----------------------------------------------------------------------

  let last = Number(page.dataset.last), stream, trouble;
  function listen() {
    const address = new URL(page.dataset.stream, location.href);
    address.searchParams.set("after", String(last));
    stream = new EventSource(address);
    stream.onopen = () => { clearTimeout(trouble); trouble = undefined; tell(""); };
    stream.onmessage = (event) => {
      const holder = document.createElement("template");
      holder.innerHTML = event.data; // rendered and escaped by our own server
      last = Math.max(last, Number(event.lastEventId));
      show(holder.content.firstElementChild);
    };
    stream.addEventListener("gone", (event) => { // what was said in confidence, on every page of this visitor
      for (const key of JSON.parse(event.data)) takeOff(key);
    });
    stream.onerror = () => {
      trouble ??= setTimeout(() => tell(say("offline")), 4000);
      if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 3000);
    };
  }
  function tell(sentence) {
    if (status.textContent !== sentence) status.textContent = sentence;
  }

  // --- what the person says --------------------------------------------------------------------

  const queue = []; // in order; the first is on its way
  let pumping = false, wakePump = () => {};

  function remember() {
    memory.write("queue", queue.map(({ files, ...kept }) => ({ ...kept, had: files.length })));
  }

  function enqueue(message) {
    queue.push(message);
    remember();
    showPending(message);
    pump();
  }

  function showPending(message) {
    const bubble = element("li", "bubble mine");
    Object.assign(bubble.dataset, { key: `own:${message.id}`, id: "0", mine: "1" });
    bubble.append(element("span", "who", say("you")));
    const said = [message.label || message.text, ...message.files.map((file) => file.name)].filter(Boolean);
    bubble.append(element("p", "text", said.join("\n")));
    const state = element("span", "meta", say("sending"));
    state.setAttribute("aria-live", "off");
    bubble.append(state);
    show(bubble);
  }

  function mark(message, sentence) {
    const state = log.querySelector(`[data-key="own:${message.id}"][data-id="0"] .meta`);
    if (state && state.textContent !== sentence) state.textContent = sentence;
  }

  async function pump() {
    if (pumping) return;
    pumping = true;
    for (let tries = 0; queue.length;) {
      const message = queue[0];
      const { ok, again, error } = await post(message);
      if (again) {
        mark(message, say("waiting"));
        await rest(Math.min(30, 2 ** tries++));
        continue;
      }
      tries = 0;
      queue.shift();
      remember();
      mark(message, say("sent"));
      if (!ok) giveBack(message, error || say("failed"));
    }
    pumping = false;
  }

  function rest(seconds) {
    return new Promise((done) => { wakePump = done; setTimeout(done, seconds * 1000); });
  }

  function post(message) {
    return new Promise((done) => {
      const body = new FormData();
      body.append("client_id", message.id);
      if (message.action) body.append("action", message.action);
      if (message.text) body.append("text", message.text);
      for (const file of message.files) body.append("files", file, file.name);
      const request = new XMLHttpRequest();
      request.open("POST", write.getAttribute("action"));
      request.setRequestHeader("Accept", "application/json");
      request.timeout = message.files.length ? 600000 : 30000;
      request.upload.onprogress = (event) => {
        if (message.files.length && event.lengthComputable) {
          mark(message, say("uploading", { percent: Math.floor((10 * event.loaded) / event.total) * 10 }));
        }
      };
      request.onload = () => {
        let error = "";
        try { error = JSON.parse(request.responseText).error || ""; } catch { /* a proxy's own page */ }
        done({ ok: request.status === 200, again: request.status >= 500 || request.status === 429, error });
      };
      request.onerror = request.ontimeout = () => done({ again: true });
      request.send(body);
    });
  }

  // A message the desk would not take: say why, and put the words back where they can be changed.
  function giveBack(message, error) {
    log.querySelector(`[data-key="own:${message.id}"][data-id="0"]`)?.remove();
    if (!message.action && !text.value) { text.value = message.text; memory.write("draft", text.value); }
    complain(error);
  }

  // --- the form --------------------------------------------------------------------------------

  let files = [];
  const keyboard = () => matchMedia("(pointer: fine)").matches;
  const newId = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  function choose(input) {
    for (const file of input.files) {
      if (file.size > limit) complain(say("too_big_here", { name: file.name, limit: Math.floor(limit / 1048576) }));
      else files.push(file);
    }
    input.value = "";
    listChosen();
    if (keyboard()) text.focus();
  }

  function listChosen() {
    chosen.replaceChildren(...files.map((file) => {
      const item = document.createElement("li");
      const drop = element("button", "", "✕");
      drop.type = "button";
      drop.setAttribute("aria-label", say("drop", { name: file.name }));
      drop.onclick = () => { files = files.filter((other) => other !== file); listChosen(); if (keyboard()) text.focus(); };
      item.append(element("span", "name", file.name), drop);
      return item;
    }));
    chosen.hidden = !files.length;
  }

  write.addEventListener("submit", (event) => {
    event.preventDefault();
    const said = text.value.trim();
    if (!said && !files.length) { complain(say("empty")); text.focus(); return; }
    const message = { id: newId(), text: said, files };
    files = [];
    text.value = "";
    listChosen();
    enqueue(message);
    memory.write("draft", "");
    if (keyboard()) text.focus(); else text.blur(); // a phone's own keyboard would hide the answer
  });

  log.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!event.target.matches(".choices") || !button) return;
    event.preventDefault();
    lostFocus = true;
    const label = button.querySelector(".label").textContent;
    event.target.querySelectorAll("button").forEach((one) => { one.disabled = true; });
    setTimeout(() => event.target.querySelectorAll("button").forEach((one) => { one.disabled = false; }), 3000);
    enqueue({ id: newId(), action: button.value, label, text: "", files: [] });
  });

  text.addEventListener("input", () => memory.write("draft", text.value));
  text.addEventListener("keydown", (event) => {
    // With a real keyboard Enter sends; on a phone it makes a new line. Vietnamese typing is not cut short.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && keyboard()) {
      event.preventDefault();
      write.requestSubmit();
    }
  });
  for (const id of ["camera", "files"]) find(id).addEventListener("change", (event) => choose(event.target));
  window.addEventListener("online", () => wakePump());

  size.addEventListener("click", (event) => {
    event.preventDefault();
    const big = document.documentElement.classList.toggle("big");
    size.textContent = big ? size.dataset.small : size.dataset.big;
    const address = new URL(size.href);
    address.searchParams.set("size", big ? "big" : "normal");
    fetch(address, { headers: { Accept: "text/html" } }).catch(() => {}); // lets the server remember it
    toEnd();
  });

  // --- start -----------------------------------------------------------------------------------

  text.value ||= memory.read("draft", "");
  for (const { had, ...message } of memory.read("queue", [])) {
    if (had) complain(say("files_lost"));
    if (message.text || message.action) {
      queue.push({ ...message, files: [] });
      showPending(queue.at(-1));
    }
  }
  remember();
  pump();
  settle();
  listen();
  scroll.scrollTop = scroll.scrollHeight;
})();
