// What a card says where the library declines: what it understood, sentences that it can draw, and the
// models of this machine. With its kernel, a press runs them in the same place.

import { showControls } from './signs';
import { make, makeButton } from './dom';
import { IFacts } from './facts';

export interface IDeclinedActs {
  instead: (number: number, sentence: string) => unknown;
  use: (model: string) => unknown;
}

interface IServer {
  name: string;
  models: string[];
}

// As the kernel's side names them; another name is no part of a command.
const MODEL = /^[A-Za-z0-9][\w.:/@+-]{0,119}$/;

export class DeclinedView {
  readonly node = make('div', 'sr-error sr-mod-declined', { hidden: true });

  constructor(private _acts: IDeclinedActs) {}

  show(facts: IFacts): void {
    this._buttons = [];
    const error = facts.error?.type === 'NothingFitsError' ? facts.error : null;
    this.node.hidden = !error;
    if (!error) {
      return;
    }
    const { details } = error;
    this.node.replaceChildren(
      make('b', '', { textContent: error.message }),
      ...makeLine(details.understood),
      ...this._makeNearest(readTexts(details.nearest)),
      ...makeSubjects(readTexts(details.subjects)),
      ...readServers(details.servers).map(server => this._makeServer(server)),
      ...makeLine(error.hint)
    );
  }

  update({ isHere, isBusy }: { isHere: boolean; isBusy: boolean }): void {
    for (const button of this._buttons) {
      button.disabled = !isHere || isBusy;
    }
  }

  private _makeNearest(sentences: string[]): HTMLElement[] {
    if (!sentences.length) {
      return [];
    }
    const items = sentences.map((sentence, at) => {
      const run = this._remember(
        makeButton({
          icon: '▶', label: sentence, title: 'Draw this in the same place',
          act: () => this._acts.instead(at + 1, sentence), className: 'sr-sentence'
        })
      );
      const copy = makeButton({
        icon: '', label: 'Copy', title: 'Copy the sentence', act: () => copyText(copy, sentence),
        className: 'sr-mod-quiet'
      });
      return make('li', 'sr-choice', {}, run, copy);
    });
    return [make('div', 'sr-line', { textContent: 'It can draw:' }), make('ul', 'sr-choices', {}, ...items)];
  }

  private _makeServer(server: IServer): HTMLElement {
    const buttons = server.models.map(model =>
      this._remember(
        makeButton({ icon: '✎', label: model, title: `Let ${model} write it, from now on`, act: () => this._acts.use(model) })
      )
    );
    const said = make('span', '', { textContent: `${server.name} runs on this machine. Write it with` });
    return make('div', 'sr-line sr-servers', {}, said, ...buttons);
  }

  private _remember(button: HTMLButtonElement): HTMLButtonElement {
    button.disabled = true;
    this._buttons.push(button);
    return button;
  }

  private _buttons: HTMLButtonElement[] = [];
}

function makeLine(text: unknown): HTMLElement[] {
  return typeof text === 'string' && text ? [make('div', 'sr-line', { textContent: showControls(text) })] : [];
}

function makeSubjects(subjects: string[]): HTMLElement[] {
  const items = subjects.map(subject => make('li', '', { textContent: subject }));
  return items.length ? [make('div', 'sr-line', { textContent: 'It has scenes on:' }), make('ul', '', {}, ...items)] : [];
}

function readTexts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter(item => typeof item === 'string').slice(0, 9).map(showControls) : [];
}

function readServers(value: unknown): IServer[] {
  const servers = Array.isArray(value) ? value.slice(0, 9) : [];
  return servers
    .map(server => ({ name: showControls(String(server?.name ?? '')), models: readTexts(server?.models).filter(name => MODEL.test(name)) }))
    .filter(server => server.models.length > 0);
}

async function copyText(button: HTMLButtonElement, text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
  button.lastElementChild!.textContent = 'Copied';
}
