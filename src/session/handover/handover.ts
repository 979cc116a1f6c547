import { randomUUID } from 'node:crypto';
import type { Log } from '../../observe/log.ts';
import type { Metrics } from '../../observe/metrics.ts';
import type { ControlChannel } from '../control/control-channel.ts';
import { BATCH_SESSIONS, type HandedSession, handoverNonce } from '../control/handover-messages.ts';
import type { SessionLifecycle } from '../lifecycle.ts';
import type { SessionStore } from '../store/session-store.ts';
import type { LeftSessions } from './left-sessions.ts';

export interface HandoverOptions {
  readonly gatewayId: string;
  readonly control: ControlChannel;
  readonly store: SessionStore;
  readonly lifecycle: SessionLifecycle;
  /** Takes what no gateway is there for. */
  readonly left: LeftSessions;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** Sessions that one gateway is asked to take. */
interface Batch {
  readonly sessions: number;
  /** How many it took; undefined: no answer so far. */
  taken: number | undefined;
}

/** All of it takes no longer. */
const HANDOVER_MS = 3_000;
/** Gateways that do not answer within this time take no sessions; they may be busy with clients that come to them. */
const FIRST_OFFER_MS = 1_000;
/** Gateways that answer so much later than the first share in the sessions. */
const MORE_OFFERS_MS = 100;

/**
 * The sessions of a gateway that closes in order go to gateways that stay, so that somebody hears the pushes to them
 * until their clients are back (docs/sessions.md, Several gateways). Where none is there they are left in the store for
 * one that starts later.
 */
export class Handover {
  readonly #options: HandoverOptions;
  readonly #offers = new Set<string>();
  /** Gateways that close too. */
  readonly #declined = new Set<string>();
  /** Gateways that were asked, this one too; -1: unknown. */
  #asked = -1;
  /** By nonce. */
  readonly #batches = new Map<string, Batch>();
  #running = false;
  /** Called when something has come that is waited for. */
  #wake: (() => void) | undefined;

  constructor(options: HandoverOptions) {
    this.#options = options;
  }

  /** Hands over what waits for its client. Once; bounded to 3 s. Does not reject. */
  async run(): Promise<void> {
    if (this.#options.lifecycle.waiting().next().done) return;
    const sinceMs = performance.now();
    this.#running = true;
    const gateways = await this.#gatewaysThatStay();
    // Some have found another gateway by themselves.
    const sessions = this.#waiting();
    if (gateways.length > 0) this.#send(sessions, gateways, sinceMs + HANDOVER_MS);
    else if (this.#alone) this.#options.left.leave(sessions);
    await this.#until(() => this.#answered, sinceMs + HANDOVER_MS);
    this.#running = false;
    const tookMs = Math.round(performance.now() - sinceMs);
    const fields = { sessions: sessions.length, gateways: gateways.length, tookMs };
    this.#options.log.info({ ...fields, ...this.#count(sessions.length) }, 'sessions handed over');
  }

  onOffer(gatewayId: string): void {
    if (!this.#running) return;
    this.#offers.add(gatewayId);
    this.#wake?.();
  }

  onDecline(gatewayId: string): void {
    if (!this.#running) return;
    this.#declined.add(gatewayId);
    this.#wake?.();
  }

  onTook(nonce: string, sessions: number): void {
    const batch = this.#batches.get(nonce);
    if (batch === undefined || !this.#running) return;
    batch.taken = Math.min(sessions, batch.sessions);
    this.#wake?.();
  }

  /** Whether a barrier is for sessions that are on offer here. Not after the end: who asks then would wait in vain. */
  offers(nonce: string): boolean {
    return this.#running && this.#batches.has(nonce);
  }

  /** No gateway stays that could hear pushes to the sessions. */
  get #alone(): boolean {
    return this.#asked > 0 && this.#offers.size === 0 && this.#declined.size >= this.#asked - 1;
  }

  get #answered(): boolean {
    return [...this.#batches.values()].every(({ taken }) => taken !== undefined);
  }

  #waiting(): HandedSession[] {
    return [...this.#options.lifecycle.waiting()].map(([session, waitMs]) => {
      const { id, secretHash, earlierHash } = session;
      const hashes = { hash: secretHash?.toString('hex') ?? '', earlier: earlierHash?.toString('hex') ?? '' };
      return { id, ...hashes, waitMs: Math.ceil(waitMs) };
    });
  }

  async #gatewaysThatStay(): Promise<readonly string[]> {
    const { control, gatewayId } = this.#options;
    void control.sendAll({ kind: 'leaving', gateway: gatewayId }).then((asked) => {
      this.#asked = asked;
      this.#wake?.();
    });
    const redisIsAway = (): boolean => this.#asked === 0;
    const settled = (): boolean => this.#offers.size > 0 || this.#alone || redisIsAway();
    await this.#until(settled, performance.now() + FIRST_OFFER_MS);
    if (this.#asked < 0 && this.#offers.size === 0) this.#asked = await this.#living();
    if (this.#offers.size === 0) return [];
    const allAnswered = (): boolean => this.#offers.size + this.#declined.size === this.#asked - 1;
    await this.#until(allAnswered, performance.now() + MORE_OFFERS_MS);
    return [...this.#offers];
  }

  /** This one included; 0 where Redis is away. */
  async #living(): Promise<number> {
    const ids = await this.#options.store.livingGateways().catch(() => []);
    return ids.length;
  }

  /** In turn to the gateways. */
  #send(sessions: readonly HandedSession[], gateways: readonly string[], untilMs: number): void {
    const { control, gatewayId } = this.#options;
    const size = Math.min(BATCH_SESSIONS, Math.ceil(sessions.length / gateways.length));
    for (let from = 0; from < sessions.length; from += size) {
      const part = sessions.slice(from, from + size);
      const nonce = handoverNonce(randomUUID());
      this.#batches.set(nonce, { sessions: part.length, taken: undefined });
      const withinMs = Math.ceil(untilMs - performance.now());
      const gateway = gateways[(from / size) % gateways.length];
      control.send(gateway, { kind: 'handover', gateway: gatewayId, nonce, withinMs, sessions: part });
    }
  }

  #count(sessions: number): object {
    const { sessionHandovers } = this.#options.metrics;
    const asked = this.#batches.size > 0;
    const counts = {
      ...{ handedOver: 0, notTaken: 0 },
      noAnswer: asked || this.#alone ? 0 : sessions,
      noGateway: !asked && this.#alone ? sessions : 0,
    };
    for (const { sessions: size, taken } of this.#batches.values()) {
      counts.handedOver += taken ?? 0;
      if (taken === undefined) counts.noAnswer += size;
      else counts.notTaken += size - taken;
    }
    sessionHandovers.add(counts.handedOver, 'out', 'handed_over');
    sessionHandovers.add(counts.notTaken, 'out', 'not_taken');
    sessionHandovers.add(counts.noAnswer, 'out', 'no_answer');
    sessionHandovers.add(counts.noGateway, 'out', 'no_gateway');
    return counts;
  }

  /** Looks at the condition whenever something has come. */
  async #until(condition: () => boolean, untilMs: number): Promise<void> {
    while (!condition()) {
      const leftMs = untilMs - performance.now();
      if (leftMs <= 0) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#wake = undefined;
    }
  }
}
