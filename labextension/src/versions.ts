// The versions of a result: which one is shown, the others, one step back, two side by side.

import { make, makeButton } from './dom';
import { IVersion } from './facts';

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
    this._versions = versions.filter(version => version.status === 'completed' || version.id === current);
    this._at = this._versions.findIndex(version => version.id === current);
    this._count.textContent = `v${this._at + 1} of ${this._versions.length}`;
    this._count.title = this._versions.map((version, index) => `v${index + 1}: ${version.prompt}`).join('\n');
    this._compare.title = `Show ${this._at > 0 ? 'the version before' : 'the next version'} beside this one`;
    this._update();
  }

  /** Whether the kernel that knows the versions answers, and has nothing to do for this result. */
  set isReady(value: boolean) {
    this._isReady = value;
    this._update();
  }

  set isCompared(value: boolean) {
    this._compare.setAttribute('aria-pressed', String(value));
  }

  private _update(): void {
    this.node.hidden = this._versions.length < 2 || this._at < 0;
    this._back.disabled = !this._isReady || this._at < 1;
    this._forth.disabled = !this._isReady || this._at + 1 >= this._versions.length;
    this._compare.disabled = !this._isReady;
  }

  private _step(by: number): void {
    this._orders.show(this._versions[this._at + by].id);
  }

  private get _other(): number {
    return this._at > 0 ? this._at - 1 : 1;
  }

  private _at = -1;
  private _isReady = false;
  private _versions: IVersion[] = [];
  private _count = make('span', 'sr-count');
  private _back: HTMLButtonElement;
  private _forth: HTMLButtonElement;
  private _compare: HTMLButtonElement;
}
