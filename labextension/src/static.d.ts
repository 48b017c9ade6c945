// What the shared front end of results exports, for its types are in JSDoc.

declare module '*/exploring/static/steps.js' {
  export interface IStep {
    name: string;
    start_s: number;
    end_s: number;
  }
  export interface IExplore {
    steps: IStep[];
    geometry: string;
  }
  export function parseExplore(text: string | undefined): IExplore | null;
}

declare module '*/exploring/static/player.js' {
  import type { IExplore } from '*/exploring/static/steps.js';

  export interface IMedia {
    video: string;
    poster: string;
    explore: IExplore | null;
  }
  export interface IResult {
    id: string;
    title: string;
    load: () => Promise<IMedia>;
    release?: () => void;
  }
  export interface IPlayer {
    root: HTMLElement;
    knobsRoot: HTMLElement;
    dispose(): void;
  }
  export function mountPlayer(
    video: HTMLVideoElement,
    options: { explore: IExplore; id: string; title: string; listResults?: () => IResult[] }
  ): IPlayer;
}

declare module '*/exploring/static/knobs.js' {
  export interface IParameter {
    name: string;
  }
  export interface IKnobs {
    dispose(): void;
  }
  export interface IKnobAnswer {
    kind: string;
    error?: string;
    parameter?: string;
    base64?: string;
  }
  export interface IKnobMessage {
    kind: 'still' | 'set';
    values: Record<string, any>;
    is_reset?: boolean;
  }
  export interface IKnobOptions {
    parameters: IParameter[];
    send: (message: IKnobMessage) => Promise<IKnobAnswer>;
    onStill: (answer: IKnobAnswer | null) => void;
    onVideo: (answer: any) => void;
    command?: string;
    changed?: Record<string, any>;
    family?: string;
  }
  export function readParameters(found: unknown): IParameter[];
  export function mountKnobs(root: HTMLElement, options: IKnobOptions): IKnobs;
  export class StillView {
    constructor(findVideo: () => HTMLVideoElement | null);
    hold(message: IKnobMessage): number | null;
    show(answer: IKnobAnswer | null): void;
    release(): void;
    passOn(video: HTMLVideoElement): void;
  }
}
