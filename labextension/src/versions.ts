// The versions of a result: which one is shown, the others, one step back, two side by side.

import { make, makeButton } from './dom';
import { IVersion } from './facts';

export interface IVersionOrders {
  show: (id: string) => unknown;
  compare: (id: string) => unknown;
}

export class VersionBar {
  readonly node = make('div', 'sr-versions', { hidden: true });

  constructor(private _orders: IVersionOrders) {
    this.node.setAttribute('role', 'group');
    this.node.setAttribute('aria-label', 'Versions');
  }

  show(current: string, versions: IVersion[]): void {
    const shown = versions.filter(version => version.status === 'completed' || version.id === current);
    if (JSON.stringify([this._current, this._versions]) === JSON.stringify([current, shown])) {
      return;
    }
    this._current = current;
    this._versions = shown;
    this._draw();
  }

  set isHere(value: boolean) {
    // Buttons that are replaced under a pressed mouse lose their click.
    if (value !== this._isHere) {
      this._isHere = value;
      this._draw();
    }
  }

  private _draw(): void {
    const at = this._versions.findIndex(version => version.id === this._current);
    this.node.hidden = this._versions.length < 2 || at < 0;
    if (this.node.hidden) {
      return;
    }
    const step = (icon: string, title: string, to: number): HTMLButtonElement => {
      const button = makeButton({
        icon, label: title, title, act: () => this._orders.show(this._versions[to].id), isIconOnly: true
      });
      button.disabled = !this._isHere || !this._versions[to];
      return button;
    };
    const count = make('span', 'sr-count', { textContent: `v${at + 1} of ${this._versions.length}` });
    count.title = this._versions.map((version, index) => `v${index + 1}: ${version.prompt}`).join('\n');
    const compare = makeButton({
      icon: '◫',
      label: 'Compare',
      title: 'Show the version before beside this one',
      act: () => this._orders.compare(this._versions[at > 0 ? at - 1 : 1].id)
    });
    compare.disabled = !this._isHere;
    this.node.replaceChildren(step('‹', 'Undo: the version before', at - 1), count, step('›', 'The next version', at + 1), compare);
  }

  private _current = '';
  private _isHere = false;
  private _versions: IVersion[] = [];
}
