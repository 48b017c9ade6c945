// Results one after the other on a black screen, one key a step.
// @ts-check

import { makeElement } from './dom.js';
import { StepClock } from './steps.js';
import { Turning } from './turning.js';

/** @typedef {import('./player.js').Result} Result */

const FORWARD = new Set(['ArrowRight', 'ArrowDown', 'PageDown', ' ', 'Enter', 'n']);
const BACK = new Set(['ArrowLeft', 'ArrowUp', 'PageUp', 'Backspace']);

/**
 * Show results on the whole screen, from one of them on.
 * @param {Result[]} results
 * @param {number} first
 * @param {() => void} onEnd
 */
export function present(results, first, onEnd) {
  return new Presentation(results, first, onEnd);
}

class Presentation {
  /**
   * @param {Result[]} results
   * @param {number} first
   * @param {() => void} onEnd
   */
  constructor(results, first, onEnd) {
    this._results = results;
    this._onEnd = onEnd;
    this._at = first;
    this.root = makeElement('div', 'sr-present', { tabIndex: -1 });
    this.root.dataset.lmSuppressShortcuts = 'true';
    this.root.setAttribute('role', 'dialog');
    this.root.setAttribute('aria-modal', 'true');
    this.root.setAttribute('aria-label', 'Presentation. Page Down: next step, Page Up: step before, t: turn, b: black, Escape: end');
    this._where = makeElement('output', 'sr-present-where');
    this.root.addEventListener('keydown', (event) => this._press(event));
    this.root.addEventListener('click', () => { if (!this._turning?.isOpen) this.forward(); });
    this._onFullScreen = () => { if (this._wasFull && !document.fullscreenElement) this.end(); };
    document.addEventListener('fullscreenchange', this._onFullScreen);
    document.body.append(this.root);
    this._fillScreen();
    void this._open(first, false);
    this.root.focus();
  }

  // Where a page may not fill the screen, the presentation fills the window.
  _fillScreen() {
    const asked = this.root.requestFullscreen?.();
    void asked?.then(() => { this._wasFull = true; }, () => undefined);
  }

  /**
   * @param {number} at
   * @param {boolean} isAtEnd
   */
  async _open(at, isAtEnd) {
    this.leaveTurning();
    this._turning = null;
    this._clock?.dispose();
    this._clock = null;
    this._at = at;
    const { title, load } = this._results[at];
    this._where.textContent = title;
    const media = await load().catch(() => null);
    if (this._at !== at) return;
    if (!media) {
      this._where.textContent = `${title}: its video cannot be loaded`;
      return;
    }
    const { video: src, poster, explore } = media;
    const video = makeElement('video', 'sr-present-video', { src, poster, muted: true, playsInline: true, preload: 'auto', ariaLabel: title });
    const stage = makeElement('div', 'sr-present-stage', {}, video);
    this.root.replaceChildren(stage, this._where);
    const steps = explore?.steps;
    video.addEventListener('loadedmetadata', () => {
      stage.style.setProperty('--sr-ratio', String(video.videoWidth / video.videoHeight));
      // Without steps a result is one.
      const whole = [{ name: '1', start_s: 0, end_s: video.duration }];
      const clock = new StepClock(video, steps ?? whole, () => this._show());
      clock.isStepping = true;
      this._clock = clock;
      if (explore?.geometry) this._turning = this._makeTurning(stage, explore, clock);
      if (isAtEnd) clock.seek(clock.endOf(clock.steps.length - 1));
      this._show();
    }, { once: true });
  }

  /**
   * @param {HTMLElement} stage
   * @param {import('./steps.js').Explore} explore
   * @param {StepClock} clock
   */
  _makeTurning(stage, explore, clock) {
    return new Turning(stage, explore, {
      say: (text) => { this._said = text; this._show(); },
      playOn: () => { this.leaveTurning(); clock.play(); },
      seek: (time) => { clock.video.pause(); clock.seek(time); },
    });
  }

  /** Show the shapes of this moment as a viewer, or the video again. */
  async turn() {
    const { _turning: turning, _clock: clock } = this;
    if (!turning || !clock) return;
    if (turning.isOpen) this.leaveTurning();
    else await turning.open(clock.video.currentTime);
  }

  leaveTurning() {
    if (!this._turning?.isOpen) return;
    this._turning.close();
    this.root.focus();
  }

  _show() {
    const clock = this._clock;
    if (!clock) return;
    const { name } = clock.steps[clock.index];
    const parts = [`${clock.index + 1} of ${clock.steps.length}`, name === String(clock.index + 1) ? '' : name];
    if (this._results.length > 1) parts.unshift(`Result ${this._at + 1} of ${this._results.length}`);
    const text = this._said || parts.filter(Boolean).join(' · ');
    if (this._where.textContent !== text) this._where.textContent = text;
  }

  forward() {
    if (this._lighten()) return;
    this.leaveTurning();
    const clock = this._clock;
    const isOver = !clock || (clock.isAtEnd && clock.index === clock.steps.length - 1);
    if (!isOver) clock.next();
    else if (this._at + 1 < this._results.length) void this._open(this._at + 1, false);
  }

  back() {
    if (this._lighten()) return;
    this.leaveTurning();
    const clock = this._clock;
    if (clock && clock.video.currentTime > 0.01) clock.previous();
    else if (this._at > 0) void this._open(this._at - 1, true);
  }

  _lighten() {
    return this.root.classList.contains('sr-present-black') && !this.root.classList.toggle('sr-present-black', false);
  }

  /** @param {KeyboardEvent} event */
  _press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { key } = event;
    event.stopPropagation();
    if (/** @type {HTMLElement} */ (event.target).closest('input') && key !== 'Escape') return;
    if (this._turning?.isOpen && this._turning.press(event)) return;
    if (key === 't' || key === 'T') void this.turn();
    else if (FORWARD.has(key)) this.forward();
    else if (BACK.has(key)) this.back();
    else if (key === 'b' || key === 'B' || key === '.') this._darken();
    else if (key === 'Escape' || key === 'p') this.end();
    else if (key !== 'Tab') return;
    event.preventDefault();
  }

  _darken() {
    this._clock?.video.pause();
    this.root.classList.toggle('sr-present-black');
  }

  end() {
    if (!this.root.isConnected) return;
    document.removeEventListener('fullscreenchange', this._onFullScreen);
    this.leaveTurning();
    this._clock?.dispose();
    this.root.remove();
    if (document.fullscreenElement) void document.exitFullscreen().catch(() => undefined);
    this._onEnd();
  }

  /** @type {StepClock | null} */
  _clock = null;
  /** @type {Turning | null} */
  _turning = null;
  _said = '';
  _wasFull = false;
}
