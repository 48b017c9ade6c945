// Reading the shapes of a result: numbers in tables, described in docs/explore.md. The file may come
// from anybody: what does not fit is refused, and the video plays.
// @ts-check

/** @typedef {{kind: string, frame: number[], center: number[], phi: number, theta: number, gamma: number, focal: number, zoom: number, is_exponential: boolean, background: number[]}} CameraView */
/** @typedef {{eye: number | null, turn: number[][], eye_3d: number | null, center: number[]}} Projection */
/** @typedef {{first: number, count: number, isClosed: boolean, isStraight: boolean}} Curve */
/** @typedef {{kind: number, curves: Curve[]}} Path */
/** @typedef {{fill: number[][], stroke: number[][], back: number[][], width: number, backWidth: number, joint: number, cap: number}} Style */
/** @typedef {{path: Path, style: Style, place: number, isByDepth: boolean, anchor: number, from: number, to: number}} Item */
/** @typedef {{step: number, end_s: number, camera: CameraView, items: Item[]}} Moment */
/** @typedef {{points: Float32Array, points4: Float32Array, corners: Uint16Array | Uint32Array, projections: Projection[], moments: Moment[]}} Geometry */

const MAGIC = 'SRG1';
const LARGEST_BYTES = 150000;
const LARGEST_PAYLOAD_BYTES = 6000000;
const MOST_ROWS = 65535;
const WIDTH_STEPS = 64;

export const FREE = 0;
export const FACING = 1;
export const FIXED = 2;
const BY_DEPTH = 4;
const IS_CLOSED = 1;
const IS_STRAIGHT = 2;

// Name, type, table, values a row, and whether differences are stored.
/** @type {[string, 'h' | 'H' | 'B', string, number, boolean][]} */
const COLUMNS = [
  ['points', 'h', 'points', 3, true], ['points_4d', 'h', 'points_4d', 4, true], ['path_curves', 'H', 'paths', 1, false],
  ['path_kinds', 'B', 'paths', 1, false], ['curve_corners', 'H', 'curves', 1, false], ['curve_flags', 'B', 'curves', 1, false],
  ['corners', 'H', 'corners', 1, true], ['style_stops', 'B', 'styles', 3, false], ['style_widths', 'H', 'styles', 2, false],
  ['style_ends', 'B', 'styles', 2, false], ['colors', 'B', 'colors', 4, true], ['item_paths', 'H', 'items', 1, true],
  ['item_styles', 'H', 'items', 1, true], ['item_flags', 'B', 'items', 1, false], ['item_points', 'H', 'items', 3, true],
  ['moment_items', 'H', 'moments', 1, true],
];

export class GeometryError extends Error {}

/** @param {boolean} isSo */
function require(isSo) {
  if (!isSo) throw new GeometryError('The shapes of this result are damaged, or were made by another version.');
}

/**
 * Read a file of shapes from its base64.
 * @param {string} base64
 * @returns {Promise<Geometry>}
 */
export async function readGeometry(base64) {
  require(base64.length <= (4 * LARGEST_BYTES) / 3 + 4);
  let binary = '';
  try {
    binary = atob(base64);
  } catch {
    require(false);
  }
  require(binary.startsWith(MAGIC) && binary.length <= LARGEST_BYTES);
  const packed = Uint8Array.from(binary.slice(MAGIC.length), (sign) => sign.charCodeAt(0));
  const payload = await unpack(packed);
  require(payload.length >= 4);
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  const end = 4 + view.getUint32(0, true);
  require(end <= payload.length);
  const header = readHeader(payload.subarray(4, end));
  return assemble(header, readColumns(header, view, end));
}

/** @param {Uint8Array<ArrayBuffer>} packed */
async function unpack(packed) {
  const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate')).getReader();
  const chunks = [];
  let size = 0;
  for (;;) {
    const { value, done } = await reader.read().catch(() => ({ value: undefined, done: false }));
    if (done) break;
    if (!value || (size += value.length) > LARGEST_PAYLOAD_BYTES) {
      await reader.cancel().catch(() => undefined);
      require(false);
    }
    chunks.push(/** @type {Uint8Array<ArrayBuffer>} */ (value));
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

const isNumber = (/** @type {unknown} */ value) => typeof value === 'number' && Math.abs(value) <= 1e9;
const areNumbers = (/** @type {unknown} */ values, /** @type {number} */ count) => Array.isArray(values)
  && values.length === count && values.every(isNumber);
const isCount = (/** @type {unknown} */ value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MOST_ROWS;

/** @param {Uint8Array} bytes */
function readHeader(bytes) {
  /** @type {any} */
  let header = null;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    require(false);
  }
  const { version, unit, unit_4d, counts, projections, moments } = header ?? {};
  require(version === 2 && unit > 0 && isNumber(unit) && unit_4d > 0 && isNumber(unit_4d));
  require(Boolean(counts) && COLUMNS.every(([, , table]) => table === 'moments' || isCount(counts[table])));
  require(Array.isArray(projections) && projections.length < 255 && projections.every(isProjection));
  require(Array.isArray(moments) && moments.length > 0 && moments.length <= 200 && moments.every(isMoment));
  return header;
}

/** @param {any} given */
function isProjection(given) {
  const isEye = (/** @type {unknown} */ eye) => eye === null || (isNumber(eye) && Number(eye) > 0);
  return Boolean(given) && isEye(given.eye) && isEye(given.eye_3d) && areNumbers(given.center, 3)
    && Array.isArray(given.turn) && given.turn.length === 3 && given.turn.every((/** @type {unknown} */ row) => areNumbers(row, 3));
}

/** @param {any} moment */
function isMoment(moment) {
  const camera = moment?.camera;
  return Boolean(camera) && isCount(moment.step) && isCount(moment.items) && isNumber(moment.end_s) && moment.end_s >= 0 && ['space', 'flat'].includes(camera.kind)
    && areNumbers(camera.frame, 2) && camera.frame.every((/** @type {number} */ side) => side > 0) && areNumbers(camera.center, 3)
    && areNumbers(camera.background, 3) && [camera.phi, camera.theta, camera.gamma].every(isNumber)
    && camera.focal > 0 && isNumber(camera.focal) && camera.zoom > 0 && isNumber(camera.zoom);
}

/**
 * @param {any} header
 * @param {DataView} view
 * @param {number} at
 */
function readColumns(header, view, at) {
  /** @type {Record<string, Uint8Array | Uint16Array | Int16Array>} */
  const columns = {};
  for (const [name, code, table, width, isDifferences] of COLUMNS) {
    const rows = table === 'moments' ? header.moments.reduce((/** @type {number} */ sum, /** @type {any} */ m) => sum + m.items, 0) : header.counts[table];
    const size = rows * width * (code === 'B' ? 1 : 2);
    require(at + size <= view.byteLength);
    // A copy: it begins at an even address.
    const bytes = view.buffer.slice(view.byteOffset + at, view.byteOffset + at + size);
    const stored = code === 'B' ? new Uint8Array(bytes) : code === 'H' ? new Uint16Array(bytes) : new Int16Array(bytes);
    columns[name] = isDifferences ? addUp(stored, width) : stored;
    at += size;
  }
  require(at === view.byteLength);
  return columns;
}

/**
 * @param {any} header
 * @param {Record<string, any>} columns
 * @returns {Geometry}
 */
function assemble(header, columns) {
  const { counts, unit, unit_4d: unit4 } = header;
  const paths = readPaths(header, columns);
  const styles = readStyles(columns);
  const { item_paths: itemPaths, item_styles: itemStyles, item_flags: flags, item_points: marks } = columns;
  /** @type {Item[]} */
  const items = Array.from(flags, (flag, row) => {
    const place = flag & ~BY_DEPTH;
    const [anchor, from, to] = marks.subarray(3 * row, 3 * row + 3);
    require(place <= FIXED && itemPaths[row] < paths.length && itemStyles[row] < styles.length);
    require(Math.max(anchor, from, to) < counts.points);
    return { path: paths[itemPaths[row]], style: styles[itemStyles[row]], place, isByDepth: Boolean(flag & BY_DEPTH), anchor, from, to };
  });
  let at = 0;
  const moments = header.moments.map((/** @type {any} */ { step, end_s, camera, items: count }) => {
    const rows = columns.moment_items.subarray(at, (at += count));
    require(rows.every((/** @type {number} */ row) => row < items.length));
    return { step, end_s, camera, items: Array.from(rows, (row) => items[row]) };
  });
  return {
    points: scale(columns.points, unit), points4: scale(columns.points_4d, unit4),
    corners: columns.corners, projections: header.projections, moments,
  };
}

/**
 * @param {Int16Array} steps
 * @param {number} unit
 */
function scale(steps, unit) {
  return Float32Array.from(steps, (step) => step * unit);
}

/**
 * Return rows of which the differences are stored, a place in the row after the other.
 * @template {Uint8Array | Uint16Array | Int16Array} Values
 * @param {Values} differences
 * @param {number} width
 */
function addUp(differences, width) {
  const rows = differences.slice();
  const count = rows.length / width;
  let value = 0;
  // What is too large for the type wraps around, as it did when the differences were taken.
  differences.forEach((step, at) => {
    value = (value + step) & 0xffff;
    rows[width * (at % count) + Math.floor(at / count)] = value;
  });
  return /** @type {Values} */ (rows);
}

/**
 * @param {any} header
 * @param {Record<string, any>} columns
 */
function readPaths({ counts, projections }, columns) {
  const { path_curves: pathCurves, path_kinds: kinds, curve_corners: sizes, curve_flags: flags } = columns;
  const { corners } = columns;
  let curve = 0;
  let first = 0;
  /** @type {Path[]} */
  const paths = Array.from(kinds, (kind, row) => {
    require(kind <= projections.length && curve + pathCurves[row] <= counts.curves);
    const limit = kind ? counts.points_4d : counts.points;
    const curves = Array.from({ length: pathCurves[row] }, () => {
      const count = sizes[curve];
      const isStraight = Boolean(flags[curve] & IS_STRAIGHT);
      require(count > 0 && (isStraight || count % 3 === 1) && flags[curve] <= (IS_CLOSED | IS_STRAIGHT));
      require(first + count <= corners.length && corners.subarray(first, first + count).every((/** @type {number} */ point) => point < limit));
      const made = { first, count, isClosed: Boolean(flags[curve] & IS_CLOSED), isStraight };
      first += count;
      curve += 1;
      return made;
    });
    return { kind, curves };
  });
  require(curve === counts.curves && first === counts.corners);
  return paths;
}

/** @param {Record<string, any>} columns */
function readStyles(columns) {
  const { style_stops: stops, style_widths: widths, style_ends: ends, colors } = columns;
  let at = 0;
  const take = (/** @type {number} */ count) => {
    require(4 * (at + count) <= colors.length);
    const rows = Array.from({ length: count }, (_, row) => Array.from(colors.subarray(4 * (at + row), 4 * (at + row) + 4)));
    at += count;
    return rows;
  };
  const styles = Array.from({ length: ends.length / 2 }, (_, row) => {
    require(ends[2 * row] < 4 && ends[2 * row + 1] < 4);
    const [fill, stroke, back] = [0, 1, 2].map((part) => take(stops[3 * row + part]));
    return { fill, stroke, back, width: widths[2 * row] / WIDTH_STEPS, backWidth: widths[2 * row + 1] / WIDTH_STEPS, joint: ends[2 * row], cap: ends[2 * row + 1] };
  });
  require(4 * at === colors.length);
  return styles;
}
