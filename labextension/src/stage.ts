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

  /** Play what is finished of a video that is still being drawn; it holds everything so far. */
  addSegment(segment: ISegment): void {
    const isVideo = segment.media_type === 'video/mp4' && typeof segment.base64 === 'string';
    const blob = isVideo ? decode(segment.base64, 'video/mp4') : null;
    if (!blob || !(segment.index > this._index)) {
      return;
    }
    this._index = segment.index;
    this._next = this._keep(blob);
    if (!this._growing || this._growing.ended) {
      this._playOn();
    }
  }

  /** Show nothing; what is still loading does not come back. */
  clear(): void {
    this._forget();
    this.node.hidden = true;
    this.node.replaceChildren();
  }

  dispose(): void {
    this._forget();
  }

  /** Go on in the longer video where the shorter one ended. */
  private _playOn(): void {
    if (!this._next) {
      return;
    }
    const at = this._growing?.currentTime ?? 0;
    const video = make('video', 'sr-picture', { muted: true, playsInline: true, src: this._next });
    video.ariaLabel = 'What is finished of the animation';
    this._next = '';
    this._growing = video;
    video.addEventListener('ended', () => this._playOn());
    video.addEventListener('loadeddata', () => {
      if (this._growing !== video) {
        return; // the finished video came first, or the run ended
      }
      video.currentTime = at;
      this.node.hidden = false;
      this.node.replaceChildren(video, make('span', 'sr-live', { textContent: 'being drawn' }));
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
    this._growing = null;
    this._next = '';
    this._index = -1;
  }

  private _addresses: string[] = [];
  private _growing: HTMLVideoElement | null = null;
  private _next = '';
  private _index = -1;
}
