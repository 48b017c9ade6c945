// Puts buttons on the cards of one kernel. Loaded by a widget that is never displayed: only
// `initialize` runs. The messages are described in docs/protocol.md.

const STYLE = `
.shaperotator-bar { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; margin-top: 10px; font-size: 13px; }
.shaperotator-bar button { border: 1px solid var(--jp-border-color2, #d0d7de); border-radius: 999px; padding: 3px 12px;
  background: transparent; color: inherit; font: inherit; cursor: pointer; }
.shaperotator-bar button:hover { background: rgba(127, 127, 127, .14); }
.shaperotator-bar button:focus-visible, .shaperotator-bar input:focus-visible {
  outline: 2px solid var(--jp-brand-color1, #1976d2); outline-offset: 1px; }
.shaperotator-bar button[aria-pressed="true"] { border-color: var(--jp-brand-color1, #1976d2);
  background: rgba(25, 118, 210, .16); }
.shaperotator-bar input { flex: 1 1 180px; min-width: 120px; border: 1px solid var(--jp-border-color2, #d0d7de);
  border-radius: 8px; padding: 3px 8px; background: transparent; color: inherit; font: inherit; }
.shaperotator-bar [hidden] { display: none; }
.shaperotator-kinds { display: flex; gap: 6px; }
.shaperotator-bar output { opacity: .75; }
`;

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

class Bar {
  constructor(figure, { send, interrupt, execute }) {
    this.id = figure.dataset.srId;
    this.figure = figure;
    this.execute = execute;
    this.said = build('output', {});
    this.element = build('div', { className: 'shaperotator-bar' });
    this.element.setAttribute('role', 'group');
    this.element.setAttribute('aria-label', 'Feedback on this result');
    // JupyterLab's command mode would take the letters typed here.
    this.element.addEventListener('keydown', (event) => event.stopPropagation());
    if (figure.dataset.srStatus === 'running') this.buildRunning(interrupt);
    else this.buildDone(send, figure.dataset.srStatus);
    figure.append(this.element);
  }

  buildRunning(interrupt) {
    const stop = build('button', { type: 'button', textContent: '■ Cancel' });
    stop.addEventListener('click', () => {
      stop.disabled = true;
      this.said.textContent = 'stopping …';
      interrupt(this.id);
    });
    this.element.append(stop, this.said);
  }

  buildDone(send, status) {
    const button = (label, title, act) => {
      const made = build('button', { type: 'button', textContent: label, title });
      made.setAttribute('aria-pressed', 'false');
      made.addEventListener('click', act);
      return made;
    };
    const say = (fields) => {
      this.said.textContent = 'sending …';
      send({ kind: 'feedback', generation_id: this.id, ...fields });
    };
    this.up = button('👍 Keep', 'It was right', () => say({ is_positive: true }));
    this.down = button('👎 Not right', 'Refuse it, and say why', () => {
      say({ is_positive: false });
      this.comment.hidden = false;
      this.comment.focus();
    });
    this.remove = button('✕ Remove', 'Take it away, with its video', () => say({ remove: true }));
    this.comment = build('input', {
      type: 'text', hidden: true, placeholder: 'What is wrong? Enter sends it', maxLength: 2000,
    });
    this.comment.setAttribute('aria-label', 'What is wrong?');
    this.comment.addEventListener('keydown', (event) => {
      const text = this.comment.value.trim();
      if (event.key === 'Escape') this.comment.hidden = true;
      if (event.key !== 'Enter' || !text) return;
      event.preventDefault();
      say({ is_positive: false, comment: text });
      this.comment.hidden = true;
    });
    // What failed cannot be kept, and what was stopped needs no verdict.
    if (status === 'completed') this.element.append(this.up);
    if (status !== 'cancelled') this.element.append(this.down);
    if (status === 'completed' && this.execute) this.buildFollowUps(button);
    const order = (label, title, act) => {
      const made = button(label, title, act);
      made.removeAttribute('aria-pressed');
      return made;
    };
    this.buildCopy(order);
    this.buildDownloads(order, send);
    this.element.append(this.remove, this.comment, this.said);
  }

  buildFollowUps(button) {
    this.refine = build('input', {
      type: 'text', placeholder: 'Say what to change. Enter refines it', maxLength: 4000,
    });
    this.refine.setAttribute('aria-label', 'Say what to change');
    this.refine.addEventListener('keydown', (event) => {
      const text = this.refine.value.trim();
      if (event.key !== 'Enter' || !text) return;
      event.preventDefault();
      this.follow(`%%shaperotate --in-place --refine ${this.id}\n${text}`);
    });
    const again = button('↻ Again', 'Ask the writer for another scene', () => {
      this.follow(`%shaperotate again ${this.id} --in-place`);
    });
    again.removeAttribute('aria-pressed');
    this.element.append(this.refine, again);
  }

  buildCopy(order) {
    const code = this.figure.querySelector('details code');
    if (!code || !navigator.clipboard) return;
    this.element.append(order('⌨ Copy code', 'Copy the scene code', async () => {
      await navigator.clipboard.writeText(code.textContent);
      this.said.textContent = 'copied ✓';
    }));
  }

  buildDownloads(order, send) {
    const video = this.figure.querySelector('video');
    if (!video) return;
    const save = (address, suffix) => build('a', {
      href: address, download: buildFileName(this.figure, suffix),
    }).click();
    this.save = save;
    const kinds = build('span', { className: 'shaperotator-kinds' },
      order('MP4', 'Save as mp4', () => save(video.src, 'mp4')),
      order('GIF', 'Save as gif', () => {
        this.said.textContent = 'making the gif …';
        send({ kind: 'download', generation_id: this.id, format: 'gif' });
      }),
      order('PNG', 'Save as png', () => save(video.poster, 'png')));
    const opener = order('↓ Download', 'Save the video or a picture', () => show(kinds.hidden));
    const show = (isShown) => {
      kinds.hidden = !isShown;
      opener.setAttribute('aria-expanded', String(isShown));
    };
    kinds.addEventListener('click', () => show(false));
    show(false);
    this.element.append(opener, kinds);
  }

  // Executed as a user would: it waits for its turn, and the stop button stops it.
  async follow(code) {
    this.refine.disabled = true;
    this.said.textContent = 'waiting for its turn …';
    await this.execute(code);
    // The kernel has put the next version into this output, unless the page was loaded anew since.
    this.refine.disabled = false;
    this.said.textContent = 'done: "%shaperotate show" in a cell shows it';
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

  const execute = kernel?.requestExecute && ((code) => kernel.requestExecute(
    { code, store_history: false, allow_stdin: false, stop_on_error: false }).done);

  const refresh = () => {
    if (isOver) return;
    for (const figure of document.querySelectorAll('figure.shaperotator[data-sr-id]')) {
      if (figure.dataset.srKernel !== kernelId || figure.querySelector('.shaperotator-bar')) continue;
      const bar = new Bar(figure, { send, interrupt, execute });
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

  const receive = (message) => {
    if (!message?.generation_id) return;
    if (message.kind === 'cancelled') {
      if (!message.is_cancelled) kernel?.interrupt?.();
      return;
    }
    if (message.kind === 'recorded') verdicts.set(message.generation_id, message);
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
