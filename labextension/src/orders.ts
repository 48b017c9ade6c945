// What a card can be told: verdicts, a change in words, another try, code to a cell, downloads.
//
// Every element is made once and only shown, hidden or disabled afterwards: a button that is replaced
// under a pressed mouse loses its click, and a box that is replaced loses what is being typed.

import { JSONObject, PartialJSONObject } from '@lumino/coreutils';

import { buildFileName, make, makeButton, save } from './dom';
import { decode, findEmbedded, IFacts, readPoster } from './facts';

export interface IOrderActs {
  give: (feedback: JSONObject) => unknown;
  refine: (text: string) => unknown;
  again: () => unknown;
  insert: () => unknown;
  makeGif: () => unknown;
}

export interface IOrderState {
  /** The kernel knows this result and answers. */
  isHere: boolean;
  /** A change of this result is being made. */
  isBusy: boolean;
}

export class Orders {
  readonly node = make('div', 'sr-orders', { hidden: true });

  constructor(private _acts: IOrderActs) {
    this._verdicts.append(this._up, this._down);
    this._verdicts.setAttribute('role', 'group');
    this._verdicts.setAttribute('aria-label', 'Verdict');
    this._downloads.append(...this._buildDownloads());
    const tools = make('div', 'sr-tools', {}, this._verdicts, this._again, this._insert, this._downloads, this._remove);
    this.node.append(this._comment, this._refine, tools);
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
    this._data = data;
    this.node.hidden = false;
    this._insert.hidden = !facts.code;
    this._mp4.hidden = this._gif.hidden = findEmbedded(data)?.type !== 'video/mp4';
    this._png.hidden = !readPoster(data);
    this._downloads.hidden = this._mp4.hidden && this._png.hidden;
  }

  update({ isHere, isBusy }: IOrderState): void {
    const status = this._facts?.status;
    const isDone = status === 'completed' && Boolean(this._facts?.code);
    // What failed cannot be kept, and what was stopped needs no verdict.
    this._up.hidden = !isHere || status !== 'completed';
    this._down.hidden = !isHere || status === 'cancelled';
    this._verdicts.hidden = this._down.hidden;
    this._again.hidden = this._remove.hidden = !isHere;
    this._refine.hidden = !isHere || !isDone;
    this._again.disabled = this._remove.disabled = isBusy;
    // Read only, not disabled: the box keeps the focus of who has typed in it.
    this._refine.querySelector('input')!.readOnly = isBusy;
    this._refine.querySelector('button')!.disabled = isBusy;
    this._gif.disabled = !isHere;
    this._gif.title = isHere ? 'Save as gif' : 'A gif is made by the kernel that has the magics loaded';
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

  private _buildDownloads(): HTMLElement[] {
    const menu = make('div', 'sr-menu', { hidden: true }, this._mp4, this._gif, this._png);
    menu.addEventListener('click', () => show(false));
    const button = makeButton({
      icon: '↓', label: 'Download', title: 'Save the video or a picture', act: () => show(menu.hidden)
    });
    const show = (isShown: boolean) => {
      menu.hidden = !isShown;
      button.setAttribute('aria-expanded', String(isShown));
    };
    show(false);
    this._downloads.addEventListener('focusout', event => {
      if (!this._downloads.contains(event.relatedTarget as Node)) {
        show(false);
      }
    });
    this._downloads.addEventListener('keydown', event => {
      if (event.key === 'Escape' && !menu.hidden) {
        show(false);
        button.focus();
      }
    });
    return [button, menu];
  }

  private _save(format: 'mp4' | 'png'): void {
    const png = { type: 'image/png', base64: readPoster(this._data).split(',').pop() ?? '' };
    const picture = format === 'png' ? png : findEmbedded(this._data);
    const blob = picture && decode(picture);
    if (blob && this._facts) {
      save(blob, buildFileName(this._facts.title, this._facts.id, format));
    }
  }

  private _facts: IFacts | null = null;
  private _data: PartialJSONObject = {};
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
    icon: '✕', label: 'Remove', title: 'Remove it, with its video', act: () => this._acts.give({ remove: true }),
    className: 'sr-mod-quiet', isLabelOptional: true
  });
  private _mp4 = makeButton({ icon: '', label: 'MP4', title: 'Save as mp4', act: () => this._save('mp4') });
  private _gif = makeButton({ icon: '', label: 'GIF', title: 'Save as gif', act: () => this._acts.makeGif() });
  private _png = makeButton({ icon: '', label: 'PNG', title: 'Save as png', act: () => this._save('png') });
  private _downloads = make('div', 'sr-menu-box');
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
