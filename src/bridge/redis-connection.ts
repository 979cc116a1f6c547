import { redisFailure } from './redis-failure.ts';
import { createLink, destroyLink, onNodeLost, type RedisLink } from './redis-link.ts';
import { formatAddress, type RedisSettings } from './redis-options.ts';

const BACKOFF_FIRST_MS = 50;
const BACKOFF_MAX_MS = 2000;

/** Called by a RedisConnection; they do not throw. */
export interface RedisConnectionHandlers {
  /**
   * The link is authenticated and Redis has loaded its data. Makes it of use (subscribes, tries a command) and
   * resolves; the connection counts as up from then on. A rejection drops the link.
   */
  prepare(link: RedisLink): Promise<void>;
  onUp(link: RedisLink): void;
  /** The link was up and is gone. What was sent on it has an unknown outcome. */
  onDown(why: string): void;
}

/**
 * Keeps one connection to Redis for ever: connects, prepares, and starts over with a new client after a loss, waiting
 * 50 ms doubled up to 2 s, with jitter so that many gateways do not come back in step. Redis being away is a state
 * (`up`, `detail`), never an exception.
 */
export class RedisConnection {
  /** Resolves with the outcome of the first attempt, good or bad, or with `close`. */
  readonly firstAttempt: Promise<void>;
  readonly #settings: RedisSettings;
  readonly #handlers: RedisConnectionHandlers;
  #link: RedisLink | undefined;
  #up = false;
  #started = false;
  #closed = false;
  #failures = 0;
  #attempts = 0;
  #failure = '';
  #detail = 'not started';
  #settleFirst: () => void = ignore;
  #retry: NodeJS.Timeout | undefined;
  #deadline: NodeJS.Timeout | undefined;

  constructor(settings: RedisSettings, handlers: RedisConnectionHandlers) {
    this.#settings = settings;
    this.#handlers = handlers;
    this.firstAttempt = new Promise((resolve) => {
      this.#settleFirst = resolve;
    });
  }

  get up(): boolean {
    return this.#up;
  }

  /** What to send on; undefined while it is not up. */
  get link(): RedisLink | undefined {
    return this.#up ? this.#link : undefined;
  }

  /** The state in one line, without credentials. */
  get detail(): string {
    return this.#detail;
  }

  /** Begins to connect. Idempotent. */
  start(): void {
    if (this.#started || this.#closed) return;
    this.#started = true;
    this.#connect();
  }

  /** Drops the link that stands, and starts over. */
  reset(why: string): void {
    if (this.#link !== undefined) this.#lose(this.#link, why);
  }

  /** Drops the link for good. Idempotent; nothing is awaited, so it is done on return. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#retry);
    if (this.#link !== undefined) this.#lose(this.#link, 'closed');
    this.#detail = 'closed';
    this.#settleFirst();
  }

  #connect(): void {
    const { addresses, connectTimeoutMs } = this.#settings;
    const address = addresses[this.#attempts % addresses.length];
    const where = this.#settings.mode === 'standalone' ? formatAddress(address) : this.#describeGroup();
    this.#attempts += 1;
    this.#failure = '';
    const link = createLink(this.#settings, address);
    this.#link = link;
    if (this.#detail === 'not started') this.#detail = `connecting to ${where}`;
    link.on('error', (error: unknown) => {
      this.#failure = redisFailure(error);
    });
    link.on('end', () => this.#lose(link, this.#failure || 'connection closed', where));
    this.#deadline = setTimeout(() => this.#lose(link, 'not ready in time', where), connectTimeoutMs);
    link
      .connect()
      .then(() => this.#handlers.prepare(link))
      .then(
        () => this.#becomeUp(link, where),
        (error: unknown) => this.#lose(link, this.#failure || redisFailure(error), where),
      );
  }

  #describeGroup(): string {
    return `${this.#settings.mode} ${this.#settings.addresses.map(formatAddress).join(',')}`;
  }

  #becomeUp(link: RedisLink, where: string): void {
    if (link !== this.#link) return;
    clearTimeout(this.#deadline);
    this.#up = true;
    this.#failures = 0;
    this.#detail = `connected to ${where}`;
    onNodeLost(link, () => this.#lose(link, 'a node of the cluster went away', where));
    this.#handlers.onUp(link);
    this.#settleFirst();
  }

  #lose(link: RedisLink, why: string, where = ''): void {
    if (link !== this.#link) return;
    this.#link = undefined;
    clearTimeout(this.#deadline);
    destroyLink(link);
    const wasUp = this.#up;
    this.#up = false;
    this.#detail = where === '' ? why : `${where}: ${why}`;
    if (!this.#closed) this.#retryLater();
    if (wasUp) this.#handlers.onDown(why);
    this.#settleFirst();
  }

  #retryLater(): void {
    const fullMs = Math.min(BACKOFF_FIRST_MS * 2 ** Math.min(this.#failures, 10), BACKOFF_MAX_MS);
    this.#failures += 1;
    this.#retry = setTimeout(() => this.#connect(), fullMs * (0.5 + Math.random() / 2));
  }
}

function ignore(): void {}
