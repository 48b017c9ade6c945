// The page of the service. It uses the public endpoints alone, and keeps the token in this tab's
// session storage; whatever came from a person or a model is put in as text, never as markup.
"use strict";

const find = (id) => document.getElementById(id);
const TOKEN = "shaperotator-token";
const ENDED = new Set(["completed", "failed", "cancelled"]);
const WORDS = {
  queued: "Waiting for its turn", writing: "Writing the scene", checking: "Checking the scene",
  rendering: "Drawing", completed: "Done", failed: "Did not work", cancelled: "Cancelled",
};

let shown = null;        // the task on the page: the answer of GET /tasks/{id}
let watching = null;     // AbortController of the stream that is heard
let addresses = [];      // blob addresses of the pictures that are shown
const posters = new Map();
const UNKNOWN_TOKEN = "This token is not known here.\nLook whether it is complete, or ask whoever runs the service.";

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
    const wanted = location.hash.slice(1);
    const known = tasks.find((task) => task.task_id === wanted);
    if (known) await open(known.task_id);
    else find("prompt").focus();
    return true;
  } catch (error) {
    const isRefused = error.status === 401;
    find("sign-in").hidden = false;
    find("ask").hidden = find("history").hidden = find("current").hidden = true;
    find("sign-in-error").textContent =
      !isRefused ? error.message : sessionStorage.getItem(TOKEN) ? UNKNOWN_TOKEN : "";
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
  find("ask-error").textContent = "";
  find("send").disabled = true;
  try {
    const prompt = find("prompt").value;
    const { task_id } = await send("/generate", { prompt, options: { quality: find("quality").value } });
    await open(task_id);
    refresh();
  } catch (error) {
    if (error.status === 401) await begin();  // the token was taken back; the text stays
    else find("ask-error").textContent = error.message;
  } finally {
    find("send").disabled = false;
  }
});

// --- one task -------------------------------------------------------------------------

async function open(id) {
  watching?.abort();
  shown = await askJson(`/tasks/${id}`);
  history.replaceState(null, "", `#${id}`);
  find("current").hidden = false;
  find("current-title").textContent = shown.prompt;
  find("draft").textContent = "";
  find("said").textContent = "";
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
  find("verdict").hidden = !hasEnded;
  find("save").hidden = !shown.video_url;
  showState(shown.status, shown.progress);
  find("code-box").hidden = !shown.code;
  find("code").textContent = shown.code || "";
  const error = shown.error;
  find("failure").textContent = error ? [error.message, error.hint].filter(Boolean).join("\n") : "";
  if (shown.status === "cancelled") find("failure").textContent = "Cancelled.";
  const nearest = error?.details?.nearest || [];
  find("nearest").replaceChildren(...nearest.map((name) => make("li", name)));
  if (shown.notes?.length) find("said").textContent = shown.notes.join(" ");
  if (shown.video_url) await showPicture();
}

function showState(status, progress, detail = "") {
  const share = progress === null || progress === undefined ? "" : `, ${Math.round(progress * 100)} %`;
  find("state").textContent = `${WORDS[status] || status}${detail || share}`;
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
      find("state").textContent = "The service does not answer; trying again";
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
    find("draft").textContent = (find("draft").textContent + message.text).split("\n").slice(-6).join("\n");
    showState("writing", null, message.tokens ? `, ${message.tokens} tokens` : "");
  } else if (message.type === "checking") {
    find("draft").textContent = "";
    find("code").textContent = message.code.source;
    find("code-box").hidden = false;
    showState("checking", null);
  } else if (message.type === "repairing") {
    const reason = message.findings[0]?.message || "the scene failed";
    showState("writing", null, ` again: ${reason}`);
  } else if (message.type === "rendering") {
    showState("rendering", message.total ? message.done / message.total : null);
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
    find("failure").textContent = error.message;
  }
  find("cancel").disabled = false;
});

find("again").addEventListener("click", () => {
  find("prompt").value = shown.prompt;
  find("prompt").focus();
});

// --- pictures -------------------------------------------------------------------------

function clearPicture() {
  for (const address of addresses) URL.revokeObjectURL(address);
  addresses = [];
  find("picture").replaceChildren();
}

async function fetchAddress(path) {
  return URL.createObjectURL(await (await ask(path)).blob());
}

async function showPicture() {
  const { task_id, video_url, prompt } = shown;
  let address;
  try {
    address = await fetchAddress(video_url);
  } catch (error) {
    find("failure").textContent = error.message;
    return;
  }
  if (shown.task_id !== task_id) return URL.revokeObjectURL(address);
  clearPicture();
  addresses.push(address);
  find("save").href = address;
  find("save").download = video_url.split("/").pop();
  const isStill = video_url.endsWith(".png");
  const picture = document.createElement(isStill ? "img" : "video");
  picture.src = address;
  if (isStill) picture.alt = `Picture: ${prompt}`;
  else Object.assign(picture, { controls: true, loop: true, muted: true, autoplay: !matchMedia("(prefers-reduced-motion: reduce)").matches, playsInline: true, ariaLabel: `Animation: ${prompt}` });
  find("picture").replaceChildren(picture);
}

// --- verdicts -------------------------------------------------------------------------

async function judge(body, words) {
  try {
    await send("/feedback", { task_id: shown.task_id, ...body });
    find("said").textContent = words;
    return true;
  } catch (error) {
    find("said").textContent = error.message;
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
  element.textContent = text;
  if (className) element.className = className;
  return element;
}

function showTasks(tasks) {
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
    const first = task.prompt.trim().split("\n")[0];
    button.append(make("span", first.length > 80 ? `${first.slice(0, 79)}…` : first, "words"));
    const made = new Date(task.created_at).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
    button.append(make("span", `${WORDS[task.status] || task.status} · ${made}`, "state"));
    button.addEventListener("click", () => open(task.task_id).catch((error) => {
      find("ask-error").textContent = error.message;
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

begin();
