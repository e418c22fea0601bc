/* The editor's page: one section at a time, chosen by the address's fragment, so that each can be linked and gone back to. */
import { $, api, attempt } from "./knowledge/page.js";
import { showDocuments } from "./knowledge/documents.js";
import { showEntries } from "./knowledge/entries.js";
import { showTrial } from "./knowledge/trial.js";
import { showGaps } from "./knowledge/gaps.js";
import { showDrafts } from "./knowledge/drafts.js";
import { showRules } from "./knowledge/rules.js";
import { showFindings } from "./knowledge/findings.js";

const SECTIONS = { documents: showDocuments, entries: showEntries, try: showTrial, gaps: showGaps, drafts: showDrafts, rules: showRules, check: showFindings };
let shown = null;

addEventListener("hashchange", () => open(true));
addEventListener("knowledge-changed", () => attempt(SECTIONS[shown]));
for (const link of document.querySelectorAll("#languages a")) {
  link.onclick = () => (link.href = `${link.getAttribute("href").split("#")[0]}${location.hash}`);
}
open(false);
api("GET", "drafts").then((drafts) => ($("drafts-count").textContent = drafts.length || ""), () => {});

/* #entries?source=faq.csv opens a section with something chosen in it. */
function open(isMove) {
  const [name, asked] = location.hash.slice(1).split("?");
  shown = name in SECTIONS ? name : "documents";
  for (const section of Object.keys(SECTIONS)) $(section).hidden = section !== shown;
  for (const tab of document.querySelectorAll("#tabs a")) {
    tab.toggleAttribute("aria-current", false);
    if (tab.hash === `#${shown}`) {
      tab.setAttribute("aria-current", "page");
      tab.scrollIntoView({ block: "nearest", inline: "center" });
    }
  }
  $("alert").hidden = true;
  $("told").textContent = "";
  if (isMove) {
    scrollTo(0, 0);
    $(shown).querySelector("h2").focus({ preventScroll: true });
  }
  attempt(() => SECTIONS[shown](new URLSearchParams(asked)));
}
