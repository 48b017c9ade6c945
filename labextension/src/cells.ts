// Cells that the extension makes: scene code as a cell, a prompt from selected text.

import { Cell } from '@jupyterlab/cells';
import { NotebookActions, NotebookPanel } from '@jupyterlab/notebook';

import { IFacts } from './facts';

// A scene is plain Python. A notebook from elsewhere may hold something else in its place.
const NOT_PLAIN = /^\s*(%|!|\?)|\?\s*$|get_ipython/m;

/** Insert a result's code below its cell; returns what the user should read, or an empty text. */
export function insertCode(panel: NotebookPanel, cell: Cell, facts: IFacts): string {
  if (NOT_PLAIN.test(facts.code)) {
    return 'Not inserted: this code holds commands of IPython, which no scene has.';
  }
  const title = facts.title.replace(/[\r\n\u2028\u2029\u0085\v\f]+/g, ' ');
  insertBelow(panel, cell, `# Scene code of ${facts.id.replace(/\W/g, '')}: ${title}\n${facts.code}`);
  return '';
}

export function insertBelow(panel: NotebookPanel, cell: Cell, source: string): void {
  panel.content.activeCellIndex = panel.content.widgets.indexOf(cell);
  NotebookActions.insertBelow(panel.content);
  panel.content.activeCell?.model.sharedModel.setSource(source);
}

/** Return what is selected in a cell: in its editor, else on the page, else its whole source. */
export function readSelection(cell: Cell): string {
  const source = cell.model.sharedModel.getSource();
  const editor = cell.editor;
  const selection = editor?.getSelection();
  if (editor && selection) {
    const offsets = [editor.getOffsetAt(selection.start), editor.getOffsetAt(selection.end)];
    const [from, to] = offsets.sort((a, b) => a - b);
    if (from !== to) {
      return source.slice(from, to).trim();
    }
  }
  const shown = window.getSelection();
  const isInCell = shown?.anchorNode && cell.node.contains(shown.anchorNode);
  return (isInCell ? shown.toString().trim() : '') || source.trim();
}
