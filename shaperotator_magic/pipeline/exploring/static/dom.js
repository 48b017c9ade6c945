// Small makers of elements for the player. Texts are only ever set as text.
// @ts-check

const SVG = 'http://www.w3.org/2000/svg';

// Outlines on a 24 x 24 grid.
const ICONS = {
  play: 'M8 5.5v13l10.5-6.5z',
  pause: 'M7 5.5h3.6v13H7zM13.4 5.5H17v13h-3.6z',
  previous: 'M6 6h2.2v12H6zM18 6v12l-8.5-6z',
  next: 'M15.8 6H18v12h-2.2zM6 6v12l8.5-6z',
  stepping: 'M4 11h4.5v2H4zM9.8 8v8l5.4-4zM17 7h2.4v10H17z',
  loop: 'M7 8h8.5V5l4 4-4 4v-3H9v3H7zM17 16H8.5v3l-4-4 4-4v3H15v-3h2z',
  captions: 'M4 6h16v12H4zM6 8v8h12V8zM7.5 10.4h4v1.6h-2.2v1.2h2.2v1.4h-4zM13 10.4h4v1.6h-2.2v1.2H17v1.4h-4z',
  turn: 'M12 3.2 19.5 7.6v8.8L12 20.8l-7.5-4.4V7.6zM6.4 9v6.3l4.7 2.8v-6.3zM17.6 9l-4.7 2.8v6.3l4.7-2.8zM12 5.4 7.5 8 12 10.7 16.5 8z',
  present: 'M3 4.5h18V17h-6.2l1.7 3h-2.2l-1.7-3h-1.2l-1.7 3H7.5l1.7-3H3zM5 6.5V15h14V6.5zM10 8v5.5l4.6-2.7z',
  full: 'M4 4h6v2H6v4H4zM14 4h6v6h-2V6h-4zM4 14h2v4h4v2H4zM18 14h2v6h-6v-2h4z',
};

/**
 * Make an element with properties and children.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {string} className
 * @param {Partial<HTMLElementTagNameMap[K]>} [properties]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function makeElement(tag, className, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

/** @param {keyof typeof ICONS} name */
export function makeIcon(name) {
  const icon = document.createElementNS(SVG, 'svg');
  const path = document.createElementNS(SVG, 'path');
  icon.setAttribute('viewBox', '0 0 24 24');
  icon.setAttribute('aria-hidden', 'true');
  icon.setAttribute('class', 'sr-player-icon');
  path.setAttribute('d', ICONS[name]);
  path.setAttribute('fill-rule', 'evenodd');
  icon.append(path);
  return icon;
}

/**
 * Make a button with a picture, whose name is its title.
 * @param {keyof typeof ICONS} icon
 * @param {string} title
 * @param {() => void} act
 */
export function makeIconButton(icon, title, act) {
  const button = makeElement('button', 'sr-player-button', { type: 'button', title, ariaLabel: title });
  button.append(makeIcon(icon));
  button.addEventListener('click', act);
  return button;
}

/**
 * Show another picture on a button, under another name.
 * @param {HTMLElement} button
 * @param {keyof typeof ICONS} icon
 * @param {string} title
 */
export function changeIcon(button, icon, title) {
  if (button.title === title) return;
  button.title = button.ariaLabel = title;
  button.replaceChildren(makeIcon(icon));
}

/**
 * Let an element have its keys. Notebook 7 takes keys for its commands before they come to an element, but not
 * from one that says so: 'r' in the viewer would make a raw cell of the one that it stands in.
 * @param {HTMLElement} root
 */
export function keepKeys(root) {
  root.addEventListener('focusin', ({ target }) => {
    /** @type {HTMLElement} */ (target).dataset.lmSuppressShortcuts = 'true';
  });
}

/** Whether the reader has asked for less motion. */
export function wantsStillness() {
  return window.matchMedia('(prefers-reduced-motion: reduce)').matches;
}
