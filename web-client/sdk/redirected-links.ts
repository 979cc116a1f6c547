import type { LinkSource, OpenLink, TransportChoice } from './link.ts';

/** Opens the next link where a GoAway asked for it, once, and all others where the application did. */
export class RedirectedLinks implements LinkSource {
  readonly #source: LinkSource;
  readonly #at: (url: string) => LinkSource | undefined;
  #next: LinkSource | undefined;
  #last: LinkSource;

  /** `at` gives undefined for an address that the client may not use. */
  constructor(source: LinkSource, at: (url: string) => LinkSource | undefined) {
    this.#source = source;
    this.#at = at;
    this.#last = source;
  }

  get choice(): TransportChoice | undefined {
    return this.#last.choice;
  }

  readonly open: OpenLink = (handlers, signal) => {
    this.#last = this.#next ?? this.#source;
    this.#next = undefined;
    return this.#last.open(handlers, signal);
  };

  redirect(url: string): void {
    this.#next = this.#at(url);
  }
}
