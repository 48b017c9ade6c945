// The plugin: what is registered, and with what it is joined.

import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import { INotebookTracker, NotebookActions } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { LabIcon } from '@jupyterlab/ui-components';

import { Card } from './card';
import { insertBelow, readSelection } from './cells';
import { MIME } from './facts';
import { Gallery } from './gallery';
import { linkTo } from './link';
import { Notebooks } from './outputs';
import { ProseMode } from './prose';

const PLUGIN = 'shaperotator_magic:plugin';
const ROTATE = 'shaperotator:rotate-selection';
const SHOW_GALLERY = 'shaperotator:show-gallery';

// Below 0: text/html stays what front ends without this extension show.
const RANK = -20;

const icon = new LabIcon({
  name: 'shaperotator:icon',
  svgstr:
    '<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24"><g class="jp-icon3" fill="none" stroke="#616161" stroke-width="1.8" stroke-linejoin="round">' +
    '<path d="M12 5.2 17.9 8.6v6.8L12 18.8 6.1 15.4V8.6z"/><path d="M6.1 8.6 12 12l5.9-3.4M12 12v6.8"/>' +
    '<path d="M3 8.4a10 10 0 0 1 5-5M21 15.6a10 10 0 0 1-5 5" stroke-linecap="round"/></g></svg>'
});

function activate(
  app: JupyterFrontEnd,
  rendermime: IRenderMimeRegistry,
  tracker: INotebookTracker | null,
  palette: ICommandPalette | null,
  settings: ISettingRegistry | null,
  languages: IEditorLanguageRegistry | null
): void {
  const chosen = { proseMode: true, autoplay: true, cardWidth: 720 };
  const context = { notebooks: new Notebooks(tracker), languages, isAutoplayOn: () => chosen.autoplay };
  rendermime.addFactory(
    { safe: true, mimeTypes: [MIME], createRenderer: options => new Card(context, options.resolver) },
    RANK
  );
  const prose = new ProseMode(languages);
  void settings?.load(PLUGIN).then(loaded => {
    const apply = () => {
      Object.assign(chosen, loaded.composite);
      prose.isOn = chosen.proseMode;
      document.documentElement.style.setProperty('--sr-card-width', `${chosen.cardWidth}px`);
      tracker?.forEach(panel => prose.refresh(panel));
    };
    loaded.changed.connect(apply);
    apply();
  });
  if (tracker) {
    tracker.widgetAdded.connect((_, panel) => prose.watch(panel));
    addRotate(app, tracker, palette);
    addGallery(app, tracker, palette);
    watchForMagics();
  }
}

/** A kernel in which the magics were loaded just now answers from now on: old cards may ask it. */
function watchForMagics(): void {
  NotebookActions.executed.connect((_, { notebook, cell }) => {
    if (/shaperotat/.test(cell.model.sharedModel.getSource())) {
      const panel = notebook.parent as any;
      const kernel = panel?.sessionContext?.session?.kernel;
      if (kernel) {
        void linkTo(kernel).open(true);
      }
    }
  });
}

function addRotate(app: JupyterFrontEnd, tracker: INotebookTracker, palette: ICommandPalette | null): void {
  app.commands.addCommand(ROTATE, {
    label: args => (args.toolbar ? '' : 'Rotate Selected Text'),
    caption: 'Rotate the selected text: animate it in a new %%shaperotate cell',
    icon,
    isEnabled: () => Boolean(tracker.activeCell),
    execute: async () => {
      const panel = tracker.currentWidget;
      const cell = panel?.content.activeCell;
      const text = cell ? readSelection(cell).replace(/^%%shaperotate.*\n/, '') : '';
      if (!panel || !cell || !text) {
        return;
      }
      const kernel = panel.sessionContext.session?.kernel;
      kernel?.requestExecute({ code: '%load_ext shaperotator_magic', silent: true, store_history: false });
      insertBelow(panel, cell, `%%shaperotate\n${text}`);
      await NotebookActions.run(panel.content, panel.sessionContext);
    }
  });
  palette?.addItem({ command: ROTATE, category: 'Shape Rotator' });
}

function addGallery(app: JupyterFrontEnd, tracker: INotebookTracker, palette: ICommandPalette | null): void {
  const gallery = new Gallery(tracker);
  gallery.title.icon = icon;
  app.shell.add(gallery, 'left', { rank: 900, type: 'Animations' });
  // Notebook 7 has no icons at the side of the page: there this is the way in.
  app.commands.addCommand(SHOW_GALLERY, {
    label: 'Show Animations',
    caption: 'Show the animations of this notebook in the side bar',
    execute: () => app.shell.activateById(gallery.id)
  });
  palette?.addItem({ command: SHOW_GALLERY, category: 'Shape Rotator' });
}

const plugin: JupyterFrontEndPlugin<void> = {
  id: PLUGIN,
  description: 'Cards, prose cells and the gallery of shaperotator-magic.',
  autoStart: true,
  requires: [IRenderMimeRegistry],
  optional: [INotebookTracker, ICommandPalette, ISettingRegistry, IEditorLanguageRegistry],
  activate
};

export default plugin;
