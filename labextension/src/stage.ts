// The picture of a card: the embedded video, a file beside the notebook, or the poster.

import { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { PartialJSONObject } from '@lumino/coreutils';

import { make, wantsLessMotion } from './dom';
import { decode, IFacts, isBesideNotebook, ISegment, readEmbedded, readPoster } from './facts';

export class Stage {
  constructor(private _resolver: IRenderMime.IResolver | null) {}

  readonly node = make('div', 'sr-stage');

  /** Draw the picture of a finished result. */
  async show(facts: IFacts, data: PartialJSONObject, isAutoplayed: boolean): Promise<void> {
    this._forget();
    this.node.replaceChildren();
    const poster = readPoster(data);
    const blob = readEmbedded(data);
    const address = blob ? this._keep(blob) : await this._findFile(facts);
    if (!address && !poster) {
      this.node.hidden = true;
      return;
    }
    this.node.hidden = false;
    const size = facts.video ?? { width: 854, height: 480 };
    if (!address || blob?.type === 'image/png' || facts.video?.mime === 'image/png') {
      this.node.append(make('img', 'sr-picture', { src: address || poster, alt: facts.alt }));
      return;
    }
    const video = make('video', 'sr-picture', {
      controls: true,
      loop: true,
      muted: true,
      playsInline: true,
      preload: 'metadata',
      width: size.width,
      height: size.height,
      poster,
      src: address,
      ariaLabel: facts.alt
    });
    this.node.append(video);
    if (isAutoplayed && !wantsLessMotion()) {
      video.play().catch(() => undefined); // the browser may not allow it; the play button remains
    }
  }

  /** Play what is finished of a video that is still being drawn. */
  addSegment(segment: ISegment): void {
    const isVideo = /^video\/mp4$/.test(segment.media_type);
    const blob = isVideo && typeof segment.base64 === 'string' ? decode(segment.base64, 'video/mp4') : null;
    if (!blob || this._segments.has(segment.index)) {
      return;
    }
    this._segments.set(segment.index, this._keep(blob));
    if (this._playing === null) {
      this._playNext(-1);
    }
  }

  get hasSegments(): boolean {
    return this._segments.size > 0;
  }

  dispose(): void {
    this._forget();
  }

  private _playNext(after: number): void {
    const known = [...this._segments.keys()].sort((a, b) => a - b);
    const next = known.find(index => index > after) ?? known[0];
    const address = next === undefined ? undefined : this._segments.get(next);
    if (next === undefined || !address) {
      return;
    }
    this._playing = next;
    const video = make('video', 'sr-picture', { muted: true, playsInline: true, src: address });
    video.ariaLabel = 'What is finished of the animation';
    video.addEventListener('ended', () => this._playNext(next));
    video.addEventListener('loadeddata', () => {
      this.node.hidden = false;
      this.node.replaceChildren(video, make('span', 'sr-live', { textContent: `part ${next + 1}` }));
      if (!wantsLessMotion()) {
        video.play().catch(() => undefined);
      }
    });
    video.load();
  }

  private async _findFile(facts: IFacts): Promise<string> {
    const href = facts.video?.href ?? '';
    if (!this._resolver || !isBesideNotebook(href)) {
      return '';
    }
    try {
      return await this._resolver.getDownloadUrl(await this._resolver.resolveUrl(href));
    } catch {
      return '';
    }
  }

  private _keep(blob: Blob): string {
    const address = URL.createObjectURL(blob);
    this._addresses.push(address);
    return address;
  }

  private _forget(): void {
    this._addresses.splice(0).forEach(address => URL.revokeObjectURL(address));
    this._segments.clear();
    this._playing = null;
  }

  private _addresses: string[] = [];
  private _segments = new Map<number, string>();
  private _playing: number | null = null;
}
