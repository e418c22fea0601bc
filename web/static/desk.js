/* The colleague's desk: lists and transcript are read by REST whenever the live socket says that something changed.
 * The open socket is what tells the server that somebody is at the desk. */

import { auditing } from "./desk-audits.js";

const STRINGS = {
  en: {
    connected: "At the desk", connecting: "Connecting …", chat: "chat", phone: "phone", demo: "demo", source: "Source", you: "you",
    customer: "Customer", dime: "Dime", unreached: "The server cannot be reached.", has: "{} has this conversation.", talks: "Dime has this conversation.",
    left: "The customer has ended this conversation.", closed: "Closed: {}.", handled: "Closed: {}. Handled in {} s.", handling: "Handling", waiting: "Waiting",
    solved: "solved", callback: "call-back", unsolved: "unsolved", spam: "spam", newTab: "opens in a new tab", guide: "a guide leads to a person", byCustomer: "no outcome",
    asked_for_person: "asked for a person", accepted_offer: "accepted the offer of a person", model_silent: "no answer in time", unknown: "Dime does not know", technical: "a technical fault", form_failed: "a form was not understood", not_identified: "the order was not found", tool_failed: "a tool failed",
    notice: "Announcement", asking: "{} customers ask about one thing: “{}”", asked: "{} customers asked about one thing: “{}”", nothingAnswers: "nothing answers it", answeredBy: "answered by {}",
    pleased: "pleased", worried: "worried", upset: "upset", angry: "angry", repeated_misses: "several answers did not help", anger: "angry again", angry_miss: "angry, and no answer",
    policy: "a matter for a person", low_confidence: "not sure enough", request: "asked for a person", tool_failure: "a technical failure", experiment: "drawn to meet a person first",
    wish: "when: {}", reached: "Reached", not_reached: "Not reached", dropped: "Not needed", closeAs: "Close the call-back: {}",
    since: "since {}", until: "said first until {}", from: "said first from {} to {}", dismiss: "Dismiss", announce: "Announce", withdraw: "Withdraw",
    recording: "Recording of {}", delete: "Delete", unrecord: "Delete all recordings of this conversation?",
  },
  zh: {
    connected: "在线", connecting: "连接中……", chat: "聊天", phone: "电话", demo: "演示", source: "来源", you: "您",
    customer: "客户", dime: "Dime", unreached: "无法连接服务器。", has: "{} 正在处理该会话。", talks: "Dime 正在处理该会话。",
    left: "客户已结束会话。", closed: "已结束：{}。", handled: "已结束：{}。处理用时 {} 秒。", handling: "处理中", waiting: "等待中",
    solved: "已解决", callback: "需回电", unsolved: "未解决", spam: "垃圾信息", newTab: "在新标签页中打开", guide: "引导步骤转人工", byCustomer: "无结果",
    asked_for_person: "要求转人工", accepted_offer: "同意转人工", model_silent: "未能及时回答", unknown: "Dime 不知道答案", technical: "技术故障", form_failed: "表单未能填完", not_identified: "未能核实订单", tool_failed: "工具出错",
    notice: "公告", asking: "{} 位客户正在询问同一件事：“{}”", asked: "{} 位客户询问过同一件事：“{}”", nothingAnswers: "没有可用的答案", answeredBy: "由 {} 回答",
    pleased: "满意", worried: "担心", upset: "不满", angry: "生气", repeated_misses: "多次未能解答", anger: "客户再次生气", angry_miss: "客户生气且无答案",
    policy: "须由人工处理", low_confidence: "把握不足", request: "要求转人工", tool_failure: "技术故障", experiment: "对照实验：人工优先",
    wish: "时间：{}", reached: "已联系上", not_reached: "未联系上", dropped: "无需回电", closeAs: "结束回电：{}",
    since: "始于 {}", until: "首先告知客户，至 {}", from: "首先告知客户，{} 至 {}", dismiss: "忽略", announce: "发布公告", withdraw: "撤回",
    recording: "{} 的录音", delete: "删除", unrecord: "删除该会话的全部录音？",
  },
}; // prettier-ignore
const lang = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
const say = (name, ...values) => values.reduce((text, value) => text.replace("{}", () => value), STRINGS[lang][name] ?? name);
const MARKDOWN = { base: location.href, newTab: say("newTab") };
const $ = (id) => document.getElementById(id);
const replyBox = $("reply").elements[0];
const title = document.title;
const LAST_RETRY_MS = 15_000;

let me = localStorage.getItem("dime:colleague") ?? "";
let atDesk = []; // conversations that wait or are being handled
let chosen = null; // id of the conversation on the right
let conversation = null; // its transcript and state, once read
let clockSkewMs = 0; // server's clock minus ours
let socket, retryTimer;
let retries = 0;
let refreshing = null;
let isStale = false;
const drafts = new Map();

$("me").onclick = askName;
$("who").oncancel = (event) => me || event.preventDefault();
$("who").onclose = () => {
  me = $("who").querySelector("input").value.trim() || me;
  localStorage.setItem("dime:colleague", me);
  sitDown();
};
$("announce").onclick = () => announce();
auditing({ api, el, drawLine, rendered: (text) => rendered(text, MARKDOWN), me: () => me });
$("saying").querySelector("form").onsubmit = sayFirst;
$("saying").querySelector("[value=cancel]").onclick = () => $("saying").close();
$("back").onclick = () => choose(null);
$("take").onclick = () => act("take");
$("close").onclick = ({ target }) => target.value && act("close", { outcome: target.value });
$("reply").onsubmit = async (event) => {
  event.preventDefault();
  const text = replyBox.value.trim();
  if (!text) return;
  replyBox.value = "";
  if (!(await act("reply", { text }))) replyBox.value ||= text;
};
replyBox.onkeydown = (event) => {
  // 229: Safari's word for the Enter that ends a composition of Chinese
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  $("reply").requestSubmit();
};
setInterval(tick, 1000);
addEventListener("online", sitDown);
showTalk();
if (me) sitDown();
else askName();

function askName() {
  $("who").querySelector("input").value = me;
  $("who").showModal();
}

/* Opens the live socket, anew where there is one. */
function sitDown() {
  clearTimeout(retryTimer);
  $("me").textContent = me;
  $("line").textContent = say("connecting");
  $("line").className = "";
  const url = new URL(`/api/v1/desk/live?colleague=${encodeURIComponent(me)}`, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  const before = socket;
  const opened = (socket = new WebSocket(url));
  before?.close();
  opened.onopen = () => {
    $("line").textContent = say("connected");
    $("line").className = "connected";
    retries = 0;
    refresh();
  };
  opened.onmessage = refresh;
  opened.onclose = () => {
    if (socket !== opened) return;
    $("line").textContent = say("connecting");
    $("line").className = "";
    retryTimer = setTimeout(sitDown, Math.min(LAST_RETRY_MS, 500 * 2 ** retries++));
  };
}

/* Reads everything again; a change during the reading leads to one more, not to a pile. */
function refresh() {
  isStale = true;
  refreshing ??= (async () => {
    while (isStale) {
      isStale = false;
      await attempt(readAll);
    }
    refreshing = null;
  })();
  return refreshing;
}

async function readAll() {
  const wanted = chosen;
  const [listed, callbacks, alerts, announcements, read] = await Promise.all([
    api("GET", "desk/conversations"),
    api("GET", "desk/callbacks"),
    api("GET", "alerts"),
    api("GET", "announcements"),
    wanted && api("GET", `conversations/${wanted}?lang=${lang}`),
  ]);
  atDesk = listed;
  if (wanted === chosen) conversation = read;
  showLists(callbacks);
  fill("trouble", alerts.map(troubleRow));
  fill("announced", announcements.map(announcedRow));
  showTalk();
}

async function act(deed, details = {}) {
  const done = await attempt(() => api("POST", `desk/conversations/${chosen}/${deed}`, { colleague: me, ...details }));
  await refresh();
  if (deed === "take" && done) replyBox.focus();
  return done;
}

/* True when it went well; else the reason is shown. */
async function attempt(deed) {
  try {
    await deed();
    if (deed !== readAll) $("alert").hidden = true;
    return true;
  } catch (error) {
    $("alert").textContent = error.message;
    $("alert").hidden = false;
    return false;
  }
}

async function api(method, path, body) {
  const response = await fetch(`/api/v1/${path}`, {
    method,
    headers: body && { "Content-Type": "application/json" },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(15_000),
  }).catch(() => {
    throw new Error(say("unreached"));
  });
  clockSkewMs = Date.parse(response.headers.get("date")) - Date.now() || 0;
  const answer = await response.json().catch(() => null);
  if (response.ok) return answer;
  throw new Error(typeof answer?.detail === "string" ? answer.detail : `${response.status} ${response.statusText}`);
}

function choose(id) {
  if (chosen) drafts.set(chosen, replyBox.value);
  chosen = id;
  conversation = null;
  replyBox.value = drafts.get(id) ?? "";
  $("alert").hidden = true;
  showTalk();
  refresh();
}

function showLists(callbacks) {
  const waiting = atDesk.filter(({ colleague }) => !colleague);
  fill("waiting", waiting.map((row) => conversationRow(row, row.waiting_since)));
  fill("mine", atDesk.filter(({ colleague }) => colleague === me).map((row) => conversationRow(row, row.taken_at)));
  fill("others", atDesk.filter(({ colleague }) => colleague && colleague !== me).map((row) => conversationRow(row, row.taken_at)));
  fill("callbacks", callbacks.map(callbackRow));
  $("waiting-count").textContent = waiting.length || "";
  document.title = waiting.length ? `(${waiting.length}) ${title}` : title;
  tick();
}

function conversationRow({ id, lang, channel, demo, reason, category, mood, matter, colleague }, since) {
  const marks = [lang && el("span", { className: "mark" }, lang), el("span", { className: "mark" }, say(channel))];
  if (isHarsh(mood)) marks.push(moodMark(mood));
  if (demo) marks.push(el("span", { className: "mark demo" }, say("demo")));
  const row = el("button", { onclick: () => choose(id) },
    el("span", { className: "top" }, ...marks.filter(Boolean), el("time", { dateTime: since })),
    el("span", { className: "last" }, matter || "…"),
    el("span", { className: "reason" }, colleague && colleague !== me ? colleague : reasonFor(reason, category))); // prettier-ignore
  row.dataset.id = id;
  return row;
}

function isHarsh(mood) {
  return mood === "upset" || mood === "angry";
}

function moodMark(mood) {
  return el("span", { className: `mark ${mood}` }, say(mood));
}

function reasonFor(reason, category) {
  return say(STRINGS[lang][reason] ? reason : category);
}

function callbackRow({ id, conversation, contact, note, wish, requested_at }) {
  const done = (outcome) => () => attempt(() => api("POST", `desk/callbacks/${id}/done`, { outcome })).then(refresh);
  const ways = Object.entries({ reached: "reached", unreached: "not_reached", dropped: "dropped" }).map(([outcome, name]) =>
    el("button", { className: "done", title: say("closeAs", say(name)), onclick: done(outcome) }, say(name)),
  );
  const row = el("button", { onclick: () => choose(conversation) },
    el("span", { className: "top" }, el("strong", {}, contact), el("time", { dateTime: requested_at })),
    wish && el("span", { className: "reason" }, say("wish", wish)),
    el("span", { className: "last" }, note)); // prettier-ignore
  row.dataset.id = conversation;
  return [row, el("div", { className: "ways" }, ...ways)];
}

/* What many customers suddenly ask about, in their own words. */
function troubleRow({ id, question, examples, count, lang: spoken, entry, at, is_going_on }) {
  const others = examples.filter((example) => example !== question);
  return [
    el("div", {},
      el("strong", {}, say(is_going_on ? "asking" : "asked", count, question)),
      el("span", { className: "reason" }, ` ${say("since", clock(at))} · ${entry ? say("answeredBy", entry) : say("nothingAnswers")}`),
      el("p", {}, others.map((example) => `“${example}”`).join(" "))), // prettier-ignore
    el("button", { className: "filled", onclick: () => announce(spoken) }, say("announce")),
    el("button", { onclick: () => attempt(() => api("POST", `alerts/${id}/dismiss`)).then(refresh) }, say("dismiss")),
  ];
}

function announcedRow({ id, text, lang: spoken, state, valid_from, valid_until }) {
  const period = state === "now" ? say("until", clock(valid_until)) : say("from", clock(valid_from), clock(valid_until));
  return [
    el("div", {}, el("span", { className: "mark" }, spoken), ` ${text} `, el("span", { className: "reason" }, period)),
    el("button", { onclick: () => attempt(() => api("DELETE", `announcements/${id}`)).then(refresh) }, say("withdraw")),
  ];
}

/* In the company's time zone, with the day where it is another one. */
function clock(at) {
  const timeZone = document.body.dataset.zone;
  const day = (moment) => moment.toLocaleDateString("sv", { timeZone });
  const isToday = day(new Date(at)) === day(new Date());
  return new Date(at).toLocaleString(lang, { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...(isToday ? {} : { month: "short", day: "numeric" }) });
}

function announce(spoken = lang) {
  const form = $("saying").querySelector("form");
  form.reset();
  form.elements.lang.value = spoken === "zh" ? "zh" : "en";
  form.querySelector(".wrong").hidden = true;
  $("saying").showModal();
}

async function sayFirst(event) {
  event.preventDefault();
  const wrong = event.target.querySelector(".wrong");
  const { text, lang: spoken, until } = Object.fromEntries(new FormData(event.target));
  try {
    await api("POST", "announcements", { text, lang: spoken, until: until || null });
    $("saying").close();
  } catch (error) {
    wrong.textContent = error.message;
    wrong.hidden = false;
  }
  refresh();
}

function fill(id, rows) {
  const hadFocus = $(id).contains(document.activeElement) && document.activeElement.dataset.id;
  $(id).replaceChildren(...rows.map((row) => el("li", {}, ...[row].flat())));
  if (hadFocus) $(id).querySelector(`[data-id="${hadFocus}"]`)?.focus();
}

function showTalk() {
  const row = atDesk.find(({ id }) => id === chosen);
  const isMine = row?.colleague === me;
  document.body.classList.toggle("talking", chosen !== null);
  for (const each of document.querySelectorAll("aside [data-id]")) each.ariaCurrent = each.dataset.id === chosen;
  show({ nothing: !chosen, head: conversation, transcript: conversation, take: conversation && row && !row.colleague });
  show({ reply: conversation && isMine, close: conversation && isMine, end: conversation && ending(row, isMine) });
  $("clock").replaceChildren();
  if (!conversation) return;
  $("end").textContent = ending(row, isMine);
  $("facts").textContent = [conversation.lang, say(conversation.channel), conversation.demo && say("demo"), row && reasonFor(row.reason, row.category)].filter(Boolean).join(" · ");
  $("summary").hidden = !conversation.summary;
  $("summary").replaceChildren(...(conversation.summary?.lines ?? []).flatMap(({ label, text }) => [el("dt", {}, label), el("dd", {}, text)]));
  const before = [conversation.actions, conversation.trodden].filter(Boolean).join("\n");
  $("trodden").hidden = !before;
  $("trodden").textContent = before;
  if (row) $("clock").append(`${say(row.taken_at ? "handling" : "waiting")} `, el("time", { dateTime: row.taken_at ?? row.waiting_since }));
  showRecordings(conversation.recordings);
  showTranscript();
  tick();
}

/* Drawn anew only when there are others: what is being listened to plays on. */
function showRecordings(recordings) {
  const version = `${conversation.id} ${recordings.map(({ name }) => name)}`;
  $("recordings").hidden = !recordings.length;
  if ($("recordings").dataset.version === version) return;
  $("recordings").dataset.version = version;
  $("recordings").replaceChildren(...recordings.map(recordingRow));
}

function recordingRow({ url, at }) {
  const unrecord = () => confirm(say("unrecord")) && attempt(() => api("DELETE", `recordings/${chosen}`)).then(refresh);
  return el("li", {},
    el("audio", { src: url, controls: true, preload: "none", ariaLabel: say("recording", clock(at)) }),
    el("span", { className: "reason" }, clock(at)),
    el("button", { className: "plain", onclick: unrecord }, say("delete"))); // prettier-ignore
}

/* What the foot says when there is nothing to do there. */
function ending(row, isMine) {
  if (!conversation) return "";
  const { state, outcome, closed_at, taken_at } = conversation;
  if (row) return row.colleague && !isMine ? say("has", row.colleague) : state === "closed" ? say("left") : "";
  if (state !== "closed") return say("talks");
  const seconds = Math.round((Date.parse(closed_at) - Date.parse(taken_at)) / 1000);
  return taken_at ? say("handled", say(outcome ?? "byCustomer"), seconds) : say("closed", say(outcome ?? "byCustomer"));
}

function showTranscript() {
  const { id, transcript } = conversation;
  const version = `${id} ${transcript.length} ${transcript.at(-1)?.text}`;
  if ($("transcript").dataset.version === version) return; // what a colleague is reading or copying stays put
  $("transcript").dataset.version = version;
  $("transcript").replaceChildren(...transcript.map(drawLine));
  $("transcript").scrollTop = $("transcript").scrollHeight;
}

function drawLine({ author, text, at, name, source, mood }) {
  const time = new Date(at).toLocaleTimeString(lang, { hour: "2-digit", minute: "2-digit" });
  const who = author === "colleague" ? name : say(author);
  const line = el("div", { className: `line ${author}` }, el("span", { className: "who" }, `${who} · ${time}`), el("p", {}, ...(author === "dime" ? rendered(text, MARKDOWN) : [text])));
  if (mood && mood !== "calm") line.firstChild.append(" ", moodMark(mood));
  if (source) line.append(el("span", { className: "source" }, `${say("source")}: `, sourceLink(source)));
  return line;
}

function sourceLink({ url, question }) {
  const target = url && new URL(url, location.href);
  const isSafe = target && /^https?:$/.test(target.protocol);
  return isSafe ? el("a", { href: target.href, target: "_blank", rel: "noopener" }, question) : question;
}

function tick() {
  for (const time of document.querySelectorAll("time")) {
    const seconds = Math.max(0, Math.floor((Date.now() + clockSkewMs - Date.parse(time.dateTime)) / 1000));
    const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map((n) => String(n).padStart(2, "0"));
    time.textContent = h === "00" ? `${Number(m)}:${s}` : `${Number(h)}:${m}:${s}`;
  }
}

function show(parts) {
  for (const [id, is] of Object.entries(parts)) $(id).hidden = !is;
}

/* Children are text or elements, never markup: customers write what they like. */
function el(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}
