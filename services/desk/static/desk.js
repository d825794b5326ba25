// The desk works without this file. With it, choosing a filter answers at once, the search box suggests, an article's
// sentences and the printed lines they came from light up together, and a correction shows as soon as it holds.
"use strict";

const root = document.documentElement;
root.classList.add("js");

const form = document.getElementById("search");
const box = document.getElementById("q");

// Results in place ---------------------------------------------------------------------------------------------------
let underway = null;

function addressOfForm() {
  const pairs = [...new FormData(form)].filter(([, value]) => value !== "");
  const text = new URLSearchParams(pairs).toString();
  return text ? `/?${text}` : "/";
}

async function show(address, push) {
  const found = document.getElementById("found");
  if (!found) {
    location.assign(address);
    return;
  }
  underway?.abort();
  const mine = (underway = new AbortController());
  root.classList.add("waiting");
  try {
    const answer = await fetch(address, { signal: mine.signal, headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("found");
    if (!answer.ok || !fresh) {
      location.assign(address);
      return;
    }
    const focused = document.activeElement?.id;
    const open = [...found.querySelectorAll("details[open][id]")].map((details) => details.id);
    found.replaceWith(fresh);
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    for (const old of form.querySelectorAll("input[type=hidden]")) old.remove();
    for (const hidden of page.querySelectorAll("#search input[type=hidden]")) form.append(hidden);
    for (const link of document.querySelectorAll(".languages a")) {
      link.href = page.querySelector(`.languages a[hreflang="${link.hreflang}"]`).getAttribute("href");
    }
    box.value = page.getElementById("q").value;
    tellFilters();
    document.dispatchEvent(new Event("desk:shown"));
    document.title = page.title;
    if (push) history.pushState({ desk: true }, "", address);
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  } catch (error) {
    if (error.name !== "AbortError") location.assign(address);
  } finally {
    if (underway === mine) {
      underway = null;
      root.classList.remove("waiting");
    }
  }
}

// On a telephone the filters are a drawer above the results.
function tellFilters() {
  document.querySelector(".to-filters")?.setAttribute("aria-expanded", String(root.classList.contains("filters-open")));
}

document.addEventListener("click", (event) => {
  if (!event.target.closest?.(".to-filters")) return;
  event.preventDefault();
  if (root.classList.toggle("filters-open")) document.getElementById("filters").focus();
  tellFilters();
});

document.addEventListener("change", (event) => {
  if (event.target.matches("#filters input") && event.target.checkValidity()) show(addressOfForm(), true);
});

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("#found .orders a, #found .chips a, #found .chart a, #found .pages a, #filters a");
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  show(link.getAttribute("href"), true).then(() => {
    if (link.closest(".pages")) {
      document.getElementById("content")?.focus({ preventScroll: true });
      scrollTo({ top: 0 });
    }
  });
});

if (document.getElementById("found")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show(addressOfForm(), true);
  });
  addEventListener("popstate", () => show(location.pathname + location.search, false));
}

// Suggestions --------------------------------------------------------------------------------------------------------
const suggestions = document.getElementById("suggestions");
let pause = 0;

box.addEventListener("input", () => {
  clearTimeout(pause);
  pause = setTimeout(suggest, 180);
});

async function suggest() {
  const typed = box.value;
  const last = typed.split(/\s+/).pop().replace(/^[-(（]+|^[^:：]*[:：]/g, "");
  if (!last || last.length > 50) return;
  const answer = await fetch(`/api/suggest?${new URLSearchParams({ q: last })}`).catch(() => null);
  if (!answer?.ok || box.value !== typed) return;
  const before = typed.slice(0, typed.length - typed.split(/\s+/).pop().length);
  const options = (await answer.json()).suggestions.map((one) => {
    const option = document.createElement("option");
    option.value = before + one.query;
    option.label = `${one.value}  ${one.count}`;
    return option;
  });
  suggestions.replaceChildren(...options);
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  event.preventDefault();
  box.focus();
  box.select();
});

// Sentences and lines ------------------------------------------------------------------------------------------------
const sheet = document.querySelector(".original .sheet");

if (sheet) {
  const sentencesOf = new Map();
  for (const sentence of document.querySelectorAll(".sentence[data-lines]")) {
    for (const id of sentence.dataset.lines.split(" ")) {
      if (!sentencesOf.has(id)) sentencesOf.set(id, []);
      sentencesOf.get(id).push(sentence);
    }
  }
  const scrollTo = (line) => {
    const beside = line.getBoundingClientRect().top - sheet.getBoundingClientRect().top;
    sheet.scrollTo({ top: sheet.scrollTop + beside - sheet.clientHeight / 3 });
  };
  const light = (elements) => {
    for (const lit of document.querySelectorAll(".lit")) lit.classList.remove("lit");
    for (const element of elements) element?.classList.add("lit");
  };
  document.addEventListener("mouseover", (event) => {
    const sentence = event.target.closest?.(".sentence[data-lines]");
    const line = event.target.closest?.(".original .mine");
    if (sentence) {
      const lines = sentence.dataset.lines.split(" ").map((id) => document.getElementById(id));
      light([sentence, ...lines]);
      if (lines[0]) scrollTo(lines[0]);
    } else if (line) {
      light([line, ...(sentencesOf.get(line.id) ?? [])]);
    } else if (document.querySelector(".lit")) {
      light([]);
    }
  });
  sheet.addEventListener("click", (event) => {
    const line = event.target.closest(".mine");
    if (line) sentencesOf.get(line.id)?.[0]?.scrollIntoView({ block: "center" });
  });
  const first = sheet.querySelector(".mine");
  if (first && !location.hash) scrollTo(first);
}

// Corrections --------------------------------------------------------------------------------------------------------
addEventListener("load", () => document.querySelector("#correct [aria-invalid]")?.focus());

const sent = document.getElementById("sent");

if (sent) {
  const named = (text) => text.split(" ").filter(Boolean);
  const arrived = (corrections) => {
    const states = new Map(corrections.map((one) => [one.correction_id, one.state]));
    return named(sent.dataset.sent).every((id) => states.has(id))
      && named(sent.dataset.takenBack).every((id) => states.get(id) === "taken_back");
  };
  const until = Date.now() + 90_000;
  const look = async () => {
    const answer = await fetch(sent.dataset.article).catch(() => null);
    if (answer?.status === 404 || answer?.status === 410 || (answer?.ok && arrived((await answer.json()).corrections))) {
      location.reload();
    } else if (Date.now() > until) {
      sent.querySelector(".words").textContent = sent.dataset.late;
    } else {
      setTimeout(look, 1000);
    }
  };
  look();
}

document.addEventListener("change", (event) => {
  if (!event.target.matches("#correct-split [name=begins]")) return;
  for (const old of document.querySelectorAll(".parting")) old.classList.remove("parting");
  const block = document.getElementById(event.target.dataset.block);
  block?.classList.add("parting");
  block?.scrollIntoView({ block: "nearest" });
});
