/* The audit: one answer, or one contact that ended in silence, after the other, until nothing is left to grade.
 * What others said of it is not shown, so that two grades are two opinions. */

const STRINGS = {
  en: {
    right: "Right", wrong: "Wrong", harmful: "Harmful", resolved: "Yes, resolved", cannot_tell: "Cannot tell", unresolved: "No, not resolved",
    answer: "Is this answer right?", contact: "Did this contact end with the customer's matter resolved?",
    asked: "Question", said: "Answer", cited: "Cited entry", gone: "It is no longer in the knowledge.", none: "None: a model composed it.", before: "What was said before", left: "{} still to be graded by somebody",
  },
  zh: {
    right: "正确", wrong: "错误", harmful: "有害", resolved: "已解决", cannot_tell: "无法判断", unresolved: "未解决",
    answer: "该回答是否正确？", contact: "会话结束时，客户的问题是否已解决？",
    asked: "问题", said: "回答", cited: "引用条目", gone: "该条目已不在知识库中。", none: "无：由模型组织回答。", before: "此前的对话", left: "尚有 {} 项待评定",
  },
}; // prettier-ignore
const say = (name) => STRINGS[document.documentElement.lang.startsWith("zh") ? "zh" : "en"][name];
const $ = (id) => document.getElementById(id);

/* `page` lends the desk's own tools: api, el, drawLine, rendered and who sits there. */
export function auditing({ api, el, drawLine, rendered, me }) {
  let shown = null;
  $("audit").onclick = async () => {
    if (await next()) $("auditing").showModal();
  };
  $("auditing").querySelector(".shut").onclick = () => $("auditing").close();
  $("auditing").onkeydown = ({ key, ctrlKey, metaKey, altKey }) => {
    if (!ctrlKey && !metaKey && !altKey && shown?.grades[key - 1]) $("grades").children[key - 1].click();
  };

  /* True when there is something to look at, if only that nothing is left. */
  async function next() {
    return attempt(async () => {
      const { audit, open } = await api("GET", `audits/next?grader=${encodeURIComponent(me())}`);
      shown = audit;
      $("audit-left").textContent = say("left").replace("{}", open);
      $("audit-none").hidden = !!audit;
      $("audit-question").hidden = !audit;
      $("audit-question").textContent = audit ? say(audit.subject) : "";
      $("audited").replaceChildren(...(audit ? drawn(audit) : []));
      $("audited").scrollTop = 0;
      $("grades").replaceChildren(...(audit?.grades ?? []).map(gradeButton));
    });
  }

  function drawn({ subject, question, answer, cited, lines }) {
    if (subject === "contact") return lines.map(drawLine);
    const told = el("dl", {},
      ...row("asked", el("p", {}, question)),
      ...row("said", el("p", { className: "said" }, ...rendered(answer))),
      ...row("cited", ...citation(cited)),
    ); // prettier-ignore
    return lines.length ? [told, el("details", {}, el("summary", {}, say("before")), ...lines.map(drawLine))] : [told];
  }

  function row(name, ...content) {
    return [el("dt", {}, say(name)), el("dd", {}, ...content)];
  }

  function citation(cited) {
    if (!cited) return [el("p", {}, say("none"))];
    const now = cited.answer === null ? [say("gone")] : rendered(cited.answer);
    return [el("p", { className: "entry" }, cited.question), el("p", {}, ...now)];
  }

  function gradeButton(grade, at) {
    const give = async () => {
      for (const button of $("grades").children) button.disabled = true;
      const audit = shown;
      shown = null;
      const kept = await attempt(() => api("POST", `audits/${audit.id}`, { grader: me(), grade }));
      if (kept) return next();
      shown = audit;
      for (const button of $("grades").children) button.disabled = false;
    };
    return el("button", { onclick: give }, say(grade), el("kbd", { ariaHidden: "true" }, `${at + 1}`));
  }

  async function attempt(deed) {
    const wrong = $("auditing").open ? $("audit-wrong") : $("alert");
    try {
      await deed();
      wrong.hidden = true;
      return true;
    } catch (error) {
      wrong.textContent = error.message;
      wrong.hidden = false;
      return false;
    }
  }
}
