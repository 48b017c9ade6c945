// What a card can be told: verdicts, a change in words, another try, code to a cell, downloads.
//
// Every element is made once and only shown, hidden or disabled afterwards: a button that is replaced
// under a pressed mouse loses its click, and a box that is replaced loses what is being typed.

import { JSONObject, PartialJSONObject } from '@lumino/coreutils';

import { make, makeButton } from './dom';
import { Downloads, Format } from './downloads';
import { IFacts } from './facts';

export interface IOrderActs {
  give: (feedback: JSONObject) => unknown;
  refine: (text: string) => unknown;
  again: () => unknown;
  insert: () => unknown;
  fetch: (format: Format) => unknown;
  capture: () => Promise<Blob | null>;
}

export interface IOrderState {
  /** The kernel knows this result and answers. */
  isHere: boolean;
  /** Why it does not, and what brings the buttons back. */
  why: string;
  /** A change of this result is being made. */
  isBusy: boolean;
}

export class Orders {
  readonly node = make('div', 'sr-orders', { hidden: true });

  constructor(private _acts: IOrderActs) {
    this._verdicts.append(this._up, this._down);
    this._verdicts.setAttribute('role', 'group');
    this._verdicts.setAttribute('aria-label', 'Verdict');
    this._downloads = new Downloads({ fetch: this._acts.fetch, capture: this._acts.capture });
    const tools = make('div', 'sr-tools', {}, this._verdicts, this._again, this._insert, this._downloads.node, this._remove);
    this.node.append(this._comment, this._refine, tools, this._gone);
    this._comment.hidden = true;
    this._comment.addEventListener('keydown', event => {
      this._comment.hidden ||= event.key === 'Escape';
    });
  }

  /** Take orders for this result from now on. */
  show(facts: IFacts, data: PartialJSONObject): void {
    if (facts.id !== this._facts?.id) {
      this._comment.hidden = true;
      this._up.removeAttribute('aria-pressed');
      this._down.removeAttribute('aria-pressed');
    }
    this._facts = facts;
    this.node.hidden = facts.status === 'removed';
    this._insert.hidden = !facts.code;
    this._downloads.show(facts, data);
  }

  update({ isHere, isBusy, why }: IOrderState): void {
    const status = this._facts?.status;
    const isDone = status === 'completed' && Boolean(this._facts?.code);
    // What failed or was stopped has no result to judge.
    this._verdicts.hidden = !isHere || status !== 'completed';
    this._again.hidden = this._remove.hidden = !isHere;
    this._refine.hidden = !isHere || !isDone;
    this._again.disabled = this._remove.disabled = isBusy;
    // Read only, not disabled: the box keeps the focus of who has typed in it.
    this._refine.querySelector('input')!.readOnly = isBusy;
    this._refine.querySelector('button')!.disabled = isBusy;
    this._downloads.update(isHere);
    this._gone.textContent = why;
    this._gone.hidden = isHere || !why;
  }

  showVerdict(isPositive: boolean | null): void {
    if (isPositive !== null) {
      this._up.setAttribute('aria-pressed', String(isPositive === true));
      this._down.setAttribute('aria-pressed', String(isPositive === false));
      this._comment.hidden ||= isPositive === true;
    }
  }

  private _refuse(): void {
    void this._acts.give({ is_positive: false });
    this._comment.hidden = false;
    this._comment.querySelector('input')!.focus();
  }

  private _facts: IFacts | null = null;
  private _verdicts = make('div', 'sr-group');
  private _up = makeButton({
    icon: '👍', label: 'Keep', title: 'It was right: keep it', act: () => this._acts.give({ is_positive: true }), isLabelOptional: true
  });
  private _down = makeButton({
    icon: '👎', label: 'Not right', title: 'Not right: say why', act: () => this._refuse(), isLabelOptional: true
  });
  private _again = makeButton({
    icon: '↻', label: 'Again', title: 'Ask the writer for another scene', act: () => this._acts.again()
  });
  private _insert = makeButton({
    icon: '⌨', label: 'Code to cell', title: 'Insert the scene code as a cell', act: () => this._acts.insert()
  });
  private _remove = makeButton({
    icon: '✕', label: 'Remove', title: 'Remove it; it can be undone until the kernel ends', act: () => this._acts.give({ remove: true }),
    className: 'sr-mod-quiet', isLabelOptional: true
  });
  private _downloads: Downloads;
  private _gone = make('div', 'sr-gone', { hidden: true });
  private _refine = makeSentence({
    label: 'Say what to change',
    hint: 'Say what to change: make the circle red, slow down the end …',
    button: 'Refine',
    className: 'sr-mod-primary',
    act: text => this._acts.refine(text)
  });
  private _comment = makeSentence({
    label: 'What is wrong?',
    hint: 'What is wrong? Enter sends it',
    button: 'Send',
    act: comment => {
      this._comment.hidden = true;
      void this._acts.give({ is_positive: false, comment });
    }
  });
}

interface ISentence {
  label: string;
  hint: string;
  button: string;
  className?: string;
  act: (text: string) => unknown;
}

/** A line to type in, and a button that sends it. */
function makeSentence({ label, hint, button, className, act }: ISentence): HTMLFormElement {
  const input = make('input', 'sr-input', { type: 'text', placeholder: hint, maxLength: 2000, ariaLabel: label });
  const send = make('button', `sr-button ${className ?? ''}`, { type: 'submit', textContent: button });
  const form = make('form', 'sr-refine', {}, input, send);
  form.addEventListener('submit', event => {
    event.preventDefault();
    const text = input.value.trim();
    if (text && !input.readOnly) {
      input.value = '';
      act(text);
    }
  });
  return form;
}
