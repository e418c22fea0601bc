/* The entries in pages: searched, filtered, and opened to be edited. */
import { $, api, attempt, button, changed, el, latest, mark, number, say, soon } from "./page.js";
import { edit } from "./editing.js";

const AT_ONCE = 25;
const asking = $("filter").elements;
const newest = latest();
let seen = 0;

$("filter").oninput = soon(() => attempt(read));
$("filter").onsubmit = (event) => event.preventDefault();
$("more").onclick = () => attempt(readMore);
$("new").onclick = () => edit({}, { done: written });

export async function showEntries(asked) {
  const sources = (await api("GET", "sources")).filter(({ active }) => active);
  const wanted = asked?.get("source") ?? asking.source.value;
  const options = sources.map(({ name, kind }) => el("option", { value: name }, kind === "editor" ? say("editor") : name));
  asking.source.replaceChildren(asking.source.options[0], ...options);
  asking.source.value = sources.some(({ name }) => name === wanted) ? wanted : "";
  if (asked?.has("source")) asking.q.value = asking.lang.value = "";
  await read();
}

export function entryRow(entry, { done = written, deeds = [] } = {}) {
  const { question, answer, lang, source, kind, page, variants, valid_from, valid_until } = entry;
  const marks = [mark(lang), kind === "passage" && mark(say("passage")), !answer && mark(say("no_answer"), "late")];
  if (valid_from) marks.push(mark(say("from", valid_from)));
  if (valid_until) marks.push(mark(say("until", valid_until), valid_until < today() ? "late" : ""));
  const from = [source === "editor" ? say("editor") : source, page && say("page", page)].filter(Boolean).join(" · ");
  const others = variants?.length ? (variants.length === 1 ? say("phrasing") : say("phrasings", variants.length)) : "";
  return [
    el("div", { className: "top" }, el("span", { className: "title" }, question), el("span", { className: "marks" }, marks)),
    answer && el("p", { className: "answer" }, answer),
    el("div", { className: "top" },
      el("span", { className: "soft" }, [from, others].filter(Boolean).join(" · ")),
      el("span", { className: "end" }, deeds, button(say("edit"), () => open(entry, done), "plain"))),
  ].filter(Boolean); // prettier-ignore
}

/* As the knowledge has it now: a row may hold less of it, or be old. */
export function open({ id, lang }, done) {
  return attempt(async () => edit(await api("GET", `entries/${encodeURIComponent(id)}?lang=${lang}`), { done }));
}

export const written = (told) => changed(told);

async function read() {
  const { total, entries } = (await newest(page(0))) ?? {};
  if (!entries) return;
  seen = entries.length;
  $("total").textContent = say("matching", number(total));
  $("found").replaceChildren(...entries.map((entry) => el("li", {}, entryRow(entry))));
  $("more").hidden = seen >= total;
}

async function readMore() {
  const { total, entries } = (await newest(page(seen))) ?? {};
  if (!entries) return;
  seen += entries.length;
  const rows = entries.map((entry) => el("li", {}, entryRow(entry)));
  $("found").append(...rows);
  $("more").hidden = seen >= total;
  rows[0]?.querySelector("button").focus();
}

function page(offset) {
  const asked = { q: asking.q.value.trim(), source: asking.source.value, lang: asking.lang.value };
  const given = Object.entries(asked).filter(([, value]) => value);
  return api("GET", `entries?${new URLSearchParams([...given, ["limit", AT_ONCE], ["offset", offset]])}`);
}

const today = () => new Date().toLocaleDateString("sv");
