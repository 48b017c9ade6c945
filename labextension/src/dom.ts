// Small makers of elements. Texts are only ever set as text.

type Child = Node | string | null | false | undefined;

export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  properties: Partial<HTMLElementTagNameMap[K]> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = Object.assign(document.createElement(tag), properties);
  if (className) {
    element.className = className;
  }
  element.append(...children.filter((child): child is Node | string => Boolean(child)));
  return element;
}

export interface IButton {
  icon: string;
  label: string;
  title: string;
  act: () => unknown;
  className?: string;
  isIconOnly?: boolean;
  /** The label goes where the card is narrow; the icon is known well enough. */
  isLabelOptional?: boolean;
}

export function makeButton(button: IButton): HTMLButtonElement {
  const element = make('button', `sr-button ${button.className ?? ''}`, {
    type: 'button',
    title: button.title,
    ariaLabel: button.isIconOnly || button.isLabelOptional ? button.title : null
  });
  element.append(make('span', 'sr-icon', { textContent: button.icon, ariaHidden: 'true' }));
  if (!button.isIconOnly) {
    element.append(make('span', button.isLabelOptional ? 'sr-optional' : '', { textContent: button.label }));
  }
  element.addEventListener('click', () => void button.act());
  return element;
}

export function save(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  const link = make('a', '', { href: address, download: name });
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(address), 10000);
}

export function wantsLessMotion(): boolean {
  return window.matchMedia('(prefers-reduced-motion: reduce)').matches;
}

/** Do something once, when an element comes near what is seen; returns how to give it up. */
export function whenNear(element: Element, act: () => void): () => void {
  // The notebook scrolls inside the page, and the margin of the page does not reach in there.
  const margins = { rootMargin: '600px', scrollMargin: '600px' };
  const observer = new IntersectionObserver(entries => {
    if (entries.some(entry => entry.isIntersecting)) {
      observer.disconnect();
      act();
    }
  }, margins);
  observer.observe(element);
  return () => observer.disconnect();
}

/** A name for a file: letters, digits and dashes of the title, and the identifier. */
export function buildFileName(title: string, id: string, suffix: string): string {
  const stem = title
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return `${[stem, id.replace(/[^A-Za-z0-9]/g, '')].filter(Boolean).join('-')}.${suffix}`;
}
