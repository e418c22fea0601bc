/* Entries that contradict or repeat each other, say nothing, or run out. */
import { $, api, changed, el, fill, say } from "./page.js";
import { entryRow } from "./entries.js";

export async function showFindings() {
  if (!$("findings").children.length) $("findings").replaceChildren(el("p", { className: "soft" }, say("checking")));
  const found = await api("GET", "check");
  const parts = [];
  for (const kind of ["contradiction", "duplicate"]) {
    const pairs = found.pairs.filter((pair) => pair.kind === kind);
    if (pairs.length) parts.push(part(kind, pairs.map(pairCard)));
  }
  for (const name of ["unanswered", "expired", "expiring"]) {
    if (found[name].length) parts.push(part(name, found[name].map((entry) => entryRow(entry, { done: changed }))));
  }
  $("findings").replaceChildren(...(parts.length ? parts : [el("p", {}, say("fits"))]));
}

function part(name, rows) {
  const list = el("ul", { className: "cards" });
  fill(list, rows);
  return el("section", {}, el("h3", {}, `${say(name)} (${rows.length})`), list);
}

function pairCard({ one, other, nearness, differing }) {
  const sides = [one, other].map((entry) => el("div", {}, entryRow(entry, { done: changed })));
  const rows = differing.map(([here, there]) => el("div", { className: "halves" }, el("p", {}, here), el("p", {}, there)));
  return [
    el("p", { className: "soft" }, say("same_question", Math.round(nearness * 100))),
    el("div", { className: "halves" }, sides),
    rows.length > 0 && el("div", { className: "differing" }, el("p", {}, say("differ")), rows),
  ].filter(Boolean); // prettier-ignore
}
