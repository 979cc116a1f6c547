import { payloadOf, readSeq } from '../../src/protocol/header.ts';
import { decodePing, encodePing, encodePong } from '../../src/protocol/system.ts';
import type { Clock } from './clock.ts';

/** Pings of both sides, and the round trip that the client's own ones take. */
export class Pings {
  readonly #clock: Clock;
  #seq = 0;
  #sentAtMs = 0;
  #rttMs: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Of the last Ping that was answered; undefined before. */
  get rttMs(): number | undefined {
    return this.#rttMs;
  }

  /** `received`: reliable frames received in this session, modulo 2^32. */
  ping(seq: number, received: number): Uint8Array {
    this.#seq = seq;
    this.#sentAtMs = this.#clock.nowMs();
    return encodePing({ sentAtMs: this.#clock.unixMs(), received }, seq);
  }

  /** The Pong is there. One of an earlier Ping says nothing of the last. */
  answered(pong: Uint8Array): void {
    if (readSeq(pong) === this.#seq) this.#rttMs = this.#clock.nowMs() - this.#sentAtMs;
  }

  /** The answer to a Ping of the gateway's; undefined where that does not decode. */
  pongFor(ping: Uint8Array, received: number): Uint8Array | undefined {
    const sentAtMs = decodePing(payloadOf(ping))?.sentAtMs;
    if (sentAtMs === undefined) return undefined;
    return encodePong({ sentAtMs, serverTimeMs: this.#clock.unixMs(), received }, readSeq(ping));
  }
}
