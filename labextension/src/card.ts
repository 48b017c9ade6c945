// The card of one result: drawn from the output alone; with its kernel it also takes orders.

import { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { Kernel } from '@jupyterlab/services';
import { JSONObject, PartialJSONObject } from '@lumino/coreutils';
import { Message } from '@lumino/messaging';
import { Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';

import { insertCode } from './cells';
import { buildFileName, make, makeButton, save } from './dom';
import { decode, IFacts, IVersion, readEmbedded, readFacts, readPoster } from './facts';
import { Answer, KernelLink, linkTo } from './link';
import { IBundle, Notebooks, replaceByRemoved, replaceResult } from './outputs';
import { makeAbout, makeCode, makeError, ProgressView } from './panels';
import { Run, RUNS } from './run';
import { Stage } from './stage';
import { VersionBar } from './versions';

export interface ICardContext {
  notebooks: Notebooks;
  languages: IEditorLanguageRegistry | null;
  isAutoplayOn: () => boolean;
}

// Results that were made while this page looked on: only these begin to play by themselves.
const FRESH = new Set<string>();

export class Card extends Widget implements IRenderMime.IRenderer {
  constructor(
    private _context: ICardContext,
    resolver: IRenderMime.IResolver | null
  ) {
    super();
    this.addClass('sr-card');
    this.node.setAttribute('role', 'group');
    this._stage = new Stage(resolver);
    this._other = new Stage(resolver);
    this._progress = new ProgressView(() => this._cancel());
    this._versions = new VersionBar({
      show: id => this._showVersion(id),
      compare: id => this._compare(id)
    });
    // JupyterLab's command mode would take the letters typed here.
    this.node.addEventListener('keydown', event => event.stopPropagation());
  }

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    const data = model.data as PartialJSONObject;
    const facts = readFacts(data);
    if (!facts) {
      this.node.textContent = 'This result cannot be read: it was made by another version.';
      return;
    }
    const isSame = this._facts?.id === facts.id && this._facts.status === facts.status;
    this._facts = facts;
    this._data = data;
    if (facts.status === 'running') {
      this._showRunning(facts, isSame);
    } else {
      await this._showFinished(facts, data);
    }
    this._connect();
  }

  protected onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    // An opened notebook is drawn before its kernel is there; later it may be another one.
    this._context.notebooks.panelOf(this.node)?.sessionContext.kernelChanged.connect(this._connect, this);
    this._connect();
  }

  dispose(): void {
    this._stage.dispose();
    this._other.dispose();
    this._disconnect();
    Signal.clearData(this);
    super.dispose();
  }

  // --- drawing ------------------------------------------------------------------------

  private _showRunning(facts: IFacts, isSame: boolean): void {
    FRESH.add(facts.id);
    if (!isSame) {
      this.node.setAttribute('aria-label', `Being made: ${facts.title}`);
      this._stage.clear();
      this.node.replaceChildren(
        make('div', 'sr-title', { textContent: facts.title }),
        this._stage.node,
        this._progress.node
      );
      this._progress.hide();
    }
    if (facts.segment) {
      this._stage.addSegment(facts.segment);
    }
    this._progress.show(facts, 'Starting');
  }

  private async _showFinished(facts: IFacts, data: PartialJSONObject): Promise<void> {
    const isFresh = FRESH.delete(facts.id) && this._context.isAutoplayOn();
    this.node.setAttribute('aria-label', facts.alt || facts.title);
    this._progress.hide();
    this._other.clear();
    this._versions.show(facts.id, facts.versions);
    this._buildControls(facts);
    this.node.replaceChildren(
      ...[
        make('div', 'sr-stages', {}, this._stage.node, this._other.node),
        make('div', 'sr-head', {}, make('div', 'sr-title', { textContent: facts.title }), this._versions.node),
        makeError(facts),
        ...facts.notes.map(note => make('div', 'sr-note', { textContent: note })),
        facts.making && make('div', 'sr-faint', { textContent: facts.making }),
        this._orders,
        this._progress.node,
        this._said,
        makeCode(facts, this._context.languages),
        makeAbout(facts)
      ].filter((part): part is HTMLElement => Boolean(part))
    );
    this._updateControls();
    await this._stage.show(facts, data, isFresh);
  }

  private _buildControls(facts: IFacts): void {
    const verdicts = make('div', 'sr-group');
    verdicts.setAttribute('role', 'group');
    verdicts.setAttribute('aria-label', 'Verdict');
    this._up = makeButton({
      icon: '👍', label: 'Keep', title: 'It was right: keep it', act: () => this._give({ is_positive: true }), isIconOnly: true
    });
    this._down = makeButton({
      icon: '👎', label: 'Not right', title: 'Not right: say why', act: () => this._refuse(), isIconOnly: true
    });
    verdicts.append(this._up, this._down);
    this._again = makeButton({
      icon: '↻', label: 'Again', title: 'Ask the writer for another scene', act: () => this._regenerate()
    });
    const insert = makeButton({
      icon: '⌨', label: 'Code to cell', title: 'Insert the scene code as a cell', act: () => this._insert()
    });
    insert.disabled = !facts.code;
    this._remove = makeButton({
      icon: '✕', label: 'Remove', title: 'Remove it, with its video', act: () => this._give({ remove: true }), className: 'sr-mod-quiet'
    });
    this._buildRefine();
    this._buildComment();
    const tools = make('div', 'sr-tools', {}, verdicts, this._again, insert, this._buildDownload(facts), this._remove);
    this._orders.replaceChildren(this._comment, this._refine, tools);
    this._orders.className = 'sr-orders';
  }

  private _buildRefine(): void {
    const input = make('input', 'sr-input', {
      type: 'text',
      placeholder: 'Say what to change: make the circle red, slow down the end …',
      maxLength: 4000,
      ariaLabel: 'Say what to change'
    });
    this._refine = make('form', 'sr-refine', {}, input, make('button', 'sr-button sr-mod-primary', { type: 'submit', textContent: 'Refine' }));
    this._refine.addEventListener('submit', event => {
      event.preventDefault();
      const text = input.value.trim();
      if (text) {
        input.value = '';
        void this._run(text, `%%shaperotate --refine ${this._facts!.id}\n${text}`);
      }
    });
  }

  private _buildComment(): void {
    const input = make('input', 'sr-input', {
      type: 'text', placeholder: 'What is wrong? Enter sends it', maxLength: 2000, ariaLabel: 'What is wrong?'
    });
    this._comment = make('form', 'sr-refine', { hidden: true }, input, make('button', 'sr-button', { type: 'submit', textContent: 'Send' }));
    this._comment.addEventListener('submit', event => {
      event.preventDefault();
      const comment = input.value.trim();
      this._comment.hidden = true;
      if (comment) {
        void this._give({ is_positive: false, comment });
      }
    });
    this._comment.addEventListener('keydown', event => {
      this._comment.hidden = event.key === 'Escape';
    });
  }

  private _buildDownload(facts: IFacts): HTMLElement {
    const menu = make('div', 'sr-menu', { hidden: true });
    const item = (format: string, act: () => unknown): HTMLButtonElement =>
      makeButton({ icon: '', label: format.toUpperCase(), title: `Save as ${format}`, act: () => { menu.hidden = true; return act(); } });
    const embedded = readEmbedded(this._data);
    const poster = readPoster(this._data);
    if (embedded?.type === 'video/mp4') {
      menu.append(item('mp4', () => save(embedded, buildFileName(facts.title, facts.id, 'mp4'))));
      this._gif = item('gif', () => this._download('gif'));
      menu.append(this._gif);
    }
    if (poster) {
      const png = decode(poster.slice(poster.indexOf(',') + 1), 'image/png');
      menu.append(item('png', () => png && save(png, buildFileName(facts.title, facts.id, 'png'))));
    }
    const button = makeButton({
      icon: '↓', label: 'Download', title: 'Save the video or a picture', act: () => { menu.hidden = !menu.hidden; }
    });
    button.setAttribute('aria-haspopup', 'true');
    button.hidden = menu.childElementCount === 0;
    const box = make('div', 'sr-menu-box', {}, button, menu);
    box.addEventListener('focusout', event => {
      if (!box.contains(event.relatedTarget as Node)) {
        menu.hidden = true;
      }
    });
    box.addEventListener('keydown', event => {
      menu.hidden ||= event.key === 'Escape';
    });
    return box;
  }

  private _updateControls(): void {
    const isHere = Boolean(this._link?.isOpen) && this._isKnown;
    const isDone = this._facts?.status === 'completed' && Boolean(this._facts.code);
    for (const element of [this._up, this._down, this._again, this._remove]) {
      element.hidden = !isHere;
    }
    this._refine.hidden = !isHere || !isDone;
    this._versions.isHere = isHere;
    if (this._gif) {
      this._gif.disabled = !isHere;
      this._gif.title = isHere ? 'Save as gif' : 'A gif is made by the kernel that has the magics loaded';
    }
    const run = this._facts ? RUNS.get(this._facts.id) : undefined;
    this._orders.classList.toggle('sr-mod-busy', Boolean(run));
    for (const element of this._orders.querySelectorAll<HTMLButtonElement | HTMLInputElement>('.sr-refine input, .sr-refine button')) {
      element.disabled = Boolean(run);
    }
    this._again.disabled = Boolean(run);
  }

  private _say(text: string): void {
    this._said.textContent = text;
    this._said.hidden = !text;
  }

  // --- the kernel ---------------------------------------------------------------------

  private _connect(): void {
    const kernel = this.isAttached ? this._context.notebooks.kernelOf(this.node) : null;
    if (!kernel || !this._facts) {
      return;
    }
    const link = linkTo(kernel);
    if (link !== this._link) {
      this._disconnect();
      this._link = link;
      link.changed.connect(this._onLinkChanged, this);
      link.told.connect(this._onTold, this);
    }
    if (link.isOpen || kernel.id === this._facts.kernel) {
      void link.open().then(isOpen => (isOpen ? this._askState() : undefined));
    }
    this._follow(RUNS.get(this._facts.id));
  }

  private _disconnect(): void {
    this._link?.changed.disconnect(this._onLinkChanged, this);
    this._link?.told.disconnect(this._onTold, this);
    this._link = null;
    this._asked = '';
    this._isKnown = false;
  }

  private _onLinkChanged(): void {
    this._asked = '';
    if (this._link?.isOpen) {
      void this._askState();
    } else if (this._facts?.status === 'running') {
      this._progress.show(null, 'Its kernel has ended; run the cell again.');
    } else if (this._facts) {
      this._isKnown = false;
      this._updateControls();
    }
  }

  private _onTold(_: KernelLink, answer: Answer): void {
    const facts = this._facts;
    if (!facts || answer.generation_id !== facts.id || facts.status === 'running') {
      return;
    }
    if (answer.kind === 'recorded' && !answer.error) {
      this._showVerdict(answer.is_positive, answer.has_comment);
      const panel = this._context.notebooks.panelOf(this.node);
      if (answer.remove && panel) {
        replaceByRemoved(panel, facts.id, facts.title);
      }
    }
  }

  /** Ask what the kernel knows of this result: a verdict, later versions, or its end. */
  private async _askState(): Promise<void> {
    const facts = this._facts;
    const key = `${facts?.id} ${facts?.status}`;
    if (!facts || !this._link || this._asked === key) {
      return;
    }
    this._asked = key;
    const answer = await this._link.ask({
      kind: 'state',
      generation_id: facts.id,
      is_running: facts.status === 'running'
    });
    if (this.isDisposed || facts.id !== this._facts?.id || answer.kind !== 'state') {
      return;
    }
    this._isKnown = Boolean(answer.is_known);
    if (facts.status === 'running') {
      this._catchUp(answer);
      return;
    }
    if (Array.isArray(answer.versions) && answer.versions.length) {
      this._versions.show(facts.id, answer.versions as IVersion[]);
    }
    if (answer.is_positive !== null) {
      this._showVerdict(answer.is_positive, false);
    }
    this._updateControls();
  }

  /** A run that ended while no page looked on left its output as it was: put its end there. */
  private _catchUp(answer: Answer): void {
    const panel = this._context.notebooks.panelOf(this.node);
    if (answer.data && panel) {
      replaceResult(panel, this._facts!.id, answer as unknown as IBundle);
    } else if (!answer.is_running) {
      this._progress.show(null, 'It was not finished: its kernel has ended. Run the cell again.');
    }
  }

  private _cancel(): void {
    const kernel: Kernel.IKernelConnection | null = this._context.notebooks.kernelOf(this.node);
    if (this._facts?.status === 'running' && this._link?.isOpen) {
      // A run in the background is not what an interrupt would stop.
      void this._link.ask({ kind: 'cancel', generation_id: this._facts.id }).then(answer => {
        if (!answer.is_cancelled) {
          void kernel?.interrupt();
        }
      });
      return;
    }
    void kernel?.interrupt();
  }

  // --- orders -------------------------------------------------------------------------

  private async _ask(message: JSONObject): Promise<Answer> {
    const kernel = this._context.notebooks.kernelOf(this.node);
    const answer = kernel
      ? await linkTo(kernel).ask({ ...message, generation_id: message.generation_id ?? this._facts!.id })
      : { kind: 'none', error: 'There is no kernel.' };
    this._say(answer.error ?? '');
    return answer;
  }

  private async _give(feedback: JSONObject): Promise<void> {
    this._say('sending …');
    const answer = await this._ask({ kind: 'feedback', ...feedback });
    if (!answer.error) {
      this._say(feedback.comment ? 'comment recorded ✓' : 'recorded ✓');
    }
  }

  private _refuse(): void {
    void this._give({ is_positive: false });
    this._comment.hidden = false;
    this._comment.querySelector('input')?.focus();
  }

  private _showVerdict(isPositive: boolean | null, hasComment: boolean): void {
    if (isPositive !== null) {
      this._up.setAttribute('aria-pressed', String(isPositive === true));
      this._down.setAttribute('aria-pressed', String(isPositive === false));
    }
    if (hasComment) {
      this._say('comment recorded ✓');
    }
  }

  private _regenerate(): void {
    void this._run('another scene', `%shaperotate again ${this._facts!.id}`);
  }

  private async _run(label: string, code: string): Promise<void> {
    const kernel = this._context.notebooks.kernelOf(this.node);
    const panel = this._context.notebooks.panelOf(this.node);
    const before = this._facts!;
    if (!kernel || !panel || RUNS.has(before.id)) {
      return;
    }
    this._say('');
    const run = new Run(kernel, label, code);
    RUNS.set(before.id, run);
    this._follow(run);
    const bundle = await run.done;
    RUNS.delete(before.id);
    const made = run.facts;
    if (bundle && made?.status === 'completed') {
      FRESH.add(made.id);
      replaceResult(panel, before.id, bundle);
      return;
    }
    if (!this.isDisposed) {
      this._progress.hide();
      this._updateControls();
      this._say(describeEnd(run));
    }
  }

  private _follow(run: Run | undefined): void {
    if (!run || run === this._followed || run.isOver) {
      return;
    }
    this._followed = run;
    const show = () => {
      if (this.isDisposed || run.isOver) {
        return;
      }
      this._progress.show(run.facts, run.isStarted ? 'Starting' : 'Waiting for the running cell to end');
      if (run.facts?.segment) {
        this._other.node.hidden = false;
        this._other.addSegment(run.facts.segment);
      }
    };
    run.changed.connect(show);
    show();
    this._updateControls();
  }

  private async _showVersion(id: string): Promise<void> {
    const panel = this._context.notebooks.panelOf(this.node);
    const answer = await this._ask({ kind: 'show', generation_id: id, is_chosen: true });
    if (answer.data && panel) {
      FRESH.add(id);
      replaceResult(panel, this._facts!.id, answer as unknown as IBundle);
    }
  }

  private async _compare(id: string): Promise<void> {
    if (!this._other.node.hidden) {
      this._other.clear();
      return;
    }
    const answer = await this._ask({ kind: 'show', generation_id: id, is_chosen: false });
    const facts = answer.data ? readFacts(answer.data) : null;
    if (facts) {
      await this._other.show(facts, answer.data, false);
      this._other.node.append(make('div', 'sr-caption', { textContent: facts.title }));
    }
  }

  private _insert(): void {
    const panel = this._context.notebooks.panelOf(this.node);
    const cell = this._context.notebooks.cellOf(this.node);
    if (panel && cell) {
      this._say(insertCode(panel, cell, this._facts!));
    }
  }

  private async _download(format: string): Promise<void> {
    this._say(`making the ${format} …`);
    const answer = await this._ask({ kind: 'download', format });
    const blob = answer.base64 ? decode(answer.base64, answer.media_type) : null;
    if (blob) {
      save(blob, buildFileName(this._facts!.title, this._facts!.id, format));
      this._say('');
    }
  }

  private _facts: IFacts | null = null;
  private _data: PartialJSONObject = {};
  private _link: KernelLink | null = null;
  private _asked = '';
  private _isKnown = false;
  private _followed: Run | null = null;
  private _stage: Stage;
  private _other: Stage;
  private _progress: ProgressView;
  private _versions: VersionBar;
  private _orders = make('div', 'sr-orders');
  private _said = (() => {
    const said = make('output', 'sr-said', { hidden: true });
    said.setAttribute('aria-live', 'polite');
    return said;
  })();
  private _up = make('button', '');
  private _down = make('button', '');
  private _again = make('button', '');
  private _remove = make('button', '');
  private _gif: HTMLButtonElement | null = null;
  private _refine = make('form', '');
  private _comment = make('form', '');
}

function describeEnd(run: Run): string {
  if (run.facts?.status === 'cancelled') {
    return 'Cancelled; this version is kept.';
  }
  const error = run.facts?.error;
  const said = error ? `${error.message} ${error.hint}` : run.said || 'It ended without a result.';
  return `${said.trim()} This version is kept.`;
}
