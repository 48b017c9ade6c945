// The knobs of a result: one for each of its parameters, at most six. A move asks for a still, a rest for
// a video. Only the last move counts, and what went wrong is said at the knob that was moved.
// @ts-check

import { keepKeys, makeElement } from './dom.js';

/** @typedef {number | string | boolean | null | (number | number[])[]} Value */
/**
 * @typedef {object} Parameter
 * @property {string} name
 * @property {string} label
 * @property {string} kind
 * @property {Value} value
 * @property {number} low
 * @property {number} high
 * @property {number} step
 * @property {string[]} choices
 * @property {string} help
 */
/** @typedef {Record<string, Value>} Values */
/** @typedef {{kind: string, error?: string, parameter?: string, base64?: string} & Record<string, any>} Answer */
/**
 * @typedef {object} KnobOptions
 * @property {Parameter[]} parameters
 * @property {(message: {kind: 'still' | 'set', values: Values, is_reset?: boolean}) => Promise<Answer>} send
 * @property {(answer: Answer | null) => void} onStill a still to show; null: the last good picture
 * @property {(answer: Answer) => void} onVideo
 * @property {string} [command] what is written before the values in a cell: '%shaperotate set ID'
 * @property {Values} [changed] the values that are no more as they were at first
 * @property {string} [family] what all versions have in common, for going back
 * @property {'light' | 'dark'} [theme]
 * @property {boolean} [hasStills] whether a move can be answered; otherwise a rest alone is
 */

const MOST_KNOBS = 6;
const KNOB_REST_MS = 350;
const NUMBER_KINDS = new Set(['number', 'integer']);
const GRID_KINDS = new Set(['vector', 'matrix']);
const KNOB_KINDS = new Set([...NUMBER_KINDS, ...GRID_KINDS, 'list', 'points', 'expression', 'choice', 'text', 'switch']);

/**
 * What is kept while the page puts one version in the place of another.
 * @type {Map<string, {history: Values[], focused: string}>}
 */
const REMEMBERED = new Map();

/**
 * Read parameters from a record; nothing is believed of its shape.
 * @param {unknown} found
 * @returns {Parameter[]}
 */
export function readParameters(found) {
  if (!Array.isArray(found)) return [];
  return found.filter((row) => row && typeof row.name === 'string' && KNOB_KINDS.has(row.kind)).map((row) => {
    const [low, high] = Number.isFinite(row.low) && Number.isFinite(row.high) ? [row.low, row.high] : [-10, 10];
    return {
      name: row.name, label: String(row.label ?? row.name), kind: row.kind, value: row.value ?? null, low, high,
      step: row.step > 0 ? row.step : 1, choices: Array.isArray(row.choices) ? row.choices.map(String) : [],
      help: String(row.help ?? ''),
    };
  });
}

/**
 * Put the knobs of a result into an element.
 * @param {HTMLElement} root
 * @param {KnobOptions} options
 */
export function mountKnobs(root, options) {
  return new Knobs(root, options);
}

export class Knobs {
  /**
   * @param {HTMLElement} root
   * @param {KnobOptions} options
   */
  constructor(root, options) {
    this.root = root;
    this._options = options;
    this._parameters = options.parameters.slice(0, MOST_KNOBS);
    const remembered = REMEMBERED.get(options.family ?? '');
    this._history = remembered?.history ?? [];
    /** @type {Values} */
    this._values = Object.fromEntries(options.parameters.map((row) => [row.name, row.value]));
    this._drawn = { ...this._values };
    this._moved = '';
    this._rest = 0;
    this._turn = 0;
    this._shown = 0;
    this._isStillAsked = false;
    this._isMoved = false;
    this._isDisposed = false;
    /** @type {Map<string, Knob>} */
    this._knobs = new Map();
    this._build();
    const focused = remembered?.focused ?? '';
    if (focused && document.activeElement === document.body) this._knobs.get(focused)?.focus();
  }

  /** The values that are shown now, by the names of their parameters. */
  get values() {
    return { ...this._values };
  }

  /** Take the knobs away; what is still being drawn is shown nowhere. */
  dispose() {
    this._isDisposed = true;
    window.clearTimeout(this._rest);
    this.root.replaceChildren();
  }

  _build() {
    const { theme, command } = this._options;
    this.root.classList.add('sr-knobs');
    this.root.dataset.theme = theme ?? '';
    this.root.setAttribute('role', 'group');
    this.root.setAttribute('aria-label', 'Parameters');
    // The keys of a slider are its own, and no steps of the player nor commands of the notebook.
    this.root.addEventListener('keydown', (event) => event.stopPropagation());
    keepKeys(this.root);
    // The first still takes longest: it is drawn when a hand comes near.
    const warmUp = () => {
      if (this._options.hasStills !== false) void this._send({ kind: 'still', values: {} });
    };
    for (const sign of ['pointerenter', 'focusin']) this.root.addEventListener(sign, warmUp, { once: true });
    for (const row of this._parameters) {
      const knob = makeKnob(row, (value) => this._move(row.name, value));
      this._knobs.set(row.name, knob);
    }
    this._undo = makeTool('Undo', 'The values before', () => this._goBack());
    this._reset = makeTool('Reset', 'The values that the scene was made with', () => this._goHome());
    this._copy = makeTool('Copy as a cell', 'Copy the line that sets these values', () => void this._copyCell());
    this._copy.hidden = !command || !navigator.clipboard;
    this._said = makeElement('output', 'sr-knobs-said', {});
    const tools = makeElement('div', 'sr-knobs-tools', {}, this._undo, this._reset, this._copy, this._said);
    this.root.replaceChildren(...[...this._knobs.values()].map((knob) => knob.node), tools);
    this._showTools();
  }

  /**
   * @param {string} name
   * @param {Value} value
   */
  _move(name, value) {
    this._values[name] = value;
    this._moved = name;
    this._isMoved = true;
    this._knobs.get(name)?.refuse('');
    this._say('');
    void this._askStill();
    window.clearTimeout(this._rest);
    this._rest = window.setTimeout(() => void this._askVideo(), KNOB_REST_MS);
  }

  /** Ask for a still of the values as they are now; one at a time, and the last one last. */
  async _askStill() {
    if (this._isStillAsked || this._options.hasStills === false) return;
    this._isStillAsked = true;
    while (this._isMoved && !this._isDisposed) {
      this._isMoved = false;
      const shown = this._shown;
      const answer = await this._send({ kind: 'still', values: this._findChanged() });
      if (this._isDisposed || shown !== this._shown) break; // the video was faster
      if (answer.error) this._refuse(answer);
      // Back at the values of the video: the video itself shows them.
      else if (!Object.keys(this._findChanged()).length) this._options.onStill(null);
      else if (answer.kind === 'still') this._options.onStill(answer);
    }
    this._isStillAsked = false;
  }

  async _askVideo() {
    const values = this._findChanged();
    this._isMoved = false;
    const turn = ++this._turn;
    if (!Object.keys(values).length) {
      this._options.onStill(null);
      this._showTools();
      return;
    }
    this._say('drawing …');
    this._remember([...this._history, { ...this._drawn }]);
    await this._show({ kind: 'set', values }, turn, () => this._remember(this._history));
  }

  /**
   * @param {Parameters<KnobOptions['send']>[0]} message
   * @param {number} turn
   * @param {() => void} takeBack
   */
  async _show(message, turn, takeBack) {
    const wanted = { ...this._values };
    const answer = await this._send(message);
    const isOld = turn !== this._turn || !isSame(wanted, this._values);
    if (this._isDisposed || isOld || answer.kind === 'superseded') return;
    this._shown += 1;
    this._say('');
    if (answer.error) {
      takeBack();
      this._refuse(answer);
      this._options.onStill(null);
      return;
    }
    this._history = REMEMBERED.get(this._options.family ?? '')?.history ?? this._history;
    this._drawn = wanted;
    this._showTools();
    this._options.onVideo(answer);
  }

  /**
   * @param {Parameters<KnobOptions['send']>[0]} message
   * @returns {Promise<Answer>}
   */
  async _send(message) {
    try {
      return await this._options.send(message);
    } catch (error) {
      return { kind: 'none', error: error instanceof Error ? error.message : String(error) };
    }
  }

  /** @param {Answer} answer */
  _refuse(answer) {
    const knob = this._knobs.get(answer.parameter ?? '') ?? this._knobs.get(this._moved);
    if (knob) knob.refuse(answer.error ?? '');
    else this._say(answer.error ?? '');
  }

  _findChanged() {
    const changed = Object.entries(this._values).filter(([name, value]) => !isSame(value, this._drawn[name]));
    return Object.fromEntries(changed);
  }

  _goBack() {
    const before = this._history.at(-1);
    if (!before) return;
    this._remember(this._history.slice(0, -1));
    this._take(before);
    void this._show({ kind: 'set', values: this._findChanged() }, ++this._turn, () => undefined);
  }

  _goHome() {
    this._take(this._drawn);
    this._remember([...this._history, { ...this._drawn }]);
    void this._show({ kind: 'set', values: {}, is_reset: true }, ++this._turn, () => undefined);
  }

  /** @param {Values} values */
  _take(values) {
    window.clearTimeout(this._rest);
    this._isMoved = false;
    this._values = { ...values };
    for (const [name, knob] of this._knobs) {
      knob.refuse('');
      knob.show(values[name]);
    }
    this._say('drawing …');
  }

  /** @param {Values[]} history */
  _remember(history) {
    const focused = [...this._knobs].find(([, knob]) => knob.node.contains(document.activeElement))?.[0] ?? '';
    REMEMBERED.set(this._options.family ?? '', { history, focused });
  }

  _showTools() {
    if (this._undo) this._undo.disabled = !this._history.length;
    if (this._reset) this._reset.disabled = !Object.keys(this._options.changed ?? {}).length;
  }

  async _copyCell() {
    const values = { ...this._options.changed, ...this._findChanged() };
    const written = Object.entries(values).map(([name, value]) => ` ${name}=${spell(value)}`);
    await navigator.clipboard.writeText(`${this._options.command}${written.join('')}`);
    this._say('copied ✓');
  }

  /** @param {string} text */
  _say(text) {
    if (this._said) this._said.textContent = text;
  }
}

/**
 * One knob: its element, and how it is shown another value or what is wrong with it.
 * @typedef {{node: HTMLElement, show: (value: Value) => void, refuse: (said: string) => void, focus: () => void}} Knob
 */

let knobsMade = 0;

/**
 * @param {Parameter} row
 * @param {(value: Value) => void} move
 * @returns {Knob}
 */
function makeKnob(row, move) {
  const id = `sr-knob-${++knobsMade}`;
  const label = makeElement('label', 'sr-knob-label', { textContent: row.label, htmlFor: id, title: row.help });
  const error = makeElement('p', 'sr-knob-error', { id: `${id}-error`, hidden: true });
  error.setAttribute('role', 'alert');
  const { fields, show } = makeFields(row, move);
  const [first] = fields;
  first.id = id;
  const node = makeElement('div', `sr-knob sr-knob-${row.kind}`, {}, label, ...arrange(row, fields), error);
  const inputs = [node, ...node.querySelectorAll('input, select')].slice(1);
  show(row.value);
  return {
    node,
    show,
    focus: () => first.focus(),
    refuse: (said) => {
      error.textContent = said;
      error.hidden = !said;
      for (const input of inputs) {
        input.toggleAttribute('aria-invalid', Boolean(said));
        if (said) input.setAttribute('aria-describedby', error.id);
        else input.removeAttribute('aria-describedby');
      }
    },
  };
}

/**
 * @param {Parameter} row
 * @param {HTMLElement[]} fields
 */
function arrange(row, fields) {
  if (!GRID_KINDS.has(row.kind)) return fields;
  const grid = makeElement('div', 'sr-knob-grid', {}, ...fields);
  const columns = row.kind === 'matrix' && Array.isArray(row.value) ? /** @type {number[][]} */ (row.value)[0].length : fields.length;
  grid.style.setProperty('--sr-columns', String(columns));
  return [grid];
}

/**
 * @param {Parameter} row
 * @param {(value: Value) => void} move
 * @returns {{fields: HTMLElement[], show: (value: Value) => void}}
 */
function makeFields(row, move) {
  if (row.kind === 'number') return makeSlider(row, move);
  if (row.kind === 'integer') return makeStepper(row, move);
  if (GRID_KINDS.has(row.kind)) return makeGrid(row, move);
  if (row.kind === 'choice') return makeChoice(row, move);
  if (row.kind === 'switch') return makeSwitch(move);
  return makeLine(row, move);
}

/**
 * @param {Parameter} row
 * @param {(value: Value) => void} move
 */
function makeSlider(row, move) {
  const bounds = { min: String(row.low), max: String(row.high), step: String(row.step) };
  const slider = makeElement('input', '', { type: 'range', ...bounds });
  const number = makeElement('input', 'sr-knob-number', { type: 'number', placeholder: 'auto', ariaLabel: `${row.label}, as a number` });
  number.step = 'any';
  slider.addEventListener('input', () => {
    number.value = String(tidy(slider.valueAsNumber));
    move(tidy(slider.valueAsNumber));
  });
  number.addEventListener('input', () => {
    if (!Number.isFinite(number.valueAsNumber)) return;
    slider.value = number.value;
    move(number.valueAsNumber);
  });
  const show = (/** @type {Value} */ value) => {
    number.value = value === null ? '' : String(value);
    slider.value = value === null ? String((row.low + row.high) / 2) : String(value);
  };
  return { fields: [slider, number], show };
}

/**
 * @param {Parameter} row
 * @param {(value: Value) => void} move
 */
function makeStepper(row, move) {
  const number = makeElement('input', 'sr-knob-number', { type: 'number', step: String(row.step), placeholder: 'auto' });
  const take = () => { if (Number.isFinite(number.valueAsNumber)) move(number.valueAsNumber); };
  const step = (/** @type {number} */ by) => {
    const from = Number.isFinite(number.valueAsNumber) ? number.valueAsNumber : row.low;
    number.value = String(Math.min(row.high, Math.max(row.low, from + by * row.step)));
    take();
  };
  const makeStep = (/** @type {string} */ sign, /** @type {number} */ by, /** @type {string} */ title) => {
    const button = makeElement('button', 'sr-knob-step', { type: 'button', textContent: sign, title, ariaLabel: title });
    button.addEventListener('click', () => step(by));
    return button;
  };
  number.addEventListener('input', take);
  const show = (/** @type {Value} */ value) => { number.value = value === null ? '' : String(value); };
  const less = makeStep('−', -1, `Less: ${row.label}`);
  const more = makeStep('+', 1, `More: ${row.label}`);
  return { fields: [number, less, more], show };
}

/**
 * @param {Parameter} row
 * @param {(value: Value) => void} move
 */
function makeGrid(row, move) {
  const isMatrix = row.kind === 'matrix';
  const shape = /** @type {any[]} */ (Array.isArray(row.value) ? row.value : [0]);
  const columns = isMatrix ? shape[0].length : shape.length;
  const cells = (isMatrix ? shape.flat() : shape).map((_, at) => {
    const place = isMatrix ? `row ${Math.floor(at / columns) + 1}, column ${(at % columns) + 1}` : `entry ${at + 1}`;
    return makeElement('input', 'sr-knob-cell', { type: 'number', step: String(row.step), ariaLabel: `${row.label}, ${place}` });
  });
  for (const cell of cells) {
    cell.addEventListener('input', () => {
      const numbers = cells.map((one) => one.valueAsNumber);
      if (!numbers.every(Number.isFinite)) return; // it is being typed
      move(isMatrix ? shape.map((_, at) => numbers.slice(at * columns, (at + 1) * columns)) : numbers);
    });
  }
  const show = (/** @type {Value} */ value) => {
    const numbers = Array.isArray(value) ? value.flat() : [];
    for (const [at, cell] of cells.entries()) cell.value = String(numbers[at] ?? 0);
  };
  return { fields: cells, show };
}

/**
 * @param {Parameter} row
 * @param {(value: Value) => void} move
 */
function makeChoice(row, move) {
  const options = row.choices.map((choice) => makeElement('option', '', { value: choice, textContent: choice }));
  const select = makeElement('select', '', {}, ...options);
  select.addEventListener('change', () => move(select.value));
  return { fields: [select], show: (/** @type {Value} */ value) => { select.value = String(value); } };
}

/** @param {(value: Value) => void} move */
function makeSwitch(move) {
  const box = makeElement('input', '', { type: 'checkbox' });
  box.addEventListener('change', () => move(box.checked));
  return { fields: [box], show: (/** @type {Value} */ value) => { box.checked = Boolean(value); } };
}

/**
 * A line for what is no number: it counts when Enter is pressed or the line is left.
 * @param {Parameter} row
 * @param {(value: Value) => void} move
 */
function makeLine(row, move) {
  const isList = row.kind === 'list' || row.kind === 'points';
  const line = makeElement('input', 'sr-knob-line', { type: 'text', maxLength: 300, spellcheck: false });
  line.addEventListener('change', () => move(isList ? readList(line.value) : line.value));
  const show = (/** @type {Value} */ value) => { line.value = isList ? spell(value) : String(value ?? ''); };
  return { fields: [line], show };
}

/**
 * Read '3, 5, 8' or '[3, 5, 8]'; what is neither is sent as it is, and refused with a sentence.
 * @param {string} text
 * @returns {Value}
 */
function readList(text) {
  const bare = text.trim().replaceAll('(', '[').replaceAll(')', ']');
  for (const tried of [bare, `[${bare}]`, `[${bare.split(/[\s;]+/).join(',')}]`]) {
    try {
      const found = JSON.parse(tried);
      if (Array.isArray(found)) return found;
    } catch { /* the next way of writing it */ }
  }
  return text;
}

/**
 * @param {string} label
 * @param {string} title
 * @param {() => void} act
 */
function makeTool(label, title, act) {
  const button = makeElement('button', 'sr-knobs-tool', { type: 'button', textContent: label, title });
  button.addEventListener('click', act);
  return button;
}

/**
 * A value as a line of a cell has it: without spaces in lists.
 * @param {Value} value
 * @returns {string}
 */
function spell(value) {
  if (value === null) return 'auto';
  if (value === true || value === false) return value ? 'True' : 'False';
  return Array.isArray(value) ? JSON.stringify(value) : String(value);
}

/**
 * @param {unknown} one
 * @param {unknown} other
 */
function isSame(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** @param {number} number */
function tidy(number) {
  return Number(number.toPrecision(12));
}

/** Shows a still over a video that waits, and lets the next one go on where it stood. */
export class StillView {
  /** @param {() => HTMLVideoElement | null} findVideo */
  constructor(findVideo) {
    this._findVideo = findVideo;
    this._image = makeElement('img', 'sr-still', { alt: 'The scene with these values' });
    this._isHeld = false;
    this._wasPlaying = false;
    this._moment = 0;
  }

  /**
   * Hold the video while a value is changed; returns the moment where it stands, null for its end.
   * @param {{kind: string, values: Values}} message
   */
  hold({ kind, values }) {
    const video = this._findVideo();
    const isAhead = kind === 'still' && !Object.keys(values).length; // nothing has been moved yet
    if (!video || isAhead) return null;
    if (!this._isHeld) {
      this._isHeld = true;
      this._wasPlaying = !video.paused;
      this._moment = video.currentTime;
      video.pause();
    }
    return video.ended || video.duration - this._moment < 0.05 ? null : this._moment;
  }

  /** @param {Answer | null} answer */
  show(answer) {
    const video = this._findVideo();
    if (!answer?.base64 || !video) {
      this.release();
      return;
    }
    this._image.src = `data:image/png;base64,${answer.base64}`;
    if (this._image.parentElement !== video.parentElement) video.parentElement?.append(this._image);
  }

  /** Take the still away; the video that was held goes on. */
  release() {
    this._image.remove();
    const video = this._findVideo();
    if (this._isHeld && this._wasPlaying) void video?.play().catch(() => undefined);
    this._isHeld = false;
  }

  /**
   * Let another video begin where the one before was held.
   * @param {HTMLVideoElement} video
   */
  passOn(video) {
    const { _moment: moment, _wasPlaying: wasPlaying } = this;
    this._isHeld = false;
    const begin = () => {
      video.currentTime = Math.min(moment, Math.max(0, (video.duration || moment) - 0.02));
      if (wasPlaying) void video.play().catch(() => undefined);
      this._image.remove();
    };
    if (video.readyState >= 1) begin();
    else video.addEventListener('loadedmetadata', begin, { once: true });
  }
}
