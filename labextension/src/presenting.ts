// The results of a notebook as a presentation shows them: one after the other, from top to bottom.

import { NotebookPanel } from '@jupyterlab/notebook';

import type { IResult } from './explore';
import { decode, findEmbedded, findExplore, readPoster } from './facts';
import { findResults, IPlace } from './outputs';

export function listPresented(panel: NotebookPanel): IResult[] {
  return Array.from(findResults(panel))
    .filter(({ data }) => findEmbedded(data)?.type === 'video/mp4')
    .map(makePresented);
}

function makePresented({ facts, data }: IPlace): IResult {
  let address = '';
  return {
    id: facts.id,
    title: facts.title,
    load: async () => {
      const { parseExplore } = await import('./explore');
      const blob = decode(findEmbedded(data)!);
      if (!blob) {
        throw new Error('the video is damaged');
      }
      address ||= URL.createObjectURL(blob);
      return { video: address, poster: readPoster(data), explore: parseExplore(findExplore(data)) };
    },
    release: () => URL.revokeObjectURL(address)
  };
}
