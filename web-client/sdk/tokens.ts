import { DISCONNECT } from '../../src/protocol/disconnect.ts';
import type { ConnectOptions } from './client-api.ts';
import { clientError } from './errors.ts';
import type { LinkEnd } from './gateway-link.ts';

/** A gateway that refuses one token after the other would be asked for ever. */
const REFUSALS_MAX = 2;

/** The tokens that a client shows: one for good, or what the application's function gives, newer and newer. */
export class Tokens {
  #source: ConnectOptions['token'];
  #shown: string | undefined;
  /** Expired or refused: never shown again. */
  #spent: string | undefined;
  /** The end that `#spent` brought, until a link stands again. */
  #end: LinkEnd | undefined;
  #refusals = 0;

  constructor(source: ConnectOptions['token']) {
    this.#source = source;
  }

  /** There is a function to ask for newer ones. */
  get renewable(): boolean {
    return typeof this.#source === 'function';
  }

  /**
   * For the Hello of a new link. In place of a token the end of the last link, where its token was spent and there is no
   * other: a further attempt is of no use. Rejects as the function does.
   */
  async forHello(): Promise<string | undefined | LinkEnd> {
    const token = await this.#ask();
    if (this.#end !== undefined && token === this.#spent) return this.#end;
    this.#shown = token;
    return token;
  }

  /** One that was not shown yet. Rejects with a ClientError NO_TOKEN. */
  async newer(): Promise<string> {
    const token = await this.#asked();
    if (token !== this.#shown && token !== this.#spent) return token;
    throw clientError('NO_TOKEN', 'there is no newer token');
  }

  /** A link stands: whatever was shown, holds. */
  welcomed(): void {
    this.#end = undefined;
    this.#refusals = 0;
  }

  /** The gateway took this one: a fixed token gives way to it. */
  accepted(token: string): void {
    this.#shown = token;
    if (!this.renewable) this.#source = token;
  }

  refused(token: string): void {
    this.#spent = token;
  }

  /** Whether a link that ended like this is worth another with a newer token. */
  renews(end: LinkEnd): boolean {
    const refused = end.refusal?.code === 'UNAUTHENTICATED' || end.code === DISCONNECT.unauthenticated.code;
    const spent = refused || end.code === DISCONNECT.tokenExpired.code;
    if (!spent || !this.renewable || end === this.#end) return false;
    if (refused && ++this.#refusals >= REFUSALS_MAX) return false;
    this.#spent = this.#shown;
    this.#end = end;
    return true;
  }

  async #asked(): Promise<string> {
    const failed = (error: unknown) => {
      throw clientError('NO_TOKEN', error instanceof Error ? error.message : String(error));
    };
    const token = await this.#ask().catch(failed);
    if (token === undefined) throw clientError('NO_TOKEN', 'there is no token function');
    return token;
  }

  async #ask(): Promise<string | undefined> {
    return typeof this.#source === 'function' ? await this.#source() : this.#source;
  }
}
