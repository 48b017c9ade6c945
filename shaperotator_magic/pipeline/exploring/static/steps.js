// The steps of a video: reading them, finding the one of a time, and playing one at a time.
// @ts-check

/** @typedef {{name: string, start_s: number, end_s: number}} Step */
/** @typedef {{steps: Step[], geometry: string}} Explore */

const MOST_STEPS = 2000;
const LONGEST_NAME = 160;
// Within the last picture of a step, whatever the rate of frames.
const BEFORE_END_S = 0.004;

/**
 * Read what a page was given of a result; nothing is believed of its shape.
 * @param {unknown} raw
 * @returns {Explore | null}
 */
export function readExplore(raw) {
  if (!raw || typeof raw !== 'object') return null;
  const { steps, geometry } = /** @type {Record<string, unknown>} */ (raw);
  const read = Array.isArray(steps) ? steps.slice(0, MOST_STEPS).filter(isStep) : [];
  if (!read.length) return null;
  const named = read.map(({ name, start_s, end_s }) => ({ name: name.slice(0, LONGEST_NAME), start_s, end_s }));
  return { steps: named, geometry: typeof geometry === 'string' ? geometry : '' };
}

/**
 * @param {any} step
 * @returns {step is Step}
 */
function isStep(step) {
  return Boolean(step) && typeof step.name === 'string' && Number.isFinite(step.start_s)
    && Number.isFinite(step.end_s) && step.start_s >= 0 && step.end_s > step.start_s;
}

/**
 * Read the attribute of a figure.
 * @param {string | undefined} text
 */
export function parseExplore(text) {
  try {
    return readExplore(JSON.parse(text ?? 'null'));
  } catch {
    return null;
  }
}

/** Moves a video from step to step. */
export class StepClock {
  /**
   * @param {HTMLVideoElement} video
   * @param {Step[]} steps
   * @param {() => void} onChange called whenever the time or what plays has changed
   */
  constructor(video, steps, onChange) {
    this.video = video;
    this.steps = steps;
    this.isStepping = false;
    this.isLooping = false;
    /** @type {number | null} where it stops, while one step plays */
    this.until = null;
    this._onChange = onChange;
    this._isOver = false;
    for (const kind of ['play', 'pause', 'seeked', 'loadedmetadata', 'timeupdate', 'ratechange', 'ended']) {
      video.addEventListener(kind, () => this._follow());
    }
  }

  get duration() {
    const { duration } = this.video;
    return Number.isFinite(duration) && duration > 0 ? duration : this.steps[this.steps.length - 1].end_s;
  }

  /** The step that is shown; at the very end of one it is that one, not the next. */
  get index() {
    const at = this.video.currentTime + BEFORE_END_S / 2;
    const next = this.steps.findIndex((step) => step.start_s > at);
    return next < 0 ? this.steps.length - 1 : Math.max(0, next - 1);
  }

  /** @param {number} index */
  endOf(index) {
    return Math.max(0, Math.min(this.steps[index].end_s, this.duration) - BEFORE_END_S);
  }

  /** Whether it stands at the end of the step that is shown. */
  get isAtEnd() {
    return this.video.currentTime >= this.endOf(this.index) - BEFORE_END_S;
  }

  /** @param {number} time */
  seek(time) {
    this.until = null;
    this.video.currentTime = Math.max(0, Math.min(time, this.duration));
  }

  toggle() {
    if (this.video.paused) this.play();
    else this.video.pause();
  }

  /** Go on from here: to the end of a step while stepping is on. */
  play() {
    if (this.isStepping || this.isLooping) {
      const index = this.isAtEnd && !this.isLooping ? this.index + 1 : this.index;
      this._playStep(Math.min(index, this.steps.length - 1));
      return;
    }
    this.until = null;
    void this.video.play().catch(() => undefined);
  }

  /** Play the next step; false where there is none. */
  next() {
    const { index } = this;
    if (!this.isStepping) {
      const hasNext = index + 1 < this.steps.length;
      if (hasNext) this.seek(this.steps[index + 1].start_s);
      return hasNext;
    }
    // A press while a step still plays means the one after it: two presses are two steps.
    const target = this.isAtEnd || !this.video.paused ? index + 1 : index;
    if (target >= this.steps.length) {
      this.video.pause();
      this.seek(this.endOf(this.steps.length - 1));
      return false;
    }
    this._playStep(target);
    return true;
  }

  /** Go back to the end of the step before; at the first one to its beginning. */
  previous() {
    const { index } = this;
    if (!this.isStepping) {
      const isNearStart = this.video.currentTime < this.steps[index].start_s + 0.5;
      this.seek(this.steps[isNearStart ? Math.max(0, index - 1) : index].start_s);
      return;
    }
    this.video.pause();
    this.seek(index ? this.endOf(index - 1) : 0);
  }

  /** @param {number} index */
  _playStep(index) {
    const { start_s: start } = this.steps[index];
    if (this.index !== index || this.isAtEnd) this.video.currentTime = start;
    this.until = index;
    void this.video.play().catch(() => undefined);
    this._watch();
  }

  _follow() {
    if (!this.video.paused) this._watch();
    this._onChange();
  }

  // A video tells of its time four times a second; a step must stop at its own frame.
  _watch() {
    if (this._isWatching) return;
    this._isWatching = true;
    const look = () => {
      this._isWatching = false;
      if (this._isOver || this.video.paused) return;
      this._stopAtEnd();
      this._onChange();
      this._watch();
    };
    requestAnimationFrame(look);
  }

  _stopAtEnd() {
    if (this.until === null && (this.isStepping || this.isLooping)) this.until = this.index;
    if (this.until === null || this.video.currentTime < this.endOf(this.until)) return;
    const { until } = this;
    if (this.isLooping) {
      this.video.currentTime = this.steps[until].start_s;
      return;
    }
    this.video.pause();
    this.seek(this.endOf(until));
  }

  dispose() {
    this._isOver = true;
  }

  _isWatching = false;
}
