import type { Metrics } from '../observe/metrics.ts';
import type { ControlChannel } from './control-channel.ts';
import type { HandoverBatch } from './handover-messages.ts';
import type { SessionClaims } from './session-claims.ts';

export interface HandoverIntakeOptions {
  readonly gatewayId: string;
  readonly control: ControlChannel;
  readonly claims: SessionClaims;
  readonly metrics: Metrics;
  /** Whether this gateway is there for longer, and lets sessions wait. */
  staying(): boolean;
}

/** Takes sessions from gateways that close: one batch after the other, so that clients of this gateway hardly notice. */
export class HandoverIntake {
  readonly #options: HandoverIntakeOptions;
  /** The last batch that has come; settles after all of them. */
  #last: Promise<void> = Promise.resolve();

  constructor(options: HandoverIntakeOptions) {
    this.#options = options;
  }

  /** Answers a gateway that closes. */
  onLeaving(gateway: string): void {
    const { gatewayId, control, staying } = this.#options;
    if (gateway !== gatewayId && staying()) control.send(gateway, { kind: 'offer', gateway: gatewayId });
  }

  onBatch(batch: HandoverBatch): void {
    const untilMs = performance.now() + batch.withinMs;
    this.#last = this.#last.then(() => this.#take(batch, untilMs));
  }

  /** What has come is here, or is not going to be. Does not reject. */
  settled(): Promise<void> {
    return this.#last;
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
