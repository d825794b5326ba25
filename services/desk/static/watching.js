// The searches that an editor watches, kept in this browser; where a sign-on names the editor, the desk keeps them.
"use strict";

const watches = keptList("broadsheet-watches", "search", 50);

async function whatIsNew(search, seen) {
  const asked = new URLSearchParams(search);
  if (seen) asked.set("since_time", seen);
  const answer = await fetch(`/api/new?${asked}`);
  return answer.ok ? answer.json() : null;
}

// Saving a search ----------------------------------------------------------------------------------------------------
document.addEventListener("submit", async (event) => {
  const form = event.target.closest?.("form.watch-this[data-browser]");
  if (!form) return;
  event.preventDefault();
  const search = form.elements.search.value;
  const name = form.elements.name.value.trim().slice(0, 80);
  const others = watches.read().filter((one) => one.search !== search);
  const known = watches.read().find((one) => one.search === search);
  const said = form.querySelector("[role=status]");
  if (others.length >= watches.most) {
    said.textContent = said.dataset.full;
    return;
  }
  const now = known ? known.seen : (await whatIsNew(search).catch(() => null))?.now;
  if (now === undefined) {
    said.textContent = said.dataset.away;
    return;
  }
  watches.write([{ name, search, asked: form.dataset.asked, seen: now }, ...others]);
  said.textContent = said.dataset.done;
});

// The list -----------------------------------------------------------------------------------------------------------
const list = document.getElementById("watches");

function showWatches() {
  const kept = watches.read();
  document.getElementById("no-watches").hidden = kept.length > 0;
  document.getElementById("some-watches").hidden = kept.length === 0;
  const entry = document.getElementById("watch-entry").content;
  list.replaceChildren(...kept.map((one) => {
    const item = entry.cloneNode(true).querySelector("li");
    item.dataset.search = one.search;
    const open = item.querySelector(".open");
    open.textContent = one.name;
    open.href = `/?${one.search}&sort=newest`;
    item.querySelector(".feed").href = `/feeds/search?${one.search}`;
    item.querySelector(".asked").textContent = one.asked ?? [...new URLSearchParams(one.search).values()].join("　");
    item.querySelector("[name=name]").value = one.name;
    for (const unseen of item.querySelectorAll(".unseen.name")) unseen.textContent = ` ${one.name}`;
    return item;
  }));
  for (const item of list.children) fillIn(item, kept.find((one) => one.search === item.dataset.search));
}

async function fillIn(item, one) {
  const found = await whatIsNew(one.search, one.seen).catch(() => null);
  const said = item.querySelector(".new");
  if (!found) {
    said.textContent = list.dataset.unknown;
    return;
  }
  item.dataset.now = found.now;
  const words = found.more ? list.dataset.more : found.count ? list.dataset.new : list.dataset.none;
  said.textContent = words.replace("%n", found.count);
  said.toggleAttribute("data-none", !found.count);
  item.querySelector(".newest").replaceChildren(...found.newest.map((article) => {
    const line = document.createElement("li");
    const link = document.createElement("a");
    link.href = articleAddress(article.id);
    link.lang = "zh-Hans";
    link.textContent = article.title;
    line.append(link);
    return line;
  }));
}

function visited(items) {
  const now = new Map([...items].filter((one) => one.dataset.now).map((one) => [one.dataset.search, Number(one.dataset.now)]));
  watches.write(watches.read().map((one) => (now.has(one.search) ? { ...one, seen: now.get(one.search) } : one)));
}

if (list) {
  list.addEventListener("click", (event) => {
    const item = event.target.closest(".watch");
    if (!item) return;
    if (event.target.closest(".open")) visited([item]);
    if (event.target.closest(".seen")) {
      visited([item]);
      showWatches();
    }
    if (event.target.closest(".remove")) {
      watches.write(watches.read().filter((one) => one.search !== item.dataset.search));
      showWatches();
    }
  });
  list.addEventListener("submit", (event) => {
    event.preventDefault();
    const { search } = event.target.closest(".watch").dataset;
    const name = event.target.elements.name.value.trim().slice(0, 80);
    if (name) watches.write(watches.read().map((one) => (one.search === search ? { ...one, name } : one)));
    showWatches();
  });
  document.getElementById("all-seen").addEventListener("click", () => {
    visited(list.children);
    showWatches();
  });
  addEventListener("storage", showWatches);
  showWatches();
}
