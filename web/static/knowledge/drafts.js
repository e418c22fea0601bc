/* What colleagues answered and customers chose, for an editor to accept as it is, to put better, or to refuse. */
import { $, api, attempt, button, el, fill, lang, mark, number, say } from "./page.js";

const MARKDOWN = { base: location.href, newTab: say("newTab") };
const by = () => localStorage.getItem("dime:colleague") || null;

$("transcript").onsubmit = async (event) => {
  event.preventDefault();
  const { text } = event.target.elements;
  await attempt(async () => {
    const learnt = await api("POST", "learn", { text: text.value });
    text.value = "";
    const rows = learnt.map(({ question, outcome }) => [question, el("span", { className: "soft" }, ` · ${say(outcome === "refused" ? "refused_before" : outcome)}`)]);
    fill($("learnt"), rows.length ? rows : [say("nothing_learnt")]);
    await showDrafts();
  });
};

export async function showDrafts() {
  const drafts = await api("GET", "drafts");
  $("open-drafts").replaceChildren(...drafts.map(draftCard));
  $("pasting").open ||= !drafts.length;
  count();
}

function draftCard(draft) {
  const card = el("li", {});
  const show = () => card.replaceChildren(...told(draft, card, () => card.replaceChildren(editor(draft, card, show))));
  show();
  return card;
}

function told({ id, kind, origin, question, answer, lang: spoken, entry, examples, evidence, seconds, demo }, card, edit) {
  const others = examples.filter((example) => example !== question);
  const facts = [say(origin), evidence === 1 ? say("contact") : say("contacts", number(evidence)), seconds && say("minutes", (seconds / 60).toLocaleString(lang, { maximumFractionDigits: 1 }))];
  const accept = () => decide(card, () => api("POST", `drafts/${id}/accept`, { by: by() }), say("accepted", question));
  const refuse = () => decide(card, () => api("POST", `drafts/${id}/refuse`, { by: by() }), say("refused", question));
  return [
    el("div", { className: "top" }, el("span", { className: "title" }, question), el("span", { className: "marks" }, mark(spoken), demo && mark(say("demo")))),
    kind === "phrasing" ? el("p", {}, say("for_entry", entry)) : el("div", { className: "answer whole" }, rendered(answer, MARKDOWN)),
    el("p", { className: "soft" }, facts.filter(Boolean).join(" · ")),
    others.length > 0 && el("details", {}, el("summary", {}, `${say("customers_said")} (${others.length})`), el("ul", { className: "quotes" }, others.map((example) => el("li", {}, example)))),
    el("p", { className: "deeds start" }, button(say("accept"), accept, "filled"), button(say("edit"), edit), button(say("refuse"), refuse, "danger")),
  ].filter(Boolean); // prettier-ignore
}

function editor({ id, kind, question, answer }, card, show) {
  const asked = el("input", { value: question, required: true, maxLength: 2000 });
  const said = kind === "entry" && el("textarea", { value: answer, required: true, maxLength: 50_000, rows: 6 });
  const accept = (event) => {
    event.preventDefault();
    const edited = { question: asked.value, answer: said ? said.value : null, by: by() };
    decide(card, () => api("POST", `drafts/${id}/accept`, edited), say("accepted", asked.value));
  };
  queueMicrotask(() => (said || asked).focus());
  return el("form", { onsubmit: accept },
    el("label", {}, say("question"), asked),
    said && el("label", {}, say("answer"), said),
    el("p", { className: "deeds start" }, el("button", { className: "filled" }, say("accept_edited")), button(say("cancel"), show))); // prettier-ignore
}

/* The other cards stay as they are: somebody may be writing in one. */
async function decide(card, deed, told) {
  if (!(await attempt(deed))) return $("alert").scrollIntoView({ block: "nearest" });
  card.remove();
  $("told").textContent = told;
  $("drafts-title").focus();
  count();
}

function count() {
  $("drafts-count").textContent = $("open-drafts").children.length || "";
}
