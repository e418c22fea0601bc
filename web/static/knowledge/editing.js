/* One entry, to be written: what it says is shown as customers will meet it while it is typed. */
import { $, api, attempt, el, lang, latest, say, soon, sure } from "./page.js";

const dialog = $("editing");
const form = dialog.querySelector("form");
const fields = form.elements;
const wrong = form.querySelector(".wrong");
const MARKDOWN = { base: location.href, newTab: say("newTab") };
const newest = latest();
let entry = {};
let before = "";
let done, save;

form.oninput = soon(show);
form.onsubmit = async (event) => {
  event.preventDefault();
  const filled = written();
  if (filled.valid_from && filled.valid_until && filled.valid_until < filled.valid_from) {
    return attempt(() => Promise.reject(new Error(say("order"))), wrong);
  }
  const saving = form.querySelector(".filled");
  saving.disabled = true;
  if (await attempt(() => save(filled), wrong)) {
    dialog.close();
    done(say("saved", filled.question));
  }
  saving.disabled = false;
};
form.querySelector("[value=cancel]").onclick = leave;
dialog.oncancel = (event) => {
  event.preventDefault();
  leave();
};
dialog.onkeydown = (event) => {
  if (event.key !== "Escape") return;
  event.preventDefault();
  leave();
};
$("delete").onclick = async () => {
  if (!(await sure(say("remove_entry", entry.question, entry.lang), say("remove")))) return;
  const isGone = await attempt(() => api("DELETE", `entries/${encodeURIComponent(entry.id)}?lang=${entry.lang}`), wrong);
  if (!isGone) return;
  dialog.close();
  done(say("removed"));
};

/* `known` is an entry, or what is filled in for a new one; `done` is told what happened, `keep` saves. */
export function edit(known, { done: then, keep = put, title = say(known.id ? "edit_entry" : "new_entry") }) {
  [entry, done, save] = [known, then, keep];
  $("editing-title").textContent = title;
  for (const name of ["question", "answer", "lang", "url", "valid_from", "valid_until"]) fields[name].value = known[name] ?? "";
  fields.variants.value = (known.variants ?? []).join("\n");
  fields.tags.value = (known.tags ?? []).join(", ");
  fields.lang.readOnly = Boolean(known.id); // with another language it would be another entry
  $("delete").hidden = !known.id;
  wrong.hidden = true;
  before = JSON.stringify(written());
  show();
  dialog.showModal();
  (known.question ? fields.answer : fields.question).focus();
}

function put(filled) {
  return api("PUT", "entries", filled, entry.id ? {} : { "If-None-Match": "*" });
}

function written() {
  const split = (text, by) => [...new Set(text.split(by).map((part) => part.trim()).filter(Boolean))];
  return {
    id: entry.id,
    intent: entry.intent,
    question: fields.question.value.trim(),
    answer: fields.answer.value.trim(),
    variants: split(fields.variants.value, /[\n|]/),
    tags: split(fields.tags.value, /[,，、|]/),
    lang: fields.lang.value.trim() || null,
    url: fields.url.value.trim() || null,
    valid_from: fields.valid_from.value || null,
    valid_until: fields.valid_until.value || null,
  };
}

async function leave() {
  if (JSON.stringify(written()) !== before && !(await sure(say("drop_changes"), say("close")))) return;
  dialog.close();
}

async function show() {
  const { question, answer, lang: spoken } = written();
  if (!answer) return void $("scenes").replaceChildren(el("p", { className: "soft" }, say("nothing_yet"), " ", say("recognised")));
  const asked = { question: question || "…", answer, lang: /^[a-z]{2,8}$/i.test(spoken ?? "") ? spoken : question ? null : lang };
  const shown = await newest(api("POST", "preview", asked).catch(() => null));
  if (shown) $("scenes").replaceChildren(...(shown.problem ? [el("p", { className: "wrong" }, shown.problem)] : []), ...shown.scenes.map(scene));
}

/* A bubble of the widget, and the same by ear. */
function scene({ when, shown, choices, spoken }) {
  const offered = choices.map((choice) => el("span", { className: "choice" }, choice));
  return el("div", { className: "scene" },
    when && el("p", { className: "when" }, when),
    el("div", { className: "bubble" }, rendered(shown, MARKDOWN)),
    offered.length > 0 && el("p", { className: "choices" }, offered),
    el("p", { className: "spoken" }, el("span", { className: "soft" }, `${say("on_phone")}: `), spoken)); // prettier-ignore
}
