// Lists that an editor keeps in this browser: clips and watched searches.
"use strict";

// A list under the name `place`, of at most `most` entries; an entry without text under `key` is not one.
function keptList(place, key, most) {
  return {
    most,
    read() {
      try {
        const kept = JSON.parse(localStorage.getItem(place) ?? "[]");
        return Array.isArray(kept) ? kept.filter((one) => typeof one?.[key] === "string") : [];
      } catch {
        return [];
      }
    },
    write(entries) {
      localStorage.setItem(place, JSON.stringify(entries.slice(0, most)));
    },
  };
}

function articleAddress(id) {
  return `/articles/${id.split("/").map(encodeURIComponent).join("/")}`;
}
