/* What every section uses: elements, requests, and how it is told when one goes wrong. */
import { STRINGS } from "./words.js";

const LONGEST_WAIT_MS = 120_000;
const LONGEST_UPLOAD_MS = 900_000;
const RETRY_MS = 1_000;

export const lang = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
export const say = (name, ...values) => values.reduce((text, value) => text.replace("{}", () => value), STRINGS[lang][name] ?? name);
export const $ = (id) => document.getElementById(id);

/* Children are text or elements, never markup: documents and customers hold what they like. */
export function el(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in made && !name.startsWith("aria")) made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false && child !== ""));
  return made;
}

export const mark = (text, className = "") => el("span", { className: `mark ${className}` }, text);
export const button = (text, onclick, className = "") => el("button", { type: "button", onclick, className }, text);
export const fill = (list, rows) => list.replaceChildren(...rows.map((row) => el("li", {}, row)));
export const number = (value) => value.toLocaleString(lang);
export const day = (at) => new Date(at).toLocaleDateString(lang === "zh" ? "zh-CN" : "en", { year: "numeric", month: "short", day: "numeric" });

export async function api(method, path, body, headers = {}, until = performance.now() + LONGEST_WAIT_MS) {
  const isForm = body instanceof FormData;
  const response = await fetch(`/api/v1/knowledge/${path}`, {
    method,
    headers: body && !isForm ? { "Content-Type": "application/json", ...headers } : headers,
    body: body && !isForm ? JSON.stringify(body) : body,
    signal: AbortSignal.timeout(isForm ? LONGEST_UPLOAD_MS : LONGEST_WAIT_MS),
  }).catch(() => {
    throw new Error(say("unreached"));
  });
  const answer = await response.json().catch(() => null);
  if (response.ok) return answer;
  if (response.status === 503 && method === "GET" && performance.now() < until) { // a fresh start still reads the knowledge
    await new Promise((go) => setTimeout(go, RETRY_MS));
    return api(method, path, body, headers, until);
  }
  throw new Error(reason(answer?.detail) ?? `${response.status} ${response.statusText}`);
}

/* True when it went well; else the reason is shown, above the section or where `at` says. */
export async function attempt(deed, at = $("alert")) {
  try {
    at.hidden = true;
    await deed();
    return true;
  } catch (error) {
    at.textContent = error.message;
    at.hidden = false;
    return false;
  }
}

/* A deed that changed the knowledge: what is shown is read again, and what happened is told. */
export function changed(told) {
  dispatchEvent(new Event("knowledge-changed"));
  $("told").textContent = told;
}

export async function sure(question, deed) {
  const dialog = $("sure");
  $("sure-text").textContent = question;
  $("do").textContent = deed;
  dialog.returnValue = "";
  dialog.showModal();
  await new Promise((closed) => dialog.addEventListener("close", closed, { once: true }));
  return dialog.returnValue === "yes";
}

/* Only the latest answer counts: an earlier question that is answered later is dropped. */
export function latest() {
  let asked = 0;
  return async (answer) => {
    const mine = ++asked;
    const got = await answer;
    return mine === asked ? got : null;
  };
}

export function soon(deed, ms = 250) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(deed, ms);
  };
}

function reason(detail) {
  if (!Array.isArray(detail)) return detail;
  return detail.map(({ loc, msg }) => `${say(loc.filter((part) => typeof part === "string").at(-1))}: ${msg}`).join(" ");
}
