// One conversation with one kernel: short questions that are answered while a cell runs.
//
// The messages are those of a comm with the target 'shaperotator', sent on the kernel's control
// channel: ipykernel answers that one in a thread of its own, whatever the main thread does. Comms on
// the shell channel wait for the cell to end in ipykernel 6, and sometimes in 7 (it remembers the
// subshell of the last message). Other kernels are asked on the shell channel.

import { Kernel, KernelMessage } from '@jupyterlab/services';
import { JSONObject, UUID } from '@lumino/coreutils';
import { ISignal, Signal } from '@lumino/signaling';

const TARGET = 'shaperotator';
const HELLO_TIMEOUT_MS = 5000;
const MOST_HELLOS = 3;
const ANSWER_TIMEOUT_MS = 60000;
const OVER = ['restarting', 'autorestarting', 'dead', 'terminating'];

export type Answer = { kind: string; generation_id?: string; error?: string } & Record<string, any>;

interface IWaiting {
  resolve: (answer: Answer) => void;
  timer: number;
}

const LINKS = new WeakMap<Kernel.IKernelConnection, KernelLink>();

/** Return the conversation with a kernel; it is opened at the first question. */
export function linkTo(kernel: Kernel.IKernelConnection): KernelLink {
  const known = LINKS.get(kernel) ?? new KernelLink(kernel);
  LINKS.set(kernel, known);
  return known;
}

export class KernelLink {
  constructor(readonly kernel: Kernel.IKernelConnection) {
    kernel.iopubMessage.connect(this._receive, this);
    kernel.statusChanged.connect((_, status) => {
      if (OVER.includes(status)) {
        this._end();
      }
    });
    kernel.disposed.connect(() => this._end());
  }

  /** The magics are loaded there and answer. */
  get isOpen(): boolean {
    return this._isOpen;
  }

  /** Emitted when the conversation begins and ends. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** What the kernel says without being asked: a verdict given by a line magic, and the like. */
  get told(): ISignal<this, Answer> {
    return this._told;
  }

  /** Say hello once; false where nobody answers, as in a kernel without the magics. */
  open(isAnew = false): Promise<boolean> {
    if (this._isOpen) {
      return Promise.resolve(true);
    }
    // A hello that came before the magics were loaded is never answered: another is said anew.
    if (!this._opening || isAnew) {
      const opening = this._open().finally(() => {
        this._opening = this._opening === opening ? null : this._opening;
      });
      this._opening = opening;
    }
    return this._opening;
  }

  /** Ask and return the answer; an answer that says why there is none, otherwise. */
  async ask(message: JSONObject): Promise<Answer> {
    if (!(await this.open())) {
      return { kind: 'none', error: 'Run "%load_ext shaperotator_magic" in this notebook first.' };
    }
    return this._send('comm_msg', { comm_id: this._commId, data: this._number(message) }, ANSWER_TIMEOUT_MS);
  }

  private async _open(): Promise<boolean> {
    const info = await Promise.race([this.kernel.info, wait(HELLO_TIMEOUT_MS)]);
    this._channel = !info || info.implementation === 'ipython' ? 'control' : 'shell';
    if (this._channel === 'shell') {
      await this._sayHello();
    }
    // A status that comes late from a restart cuts a hello off: another one is said while the magics are
    // there. A kernel without them would write a warning into the server's log.
    for (let count = 0; count < MOST_HELLOS && !this._isOpen && this._channel === 'control'; count += 1) {
      if (!(await this._hasMagics())) {
        break;
      }
      await this._sayHello();
    }
    return this._isOpen;
  }

  private async _sayHello(): Promise<void> {
    this._commId = UUID.uuid4();
    const data = this._number({ kind: 'hello' });
    await this._send('comm_open', { comm_id: this._commId, target_name: TARGET, data }, HELLO_TIMEOUT_MS);
  }

  /** Ask whether the magics are loaded: they announce themselves by a comm of their own. */
  private async _hasMagics(): Promise<boolean> {
    const message = this._build('comm_info_request', { target_name: TARGET });
    const asked = this.kernel.sendControlMessage(message, true);
    const reply = (await Promise.race([asked.done.catch(() => null), wait(HELLO_TIMEOUT_MS)])) as any;
    return Object.keys(reply?.content?.comms ?? {}).length > 0;
  }

  private _build(msgType: string, content: any): any {
    const { username, clientId } = this.kernel;
    const fields = { msgType, channel: this._channel, username, session: clientId, content } as any;
    return KernelMessage.createMessage(fields);
  }

  private _number(message: JSONObject): JSONObject {
    this._asked += 1;
    return { ...message, request: this._asked };
  }

  private _send(msgType: 'comm_open' | 'comm_msg', content: any, timeoutMs: number): Promise<Answer> {
    const message = this._build(msgType, content);
    return new Promise(resolve => {
      const request = this._asked;
      const late = { kind: 'none', error: 'The kernel does not answer.' };
      const timer = window.setTimeout(() => {
        this._waiting.delete(request);
        resolve(late);
      }, timeoutMs);
      this._waiting.set(request, { resolve, timer });
      if (this._channel === 'control') {
        this.kernel.sendControlMessage(message);
      } else {
        this.kernel.sendShellMessage(message);
      }
    });
  }

  private _receive(_: unknown, message: KernelMessage.IIOPubMessage): void {
    const { comm_id, data } = message.content as any;
    if (!this._commId || comm_id !== this._commId) {
      return;
    }
    if (KernelMessage.isCommCloseMsg(message)) {
      this._end();
    } else if (KernelMessage.isCommMsgMsg(message)) {
      if ((data as any).kind === 'hello' && !this._isOpen) {
        // However late it comes: a kernel that was too busy to answer in time answers from now on.
        this._isOpen = true;
        this._changed.emit();
      }
      const waiting = this._waiting.get(data.request);
      if (waiting) {
        window.clearTimeout(waiting.timer);
        this._waiting.delete(data.request);
        waiting.resolve(data);
      }
      this._told.emit(data);
    }
  }

  private _end(): void {
    for (const { resolve, timer } of this._waiting.values()) {
      window.clearTimeout(timer);
      resolve({ kind: 'none', error: 'The kernel has ended.' });
    }
    this._waiting.clear();
    this._commId = '';
    if (this._isOpen) {
      this._isOpen = false;
      this._changed.emit();
    }
  }

  private _isOpen = false;
  private _opening: Promise<boolean> | null = null;
  private _channel: 'control' | 'shell' = 'control';
  private _commId = '';
  private _asked = 0;
  private _waiting = new Map<number, IWaiting>();
  private _changed = new Signal<this, void>(this);
  private _told = new Signal<this, Answer>(this);
}

function wait(timeoutMs: number): Promise<null> {
  return new Promise(resolve => window.setTimeout(() => resolve(null), timeoutMs));
}
