/* What was asked in vain: answered by a new entry, or found to belong to one that is there. */
import { $, api, attempt, button, day, el, lang, latest, mark, number, say, soon } from "./page.js";
import { edit } from "./editing.js";
import { open } from "./entries.js";

const belonging = $("belonging");
const form = belonging.querySelector("form");
const wrong = form.querySelector(".wrong");
const newest = latest();
let gap, card;

form.elements.q.oninput = soon(() => attempt(offer, wrong));
form.querySelector("[value=cancel]").onclick = () => belonging.close();
form.onsubmit = async (event) => {
  event.preventDefault();
  if (await attempt(teach, wrong)) {
    belonging.close();
    gone(card, say("taught", gap.question));
  }
};

export async function showGaps() {
  const { gaps, answered_now } = await api("GET", "gaps");
  $("vain").replaceChildren(...gaps.map(gapCard));
  $("by-now").hidden = !answered_now.length;
  $("by-now").querySelector("summary").textContent = say("by_now", number(answered_now.length));
  const rows = answered_now.map(({ question, entry }) => el("li", {}, question, el("span", { className: "soft" }, ` · ${say("by_entry", entry)}`)));
  $("by-now").querySelector("ul").replaceChildren(...rows);
}

function gapCard(found) {
  const { question, count, wrong, customers, langs, last_at, money, examples, best_entry, best_question, confidence } = found;
  const others = examples.filter(({ text }) => text !== question);
  const facts = [count === 1 ? say("once") : say("times", number(count)), customers > 1 && say("customers", number(customers)), wrong > 0 && say("wrong", number(wrong)), say("last", day(last_at))];
  const made = el("li", {},
    el("div", { className: "top" },
      el("span", { className: "title" }, question),
      el("span", { className: "marks" }, langs.map((spoken) => mark(spoken)), money && el("strong", { className: "money", title: say("cost", "") }, price(money)))),
    el("p", { className: "soft" }, facts.filter(Boolean).join(" · ")),
    others.length > 0 && el("details", {}, el("summary", {}, `${say("other_words")} (${others.length})`), el("ul", { className: "quotes" }, others.map(({ text }) => el("li", {}, text)))),
    best_question && el("p", { className: "near" },
      say("near", best_question, confidence?.toFixed(2) ?? "?"), " ",
      button(say("edit"), () => open({ id: best_entry, lang: "" }, () => attempt(showGaps)), "plain")),
    el("p", { className: "deeds start" },
      button(say("answer_this"), () => answer(found, made), "filled"),
      button(say("belongs"), () => belong(found, made)))); // prettier-ignore
  return made;
}

function answer(found, made) {
  const { question, lang: spoken, examples } = found;
  const variants = examples.filter(({ text, is_personal }) => text !== question && !is_personal).map(({ text }) => text);
  const asked = examples.map(({ text }) => text);
  const keep = (filled) => api("POST", "gaps/answer", { ...filled, asked });
  edit({ question, lang: spoken, variants }, { keep, done: (told) => gone(made, told), title: say("answer_gap") });
}

function belong(found, made) {
  [gap, card] = [found, made];
  form.reset();
  wrong.hidden = true;
  const wordings = found.examples.map(({ text, is_personal }) => el("label", { className: "tick" }, el("input", { type: "checkbox", name: "wording", value: text, checked: !is_personal }), " ", text));
  $("wordings").replaceChildren(...wordings);
  attempt(offer, wrong);
  belonging.showModal();
  form.elements.q.focus();
}

/* What comes nearest to the gap, or what holds the words that are searched for. */
async function offer() {
  const words = form.elements.q.value.trim();
  const asked = words ? `entries?${new URLSearchParams({ q: words, limit: 10 })}` : `search?${new URLSearchParams({ q: gap.question })}`;
  const list = $("candidates").querySelector("div");
  if (!list.children.length) list.replaceChildren(say("looking"));
  const found = await newest(api("GET", asked));
  if (!found) return;
  const rows = (found.entries ?? found.matches).map(({ id, lang: spoken, question }, at) =>
    el("label", { className: "tick" }, el("input", { type: "radio", name: "entry", value: id, checked: at === 0 && !words }), " ", question, " ", mark(spoken))); // prettier-ignore
  list.replaceChildren(...(rows.length ? rows : [say("no_entry_found")]));
}

async function teach() {
  const { entry, wording } = { entry: new FormData(form).get("entry"), wording: new FormData(form).getAll("wording") };
  if (!entry) throw new Error(say("choose_entry"));
  if (!wording.length) throw new Error(say("choose_wording"));
  for (const question of wording) await api("POST", "teach", { question, entry });
}

/* The rest stays where it is: reading all gaps anew takes a while. */
function gone(made, told) {
  made.remove();
  $("told").textContent = told;
  $("gaps-title").focus();
}

function price({ amount, currency }) {
  return Number(amount).toLocaleString(lang === "zh" ? "zh-CN" : "en", { style: "currency", currency });
}
