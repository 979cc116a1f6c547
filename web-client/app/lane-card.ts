import { button, el, setText } from './dom.ts';
import type { Lane } from './lane.ts';

export interface LaneActions {
  connect(lane: Lane): void;
}

const STATE_TEXTS = {
  idle: 'not connected',
  connecting: 'connecting',
  open: 'open',
  reconnecting: 'reconnecting',
  closed: 'closed',
} as const;

const FIGURES = {
  p50: 'Round trip p50',
  p99: 'Round trip p99',
  loss: 'Lost or conflated',
  sent: 'Sent',
  received: 'Received',
  datagrams: 'Datagrams out / in',
  resumed: 'Resumed / links lost',
  rtt: 'Ping',
} as const;

type FigureName = keyof typeof FIGURES;

/** What one link is up to, and the buttons to disturb it. */
export class LaneCard {
  readonly element: HTMLElement;
  readonly lane: Lane;
  readonly #state = el('span', { attrs: { class: 'pill', role: 'status' } });
  readonly #why = el('p', { attrs: { class: 'why' } });
  readonly #figures = new Map<FigureName, HTMLElement>();
  readonly #toggle: HTMLButtonElement;
  readonly #kill: HTMLButtonElement;
  readonly #resume: HTMLButtonElement;
  readonly #renew: HTMLButtonElement;

  constructor(lane: Lane, actions: LaneActions) {
    this.lane = lane;
    this.#toggle = button('Connect', () => this.#onToggle(actions));
    this.#kill = button('Kill link', () => lane.kill(), {
      title: 'The link breaks as if the network had gone',
    });
    this.#resume = button('Resume', () => lane.resume(), {
      title: 'The same session over another link, now',
    });
    this.#renew = button('New session', () => actions.connect(lane), { title: 'Closes, and connects anew' });
    this.element = el(
      'article',
      {
        attrs: {
          class: `card lane-card lane-${lane.name}`,
          'data-lane': lane.name,
          'aria-label': lane.title,
        },
      },
      el('header', {}, el('h3', {}, lane.title), this.#state),
      this.#why,
      this.#figureList(),
      el('div', { attrs: { class: 'actions' } }, this.#toggle, this.#kill, this.#resume, this.#renew),
    );
    this.update();
  }

  update(): void {
    const { state, stats, probes } = this.lane;
    const live = state === 'open' || state === 'reconnecting';
    this.element.dataset.state = state;
    this.element.dataset.transport = stats?.transport ?? '';
    this.element.dataset.session = stats?.sessionId ?? '';
    setText(this.#state, STATE_TEXTS[state]);
    setText(this.#why, this.#whyText());
    const ended = state === 'idle' || state === 'closed';
    setText(this.#toggle, ended ? 'Connect' : 'Disconnect');
    this.#toggle.classList.toggle('primary', ended);
    this.#kill.disabled = state !== 'open';
    this.#resume.disabled = !live;
    this.#renew.disabled = !live;
    this.#set('p50', ms(probes.percentile(50)));
    this.#set('p99', ms(probes.percentile(99)));
    const { lossPercent } = probes;
    this.#set('loss', lossPercent === undefined ? '–' : `${probes.lost} (${lossPercent.toFixed(1)} %)`);
    this.#set('sent', count(stats?.sent));
    this.#set('received', count(stats?.received));
    this.#set('datagrams', `${count(stats?.datagramsSent)} / ${count(stats?.datagramsReceived)}`);
    this.#set('resumed', `${count(stats?.recoveries)} / ${count(stats?.reconnects)}`);
    this.#set('rtt', ms(stats?.rttMs));
  }

  #onToggle(actions: LaneActions): void {
    const { state } = this.lane;
    if (state === 'idle' || state === 'closed') actions.connect(this.lane);
    else this.lane.disconnect();
  }

  #whyText(): string {
    const { state, stats, lastError } = this.lane;
    if (lastError !== '') return lastError;
    const choice = stats?.choice;
    if (choice === undefined || state === 'idle') return 'No session yet.';
    const { transport, afterMs, cause, detail } = choice;
    const name = transport === 'webtransport' ? 'WebTransport' : 'WebSocket';
    const why = cause === 'chosen' ? '' : `: ${detail.replace(/\.$/, '')}`;
    return `${name} in ${Math.round(afterMs)} ms${why}. Session ${stats?.sessionId}.`;
  }

  #figureList(): HTMLElement {
    const list = el('dl', { attrs: { class: 'figures' } });
    for (const [name, title] of Object.entries(FIGURES)) {
      const value = el('dd', { attrs: { 'data-figure': name } }, '–');
      if (isFigure(name)) this.#figures.set(name, value);
      list.append(el('div', {}, el('dt', {}, title), value));
    }
    return list;
  }

  #set(name: FigureName, text: string): void {
    const element = this.#figures.get(name);
    if (element !== undefined) setText(element, text);
  }
}

function isFigure(name: string): name is FigureName {
  return Object.hasOwn(FIGURES, name);
}

function ms(value: number | undefined): string {
  if (value === undefined) return '–';
  return value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`;
}

function count(value: number | undefined): string {
  return value === undefined ? '–' : value.toLocaleString('en');
}
