/* Dime's chat widget, embedded by one script tag; its styles are fetched from static/widget.css beside it:
 *   <script src="https://host/widget.js" data-lang="en" data-color="#2f5d50" data-theme="light" defer></script>
 * It leaves nothing global. A page may open it with a question by dispatching the cancelable event `dime:ask`
 * (detail: {question}) on window; the widget cancels the event, so an uncancelled one means: no widget here. */
(() => {
  "use strict";

  const script = document.currentScript;
  if (!script || document.querySelector("dime-chat")) return;

  const MAX_TEXT = 4000;
  const COUNTER_FROM = 3600;
  const MAX_OUTBOX = 5; // messages typed while the line is down; more are refused, not forgotten
  const MAX_TRIES = 2;
  const SILENCE_MS = 20_000; // a server that owes us an event for so long is taken for dead
  const BREATH_MS = 500; // between two clauses Dime is still speaking
  const FIRST_RETRY_MS = 500;
  const LAST_RETRY_MS = 30_000;

  const STRINGS = {
    en: {
      open: "Open the chat", close: "Close the chat", unread: "new message", chat: "Chat", with: "Chat with {}",
      agent: "Automatic assistant", waiting: "Waiting for a colleague …", colleague: "You are talking to {}",
      colleagueUnnamed: "You are talking to a colleague", closed: "Conversation closed", offline: "Connecting …",
      greeting: "Hello! I am the automatic assistant of {}. Ask me anything about your order, delivery, returns or care.",
      transcript: "Transcript", typing: "is typing", you: "You", dime: "Assistant", placeholder: "Type your question …",
      message: "Your message", send: "Send", person: "Talk to a person", wish: "I would like to talk to a person.", end: "End conversation", again: "New conversation",
      source: "Source", helpful: "This was helpful", unhelpful: "This was not helpful", queued: "will be sent when the line is back",
      full: "The line is down. Please wait a moment.", lost: "Your last message did not arrive. Please send it again.",
      callback: "May we get back to you?", contact: "Phone or e-mail", note: "What is it about? (optional)", wish: "When suits you? (optional)",
      request: "Ask for a call-back", choose: "Choose a reply", left: "{} characters of {}",
      newTab: "opens in a new tab", notice: "Announcement",
      rate: "How well did this help you?", score: "{} of 5", poor: "poor", good: "very good", skip: "Skip", rated: "Thank you for your rating.",
      call: "Call by voice", calling: "Voice call", connecting: "Connecting the call …", listening: "I am listening", hearing: "I hear you", thinking: "One moment …", speaking: "Speaking",
      mute: "Mute the microphone", muted: "The microphone is off", hangUp: "Hang up", recorded: "This call is being recorded", noRecording: "Do not record", interrupted: "interrupted",
      callOver: "The call is over. You can go on in writing.", callLost: "The call was cut off. You can go on in writing.", insecure: "Calls need a secure page (https).", unsupported: "This browser cannot make calls.",
      denied: "The microphone is blocked. Allow it in the browser's settings for this page, then call again.", noMicrophone: "No microphone was found.", micBusy: "Another program is using the microphone.",
      no_voice: "Calls cannot be taken at the moment. Please write.", lines_taken: "All lines are taken. Please try again in a moment, or write.", with_colleague: "A colleague has this conversation. Please write.",
    },
    zh: {
      open: "打开聊天窗口", close: "关闭聊天窗口", unread: "有新消息", chat: "在线客服", with: "{} 在线客服",
      agent: "智能助手", waiting: "正在等待人工客服……", colleague: "{} 正在为您服务",
      colleagueUnnamed: "人工客服正在为您服务", closed: "会话已结束", offline: "连接中……",
      greeting: "您好！我是{}的智能助手。订单、配送、退货、保养，都可以问我。",
      transcript: "聊天记录", typing: "正在输入", you: "您", dime: "智能助手", placeholder: "请输入您的问题……",
      message: "消息内容", send: "发送", person: "转人工客服", wish: "我想转人工客服。", end: "结束会话", again: "开始新会话",
      source: "来源", helpful: "有帮助", unhelpful: "没有帮助", queued: "连接恢复后自动发送",
      full: "连接已断开，请稍候。", lost: "上一条消息没有送达，请重新发送。",
      callback: "需要我们联系您吗？", contact: "电话或邮箱", note: "想咨询什么？（选填）", wish: "方便联系的时间？（选填）",
      request: "请联系我", choose: "选择回复", left: "{} / {} 字", newTab: "在新标签页中打开", notice: "公告",
      rate: "本次服务对您有帮助吗？", score: "{} 分（满分 5 分）", poor: "很差", good: "很好", skip: "跳过", rated: "感谢您的评价。",
      call: "语音通话", calling: "语音通话", connecting: "正在接通……", listening: "请讲，我在听", hearing: "正在听您说", thinking: "请稍等……", speaking: "正在回答",
      mute: "麦克风静音", muted: "麦克风已静音", hangUp: "挂断", recorded: "本次通话正在录音", noRecording: "不要录音", interrupted: "已打断",
      callOver: "通话已结束，您可以继续打字咨询。", callLost: "通话已中断，您可以继续打字咨询。", insecure: "语音通话需要安全页面（https）。", unsupported: "此浏览器不支持语音通话。",
      denied: "麦克风被禁用。请在浏览器中允许本页面使用麦克风，然后重新拨打。", noMicrophone: "没有找到麦克风。", micBusy: "麦克风正被其他程序占用。",
      no_voice: "暂时无法接听语音通话，请打字咨询。", lines_taken: "线路繁忙，请稍后再拨，或打字咨询。", with_colleague: "人工客服正在处理该会话，请打字咨询。",
    },
  }; // prettier-ignore

  const ICONS = {
    chat: "M4 5h16v11H9l-5 4z M8 9h8 M8 12.5h5", close: "M6 6l12 12 M18 6L6 18", send: "M4 12L20 4l-5 16-4-6z M20 4l-9 10",
    up: "M7 11v9H4v-9z M7 11l4-7c2 0 2.5 1 2 3l-.6 3H19a1.5 1.5 0 0 1 1.5 1.8l-1.3 6.7A2 2 0 0 1 17.2 20H7",
    down: "M7 13V4H4v9z M7 13l4 7c2 0 2.5-1 2-3l-.6-3H19a1.5 1.5 0 0 0 1.5-1.8l-1.3-6.7A2 2 0 0 0 17.2 4H7",
    phone: "M6.5 4h3l1.5 4-2 1.6a12 12 0 0 0 5.4 5.4L16 13l4 1.5v3a2 2 0 0 1-2 2A14.5 14.5 0 0 1 4.5 6a2 2 0 0 1 2-2z", hook: "M3.5 14.5c4.5-5 12.5-5 17 0l-2.3 2.6-3.4-1.6v-2.4a11 11 0 0 0-5.6 0v2.4l-3.4 1.6z",
    microphone: "M12 3.5a2.5 2.5 0 0 0-2.5 2.5v5a2.5 2.5 0 0 0 5 0V6A2.5 2.5 0 0 0 12 3.5z M6 11a6 6 0 0 0 12 0 M12 17v3.5", muted: "M9.5 8V6a2.5 2.5 0 0 1 5 0v5 M6 11a6 6 0 0 0 9.5 4.9 M18 11c0 .8-.2 1.5-.4 2.2 M12 17v3.5 M4.5 4.5l15 15",
    notice: "M4 10v4h3l7 4V6l-7 4z M17.5 9.5a4 4 0 0 1 0 5",
    person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8z M5 20c.6-4 3.4-6 7-6s6.4 2 7 6",
  };

  const uiLang = (script.dataset.lang || document.documentElement.lang || navigator.language).startsWith("zh") ? "zh" : "en";
  const MARKDOWN = { base: script.src, newTab: STRINGS[uiLang].newTab };
  const say = (name, ...values) => values.reduce((text, value) => text.replace("{}", () => value), STRINGS[uiLang][name]);
  const socketUrl = new URL("chat", script.src);
  const visit = stored("localStorage", `dime:${socketUrl.host}:visit`, { visitor: null, conversation: null });
  const outbox = stored("sessionStorage", `dime:${socketUrl.host}:outbox`, []); // [{id, type, text, tries, after, arrived}], the first may be in flight
  socketUrl.protocol = socketUrl.protocol.replace("http", "ws");

  let socket = null; // null between two attempts
  let welcomed = false;
  let retries = 0;
  let retryTimer, silenceTimer;
  let state = "agent";
  let colleague = "";
  let company = "";
  let customerLines = 0; // how many of our lines the server is known to have
  let awaitsAnswer = false;
  const lineOfTurn = new Map();
  const thumbOfTurn = new Map();
  const heardOfTurn = new Map(); // lines that were said, not typed
  let call = null; // {sound, isOn, state, isMuted, began, timer} from the press of the button to the end

  // What is on the screen

  const badge = el("span", { class: "badge", hidden: true });
  const launcher = el("button", { class: "launcher", type: "button", "aria-expanded": "false", "aria-label": say("open") }, icon("chat"), badge);
  const title = el("h2", {}, say("chat"));
  const subtitle = el("p", { role: "status" });
  const typing = el("div", { class: "line dime", hidden: true }, el("div", { class: "bubble typing" }, el("i"), el("i"), el("i"), unseen(say("typing"))));
  const log = el("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": say("transcript"), tabindex: "0" }, typing);
  const contact = el("input", { required: true, minlength: 3, maxlength: 200, autocomplete: "email", placeholder: say("contact"), "aria-label": say("contact") });
  const note = el("input", { maxlength: 1000, placeholder: say("note"), "aria-label": say("note") });
  const wish = el("input", { maxlength: 200, placeholder: say("wish"), "aria-label": say("wish") });
  const callback = el("form", { class: "callback", hidden: true }, el("p", {}, say("callback")), contact, wish, note, el("button", { class: "filled" }, say("request")));
  const box = el("textarea", { rows: 1, placeholder: say("placeholder"), "aria-label": say("message") });
  const sendButton = el("button", { class: "filled square", "aria-label": say("send") }, icon("send"));
  const sideButton = el("button", { class: "plain", type: "button" });
  const counter = el("span", { "aria-live": "polite" });
  const composer = el("form", { class: "composer" }, el("div", { class: "row" }, box, sendButton), el("div", { class: "under" }, sideButton, counter));
  const phoneButton = el("button", { type: "button", "aria-label": say("call"), title: say("call") }, icon("phone"));
  const callState = el("p", { class: "state", role: "status" });
  const callClock = el("span", { class: "clock" });
  const callMeter = el("div", { class: "meter", "aria-hidden": "true" }, el("i"), el("i"), el("i"), el("i"), el("i"));
  const recording = el("p", { class: "recording", hidden: true }, el("span", {}, say("recorded")), el("button", { type: "button" }, say("noRecording")));
  const muteButton = el("button", { class: "round", type: "button", "aria-label": say("mute"), "aria-pressed": false, title: say("mute") }, icon("microphone"));
  const hangUpButton = el("button", { class: "round hang-up", type: "button", "aria-label": say("hangUp"), title: say("hangUp") }, icon("hook"));
  const callBar = el("section", { class: "call", "aria-label": say("calling"), hidden: true }, callMeter, el("div", { class: "told" }, el("div", { class: "row" }, callState, callClock), recording), muteButton, hangUpButton);
  const closeButton = el("button", { type: "button", "aria-label": say("close") }, icon("close"));
  const panel = el("dialog", { class: "panel", "aria-label": say("chat") }, el("header", {}, el("div", {}, title, subtitle), phoneButton, closeButton), log, callBar, callback, composer);

  const host = el("dime-chat", { hidden: true, lang: uiLang });
  const darkness = matchMedia("(prefers-color-scheme: dark)");
  const wearTheme = () => (host.dataset.theme = script.dataset.theme || (darkness.matches ? "dark" : "light"));
  const styles = el("link", { rel: "stylesheet", href: new URL("static/widget.css", script.src), onload: () => (host.hidden = false) });
  const accent = /^#([\da-f]{3}|[\da-f]{6})$/i.test(script.dataset.color) ? script.dataset.color : "#2f5d50";
  host.style.setProperty("--accent", accent);
  host.style.setProperty("--on-accent", isLight(accent) ? "#1f2421" : "#fff");
  host.attachShadow({ mode: "open" }).append(styles, launcher, panel);

  log.addEventListener("load", ({ target }) => target.closest(".line") === typing.previousElementSibling && scrollDown(), true); // a picture grew
  launcher.onclick = () => (panel.open ? panel.close() : open());
  closeButton.onclick = () => panel.close();
  phoneButton.onclick = startCall;
  hangUpButton.onclick = () => endCall("callOver");
  muteButton.onclick = () => {
    call.isMuted = !call.isMuted;
    call.sound?.mute(call.isMuted);
    muteButton.setAttribute("aria-pressed", call.isMuted);
    muteButton.replaceChildren(icon(call.isMuted ? "muted" : "microphone"));
    showCall();
  };
  recording.lastChild.onclick = () => tell({ type: "no_recording" });
  panel.onclose = () => {
    launcher.setAttribute("aria-expanded", "false");
    launcher.focus();
  };
  panel.onkeydown = (event) => {
    if (event.key === "Escape" && !event.isComposing) panel.close();
  };
  composer.onsubmit = (event) => {
    event.preventDefault();
    if (ask(box.value)) box.value = "";
    measure();
  };
  box.oninput = measure;
  box.onkeydown = (event) => {
    // 229: Safari's word for the Enter that ends a composition of Chinese
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    composer.requestSubmit();
  };
  callback.onsubmit = (event) => {
    event.preventDefault();
    send({ type: "callback", contact: contact.value.trim(), wish: wish.value.trim(), note: note.value.trim() });
  };
  sideButton.onclick = () => {
    if (state === "agent") wantPerson();
    else if (state === "closed") beginAnew();
    else send({ type: "close" });
    box.focus();
  };
  addEventListener("dime:ask", (event) => {
    event.preventDefault();
    open();
    ask(event.detail?.question ?? "");
  });
  addEventListener("online", () => {
    retries = 0;
    if (!welcomed) connect();
  });
  darkness.addEventListener("change", wearTheme);

  wearTheme();
  setState("agent");
  measure();
  document.documentElement.append(host);
  if (visit.conversation) connect(); // a colleague's reply must not wait until the panel is opened

  function open() {
    if (panel.open) return;
    badge.hidden = true;
    launcher.setAttribute("aria-label", say("open"));
    launcher.setAttribute("aria-expanded", "true");
    matchMedia("(max-width: 479.98px)").matches ? panel.showModal() : panel.show();
    connect();
    measure();
    box.focus();
  }

  function setState(next) {
    state = next;
    const inState = state === "colleague" && !colleague ? say("colleagueUnnamed") : say(state, colleague);
    subtitle.textContent = welcomed || !panel.open ? inState : say("offline");
    const [name, sign] = { agent: ["person", "person"], closed: ["again", "chat"] }[state] ?? ["end", "close"];
    sideButton.replaceChildren(icon(sign), say(name));
    phoneButton.hidden = script.dataset.calls === "off" || !!call || state === "waiting" || state === "colleague";
  }

  function measure() {
    const length = [...box.value].length;
    counter.textContent = length > COUNTER_FROM ? say("left", length, MAX_TEXT) : "";
    counter.classList.toggle("over", length > MAX_TEXT);
    sendButton.disabled = !box.value.trim() || length > MAX_TEXT;
    box.style.height = ""; // the style sheet's one line, also while nothing is laid out yet
    if (box.value) box.style.height = `${box.scrollHeight + 2}px`;
    scrollDown();
  }

  // The line to the server

  function connect() {
    clearTimeout(retryTimer);
    if (socket) return;
    setState(state);
    const opened = (socket = new WebSocket(socketUrl));
    opened.binaryType = "arraybuffer";
    expectEvent();
    opened.onopen = () => opened.send(JSON.stringify({ type: "hello", ...visit, lang: uiLang }));
    opened.onmessage = ({ data }) => {
      if (socket !== opened) return;
      if (data instanceof ArrayBuffer) call?.sound.play(data);
      else receive(JSON.parse(data));
    };
    opened.onclose = () => socket === opened && hangUp();
  }

  function hangUp() {
    clearTimeout(silenceTimer);
    const closing = socket;
    socket = null;
    welcomed = awaitsAnswer = false;
    closing.close();
    endCall("callLost");
    showTyping(false);
    setState(state);
    const pause = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** retries++);
    retryTimer = setTimeout(connect, pause * (0.5 + Math.random() / 2));
  }

  function send(event) {
    if (!welcomed) return refuse(say("full"));
    socket.send(JSON.stringify(event));
    expectEvent();
  }

  function expectEvent() {
    clearTimeout(silenceTimer);
    silenceTimer = setTimeout(hangUp, SILENCE_MS);
  }

  function receive(event) {
    clearTimeout(silenceTimer);
    switch (event.type) {
      case "welcome": return welcome(event);
      case "typing": return showTyping(true);
      case "announcement": return add(notice(event));
      case "holding": return hold(event);
      case "delta": return stream(event);
      case "answer": return conclude(event);
      case "status": return changeHands(event);
      case "ask_rating": return askRating(event);
      case "colleague": return hear(event);
      case "call_started": return takeUp(event);
      case "call_heard": return showHeard(event);
      case "call_withdrawn": return heardOfTurn.get(event.turn)?.remove();
      case "call_recorded": return showRecording(event.on);
      case "call_ended": return endCall(event.reason === "lost" || event.reason === "failed" ? "callLost" : "callOver");
      case "flush": return call?.sound.flush();
      case "error": return complain(event);
    }
  }

  function welcome(event) {
    welcomed = true;
    retries = 0;
    company = event.company;
    visit.visitor = event.visitor;
    visit.conversation = event.conversation;
    visit.save();
    title.textContent = say("with", company);
    colleague = event.transcript.findLast((line) => line.author === "colleague")?.name ?? "";
    customerLines = event.transcript.filter((line) => line.author === "customer").length;
    const lost = settleOutbox(event);
    setState(event.state);
    draw([...event.transcript, ...event.announcements.map((told) => ({ ...told, author: "notice" }))]);
    if (lost) refuse(say("lost"));
    sendNext();
  }

  /* Stands until the first words of the answer take its place. */
  function hold({ text }) {
    add(el("div", { class: "line dime holding" }, el("div", { class: "bubble" }, text)));
  }

  function stream({ turn, text }) {
    log.querySelector(".holding")?.remove();
    showTyping(false);
    log.setAttribute("aria-busy", "true"); // readers wait for the whole answer
    if (!lineOfTurn.has(turn)) add(line({ author: "dime", text: "", turn }));
    const streamed = lineOfTurn.get(turn);
    streamed.said = (streamed.said ?? "") + text;
    streamed.querySelector(".bubble").replaceChildren(...rendered(streamed.said, MARKDOWN));
    scrollDown();
  }

  function conclude(answer) {
    if (visit.conversation !== answer.conversation) customerLines = 0;
    visit.conversation = answer.conversation;
    visit.save();
    if (state === "closed") setState("agent");
    log.querySelector(".holding")?.remove();
    const before = lineOfTurn.get(answer.turn);
    const whole = line({ ...answer, author: "dime" });
    if (before) before.replaceWith(whole);
    else add(whole);
    log.removeAttribute("aria-busy");
    if (!heardOfTurn.has(answer.turn)) settled(); // one that was spoken settles nothing that was typed
    notify();
  }

  function changeHands(status) {
    if (status.state !== "agent") settled();
    if (status.state === "closed") colleague = "";
    setState(status.state);
    remark(status.text);
    showTyping(false);
    callback.hidden = !status.callback;
    scrollDown();
    if (status.callback && panel.open && !box.value) contact.focus();
    notify();
  }

  /* Stays where it is until it is answered or passed over: whoever has more to ask goes on below it. */
  function askRating({ conversation }) {
    const rate = (score) => () => {
      if (!welcomed) return;
      socket.send(JSON.stringify({ type: "rate", conversation, score }));
      asked.replaceWith(el("p", { class: "remark" }, say("rated")));
      box.focus();
    };
    const pass = () => {
      asked.remove();
      box.focus();
    };
    const scores = [1, 2, 3, 4, 5].map((score) => el("button", { type: "button", "aria-label": say("score", score), onclick: rate(score) }, `${score}`));
    const asked = el("div", { class: "rating", role: "group", "aria-label": say("rate") },
      el("p", {}, say("rate")), el("span", {}, say("poor")), ...scores, el("span", {}, say("good")), el("button", { class: "plain", type: "button", onclick: pass }, say("skip"))); // prettier-ignore
    add(asked);
  }

  function hear(said) {
    colleague = said.name;
    setState("colleague");
    showTyping(false);
    add(line({ ...said, author: "colleague" }));
    notify();
  }

  function complain({ code, message }) {
    if (code === "not_yours") return beginAnew();
    if (code === "no_call") return; // a frame that was on its way when the call ended
    if (["no_voice", "lines_taken", "with_colleague", "in_call"].includes(code)) return endCall(code);
    refuse(message);
    settled();
  }

  // widget-call.js

  // What the customer says

  function ask(text, type = "message") {
    text = text.trim();
    if (!text || [...text].length > MAX_TEXT) return false;
    if (outbox.length >= MAX_OUTBOX) return refuse(say("full"));
    outbox.push({ id: newId(), type, text, tries: 0, after: 0, arrived: false });
    outbox.save();
    add(line({ author: "customer", text, queued: !welcomed && retries > 0 }));
    connect();
    sendNext();
    return true;
  }

  /* Sent again after a lost line, a message is known by it and answered once; randomUUID is there on secure pages only. */
  function newId() {
    return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  function wantPerson() {
    ask(say("wish"), "person");
  }

  function sendNext() {
    if (!welcomed || awaitsAnswer || !outbox.length) return;
    const message = outbox[0];
    message.tries += 1;
    message.after = customerLines;
    outbox.save();
    socket.send(JSON.stringify({ type: message.type, text: message.text, id: message.id }));
    if (state === "waiting" || state === "colleague") return settled(); // people answer when they can
    awaitsAnswer = true;
    expectEvent();
    showTyping(true);
  }

  /* The message in flight, if any, is done with. */
  function settled() {
    showTyping(false);
    awaitsAnswer = false;
    if (outbox[0]?.tries) {
      outbox.shift();
      outbox.save();
      customerLines += 1;
    }
    sendNext();
  }

  /* After a break the transcript tells whether the message in flight arrived and was answered; if not, it is sent once
   * more, and after that goes back into the box. Returns whether it did. */
  function settleOutbox({ transcript, state }) {
    const message = outbox[0];
    if (!message?.tries) return false;
    message.arrived = customerLines > message.after;
    const isAnswered = message.arrived && (state !== "agent" || transcript.at(-1).author !== "customer");
    if (!isAnswered && message.tries < MAX_TRIES) return false;
    outbox.shift();
    outbox.save();
    if (isAnswered) return false;
    box.value ||= message.text;
    measure();
    return true;
  }

  function beginAnew() {
    visit.conversation = null;
    visit.save();
    callback.hidden = true;
    if (socket) hangUp();
    connect();
  }

  // Drawing; everything anybody wrote is text, never markup

  function draw(transcript) {
    log.setAttribute("aria-live", "off"); // a reader has heard it before
    lineOfTurn.clear();
    heardOfTurn.clear();
    log.replaceChildren(typing);
    const opening = transcript.findIndex(({ author }) => author !== "notice"); // announcements that came before anything else
    const first = opening < 0 ? transcript.length : opening;
    transcript.slice(0, first).forEach((said) => add(notice(said)));
    add(line({ author: "dime", text: say("greeting", company) }));
    transcript.forEach((said, at) => {
      if (at < first) return;
      const choices = state === "agent" && at === transcript.length - 1 ? said.choices : [];
      add(said.author === "notice" ? notice(said) : line({ ...said, choices }));
    });
    outbox.filter((message) => !message.arrived).forEach(({ text }) => add(line({ author: "customer", text })));
    requestAnimationFrame(() => log.setAttribute("aria-live", "polite"));
  }

  function line({ author, text, turn, action, source, choices, name, lang, queued, heard }) {
    text = heard || text;
    const words = author === "dime" ? rendered(text, MARKDOWN) : author === "customer" ? [text] : linked(text);
    const who = name ? el("div", { class: "name" }, name) : unseen(`${say(author === "customer" ? "you" : "dime")}: `);
    const drawn = el("div", { class: `line ${author}` }, who, el("div", { class: "bubble", lang }, ...words));
    if (queued) drawn.append(el("div", { class: "aside" }, say("queued")));
    if (heard !== undefined && heard !== null) drawn.append(el("div", { class: "aside" }, say("interrupted")));
    if (source) drawn.append(sourceLine(source), thumbs(turn));
    if (action === "unknown") drawn.append(el("button", { class: "plain", type: "button", onclick: wantPerson }, icon("person"), say("person")));
    if (choices?.length) drawn.append(choiceButtons(choices));
    if (turn && author === "dime") lineOfTurn.set(turn, drawn);
    return drawn;
  }

  function notice({ text, lang }) {
    return el("div", { class: "notice", role: "note", lang }, icon("notice"), el("p", {}, unseen(`${say("notice")}: `), ...linked(text)));
  }

  function sourceLine({ question, url }) {
    const target = url && new URL(url, location.href);
    const isSafe = target && /^https?:$/.test(target.protocol);
    return el("div", { class: "aside" }, `${say("source")}: `, isSafe ? link(target.href, question) : question);
  }

  /* Until anything else is said: a reply to an older question would be taken for one to the newest. */
  function choiceButtons(choices) {
    const press = (choice) => () => {
      ask(choice);
      box.focus();
    };
    return el("div", { class: "choices", role: "group", "aria-label": say("choose") }, ...choices.map((choice) => el("button", { type: "button", onclick: press(choice) }, choice)));
  }

  function thumbs(turn) {
    const thumb = (helpful) => el("button", {
      type: "button", "aria-label": say(helpful ? "helpful" : "unhelpful"), "aria-pressed": thumbOfTurn.get(turn) === helpful,
      onclick: ({ currentTarget }) => {
        if (!welcomed) return;
        socket.send(JSON.stringify({ type: "feedback", turn, helpful }));
        thumbOfTurn.set(turn, helpful);
        for (const button of currentTarget.parentNode.children) button.setAttribute("aria-pressed", button === currentTarget);
      },
    }, icon(helpful ? "up" : "down"));
    return el("div", { class: "thumbs" }, thumb(true), thumb(false));
  }

  // markdown.js

  function linked(text) {
    return text.split(/(https:\/\/[^\s<>"'，。；！？、（）]*[^\s<>"'，。；！？、（）.,;:!?)\]])/).map((part, i) => (i % 2 ? link(part, part) : part));
  }

  function link(href, text) {
    return el("a", { href, target: "_blank", rel: "noopener noreferrer" }, text, unseen(` (${say("newTab")})`));
  }

  function add(drawn) {
    for (const old of log.querySelectorAll(".choices")) old.remove();
    log.insertBefore(drawn, typing);
    scrollDown();
  }

  function remark(text) {
    if (text) add(el("p", { class: "remark" }, text));
  }

  function refuse(text) {
    add(el("p", { class: "remark error" }, text));
    return false;
  }

  function showTyping(is) {
    typing.hidden = !is;
    scrollDown();
  }

  function notify() {
    if (panel.open) return;
    badge.hidden = false;
    launcher.setAttribute("aria-label", `${say("open")} (${say("unread")})`);
  }

  function scrollDown() {
    log.scrollTop = log.scrollHeight;
  }

  function el(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) made[name] = value;
      else if (value === true) made.setAttribute(name, "");
      else if (value !== undefined && (value !== false || name.startsWith("aria-"))) made.setAttribute(name, value);
    }
    made.append(...children);
    return made;
  }

  function unseen(text) {
    return el("span", { class: "unseen" }, text);
  }

  function icon(name) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    path.setAttribute("d", ICONS[name]);
    svg.append(path);
    return svg;
  }

  /* True where dark text has the better contrast on this colour (WCAG relative luminance). */
  function isLight(hex) {
    const wide = hex.length === 4 ? hex.replace(/[\da-f]/gi, "$&$&") : hex;
    const [r, g, b] = [1, 3, 5].map((at) => (parseInt(wide.slice(at, at + 2), 16) / 255) ** 2.2);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.2;
  }

  /* A value that outlives the page where the browser allows it; `save` writes it. */
  function stored(storage, key, value) {
    try {
      Object.assign(value, JSON.parse(window[storage].getItem(key)));
    } catch {} // storage is forbidden here, or holds rubbish: the page's own memory has to do
    const save = () => {
      try {
        window[storage].setItem(key, JSON.stringify(value));
      } catch {}
    };
    return Object.defineProperty(value, "save", { value: save }); // not enumerable: not part of what is sent or stored
  }
})();
