import { HEADER_BYTES, ROUTE, readMsgId, readRoute } from '../../src/protocol/header.ts';
import { SYSTEM } from '../../src/protocol/system.ts';
import { discover, type Message } from '../sdk/index.ts';
import { Arena, LANES_MAX, Pilot } from './arena.ts';
import { Charts } from './charts.ts';
import { Composer } from './composer.ts';
import { button, byId, el, select } from './dom.ts';
import { FrameLog } from './frame-log.ts';
import { LANE_TITLES, Lane, type LaneEvents, type LaneName } from './lane.ts';
import { LaneCard } from './lane-card.ts';
import { Notes } from './notes.ts';
import { MSG } from './payload.ts';
import { readSettings, type Settings, writeSettings } from './settings.ts';
import { SettingsForm } from './settings-form.ts';
import type { TappedFrame } from './tap.ts';

const FIGURES_INTERVAL_MS = 500;
const LANE_NAMES: readonly LaneName[] = ['websocket', 'webtransport', 'auto'];

/** The page: settings, the links that they ask for, and everything that shows them. */
class Page implements LaneEvents {
  readonly #settings: Settings = readSettings(location.search);
  readonly #form = new SettingsForm(this.#settings, (changed) => this.#changed(changed));
  readonly #notes = new Notes(byId('notes'), byId('error-count'));
  readonly #log: FrameLog;
  readonly #charts = new Charts(byId('histogram'), byId('rate'));
  readonly #composer: Composer;
  readonly #pilot = new Pilot();
  readonly #lanes = LANE_NAMES.map((name) => new Lane(name, this));
  readonly #arenas: readonly Arena[];
  #shown: readonly Lane[] = [];
  #cards: LaneCard[] = [];

  constructor() {
    const body = el('tbody');
    byId('frames').append(body);
    this.#log = new FrameLog(body, byId('frame-count'));
    const boxes = { chat: byId('chat'), game: byId('game'), raw: byId('raw') };
    this.#composer = new Composer(
      {
        lanes: () => this.#shown,
        user: () => this.#settings.user,
        onNote: (lane, severity, text) => this.#notes.add(severity, lane?.name, text),
      },
      boxes,
    );
    const page = LANES_MAX * (1 + Math.floor(Math.random() * 1_000_000));
    this.#arenas = this.#lanes.map(
      (lane, index) => new Arena(lane, this.#pilot, page + index, () => this.#settings.user),
    );
  }

  start(): void {
    byId('settings').append(this.#form.element);
    this.#pilot.autopilot = this.#settings.autopilot;
    this.#addLogControls();
    this.#addArenaControls();
    for (const view of ['console', 'arena'] as const) {
      byId(`tab-${view}`).addEventListener('click', () => this.#show(view));
    }
    byId('connect-all').addEventListener('click', () => {
      const ended = this.#shown.filter(({ state }) => state === 'idle' || state === 'closed');
      for (const lane of ended) this.#connect(lane);
    });
    byId('disconnect-all').addEventListener('click', () => {
      for (const lane of this.#shown) lane.disconnect();
    });
    if (matchMedia('(max-width: 560px)').matches) byId('settings').removeAttribute('open');
    this.#show(this.#settings.view);
    this.#showLanes();
    if (this.#settings.connect) this.#connectAll();
    window.setInterval(() => this.#refresh(), FIGURES_INTERVAL_MS);
    requestAnimationFrame((nowMs) => this.#frame(nowMs));
  }

  onFrame(lane: Lane, tapped: TappedFrame): void {
    this.#log.add(lane.name, tapped, isNoise(tapped.frame));
  }

  onMessage(lane: Lane, message: Message): void {
    if (message.route === ROUTE.chat) this.#composer.showChat(lane.name, message.payload);
    else this.#arenas.find((arena) => arena.lane === lane)?.receive(message);
  }

  onNote(lane: Lane, severity: 'error' | 'info', text: string): void {
    this.#notes.add(severity, lane.name, text);
  }

  onState(lane: Lane): void {
    this.#cards.find((card) => card.lane === lane)?.update();
  }

  #connectAll(): void {
    for (const lane of this.#shown) this.#connect(lane);
  }

  #connect(lane: Lane): void {
    const { gateway } = this.#settings;
    const origin = gateway === '' ? location.origin : gateway;
    lane.probe(this.#settings);
    void lane.connect({
      settings: this.#settings,
      token: this.#form.token,
      discover: (signal) => discover(origin, signal),
    });
  }

  #changed(key: keyof Settings): void {
    history.replaceState(null, '', `${location.pathname}${writeSettings(this.#settings)}`);
    if (key === 'mode') this.#showLanes();
    if (key === 'rate' || key === 'bytes' || key === 'delivery' || key === 'user') {
      for (const lane of this.#shown) lane.probe(this.#settings);
    }
  }

  /** The links that the mode asks for; the others end. */
  #showLanes(): void {
    const { mode } = this.#settings;
    const before = this.#shown;
    const isShown = ({ name }: Lane) => (mode === 'both' ? name !== 'auto' : name === mode);
    this.#shown = this.#lanes.filter(isShown);
    for (const lane of before) if (!isShown(lane)) lane.disconnect();
    this.#cards = this.#shown.map((lane) => new LaneCard(lane, { connect: () => this.#connect(lane) }));
    byId('lanes').replaceChildren(...this.#cards.map((card) => card.element));
    byId('arenas').replaceChildren(
      ...this.#arenas.filter(({ lane }) => isShown(lane)).map(({ element }) => element),
    );
    this.#composer.showLanes();
    byId('legend').replaceChildren(
      ...this.#shown.map((lane) => el('span', { attrs: { class: `lane-${lane.name}` } }, lane.title)),
    );
    this.#charts.show(this.#shown);
    if (before.length === 0) return;
    for (const lane of this.#shown) if (!before.includes(lane)) this.#connect(lane);
  }

  #show(view: Settings['view']): void {
    for (const name of ['console', 'arena'] as const) {
      const isCurrent = name === view;
      byId(`view-${name}`).hidden = !isCurrent;
      byId(`tab-${name}`).setAttribute('aria-current', isCurrent ? 'page' : 'false');
    }
    this.#settings.view = view;
    this.#changed('view');
  }

  #refresh(): void {
    for (const lane of this.#shown) lane.probes.sweep(performance.now());
    for (const card of this.#cards) card.update();
    const idle = this.#shown.some(({ state }) => state === 'idle' || state === 'closed');
    byId('connect-all').classList.toggle('primary', idle);
    if (this.#settings.view === 'console') this.#charts.update();
    else for (const arena of this.#arenas) arena.updateFigures();
  }

  #frame(nowMs: number): void {
    requestAnimationFrame((next) => this.#frame(next));
    if (this.#settings.view !== 'arena') return;
    this.#pilot.tick(nowMs);
    for (const arena of this.#arenas) if (this.#shown.includes(arena.lane)) arena.frame(nowMs);
  }

  #addLogControls(): void {
    const lane = select({ all: 'every link', ...LANE_TITLES }, 'all');
    lane.setAttribute('aria-label', 'Frames of');
    lane.addEventListener('change', () => {
      this.#log.filter.lane = LANE_NAMES.find((name) => name === lane.value) ?? 'all';
    });
    const noise = this.#check('probes and heartbeats', (checked) => {
      this.#log.filter.noise = checked;
    });
    const paused = this.#check('pause', (checked) => {
      this.#log.filter.paused = checked;
    });
    byId('log-controls').append(
      lane,
      noise,
      paused,
      button('Clear', () => this.#log.clear()),
    );
    byId('note-controls').append(button('Clear', () => this.#notes.clear()));
  }

  #addArenaControls(): void {
    const autopilot = this.#check('autopilot', (checked) => {
      this.#pilot.autopilot = checked;
      this.#settings.autopilot = checked;
      this.#changed('autopilot');
    });
    const box = autopilot.querySelector('input');
    if (box !== null) box.checked = this.#settings.autopilot;
    byId('arena-controls').append(autopilot);
  }

  #check(text: string, onChange: (checked: boolean) => void): HTMLLabelElement {
    const box = el('input', { attrs: { type: 'checkbox' } });
    box.addEventListener('change', () => onChange(box.checked));
    return el('label', { attrs: { class: 'check' } }, box, el('span', {}, text));
  }
}

function isNoise(frame: Uint8Array): boolean {
  if (frame.length < HEADER_BYTES) return false;
  const msgId = readMsgId(frame);
  if (readRoute(frame) === ROUTE.system) {
    return msgId === SYSTEM.heartbeat || msgId === SYSTEM.ping || msgId === SYSTEM.pong;
  }
  return msgId === MSG.probe || msgId === MSG.position;
}

new Page().start();
