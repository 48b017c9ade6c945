// The parts of a card that need no kernel: what went wrong, the code, how it was made.

import { IEditorLanguageRegistry } from '@jupyterlab/codemirror';

import { make } from './dom';
import { IFacts, listSteps } from './facts';
import { showControls } from './signs';

const MEND = "'Again' tries once more; 'Code to cell' lets you mend it by hand.";

export function makeError(facts: IFacts): HTMLElement | null {
  if (facts.status === 'cancelled') {
    return make('div', 'sr-note', {}, make('b', '', { textContent: 'Cancelled. ' }), 'Nothing that was there before is lost.');
  }
  const error = facts.error;
  if (!error || error.type === 'NothingFitsError') {
    return null; // DeclinedView says it
  }
  const log = typeof error.details.log_tail === 'string' ? error.details.log_tail.trim() : '';
  const line = readFailedLine(facts);
  const hint = error.hint || (facts.code ? MEND : '');
  return make(
    'div',
    'sr-error',
    {},
    make('b', '', { textContent: line ? `Line ${line}: ${error.message}` : error.message }),
    hint && make('div', '', { textContent: hint }),
    log && makeFold('What manim said', make('pre', 'sr-code', { textContent: showControls(log) }))
  );
}

function readFailedLine(facts: IFacts): number {
  const line = facts.error?.details.line;
  return typeof line === 'number' && line > 0 ? Math.floor(line) : 0;
}

export function makeFold(title: string, ...children: Node[]): HTMLDetailsElement {
  return make('details', 'sr-fold', {}, make('summary', '', { textContent: title }), ...children);
}

export function makeCode(facts: IFacts, languages: IEditorLanguageRegistry | null): HTMLElement | null {
  if (!facts.code) {
    return null;
  }
  const failed = readFailedLine(facts);
  const code = showControls(facts.code);
  const makePre = (source: string): HTMLElement => {
    const pre = make('pre', `sr-code ${failed ? 'sr-mod-failed' : ''}`, { textContent: source, tabIndex: 0 });
    pre.style.setProperty('--sr-failed-line', String(failed));
    pre.setAttribute('aria-label', 'Scene code');
    return pre;
  };
  const pre = makePre(code);
  const fold = makeFold(`Scene code${facts.scene_name ? `: ${facts.scene_name}` : ''}`, pre);
  const paint = () => {
    const python = languages?.findByMIME('text/x-python') ?? null;
    if (!languages || !python) {
      return;
    }
    const painted = makePre('');
    languages
      .getLanguage(python)
      .then(language => language && languages.highlight(code, language, painted))
      .then(() => painted.textContent === code && pre.replaceWith(painted))
      .catch(() => undefined); // plain text stays
  };
  fold.addEventListener('toggle', paint, { once: true });
  fold.open = facts.status === 'failed' || (!facts.video && facts.status === 'completed');
  return fold;
}

/** What the scene printed, and what manim warned of. */
export function makePrinted(facts: IFacts): HTMLElement | null {
  const lines = make('pre', 'sr-code', { textContent: facts.printed.join('\n'), tabIndex: 0, ariaLabel: 'Printed' });
  return facts.printed.length ? makeFold(`What the scene printed (${facts.printed.length})`, lines) : null;
}

export function makeAbout(facts: IFacts): HTMLElement {
  const rows: [string, string][] = [
    ['Prompt', showControls(facts.prompt)],
    ['Written by', facts.writer === 'library' ? 'the built-in library' : (facts.model ?? facts.writer ?? 'nobody')],
    ['Made with', Object.entries(facts.made_with).map(([name, version]) => `${name} ${version}`).join(', ')],
    ['Identifier', facts.id]
  ];
  const list = make('dl', 'sr-about');
  for (const [name, value] of rows) {
    if (value) {
      list.append(make('dt', '', { textContent: name }), make('dd', '', { textContent: value }));
    }
  }
  const steps = listSteps(facts.id, facts.versions);
  if (steps.length > 1) {
    const items = steps.map(version =>
      make('li', version.id === facts.id ? 'sr-mod-current' : '', { textContent: version.prompt || version.id })
    );
    list.append(make('dt', '', { textContent: 'Versions' }), make('dd', '', {}, make('ol', '', {}, ...items)));
  }
  return makeFold('How it was made', list);
}

export class ProgressView {
  readonly node = make('div', 'sr-progress', { hidden: true });

  constructor(private _cancel: () => void) {
    this._stop = make('button', 'sr-button sr-mod-stop', { type: 'button', title: 'Stop this run', textContent: '■ Cancel' });
    // Pressed counts at once: a picture that appears above would move the button away from the mouse.
    this._stop.addEventListener('pointerdown', () => this._press());
    this._stop.addEventListener('click', () => this._press());
    this._word.setAttribute('role', 'status');
    this.node.append(make('div', 'sr-progress-line', {}, this._word, this._stop), this._bar, this._tail);
  }

  show(facts: IFacts | null, waiting: string): void {
    this.node.hidden = false;
    const progress = facts?.progress ?? null;
    const seconds = progress?.elapsed_s ? ` · ${progress.elapsed_s.toFixed(0)} s` : '';
    const said = progress ? [progress.word, progress.detail].filter(Boolean).join(': ') + seconds : waiting;
    if (!this._stop.disabled) {
      this._word.textContent = said;
    }
    if (progress?.total && progress.done !== null) {
      this._bar.max = progress.total;
      this._bar.value = progress.done;
    } else {
      this._bar.removeAttribute('value');
    }
    this._bar.setAttribute('aria-label', said);
    this._tail.hidden = !progress?.code_tail;
    this._tail.textContent = progress?.code_tail ?? '';
    this._stop.hidden = this._bar.hidden = false;
  }

  private _press(): void {
    if (!this._stop.disabled) {
      this._stop.disabled = true;
      this._word.textContent = 'Stopping …';
      this._cancel();
    }
  }

  /** Say that nothing goes on any more, and why. */
  end(said: string): void {
    this.node.hidden = false;
    this._word.textContent = said;
    this._stop.hidden = this._bar.hidden = this._tail.hidden = true;
  }

  hide(): void {
    this.node.hidden = true;
    this._stop.disabled = false;
  }

  private _word = make('span', 'sr-progress-word');
  private _bar = make('progress', 'sr-bar');
  private _tail = make('pre', 'sr-code sr-tail', { hidden: true });
  private _stop: HTMLButtonElement;
}
