/* Files and addresses on their way into the knowledge, and the sources that are there. */
import { $, api, attempt, button, changed, day, el, fill, mark, number, say, sure } from "./page.js";

const COUNTS = ["added", "updated", "retired", "unchanged", "kept"];
const LOOK_S = 1; // how long one look at a job stays on the line
const dropped = $("file").querySelector(".drop");
const chosen = $("file").querySelector("input");
let turn = Promise.resolve(); // documents are read one after another, so they are sent one after another

chosen.onchange = () => {
  addFiles(chosen.files);
  chosen.value = "";
};
for (const kind of ["dragenter", "dragover"]) {
  addEventListener(kind, (event) => {
    if ($("documents").hidden || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    dropped.classList.add("over");
  });
}
for (const kind of ["dragleave", "drop", "dragend"]) {
  addEventListener(kind, (event) => {
    if (kind === "dragleave" && event.relatedTarget) return;
    dropped.classList.remove("over");
    if (kind !== "drop" || $("documents").hidden || !event.dataTransfer?.files.length) return;
    event.preventDefault();
    addFiles(event.dataTransfer.files);
  });
}
$("address").onsubmit = (event) => {
  event.preventDefault();
  const { url, site } = event.target.elements;
  const wanted = { url: url.value.trim(), site: site.checked };
  add(wanted.url, () => api("POST", "sources", wanted));
  event.target.reset();
};

export async function showDocuments() {
  const sources = (await api("GET", "sources")).filter(({ active }) => active);
  fill($("sources"), sources.map(sourceRow));
}

function addFiles(files) {
  for (const file of files) {
    add(file.name, () => {
      const form = new FormData();
      form.append("file", file);
      return api("POST", "sources", form);
    });
  }
}

function add(name, send) {
  const row = el("li", { className: "job" });
  const tell = (state, ...more) => row.replaceChildren(el("p", { className: "top" }, el("strong", {}, name), el("span", { className: "soft" }, state)), ...more);
  tell(say("waiting"));
  $("jobs").prepend(row);
  const again = () => {
    row.remove();
    add(name, send);
  };
  turn = turn.then(async () => {
    try {
      tell(say("sending"), el("progress"));
      const job = await followed(await send(), tell);
      if (job.state === "failed") throw new Error(job.error);
      tell(...outcome(job));
      changed("");
    } catch (error) {
      tell(say("failed"), el("p", { className: "wrong" }, error.message), button(say("again"), again));
    }
  });
}

async function followed(job, tell) {
  while (job.state === "waiting" || job.state === "reading") {
    const isSite = job.pages_read + job.pages_waiting > 0;
    tell(isSite ? say("pages", job.pages_read, job.pages_waiting) : say(job.state), el("progress"));
    job = await api("GET", `jobs/${job.id}?wait=${LOOK_S}`);
  }
  return job;
}

function outcome({ name, result }) {
  const counts = COUNTS.filter((count) => result[count]).map((count) => say(count, number(result[count])));
  const { problems } = result;
  const said = [
    el("p", { className: "deeds start" },
      el("a", { className: "button", href: entriesOf(name) }, say("its_entries")),
      el("a", { className: "button", href: "#try" }, say("try_it"))),
  ]; // prettier-ignore
  if (problems.length) {
    const title = problems.length === 1 ? say("problem") : say("problems", problems.length);
    said.unshift(el("details", { open: problems.length <= 5 }, el("summary", {}, title), el("ul", { className: "problems" }, problems.map((problem) => el("li", {}, problem)))));
  }
  return [counts.join(" · ") || say("empty_document"), ...said];
}

function sourceRow({ name, kind, added_at, active, retired }) {
  const isEditor = kind === "editor";
  const title = isEditor ? say("editor") : name;
  const remove = async () => {
    if (!(await sure(say("remove_source", title, number(active)), say("remove")))) return;
    if (await attempt(() => api("DELETE", `sources/${encodeURIComponent(name)}`))) changed(say("removed"));
  };
  return [
    el("div", { className: "top" },
      el("a", { className: "title", href: entriesOf(name) }, title),
      isEditor ? null : mark(kind),
      el("span", { className: "end soft" }, say("entries_in", number(active)), retired ? ` · ${say("retired_in", number(retired))}` : "")),
    el("div", { className: "top" },
      el("span", { className: "soft" }, isEditor ? "" : say("since", day(added_at))),
      el("span", { className: "end" }, button(say("remove"), remove, "danger plain"))),
  ]; // prettier-ignore
}

const entriesOf = (name) => `#entries?${new URLSearchParams({ source: name })}`;
