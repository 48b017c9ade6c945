// The card of one result: drawn from the output alone; with its kernel it also takes orders.

import { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import { NotebookPanel } from '@jupyterlab/notebook';
import { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { JSONObject, PartialJSONObject } from '@lumino/coreutils';
import { Message } from '@lumino/messaging';
import { Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';

import { insertCode } from './cells';
import { DeclinedView } from './declined';
import { buildFileName, make, save, wantsLessMotion } from './dom';
import { Format } from './downloads';
import { decode, findEmbedded, IFacts, IVersion, readFacts } from './facts';
import { KnobsView } from './knobs';
import { Answer, KernelLink, linkTo } from './link';
import { Orders } from './orders';
import { IBundle, isExecuting, Notebooks, replaceResult } from './outputs';
import { listPresented } from './presenting';
import { makeAbout, makeCode, makeError, makePrinted, ProgressView } from './panels';
import { RemovedView } from './removed';
import { Run, RUNS } from './run';
import { showControls } from './signs';
import { Stage } from './stage';
import { playInStep } from './step';
import { VersionBar } from './versions';

export interface ICardContext {
  notebooks: Notebooks;
  languages: IEditorLanguageRegistry | null;
  isAutoplayOn: () => boolean;
}

// Results that were made while this page looked on: only these begin to play by themselves.
const FRESH = new Set<string>();

const RESTORE_PAUSE_MS = 500;
const PART_PAUSE_MS = 1200;

export class Card extends Widget implements IRenderMime.IRenderer {
  constructor(
    private _context: ICardContext,
    resolver: IRenderMime.IResolver | null
  ) {
    super();
    this.addClass('sr-card');
    this.node.setAttribute('role', 'group');
    const listResults = () => (this._panel ? listPresented(this._panel) : []);
    this._stage = new Stage(resolver, listResults);
    this._other = new Stage(resolver, listResults);
    this._progress = new ProgressView(() => this._cancel());
    this._versions = new VersionBar({
      show: id => this._showVersion(id),
      compare: id => this._compare(id)
    });
    this._orders = new Orders({
      give: feedback => this._give(feedback),
      refine: text => this._run(text, `%%shaperotate --refine ${this._facts!.id}\n${text}`),
      again: () => this._run('another scene', `%shaperotate again ${this._facts!.id}`),
      insert: () => this._insert(),
      fetch: format => this._download(format),
      capture: () => this._stage.captureFrame()
    });
    this._declined = new DeclinedView({
      instead: (number, sentence) => this._run(sentence, `%shaperotate instead ${this._facts!.id} ${number}`),
      use: model => this._run(model, `%shaperotate use ${model} ${this._facts!.id}`)
    });
    this._knobs = new KnobsView({
      ask: message => this._askQuietly(message),
      findVideo: () => this._stage.video,
      show: answer => this._panel && replaceResult(this._panel, this._facts!.id, answer as unknown as IBundle),
      begin: moment => this._stage.beginAgain(moment),
      giveUp: () => this._giveUp()
    });
    this._said.setAttribute('aria-live', 'polite');
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
    if (this._stages.parentNode !== this.node) {
      this._stages.append(this._stage.node, this._other.node);
      const head = make('div', 'sr-head', {}, this._title, this._versions.node);
      const parts = [this._removed.node, this._stages, this._knobs.node, head, this._change, this._declined.node, this._told, this._orders.node, this._progress.node, this._said, this._folds];
      this.node.replaceChildren(...parts);
    }
    const before = this._facts;
    const isPictureKept = facts.id === before?.id && facts.status === before.status && isSamePicture(data, this._data);
    this._facts = facts;
    this._data = data;
    this._title.textContent = facts.title;
    this._title.title = facts.prompt === facts.title ? '' : showControls(facts.prompt);
    this._change.textContent = facts.change ? `Refined: ${facts.change}` : '';
    this._change.hidden = !facts.change;
    this._removed.show(facts);
    this.toggleClass('sr-mod-removed', facts.status === 'removed');
    if (facts.status === 'running') {
      this._showRunning(facts, isPictureKept);
    } else {
      await this._showFinished(facts, data, isPictureKept);
    }
    this._connect();
  }

  protected onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    // An opened notebook is drawn before its kernel is there; later it may be another one.
    this._panel?.sessionContext.kernelChanged.connect(this._connect, this);
    this._connect();
  }

  dispose(): void {
    this._knobs.clear();
    this._stage.dispose();
    this._other.dispose();
    this._disconnect();
    Signal.clearData(this);
    super.dispose();
  }

  // --- drawing ------------------------------------------------------------------------

  private _showRunning(facts: IFacts, isGoingOn: boolean): void {
    FRESH.add(facts.id);
    if (!isGoingOn) {
      this.node.setAttribute('aria-label', `Being made: ${facts.title}`);
      this._stage.clear();
      this._closeOther();
      this._told.replaceChildren();
      this._declined.node.hidden = true;
      this._folds.replaceChildren();
      this._orders.node.hidden = true;
      this._versions.node.hidden = true;
      this._knobs.clear();
      this._say('');
      this._progress.hide();
    }
    if (facts.segment) {
      this._stage.addSegment(facts.segment);
    }
    this._progress.show(facts, 'Starting');
  }

  private async _showFinished(facts: IFacts, data: PartialJSONObject, isPictureKept: boolean): Promise<void> {
    this.node.setAttribute('aria-label', facts.alt || facts.title);
    this._progress.hide();
    this._versions.show(facts.id, facts.versions);
    this._orders.show(facts, data);
    this._declined.show(facts);
    const parts = [
      makeError(facts),
      ...facts.notes.map(note => make('div', 'sr-note', { textContent: note })),
      facts.making && make('div', 'sr-faint', { textContent: facts.making })
    ];
    this._told.replaceChildren(...parts.filter((part): part is HTMLElement => Boolean(part)));
    const code = makeCode(facts, this._context.languages);
    this._folds.replaceChildren(...[code, makePrinted(facts), makeAbout(facts)].filter((fold): fold is HTMLElement => Boolean(fold)));
    this._knobs.show(facts);
    this._updateControls();
    if (!isPictureKept) {
      // Drawn again with one sentence more, a video that plays goes on.
      this._closeOther();
      const isFresh = FRESH.delete(facts.id) && this._context.isAutoplayOn();
      await this._stage.show(facts, data, isFresh);
      this._knobs.passOn(facts.id, this._stage.video);
    }
  }

  private _updateControls(): void {
    const isHere = Boolean(this._link?.isOpen) && this._isKnown;
    const isBusy = Boolean(this._facts && RUNS.has(this._facts.id));
    this._orders.update({ isHere, isBusy, why: this._whyGone() });
    this._declined.update({ isHere, isBusy });
    this._knobs.update(isHere);
    this._versions.update({ isHere, isBusy });
  }

  /** Say why nothing can be asked of this card, and what changes that. */
  private _whyGone(): string {
    const load = '"%load_ext shaperotator_magic"';
    if (!this._kernel) {
      return `No kernel runs, so the other buttons are gone. Start one and run ${load}; they come back.`;
    }
    if (!this._link?.isOpen) {
      return `The magics are not loaded in this kernel, so the other buttons are gone. Run ${load}; they come back.`;
    }
    return 'This result is not kept where this kernel looks, so the other buttons are gone. Run its cell again.';
  }

  private _say(text: string): void {
    this._said.textContent = text;
    this._said.hidden = !text;
  }

  // --- the kernel ---------------------------------------------------------------------

  /** The notebook of this card; the last one that was, while the card is scrolled off the page. */
  private get _panel(): NotebookPanel | null {
    this._lastPanel = this._context.notebooks.panelOf(this.node) ?? this._lastPanel;
    return this._lastPanel?.isDisposed ? null : this._lastPanel;
  }

  private get _kernel() {
    return this._panel?.sessionContext.session?.kernel ?? null;
  }

  private _connect(): void {
    const kernel = this.isAttached ? this._kernel : null;
    if (!kernel || !this._facts) {
      if (this._facts && this._facts.status !== 'running') {
        this._updateControls();
      }
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
      this._progress.end('Its kernel has ended. Run the cell again.');
    } else if (this._facts) {
      this._isKnown = false;
      this._removed.update(false);
      this._updateControls();
    }
  }

  private _onTold(_: KernelLink, answer: Answer): void {
    const facts = this._facts;
    if (!facts || answer.generation_id !== facts.id || facts.status === 'running') {
      return;
    }
    if (answer.kind === 'drawing' && answer.segment) {
      this._stage.addSegment(answer.segment);
    }
    if (answer.kind === 'recorded' && !answer.error) {
      this._orders.showVerdict(answer.is_positive);
      if (answer.has_comment) {
        this._say('comment recorded ✓');
      }
      if (answer.remove && answer.data && this._panel) {
        replaceResult(this._panel, facts.id, { data: answer.data, metadata: {} });
      }
    } else if (answer.kind === 'restored') {
      window.setTimeout(() => this._bringBack(facts), RESTORE_PAUSE_MS);
    }
  }

  /** Ask what the kernel knows of this result: a verdict, later versions, or its end. */
  private async _askState(): Promise<void> {
    const facts = this._facts;
    const key = `${facts?.id} ${facts?.status}`;
    const link = this._link;
    if (!facts || !link || this._asked === key) {
      return;
    }
    this._asked = key;
    const answer = await link.ask({
      kind: 'state',
      generation_id: facts.id,
      is_running: facts.status === 'running'
    });
    const isStale = facts.id !== this._facts?.id || facts.status !== this._facts.status;
    if (this.isDisposed || isStale || link !== this._link) {
      return;
    }
    if (answer.kind !== 'state') {
      this._asked = ''; // not answered: the next occasion asks again
      return;
    }
    this._isKnown = Boolean(answer.is_known);
    this._removed.update(Boolean(answer.can_restore) && facts.status === 'removed');
    if (facts.status === 'running') {
      this._catchUp(answer);
      return;
    }
    if (Array.isArray(answer.versions) && answer.versions.length) {
      this._versions.show(facts.id, answer.versions as IVersion[]);
    }
    this._orders.showVerdict(answer.is_positive);
    this._updateControls();
  }

  /** A run that ended while no page looked on left its output as it was: put its end there. */
  private _catchUp(answer: Answer): void {
    if (answer.data && this._panel) {
      replaceResult(this._panel, this._facts!.id, answer as unknown as IBundle);
    } else if (!answer.is_running && !isExecuting(this._context.notebooks.cellOf(this.node))) {
      // A cell that has only just begun is not known to the magics yet.
      this._progress.end('It was not finished: its kernel has ended. Run the cell again.');
    }
  }

  private _cancel(): void {
    const run = this._facts && RUNS.get(this._facts.id);
    if (run) {
      run.cancel();
    } else if (this._facts?.status === 'running') {
      void this._cancelCell(this._facts);
    }
  }

  private async _cancelCell(facts: IFacts): Promise<void> {
    const kernel = this._kernel;
    if (this._link?.isOpen) {
      // A run in the background is not what an interrupt would stop.
      const answer = await this._link.ask({ kind: 'cancel', generation_id: facts.id });
      // What has ended meanwhile is not stopped any more: an interrupt would hit the next cell.
      if (answer.is_cancelled || this._facts?.id !== facts.id || this._facts.status !== 'running') {
        return;
      }
    }
    void kernel?.interrupt();
  }

  // --- orders -------------------------------------------------------------------------

  private async _ask(message: JSONObject): Promise<Answer> {
    const answer = await this._askQuietly(message);
    this._say(answer.error ?? '');
    return answer;
  }

  private async _askQuietly(message: JSONObject): Promise<Answer> {
    const kernel = this._kernel;
    return kernel
      ? linkTo(kernel).ask({ ...message, generation_id: message.generation_id ?? this._facts!.id })
      : { kind: 'none', error: 'There is no kernel.' };
  }

  /** Nothing came of a video that was being drawn: where a part of it was shown, the last one comes back. */
  private _giveUp(): void {
    if (this._stage.isGrowing && this._facts) {
      void this._stage.show(this._facts, this._data, false);
    }
  }

  private async _give(feedback: JSONObject): Promise<void> {
    this._say('sending …');
    const answer = await this._ask({ kind: 'feedback', ...feedback });
    if (!answer.error) {
      const said = feedback.comment ? 'comment recorded ✓' : 'recorded ✓';
      this._say(feedback.remove ? '' : said);
    }
  }

  /** The kernel changes the output that it knows; a page that was loaded anew has another. */
  private _bringBack(facts: IFacts): void {
    if (!this.isDisposed && this._facts === facts && facts.status === 'removed') {
      void this._showVersion(facts.id);
    }
  }

  private async _restore(): Promise<void> {
    await this._ask({ kind: 'restore' });
  }

  private async _run(label: string, code: string): Promise<void> {
    const kernel = this._kernel;
    const panel = this._panel;
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
    if (!this.isDisposed && this._facts?.id === before.id) {
      this._progress.hide();
      this._closeOther();
      this._updateControls();
      this._say(describeEnd(run));
    }
  }

  /** Show what a run says of itself below the version from which it began. */
  private _follow(run: Run | undefined): void {
    if (!run || run.isOver) {
      return;
    }
    if (run !== this._followed) {
      this._followed = run;
      run.changed.connect(this._showRun, this);
    }
    this._showRun(run);
    this._updateControls();
  }

  private _showRun(run: Run): void {
    if (this.isDisposed || run.isOver || !this._facts || RUNS.get(this._facts.id) !== run) {
      return;
    }
    this._progress.show(run.facts, run.isStarted ? 'Starting' : 'Waiting for the running cell to end');
    if (run.facts?.segment) {
      this._other.addSegment(run.facts.segment);
    }
  }

  private async _showVersion(id: string): Promise<void> {
    const panel = this._panel;
    const answer = await this._ask({ kind: 'show', generation_id: id, is_chosen: true });
    if (answer.data && panel) {
      FRESH.add(id);
      replaceResult(panel, this._facts!.id, answer as unknown as IBundle);
    }
  }

  /** Show another version beside this one; asked for again, take it away. */
  private async _compare(id: string): Promise<void> {
    const shown = this._facts!.id;
    if (this._compared === id) {
      this._closeOther();
      return;
    }
    this._compared = id;
    this._versions.isCompared = true;
    const answer = await this._ask({ kind: 'show', generation_id: id, is_chosen: false });
    const facts = answer.data ? readFacts(answer.data) : null;
    if (this._compared !== id || this._facts?.id !== shown) {
      return;
    }
    if (!facts) {
      this._closeOther();
    } else if (await this._other.show(facts, answer.data, false)) {
      this._stage.caption = this._versions.describe(shown);
      this._other.caption = this._versions.describe(id);
      this._step();
    }
  }

  /** Play the two that are compared together, from the beginning. */
  private _step(): void {
    const [one, other] = [this._stage.video, this._other.video];
    if (one && other) {
      this._stopStep = playInStep([one, other]);
      one.pause(); // until the other one is there
      one.currentTime = 0;
      const begin = () => {
        other.playbackRate = one.playbackRate;
        if (!wantsLessMotion()) {
          void one.play().catch(() => undefined);
        }
      };
      other.addEventListener('loadeddata', begin, { once: true });
    }
  }

  private _closeOther(): void {
    this._stopStep();
    this._stopStep = () => undefined;
    this._compared = '';
    this._versions.isCompared = false;
    this._other.clear();
    this._stage.caption = '';
  }

  private _insert(): void {
    const cell = this._context.notebooks.cellOf(this.node);
    if (this._panel && cell) {
      this._say(insertCode(this._panel, cell, this._facts!));
    }
  }

  private async _download(format: Format): Promise<void> {
    const { title, id } = this._facts!;
    const pieces: Blob[] = [];
    for (let part = 0, parts = 1; part < parts; part++) {
      this._say(`making the file …${parts > 1 ? ` ${part} of ${parts} parts` : ''}`);
      const answer = await this._ask({ kind: 'download', generation_id: id, format, part });
      const piece = answer.base64 ? decode({ type: answer.media_type, base64: answer.base64 }) : null;
      if (!piece) {
        return; // the answer has said why
      }
      pieces.push(piece);
      parts = Number(answer.parts) || 1;
      if (part + 1 < parts) {
        // A server drops what comes faster than it allows, a megabyte a second as a rule.
        await new Promise(resolve => window.setTimeout(resolve, PART_PAUSE_MS));
      }
    }
    save(new Blob(pieces, { type: pieces[0].type }), buildFileName(title, id, format === 'original' ? 'original.mp4' : format));
    this._say('');
  }

  private _facts: IFacts | null = null;
  private _data: PartialJSONObject = {};
  private _link: KernelLink | null = null;
  private _asked = '';
  private _isKnown = false;
  private _followed: Run | null = null;
  private _compared = '';
  private _lastPanel: NotebookPanel | null = null;
  private _stage: Stage;
  private _other: Stage;
  private _progress: ProgressView;
  private _versions: VersionBar;
  private _orders: Orders;
  private _declined: DeclinedView;
  private _knobs: KnobsView;
  private _stages = make('div', 'sr-stages');
  private _title = make('div', 'sr-title');
  private _change = make('div', 'sr-change', { hidden: true });
  private _told = make('div', 'sr-told');
  private _removed = new RemovedView(() => this._restore());
  private _stopStep = (): void => undefined;
  private _folds = make('div', 'sr-folds');
  private _said = make('output', 'sr-said', { hidden: true });
}

function isSamePicture(one: PartialJSONObject, other: PartialJSONObject): boolean {
  return findEmbedded(one)?.base64 === findEmbedded(other)?.base64 && readFacts(one)?.video?.href === readFacts(other)?.video?.href;
}

function describeEnd(run: Run): string {
  if (run.facts?.status === 'cancelled' || (run.isCancelled && !run.facts?.error)) {
    return 'Cancelled; this version is kept.';
  }
  const error = run.facts?.error;
  const said = error ? `${error.message} ${error.hint}` : run.said || 'It ended without a result.';
  return `${said.trim()} This version is kept.`;
}
