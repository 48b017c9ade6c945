// The knobs of a card: mounted where the kernel answers that knows the result, and with it alone.

import { JSONObject } from '@lumino/coreutils';

import { make } from './dom';
import type { IKnobs } from './explore';
import { IFacts } from './facts';
import { Answer } from './link';

type StillView = import('../../shaperotator_magic/pipeline/exploring/static/knobs.js').StillView;

export interface IKnobActs {
  /** Ask the kernel, without saying its refusal elsewhere than at the knob. */
  ask: (message: JSONObject) => Promise<Answer>;
  findVideo: () => HTMLVideoElement | null;
  /** Put another version in the place of this one. */
  show: (answer: Answer) => void;
  /** A video is being drawn that begins where the one before stands. */
  begin: (moment: number | null) => void;
  /** It came to nothing. */
  giveUp: () => void;
}

// Versions whose video begins where the one before was held.
const HELD = new Map<string, StillView>();

export class KnobsView {
  readonly node = make('div', 'sr-knobs-box', { hidden: true });

  constructor(private _acts: IKnobActs) {}

  show(facts: IFacts): void {
    if (facts.id !== this._facts?.id || facts.status !== this._facts.status) {
      this.clear();
    }
    this._facts = facts;
    void this._mount();
  }

  update(isHere: boolean): void {
    if (isHere !== this._isHere) {
      this._isHere = isHere;
      void this._mount();
    }
  }

  /** Let the video of this version begin where the one before was held. */
  passOn(id: string, video: HTMLVideoElement | null): void {
    const view = HELD.get(id);
    HELD.delete(id);
    if (view && video) {
      view.passOn(video);
    }
  }

  clear(): void {
    this._knobs?.dispose();
    this._knobs = null;
    this._isMounting = false;
    this.node.replaceChildren();
    this.node.hidden = true;
  }

  private async _mount(): Promise<void> {
    const facts = this._facts;
    this.node.hidden = !this._isHere || !this._knobs;
    if (!facts || !this._isHere || this._knobs || this._isMounting || facts.status !== 'completed' || !facts.parameters.length) {
      return;
    }
    this._isMounting = true;
    const { mountKnobs, readParameters, StillView } = await import('./explore');
    if (this._facts?.id !== facts.id || !this._isMounting) {
      return;
    }
    this._isMounting = false;
    const root = make('div', '');
    const view = new StillView(this._acts.findVideo);
    this._knobs = mountKnobs(root, {
      parameters: readParameters(facts.parameters),
      changed: facts.values,
      family: Object.keys(facts.values).length ? facts.parent ?? facts.id : facts.id,
      command: `%shaperotate set ${Object.keys(facts.values).length ? facts.parent : facts.id}`,
      send: message => {
        const at_s = view.hold(message);
        if (message.kind === 'set') {
          this._acts.begin(at_s);
        }
        return this._acts.ask({ ...message, at_s } as unknown as JSONObject);
      },
      onStill: answer => {
        view.show(answer);
        if (!answer) {
          this._acts.giveUp();
        }
      },
      onVideo: answer => {
        const made = answer?.data?.['application/vnd.shaperotator.v1+json']?.id;
        HELD.set(String(made), view);
        this._acts.show(answer);
      }
    });
    this.node.append(root);
    this.node.hidden = !this._isHere;
  }

  private _facts: IFacts | null = null;
  private _knobs: IKnobs | null = null;
  private _isHere = false;
  private _isMounting = false;
}
