// The page of the service. It uses the public endpoints alone, and keeps the token in this tab's
// session storage; whatever came from a person or a model is put in as text, never as markup.
"use strict";

const find = (id) => document.getElementById(id);
const setText = (id, text) => { find(id).textContent = showControls(text ?? ""); };
const TOKEN = "shaperotator-token";
const ENDED = new Set(["completed", "failed", "cancelled"]);
const WORDS = {
  queued: "Waiting for its turn", writing: "Writing the scene", checking: "Checking the scene",
  rendering: "Drawing", completed: "Done", failed: "Did not work", cancelled: "Cancelled",
};

const EXAMPLES = [
  "Show how the matrix [[2, 1], [1, 2]] moves the plane", "unit circle at 30 degrees",
  "the derivative of x^2 at x = 1", "Pascal's triangle, 5 rows", "a red circle moves to the right",
];

let shown = null;        // the task on the page: the answer of GET /tasks/{id}
let watching = null;     // AbortController of the stream that is heard
let addresses = [];      // blob addresses of the pictures that are shown
let listed = [];         // the tasks of the list, the newest first
const posters = new Map();
const UNKNOWN_TOKEN = "This token is not known here.\nLook whether it is complete, or ask whoever runs the service.";

// Control characters as signs, as shaperotator_magic/core/control_characters.py shows them; a test compares the two.
const HIDDEN = /[\u{0}-\u{1f}\u{7f}-\u{9f}\u{ad}-\u{ad}\u{34f}-\u{34f}\u{61c}-\u{61c}\u{115f}-\u{1160}\u{17b4}-\u{17b5}\u{180e}-\u{180e}\u{200b}-\u{200f}\u{2028}-\u{202e}\u{2060}-\u{206f}\u{3164}-\u{3164}\u{d800}-\u{dfff}\u{feff}-\u{feff}\u{ffa0}-\u{ffa0}\u{fff9}-\u{fffb}\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e007f}]/gu;
const IS_HIDDEN = new RegExp(HIDDEN.source, "u");
const isHalf = (char) => char >= "\ud800" && char <= "\udfff";  // of an emoji, say
const joins = (char) => char >= "\u0590" && (isHalf(char) || !IS_HIDDEN.test(char));

function showControls(text) {
  return text.replaceAll("\r\n", "\n").replace(HIDDEN, (char, at, whole) => {
    const isJoiner = char === "\u200c" || char === "\u200d";
    if (char === "\n" || char === "\t" || (isJoiner && joins(whole.charAt(at - 1)) && joins(whole.charAt(at + 1)))) return char;
    const code = char.codePointAt(0);
    if (code < 32) return String.fromCharCode(0x2400 + code);
    return code === 127 ? "␡" : `⟨U+${code.toString(16).toUpperCase().padStart(4, "0")}⟩`;
  });
}

class ServiceError extends Error {
  constructor(status, error) {
    super([error.message, error.hint].filter(Boolean).join("\n"));
    this.status = status;
    this.details = error.details || {};
  }
}

async function ask(path, options = {}) {
  const headers = { ...options.headers };
  const token = sessionStorage.getItem(TOKEN);
  if (token) headers.Authorization = `Bearer ${token}`;
  if (options.body) headers["Content-Type"] = "application/json";
  let answer;
  try {
    answer = await fetch(path, { ...options, headers });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ServiceError(0, { message: "The service does not answer.", hint: "Is it running? Your text stays here; try again in a moment." });
  }
  if (answer.ok) return answer;
  let error = { message: `The service answered ${answer.status}.` };
  try { error = (await answer.json()).error; } catch { /* not from the service itself */ }
  throw new ServiceError(answer.status, error);
}

const askJson = async (path, options) => (await ask(path, options)).json();
const send = (path, body) => askJson(path, { method: "POST", body: JSON.stringify(body) });

// --- signing in -----------------------------------------------------------------------

async function begin() {
  try {
    const { tasks } = await askJson("/tasks");
    find("sign-in").hidden = true;
    find("ask").hidden = find("history").hidden = false;
    find("sign-out").hidden = !sessionStorage.getItem(TOKEN);
    showTasks(tasks);
    listStyles();
    const wanted = location.hash.slice(1);
    const known = tasks.find((task) => task.task_id === wanted);
    if (known) await open(known.task_id);
    else find("prompt").focus();
    return true;
  } catch (error) {
    const isRefused = error.status === 401;
    find("sign-in").hidden = false;
    find("ask").hidden = find("history").hidden = find("current").hidden = true;
    const refusal = sessionStorage.getItem(TOKEN) ? UNKNOWN_TOKEN : "";
    setText("sign-in-error", isRefused ? refusal : error.message);
    if (isRefused) sessionStorage.removeItem(TOKEN);
    find("token").focus();
    return false;
  }
}

find("sign-in").addEventListener("submit", async (event) => {
  event.preventDefault();
  sessionStorage.setItem(TOKEN, find("token").value.trim());
  if (await begin()) find("token").value = "";
});

find("sign-out").addEventListener("click", () => {
  sessionStorage.removeItem(TOKEN);
  location.hash = "";
  location.reload();
});

// --- asking ---------------------------------------------------------------------------

find("prompt").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    find("ask").requestSubmit();
  }
});

find("ask").addEventListener("submit", async (event) => {
  event.preventDefault();
  const options = { quality: find("quality").value };
  if (find("style").value) options.style = find("style").value;
  const button = find("send");
  button.disabled = true;
  try {
    const inputs = await readFiles();
    await submit({ prompt: find("prompt").value, options, inputs }, button, "ask-error");
  } catch (error) {
    setText("ask-error", error.message);
  } finally {
    button.disabled = false;
  }
});

// --- style and files ------------------------------------------------------------------

// What the service offers; without an answer there is the usual style alone.
async function listStyles() {
  try {
    const { styles } = await askJson("/styles");
    const usual = find("style").options[0];
    find("style").replaceChildren(usual, ...styles.map(({ name, about }) => {
      const option = make("option", about ? `${name}: ${about}` : name);
      option.value = name;
      return option;
    }));
  } catch { /* the list is as it was */ }
}

// The chosen files in base64. Too large ones are not read: the service would refuse them.
async function readFiles() {
  const files = [...find("files").files];
  const size = files.reduce((sum, file) => sum + file.size, 0);
  const largest = Number(find("files").dataset.largest);
  if (size > largest) throw new Error(`The files have ${(size / 1e6).toFixed(1)} MB together, and ${largest / 1e6} MB are taken.\nChoose smaller pictures, or fewer rows.`);
  return Promise.all(files.map(async (file) => {
    try {
      return { name: file.name, content: encode(await file.arrayBuffer()) };
    } catch {
      throw new Error(`${file.name} cannot be read; choose it again.`);
    }
  }));
}

const FILES_HELP = find("files-help").textContent;

function showFiles() {
  const names = [...find("files").files].map(({ name }) => name);
  find("no-files").hidden = !names.length;
  setText("files-help", names.length ? `To be called by name: ${names.join(", ")}` : FILES_HELP);
}

find("files").addEventListener("change", showFiles);
find("no-files").addEventListener("click", () => {
  find("files").value = "";
  showFiles();
  find("files").focus();
});

// Send a prompt and open its task; returns whether it was taken.
async function submit(body, button, errorPlace) {
  setText(errorPlace, "");
  button.disabled = true;
  try {
    const { task_id } = await send("/generate", body);
    await open(task_id);
    refresh();
    return true;
  } catch (error) {
    if (error.status === 401) await begin();  // the token was taken back; the text stays
    else setText(errorPlace, error.message);
    return false;
  } finally {
    button.disabled = false;
  }
}

find("refine").addEventListener("submit", async (event) => {
  event.preventDefault();
  const prompt = find("wish").value.trim();
  if (!prompt || !shown) return;
  const options = { quality: readQuality(), ...readStyle() };
  const button = find("refine").querySelector("button");
  if (await submit({ prompt, options, refine: shown.task_id }, button, "failure")) find("wish").value = "";
});

// A refined video has the quality and the style of the one before.
const readQuality = () => shown.generation?.prompt?.options?.quality || find("quality").value;
const readStyle = () => {
  const style = shown.generation?.prompt?.options?.style;
  return style ? { style } : {};
};

// --- one task -------------------------------------------------------------------------

async function open(id) {
  watching?.abort();
  shown = await askJson(`/tasks/${id}`);
  history.replaceState(null, "", `#${id}`);
  find("current").hidden = false;
  setText("current-title", shown.question || shown.prompt);
  setText("change", shown.question ? `Refined: ${shown.prompt}` : "");
  setText("draft", "");
  setText("said", "");
  find("reason").hidden = true;
  for (const name of ["up", "down"]) find(name).setAttribute("aria-pressed", "false");
  clearPicture();
  await show();
  find("current").scrollIntoView({ block: "nearest" });
  find("current-title").focus({ preventScroll: true });
  if (!ENDED.has(shown.status)) watch(id);
}

async function show() {
  const hasEnded = ENDED.has(shown.status);
  find("running").hidden = hasEnded;
  const isGood = shown.status === "completed";
  find("verdict").hidden = !hasEnded;
  find("up").hidden = find("down").hidden = find("refine").hidden = !isGood;
  find("save").hidden = !shown.video_url;
  showState(shown.status, shown.progress);
  find("code-box").hidden = !shown.code;
  setText("code", shown.code || "");
  const error = shown.error;
  setText("failure", error ? [error.message, error.hint].filter(Boolean).join("\n") : "");
  if (shown.status === "cancelled") setText("failure", "Cancelled.");
  if (hasEnded && !shown.video_url) live?.dispose();
  const { understood = "", nearest = [], subjects = [] } = error?.details || {};
  setText("understood", understood);
  find("nearest").replaceChildren(...nearest.map(makeProposal), ...subjects.map((name) => make("li", name)));
  setText("making", shown.making);
  const given = shown.generation?.prompt?.inputs ?? [];
  setText("given", given.length ? `With ${given.map(({ name }) => name).join(", ")}` : "");
  find("notes").replaceChildren(...(shown.notes || []).map((note) => make("li", note)));
  showFolds(error);
  if (shown.video_url) await showPicture();
}

// What the card in a notebook has in its folds, too.
function showFolds(error) {
  const { video, attempts = [] } = shown.generation || {};
  const folds = { printed: (video?.printed || []).join("\n"), log: String(error?.details?.log_tail || "").trim() };
  for (const [id, text] of Object.entries(folds)) {
    find(`${id}-box`).hidden = !text;
    setText(id, text);
  }
  const failed = attempts.length > 1 ? attempts.filter((attempt) => attempt.error) : [];
  find("attempts-box").hidden = !failed.length;
  find("attempts").replaceChildren(...failed.map((attempt) => make("li", attempt.error.message)));
}

// A sentence that the library can draw: a press asks for it.
function makeProposal(sentence) {
  const button = make("button", sentence, "quiet");
  button.type = "button";
  button.addEventListener("click", () => {
    find("prompt").value = sentence;
    find("ask").requestSubmit();
  });
  const item = document.createElement("li");
  item.append(button);
  return item;
}

function showState(status, progress, detail = "") {
  const share = progress === null || progress === undefined ? "" : `, ${Math.round(progress * 100)} %`;
  setText("state", `${WORDS[status] || status}${detail || share}`);
  if (progress === null || progress === undefined) find("bar").removeAttribute("value");
  else find("bar").value = progress;
}

async function watch(id) {
  const control = new AbortController();
  watching = control;
  for (let pause = 500; !control.signal.aborted; pause = Math.min(pause * 2, 10000)) {
    try {
      const answer = await ask(`/tasks/${id}/events`, { signal: control.signal });
      for await (const { kind, data } of readEvents(answer.body)) {
        pause = 500;
        if (kind === "message") hear(data);
        else if (ENDED.has(data.status)) return await finish(id);
        else showState(data.status, data.progress);
      }
    } catch (error) {
      if (control.signal.aborted) return;
      if (error.status === 401 || error.status === 404) return;
      setText("state", "The service does not answer; trying again");
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

async function* readEvents(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const fields = Object.fromEntries(block.split("\n").filter((line) => !line.startsWith(":"))
        .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]));
      if (fields.data) yield { kind: fields.event, data: JSON.parse(fields.data) };
    }
  }
}

function hear(message) {
  if (message.type === "writing") {
    setText("draft", (find("draft").textContent + message.text).split("\n").slice(-6).join("\n"));
    const live = message.animations ? `; ${message.animations} drawn live, ${message.lines} lines` : "";
    showState("writing", null, message.tokens ? `, ${message.tokens} tokens${live}` : "");
  } else if (message.type === "checking") {
    setText("draft", "");
    setText("code", message.code.source);
    find("code-box").hidden = false;
    showState("checking", null);
  } else if (message.type === "repairing") {
    const reason = message.findings[0]?.message || "the scene failed";
    showState("writing", null, ` again: ${reason}`);
  } else if (message.type === "rehearsed") {
    showState("rendering", null, `: ${message.plays} animations, ${Math.round(message.duration_s)} s of video`);
  } else if (message.type === "rendering") {
    const total = message.total ? ` of ${message.total}` : "";
    const frames = message.done ? `: ${message.done}${total} frames` : "";
    showState("rendering", message.total ? message.done / message.total : null, frames);
  } else if (message.type === "segment") {
    growPicture();
  }
}

async function finish(id) {
  const task = await askJson(`/tasks/${id}`);
  refresh();
  if (shown?.task_id !== id) return;
  shown = task;
  await show();
}

find("cancel").addEventListener("click", async () => {
  find("cancel").disabled = true;
  try {
    await ask(`/tasks/${shown.task_id}`, { method: "DELETE" });
  } catch (error) {
    setText("failure", error.message);
  }
  find("cancel").disabled = false;
});

find("again").addEventListener("click", () => {
  find("prompt").value = shown.prompt;
  find("prompt").focus();
});

// --- pictures -------------------------------------------------------------------------

let player = null;       // of the video that is shown
let knobs = null;        // of the same
let live = null;         // of the video that is being drawn

// What is drawn so far plays while the rest is drawn, and while a model still writes.
async function growPicture() {
  const { task_id } = shown;
  const { LiveView } = await import("/live.js");
  if (shown?.task_id !== task_id || ENDED.has(shown.status)) return;
  live ??= new LiveView(find("picture"), async () => (await ask(`/videos/${task_id}.live.mp4`)).blob());
  live.grow();
}

function clearPicture() {
  live?.dispose();
  live = null;
  knobs?.dispose();
  player?.dispose();
  knobs = player = null;
  for (const address of addresses) URL.revokeObjectURL(address);
  addresses = [];
  find("picture").replaceChildren();
}

async function fetchAddress(path) {
  return URL.createObjectURL(await (await ask(path)).blob());
}

// Letters, digits and dashes of the title, and the beginning of the identifier.
function buildFileName(title, id, suffix) {
  const stem = title.normalize("NFKD").replace(/[^A-Za-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 40);
  return `${[stem.replace(/-+$/, ""), id.slice(0, 8)].filter(Boolean).join("-")}.${suffix}`;
}

async function showPicture() {
  const { task_id, video_url, prompt } = shown;
  let address;
  try {
    address = await fetchAddress(video_url);
  } catch (error) {
    setText("failure", error.message);
    return;
  }
  if (shown.task_id !== task_id) return URL.revokeObjectURL(address);
  clearPicture();
  addresses.push(address);
  find("save").href = address;
  find("save").download = buildFileName(shown.question || prompt, task_id, video_url.split(".").pop());
  const isStill = video_url.endsWith(".png");
  const picture = document.createElement(isStill ? "img" : "video");
  picture.src = address;
  const title = shown.question || prompt;
  if (isStill) picture.alt = showControls(`Picture: ${title}`);
  else Object.assign(picture, { controls: true, loop: true, muted: true, autoplay: !matchMedia("(prefers-reduced-motion: reduce)").matches, playsInline: true, ariaLabel: showControls(`Animation: ${title}`) });
  find("picture").replaceChildren(picture);
  if (isStill) return;
  await mountPlayer(picture);
  await mountKnobs(picture);
}

// The bar with the steps is loaded with the first video that has any.
async function mountPlayer(picture) {
  const { task_id, prompt, generation } = shown;
  const { steps = [], geometry } = generation?.video ?? {};
  if (!steps.length) return;
  const [{ mountPlayer: mount }, { readExplore }] = await Promise.all([import("/player/player.js"), import("/player/steps.js")]);
  const explore = readExplore({ steps, geometry: geometry ? await fetchBase64(`/videos/${geometry}`) : "" });
  if (shown?.task_id !== task_id || !picture.isConnected || !explore) return;
  player = mount(picture, { explore, id: task_id, title: showControls(prompt.trim().split("\n")[0]), listResults: listPresented });
}

// Knobs are loaded with the first result that has parameters; a rest of one is a task of its own.
let setting = "";        // the task that a knob waits for
let settings = 0;        // how often a knob has come to rest

async function mountKnobs(picture) {
  const { task_id, generation } = shown;
  if (!generation?.parameters?.length) return;
  const { mountKnobs: mount, readParameters, StillView } = await import("/player/knobs.js");
  if (shown?.task_id !== task_id || !picture.isConnected) return;
  const { values = {}, parent } = generation.prompt;
  const view = new StillView(() => find("picture").querySelector("video"));
  const root = document.createElement("div");
  find("picture").append(root);
  knobs = mount(root, {
    parameters: readParameters(generation.parameters), changed: values,
    family: Object.keys(values).length ? parent : task_id,
    send: (message) => {
      const at_s = view.hold(message);
      if (message.kind === "still") return drawStill(task_id, message.values, at_s);
      return setValues(task_id, message.values, message.is_reset ?? false);
    },
    onStill: (answer) => view.show(answer),
    onVideo: async (answer) => {
      await open(answer.task_id);
      const video = find("picture").querySelector("video");
      if (video) view.passOn(video);
      refresh();
    },
  });
}

// A still of the values as they are while a knob moves. Where the service draws none, the video follows.
async function drawStill(task_id, values, at_s) {
  try {
    const answer = await ask("/stills", { method: "POST", body: JSON.stringify({ task_id, values, at_s }) });
    if (answer.status === 204) return { kind: "superseded" };
    return { kind: "still", base64: encode(await answer.arrayBuffer()) };
  } catch (error) {
    if (error.status !== 422) return { kind: "superseded" };
    return { kind: "none", error: error.message, parameter: error.details.parameter };
  }
}

// The last move wins, in whatever order the answers come: what draws an earlier one is cancelled.
async function setValues(task_id, values, is_reset) {
  const turn = ++settings;
  const cancel = (task) => ask(`/tasks/${task}`, { method: "DELETE" }).catch(() => undefined);
  if (setting) cancel(setting);
  const accepted = await send("/set", { task_id, values, is_reset });
  if (turn !== settings) {
    cancel(accepted.task_id);
    return { kind: "superseded" };
  }
  setting = accepted.task_id;
  try {
    for (let pause = 100; ; pause = Math.min(pause * 1.3, 1000)) {
      const { status, error } = await askJson(`/status/${accepted.task_id}`);
      if (setting !== accepted.task_id || status === "cancelled") return { kind: "superseded" };
      if (error) return { kind: "none", error: [error.message, error.hint].filter(Boolean).join(" "), parameter: error.details?.parameter };
      if (ENDED.has(status)) return { kind: "show", task_id: accepted.task_id };
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  } finally {
    if (setting === accepted.task_id) setting = "";
  }
}

// What "Present" goes through: the videos of the list, the oldest first.
function listPresented() {
  return [...listed].reverse().filter(({ video_url: url }) => url?.endsWith(".mp4")).map((task) => ({
    id: task.task_id,
    title: showControls(task.prompt.trim().split("\n")[0]),
    load: async () => {
      const { steps = [], geometry } = (await askJson(`/tasks/${task.task_id}`)).generation?.video ?? {};
      const { readExplore } = await import("/player/steps.js");
      const video = await fetchAddress(task.video_url);
      addresses.push(video);
      const shapes = geometry ? await fetchBase64(`/videos/${geometry}`) : "";
      return { video, poster: "", explore: readExplore({ steps, geometry: shapes }) };
    },
  }));
}

// Shapes that cannot be fetched are no reason to show no video.
async function fetchBase64(path) {
  try {
    return encode(await (await ask(path)).arrayBuffer());
  } catch { return ""; }
}

function encode(buffer) {
  return btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(""));
}

// --- verdicts -------------------------------------------------------------------------

async function judge(body, words) {
  try {
    await send("/feedback", { task_id: shown.task_id, ...body });
    setText("said", words);
    return true;
  } catch (error) {
    setText("said", error.message);
    return false;
  }
}

async function press(name, other, body, words) {
  if (!(await judge(body, words))) return;
  find(name).setAttribute("aria-pressed", "true");
  find(other).setAttribute("aria-pressed", "false");
}

find("up").addEventListener("click", () => {
  find("reason").hidden = true;
  press("up", "down", { is_positive: true }, "Kept. Thank you.");
});
find("down").addEventListener("click", async () => {
  await press("down", "up", { is_positive: false }, "Noted.");
  find("reason").hidden = false;
  find("comment").focus();
});
find("reason").addEventListener("submit", async (event) => {
  event.preventDefault();
  const comment = find("comment").value.trim();
  if (comment && await judge({ is_positive: false, comment }, "Noted. Thank you.")) {
    find("reason").hidden = true;
    find("comment").value = "";
    find("down").focus();
  }
});
find("remove").addEventListener("click", async () => {
  if (!(await judge({ remove: true }, ""))) return;
  clearPicture();
  find("current").hidden = true;
  shown = null;
  history.replaceState(null, "", location.pathname);
  await refresh();
  find("prompt").focus();
});

// --- the list -------------------------------------------------------------------------

async function refresh() {
  try {
    showTasks((await askJson("/tasks")).tasks);
  } catch { /* the list is as it was; what the user does next says why */ }
}

function make(name, text, className = "") {
  const element = document.createElement(name);
  element.textContent = showControls(text);
  if (className) element.className = className;
  return element;
}

function cutLine(text) {
  const first = text.trim().split("\n")[0];
  return first.length > 80 ? `${first.slice(0, 79)}…` : first;
}

function showTasks(tasks) {
  listed = tasks;
  find("empty").hidden = tasks.length > 0;
  find("tasks").replaceChildren(...tasks.map((task) => {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    if (task.poster_url) {
      const still = document.createElement("img");
      still.className = "still";
      still.alt = "";
      still.loading = "lazy";
      showPoster(still, task.poster_url);
      button.append(still);
    }
    const asked = [task.question, task.prompt].filter(Boolean).map((text) => cutLine(text)).join(" → ");
    button.append(make("span", asked, "words"));
    const made = new Date(task.created_at).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
    button.append(make("span", `${WORDS[task.status] || task.status} · ${made}`, "state"));
    button.addEventListener("click", () => open(task.task_id).catch((error) => {
      setText("ask-error", error.message);
    }));
    item.append(button);
    return item;
  }));
}

async function showPoster(image, path) {
  try {
    if (!posters.has(path)) posters.set(path, await fetchAddress(path));
    image.src = posters.get(path);
  } catch { image.remove(); }
}

find("examples").replaceChildren(...EXAMPLES.map(makeProposal));
begin();
