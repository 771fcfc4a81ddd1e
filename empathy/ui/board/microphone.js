// The microphone of this browser as mono sound at 16 kHz: 16-bit samples that wait until they are taken.

const RATE_HZ = 16000;
const MOST_S = 10; // what waits longer than this, while the connection is lost, is dropped

// Runs in the audio thread: a windowed sinc, band-limited below 8 kHz, in a table of 160 phases (exact for 48 and
// 44.1 kHz). Browsers don't agree on resampling by themselves, so all take the same way.
const EAR = `
registerProcessor("empathy-ear", class extends AudioWorkletProcessor {
  constructor() {
    super();
    this.step = sampleRate / ${RATE_HZ};
    const reach = Math.ceil(16 * Math.max(1, this.step)), cut = 0.94 * Math.min(1, 1 / this.step);
    this.reach = reach;
    this.table = Array.from({ length: 161 }, (_, phase) => {
      const taps = Float32Array.from({ length: 2 * reach }, (_, k) => {
        const x = k - reach + 1 - phase / 160;
        const sinc = x === 0 ? 1 : Math.sin(Math.PI * cut * x) / (Math.PI * cut * x);
        return Math.abs(x) < reach ? sinc * (0.5 + 0.5 * Math.cos(Math.PI * x / reach)) : 0;
      });
      const sum = taps.reduce((a, b) => a + b, 0);
      return taps.map((tap) => tap / sum);
    });
    this.held = new Float32Array(2 * reach);
    this.at = reach;
    this.out = [];
  }
  process(inputs) {
    const channels = inputs[0];
    if (!channels.length) return true;
    const n = channels[0].length, joined = new Float32Array(this.held.length + n);
    joined.set(this.held);
    for (let i = 0; i < n; i += 1) {
      let sum = 0;
      for (const channel of channels) sum += channel[i];
      joined[this.held.length + i] = sum / channels.length;
    }
    for (; this.at + this.reach < joined.length; this.at += this.step) {
      const whole = Math.floor(this.at), taps = this.table[Math.round((this.at - whole) * 160)];
      let value = 0;
      for (let k = 0; k < taps.length; k += 1) value += taps[k] * joined[whole - this.reach + 1 + k];
      this.out.push(Math.max(-32768, Math.min(32767, Math.round(value * 32767))));
    }
    const from = Math.max(0, Math.floor(this.at) - this.reach);
    this.held = joined.slice(from);
    this.at -= from;
    if (this.out.length >= 512) {
      const samples = Int16Array.from(this.out);
      this.port.postMessage(samples, [samples.buffer]);
      this.out = [];
    }
    return true;
  }
});`;

class Microphone {
  constructor(onlost) {
    this.onlost = onlost;
    this.stream = this.context = null;
    this.waiting = [];
    this.level = 0; // of the newest samples, in [0, 1]
  }

  get on() {
    return this.stream !== null;
  }

  async start() {
    // the voice as it is: what browsers do to make calls pleasant would change its loudness and tone
    const stream = await ask({
      audio: { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    });
    const context = new AudioContext();
    try {
      const code = URL.createObjectURL(new Blob([EAR], { type: "text/javascript" }));
      await context.audioWorklet.addModule(code);
      URL.revokeObjectURL(code);
      await context.resume();
      const ear = new AudioWorkletNode(context, "empathy-ear");
      ear.port.onmessage = (event) => this.hear(event.data);
      context.createMediaStreamSource(stream).connect(ear).connect(context.destination); // the ear itself is silent
    } catch (error) {
      stream.getTracks().forEach((track) => track.stop());
      context.close();
      throw error;
    }
    stream.getAudioTracks()[0].onended = () => { this.stop(); this.onlost(); };
    this.stream = stream;
    this.context = context;
  }

  hear(samples) {
    this.waiting.push(samples);
    while (this.waiting.reduce((n, each) => n + each.length, 0) > MOST_S * RATE_HZ) this.waiting.shift();
    let energy = 0;
    for (const sample of samples) energy += sample * sample;
    const loudness_db = 10 * Math.log10(energy / samples.length / 32768 ** 2 + 1e-9);
    this.level = Math.max(0, Math.min(1, (loudness_db + 60) / 50)); // -60 dB to -10 dB below full scale
  }

  // All that was heard since the last time, as base64.
  take() {
    let bytes = "";
    for (const samples of this.waiting) {
      bytes += String.fromCharCode(...new Uint8Array(samples.buffer));
    }
    this.waiting = [];
    return btoa(bytes);
  }

  stop() {
    this.stream?.getTracks().forEach((track) => { track.onended = null; track.stop(); });
    this.context?.close();
    this.stream = this.context = null;
    this.waiting = [];
    this.level = 0;
  }
}
