// What lies between two moments of a scene, so that it can be turned while it plays.
// What both show stays; what has the same parts in both moves straight from one place to the other; what
// only one of them shows fades. The camera goes on evenly.
// @ts-check

/** @typedef {import('./geometry.js').Geometry} Geometry */
/** @typedef {import('./geometry.js').Moment} Moment */
/** @typedef {import('./geometry.js').Item} Item */
/** @typedef {import('./geometry.js').Style} Style */
/** @typedef {{item: Item, before: Style, after: Style}} Changing */

// Points that come much closer together on a straight way were turned: they jump in its middle.
const LEAST_SPREAD = 0.6;

export class Blend {
  /**
   * @param {Geometry} geometry
   * @param {Moment} before
   * @param {Moment} after
   */
  constructor(geometry, before, after) {
    this._before = before;
    this._after = after;
    /** @type {Changing[]} */
    this._changing = [];
    this._corners = Array.from(geometry.corners);
    /** @type {Record<number, number[][]>} pairs of points, of three and four coordinates */
    this._pairs = { 3: [], 4: [] };
    this._counts = { 3: geometry.points.length / 3, 4: geometry.points4.length / 4 };
    const items = this._match();
    const points = this._extend(geometry.points, 3);
    const points4 = this._extend(geometry.points4, 4);
    this._tracks = [this._track(points, 3), this._track(points4, 4)];
    /** @type {Geometry} */
    this.geometry = { ...geometry, points, points4, corners: Uint32Array.from(this._corners) };
    /** @type {Moment} */
    this.moment = { ...after, camera: { ...after.camera }, items };
    this.at(0);
  }

  /**
   * Bring everything to a share of the way, from 0 to 1.
   * @param {number} share
   */
  at(share) {
    for (const { points, at, from, to, isTurned } of this._tracks) {
      const part = isTurned ? Math.round(share) : share;
      for (let k = 0; k < from.length; k += 1) points[at + k] = from[k] + (to[k] - from[k]) * part;
    }
    for (const { item, before, after } of this._changing) item.style = blendStyles(before, after, share);
    Object.assign(this.moment.camera, blendCameras(this._before.camera, this._after.camera, share));
  }

  /** Pair what both show, and return everything that is drawn, the hindmost first. */
  _match() {
    const kept = new Set(this._before.items);
    const later = new Set(this._after.items);
    /** @type {Map<string, Item[]>} */
    const waiting = new Map();
    for (const item of this._before.items) {
      if (later.has(item)) continue;
      const key = describeParts(item);
      waiting.set(key, [...(waiting.get(key) ?? []), item]);
    }
    const shown = this._after.items.map((item) => {
      if (kept.has(item)) return item;
      const partner = waiting.get(describeParts(item))?.shift();
      return partner ? this._pair(partner, item) : this._fade(item, 0, 1);
    });
    const gone = new Set([...waiting.values()].flat());
    const fading = this._before.items.filter((item) => gone.has(item)).map((item) => this._fade(item, 1, 0));
    return [...fading, ...shown];
  }

  /**
   * @param {Item} item
   * @param {number} first
   * @param {number} last
   */
  _fade(item, first, last) {
    const fading = { ...item };
    this._changing.push({ item: fading, before: scaleOpacity(item.style, first), after: scaleOpacity(item.style, last) });
    return fading;
  }

  /**
   * @param {Item} before
   * @param {Item} after
   * @returns {Item}
   */
  _pair(before, after) {
    const width = after.path.kind ? 4 : 3;
    const curves = after.path.curves.map((curve, at) => {
      const first = this._corners.length;
      for (let k = 0; k < curve.count; k += 1) {
        const pair = [this._corners[before.path.curves[at].first + k], this._corners[curve.first + k]];
        this._corners.push(this._addPoint(pair, width));
      }
      return { ...curve, first };
    });
    const marks = /** @type {const} */ (['anchor', 'from', 'to']);
    const places = Object.fromEntries(marks.map((mark) => [mark, this._addPoint([before[mark], after[mark]], 3)]));
    const item = { ...after, ...places, path: { kind: after.path.kind, curves } };
    if (before.style !== after.style) this._changing.push({ item, before: before.style, after: after.style });
    return item;
  }

  /**
   * @param {number[]} pair
   * @param {3 | 4} width
   */
  _addPoint(pair, width) {
    this._pairs[width].push(pair);
    return this._counts[width] + this._pairs[width].length - 1;
  }

  /**
   * @param {Float32Array} points
   * @param {3 | 4} width
   */
  _extend(points, width) {
    const longer = new Float32Array(points.length + width * this._pairs[width].length);
    longer.set(points);
    return longer;
  }

  /**
   * @param {Float32Array} points
   * @param {3 | 4} width
   */
  _track(points, width) {
    const read = (/** @type {number} */ end) => {
      const values = new Float32Array(width * this._pairs[width].length);
      this._pairs[width].forEach((pair, at) => values.set(points.subarray(width * pair[end], width * (pair[end] + 1)), width * at));
      return values;
    };
    const [from, to] = [read(0), read(1)];
    const middle = from.map((value, at) => (value + to[at]) / 2);
    const isTurned = spread(middle, width) < LEAST_SPREAD * Math.min(spread(from, width), spread(to, width));
    return { points, at: width * this._counts[width], from, to, isTurned };
  }
}

/**
 * What has to be alike in two items so that one can become the other.
 * @param {Item} item
 */
function describeParts({ place, isByDepth, path, style }) {
  const curves = path.curves.map(({ count, isClosed, isStraight }) => `${count}${isClosed}${isStraight}`).join();
  const stops = [style.fill, style.stroke, style.back].map((colors) => colors.length).join();
  return [place, isByDepth, path.kind, stops, curves].join(' ');
}

/**
 * How far points lie from their middle.
 * @param {Float32Array} values
 * @param {number} width
 */
function spread(values, width) {
  let sum = 0;
  for (let axis = 0; axis < width; axis += 1) {
    let [total, squares, count] = [0, 0, 0];
    for (let at = axis; at < values.length; at += width) {
      total += values[at];
      squares += values[at] ** 2;
      count += 1;
    }
    sum += count ? squares / count - (total / count) ** 2 : 0;
  }
  return Math.sqrt(Math.max(0, sum));
}

/**
 * @param {Style} style
 * @param {number} factor
 * @returns {Style}
 */
function scaleOpacity(style, factor) {
  const scale = (/** @type {number[][]} */ colors) => colors.map(([r, g, b, a]) => [r, g, b, a * factor]);
  return { ...style, fill: scale(style.fill), stroke: scale(style.stroke), back: scale(style.back) };
}

/**
 * @param {Style} before
 * @param {Style} after
 * @param {number} share
 * @returns {Style}
 */
function blendStyles(before, after, share) {
  const mix = (/** @type {number} */ a, /** @type {number} */ b) => a + (b - a) * share;
  const blend = (/** @type {number[][]} */ one, /** @type {number[][]} */ other) => one.map(
    (color, at) => color.map((value, channel) => Math.round(mix(value, other[at][channel]))));
  return {
    ...after, fill: blend(before.fill, after.fill), stroke: blend(before.stroke, after.stroke), back: blend(before.back, after.back),
    width: mix(before.width, after.width), backWidth: mix(before.backWidth, after.backWidth),
  };
}

/**
 * @param {import('./geometry.js').CameraView} before
 * @param {import('./geometry.js').CameraView} after
 * @param {number} share
 */
function blendCameras(before, after, share) {
  const mix = (/** @type {number} */ a, /** @type {number} */ b) => a + (b - a) * share;
  const names = /** @type {const} */ (['phi', 'theta', 'gamma', 'zoom', 'focal']);
  return {
    ...Object.fromEntries(names.map((name) => [name, mix(before[name], after[name])])),
    center: before.center.map((value, axis) => mix(value, after.center[axis])),
    frame: before.frame.map((value, axis) => mix(value, after.frame[axis])),
  };
}
