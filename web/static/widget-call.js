  // Calls by voice. This file is put into widget.js, inside its walls, and call-worklet.js as text beside it.

  async function startCall() {
    if (call) return;
    const mine = (call = { isOn: false, isMuted: false, isPlaying: false, isAwaited: false, level: 0 });
    const pause = () => {
      mine.isPlaying = false;
      showCall();
    };
    showCall();
    hangUpButton.focus();
    try {
      mine.sound = await openSound({
        onFrame: (frame, level) => {
          if (call !== mine) return;
          if (mine.isOn && socket?.readyState === WebSocket.OPEN) socket.send(frame);
          showLevel(level);
        },
        onPlayed: (ms, isPlaying) => {
          if (call !== mine) return;
          tell({ type: "played", ms });
          clearTimeout(mine.pausing);
          if (!isPlaying) mine.pausing = setTimeout(pause, BREATH_MS);
          else [mine.isPlaying, mine.isAwaited] = [true, false];
          showCall();
        },
        onLost: () => call === mine && endCall("noMicrophone"),
      });
    } catch (wrong) {
      return call === mine && endCall(wrong);
    }
    if (call !== mine) return mine.sound.close(); // hung up while the browser asked
    if (!welcomed) return endCall("full");
    tell({ type: "call_start" });
  }

  function takeUp({ conversation }) {
    if (!call) return tell({ type: "call_end" });
    if (visit.conversation !== conversation) customerLines = 0;
    visit.conversation = conversation;
    visit.save();
    call.isOn = true;
    call.began = Date.now();
    call.timer = setInterval(showCall, 1000);
    if (state === "closed") setState("agent");
    log.setAttribute("aria-live", "off"); // the caller hears it; a reader need not say it again
    showCall();
  }

  /* Both sides may end it, and it may never have begun; `why` is what is said about it. */
  function endCall(why) {
    if (!call) return;
    const { isOn, sound, timer } = call;
    clearInterval(timer);
    call = null;
    if (isOn) tell({ type: "call_end" });
    if (why === "callOver") sound?.end();
    else sound?.close();
    const hadFocus = callBar.contains(host.shadowRoot.activeElement);
    muteButton.setAttribute("aria-pressed", false);
    muteButton.replaceChildren(icon("microphone"));
    recording.hidden = true;
    log.setAttribute("aria-live", "polite");
    showCall();
    if (hadFocus) box.focus();
    if (why === "callOver") remark(say(why));
    else refuse(say(why));
  }

  function tell(event) {
    if (socket?.readyState === WebSocket.OPEN && welcomed) socket.send(JSON.stringify(event));
  }

  function showHeard({ turn, text, lang: spoken }) {
    if (call) call.isAwaited = true;
    const said = line({ author: "customer", text, lang: spoken });
    heardOfTurn.set(turn, said);
    customerLines += 1;
    add(said);
    showCall();
  }

  function showRecording(on) {
    recording.hidden = !on;
  }

  function showCall() {
    callBar.hidden = !call;
    launcher.classList.toggle("live", !!call);
    phoneButton.hidden = script.dataset.calls === "off" || !!call || state === "waiting" || state === "colleague";
    if (!call) return;
    const now = !call.isOn ? "connecting" : call.isPlaying ? "speaking" : call.isAwaited ? "thinking" : call.isMuted ? "muted" : "listening";
    callBar.dataset.state = now;
    callState.setAttribute("aria-live", call.isOn ? "off" : "polite");
    if (callState.textContent !== say(now)) callState.textContent = say(now);
    const seconds = call.isOn ? Math.floor((Date.now() - call.began) / 1000) : 0;
    callClock.textContent = call.isOn ? `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}` : "";
    scrollDown();
  }

  /* From -50 dBFS to -14 dBFS, falling slowly. */
  function showLevel(level) {
    const loud = Math.min(1, Math.max(0, (20 * Math.log10(level + 1e-6) + 50) / 36));
    call.level = Math.max(loud, call.level * 0.85);
    callMeter.style.setProperty("--level", (call.isPlaying || call.isMuted ? 0 : call.level).toFixed(2));
  }

  // Microphone and loudspeaker

  /* Resolves once Dime may listen. Rejects with the name of what is wrong: insecure, unsupported, denied, noMicrophone, micBusy. */
  async function openSound({ onFrame, onPlayed, onLost }) {
    if (!isSecureContext) throw "insecure";
    if (!navigator.mediaDevices?.getUserMedia || !window.AudioWorkletNode) throw "unsupported";
    const context = new AudioContext({ latencyHint: "interactive" }); // within the click, or it may not play
    let microphone;
    const close = () => {
      for (const track of microphone?.getTracks() ?? []) track.stop();
      if (context.state !== "closed") context.close();
    };
    try {
      microphone = await navigator.mediaDevices.getUserMedia({
        audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 },
      });
      const worklet = URL.createObjectURL(new Blob([WORKLET], { type: "text/javascript" }));
      await context.audioWorklet.addModule(worklet).finally(() => URL.revokeObjectURL(worklet));
      await context.resume();
    } catch (error) {
      close();
      throw { NotAllowedError: "denied", SecurityError: "denied", NotFoundError: "noMicrophone", OverconstrainedError: "noMicrophone", NotReadableError: "micBusy" }[error.name] ?? "unsupported";
    }
    const node = new AudioWorkletNode(context, "dime-call", { outputChannelCount: [2], channelCount: 1, channelCountMode: "explicit" });
    microphone.getAudioTracks()[0].onended = onLost; // unplugged, or the permission taken back
    node.port.onmessage = ({ data }) => {
      if (data.frame) onFrame(data.frame, data.level);
      else if (data.drained) close();
      else onPlayed(data.playedMs, data.isPlaying);
    };
    context.createMediaStreamSource(microphone).connect(node).connect(context.destination);
    return {
      play: (speech) => node.port.postMessage({ speech }, [speech]),
      flush: () => node.port.postMessage({ flush: true }),
      mute: (muted) => node.port.postMessage({ muted }),
      /* What has come is played to its end. */
      end() {
        for (const track of microphone.getTracks()) track.stop();
        node.port.postMessage({ end: true });
        setTimeout(close, 8000);
      },
      close,
    };
  }
