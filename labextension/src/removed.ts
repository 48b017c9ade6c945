// What is left of a removed result: one line, and a button that brings it back while its kernel lives.

import { make, makeButton } from './dom';
import { IFacts } from './facts';

export class RemovedView {
  readonly node = make('div', 'sr-removed', { hidden: true });

  constructor(restore: () => unknown) {
    this._undo = makeButton({ icon: '↺', label: 'Undo', title: 'Bring this result back', act: restore });
    this.node.append(this._line, this._undo);
  }

  show(facts: IFacts): void {
    this.node.hidden = facts.status !== 'removed';
    this._line.textContent = `${facts.title}: removed.`;
    this._undo.hidden = true;
  }

  /** Offer to bring it back where the kernel still has its file. */
  update(canRestore: boolean): void {
    this._undo.hidden = !canRestore;
  }

  private _line = make('span', 'sr-faint');
  private _undo: HTMLButtonElement;
}
