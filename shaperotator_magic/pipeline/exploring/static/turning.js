// The viewer of a moment over its video: pointers, keys, and what four dimensions need.
// @ts-check

import { Blend } from './blending.js';
import { changeIcon, makeElement, makeIconButton } from './dom.js';
import { GeometryError, readGeometry } from './geometry.js';
import { makeOwnView, Painter, PLANES } from './viewer.js';

/** @typedef {import('./steps.js').Explore} Explore */
/** @typedef {{say: (text: string) => void, playOn: () => void, seek: (time: number) => void}} Host */

const HELP = 'Drag to turn · wheel to zoom · shift-drag to move · r: the scene’s view · space: play on';
const PLAY = 'Play while it is turned (k)';
const PAUSE = 'Pause (k)';
const LONGEST_FRAME_S = 0.1;
// A moment that is farther away is another one to the eye.
const NEAR_S = 0.5;
const SEEK_MS = 250;
const STEP = 0.08; // radians a key
const PER_PIXEL = 0.008; // radians
const MOVE = 0.25; // of manim's units a key
const ZOOM = 1.12;
const CLOSEST = 40;
// What was moved last is drawn whole when it rests.
const REST_MS = 140;

export class Turning {
  /**
   * @param {HTMLElement} screen
   * @param {Explore} explore
   * @param {Host} host
   */
  constructor(screen, explore, host) {
    this._screen = screen;
    this._explore = explore;
    this._host = host;
    this.isOpen = false;
    this.view = makeOwnView();
  }

  /**
   * Show the shapes of a moment; resolves to false where they cannot be read.
   * @param {number} time where the video stands
   */
  async open(time) {
    try {
      this._geometry ??= await readGeometry(this._explore.geometry);
    } catch (error) {
      this._host.say(error instanceof GeometryError ? `${error.message} The video plays as before.` : 'This browser cannot show the shapes of this result.');
      return false;
    }
    const moment = this._findMoment(time);
    this.painter = new Painter(this._geometry, moment);
    this.view = makeOwnView();
    this._time = this._timeOf(moment);
    this._build();
    this.isOpen = true;
    this._host.seek(this._time);
    this._host.say(this._describe(moment, time));
    this.draw(false);
    this.canvas?.focus();
    return true;
  }

  /**
   * Within the frame that shows a moment, as the player stands at the end of a step.
   * @param {{end_s: number}} moment
   */
  _timeOf({ end_s: end }) {
    return Math.max(0, end - 0.004);
  }

  /**
   * The shapes are known in some frames: the nearest one is taken.
   * @param {number} time
   */
  _findMoment(time) {
    const { moments } = /** @type {import('./geometry.js').Geometry} */ (this._geometry);
    const distances = moments.map((moment) => Math.abs(this._timeOf(moment) - time));
    return moments[distances.indexOf(Math.min(...distances))];
  }

  /**
   * @param {import('./geometry.js').Moment} moment
   * @param {number} time where the video stood
   */
  _describe(moment, time) {
    const isNear = Math.abs(this._timeOf(moment) - time) <= NEAR_S;
    return isNear ? HELP : `Step ${moment.step + 1} is the nearest whose shapes are kept. ${HELP}`;
  }

  _build() {
    const canvas = makeElement('canvas', 'sr-viewer', { tabIndex: 0 });
    canvas.setAttribute('role', 'application');
    canvas.setAttribute('aria-roledescription', 'shape to turn');
    canvas.setAttribute('aria-label', 'Shapes: arrow keys turn, plus and minus zoom, shift and arrow keys move, r brings the scene’s view back, space plays on');
    this.canvas = canvas;
    this._screen.append(canvas);
    if (this._listMoments().length > 1) {
      this._play = makeIconButton('play', PLAY, () => this.togglePlaying());
      this._play.classList.add('sr-viewer-play');
      this._screen.append(this._play);
    }
    if (this.painter?.hasFour) this._screen.after((this._planes = this._buildPlanes()));
    this._follow(canvas);
    this._observer = new ResizeObserver(() => this.draw(false));
    this._observer.observe(canvas);
  }

  close() {
    this.isOpen = false;
    this._isPlaying = false;
    this._blended = null;
    this._play?.remove();
    this._play = undefined;
    this._observer?.disconnect();
    window.clearTimeout(this._resting);
    this.canvas?.remove();
    this._planes?.remove();
    this._planes = undefined;
    this._host.say('');
  }

  // --- time goes on --------------------------------------------------------------------

  /** Moments in the order of time. */
  _listMoments() {
    const { moments } = /** @type {import('./geometry.js').Geometry} */ (this._geometry);
    return [...moments].sort((a, b) => a.end_s - b.end_s);
  }

  /** Let time go on in the viewer, or stop it; from the end it begins again. */
  togglePlaying() {
    const moments = this._listMoments();
    if (moments.length < 2) return;
    this._isPlaying = !this._isPlaying;
    this._showPlaying();
    if (!this._isPlaying) return;
    const [first, last] = [moments[0], moments[moments.length - 1]].map((moment) => this._timeOf(moment));
    if (this._time >= last - 1e-3) this._time = first;
    let seenAt = performance.now();
    let soughtAt = seenAt;
    const goOn = (/** @type {number} */ now) => {
      if (!this._isPlaying) return;
      this._time = Math.min(last, this._time + Math.min(LONGEST_FRAME_S, Math.max(0, now - seenAt) / 1000));
      seenAt = now;
      this._showTime(moments);
      this._isPlaying = this._time < last;
      // The bar below follows the video, and a video is slow to seek.
      if (now - soughtAt > SEEK_MS || !this._isPlaying) {
        soughtAt = now;
        this._host.seek(this._time);
      }
      if (this._isPlaying) requestAnimationFrame(goOn);
      else this._showPlaying();
    };
    requestAnimationFrame(goOn);
  }

  _showPlaying() {
    if (this._play) changeIcon(this._play, this._isPlaying ? 'pause' : 'play', this._isPlaying ? PAUSE : PLAY);
    if (!this._isPlaying) this._host.seek(this._time);
  }

  /** @param {import('./geometry.js').Moment[]} moments */
  _showTime(moments) {
    const times = moments.map((moment) => this._timeOf(moment));
    const next = Math.max(1, times.findIndex((time) => time >= this._time));
    if (this._blended?.next !== next) {
      const geometry = /** @type {import('./geometry.js').Geometry} */ (this._geometry);
      const blend = new Blend(geometry, moments[next - 1], moments[next]);
      this._blended = { next, blend };
      this.painter = new Painter(blend.geometry, blend.moment);
    }
    this._blended.blend.at((this._time - times[next - 1]) / (times[next] - times[next - 1]));
    this.draw(true);
  }

  /** @param {HTMLCanvasElement} canvas */
  _follow(canvas) {
    /** @type {Map<number, {x: number, y: number}>} */
    const held = new Map();
    canvas.addEventListener('pointerdown', (event) => {
      canvas.setPointerCapture(event.pointerId);
      held.set(event.pointerId, { x: event.clientX, y: event.clientY });
      canvas.focus();
      event.preventDefault();
    });
    canvas.addEventListener('pointermove', (event) => {
      const before = held.get(event.pointerId);
      if (!before) return;
      const now = { x: event.clientX, y: event.clientY };
      if (held.size === 1) this._drag(now.x - before.x, now.y - before.y, event.shiftKey);
      else this._pinch(held, event.pointerId, now);
      held.set(event.pointerId, now);
    });
    for (const kind of /** @type {const} */ (['pointerup', 'pointercancel', 'lostpointercapture'])) {
      canvas.addEventListener(kind, (event) => held.delete(event.pointerId));
    }
    canvas.addEventListener('wheel', (event) => {
      event.preventDefault();
      this.zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.03 : 0.0015)));
    }, { passive: false });
  }

  /**
   * @param {number} dx
   * @param {number} dy
   * @param {boolean} isMoved moved instead of turned
   */
  _drag(dx, dy, isMoved) {
    if (isMoved) this.move(dx * this._unitsPerPixel(), -dy * this._unitsPerPixel());
    else this.orbit(dx * PER_PIXEL, dy * PER_PIXEL);
  }

  /**
   * Two fingers move with their middle and zoom with their distance.
   * @param {Map<number, {x: number, y: number}>} held
   * @param {number} id of the finger that moved
   * @param {{x: number, y: number}} now
   */
  _pinch(held, id, now) {
    const before = /** @type {{x: number, y: number}} */ (held.get(id));
    const [other] = [...held].filter(([key]) => key !== id).map(([, place]) => place);
    const far = (/** @type {{x: number, y: number}} */ place) => Math.max(10, Math.hypot(place.x - other.x, place.y - other.y));
    const half = this._unitsPerPixel() / 2;
    this.move((now.x - before.x) * half, (before.y - now.y) * half);
    this.zoom(far(now) / far(before));
  }

  _unitsPerPixel() {
    const { frame } = /** @type {Painter} */ (this.painter).moment.camera;
    return frame[0] / Math.max(1, this.canvas?.clientWidth ?? 1);
  }

  /**
   * @param {number} yaw
   * @param {number} pitch
   */
  orbit(yaw, pitch) {
    this.view.yaw += yaw;
    this.view.pitch += pitch;
    this.draw(true);
  }

  /**
   * @param {number} dx
   * @param {number} dy
   */
  move(dx, dy) {
    this.view.dx += dx;
    this.view.dy += dy;
    this.draw(true);
  }

  /** @param {number} factor */
  zoom(factor) {
    this.view.zoom = Math.min(CLOSEST, Math.max(1 / CLOSEST, this.view.zoom * factor));
    this.draw(true);
  }

  reset() {
    this.view = makeOwnView();
    this._planes?.querySelectorAll('input').forEach((input) => {
      if (input.type === 'range') input.value = '0';
      else input.checked = true;
    });
    this.draw(false);
  }

  /**
   * Take a key; false where it is not the viewer's.
   * @param {KeyboardEvent} event
   */
  press(event) {
    const { key, shiftKey } = event;
    const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const arrow = arrows[/** @type {keyof typeof arrows} */ (key)];
    if (arrow && shiftKey) this.move(arrow[0] * MOVE, -arrow[1] * MOVE);
    else if (arrow) this.orbit(arrow[0] * STEP, arrow[1] * STEP);
    else if (key === '+' || key === '=') this.zoom(ZOOM);
    else if (key === '-' || key === '_') this.zoom(1 / ZOOM);
    else if (key === 'r' || key === 'R') this.reset();
    else if (key === 'k' || key === 'K') this.togglePlaying();
    else if (key === ' ' || key === 'Escape') this._host.playOn();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  /** @param {boolean} isMoving */
  draw(isMoving) {
    window.clearTimeout(this._resting);
    if (isMoving) this._resting = window.setTimeout(() => this.draw(false), REST_MS);
    this._isMoving = isMoving;
    if (this._isPlanned) return;
    this._isPlanned = true;
    requestAnimationFrame(() => {
      this._isPlanned = false;
      this._paint();
    });
  }

  _paint() {
    const { canvas, painter } = this;
    if (!canvas?.isConnected || !painter) return;
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    const [width, height] = [Math.round(canvas.clientWidth * ratio), Math.round(canvas.clientHeight * ratio)];
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const context = canvas.getContext('2d', { alpha: false });
    if (context && width && height) painter.draw(context, this.view, this._isMoving && painter.moment.items.length > MANY);
  }

  /** Sliders for the six planes, and both perspectives. */
  _buildPlanes() {
    const box = makeElement('div', 'sr-viewer-planes');
    box.setAttribute('role', 'group');
    box.setAttribute('aria-label', 'Four dimensions');
    PLANES.forEach(([name], at) => {
      const id = `sr-plane-${name}-${Math.random().toString(36).slice(2, 8)}`;
      const input = makeElement('input', '', { type: 'range', min: '-180', max: '180', step: '1', value: '0', id, title: `Turn in the plane ${name}, in degrees` });
      input.addEventListener('input', () => {
        this.view.planes[at] = (Number(input.value) * Math.PI) / 180;
        this.draw(true);
      });
      box.append(makeElement('label', '', { htmlFor: id, textContent: name }), input);
    });
    box.append(this._buildEye('4D perspective', 'isEye4'), this._buildEye('3D perspective', 'isEye3'));
    return box;
  }

  /**
   * @param {string} name
   * @param {'isEye4' | 'isEye3'} field
   */
  _buildEye(name, field) {
    const input = makeElement('input', '', { type: 'checkbox', checked: true });
    input.addEventListener('change', () => {
      this.view[field] = input.checked;
      this.draw(false);
    });
    return makeElement('label', 'sr-viewer-whole', {}, input, name);
  }

  /** @type {import('./geometry.js').Geometry | undefined} */
  _geometry = undefined;
  /** @type {{next: number, blend: Blend} | null} */
  _blended = null;
  /** @type {HTMLButtonElement | undefined} */
  _play = undefined;
  _isPlaying = false;
  _time = 0;
  /** @type {number | undefined} */
  _resting = undefined;
  _isPlanned = false;
  _isMoving = false;
}

// So many items are drawn without gradients while they move.
const MANY = 300;
