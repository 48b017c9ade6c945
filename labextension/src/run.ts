// Work that takes seconds is executed in the kernel as a user would execute it: it waits for its
// turn, the stop button stops it, and its error ends nothing else.

import { Kernel, KernelMessage } from '@jupyterlab/services';
import { ISignal, Signal } from '@lumino/signaling';

import { IFacts, MIME, readFacts } from './facts';
import { IBundle } from './outputs';

export class Run {
  constructor(
    readonly kernel: Kernel.IKernelConnection,
    readonly label: string,
    code: string
  ) {
    const future = kernel.requestExecute({ code, store_history: false, allow_stdin: false, stop_on_error: false });
    future.onIOPub = message => this._receive(message);
    this.done = future.done.then(
      () => this._finish(),
      () => this._finish()
    );
  }

  /** Resolves to the last bundle that was shown, or null where none was; never rejects. */
  readonly done: Promise<IBundle | null>;

  /** What the work shows of itself meanwhile. */
  facts: IFacts | null = null;

  /** It has begun: before, another cell is running. */
  isStarted = false;
  isOver = false;
  isCancelled = false;

  /** The last line that was printed or raised: what went wrong where no card says it. */
  said = '';

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Stop it; where another cell is still running, only as soon as its turn comes. */
  cancel(): void {
    this.isCancelled = true;
    if (this.isStarted && !this.isOver) {
      void this.kernel.interrupt();
    }
  }

  private _receive(message: KernelMessage.IIOPubMessage): void {
    if (KernelMessage.isExecuteInputMsg(message)) {
      this.isStarted = true;
      if (this.isCancelled) {
        this.cancel();
      }
    } else if (KernelMessage.isDisplayDataMsg(message) || KernelMessage.isUpdateDisplayDataMsg(message)) {
      const facts = readFacts(message.content.data as any);
      if (facts && MIME in message.content.data) {
        this.facts = facts;
        const { data, metadata } = message.content;
        this._bundle = { data: data as any, metadata: metadata as any };
      }
    } else if (KernelMessage.isErrorMsg(message)) {
      this.said = `${message.content.evalue}`;
    } else if (KernelMessage.isStreamMsg(message)) {
      this.said = message.content.text.trim().split('\n').pop() ?? '';
    }
    this._changed.emit();
  }

  private _finish(): IBundle | null {
    this.isOver = true;
    this._changed.emit();
    Signal.clearData(this);
    return this.facts && this.facts.status !== 'running' ? this._bundle : null;
  }

  private _bundle: IBundle | null = null;
  private _changed = new Signal<this, void>(this);
}

/** The runs that go on, by the result that they began from: a card that is drawn anew finds its run. */
export const RUNS = new Map<string, Run>();
