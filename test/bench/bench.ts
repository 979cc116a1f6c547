import type { WebTransportContext } from './webtransport-context.ts';

/** What one measurement gives: a number for each of the group's metrics, by name. */
export type Sample = Readonly<Record<string, number>>;

/** A row that is running: its server is up and its clients are connected. */
export interface Subject {
  /** Measures for about `ms` milliseconds and leaves nothing in flight. */
  measure(ms: number): Promise<Sample>;
  /** Ends its clients and its server. */
  close(): Promise<void>;
}

export interface Row {
  /** Short, unique among all rows: `--filter` text and key of the JSON. */
  readonly name: string;
  readonly title: string;
  start(context: BenchContext): Promise<Subject>;
}

/** How a metric is shown. */
export interface Metric {
  readonly name: string;
  readonly unit: string;
  readonly digits: number;
}

/**
 * Two rows set against each other, round by round: both ran within the same second or so, so that what else the machine
 * does hits both. `ratio` divides, `difference` subtracts.
 */
export interface Comparison {
  readonly row: string;
  readonly over: string;
  readonly metric: string;
  readonly by: 'ratio' | 'difference';
  /** What the project aims at; absent: for information. */
  readonly aim?: { readonly atLeast: number } | { readonly atMost: number };
}

/** Rows that run side by side. */
export interface Group {
  readonly name: string;
  readonly title: string;
  readonly rows: readonly Row[];
  readonly metrics: readonly Metric[];
  readonly comparisons: readonly Comparison[];
  /** Rounds instead of the default, for rows that are slow to measure. */
  readonly rounds?: number;
  /** True: each row is started anew for each of its measurements, and stopped behind it. */
  readonly fresh?: boolean;
  /** True: left out where the HTTP/3 addon cannot be loaded. */
  readonly needsWebTransport?: boolean;
}

/** What rows share in one run. */
export interface BenchContext {
  /** `host:port` of a Redis that only this run uses. */
  readonly redisAddr: string;
  /** Folder for the CPU profiles of servers; undefined: none are taken. */
  readonly profileDir: string | undefined;
  /** Undefined where the HTTP/3 addon cannot be loaded: groups that need it are left out then. */
  readonly webTransport: WebTransportContext | undefined;
}
