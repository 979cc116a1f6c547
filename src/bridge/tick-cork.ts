import { Redis } from 'ioredis';
import type { RedisLink } from './redis-link.ts';

/** Lets everything written to a connection in one tick leave in one write. */
export class TickCork {
  #corked: Redis['stream'] | undefined;

  /** Call before each write. A cluster client has a socket for each node and is left as it is. */
  cork(link: RedisLink): void {
    if (this.#corked !== undefined || !(link instanceof Redis)) return;
    this.#corked = link.stream;
    link.stream.cork();
    process.nextTick(this.#uncork);
  }

  readonly #uncork = (): void => {
    this.#corked?.uncork();
    this.#corked = undefined;
  };
}
