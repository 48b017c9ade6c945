// %%shaperotate cells hold prose: coloured as Markdown with formulas, not as Python.

import { CodeCell } from '@jupyterlab/cells';
import { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import { NotebookPanel } from '@jupyterlab/notebook';

const PROSE = 'text/x-ipythongfm';
const MAGIC = /^%%shaperotate\b/;

export class ProseMode {
  constructor(private _languages: IEditorLanguageRegistry | null) {}

  isOn = true;

  /** Watch the cells of a notebook. */
  watch(panel: NotebookPanel): void {
    const look = () => this._lookLater(panel);
    const hook = () => {
      for (const cell of panel.content.widgets) {
        if (!this._watched.has(cell)) {
          this._watched.add(cell);
          cell.model.contentChanged.connect(look);
          cell.model.mimeTypeChanged.connect(look);
        }
      }
      look();
    };
    panel.content.modelContentChanged.connect(hook);
    void panel.context.ready.then(hook);
  }

  /** Colour the cells of a notebook again, as after a changed setting. */
  refresh(panel: NotebookPanel): void {
    this._lookLater(panel);
  }

  // The editor applies whichever language was loaded last, and the notebook resets the type
  // whenever the kernel says what it is: so both are loaded first, and this comes after them.
  private _lookLater(panel: NotebookPanel): void {
    if (this._planned.has(panel)) {
      return;
    }
    this._planned.add(panel);
    const wanted = [PROSE, panel.content.codeMimetype].map(type => this._languages?.getLanguage(type));
    void Promise.all(wanted).then(() =>
      window.setTimeout(() => {
        this._planned.delete(panel);
        if (!panel.isDisposed) {
          this._look(panel);
        }
      }, 0)
    );
  }

  private _look(panel: NotebookPanel): void {
    for (const cell of panel.content.widgets) {
      if (!(cell instanceof CodeCell)) {
        continue;
      }
      const isProse = this.isOn && MAGIC.test(cell.model.sharedModel.getSource());
      cell.toggleClass('sr-prose', isProse);
      const type = isProse ? PROSE : panel.content.codeMimetype;
      if ((isProse || cell.model.mimeType === PROSE) && cell.model.mimeType !== type) {
        cell.model.mimeType = type;
      }
    }
  }

  private _watched = new WeakSet<object>();
  private _planned = new WeakSet<object>();
}
