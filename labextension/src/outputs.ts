// Finding the outputs of results in notebooks, and putting another bundle in their place.
//
// A page that was loaded anew no longer knows the display identifiers of earlier outputs, so the
// output's model itself is changed: that also is what gets saved.

import { Cell, CodeCell } from '@jupyterlab/cells';
import { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { PartialJSONObject } from '@lumino/coreutils';

import { IFacts, MIME, readFacts } from './facts';

export interface IBundle {
  data: PartialJSONObject;
  metadata: PartialJSONObject;
}

export interface IPlace {
  panel: NotebookPanel;
  cell: CodeCell;
  cellIndex: number;
  outputIndex: number;
  facts: IFacts;
  data: PartialJSONObject;
}

/** Yield every result of a notebook, from top to bottom. */
export function* findResults(panel: NotebookPanel): Generator<IPlace> {
  for (const [cellIndex, cell] of panel.content.widgets.entries()) {
    if (!(cell instanceof CodeCell)) {
      continue;
    }
    const outputs = cell.model.outputs;
    for (let outputIndex = 0; outputIndex < outputs.length; outputIndex++) {
      const data = outputs.get(outputIndex).data as PartialJSONObject;
      const facts = MIME in data ? readFacts(data) : null;
      if (facts) {
        yield { panel, cell, cellIndex, outputIndex, facts, data };
      }
    }
  }
}

/** Where a card is: its notebook, and the kernel of that. */
export class Notebooks {
  constructor(private _tracker: INotebookTracker | null) {}

  panelOf(node: Node): NotebookPanel | null {
    return this._tracker?.find(panel => panel.node.contains(node)) ?? null;
  }

  cellOf(node: Node): Cell | null {
    return this.panelOf(node)?.content.widgets.find(cell => cell.node.contains(node)) ?? null;
  }
}

/** Tell whether a cell is being executed, as far as this page has seen. */
export function isExecuting(cell: Cell | null): boolean {
  return cell instanceof CodeCell && cell.model.executionState === 'running';
}

/** Put a bundle where a result was; returns how many outputs were changed. */
export function replaceResult(panel: NotebookPanel, generationId: string, bundle: IBundle): number {
  const places = [...findResults(panel)].filter(place => place.facts.id === generationId);
  for (const { cell, outputIndex } of places) {
    cell.model.outputs.set(outputIndex, { output_type: 'display_data', ...bundle });
  }
  return places.length;
}
