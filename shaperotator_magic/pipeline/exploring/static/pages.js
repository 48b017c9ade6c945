// Pages without a kernel: their players, and slides that go on step by step.
// @ts-check

import { makeElement, wantsStillness } from './dom.js';
import { mountKnobs, readParameters, StillView } from './knobs.js';
import { mountPlayer } from './player.js';
import { parseExplore } from './steps.js';

const WAYS = /** @type {Record<string, number>} */ ({
  ArrowRight: 1, ArrowDown: 1, PageDown: 1, ' ': 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1,
});

/**
 * Give every result of the page its player.
 * @returns {Map<Element, import('./player.js').Player>}
 */
export function mountPage() {
  const players = new Map();
  for (const figure of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('figure.shaperotator[data-sr-explore]'))) {
    const video = figure.querySelector('video');
    const explore = parseExplore(figure.dataset.srExplore);
    const title = figure.querySelector('figcaption > div')?.textContent ?? 'A result';
    if (video && explore) players.set(figure, mountPlayer(video, { explore, id: figure.dataset.srId ?? '', title }));
  }
  for (const figure of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('figure.shaperotator[data-sr-recorded]'))) {
    mountRecorded(figure);
  }
  return players;
}

/**
 * Give a result the knob whose values were drawn before the page was written.
 * @param {HTMLElement} figure
 */
function mountRecorded(figure) {
  const video = figure.querySelector('video');
  const { parameter, drawn } = JSON.parse(figure.dataset.srRecorded ?? '{}');
  const [row] = readParameters([parameter]);
  if (!video || !row || !Array.isArray(drawn) || drawn.length < 2) return;
  const values = drawn.map((entry) => Number(entry.value));
  const [low, high] = [values[0], values[values.length - 1]];
  const original = video.src;
  const view = new StillView(() => video);
  const root = makeElement('div', '');
  figure.querySelector('figcaption')?.before(root);
  mountKnobs(root, {
    parameters: [{ ...row, kind: 'number', low, high, step: (high - low) / (drawn.length - 1) }],
    hasStills: false,
    send: async (message) => {
      view.hold(message);
      const { values: wanted } = message;
      const value = Number(wanted[row.name]);
      if (value === row.value) return { kind: 'show', address: original };
      const entry = drawn.reduce((best, one) => (Math.abs(one.value - value) < Math.abs(best.value - value) ? one : best));
      return entry.video ? { kind: 'show', address: entry.video } : { kind: 'none', error: String(entry.error ?? 'It was not drawn.') };
    },
    onStill: () => undefined,
    onVideo: ({ address }) => {
      video.src = address;
      view.passOn(video);
    },
  });
}

/**
 * Arrows, space and page keys go from step to step, and after the last one to the next slide; b is black.
 * @param {ReturnType<typeof mountPage>} players
 */
export function driveSlides(players) {
  for (const player of players.values()) player.setStepping(true);
  stopWhatIsGone();
  const black = makeElement('div', 'sr-slides-black', { hidden: true });
  document.body.append(black);
  addEventListener('keydown', (event) => {
    const target = /** @type {Element} */ (event.target);
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('.sr-present, .sr-player-turning')) return;
    if (target.closest('input, select, summary, video[controls]') || (event.key === ' ' && target.closest('button'))) return;
    const way = WAYS[event.key];
    const isBlackKey = event.key === 'b' || event.key === '.';
    const end = { Home: 0, End: -1 }[event.key];
    if (!way && !isBlackKey && end === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (end !== undefined) [...document.querySelectorAll('section')].at(end)?.scrollIntoView();
    if (way && black.hidden) goOn(players, way);
    black.hidden = !isBlackKey || !black.hidden;
  }, true);
}

/** A video stops when its slide goes, whoever turned it. */
function stopWhatIsGone() {
  const watch = new IntersectionObserver((changes) => {
    for (const { target, isIntersecting } of changes) {
      if (isIntersecting) continue;
      for (const video of target.querySelectorAll('video')) video.pause();
    }
  }, { threshold: 0.5 });
  for (const slide of document.querySelectorAll('section')) watch.observe(slide);
}

/**
 * @param {ReturnType<typeof mountPage>} players
 * @param {number} way
 */
function goOn(players, way) {
  const slides = [...document.querySelectorAll('section')];
  const at = slides.findIndex((slide) => slide.getBoundingClientRect().top > -innerHeight / 2);
  const figure = slides[at]?.querySelector('figure.shaperotator');
  if (figure && players.get(figure)?.goWithin(way)) return;
  slides[at + way]?.scrollIntoView();
  const video = /** @type {HTMLVideoElement | null} */ (slides[at + way]?.querySelector('video[controls]') ?? null);
  if (video && !wantsStillness()) void video.play().catch(() => undefined);
}
