import type { Metrics } from '../../observe/metrics.ts';
import type { SessionClaims } from '../claims/session-claims.ts';
import type { ControlChannel } from '../control/control-channel.ts';
import type { HandoverBatch } from '../control/handover-messages.ts';

export interface HandoverIntakeOptions {
  readonly gatewayId: string;
  readonly control: ControlChannel;
  readonly claims: SessionClaims;
  readonly metrics: Metrics;
  /** Whether this gateway is there for longer, and lets sessions wait. */
  staying(): boolean;
}

/** Batches at a time: while one waits for the closing gateway, the other is at work. */
const LANES = 2;

/** Takes sessions from gateways that close, a few at a time, so that clients of this gateway hardly notice. */
export class HandoverIntake {
  readonly #options: HandoverIntakeOptions;
  /** Of each lane the last batch; settles after those before it. */
  readonly #lanes: Promise<void>[] = Array.from({ length: LANES }, () => Promise.resolve());
  #batches = 0;

  constructor(options: HandoverIntakeOptions) {
    this.#options = options;
  }

  /** Answers a gateway that closes. */
  onLeaving(gateway: string): void {
    const { gatewayId, control, staying } = this.#options;
    if (gateway === gatewayId) return;
    control.send(gateway, { kind: staying() ? 'offer' : 'decline', gateway: gatewayId });
  }

  onBatch(batch: HandoverBatch): void {
    const untilMs = performance.now() + batch.withinMs;
    const lane = this.#batches++ % LANES;
    this.#lanes[lane] = this.#lanes[lane].then(() => this.#take(batch, untilMs));
  }

  /** What has come is here, or is not going to be. Does not reject. */
  async settled(): Promise<void> {
    await Promise.all(this.#lanes);
  }

  /** A gateway that does not wait for the answer any more does not let go of its sessions either. */
  async #take(batch: HandoverBatch, untilMs: number): Promise<void> {
    const { control, claims, metrics, staying } = this.#options;
    const { gateway, nonce } = batch;
    const takes = staying() && performance.now() < untilMs;
    const handed = takes ? batch.sessions : [];
    const taken = await Promise.all(handed.map((session) => claims.takeOver(session, batch)));
    const sessions = taken.filter((is) => is).length;
    metrics.sessionHandovers.add(sessions, 'in', 'taken');
    metrics.sessionHandovers.add(batch.sessions.length - sessions, 'in', 'not_taken');
    control.send(gateway, { kind: 'took', nonce, sessions });
  }
}
