// The picture of a card: the embedded video, a file beside the notebook, or the poster.

import { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { PartialJSONObject } from '@lumino/coreutils';

import { make, wantsLessMotion, whenNear } from './dom';
import type { IPlayer, IResult } from './explore';
import { decode, findEmbedded, findExplore, IEmbedded, IFacts, isBesideNotebook, ISegment, readPoster } from './facts';

export class Stage {
  constructor(
    private _resolver: IRenderMime.IResolver | null,
    private _listResults: () => IResult[]
  ) {
    this.node.append(this._frame, this._caption);
  }

  readonly node = make('div', 'sr-stage');

  /** The video that is shown, where it is one. */
  get video(): HTMLVideoElement | null {
    return this._frame.querySelector('video');
  }

  /** Return the frame that a video shows, null where that is its poster. */
  captureFrame(): Promise<Blob | null> {
    const video = this.video;
    if (!video || video.readyState < 2 || (video.paused && video.currentTime === 0)) {
      return Promise.resolve(null);
    }
    const canvas = make('canvas', '', { width: video.videoWidth, height: video.videoHeight });
    canvas.getContext('2d')?.drawImage(video, 0, 0);
    return new Promise(resolve => canvas.toBlob(resolve, 'image/png'));
  }

  /** What is said below the picture, so that nothing of the picture is hidden; empty: nothing. */
  set caption(text: string) {
    this._caption.textContent = this._caption.title = text;
    this._caption.hidden = !text;
  }

  /** Draw the picture of a finished result; false where something newer has come meanwhile. */
  async show(facts: IFacts, data: PartialJSONObject, isAutoplayed: boolean): Promise<boolean> {
    this.clear();
    const turn = this._turn;
    const poster = readPoster(data);
    const embedded = findEmbedded(data);
    const address = embedded ? '' : await this._findFile(facts);
    if (turn !== this._turn) {
      return false;
    }
    this.node.hidden = !embedded && !address && !poster;
    if (embedded?.type === 'video/mp4' || (address && facts.video?.mime !== 'image/png')) {
      const video = makeVideo(facts, poster);
      this._frame.append(video);
      this._load(video, embedded, address, isAutoplayed && !wantsLessMotion());
      void this._mountPlayer(video, facts, data);
    } else if (!this.node.hidden) {
      const blob = embedded && decode(embedded);
      const src = blob ? this._keep(blob) : address || poster;
      this._frame.append(make('img', 'sr-picture', { src, alt: facts.alt }));
    }
    return true;
  }

  /** A part of a video is shown that is still being drawn. */
  get isGrowing(): boolean {
    return this._growing !== null;
  }

  /** Take the parts of another drawing from now on; it is shown once it has come to this moment. */
  beginAgain(moment: number | null): void {
    this._index = -1;
    this._next = '';
    this._growing = null;
    this._moment = moment ?? Infinity;
  }

  /** Play what is finished of a video that is still being drawn; it holds everything so far. */
  addSegment(segment: ISegment): void {
    if (segment.media_type !== 'video/mp4' || !(segment.index > this._index)) {
      return;
    }
    const blob = decode({ type: 'video/mp4', base64: String(segment.base64) });
    if (!blob) {
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
    this._frame.replaceChildren();
    this.caption = '';
  }

  dispose(): void {
    this._forget();
  }

  /** Bring a video to its element when it comes near: thirty at once would stop the page. */
  private _load(video: HTMLVideoElement, embedded: IEmbedded | null, address: string, isPlayed: boolean): void {
    const load = () => {
      const blob = embedded && decode(embedded);
      if (blob || address) {
        video.src = blob ? this._keep(blob) : address;
      } else {
        video.replaceWith(make('img', 'sr-picture', { src: video.poster, alt: video.ariaLabel ?? '' }));
      }
    };
    if (isPlayed) {
      load();
      video.play().catch(() => undefined); // the browser may not allow it; the play button remains
    } else {
      this._stopWaiting = whenNear(video, load);
    }
  }

  /** Give the video its steps; what plays them is loaded with the first result that has any. */
  private async _mountPlayer(video: HTMLVideoElement, facts: IFacts, data: PartialJSONObject): Promise<void> {
    const found = findExplore(data);
    if (!found) {
      return;
    }
    const { mountPlayer, parseExplore } = await import('./explore');
    const explore = parseExplore(found);
    if (explore && video.parentNode === this._frame) {
      const { id, title } = facts;
      this._player = mountPlayer(video, { explore, id, title, listResults: this._listResults });
    }
  }

  /** Go on in the longer video where the shorter one ended. */
  private _playOn(): void {
    if (!this._next) {
      return;
    }
    const at = this._growing?.currentTime ?? this._moment;
    const video = make('video', 'sr-picture', { muted: true, playsInline: true, src: this._next });
    video.ariaLabel = 'What is finished of the animation';
    this._next = '';
    this._growing = video;
    video.addEventListener('ended', () => this._playOn());
    video.addEventListener('loadeddata', () => {
      if (this._growing !== video) {
        return; // the finished video came first, or the run ended
      }
      if (video.duration <= at) {
        this._growing = null; // it has not come so far yet
        return;
      }
      video.currentTime = at;
      this.node.hidden = false;
      this._frame.replaceChildren(video);
      this.caption = 'What is drawn so far';
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
    this._turn += 1;
    this._stopWaiting();
    this._player?.dispose();
    this._player = null;
    this._addresses.splice(0).forEach(address => URL.revokeObjectURL(address));
    this._growing = null;
    this._next = '';
    this._index = -1;
    this._moment = 0;
  }

  private _frame = make('div', 'sr-frame');
  private _caption = make('div', 'sr-caption', { hidden: true });
  private _addresses: string[] = [];
  private _player: IPlayer | null = null;
  private _turn = 0;
  private _stopWaiting = (): void => undefined;
  private _growing: HTMLVideoElement | null = null;
  private _next = '';
  private _index = -1;
  private _moment = 0;
}

function makeVideo(facts: IFacts, poster: string): HTMLVideoElement {
  const size = facts.video ?? { width: 854, height: 480 };
  return make('video', 'sr-picture', {
    controls: true,
    loop: true,
    muted: true,
    playsInline: true,
    preload: 'metadata',
    width: size.width,
    height: size.height,
    poster,
    ariaLabel: facts.alt
  });
}
