import { type FSWatcher, watch } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf } from '../../src/errors.ts';
import type { CertificatePair } from './certificate-check.ts';
import { fileSource } from './certificate-files.ts';
import type { CertificateSet, CertificateSource, CertificateStoreOptions } from './certificate-source.ts';
import { developmentSource } from './development-certificate.ts';

export interface CertificateEvents {
  /** Another certificate holds. */
  onChange(set: CertificateSet): void;
  /** What is there now cannot be used, and the old one goes on. Once per reason, as one line. */
  onFault(reason: string): void;
}

/** A certificate and its key are written one after the other. */
const SETTLE_MS = 200;
const POLL_INTERVAL_MS = 30_000;

/** Holds the certificate to serve, and looks after its files: takes up changed ones and renews a development one. */
export class CertificateStore {
  readonly #source: CertificateSource;
  readonly #now: () => number;
  readonly #pollIntervalMs: number;
  #set: CertificateSet;
  #events: CertificateEvents | undefined;
  #watcher: FSWatcher | undefined;
  #settling: NodeJS.Timeout | undefined;
  #poll: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  #fault = '';

  private constructor(source: CertificateSource, set: CertificateSet, options: CertificateStoreOptions) {
    this.#source = source;
    this.#set = set;
    this.#now = options.now ?? Date.now;
    this.#pollIntervalMs = options.pollIntervalMs ?? POLL_INTERVAL_MS;
  }

  /** Rejects with a StartError that says why there is no usable certificate. */
  static async open(options: CertificateStoreOptions): Promise<CertificateStore> {
    const source = (await fileSource(options)) ?? developmentSource(dirname(options.certFile), options.names);
    const nowMs = (options.now ?? Date.now)();
    return new CertificateStore(source, await source.load(nowMs), options);
  }

  get mode(): CertificateSource['mode'] {
    return this.#source.mode;
  }

  get pair(): CertificatePair {
    return this.#set.pair;
  }

  get hashes(): readonly string[] {
    return this.#set.hashes;
  }

  /** Begins to look after the files. Once; until `close`. */
  watch(events: CertificateEvents): void {
    this.#events = events;
    this.#watcher = this.#watchFolder();
    this.#poll = setInterval(() => this.#look(), this.#pollIntervalMs).unref();
  }

  /** Idempotent. No event follows. */
  async close(): Promise<void> {
    this.#events = undefined;
    this.#watcher?.close();
    clearInterval(this.#poll);
    clearTimeout(this.#settling);
    await this.#looking;
  }

  /** Undefined where the system cannot watch: the poll remains. */
  #watchFolder(): FSWatcher | undefined {
    try {
      const watcher = watch(this.#source.folder, { persistent: false }, () => this.#settle());
      watcher.on('error', () => watcher.close());
      return watcher;
    } catch {
      return undefined;
    }
  }

  #settle(): void {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.#look(), SETTLE_MS).unref();
  }

  #look(): void {
    this.#looking = this.#looking.then(() => this.#reload());
  }

  async #reload(): Promise<void> {
    try {
      const set = await this.#source.load(this.#now());
      const changed = !sameSet(set, this.#set);
      this.#set = set;
      this.#fault = '';
      if (changed) this.#events?.onChange(set);
    } catch (error) {
      const reason = messageOf(error);
      if (reason !== this.#fault) this.#events?.onFault(reason);
      this.#fault = reason;
    }
  }
}

function sameSet(a: CertificateSet, b: CertificateSet): boolean {
  return a.pair.certPem === b.pair.certPem && a.pair.keyPem === b.pair.keyPem;
}
