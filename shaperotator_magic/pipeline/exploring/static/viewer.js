// Draws the shapes of one moment from any side, on a canvas, as manim's cameras would.
// @ts-check

import { FACING, FIXED, FREE } from './geometry.js';

/** @typedef {import('./geometry.js').Geometry} Geometry */
/** @typedef {import('./geometry.js').Moment} Moment */
/** @typedef {import('./geometry.js').Item} Item */
/** @typedef {{yaw: number, pitch: number, zoom: number, dx: number, dy: number, planes: number[], isEye4: boolean, isEye3: boolean}} View */

// The width of a line of width 1, in manim's units.
const LINE_WIDTH = 0.01;
const JOINS = /** @type {CanvasLineJoin[]} */ (['miter', 'round', 'bevel', 'miter']);
const CAPS = /** @type {CanvasLineCap[]} */ (['butt', 'round', 'butt', 'square']);
// What lies behind the eye is drawn far outside, as manim draws it.
const BEHIND = 1e6;
const QUARTER = Math.PI / 2;

/** The six planes in which four dimensions turn. */
export const PLANES = /** @type {const} */ ([['xy', 0, 1], ['xz', 0, 2], ['yz', 1, 2], ['xw', 0, 3], ['yw', 1, 3], ['zw', 2, 3]]);

/** @returns {View} the scene's own view */
export function makeOwnView() {
  return { yaw: 0, pitch: 0, zoom: 1, dx: 0, dy: 0, planes: [0, 0, 0, 0, 0, 0], isEye4: true, isEye3: true };
}

/** @param {View} view */
export function isOwnView(view) {
  return JSON.stringify(view) === JSON.stringify(makeOwnView());
}

/**
 * @param {number[][]} a
 * @param {number[][]} b
 */
function multiply(a, b) {
  return a.map((row) => b[0].map((_, column) => row.reduce((sum, value, k) => sum + value * b[k][column], 0)));
}

/** @param {number} angle */
function rotateX(angle) {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return [[1, 0, 0], [0, c, -s], [0, s, c]];
}

/** @param {number} angle */
function rotateY(angle) {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return [[c, 0, s], [0, 1, 0], [-s, 0, c]];
}

/** @param {number} angle */
function rotateZ(angle) {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return [[c, -s, 0], [s, c, 0], [0, 0, 1]];
}

/** @param {number[]} angles of the six planes */
function rotateIn4(angles) {
  let turn = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]];
  PLANES.forEach(([, i, j], at) => {
    if (!angles[at]) return;
    const plane = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]];
    plane[i][i] = plane[j][j] = Math.cos(angles[at]);
    plane[j][i] = Math.sin(angles[at]);
    plane[i][j] = -plane[j][i];
    turn = multiply(plane, turn);
  });
  return turn;
}

export class Painter {
  /**
   * @param {Geometry} geometry
   * @param {Moment} moment
   */
  constructor(geometry, moment) {
    this.geometry = geometry;
    this.moment = moment;
    this.hasFour = moment.items.some((item) => item.path.kind > 0);
    this._camera = moment.camera;
    this._count = geometry.points.length / 3;
    this._pivot = this._camera.kind === 'space' ? this._camera.center : this._findMiddle();
    /** @type {Map<string, string>} */
    this._colors = new Map();
    /** @type {Map<number[][], string>} */
    this._averages = new Map();
    this._placed = new Float32Array(this._count * 2);
    this._depths = new Float32Array(this._count);
    this._placed4 = new Float32Array((geometry.points4.length / 4) * 2);
  }

  /** The middle of what turns, for a camera that has none. */
  _findMiddle() {
    const { points } = this.geometry;
    const low = [Infinity, Infinity, Infinity];
    const high = [-Infinity, -Infinity, -Infinity];
    for (const item of this.moment.items) {
      if (item.place !== FREE || item.path.kind) continue;
      this._visit(item, (point) => {
        for (let axis = 0; axis < 3; axis += 1) {
          low[axis] = Math.min(low[axis], points[3 * point + axis]);
          high[axis] = Math.max(high[axis], points[3 * point + axis]);
        }
      });
    }
    return low.map((value, axis) => (value <= high[axis] ? (value + high[axis]) / 2 : 0));
  }

  /**
   * @param {Item} item
   * @param {(point: number) => void} act
   */
  _visit(item, act) {
    for (const { first, count } of item.path.curves) {
      for (let at = first; at < first + count; at += 1) act(this.geometry.corners[at]);
    }
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {View} view
   * @param {boolean} isFast without gradients, while it moves
   */
  draw(context, view, isFast) {
    const { width, height } = context.canvas;
    const { background, frame } = this._camera;
    this._scale = width / frame[0];
    this._width = width;
    this._height = height;
    this._view = view;
    if (this._camera.kind === 'space') this._pivot = this._camera.center;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.globalAlpha = 1;
    context.fillStyle = `rgb(${background.join(' ')})`;
    context.fillRect(0, 0, width, height);
    this._place(view);
    for (const item of this._order(view)) this._drawItem(context, item, isFast);
  }

  /** @param {View} view */
  _findRotation(view) {
    const { kind, phi, theta, gamma } = this._camera;
    if (kind === 'flat') return multiply(rotateX(view.pitch), rotateY(view.yaw));
    return multiply(rotateZ(gamma), multiply(rotateX(-phi + view.pitch), rotateZ(-theta - QUARTER + view.yaw)));
  }

  /**
   * Find where every point of space lies on the canvas.
   * @param {View} view
   */
  _place(view) {
    const { points } = this.geometry;
    const [m0, m1, m2] = (this._rotation = this._findRotation(view));
    const [cx, cy, cz] = this._pivot;
    for (let at = 0; at < this._count; at += 1) {
      const x = points[3 * at] - cx;
      const y = points[3 * at + 1] - cy;
      const z = points[3 * at + 2] - cz;
      const depth = m2[0] * x + m2[1] * y + m2[2] * z;
      this._depths[at] = depth;
      const factor = this._findFactor(depth, view);
      this._set(this._placed, at, (m0[0] * x + m0[1] * y + m0[2] * z) * factor, (m1[0] * x + m1[1] * y + m1[2] * z) * factor);
    }
    if (this.hasFour) this._place4(view);
  }

  /**
   * @param {number} depth
   * @param {View} view
   */
  _findFactor(depth, view) {
    const { kind, focal, zoom, is_exponential: isExponential } = this._camera;
    if (kind === 'flat') return 1;
    if (!view.isEye3) return zoom;
    if (isExponential && depth >= 0) return Math.exp(depth / focal) * zoom;
    return (depth > focal ? BEHIND : focal / (focal - depth)) * zoom;
  }

  /**
   * Put what is free in space where the reader's zoom and shift bring it.
   * @param {Float32Array} placed
   * @param {number} at
   * @param {number} x
   * @param {number} y
   */
  _set(placed, at, x, y) {
    const view = /** @type {View} */ (this._view);
    const { kind, center } = this._camera;
    const [px, py] = kind === 'flat' ? [this._pivot[0] - center[0], this._pivot[1] - center[1]] : [0, 0];
    placed[2 * at] = this._width / 2 + (px + view.dx + x * view.zoom) * this._scale;
    placed[2 * at + 1] = this._height / 2 - (py + view.dy + y * view.zoom) * this._scale;
  }

  /**
   * Find where the points with four coordinates lie; each belongs to the paths of one projection.
   * @param {View} view
   */
  _place4(view) {
    const turn = rotateIn4(view.planes);
    const isDone = new Uint8Array(this._placed4.length / 2);
    for (const item of this.moment.items) {
      if (!item.path.kind) continue;
      const projection = this.geometry.projections[item.path.kind - 1];
      this._visit(item, (point) => {
        if (isDone[point]) return;
        isDone[point] = 1;
        this._place4At(point, projection, turn, view);
      });
    }
  }

  /**
   * @param {number} at
   * @param {import('./geometry.js').Projection} projection
   * @param {number[][]} turn
   * @param {View} view
   */
  _place4At(at, { eye, turn: side, eye_3d: eye3, center }, turn, view) {
    const { points4 } = this.geometry;
    const given = points4.subarray(4 * at, 4 * at + 4);
    const [x4, y4, z4, w] = turn.map((row) => row[0] * given[0] + row[1] * given[1] + row[2] * given[2] + row[3] * given[3]);
    const near = eye !== null && view.isEye4 ? eye / Math.max(eye - w, 1e-3) : 1;
    let solid = side.map((row) => (row[0] * x4 + row[1] * y4 + row[2] * z4) * near);
    if (this._camera.kind === 'space') {
      this._placeSolid(at, solid.map((value, axis) => value + center[axis]), view);
      return;
    }
    const rotation = /** @type {number[][]} */ (this._rotation);
    solid = rotation.map((row) => row[0] * solid[0] + row[1] * solid[1] + row[2] * solid[2]);
    const factor = eye3 !== null && view.isEye3 ? eye3 / Math.max(eye3 - solid[2], 1e-3) : 1;
    const [cx, cy] = this._camera.center;
    this._placed4[2 * at] = this._width / 2 + (center[0] - cx + view.dx + solid[0] * factor * view.zoom) * this._scale;
    this._placed4[2 * at + 1] = this._height / 2 - (center[1] - cy + view.dy + solid[1] * factor * view.zoom) * this._scale;
  }

  /**
   * @param {number} at
   * @param {number[]} solid
   * @param {View} view
   */
  _placeSolid(at, solid, view) {
    const from = solid.map((value, axis) => value - this._pivot[axis]);
    const [x, y, depth] = /** @type {number[][]} */ (this._rotation).map((row) => row[0] * from[0] + row[1] * from[1] + row[2] * from[2]);
    const factor = this._findFactor(depth, view);
    this._set(this._placed4, at, x * factor, y * factor);
  }

  /**
   * What lies farther away first; what has no depth lies in front, as manim has it.
   * @param {View} view
   */
  _order(view) {
    const { items } = this.moment;
    // A flat camera draws what it shows as it was added, until somebody turns it.
    if (this._camera.kind === 'flat' && !view.yaw && !view.pitch) return items;
    const [, , m2] = /** @type {number[][]} */ (this._rotation);
    const { points } = this.geometry;
    const depthOf = (/** @type {Item} */ { isByDepth, anchor }) => (isByDepth
      ? m2[0] * points[3 * anchor] + m2[1] * points[3 * anchor + 1] + m2[2] * points[3 * anchor + 2] : Infinity);
    const depths = items.map(depthOf);
    const order = items.map((_, at) => at);
    if (this._camera.kind === 'flat') {
      // Only what turns changes places; labels stay in front or behind as they were.
      const turned = order.filter((at) => items[at].isByDepth);
      const sorted = [...turned].sort((a, b) => depths[a] - depths[b] || a - b);
      turned.forEach((at, k) => { order[at] = sorted[k]; });
    } else {
      order.sort((a, b) => (depths[a] === depths[b] ? a - b : depths[a] - depths[b]));
    }
    return order.map((at) => items[at]);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Item} item
   * @param {boolean} isFast
   */
  _drawItem(context, item, isFast) {
    const { style } = item;
    context.beginPath();
    if (item.place === FREE && !item.path.kind) {
      for (const curve of item.path.curves) this._traceFree(context, curve);
    } else {
      this._find = this._findPlacer(item);
      for (const curve of item.path.curves) this._trace(context, curve);
    }
    if (style.back.length) this._stroke(context, item, style.back, style.backWidth, isFast);
    if (style.fill.length) {
      context.fillStyle = this._choosePaint(context, item, style.fill, isFast);
      context.fill();
    }
    if (style.stroke.length) this._stroke(context, item, style.stroke, style.width, isFast);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Item} item
   * @param {number[][]} colors
   * @param {number} width
   * @param {boolean} isFast
   */
  _stroke(context, item, colors, width, isFast) {
    const { style } = item;
    if (!width) return; // a canvas ignores the width 0, and would take the one before
    context.strokeStyle = this._choosePaint(context, item, colors, isFast);
    context.lineWidth = width * LINE_WIDTH * this._scale;
    context.lineJoin = JOINS[style.joint];
    context.lineCap = CAPS[style.cap];
    context.stroke();
  }

  /**
   * Return what finds the place of a point of an item on the canvas.
   * @param {Item} item
   * @returns {(point: number) => void}
   */
  _findPlacer(item) {
    if (item.path.kind) return (point) => { this._x = this._placed4[2 * point]; this._y = this._placed4[2 * point + 1]; };
    if (item.place === FREE) return (point) => { this._x = this._placed[2 * point]; this._y = this._placed[2 * point + 1]; };
    const { points } = this.geometry;
    let [dx, dy] = [this._width / 2, this._height / 2];
    if (item.place === FACING) {
      // A label goes where its anchor goes, and stays as large as it is.
      dx = this._placed[2 * item.anchor] - points[3 * item.anchor] * this._scale;
      dy = this._placed[2 * item.anchor + 1] + points[3 * item.anchor + 1] * this._scale;
    } else if (item.place === FIXED && this._camera.kind === 'flat') {
      dx -= this._camera.center[0] * this._scale;
      dy += this._camera.center[1] * this._scale;
    }
    return (point) => { this._x = dx + points[3 * point] * this._scale; this._y = dy - points[3 * point + 1] * this._scale; };
  }

  /**
   * Trace a curve of what is free in space: nearly everything, so it is as short as can be.
   * @param {CanvasRenderingContext2D} context
   * @param {import('./geometry.js').Curve} curve
   */
  _traceFree(context, { first, count, isClosed, isStraight }) {
    const placed = this._placed;
    const { corners } = this.geometry;
    const end = first + count;
    let at = 2 * corners[first];
    context.moveTo(placed[at], placed[at + 1]);
    if (isStraight) {
      for (let k = first + 1; k < end; k += 1) {
        at = 2 * corners[k];
        context.lineTo(placed[at], placed[at + 1]);
      }
    } else {
      for (let k = first + 1; k < end; k += 3) {
        const [a, b, c] = [2 * corners[k], 2 * corners[k + 1], 2 * corners[k + 2]];
        context.bezierCurveTo(placed[a], placed[a + 1], placed[b], placed[b + 1], placed[c], placed[c + 1]);
      }
    }
    if (isClosed) context.closePath();
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {import('./geometry.js').Curve} curve
   */
  _trace(context, { first, count, isClosed, isStraight }) {
    const { corners } = this.geometry;
    const find = /** @type {(point: number) => void} */ (this._find);
    find(corners[first]);
    context.moveTo(this._x, this._y);
    if (isStraight) {
      for (let at = first + 1; at < first + count; at += 1) {
        find(corners[at]);
        context.lineTo(this._x, this._y);
      }
    } else {
      for (let at = first + 1; at < first + count; at += 3) {
        find(corners[at]);
        const [x1, y1] = [this._x, this._y];
        find(corners[at + 1]);
        const [x2, y2] = [this._x, this._y];
        find(corners[at + 2]);
        context.bezierCurveTo(x1, y1, x2, y2, this._x, this._y);
      }
    }
    if (isClosed) context.closePath();
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Item} item
   * @param {number[][]} colors
   * @param {boolean} isFast
   */
  _choosePaint(context, item, colors, isFast) {
    if (colors.length === 1) return this._write(colors[0]);
    if (isFast) return this._writeAverage(colors);
    const find = this._findPlacer({ ...item, path: { kind: 0, curves: [] } });
    find(item.from);
    const [x, y] = [this._x, this._y];
    find(item.to);
    if (![x, y, this._x, this._y].every(Number.isFinite)) return this._write(average(colors));
    const gradient = context.createLinearGradient(x, y, this._x, this._y);
    colors.forEach((color, at) => gradient.addColorStop(at / (colors.length - 1), this._write(color)));
    return gradient;
  }

  /** @param {number[][]} colors */
  _writeAverage(colors) {
    let written = this._averages.get(colors);
    if (!written) {
      written = this._write(average(colors));
      this._averages.set(colors, written);
    }
    return written;
  }

  /** @param {number[]} color */
  _write(color) {
    const key = color.join();
    let written = this._colors.get(key);
    if (!written) {
      written = `rgba(${color[0]},${color[1]},${color[2]},${color[3] / 255})`;
      this._colors.set(key, written);
    }
    return written;
  }

  _x = 0;
  _y = 0;
  _scale = 1;
  _width = 0;
  _height = 0;
}

/** @param {number[][]} colors */
function average(colors) {
  return [0, 1, 2, 3].map((part) => Math.round(colors.reduce((sum, color) => sum + color[part], 0) / colors.length));
}
