// The results of the notebook in front, as posters in the side bar.

import { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { Message } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';

import { make } from './dom';
import { readPoster } from './facts';
import { findResults, IPlace } from './outputs';
import { showControls } from './signs';

const PAUSE_MS = 300;

export class Gallery extends Widget {
  constructor(private _tracker: INotebookTracker) {
    super();
    this.id = 'shaperotator-gallery';
    this.addClass('sr-gallery');
    this.title.caption = 'Animations of this notebook';
    _tracker.currentChanged.connect((_, panel) => {
      this._watch(panel);
      this.refreshLater();
    });
  }

  /** Look again, once for many changes. */
  refreshLater(): void {
    window.clearTimeout(this._timer);
    this._timer = window.setTimeout(() => this._draw(), PAUSE_MS);
  }

  protected onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this._draw();
  }

  private _watch(panel: NotebookPanel | null): void {
    if (panel && !this._watched.has(panel)) {
      this._watched.add(panel);
      panel.content.modelContentChanged.connect(() => this.refreshLater());
      void panel.context.ready.then(() => this.refreshLater());
    }
  }

  private _draw(): void {
    if (!this.isVisible) {
      return;
    }
    const panel = this._tracker.currentWidget;
    const places = panel?.model ? [...findResults(panel)].filter(place => isShown(place)) : [];
    const heading = make('h2', 'sr-gallery-heading', { textContent: 'Animations' });
    const items = places.map(place => make('li', '', {}, this._makeItem(place)));
    const empty = 'The animations of this notebook appear here. Write %%shaperotate and a sentence in a cell.';
    this.node.replaceChildren(
      heading,
      items.length ? make('ul', 'sr-gallery-list', {}, ...items) : make('p', 'sr-faint', { textContent: empty })
    );
  }

  private _makeItem({ panel, cell, facts, data }: IPlace): HTMLElement {
    const length = facts.video?.duration ? `${facts.video.duration.toFixed(0)} s` : '';
    const isRemoved = facts.status === 'removed';
    const button = make(
      'button',
      'sr-gallery-item',
      { type: 'button', title: showControls(facts.prompt) },
      !isRemoved && make('img', '', { src: readPoster(data), alt: '', loading: 'lazy' }),
      make('span', 'sr-gallery-title', { textContent: facts.title }),
      facts.change && make('span', 'sr-gallery-change', { textContent: facts.change }),
      make('span', 'sr-faint', { textContent: isRemoved ? 'removed' : length })
    );
    button.addEventListener('click', () => {
      const index = panel.content.widgets.indexOf(cell);
      panel.content.activeCellIndex = index;
      void panel.content.scrollToItem(index, 'center');
    });
    return button;
  }

  private _watched = new WeakSet<NotebookPanel>();
  private _timer = 0;
}

function isShown({ facts, data }: IPlace): boolean {
  return facts.status === 'removed' || readPoster(data) !== '';
}
