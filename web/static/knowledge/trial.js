/* A question tried out: what comes nearest, why, and why it would be answered or not. */
import { $, api, attempt, button, changed, el, lang, latest, mark, say } from "./page.js";
import { edit } from "./editing.js";
import { open } from "./entries.js";

const box = $("question").elements.q;
const newest = latest();

$("question").onsubmit = (event) => {
  event.preventDefault();
  if (box.value.trim()) attempt(ask);
};

export async function showTrial(asked) {
  if (asked?.has("q")) box.value = asked.get("q");
  if (box.value.trim()) await ask();
}

async function ask() {
  const question = box.value.trim();
  const found = await newest(api("GET", `search?${new URLSearchParams({ q: question })}`));
  if (!found) return;
  const { matches, threshold, close } = found;
  const write = button(say("new_for_this"), () => edit({ question }, { done: changed }));
  $("explained").replaceChildren(
    matches.length ? "" : el("p", {}, say("nothing_found")),
    close ? el("p", { className: "notice" }, close.reason) : "",
    el("ol", { className: "cards" }, matches.map((match) => el("li", { className: close?.entries.includes(match.id) ? "close" : "" }, matchCard(match, threshold)))),
    write,
  );
}

function matchCard(match, threshold) {
  const { id, lang: spoken, question, confidence, phrasing, words, signals, reason } = match;
  const named = Object.entries(signals).map(([name, value]) => el("tr", {}, el("th", { scope: "row" }, say(name === "words" ? "words_signal" : name)), el("td", {}, value.toFixed(2))));
  return [
    el("div", { className: "top" }, el("span", { className: "title" }, question), el("span", { className: "marks" }, mark(spoken), mark(id, "id"))),
    bar(confidence, threshold),
    el("p", {}, reason.charAt(0).toLocaleUpperCase(lang) + reason.slice(1)),
    el("dl", {},
      el("dt", {}, say("nearest")), el("dd", {}, phrasing),
      el("dt", {}, say("words")), el("dd", {}, words.length ? words.map(wordMark) : say("none"))),
    el("div", { className: "top" },
      named.length > 0 && el("details", {}, el("summary", {}, say("signals")), el("table", {}, el("tbody", {}, named))),
      el("span", { className: "end" }, button(say("edit"), () => open(match, changed), "plain"))),
  ]; // prettier-ignore
}

function bar(confidence, threshold) {
  const percent = (share) => `${(share * 100).toFixed(1)}%`;
  const length = el("span", { className: confidence >= threshold ? "length enough" : "length" });
  const cut = el("span", { className: "cut" });
  length.style.width = percent(confidence);
  cut.style.left = percent(threshold);
  const meter = { role: "meter", "aria-label": say("confidence"), "aria-valuemin": "0", "aria-valuemax": "1", "aria-valuenow": confidence.toFixed(2) };
  return el("div", { className: "confidence" },
    el("strong", {}, confidence.toFixed(2)),
    el("div", { className: "bar", ...meter }, length, cut),
    el("span", { className: "soft" }, say("threshold", threshold.toFixed(2)))); // prettier-ignore
}

function wordMark({ word, rarity, in_phrasing }) {
  const title = `${say("rarity")}${in_phrasing ? "" : `; ${say("in_answer")}`}`;
  return el("span", { className: in_phrasing ? "word" : "word aside", title }, word, el("small", {}, rarity.toFixed(1)));
}
