/* Runs on the audio thread: the microphone as frames of 20 ms at 16 kHz, Dime's speech at the device's own rate. */
const HZ = 16_000;
const FRAME = 320;
const PREFILL_MS = 60; // of speech before it begins to play, so that a late frame is no gap
const WAIT_MS = 80; // a word shorter than that plays all the same
const REPORT_MS = 100;
const FADE_MS = 5;

/* Windowed sinc, phase by phase; frames follow each other without a seam. */
class Resampler {
  constructor(from, to) {
    const common = gcd(from, to);
    this.up = to / common;
    this.down = from / common;
    const wide = Math.max(this.up, this.down);
    this.taps = Math.ceil((32 * wide) / this.up);
    const length = this.taps * this.up;
    const kernel = (i) => {
      const x = (0.94 / wide) * (i - (length - 1) / 2);
      const window = 0.42 - 0.5 * Math.cos((2 * Math.PI * i) / (length - 1)) + 0.08 * Math.cos((4 * Math.PI * i) / (length - 1));
      return window * (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));
    };
    this.phases = Array.from({ length: this.up }, (_, phase) => {
      const row = Float32Array.from({ length: this.taps }, (_, tap) => kernel((this.taps - 1 - tap) * this.up + phase));
      const sum = row.reduce((total, weight) => total + weight, 0);
      return row.map((weight) => weight / sum);
    });
    this.recent = new Float32Array(this.taps - 1);
    this.next = 0;
  }

  convert(samples) {
    if (this.up === this.down) return samples;
    const known = new Float32Array(this.recent.length + samples.length);
    known.set(this.recent);
    known.set(samples, this.recent.length);
    const out = [];
    const end = samples.length * this.up;
    let at = this.next;
    for (; at < end; at += this.down) {
      const newest = Math.floor(at / this.up);
      const row = this.phases[at % this.up];
      let sum = 0;
      for (let tap = 0; tap < this.taps; tap++) sum += known[newest + tap] * row[tap];
      out.push(sum);
    }
    this.next = at - end;
    this.recent = known.slice(known.length - this.recent.length);
    return Float32Array.from(out);
  }
}

class DimeCall extends AudioWorkletProcessor {
  constructor() {
    super();
    this.toLine = new Resampler(sampleRate, HZ);
    this.toEar = new Resampler(HZ, sampleRate);
    this.frame = new Int16Array(FRAME);
    this.filled = 0;
    this.queue = []; // at the device's rate
    this.queued = 0; // samples in it
    this.receivedMs = 0;
    this.reportedMs = 0;
    this.sinceReport = 0;
    this.waitedMs = 0;
    this.isPlaying = false;
    this.isMuted = false;
    this.isOver = false;
    this.last = 0;
    this.port.onmessage = ({ data }) => this.heed(data);
  }

  heed({ speech, flush, muted, end }) {
    if (speech) this.add(new Int16Array(speech));
    if (flush) this.flush();
    if (muted !== undefined) this.isMuted = muted;
    if (end) this.isOver = true;
  }

  add(pcm) {
    this.receivedMs += (pcm.length / HZ) * 1000;
    const samples = this.toEar.convert(Float32Array.from(pcm, (value) => value / 32768));
    this.queue.push(samples);
    this.queued += samples.length;
  }

  /* Empties the queue but for a fade, which is too short to be a sound of its own. */
  flush() {
    const length = Math.round((FADE_MS * sampleRate) / 1000);
    this.queue = this.isPlaying ? [Float32Array.from({ length }, (_, i) => this.last * (1 - (i + 1) / length))] : [];
    this.queued = this.isPlaying ? length : 0;
    this.report();
  }

  process([input], [output]) {
    this.listen(input[0] ?? new Float32Array(128));
    this.play(output);
    this.sinceReport += (output[0].length / sampleRate) * 1000;
    if (this.sinceReport >= REPORT_MS) this.report();
    if (this.isOver && !this.queued) {
      this.port.postMessage({ drained: true });
      return false;
    }
    return true;
  }

  listen(sound) {
    for (const sample of this.toLine.convert(sound)) {
      this.frame[this.filled++] = this.isMuted ? 0 : Math.max(-32768, Math.min(32767, Math.round(sample * 32768)));
      if (this.filled < FRAME) continue;
      const frame = this.frame.buffer;
      const level = Math.sqrt(this.frame.reduce((sum, value) => sum + value * value, 0) / FRAME) / 32768;
      this.port.postMessage({ frame, level }, [frame]);
      this.frame = new Int16Array(FRAME);
      this.filled = 0;
    }
  }

  play(output) {
    const [left] = output;
    if (!this.isPlaying && this.queued) {
      this.waitedMs += (left.length / sampleRate) * 1000;
      this.isPlaying = this.isOver || this.waitedMs >= WAIT_MS || this.queued >= (PREFILL_MS * sampleRate) / 1000;
    }
    let at = 0;
    while (this.isPlaying && at < left.length && this.queue.length) {
      const [first] = this.queue;
      const part = first.subarray(0, left.length - at);
      left.set(part, at);
      at += part.length;
      this.last = part.at(-1) ?? this.last;
      if (part.length === first.length) this.queue.shift();
      else this.queue[0] = first.subarray(part.length);
    }
    this.queued -= at;
    if (this.isPlaying && !this.queued) {
      this.isPlaying = false;
      this.waitedMs = 0;
      this.report();
    }
    for (const channel of output.slice(1)) channel.set(left);
  }

  /* What is no longer on its way to the ear, and how loud it is. */
  report() {
    this.sinceReport = 0;
    const playedMs = Math.max(this.reportedMs, this.receivedMs - (this.queued / sampleRate) * 1000);
    if (playedMs > this.reportedMs || this.wasPlaying !== this.isPlaying) this.port.postMessage({ playedMs, isPlaying: this.isPlaying });
    this.reportedMs = playedMs;
    this.wasPlaying = this.isPlaying;
  }
}

function gcd(a, b) {
  return b ? gcd(b, a % b) : a;
}

registerProcessor("dime-call", DimeCall);
