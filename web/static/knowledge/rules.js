/* What no model's sentence may say: each rule with how it was understood, and a sentence tried against all of them. */
import { $, api, attempt, button, changed, el, fill, lang, say } from "./page.js";

$("rule").onsubmit = async (event) => {
  event.preventDefault();
  const box = event.target.elements.text;
  await attempt(async () => {
    const { text } = await api("POST", "rules", { text: box.value });
    box.value = "";
    changed(say("rule_kept", text));
  });
};

$("sentence").onsubmit = async (event) => {
  event.preventDefault();
  const { sentence } = event.target.elements;
  await attempt(async () => {
    const broken = await api("POST", "rules/try", { sentence: sentence.value });
    fill($("broken-rules"), broken.length ? broken.map(({ rule, claim }) => say("breaks", rule, claim)) : [say("breaks_none")]);
  });
};

export async function showRules() {
  const rules = await api("GET", "rules");
  $("kept-rules").replaceChildren(...rules.map(ruleCard));
}

function ruleCard({ id, text, understood }) {
  const remove = () => attempt(async () => {
    await api("DELETE", `rules/${id}`);
    changed(say("rule_gone", text));
  }); // prettier-ignore
  return el("li", {},
    el("div", { className: "top" }, el("span", { className: "title" }, text), button(say("remove"), remove, "danger")),
    el("p", { className: "soft" }, understood[lang])); // prettier-ignore
}
