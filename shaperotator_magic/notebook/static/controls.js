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
@container (max-width: 560px) {
  .shaperotator-bar .optional { display: none; }
  .shaperotator-tools { gap: 4px; }
  .shaperotator-tools button { padding: 2px 9px; }
}
`;

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

  buildDone(status) {
    this.page.pressed.delete(this.id);
    const tools = build('div', { className: 'shaperotator-tools' });
    this.element.append(...this.buildSentences(status), tools, this.said);
    // What failed cannot be kept, and what was stopped needs no verdict.
    if (status === 'completed') tools.append(this.up);
    if (status !== 'cancelled') tools.append(this.down);
    if (this.page.execute) {
      const again = buildButton('↻', 'Again', 'Ask the writer for another scene', () => {
        this.follow(`%shaperotate again ${this.id} --in-place`);
      });
      again.className = 'work';
      tools.append(again);
    }
    tools.append(...this.buildCopy(), ...this.buildDownloads(), this.remove);
    const folds = [...this.figure.children].find((child) => child.tagName === 'DETAILS');
    this.figure.insertBefore(this.element, folds ?? null);
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
    this.remove = buildShort('✕', 'Remove', 'Remove it, with its video', () => say({ remove: true }));
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
    if (!video) return [];
    const save = (address, suffix) => build('a', {
      href: address, download: buildFileName(this.figure, suffix),
    }).click();
    this.save = save;
    const kinds = build('div', { className: 'shaperotator-kinds' },
      buildButton('', 'MP4', 'Save as mp4', () => save(video.src, 'mp4')),
      buildButton('', 'GIF', 'Save as gif', () => {
        this.said.textContent = 'making the gif …';
        this.page.send({ kind: 'download', generation_id: this.id, format: 'gif' });
      }),
      buildButton('', 'PNG', 'Save as png', () => save(video.poster, 'png')));
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

  // Executed as a user would: it waits for its turn, and the stop button stops it.
  async follow(code) {
    const rest = (isBusy) => {
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

  show(message) {
    if (message.error) {
      this.said.textContent = message.error;
      return;
    }
    if (message.kind === 'file') {
      this.said.textContent = '';
      this.save?.(`data:${message.media_type};base64,${message.base64}`, 'gif');
      return;
    }
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

  const replace = (id, bundle) => replaceOutput(model.widget_manager, id, () => bundle);

  // What the cards have in common: how they reach the kernel, which runs are being stopped, and on
  // which one's button the keyboard is.
  const page = { send, interrupt, execute, replace, pressed: new Set(), focused: '' };

  const refresh = () => {
    if (isOver) return;
    for (const figure of document.querySelectorAll('figure.shaperotator[data-sr-id]')) {
      if (figure.dataset.srKernel !== kernelId || figure.querySelector('.shaperotator-bar')) continue;
      const bar = new Bar(figure, page);
      bars.set(figure, bar);
      const verdict = verdicts.get(bar.id);
      if (verdict) bar.show(verdict);
    }
    for (const figure of bars.keys()) if (!figure.isConnected) bars.delete(figure);
  };

  let isPlanned = false;
  const observer = new MutationObserver(() => {
    // Many changes come at once while a notebook scrolls; one look a frame is enough.
    if (isPlanned) return;
    isPlanned = true;
    requestAnimationFrame(() => { isPlanned = false; refresh(); });
  });

  const remove = (id) => {
    const buildLine = (title) => `${title}: removed.`;
    const buildBundle = (facts) => ({ data: { 'text/plain': buildLine(facts.title) }, metadata: {} });
    if (replaceOutput(model.widget_manager, id, buildBundle)) return;
    for (const [figure, bar] of bars) {
      const title = figure.querySelector('figcaption > div')?.textContent ?? 'A result';
      if (bar.id === id) figure.replaceChildren(buildLine(title));
    }
  };

  const receive = (message) => {
    if (!message?.generation_id) return;
    if (message.kind === 'cancelled') {
      if (!message.is_cancelled) kernel?.interrupt?.();
      return;
    }
    if (message.kind === 'recorded') verdicts.set(message.generation_id, message);
    if (message.remove && !message.error) {
      remove(message.generation_id);
      return;
    }
    for (const bar of bars.values()) if (bar.id === message.generation_id) bar.show(message);
  };

  const end = () => {
    isOver = true;
    observer.disconnect();
    model.off('msg:custom', receive);
    for (const bar of bars.values()) bar.element.remove();
    bars.clear();
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
