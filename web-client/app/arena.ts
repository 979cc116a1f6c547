import { ROUTE } from '../../src/protocol/header.ts';
import type { Message } from '../sdk/index.ts';
import { el, setText } from './dom.ts';
import type { Lane } from './lane.ts';
import { type DemoMessage, decodeDemo, encodeDemo, MSG } from './payload.ts';

/** Positions are sent this often. */
const POSITION_INTERVAL_MS = 33;
/** Width and height of the arena in its own units. */
const SIZE = 10_000;
const GONE_AFTER_MS = 3_000;
const BURST_MS = 900;
const TRAIL_MAX = 24;
const AGES_MAX = 200;
const STEP = 250;
/** Pages number themselves in steps of this, and their links within. */
export const LANES_MAX = 4;

interface Player {
  page: number;
  x: number;
  y: number;
  number: number;
  atMs: number;
  trail: { x: number; y: number }[];
}

interface Burst {
  x: number;
  y: number;
  hue: number;
  atMs: number;
}

/** Where the person at this page is. Both arenas send it, each over its own link. */
export class Pilot {
  x = SIZE / 2;
  y = SIZE / 2;
  autopilot = false;

  /** A lying eight, so that a page without a person shows something. */
  tick(nowMs: number): void {
    if (!this.autopilot) return;
    const angle = nowMs / 1_300;
    this.x = SIZE * (0.5 + 0.38 * Math.sin(angle));
    this.y = SIZE * (0.5 + 0.34 * Math.sin(2 * angle));
  }

  moveTo(x: number, y: number): void {
    this.autopilot = false;
    this.x = Math.min(SIZE, Math.max(0, x));
    this.y = Math.min(SIZE, Math.max(0, y));
  }
}

/** The arena as one link shows it: where players are (`latest`), and bursts (reliable). */
export class Arena {
  readonly element: HTMLElement;
  readonly lane: Lane;
  readonly #pilot: Pilot;
  readonly #user: () => number;
  readonly #page: number;
  readonly #canvas: HTMLCanvasElement;
  readonly #figures = el('p', { attrs: { class: 'arena-figures' } });
  readonly #players = new Map<string, Player>();
  readonly #ages: number[] = [];
  #bursts: Burst[] = [];
  #number = 0;
  #sentAtMs = 0;
  #outOfOrder = 0;
  #skipped = 0;

  constructor(lane: Lane, pilot: Pilot, page: number, user: () => number) {
    this.lane = lane;
    this.#pilot = pilot;
    this.#user = user;
    this.#page = page;
    const label = `Arena over ${lane.title}: arrow keys move, space makes a burst`;
    this.#canvas = el('canvas', { attrs: { tabindex: '0', role: 'img', 'aria-label': label } });
    this.element = el(
      'figure',
      { attrs: { class: `arena lane-${lane.name}`, 'data-lane': lane.name } },
      el('figcaption', {}, el('h3', {}, lane.title), this.#figures),
      this.#canvas,
    );
    this.#listen();
  }

  /** One picture: sends what is due, then draws. */
  frame(nowMs: number): void {
    if (nowMs - this.#sentAtMs >= POSITION_INTERVAL_MS) this.#sendPosition(nowMs);
    this.#forget(nowMs);
    this.#draw(nowMs);
  }

  receive(message: Message): void {
    if (message.msgId !== MSG.position && message.msgId !== MSG.burst) return;
    const demo = decodeDemo(message.payload);
    if (this.#isSibling(demo.page ?? 0)) return;
    if (message.msgId === MSG.burst) this.#burst(demo);
    else this.#position(demo);
  }

  /** The same person over the other link: shown in the other arena. */
  #isSibling(page: number): boolean {
    return page !== this.#page && Math.floor(page / LANES_MAX) === Math.floor(this.#page / LANES_MAX);
  }

  updateFigures(): void {
    const sorted = this.#ages.toSorted((a, b) => a - b);
    const at = (share: number) => sorted[Math.floor(share * sorted.length)]?.toFixed(0) ?? '–';
    const count = new Set([...this.#players.values()].map(({ page }) => Math.floor(page / LANES_MAX))).size;
    const players = count === 1 ? '1 player' : `${count} players`;
    const lostText = `${this.#skipped} lost or skipped, ${this.#outOfOrder} late`;
    setText(this.#figures, `${players} · own echo ${at(0.5)} ms, p95 ${at(0.95)} ms · ${lostText}`);
  }

  #listen(): void {
    const canvas = this.#canvas;
    canvas.addEventListener('pointermove', (event) => this.#point(event));
    canvas.addEventListener('pointerdown', (event) => {
      this.#point(event);
      this.#sendBurst();
    });
    canvas.addEventListener('keydown', (event) => {
      const { x, y } = this.#pilot;
      if (event.key === 'ArrowLeft') this.#pilot.moveTo(x - STEP, y);
      else if (event.key === 'ArrowRight') this.#pilot.moveTo(x + STEP, y);
      else if (event.key === 'ArrowUp') this.#pilot.moveTo(x, y - STEP);
      else if (event.key === 'ArrowDown') this.#pilot.moveTo(x, y + STEP);
      else if (event.key === ' ') this.#sendBurst();
      else return;
      event.preventDefault();
    });
  }

  #point(event: PointerEvent): void {
    const { width, height } = this.#canvas.getBoundingClientRect();
    this.#pilot.moveTo((event.offsetX / width) * SIZE, (event.offsetY / height) * SIZE);
  }

  #sendPosition(nowMs: number): void {
    const { client } = this.lane;
    if (client?.state !== 'open') return;
    this.#sentAtMs = nowMs;
    this.#number++;
    const payload = encodeDemo({ ...this.#here(), number: this.#number, sentAtMs: nowMs });
    client.send(ROUTE.game, MSG.position, payload, { latest: true });
  }

  #sendBurst(): void {
    this.lane.client?.send(ROUTE.game, MSG.burst, encodeDemo(this.#here()));
  }

  #here(): DemoMessage {
    const { x, y } = this.#pilot;
    return { user: this.#user(), x: Math.round(x), y: Math.round(y), page: this.#page };
  }

  #position(demo: DemoMessage): void {
    const { user, page = 0, number = 0, x = 0, y = 0 } = demo;
    const key = `${user}/${page}`;
    const nowMs = performance.now();
    const own = page === this.#page;
    const known = this.#players.get(key);
    if (known !== undefined && number <= known.number && nowMs - known.atMs < GONE_AFTER_MS) {
      if (own) this.#late();
      return;
    }
    if (own) {
      this.#skipped += known === undefined ? 0 : Math.max(0, number - known.number - 1);
      this.#age(nowMs - (demo.sentAtMs ?? nowMs));
    }
    const trail = known?.trail ?? [];
    trail.push({ x, y });
    if (trail.length > TRAIL_MAX) trail.shift();
    this.#players.set(key, { page, x, y, number, atMs: nowMs, trail });
  }

  /** Newer ones were there before: it is thrown away. */
  #late(): void {
    this.#outOfOrder++;
    this.#skipped = Math.max(0, this.#skipped - 1);
  }

  #age(ageMs: number): void {
    this.#ages.push(ageMs);
    if (this.#ages.length > AGES_MAX) this.#ages.shift();
  }

  #burst({ user, page = 0, x = 0, y = 0 }: DemoMessage): void {
    this.#bursts.push({ x, y, hue: hueOf(`${user}/${page}`), atMs: performance.now() });
  }

  #forget(nowMs: number): void {
    for (const [key, player] of this.#players) {
      if (nowMs - player.atMs > GONE_AFTER_MS) this.#players.delete(key);
    }
    this.#bursts = this.#bursts.filter((burst) => nowMs - burst.atMs < BURST_MS);
  }

  #draw(nowMs: number): void {
    const canvas = this.#canvas;
    const scale = window.devicePixelRatio;
    const { clientWidth, clientHeight } = canvas;
    if (clientWidth === 0) return;
    if (canvas.width !== Math.round(clientWidth * scale)) canvas.width = Math.round(clientWidth * scale);
    if (canvas.height !== Math.round(clientHeight * scale)) canvas.height = Math.round(clientHeight * scale);
    const context = canvas.getContext('2d');
    if (context === null) return;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, clientWidth, clientHeight);
    const pen = new Pen(context, clientWidth / SIZE, clientHeight / SIZE);
    for (const burst of this.#bursts) pen.burst(burst, (nowMs - burst.atMs) / BURST_MS);
    for (const [key, player] of this.#players) pen.player(player, hueOf(key), key.split('/')[0]);
    pen.self(this.#pilot, getComputedStyle(canvas).color);
  }
}

/** Draws in the arena's units. */
class Pen {
  readonly #context: CanvasRenderingContext2D;
  readonly #scaleX: number;
  readonly #scaleY: number;

  constructor(context: CanvasRenderingContext2D, scaleX: number, scaleY: number) {
    this.#context = context;
    this.#scaleX = scaleX;
    this.#scaleY = scaleY;
  }

  player({ x, y, trail }: Player, hue: number, name: string): void {
    const context = this.#context;
    trail.forEach((point, index) => {
      context.fillStyle = `hsl(${hue} 70% 50% / ${(0.35 * (index + 1)) / trail.length})`;
      this.#disc(point.x, point.y, 3);
    });
    context.fillStyle = `hsl(${hue} 70% 50%)`;
    this.#disc(x, y, 8);
    context.font = '11px system-ui, sans-serif';
    context.textAlign = 'center';
    context.fillText(name, x * this.#scaleX, y * this.#scaleY + 22);
  }

  /** A ring where the player really is: how far its disc is behind shows the link's delay. */
  self({ x, y }: Pilot, colour: string): void {
    const context = this.#context;
    context.strokeStyle = colour;
    context.lineWidth = 1.5;
    context.beginPath();
    context.arc(x * this.#scaleX, y * this.#scaleY, 13, 0, 2 * Math.PI);
    context.stroke();
  }

  burst({ x, y, hue }: Burst, progress: number): void {
    const context = this.#context;
    context.strokeStyle = `hsl(${hue} 80% 50% / ${1 - progress})`;
    context.lineWidth = 3;
    context.beginPath();
    context.arc(x * this.#scaleX, y * this.#scaleY, 10 + 50 * progress, 0, 2 * Math.PI);
    context.stroke();
  }

  #disc(x: number, y: number, radius: number): void {
    const context = this.#context;
    context.beginPath();
    context.arc(x * this.#scaleX, y * this.#scaleY, radius, 0, 2 * Math.PI);
    context.fill();
  }
}

/** The same colour for a player on every page. */
function hueOf(key: string): number {
  let hash = 7;
  for (const character of key) hash = (hash * 31 + character.charCodeAt(0)) % 3_600;
  return hash / 10;
}
