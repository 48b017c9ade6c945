// The player of a result: a bar with its steps below the video, turning, and presenting.
// It takes an element <video> as it is and gives it back when it is disposed.
// @ts-check

import { changeIcon, keepKeys, makeElement, makeIconButton } from './dom.js';
import { StepClock } from './steps.js';
import { present } from './presenting.js';
import { Turning } from './turning.js';

/** @typedef {import('./steps.js').Explore} Explore */
/** @typedef {{video: string, poster: string, explore: Explore | null}} Media */
/** @typedef {{id: string, title: string, load: () => Promise<Media>, release?: () => void}} Result */
/**
 * @typedef {object} Options
 * @property {Explore} explore
 * @property {string} id of the result
 * @property {string} title
 * @property {() => Result[]} [listResults] all results of the notebook or page, in their order
 */

const SHORT_S = 10;
const SPEEDS = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2];
const PLAYERS = new Set();

export class Player {
  /**
   * @param {HTMLVideoElement} video
   * @param {Options} options
   */
  constructor(video, { explore, id, title, listResults }) {
    this.video = video;
    this.id = id;
    this.explore = explore;
    this.title = title;
    this._listResults = listResults ?? listMounted;
    this.clock = new StepClock(video, explore.steps, () => this._show());
    this._before = { controls: video.controls, loop: video.loop };
    this._loops = video.loop;
    this.root = makeElement('div', 'sr-player', { tabIndex: 0 });
    this.root.setAttribute('role', 'group');
    this.root.setAttribute('aria-label', `Player: ${title}`);
    keepKeys(this.root);
    /** Where the knobs of a result go. */
    this.knobsRoot = makeElement('div', 'sr-player-knobs');
    this._build();
    this.root.addEventListener('keydown', (event) => this._press(event));
    PLAYERS.add(this);
    this._show();
  }

  _build() {
    const { video } = this;
    const isPlaying = !video.paused;
    this._screen = makeElement('div', 'sr-player-screen');
    this._caption = makeElement('div', 'sr-player-caption', { hidden: true });
    this._said = makeElement('output', 'sr-player-said', {});
    video.replaceWith(this.root);
    video.controls = false;
    this._screen.append(video, this._caption);
    this.root.append(this._screen, this._buildBar(), this._said, this.knobsRoot);
    this._screen.addEventListener('click', (event) => {
      if (event.target === video) this.clock.toggle();
    });
    this._turning = new Turning(this._screen, this.explore, {
      say: (text) => this.say(text),
      playOn: () => { this.leaveTurning(); this.clock.play(); },
      seek: (time) => { video.pause(); this.clock.seek(time); },
    });
    // An element that is moved stops.
    if (isPlaying) void video.play().catch(() => undefined);
  }

  _buildBar() {
    this._play = makeIconButton('play', 'Play (space)', () => this.clock.toggle());
    this._stepping = makeToggle('stepping', 'Stop after each step (s)', () => this.setStepping(!this.clock.isStepping));
    this._looping = makeToggle('loop', 'Repeat this step (l)', () => this.setLooping(!this.clock.isLooping));
    this._captions = makeToggle('captions', 'Captions (c)', () => this.setCaptions(Boolean(this._caption?.hidden)));
    this._turn = makeToggle('turn', 'Turn (t)', () => void this.turn());
    this._turn.hidden = !this.explore.geometry;
    this._time = makeElement('span', 'sr-player-time');
    const tools = makeElement('div', 'sr-player-tools', {},
      makeIconButton('previous', 'Previous step (←)', () => this.step(-1)),
      this._play,
      makeIconButton('next', 'Next step (→)', () => this.step(1)),
      this._time,
      this._stepping, this._looping, this._captions, this._buildSpeed(), this._turn,
      makeIconButton('present', 'Present (p)', () => this.present()),
      makeIconButton('full', 'Full screen (f)', () => this.toggleFullScreen()));
    return makeElement('div', 'sr-player-bar', {}, this._buildTrack(), tools);
  }

  _buildSpeed() {
    const options = SPEEDS.map((speed) => makeElement('option', '', { value: String(speed), textContent: `${speed}×`, selected: speed === 1 }));
    const select = makeElement('select', 'sr-player-speed', { title: 'Speed', ariaLabel: 'Speed' }, ...options);
    select.addEventListener('change', () => { this.video.playbackRate = Number(select.value); });
    return select;
  }

  /** The time as a line, with a part for each step. */
  _buildTrack() {
    const { steps } = this.explore;
    const whole = steps[steps.length - 1].end_s;
    this._done = makeElement('div', 'sr-player-done');
    this._track = makeElement('div', 'sr-player-track', { tabIndex: 0 });
    this._track.setAttribute('role', 'slider');
    this._track.setAttribute('aria-label', 'Time');
    this._track.setAttribute('aria-valuemin', '0');
    this._tip = makeElement('div', 'sr-player-tip', { hidden: true });
    this._parts = steps.map((step) => {
      const part = makeElement('div', 'sr-player-step');
      part.style.left = `${(100 * step.start_s) / whole}%`;
      part.style.width = `${(100 * (step.end_s - step.start_s)) / whole}%`;
      return part;
    });
    this._track.append(...this._parts, this._done, this._tip);
    this._followPointer(whole);
    return this._track;
  }

  /** @param {number} whole seconds */
  _followPointer(whole) {
    const track = /** @type {HTMLElement} */ (this._track);
    const timeAt = (/** @type {PointerEvent} */ event) => {
      const box = track.getBoundingClientRect();
      return whole * Math.max(0, Math.min(1, (event.clientX - box.left) / box.width));
    };
    let isHeld = false;
    track.addEventListener('pointerdown', (event) => {
      isHeld = true;
      track.setPointerCapture(event.pointerId);
      this.leaveTurning();
      this.clock.seek(timeAt(event));
    });
    track.addEventListener('pointermove', (event) => {
      if (isHeld) this.clock.seek(timeAt(event));
      this._showTip(timeAt(event), whole);
    });
    track.addEventListener('pointerup', () => { isHeld = false; });
    track.addEventListener('pointercancel', () => { isHeld = false; });
    track.addEventListener('pointerleave', () => { if (this._tip) this._tip.hidden = true; });
  }

  /**
   * @param {number} time
   * @param {number} whole
   */
  _showTip(time, whole) {
    const { steps } = this.explore;
    const tip = /** @type {HTMLElement} */ (this._tip);
    const at = steps.findIndex((step) => time < step.end_s);
    const index = at < 0 ? steps.length - 1 : at;
    tip.textContent = describeStep(this.explore, index);
    tip.style.left = `${Math.max(12, Math.min(88, (100 * time) / whole))}%`;
    tip.hidden = false;
  }

  _show() {
    const { video, clock } = this;
    const { index, duration } = clock;
    const isPaused = video.paused;
    changeIcon(/** @type {HTMLElement} */ (this._play), isPaused ? 'play' : 'pause', isPaused ? 'Play (space)' : 'Pause (space)');
    const track = /** @type {HTMLElement} */ (this._track);
    const time = Math.min(video.currentTime, duration);
    /** @type {HTMLElement} */ (this._done).style.width = `${(100 * time) / duration}%`;
    const clockText = formatClock(time, duration);
    if (this._time && this._time.textContent !== clockText) this._time.textContent = clockText;
    track.setAttribute('aria-valuemax', duration.toFixed(1));
    track.setAttribute('aria-valuenow', time.toFixed(1));
    track.setAttribute('aria-valuetext', `${time.toFixed(1)} s, step ${describeStep(this.explore, index)}`);
    if (index === this._shownIndex) return;
    this._shownIndex = index;
    this._parts?.forEach((part, i) => part.classList.toggle('sr-player-now', i === index));
    if (this._caption) this._caption.textContent = readCaption(this.explore, index);
  }

  /** @param {string} text */
  say(text) {
    if (this._said) this._said.textContent = text;
  }

  // --- what the buttons do ------------------------------------------------------------

  /** @param {number} by */
  step(by) {
    this.leaveTurning();
    if (by > 0) this.clock.next();
    else this.clock.previous();
    this.say('');
  }

  /** @param {boolean} isOn */
  setStepping(isOn) {
    this.clock.isStepping = isOn;
    this._stepping?.setAttribute('aria-pressed', String(isOn));
    this._allowLoop();
  }

  /** @param {boolean} isOn */
  setLooping(isOn) {
    this.clock.isLooping = isOn;
    this.clock.until = isOn && !this.video.paused ? this.clock.index : null;
    this._looping?.setAttribute('aria-pressed', String(isOn));
    this._allowLoop();
  }

  // A video that begins again by itself would run past the end of its last step.
  _allowLoop() {
    this.video.loop = this._loops && !this.clock.isStepping && !this.clock.isLooping;
  }

  /** @param {boolean} isOn */
  setCaptions(isOn) {
    if (this._caption) this._caption.hidden = !isOn;
    this._captions?.setAttribute('aria-pressed', String(isOn));
  }

  /** Show the shapes of this moment as a viewer, or the video again. */
  async turn() {
    const turning = /** @type {Turning} */ (this._turning);
    if (turning.isOpen) {
      this.leaveTurning();
      return;
    }
    this.video.pause();
    const isOpen = await turning.open(this.video.currentTime);
    this._turn?.setAttribute('aria-pressed', String(isOpen));
    this.root.classList.toggle('sr-player-turning', isOpen);
  }

  /**
   * Go one step on or back; false where the result has no more of them.
   * @param {number} way
   */
  goWithin(way) {
    this.leaveTurning();
    const { clock, video } = this;
    if (way > 0) return !(clock.isAtEnd && clock.index === clock.steps.length - 1) && clock.next();
    const isAtStart = video.currentTime <= 0.01;
    if (!isAtStart) clock.previous();
    return !isAtStart;
  }

  leaveTurning() {
    if (!this._turning?.isOpen) return;
    const hadFocus = this._screen?.contains(document.activeElement);
    this._turning.close();
    // What had the focus is gone, and the keys are to be the player's.
    if (hadFocus) this.root.focus({ preventScroll: true });
    this._turn?.setAttribute('aria-pressed', 'false');
    this.root.classList.remove('sr-player-turning');
  }

  present() {
    this.leaveTurning();
    this.video.pause();
    const results = this._listResults();
    const at = results.findIndex((result) => result.id === this.id);
    present(at < 0 ? [describeResult(this)] : results, Math.max(0, at), () => {
      results.forEach((result) => result.release?.());
      this.root.focus();
    });
  }

  toggleFullScreen() {
    if (document.fullscreenElement) void document.exitFullscreen();
    else void this._screen?.requestFullscreen?.().catch(() => this.say('This page may not fill the screen.'));
  }

  /** @param {KeyboardEvent} event */
  _press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const target = /** @type {HTMLElement} */ (event.target);
    if (target.closest('input, select, textarea')) return;
    if (event.key === ' ' && target.closest('button')) return;
    if (this._turning?.isOpen && this._turning.press(event)) return;
    const act = this._findAct(event.key);
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  /**
   * @param {string} key
   * @returns {(() => void) | undefined}
   */
  _findAct(key) {
    const { clock } = this;
    /** @type {Record<string, () => void>} */
    const acts = {
      ' ': () => clock.toggle(),
      ArrowRight: () => this.step(1),
      ArrowLeft: () => this.step(-1),
      Home: () => clock.seek(0),
      End: () => clock.seek(clock.endOf(this.explore.steps.length - 1)),
      s: () => this.setStepping(!clock.isStepping),
      l: () => this.setLooping(!clock.isLooping),
      c: () => this.setCaptions(Boolean(this._caption?.hidden)),
      f: () => this.toggleFullScreen(),
      p: () => this.present(),
      t: () => { if (this.explore.geometry) void this.turn(); },
    };
    return acts[key.length === 1 ? key.toLowerCase() : key];
  }

  dispose() {
    PLAYERS.delete(this);
    this.leaveTurning();
    this.clock.dispose();
    Object.assign(this.video, this._before);
    if (this.root.parentNode) this.root.replaceWith(this.video);
  }

  _shownIndex = -1;
}

/**
 * Give a video the bar with its steps.
 * @param {HTMLVideoElement} video
 * @param {Options} options
 */
export function mountPlayer(video, options) {
  return new Player(video, options);
}

/**
 * @param {Parameters<typeof makeIconButton>[0]} icon
 * @param {string} title
 * @param {() => void} act
 */
function makeToggle(icon, title, act) {
  const button = makeIconButton(icon, title, act);
  button.setAttribute('aria-pressed', 'false');
  return button;
}

/** The results whose players are on the page, from top to bottom. */
function listMounted() {
  const players = [...PLAYERS].filter((player) => player.root.isConnected);
  players.sort((a, b) => (a.root.compareDocumentPosition(b.root) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
  return players.map(describeResult);
}

/**
 * @param {Player} player
 * @returns {Result}
 */
function describeResult({ id, video, title, explore }) {
  return { id, title, load: async () => ({ video: video.currentSrc || video.src, poster: video.poster, explore }) };
}

/**
 * @param {Explore} explore
 * @param {number} index
 */
function describeStep({ steps }, index) {
  const number = String(index + 1);
  const { name } = steps[index];
  return name === number ? number : `${number}: ${name}`;
}

/**
 * What the name of a step says beside its number.
 * @param {Explore} explore
 * @param {number} index
 */
function readCaption({ steps }, index) {
  const { name } = steps[index];
  return name === String(index + 1) ? '' : name;
}

/**
 * Whole seconds say nothing of what lasts only a few.
 * @param {number} time
 * @param {number} duration
 */
function formatClock(time, duration) {
  if (duration < SHORT_S) return `${time.toFixed(1)} / ${duration.toFixed(1)} s`;
  return `${formatTime(time)} / ${formatTime(duration)}`;
}

/** @param {number} seconds */
function formatTime(seconds) {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
