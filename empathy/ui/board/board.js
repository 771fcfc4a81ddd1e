// The Live tab: one beat after the other. A beat sends the picture of this moment and the sound since the last beat,
// and brings back what was read of them. Only one is ever under way, so nothing can queue: a slow server means fewer
// beats, never older ones. `element`, `server` and `trigger` are given by the page.

const ours = [...element.querySelectorAll(".live")]; // and not the chat between them
const all = (query) => ours.flatMap((part) => [...part.querySelectorAll(query)]);
const find = (name) => all(`[data-is="${name}"]`)[0];
const field = (name) => all(`[data-option="${name}"]`)[0];
const sleep = (ms) => new Promise((done) => setTimeout(done, Math.max(0, ms)));
const put = (node, words) => { if (node.textContent !== words) node.textContent = words; };

const contours = JSON.parse(element.querySelector("[data-contours]").dataset.contours);
const canvas = find("canvas");
const camera = new Camera(find("video"), () => lost("camera"));
const microphone = new Microphone(() => lost("microphone"));
const devices = { camera, microphone };
const sent = new Map(); // pictures under way, by the time the server gave them
let state = "off"; // off, on, paused
let turn = 0; // of the loop; an older loop ends when it sees a newer one
let newest = null; // the tick on show

// ---- settings ----

function options() {
  const chosen = {};
  for (const each of all("[data-option]")) {
    const value = each.type === "checkbox" ? each.checked : each.type === "range" ? Number(each.value) : each.value;
    chosen[each.dataset.option] = value;
  }
  chosen.width = Number(chosen.width);
  return chosen;
}

function showValues() {
  for (const each of all("input[type=range][data-option]")) {
    put(each.parentElement.querySelector("output"), `${Number(each.value)}${each.dataset.unit}`);
  }
  element.dataset.debug = options().debug;
}

// ---- camera and microphone ----

// Ask for one of them; gives the sentence to tell when it can't be had.
async function lend(name) {
  const device = devices[name];
  if (device.on || !field(name).checked) return "";
  try {
    await device.start();
    if (state === "off" || !field(name).checked) device.stop(); // changed their mind while the browser asked
    return "";
  } catch (error) {
    field(name).checked = false;
    signs()[name].dataset.why = ["NotAllowedError", "SecurityError"].includes(error.name) ? "refused" : "not there";
    return excuse(name, error);
  }
}

function lost(name) {
  field(name).checked = false;
  if (!camera.on && !microphone.on) stop();
  tell(`The ${name} went away.`);
}

async function toggle(name) {
  delete signs()[name].dataset.why;
  if (state === "off") return;
  if (field(name).checked) tell(await lend(name));
  else devices[name].stop();
  if (!camera.on && !microphone.on) stop();
  showSigns();
}

// ---- start, pause, stop ----

async function start() {
  if (state === "paused") return resume();
  for (const name of ["camera", "microphone"]) delete signs()[name].dataset.why;
  if (!options().camera && !options().microphone) {
    return tell("Switch on the camera, the microphone, or both, then press Start.");
  }
  turnTo("on");
  tell("Your browser may ask you now; allow one, both, or none.");
  const excuses = await Promise.all([lend("camera"), lend("microphone")]);
  if (state === "off") return;
  if (!camera.on && !microphone.on) return stop(excuses.filter(Boolean).join(" ") + " You can write all the same.");
  const lent = Object.keys(devices).filter((name) => devices[name].on).join(" and ");
  tell(`${excuses.join("")} ${lent[0].toUpperCase()}${lent.slice(1)} ${lent.includes(" ") ? "are" : "is"} on.`.trim());
  call("control", { do: "start" }).then(run).catch((error) => {
    stop("Something went wrong between this page and the server; press Start to try again.");
    throw error;
  });
}

async function pause() {
  turnTo("paused");
  tell("Paused: nothing is sent until you go on.");
  microphone.take();
  await call("control", { do: "pause" });
}

async function resume() {
  newest = null; // what was seen before the pause is not seen now
  turnTo("on");
  tell("Going on.");
  microphone.take();
  await call("control", { do: "resume" });
}

function stop(words = "Stopped: camera and microphone are off.") {
  letGo();
  if (words) tell(words);
  call("control", { do: "stop" }).catch(() => {}); // the server also notices by itself
}

function letGo() {
  turn += 1;
  camera.stop();
  microphone.stop();
  sent.clear();
  turnTo("off");
  rest();
}

function turnTo(next) {
  state = next;
  element.dataset.state = next;
  find("start").hidden = next === "on";
  put(find("start"), next === "paused" ? "Go on" : "Start");
  find("pause").hidden = next !== "on";
  find("stop").hidden = next === "off";
  showSigns();
}

// ---- the beat ----

// Gradio gives nothing back, and no error, where the server can't be reached.
async function call(name, data) {
  const answer = await server[name](data);
  if (!answer) throw new Error("no answer");
  return answer;
}

async function run() {
  const mine = (turn += 1);
  let failures = 0;
  let seen = 0;
  while (mine === turn) {
    const { width, ...chosen } = options();
    const still = state === "paused";
    const begun = performance.now();
    const shot = still ? null : camera.grab(width);
    const beat = {
      seen, options: chosen, frame: shot ? shot.jpeg : null, delay_ms: performance.now() - begun,
      sound: still ? "" : microphone.take(),
    };
    let answer;
    try {
      answer = await call("beat", beat);
    } catch {
      failures += 1;
      if (failures === 2) tell("The connection is lost; trying again …");
      await sleep(Math.min(5000, 500 * failures));
      continue;
    }
    if (mine !== turn) return;
    if (failures > 1) tell("The connection is back.");
    failures = 0;
    if (shot) keep(answer.fed_s, shot);
    if (answer.trouble) tell(answer.trouble);
    if (answer.tick) {
      seen = answer.tick.n;
      show(answer.tick);
    }
    if (answer.heard) trigger("submit");
    await sleep(still ? 2000 : answer.tick ? begun + 1000 * chosen.tick_s - performance.now() : 10);
  }
}

function keep(fed_s, shot) {
  sent.set(fed_s, shot);
  for (const key of [...sent.keys()].slice(0, -6)) sent.delete(key);
}

// ---- what is shown ----

function show(tick) {
  newest = tick;
  const shot = tick.frame && sent.get(tick.frame.captured_s);
  const { mirror } = options();
  if (shot && camera.on) {
    canvas.parentElement.style.aspectRatio = `${shot.picture.width} / ${shot.picture.height}`;
    paint(canvas, shot.picture, tick, mirror, contours);
    canvas.dataset.shown = "yes";
    canvas.setAttribute("aria-label", inWords(tick));
  }
  for (const row of all("[data-name]")) meter(row, tick.states[row.dataset.name]);
  walk(find("plane"), tick.trail);
  find("plane").setAttribute("aria-label", `Valence and arousal: ${axes(tick.affect)}`);
  meter(find("stability"), tick.stability);
  headline(tick);
  notices(tick);
  figures(tick, shot);
  showSigns();
}

function meter(row, value) {
  const known = value !== null && value !== undefined;
  row.classList.toggle("absent", !known);
  row.querySelector(".fill").style.transform = `translateX(${known ? 100 * value - 100 : -100}%)`;
  put(row.querySelector(".share"), known ? percent(value) : "–");
}

function headline(tick) {
  const { face } = tick;
  const words = face ? (face.abstains ? "A face; its expression is unclear" : `The expression looks ${face.label}`)
    : camera.on ? (tick.seeing === "no face" ? "No face in the picture" : "Looking …")
      : tick.hearing === "speech" ? "Listening …" : "Waiting for your voice";
  put(find("headline"), words);
  put(find("sure"), face && !face.abstains ? `${percent(face.confidence)} sure` : "");
  put(find("posture"), tick.posture?.label ? `Posture: ${tick.posture.label}` : "");
  put(find("baseline"), { cold: "Getting to know how you usually are …", ready: "Compared with how you usually are.",
    off: "" }[tick.baseline]);
  put(find("said"), tick.said ? `“${tick.said}”` : "");
}

function notices(tick) {
  const { masking, care } = tick;
  find("masking").hidden = !masking;
  if (masking) {
    put(find("masking"), "Your face and your voice tell different stories: your face says " +
      `${masking.shown}, your voice ${masking.felt} (${percent(masking.probability)}).`);
  }
  for (const notice of all("[data-care]")) notice.hidden = notice.dataset.care !== care;
  put(find("missing"), tick.missing.length ? `Not read here: ${tick.missing.join("; ")}` : "");
}

function figures(tick, shot) {
  const age_ms = shot ? performance.now() - shot.taken_ms : tick.age_ms;
  put(find("age"), `${age_ms === null ? "–" : Math.round(age_ms)} ms old`);
  put(find("frames"), camera.on ? `${tick.frames_read} pictures read, ${tick.frames_dropped} dropped` : "");
  arrivals.push(performance.now());
  while (arrivals.length > 1 && arrivals.at(-1) - arrivals[0] > 10000) arrivals.shift();
  const rate = arrivals.length > 4 ? 1000 * (arrivals.length - 1) / (arrivals.at(-1) - arrivals[0]) : null;
  const slow = rate !== null && rate < 0.7 / options().tick_s;
  put(find("rate"), rate === null ? "" : `${rate.toFixed(1)} updates/s`);
  put(find("slow"), !slow ? "" : tick.visitors > 1
    ? `${tick.visitors} visitors share this machine, so you get ${rate.toFixed(1)} updates a second.`
    : `This machine gives ${rate.toFixed(1)} updates a second now.`);
  const stages = Object.entries(tick.stages_ms).map(([name, ms]) => `${name} ${ms.toFixed(0)} ms`);
  put(find("stages"), stages.join(" · ") || "no stage measured yet");
}

const arrivals = [];

// Back to the empty board: nothing stays on show that is no longer read.
function rest() {
  newest = null;
  arrivals.length = 0;
  delete canvas.dataset.shown;
  canvas.setAttribute("aria-label", "The camera is off");
  for (const row of [...all("[data-name]"), find("stability")]) meter(row, null);
  walk(find("plane"), []);
  for (const name of ["sure", "posture", "baseline", "said", "missing", "age", "frames", "rate", "slow", "stages"]) {
    put(find(name), "");
  }
  put(find("headline"), "Nothing to read yet");
  find("level").style.transform = "translateX(-100%)";
  for (const notice of all("[data-care], [data-is=masking]")) notice.hidden = true;
  showSigns();
}

function axes(affect) {
  return affect ? `valence ${affect.valence.toFixed(2)}, arousal ${affect.arousal.toFixed(2)}` : "nothing read yet";
}

function inWords(tick) {
  return !tick.face ? "A picture without a face" : tick.face.abstains ? "A face, its expression unclear"
    : `A face that looks ${tick.face.label}, ${percent(tick.face.confidence)}`;
}

// ---- indicators ----

function signs() {
  return { camera: find("seeing"), microphone: find("hearing") };
}

function showSigns() {
  const looking = { face: "sees a face", "no face": "sees no face", waiting: "looking …", off: "looking …" };
  const listening = { speech: "hears speech", silence: "hears silence", waiting: "listening …", off: "listening …" };
  sign("camera", camera.on, looking[newest?.seeing ?? "waiting"], newest?.seeing === "face");
  sign("microphone", microphone.on, listening[newest?.hearing ?? "waiting"], newest?.hearing === "speech");
  if (!camera.on) delete canvas.dataset.shown;
}

function sign(name, on, doing, live) {
  const node = signs()[name];
  const kind = on ? (state === "paused" ? "paused" : live ? "live" : "on") : node.dataset.why ?? "off";
  node.dataset.kind = kind;
  put(node.querySelector("span"), `${name === "camera" ? "Camera" : "Microphone"} ` +
    (on ? (state === "paused" ? "paused" : doing) : kind));
}

// One polite line, for what the visitor did or should know; numbers that move are never announced.
function tell(words) {
  put(find("tell"), words);
}

setInterval(() => {
  if (state === "on") find("level").style.transform = `translateX(${100 * microphone.level - 100}%)`;
}, 100);

// ---- save ----

async function save(kind) {
  const kept = await call("record", {});
  if (!kept.rows) return tell("There is nothing to save yet: press Start first.");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([kept[kind]], { type: kind === "json" ? "application/json" : "text/csv" }));
  link.download = `empathy-session.${kind}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  tell(`Saved ${kept.rows} moments: numbers alone, no picture and no sound.`);
}

// ---- presses ----

const deeds = { start, pause, stop: () => stop(), json: () => save("json"), csv: () => save("csv") };
element.classList.add("live-grid");
element.addEventListener("click", (event) => {
  const name = event.target.closest("[data-do]")?.dataset.do;
  if (name) Promise.resolve(deeds[name]()).catch(() => tell("The server does not answer; try again in a moment."));
});
element.addEventListener("input", (event) => {
  showValues();
  if (event.target.dataset.option in devices) toggle(event.target.dataset.option);
});
window.addEventListener("pagehide", letGo);

showValues();
turnTo("off");
rest();
