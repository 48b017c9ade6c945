// What a result's output holds, and how its picture is found there. docs/protocol.md describes it.

import { PartialJSONObject } from '@lumino/coreutils';

import { showControls } from './signs';

export const MIME = 'application/vnd.shaperotator.v1+json';

export interface IVersion {
  id: string;
  prompt: string;
  status: string;
}

export interface IProgress {
  word: string;
  detail: string;
  done: number | null;
  total: number | null;
  code_tail: string;
  elapsed_s: number;
}

export interface ISegment {
  index: number;
  media_type: string;
  base64: string;
}

export interface IVideo {
  mime: string;
  bytes: number;
  duration: number;
  width: number;
  height: number;
  fps: number;
  href: string;
  /** What is embedded is not the file itself, but a copy of it; a reduced one is 480p15. */
  is_copy: boolean;
  is_reduced: boolean;
  has_svg: boolean;
}

export interface IFacts {
  id: string;
  kernel: string;
  status: 'running' | 'completed' | 'failed' | 'cancelled' | 'removed';
  title: string;
  change: string;
  alt: string;
  prompt: string;
  code: string;
  scene_name: string | null;
  model: string | null;
  writer: string | null;
  parent: string | null;
  making: string;
  notes: string[];
  printed: string[];
  made_with: Record<string, string>;
  versions: IVersion[];
  error: { type: string; message: string; hint: string; details: Record<string, unknown> } | null;
  video: IVideo | null;
  /** What may be changed without a writer, as it is in the record; the knobs read it. */
  parameters: unknown[];
  /** Values that only this version has. */
  values: Record<string, any>;
  progress: IProgress | null;
  segment: ISegment | null;
}

const MOST_PRINTED = 60;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
// What is only shown; the prompt and the code are used, too, and shown where they are drawn.
const shown = (value: unknown): string => showControls(text(value));
const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter(item => typeof item === 'string').map(showControls) : [];

/** Read the facts of an output. A notebook may come from anybody: nothing is believed of its shape. */
export function readFacts(data: PartialJSONObject): IFacts | null {
  const raw = data[MIME] as Partial<IFacts> | undefined;
  if (!raw || typeof raw !== 'object' || typeof raw.id !== 'string') {
    return null;
  }
  const video = raw.video && typeof raw.video === 'object' ? raw.video : null;
  const error = raw.error && typeof raw.error === 'object' ? raw.error : null;
  const versions = Array.isArray(raw.versions) ? raw.versions : [];
  return {
    id: raw.id,
    kernel: text(raw.kernel),
    status: (text(raw.status) || 'completed') as IFacts['status'],
    title: shown(raw.title),
    change: shown(raw.change),
    alt: shown(raw.alt) || shown(raw.title),
    prompt: text(raw.prompt),
    code: text(raw.code),
    scene_name: shown(raw.scene_name) || null,
    model: shown(raw.model) || null,
    writer: shown(raw.writer) || null,
    parent: text(raw.parent) || null,
    making: shown(raw.making),
    notes: texts(raw.notes),
    printed: texts(raw.printed).slice(0, MOST_PRINTED),
    made_with: readTexts(raw.made_with),
    versions: versions
      .filter(item => item && typeof item.id === 'string')
      .map(item => ({ id: item.id, prompt: shown(item.prompt), status: text(item.status) })),
    error: error && {
      type: text(error.type),
      message: shown(error.message),
      hint: shown(error.hint),
      details: error.details && typeof error.details === 'object' ? error.details : {}
    },
    video: video && {
      mime: text(video.mime),
      bytes: Number(video.bytes) || 0,
      duration: Number(video.duration) || 0,
      width: Number(video.width) || 854,
      height: Number(video.height) || 480,
      fps: Number(video.fps) || 0,
      href: text(video.href),
      is_copy: video.is_copy === true,
      is_reduced: video.is_reduced === true,
      has_svg: video.has_svg === true
    },
    parameters: Array.isArray(raw.parameters) ? raw.parameters : [],
    values: raw.values && typeof raw.values === 'object' ? raw.values : {},
    progress: raw.progress && typeof raw.progress === 'object' ? readProgress(raw.progress) : null,
    segment: raw.segment && typeof raw.segment === 'object' ? raw.segment : null
  };
}

/** The versions as they are counted: those that have a result, and the one that is shown. */
export function listSteps(current: string, versions: IVersion[]): IVersion[] {
  return versions.filter(version => version.status === 'completed' || version.id === current);
}

function readTexts(value: unknown): Record<string, string> {
  const entries = value && typeof value === 'object' ? Object.entries(value) : [];
  return Object.fromEntries(entries.filter(([, item]) => typeof item === 'string')) as Record<string, string>;
}

function readProgress(raw: Partial<IProgress>): IProgress {
  return {
    word: shown(raw.word),
    detail: shown(raw.detail),
    done: typeof raw.done === 'number' ? raw.done : null,
    total: typeof raw.total === 'number' ? raw.total : null,
    code_tail: shown(raw.code_tail),
    elapsed_s: Number(raw.elapsed_s) || 0
  };
}

const EMBEDDED = /\ssrc="data:(video\/mp4|image\/png);base64,([A-Za-z0-9+/=]+)"/;

export interface IEmbedded {
  type: string;
  base64: string;
}

/** Find the picture that is embedded in the text/html beside the facts; its bytes are there once. */
export function findEmbedded(data: PartialJSONObject): IEmbedded | null {
  const html = data['text/html'];
  const joined = Array.isArray(html) ? html.join('') : text(html);
  const found = EMBEDDED.exec(joined);
  return found && { type: found[1], base64: found[2] };
}

const EXPLORE = /\sdata-sr-explore="([^"]*)"/;

/** Find what the player needs of a result, as text: its steps and its shapes are in the text/html, once. */
export function findExplore(data: PartialJSONObject): string | undefined {
  const html = data['text/html'];
  const found = EXPLORE.exec(Array.isArray(html) ? html.join('') : text(html));
  // Only the signs of an attribute are read: nothing of it is run or loaded.
  return found ? new DOMParser().parseFromString(`<i title="${found[1]}">`, 'text/html').querySelector('i')?.title : undefined;
}

export function decode({ type, base64 }: IEmbedded): Blob | null {
  let binary: string;
  try {
    binary = atob(base64);
  } catch {
    return null; // a truncated file: the poster is shown in its place
  }
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) {
    bytes[i] = binary.charCodeAt(i);
  }
  return new Blob([bytes], { type });
}

/** Return the poster as a data: address, or an empty text. */
export function readPoster(data: PartialJSONObject): string {
  const png = data['image/png'];
  const joined = (Array.isArray(png) ? png.join('') : text(png)).replace(/\s/g, '');
  return /^[A-Za-z0-9+/=]+$/.test(joined) ? `data:image/png;base64,${joined}` : '';
}

/** Tell whether an address is a file beside the notebook: nothing else is ever loaded. */
export function isBesideNotebook(href: string): boolean {
  return /^[^\s:?#\\]+\.(mp4|png)$/i.test(href) && !href.startsWith('/') && !href.includes('//');
}
