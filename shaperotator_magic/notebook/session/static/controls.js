// Puts buttons on the cards of one kernel. Loaded by a widget that is never displayed: only
// `initialize` runs. The messages are described in docs/protocol.md.

const STYLE = `
.shaperotator-bar { --sr-line: var(--jp-border-color2, #d0d7de); --sr-accent: var(--jp-brand-color1, #1976d2);
  display: flex; flex-direction: column; gap: 8px; margin-top: 10px; container-type: inline-size; }
.shaperotator-row { display: flex; gap: 12px; align-items: center; justify-content: space-between; margin-top: 8px; }
.shaperotator-row > :first-child { min-width: 0; }
.shaperotator-row .shaperotator-bar { container-type: normal; flex: none; margin: 0; }
.shaperotator-bar form { display: flex; gap: 6px; margin: 0; }
.shaperotator-tools { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; }
.shaperotator-bar button { display: inline-flex; gap: 6px; align-items: center; box-sizing: border-box; min-height: 28px;
  padding: 2px 12px; border: 1px solid var(--sr-line); border-radius: 999px; background: var(--jp-layout-color1, transparent);
  color: inherit; font: inherit; white-space: nowrap; cursor: pointer; }
.shaperotator-bar button:hover:not(:disabled) { border-color: var(--sr-accent);
  background: color-mix(in srgb, var(--sr-accent) 8%, transparent); }
.shaperotator-bar button:disabled { cursor: default; opacity: .45; }
.shaperotator-bar button[aria-pressed="true"] { border-color: var(--sr-accent);
  background: color-mix(in srgb, var(--sr-accent) 20%, transparent); }
.shaperotator-bar button.primary { min-height: 32px; padding: 2px 16px; border-color: transparent;
  background: var(--jp-brand-color0, #0d47a1); color: #fff; font-weight: 600; }
.shaperotator-bar button.primary:hover:not(:disabled) { background: var(--jp-brand-color1, #1976d2); }
.shaperotator-bar button.quiet { margin-left: auto; border-color: transparent; color: var(--jp-ui-font-color2, inherit); }
.shaperotator-bar button.quiet:hover:not(:disabled) { border-color: var(--jp-error-color1, #d1453b);
  background: transparent; color: var(--jp-error-color1, #d1453b); }
.shaperotator-bar button:focus-visible, .shaperotator-bar input:focus-visible {
  outline: 2px solid var(--sr-accent); outline-offset: 1px; }
.shaperotator-bar input { flex: 1; min-width: 0; box-sizing: border-box; height: 32px; padding: 0 12px;
  border: 1px solid var(--sr-line); border-radius: 999px; background: var(--jp-layout-color0, transparent);
  color: inherit; font: inherit; }
.shaperotator-bar input::placeholder { color: var(--jp-ui-font-color2, inherit); opacity: 1; }
.shaperotator-bar [hidden], .shaperotator-bar span:empty { display: none; }
.shaperotator-bar output { color: var(--jp-ui-font-color2, inherit); }
.shaperotator-bar output:empty { display: none; }
.shaperotator-menu { position: relative; }
.shaperotator-kinds { position: absolute; z-index: 10; bottom: calc(100% + 4px); left: 0; display: flex;
  flex-direction: column; padding: 4px; border: 1px solid var(--sr-line); border-radius: 8px;
  background: var(--jp-layout-color1, #fff); box-shadow: 0 2px 8px rgb(0 0 0 / 25%); }
.shaperotator-kinds button { border-color: transparent; border-radius: 6px; }
.shaperotator [data-sr-instead], .shaperotator [data-sr-use] { cursor: pointer; border-radius: 14px; padding: 1px 10px;
  margin: 2px 0; display: inline-block; user-select: none !important; border: 1px solid var(--jp-border-color2, #d0d7de);
  background: var(--jp-layout-color1, transparent); }
.shaperotator [data-sr-instead]:hover, .shaperotator [data-sr-use]:hover,
.shaperotator [data-sr-instead]:focus-visible, .shaperotator [data-sr-use]:focus-visible {
  border-color: var(--jp-brand-color1, #1976d2); }
.shaperotator [aria-disabled="true"] { cursor: default; opacity: .45; }
@container (max-width: 560px) {
  .shaperotator-bar .optional { display: none; }
  .shaperotator-tools { gap: 4px; }
  .shaperotator-tools button { padding: 2px 9px; }
}
`;

const GONE = 'The kernel of this result has ended, and its buttons with it. Run "%load_ext shaperotator_magic" and '
  + 'the cell again; they come back.';
const RESTORE_PAUSE_MS = 500;
const PART_PAUSE_MS = 1200;
const MIME = 'application/vnd.shaperotator.v1+json';

function build(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

// The name that a file is saved under: letters, digits and dashes of the title, and the identifier.
function buildFileName(figure, suffix) {
  const title = figure.querySelector('figcaption > div')?.textContent ?? '';
  const stem = title.normalize('NFKD').replace(/[^A-Za-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 40);
  return `${[stem, figure.dataset.srId].filter(Boolean).join('-')}.${suffix}`;
}

// Put what is built of a result's facts where it was; returns how many outputs were changed. A page that
// was loaded anew no longer knows which output the kernel means, but it has the notebook.
function replaceOutput(manager, id, buildBundle) {
  const cells = manager?.context?.model?.cells;
  let changed = 0;
  for (let i = 0; i < (cells?.length ?? 0); i += 1) {
    const outputs = cells.get(i).outputs;
    for (let j = 0; j < (outputs?.length ?? 0); j += 1) {
      const facts = outputs.get(j).data?.[MIME];
      if (facts?.id === id) {
        outputs.set(j, { output_type: 'display_data', ...buildBundle(facts) });
        changed += 1;
      }
    }
  }
  return changed;
}

// What the notebook says of a result, where this page has the notebook.
function findFacts(manager, id) {
  const cells = manager?.context?.model?.cells;
  for (let i = 0; i < (cells?.length ?? 0); i += 1) {
    const outputs = cells.get(i).outputs;
    for (let j = 0; j < (outputs?.length ?? 0); j += 1) {
      const facts = outputs.get(j).data?.[MIME];
      if (facts?.id === id) return facts;
    }
  }
  return null;
}

// The frame that a video shows, as the address of a PNG; before it has played, its poster.
function captureFrame(video) {
  if (video.readyState < 2 || (video.paused && video.currentTime === 0)) return video.poster;
  const canvas = build('canvas', { width: video.videoWidth, height: video.videoHeight });
  canvas.getContext('2d').drawImage(video, 0, 0);
  return canvas.toDataURL('image/png');
}

function buildButton(icon, label, title, act) {
  const made = build('button', { type: 'button', title },
    build('span', { textContent: icon, ariaHidden: 'true' }), build('span', { textContent: label }));
  made.addEventListener('click', act);
  return made;
}

// A button whose label goes where the card is narrow: its title is its name.
function buildShort(icon, label, title, act) {
  const made = buildButton(icon, label, title, act);
  made.lastChild.className = 'optional';
  made.setAttribute('aria-label', title);
  return made;
}

// A line to type in, and a button that sends it.
function buildSentence({ label, hint, send, className, act }) {
  const input = build('input', { type: 'text', placeholder: hint, maxLength: 2000, ariaLabel: label });
  const button = build('button', { type: 'submit', textContent: send, className: className ?? '' });
  const form = build('form', {}, input, button);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (!text || input.readOnly) return;
    input.value = '';
    act(text);
  });
  return form;
}

class Bar {
  constructor(figure, page) {
    this.id = figure.dataset.srId;
    this.figure = figure;
    this.page = page;
    this.said = build('output', {});
    this.element = build('div', { className: 'shaperotator-bar' });
    this.element.setAttribute('role', 'group');
    this.element.setAttribute('aria-label', 'Feedback on this result');
    // JupyterLab's command mode would take the letters typed here.
    this.element.addEventListener('keydown', (event) => event.stopPropagation());
    if (figure.dataset.srStatus === 'running') this.buildRunning();
    else if (figure.dataset.srStatus === 'removed') this.buildRemoved();
    else this.buildDone(figure.dataset.srStatus);
  }

  // A card that runs is drawn anew several times a second: what is pressed counts at once, for the
  // button may be another one before it is let go, and a keyboard's focus goes over to the next one.
  buildRunning() {
    const { pressed, interrupt } = this.page;
    const stop = buildButton('■', 'Cancel', 'Stop this run', () => press());
    const status = this.figure.querySelector('[role="status"]');
    const show = () => {
      stop.disabled = pressed.has(this.id);
      if (stop.disabled && status) status.textContent = 'Stopping …';
    };
    const press = () => {
      if (pressed.has(this.id)) return;
      pressed.add(this.id);
      show();
      interrupt(this.id);
    };
    stop.addEventListener('pointerdown', press);
    stop.addEventListener('focus', () => { this.page.focused = this.id; });
    stop.addEventListener('blur', () => { if (stop.isConnected) this.page.focused = ''; });
    show();
    this.element.append(stop);
    const row = build('div', { className: 'shaperotator-row' });
    if (status) status.replaceWith(row);
    else this.figure.append(row);
    row.append(status ?? '', this.element);
    if (this.page.focused === this.id && document.activeElement === document.body) stop.focus();
  }

  // Until the kernel ends a removed result can be brought back; the kernel then puts it here again.
  buildRemoved() {
    const undo = buildButton('↺', 'Undo', 'Bring this result back', () => {
      this.said.textContent = 'bringing it back …';
      this.page.send({ kind: 'restore', generation_id: this.id });
    });
    this.element.append(build('div', { className: 'shaperotator-tools' }, undo, this.said));
    this.figure.append(this.element);
  }

  buildDone(status) {
    this.page.pressed.delete(this.id);
    const tools = build('div', { className: 'shaperotator-tools' });
    this.element.append(...this.buildSentences(status), tools, this.said);
    // What failed or was stopped has no result to judge.
    if (status === 'completed') tools.append(this.up, this.down);
    if (this.page.execute) {
      const again = buildButton('↻', 'Again', 'Ask the writer for another scene', () => {
        this.follow(`%shaperotate again ${this.id} --in-place`);
      });
      again.className = 'work';
      tools.append(again);
      this.buildChoices();
    }
    tools.append(...this.buildCopy(), ...this.buildDownloads(), this.remove);
    const folds = [...this.figure.children].find((child) => child.tagName === 'DETAILS');
    this.figure.insertBefore(this.element, folds ?? null);
  }

  // Sentences and models that a declined card names: a press runs them in the same place.
  buildChoices() {
    for (const choice of this.figure.querySelectorAll('[data-sr-instead], [data-sr-use]')) {
      const { srInstead, srUse } = choice.dataset;
      const isNumber = /^[1-9]$/.test(srInstead ?? '');
      if (!isNumber && !/^[A-Za-z0-9][\w.:/@+-]{0,119}$/.test(srUse ?? '')) continue;
      const code = isNumber ? `%shaperotate instead ${this.id} ${srInstead} --in-place`
        : `%shaperotate use ${srUse} ${this.id} --in-place`;
      const press = () => { if (choice.getAttribute('aria-disabled') !== 'true') this.follow(code); };
      choice.setAttribute('role', 'button');
      choice.tabIndex = 0;
      choice.title = isNumber ? 'Draw this in the same place' : 'Let it write, from now on';
      choice.addEventListener('click', press);
      choice.addEventListener('keydown', (event) => { if (event.key === 'Enter') press(); });
    }
  }

  buildSentences(status) {
    const say = (fields) => {
      this.said.textContent = 'sending …';
      this.page.send({ kind: 'feedback', generation_id: this.id, ...fields });
    };
    this.comment = buildSentence({
      label: 'What is wrong?', hint: 'What is wrong? Enter sends it', send: 'Send',
      act: (comment) => {
        this.comment.hidden = true;
        say({ is_positive: false, comment });
      },
    });
    this.comment.hidden = true;
    this.comment.addEventListener('keydown', (event) => { this.comment.hidden ||= event.key === 'Escape'; });
    this.up = buildShort('👍', 'Keep', 'It was right: keep it', () => say({ is_positive: true }));
    this.down = buildShort('👎', 'Not right', 'Not right: say why', () => {
      say({ is_positive: false });
      this.comment.hidden = false;
      this.comment.querySelector('input').focus();
    });
    for (const verdict of [this.up, this.down]) verdict.setAttribute('aria-pressed', 'false');
    this.remove = buildShort('✕', 'Remove', 'Remove it; it can be undone until the kernel ends', () => say({ remove: true }));
    this.remove.classList.add('quiet');
    if (status !== 'completed' || !this.page.execute) return [this.comment];
    this.refine = buildSentence({
      label: 'Say what to change', hint: 'Say what to change: make the circle red, slow down the end …',
      send: 'Refine', className: 'primary',
      act: (text) => this.follow(`%%shaperotate --in-place --refine ${this.id}\n${text}`),
    });
    return [this.comment, this.refine];
  }

  buildCopy() {
    const code = this.figure.querySelector('details code');
    if (!code || !navigator.clipboard) return [];
    return [buildButton('⌨', 'Copy code', 'Copy the scene code', async () => {
      await navigator.clipboard.writeText(code.textContent);
      this.said.textContent = 'copied ✓';
    })];
  }

  buildDownloads() {
    const video = this.figure.querySelector('video');
    const picture = this.figure.querySelector('img');
    if (!video && !picture) return [];
    this.save = (address, suffix) => build('a', {
      href: address, download: buildFileName(this.figure, suffix),
    }).click();
    const facts = findFacts(this.page.manager, this.id)?.video ?? {};
    const entries = video ? this.buildVideoEntries(video, facts) : this.buildPictureEntries(picture, facts);
    const kinds = build('div', { className: 'shaperotator-kinds' }, ...entries);
    const opener = buildButton('↓', 'Download', 'Save the video or a picture', () => show(kinds.hidden));
    const show = (isShown) => {
      kinds.hidden = !isShown;
      opener.setAttribute('aria-expanded', String(isShown));
    };
    const menu = build('div', { className: 'shaperotator-menu' }, opener, kinds);
    kinds.addEventListener('click', () => show(false));
    menu.addEventListener('focusout', (event) => { if (!menu.contains(event.relatedTarget)) show(false); });
    menu.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || kinds.hidden) return;
      show(false);
      opener.focus();
    });
    show(false);
    return [menu];
  }

  fetchFile(format) {
    this.said.textContent = 'making the file …';
    this.pieces = [];
    this.page.send({ kind: 'download', generation_id: this.id, format, part: 0 });
  }

  buildVideoEntries(video, facts) {
    const size = facts.height ? `${facts.height}p${Math.round(facts.fps ?? 0) || ''}` : '';
    const embedded = facts.is_reduced ? '480p15' : size;
    const copy = `MP4 ${facts.is_copy ? 'copy of this notebook' : 'video'}${embedded && `, ${embedded}`}`;
    const original = buildButton('', `MP4 original, ${size}`, 'Save the file itself', () => this.fetchFile('original'));
    original.hidden = !facts.is_copy && video.src.startsWith('data:');
    return [
      buildButton('', copy, 'Save what is embedded', () => this.save(video.src, 'mp4')),
      original,
      buildButton('', 'GIF animation', 'Save as gif', () => this.fetchFile('gif')),
      buildButton('', 'PNG of the frame shown', 'Save as png', () => this.save(captureFrame(video), 'png'))];
  }

  buildPictureEntries(picture, facts) {
    const drawing = buildButton('', 'SVG drawing', 'Save as svg', () => this.fetchFile('svg'));
    drawing.hidden = !facts.has_svg;
    return [buildButton('', 'PNG picture', 'Save as png', () => this.save(picture.src, 'png')), drawing];
  }

  // Executed as a user would: it waits for its turn, and the stop button stops it.
  async follow(code) {
    const rest = (isBusy) => {
      const choices = this.figure.querySelectorAll('[data-sr-instead], [data-sr-use]');
      for (const choice of choices) choice.setAttribute('aria-disabled', String(isBusy));
      for (const input of this.refine?.querySelectorAll('input') ?? []) input.readOnly = isBusy;
      for (const button of this.element.querySelectorAll('.work, .primary, .quiet')) button.disabled = isBusy;
    };
    rest(true);
    this.said.textContent = 'waiting for its turn …';
    const bundle = await this.page.execute(code);
    rest(false);
    // The kernel has put the next version into this output, unless the page was loaded anew since.
    const isShown = !this.figure.isConnected || (bundle && this.page.replace(this.id, bundle));
    this.said.textContent = isShown ? '' : 'ended: "%shaperotate show" in a cell shows the last result';
  }

  // A file comes in parts: a server drops what comes faster than it allows.
  takePart({ media_type: type, format, base64, part, parts }) {
    this.pieces = [...(this.pieces ?? []), Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))];
    if (part + 1 < parts) {
      this.said.textContent = `making the file … ${part + 1} of ${parts} parts`;
      setTimeout(() => this.page.send({
        kind: 'download', generation_id: this.id, format, part: part + 1,
      }), PART_PAUSE_MS);
      return;
    }
    const address = URL.createObjectURL(new Blob(this.pieces, { type }));
    this.pieces = [];
    this.said.textContent = '';
    this.save?.(address, format === 'original' ? 'original.mp4' : format);
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  }

  show(message) {
    if (message.error) {
      this.said.textContent = message.error;
      return;
    }
    if (message.kind === 'file') {
      this.takePart(message);
      return;
    }
    if (message.kind !== 'recorded') return;
    this.said.textContent = message.has_comment ? 'comment recorded ✓' : 'recorded ✓';
    if (!this.up) return;
    if (message.is_positive !== null) {
      this.up.setAttribute('aria-pressed', String(message.is_positive === true));
      this.down.setAttribute('aria-pressed', String(message.is_positive === false));
      if (message.is_positive) this.comment.hidden = true;
    }
  }
}

function initialize({ model }) {
  const kernelId = model.get('kernel_id');
  const kernel = model.widget_manager?.kernel;
  const verdicts = new Map();
  const bars = new Map(); // figure -> Bar
  let isOver = false;

  const style = build('style', { textContent: STYLE });
  document.head.append(style);

  // ipykernel answers its control channel in a thread of its own, whatever cell runs.
  const send = (message) => {
    if (!kernel?.sendControlMessage) return model.send(message);
    return kernel.sendControlMessage({
      header: {
        msg_id: crypto.randomUUID?.() ?? String(Math.random()).slice(2),
        msg_type: 'comm_msg', username: kernel.username, session: kernel.clientId,
        date: new Date().toISOString(), version: '5.2',
      },
      parent_header: {}, metadata: {}, buffers: [], channel: 'control',
      content: { comm_id: model.get('comm_id'), data: { method: 'custom', content: message } },
    });
  };

  const interrupt = (id) => {
    // A run in the background is not what an interrupt would stop: the kernel knows which it is.
    send({ kind: 'cancel', generation_id: id });
  };

  // Resolves to the last output of ours that the code has shown, when it has ended.
  const execute = kernel?.requestExecute && (async (code) => {
    const future = kernel.requestExecute({ code, store_history: false, allow_stdin: false, stop_on_error: false });
    let bundle = null;
    // Not future.onIOPub: an output that this page does not know is changed without it.
    const receive = (_, { parent_header: asked, content: { data, metadata } }) => {
      const isOurs = asked?.msg_id === future.msg.header.msg_id && data?.[MIME];
      if (isOurs && data[MIME].status !== 'running') bundle = { data, metadata };
    };
    kernel.iopubMessage.connect(receive);
    await future.done.catch(() => undefined);
    kernel.iopubMessage.disconnect(receive);
    return bundle;
  });

  // The player comes as text, with the first result that has steps, and once.
  let module = null;
  const loadPlayer = () => {
    module ??= new Promise((resolve) => {
      const take = async (message) => {
        if (message?.kind !== 'player') return;
        model.off('msg:custom', take);
        const address = URL.createObjectURL(new Blob([`${message.script}\nexport { mountPlayer, parseExplore, mountKnobs, readParameters, StillView };`], { type: 'text/javascript' }));
        style.textContent += message.style;
        resolve(await import(/* webpackIgnore: true */ address));
        URL.revokeObjectURL(address);
      };
      model.on('msg:custom', take);
      send({ kind: 'player', generation_id: '' });
    });
    return module;
  };

  let asked = 0;
  const waiting = new Map(); // number of a question -> what takes its answer
  const ask = (message) => new Promise((resolve) => {
    asked += 1;
    waiting.set(asked, resolve);
    send({ ...message, request: asked });
  });
  const answer = (message) => {
    waiting.get(message?.request)?.(message);
    waiting.delete(message?.request);
  };
  model.on('msg:custom', answer);

  // Knobs go below the player; a version that one of them has made begins where the video stood.
  const held = new Map(); // identifier of a version -> StillView of the one before
  const mountKnobsOf = async (figure) => {
    const id = figure.dataset.srId;
    const { parameters, values = {}, family } = await ask({ kind: 'knobs', generation_id: id });
    if (isOver || !parameters?.length || !figure.isConnected) return;
    const { mountKnobs, readParameters, StillView } = await loadPlayer();
    const video = figure.querySelector('video');
    if (!figure.isConnected || !video) return;
    held.get(id)?.passOn(video);
    const view = new StillView(() => figure.querySelector('video'));
    let current = id; // this card may still be there when its output holds the next version
    const root = build('div', {});
    (players.get(figure)?.knobsRoot ?? figure.querySelector('figcaption')).before(root);
    mountKnobs(root, {
      parameters: readParameters(parameters), changed: values, family, command: `%shaperotate set ${family}`,
      send: (message) => ask({ ...message, generation_id: current, at_s: view.hold(message) }),
      onStill: (still) => view.show(still),
      onVideo: ({ data, metadata }) => {
        const before = current;
        current = data[MIME].id;
        held.set(current, view);
        if (!page.replace(before, { data, metadata })) showInPlace(figure, data['text/html']);
      },
    });
  };

  // Where the notebook's outputs cannot be changed, the card on the page is.
  const showInPlace = (figure, html) => {
    const parsed = new DOMParser().parseFromString(html, 'text/html');
    const made = parsed.querySelector('figure.shaperotator');
    if (made) figure.replaceWith(document.importNode(made, true));
  };

  const players = new Map(); // figure -> Player
  const mount = async (figure) => {
    const video = figure.querySelector('video');
    if (!video || !figure.dataset.srExplore || players.has(figure)) return;
    players.set(figure, null);
    const { mountPlayer, parseExplore } = await loadPlayer();
    const explore = parseExplore(figure.dataset.srExplore);
    if (isOver || !explore || !figure.isConnected) return;
    const title = figure.querySelector('figcaption > div')?.textContent ?? 'A result';
    const player = mountPlayer(video, { explore, id: figure.dataset.srId, title });
    // JupyterLab's command mode would take the keys of the player.
    player.root.addEventListener('keydown', (event) => event.stopPropagation());
    players.set(figure, player);
  };
  const mountAll = async (figure) => {
    await mount(figure);
    if (figure.dataset.srStatus === 'completed' && figure.querySelector('video')) await mountKnobsOf(figure);
  };

  const replace = (id, bundle) => replaceOutput(model.widget_manager, id, () => bundle);

  // What the cards have in common: how they reach the kernel, which runs are being stopped, and on
  // which one's button the keyboard is.
  const manager = model.widget_manager;
  const page = { send, interrupt, execute, replace, manager, pressed: new Set(), focused: '' };

  const refresh = () => {
    if (isOver) return;
    for (const figure of document.querySelectorAll('figure.shaperotator[data-sr-id]')) {
      if (figure.dataset.srKernel !== kernelId || figure.querySelector('.shaperotator-bar')) continue;
      const bar = new Bar(figure, page);
      bars.set(figure, bar);
      void mountAll(figure);
      const verdict = verdicts.get(bar.id);
      if (verdict) bar.show(verdict);
    }
    for (const figure of bars.keys()) if (!figure.isConnected) bars.delete(figure);
    for (const [figure, player] of players) {
      if (figure.isConnected) continue;
      player?.dispose();
      players.delete(figure);
    }
  };

  let isPlanned = false;
  const observer = new MutationObserver(() => {
    // Many changes come at once while a notebook scrolls; one look a frame is enough.
    if (isPlanned) return;
    isPlanned = true;
    requestAnimationFrame(() => { isPlanned = false; refresh(); });
  });

  const receive = (message) => {
    // What a knob has asked for is said at the knob.
    if (!message?.generation_id || message.request) return;
    if (message.kind === 'cancelled') {
      if (!message.is_cancelled) kernel?.interrupt?.();
      return;
    }
    if (message.kind === 'recorded' && !message.remove) verdicts.set(message.generation_id, message);
    if (message.kind === 'restored') {
      const ask = () => send({ kind: 'show', generation_id: message.generation_id, is_chosen: true });
      setTimeout(() => findFacts(manager, message.generation_id)?.status === 'removed' && ask(), RESTORE_PAUSE_MS);
      return;
    }
    if (message.data && (message.remove || message.kind === 'show')) {
      // The kernel has changed the output that it knows; a page that was loaded anew has another.
      const { data, metadata = {} } = message;
      replaceOutput(manager, message.generation_id, () => ({ data, metadata }));
      return;
    }
    for (const bar of bars.values()) if (bar.id === message.generation_id) bar.show(message);
  };

  const end = () => {
    isOver = true;
    observer.disconnect();
    model.off('msg:custom', receive);
    model.off('msg:custom', answer);
    for (const bar of bars.values()) {
      const said = build('output', { textContent: bar.figure.dataset.srStatus === 'removed' ? '' : GONE });
      bar.element.replaceWith(said);
      said.style.fontSize = '12px';
    }
    bars.clear();
    for (const player of players.values()) player?.dispose();
    players.clear();
    style.remove();
  };

  // A restarted kernel knows nothing of these results: dead buttons go.
  model.on('comm_live_update', () => { if (model.comm_live === false) end(); });
  kernel?.statusChanged?.connect((_, status) => {
    if (['restarting', 'autorestarting', 'dead'].includes(status)) end();
  });

  model.on('msg:custom', receive);
  observer.observe(document.body, { childList: true, subtree: true });
  refresh();
  return end;
}

export default { initialize };
