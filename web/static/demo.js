// Keeps the demo's clock and story up to date, and shows which pane has news. Buttons work without it too.
"use strict";
(() => {
  document.documentElement.classList.add("js");
  const demo = document.getElementById("demo");
  if (!demo) return;
  const find = (id) => document.getElementById(id);
  const words = demo.dataset;
  const fill = (text, facts) => text.replace(/\{(\w+)\}/g, (blank, fact) => facts[fact] ?? blank);
  const tell = (id, text) => { if (find(id).textContent !== text) find(id).textContent = text; };

  // --- the state -------------------------------------------------------------------------------

  function show(state) {
    if (state.epoch !== words.epoch) { location.reload(); return; }
    tell("day", state.day);
    tell("time", state.time);
    tell("quiet", state.quiet);
    tell("note", state.note);
    tell("story", state.story ? fill(words.step, state.story) : "");
    find("playing").hidden = !state.story;
    find("progress").max = state.story ? state.story.of : 1;
    find("progress").value = state.story ? state.story.place : 0;
    for (const button of document.querySelectorAll("button[name=story]")) button.disabled = Boolean(state.story);
  }

  async function ask(address, body) {
    const answer = await fetch(address, { method: body ? "POST" : "GET", body, headers: { Accept: "application/json" } });
    const told = await answer.json();
    if (answer.ok) show(told); else tell("note", told.error);
  }

  let asked = 0;
  async function look() {
    const mine = ++asked;
    try { await ask("/demo/state"); } catch { tell("note", words.lost); }
    if (mine === asked) setTimeout(look, 1000);
  }

  demo.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { target, submitter } = event;
    submitter.setAttribute("aria-busy", "true");
    try { await ask(target.getAttribute("action"), new URLSearchParams(new FormData(target, submitter))); }
    catch { tell("note", words.lost); }
    submitter.removeAttribute("aria-busy");
    target.closest("details")?.removeAttribute("open");
  });

  // --- the panes -------------------------------------------------------------------------------

  const tabs = [...demo.querySelectorAll(".tabs button")];
  const narrow = matchMedia("(max-width: 56rem)");

  function front(name) {
    for (const tab of tabs) tab.setAttribute("aria-pressed", String(tab.dataset.pane === name));
    for (const pane of demo.querySelectorAll(".pane")) pane.classList.toggle("front", pane.id === `pane-${name}`);
    unseen(name, 0);
    toEnd(find(`pane-${name}`).querySelector("iframe")); // while it was hidden it could not follow
  }

  function toEnd(frame) {
    const scroll = frame.contentDocument?.getElementById("scroll");
    if (scroll) scroll.scrollTo({ top: scroll.scrollHeight, behavior: "instant" });
  }

  function unseen(name, count) {
    const mark = tabs.find((tab) => tab.dataset.pane === name).querySelector(".unseen-count");
    mark.dataset.count = String(count);
    mark.hidden = !count;
    mark.textContent = count ? String(count) : "";
    mark.setAttribute("aria-label", fill(words.unseen, { count }));
    mark.setAttribute("role", "img");
  }

  function news(name) {
    const pane = find(`pane-${name}`);
    pane.classList.remove("rings");
    void pane.offsetWidth; // lets the animation begin again
    pane.classList.add("rings");
    if (!narrow.matches || pane.classList.contains("front")) return;
    const mark = tabs.find((tab) => tab.dataset.pane === name).querySelector(".unseen-count");
    unseen(name, Number(mark.dataset.count || 0) + 1);
  }

  function watch(frame) {
    const log = frame.contentDocument?.getElementById("log");
    if (!log) return;
    const scroll = frame.contentDocument.getElementById("scroll");
    let low = true;
    scroll.addEventListener("scroll", () => { low = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80; });
    new ResizeObserver(() => { if (low) toEnd(frame); }).observe(scroll); // the lines above the panes come and go
    new MutationObserver((changes) => {
      const added = changes.flatMap((change) => [...change.addedNodes]).filter((node) => node.dataset && !node.dataset.mine);
      if (added.length) news(frame.dataset.pane);
    }).observe(log, { childList: true });
  }

  for (const tab of tabs) tab.addEventListener("click", () => front(tab.dataset.pane));
  for (const frame of demo.querySelectorAll("iframe")) {
    frame.addEventListener("load", () => watch(frame));
    if (frame.contentDocument?.readyState === "complete") watch(frame);
  }
  look();
})();
