import { DISCONNECT } from '../../src/protocol/disconnect.ts';
import {
  decodeAuthResult,
  encodeAuthLogin,
  encodeAuthLogout,
  encodeAuthRefresh,
  type Welcome,
} from '../../src/protocol/system.ts';
import { Backoff } from './backoff.ts';
import type { Authentication as Granted, RefreshFailure } from './client-api.ts';
import type { Clock, Timer } from './clock.ts';
import { ClientError, clientError } from './errors.ts';
import type { Message } from './message.ts';
import type { Tokens } from './tokens.ts';

/** A newer token is asked for this long before the end of the present one at most, and in its last quarter at most. */
const LEAD_MS_MAX = 300_000;
const LEAD_SHARE = 1 / 4;
/** Timers of 2^31 ms and more fire at once. */
const WAIT_MS_MAX = 86_400_000;

/** The client, as its authentication sees it. */
export interface AuthenticationOwner {
  /** Sends a system frame of the seq that it is given, and resolves with the answer; rejects with a ClientError. */
  ask(encode: (seq: number) => Uint8Array): Promise<Message>;
  close(code: number, reason: string): void;
  /** The session can be resumed from now on. */
  onResumeToken(resumeToken: string): void;
  onRefreshFailed(failure: RefreshFailure): void;
}

/** Login, refresh and logout, and the refresh by itself of tokens that come from a function. */
export class Authentication {
  readonly #owner: AuthenticationOwner;
  readonly #tokens: Tokens;
  readonly #clock: Clock;
  readonly #backoff: Backoff;
  /** From the client's monotonic clock to the gateway's Unix time, ms. */
  #offsetMs = 0;
  #expiresAtMs = 0;
  #timer: Timer | undefined;

  constructor(owner: AuthenticationOwner, tokens: Tokens, clock: Clock) {
    this.#owner = owner;
    this.#tokens = tokens;
    this.#clock = clock;
    this.#backoff = new Backoff(clock);
  }

  login(token: string): Promise<Granted> {
    return this.#show(token, (seq) => encodeAuthLogin({ token }, seq));
  }

  /** Undefined: what the function gives, which is to be new. */
  async refresh(given?: string): Promise<Granted> {
    const token = given ?? (await this.#tokens.newer());
    return await this.#show(token, (seq) => encodeAuthRefresh(token, seq));
  }

  async logout(everywhere: boolean): Promise<void> {
    const { code, reason } = DISCONNECT.loggedOut;
    try {
      await this.#owner.ask((seq) => encodeAuthLogout(everywhere, seq));
      this.#owner.close(code, reason);
    } catch (error) {
      // The gateway closes behind its answer, and on some transports ahead of it.
      if (!(error instanceof ClientError) || error.closeCode !== code) throw error;
    }
  }

  /** A link stands. */
  welcomed({ serverTimeMs, expiresAtMs }: Welcome): void {
    this.#tokens.welcomed();
    this.#offsetMs = serverTimeMs - this.#clock.nowMs();
    this.#expire(expiresAtMs);
  }

  /** The link is gone; the next one shows a token anyway. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  async #show(token: string, encode: (seq: number) => Uint8Array): Promise<Granted> {
    const { payload } = await this.#owner.ask(encode).catch((error: unknown) => {
      if (error instanceof ClientError && error.code === 'UNAUTHENTICATED') this.#tokens.refused(token);
      throw error;
    });
    const result = decodeAuthResult(payload);
    if (result === undefined) throw new ClientError('INTERNAL', 'the AuthResult does not decode');
    const { userId, expiresAtMs, permissions, resumeToken } = result;
    this.#tokens.accepted(token);
    if (resumeToken !== '') this.#owner.onResumeToken(resumeToken);
    this.#expire(expiresAtMs);
    return { userId, expiresAtMs, permissions };
  }

  get #leftMs(): number {
    return this.#expiresAtMs - this.#offsetMs - this.#clock.nowMs();
  }

  #expire(expiresAtMs: number): void {
    this.#expiresAtMs = expiresAtMs;
    this.#backoff.reset();
    this.#plan();
  }

  /** Somewhere in the second half of what is left at most: the clients of one issuer do not come all at once. */
  #plan(): void {
    this.stop();
    if (this.#expiresAtMs === 0 || !this.#tokens.renewable) return;
    const leadMs = Math.min(LEAD_MS_MAX, this.#leftMs * LEAD_SHARE);
    const delayMs = this.#leftMs - leadMs * (1 - this.#clock.random() / 2);
    if (delayMs > WAIT_MS_MAX) this.#after(WAIT_MS_MAX, () => this.#plan());
    else this.#after(delayMs, () => this.#renew());
  }

  #after(delayMs: number, task: () => void): void {
    this.#timer = this.#clock.after(delayMs, task);
  }

  #renew(): void {
    const timer = this.#timer;
    this.refresh().catch((error: unknown) => {
      // Another link, or another token meanwhile, has its own plan.
      if (this.#timer === timer) this.#retry(error);
    });
  }

  #retry(cause: unknown): void {
    this.stop();
    const error = cause instanceof ClientError ? cause : clientError('NO_TOKEN', String(cause));
    const delayMs = this.#backoff.nextMs('backoff', error.retryAfterMs);
    const retryInMs = delayMs !== undefined && delayMs < this.#leftMs ? delayMs : undefined;
    if (retryInMs !== undefined) this.#after(retryInMs, () => this.#renew());
    this.#owner.onRefreshFailed({ error, retryInMs });
  }
}
