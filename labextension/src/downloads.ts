// The menu of downloads: each entry says what it is, and what is not in the page comes from the kernel.

import { PartialJSONObject } from '@lumino/coreutils';

import { buildFileName, make, makeButton, save } from './dom';
import { decode, findEmbedded, IFacts, readPoster } from './facts';

export type Format = 'original' | 'gif' | 'svg';

export interface IDownloadActs {
  /** Have the kernel send a file, and save it. */
  fetch: (format: Format) => unknown;
  /** Return the frame that is shown, null where that is the poster. */
  capture: () => Promise<Blob | null>;
}

export class Downloads {
  readonly node = make('div', 'sr-menu-box');

  constructor(private _acts: IDownloadActs) {
    const entries = [this._embedded, this._original, this._gif, this._png, this._svg];
    this._menu = make('div', 'sr-menu', { hidden: true }, ...entries);
    this._menu.addEventListener('click', () => this._open(false));
    this._button = makeButton({
      icon: '↓', label: 'Download', title: 'Save the video or a picture', act: () => this._open(this._menu.hidden)
    });
    this.node.append(this._button, this._menu);
    this._open(false);
    this.node.addEventListener('focusout', event => {
      if (!this.node.contains(event.relatedTarget as Node)) {
        this._open(false);
      }
    });
    this.node.addEventListener('keydown', event => {
      if (event.key === 'Escape' && !this._menu.hidden) {
        this._open(false);
        this._button.focus();
      }
    });
  }

  show(facts: IFacts, data: PartialJSONObject): void {
    this._facts = facts;
    this._data = data;
    const embedded = findEmbedded(data);
    const video = facts.video;
    const isVideo = video?.mime === 'video/mp4';
    this._embedded.hidden = embedded?.type !== 'video/mp4';
    this._original.hidden = !isVideo || !(video.is_copy || this._embedded.hidden);
    this._gif.hidden = !isVideo;
    this._png.hidden = !readPoster(data);
    this._svg.hidden = isVideo || !video?.has_svg;
    setLabel(this._embedded, `MP4 ${describeCopy(facts)}`, embedded ? (embedded.base64.length * 3) / 4 : 0);
    setLabel(this._original, `MP4 original, ${describeSize(facts)}`, video?.bytes ?? 0);
    setLabel(this._gif, 'GIF animation', 0);
    setLabel(this._png, isVideo ? 'PNG of the frame shown' : 'PNG picture', 0);
    setLabel(this._svg, 'SVG drawing', 0);
    this.node.hidden = this._embedded.hidden && this._png.hidden;
  }

  /** What the kernel makes can be had only where it answers. */
  update(isHere: boolean): void {
    for (const button of [this._original, this._gif, this._svg]) {
      button.disabled = !isHere;
      button.title = isHere ? '' : 'The kernel that has the magics loaded makes this file';
    }
  }

  private _open(isShown: boolean): void {
    this._menu.hidden = !isShown;
    this._button.setAttribute('aria-expanded', String(isShown));
  }

  private async _savePicture(): Promise<void> {
    const poster = decode({ type: 'image/png', base64: readPoster(this._data).split(',').pop() ?? '' });
    this._save((await this._acts.capture()) ?? poster, 'png');
  }

  private _saveEmbedded(): void {
    const embedded = findEmbedded(this._data);
    this._save(embedded && decode(embedded), 'mp4');
  }

  private _save(blob: Blob | null, suffix: string): void {
    if (blob && this._facts) {
      save(blob, buildFileName(this._facts.title, this._facts.id, suffix));
    }
  }

  private _facts: IFacts | null = null;
  private _data: PartialJSONObject = {};
  private _embedded = makeEntry(() => this._saveEmbedded());
  private _original = makeEntry(() => this._acts.fetch('original'));
  private _gif = makeEntry(() => this._acts.fetch('gif'));
  private _png = makeEntry(() => this._savePicture());
  private _svg = makeEntry(() => this._acts.fetch('svg'));
  private _menu: HTMLElement;
  private _button: HTMLButtonElement;
}

function makeEntry(act: () => unknown): HTMLButtonElement {
  return makeButton({ icon: '', label: '', title: '', act });
}

function setLabel(button: HTMLButtonElement, words: string, bytes: number): void {
  button.lastElementChild!.textContent = bytes ? `${words}, ${describeBytes(bytes)}` : words;
}

function describeCopy(facts: IFacts): string {
  const video = facts.video;
  const size = video?.is_reduced ? '480p15' : describeSize(facts);
  return video?.is_copy ? `copy of this notebook, ${size}` : `video, ${size}`;
}

function describeSize({ video }: IFacts): string {
  return video ? `${video.height}p${Math.round(video.fps) || ''}` : '';
}

function describeBytes(bytes: number): string {
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
