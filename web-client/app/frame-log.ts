import { el, setText } from './dom.ts';
import { frameText } from './frame-text.ts';
import { LANE_TITLES, type LaneName } from './lane.ts';
import { toHex } from './protobuf-text.ts';
import type { TappedFrame } from './tap.ts';

const ROWS_MAX = 200;
/** More of them between two pictures are counted and left out. */
const WAITING_MAX = 400;

interface LoggedFrame {
  lane: LaneName;
  atMs: number;
  tapped: TappedFrame;
}

export interface FrameFilter {
  lane: LaneName | 'all';
  /** Probes and heartbeats, which would push out everything else. */
  noise: boolean;
  paused: boolean;
}

/** The table of frames, newest first. Draws once per picture, however many frames come. */
export class FrameLog {
  readonly filter: FrameFilter = { lane: 'all', noise: false, paused: false };
  readonly #body: HTMLTableSectionElement;
  readonly #count: HTMLElement;
  #waiting: LoggedFrame[] = [];
  #seen = 0;
  #scheduled = false;

  constructor(body: HTMLTableSectionElement, count: HTMLElement) {
    this.#body = body;
    this.#count = count;
  }

  add(lane: LaneName, tapped: TappedFrame, noise: boolean): void {
    this.#seen++;
    const { filter } = this;
    const shown =
      !filter.paused && (filter.noise || !noise) && (filter.lane === 'all' || filter.lane === lane);
    if (shown && this.#waiting.length < WAITING_MAX) {
      this.#waiting.push({ lane, atMs: performance.timeOrigin + performance.now(), tapped });
    }
    if (this.#scheduled) return;
    this.#scheduled = true;
    requestAnimationFrame(() => this.#draw());
  }

  clear(): void {
    this.#waiting = [];
    this.#seen = 0;
    this.#body.replaceChildren();
    setText(this.#count, '0 frames');
  }

  #draw(): void {
    this.#scheduled = false;
    const rows = this.#waiting.slice(-ROWS_MAX).map(row);
    this.#waiting = [];
    this.#body.prepend(...rows.reverse());
    while (this.#body.rows.length > ROWS_MAX) this.#body.deleteRow(-1);
    setText(this.#count, `${this.#seen.toLocaleString('en')} frames`);
  }
}

function row({ lane, atMs, tapped }: LoggedFrame): HTMLTableRowElement {
  const { direction, datagram, batched, frame } = tapped;
  const text = frameText(frame);
  const way = datagram ? 'datagram' : tapped.transport === 'webtransport' ? 'stream' : 'message';
  const cells = [
    cell(new Date(atMs).toISOString().slice(11, 23), 'time'),
    cell(LANE_TITLES[lane], `lane lane-${lane}`),
    cell(direction === 'in' ? '← in' : '→ out', `direction ${direction}`),
    cell(batched ? `${way}, batch` : way, 'way'),
    cell(text.seq, 'number'),
    cell(text.route, ''),
    cell(text.msgId, ''),
    cell(text.flags, 'flags'),
    cell(text.bytes, 'number'),
    el('td', { attrs: { class: 'payload', title: toHex(frame) } }, text.payload),
  ];
  return el('tr', {}, ...cells);
}

function cell(text: string, className: string): HTMLTableCellElement {
  return el('td', { attrs: className === '' ? {} : { class: className } }, text);
}
