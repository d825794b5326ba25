// Reading without a mouse, clean copies, printing, and the clips that an editor keeps in the browser.
"use strict";

// Keys: j and k go to the next and previous hit, u back to the results ------------------------------------------------
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.key.length !== 1) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const link = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (link) {
    event.preventDefault();
    link.click();
    return;
  }
  const step = { j: 1, k: -1 }[event.key];
  const hits = [...document.querySelectorAll(".result h2 a")];
  if (!step || !hits.length) return;
  const at = hits.indexOf(document.activeElement);
  const next = hits[at < 0 ? (step > 0 ? 0 : hits.length - 1) : Math.min(hits.length - 1, Math.max(0, at + step))];
  event.preventDefault();
  next.focus();
  next.scrollIntoView({ block: "nearest" });
});

// Copies -------------------------------------------------------------------------------------------------------------
const NOT_TEXT = ".places, .no, .role, .owner, .split-here, .unseen, button, textarea, .credit-label";
const BLOCKS = "p, h1, h2, h3, li, dt, dd, td, th";

document.addEventListener("copy", (event) => {
  const selection = getSelection();
  if (selection.isCollapsed || !event.clipboardData || event.target.closest?.("input, textarea")) return;
  const range = selection.getRangeAt(0);
  const around = range.commonAncestorContainer;
  if (!(around.closest ? around : around.parentElement)?.closest(".reading, .issue, .hits")) return;
  const holder = document.createElement("div");
  holder.append(range.cloneContents());
  for (const one of holder.querySelectorAll(NOT_TEXT)) one.remove();
  const blocks = [...holder.querySelectorAll(BLOCKS)].filter((one) => !one.querySelector(BLOCKS));
  const texts = (blocks.length ? blocks : [holder]).map((one) => one.textContent.trim()).filter(Boolean);
  event.clipboardData.setData("text/plain", texts.join("\n"));
  event.preventDefault();
});

const cited = document.getElementById("cited");

document.getElementById("copy")?.addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(cited.value);
  } catch {
    cited.hidden = false;
    cited.select();
    document.execCommand("copy"); // the only way where the page is not served by HTTPS
    cited.hidden = true;
  }
  const copied = document.getElementById("copied");
  copied.textContent = copied.dataset.done;
});

document.getElementById("print")?.addEventListener("click", () => print());

// Clips --------------------------------------------------------------------------------------------------------------
const clips = keptList("broadsheet-clips", "id", 200);

function keep(list) {
  clips.write(list);
  showClips();
}

function showClips() {
  const list = clips.read();
  const kept = new Set(list.map((one) => one.id));
  for (const button of document.querySelectorAll("button.clip")) {
    button.setAttribute("aria-pressed", String(kept.has(button.dataset.id)));
  }
  const count = document.querySelector("#to-clips .count");
  if (count) count.textContent = list.length || "";
  const place = document.getElementById("clips");
  if (!place) return;
  document.getElementById("no-clips").hidden = list.length > 0;
  document.getElementById("some-clips").hidden = list.length === 0;
  const entry = document.getElementById("clip-entry").content;
  place.replaceChildren(...list.map((one) => {
    const item = entry.cloneNode(true);
    const link = item.querySelector("a");
    link.href = articleAddress(one.id);
    link.textContent = one.title;
    item.querySelector(".from").textContent = one.paper;
    item.querySelector("time").textContent = one.date;
    item.querySelector(".on-page").textContent = one.page;
    item.querySelector(".unseen").textContent = ` ${one.title}`;
    item.querySelector(".remove").dataset.id = one.id;
    return item;
  }));
  const ids = new URLSearchParams(list.map((one) => ["id", one.id]));
  for (const link of document.querySelectorAll(".clips-export")) {
    link.href = `${link.getAttribute("href").split("?")[0]}?${ids}`;
  }
}

document.addEventListener("click", (event) => {
  const clip = event.target.closest?.("button.clip");
  if (clip) {
    const others = clips.read().filter((one) => one.id !== clip.dataset.id);
    keep(clip.getAttribute("aria-pressed") === "true" ? others : [{ ...clip.dataset }, ...others]);
    return;
  }
  const removed = event.target.closest?.("#clips .remove");
  if (removed) keep(clips.read().filter((one) => one.id !== removed.dataset.id));
  const clear = event.target.closest?.("#clear-clips");
  if (clear && confirm(clear.dataset.sure)) keep([]);
});

addEventListener("storage", showClips);
document.addEventListener("desk:shown", showClips);
showClips();
