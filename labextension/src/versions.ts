// The versions of a result: which one is shown, the others, one step back, two side by side.

import { make, makeButton } from './dom';
import { IVersion, listSteps } from './facts';
import { IOrderState } from './orders';

export interface IVersionOrders {
  show: (id: string) => unknown;
  compare: (id: string) => unknown;
}

// The buttons stay the same elements: one that is replaced under a pressed mouse loses its click.
export class VersionBar {
  readonly node = make('div', 'sr-versions', { hidden: true });

  constructor(private _orders: IVersionOrders) {
    this.node.setAttribute('role', 'group');
    this.node.setAttribute('aria-label', 'Versions');
    const step = (icon: string, title: string, by: number): HTMLButtonElement =>
      makeButton({ icon, label: title, title, act: () => this._step(by), isIconOnly: true });
    this._back = step('‹', 'Undo: the version before', -1);
    this._forth = step('›', 'The next version', 1);
    this._compare = makeButton({
      icon: '◫',
      label: 'Compare',
      title: '',
      act: () => this._orders.compare(this._versions[this._other].id)
    });
    this.node.append(this._back, this._count, this._forth, this._compare);
  }

  show(current: string, versions: IVersion[]): void {
    this._versions = listSteps(current, versions);
    this._at = this._versions.findIndex(version => version.id === current);
    this._count.textContent = `v${this._at + 1} of ${this._versions.length}`;
    this._count.title = this._versions.map((version, index) => `v${index + 1}: ${version.prompt}`).join('\n');
    this._compare.title = `Show ${this._at > 0 ? 'the version before' : 'the next version'} beside this one`;
    this._update();
  }

  /** Let versions be stepped through where the kernel answers that knows them, and is not at work on one. */
  update({ isHere, isBusy }: Pick<IOrderState, 'isHere' | 'isBusy'>): void {
    this._isHere = isHere;
    this._isBusy = isBusy;
    this._update();
  }

  /** Say which step a version is, and what it was made from. */
  describe(id: string): string {
    const index = this._versions.findIndex(version => version.id === id);
    return index < 0 ? '' : `v${index + 1}: ${this._versions[index].prompt}`;
  }

  set isCompared(value: boolean) {
    this._compare.setAttribute('aria-pressed', String(value));
  }

  private _update(): void {
    this.node.hidden = this._versions.length < 2 || this._at < 0;
    this._back.hidden = this._forth.hidden = this._compare.hidden = !this._isHere;
    this._back.disabled = this._isBusy || this._at < 1;
    this._forth.disabled = this._isBusy || this._at + 1 >= this._versions.length;
    this._compare.disabled = this._isBusy;
  }

  private _step(by: number): void {
    this._orders.show(this._versions[this._at + by].id);
  }

  private get _other(): number {
    return this._at > 0 ? this._at - 1 : 1;
  }

  private _at = -1;
  private _isHere = false;
  private _isBusy = false;
  private _versions: IVersion[] = [];
  private _count = make('span', 'sr-count');
  private _back: HTMLButtonElement;
  private _forth: HTMLButtonElement;
  private _compare: HTMLButtonElement;
}
