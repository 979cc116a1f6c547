import type { GoAway } from '../../src/protocol/system.ts';
import type { BackoffOptions } from './backoff.ts';
import type { Clock } from './clock.ts';
import type { ClientError } from './errors.ts';
import type { OpenLink, TransportChoice } from './link.ts';
import type { Message } from './message.ts';
import type { TransportStorage } from './transport-memory.ts';
import type { WebTransportLinkOptions } from './webtransport-link.ts';

/** The gateway's addresses, for the platform's own WebSocket and WebTransport. */
export interface Addresses {
  webSocketUrl: string;
  /** Absent: this gateway has no WebTransport. */
  webTransportUrl?: string;
  /**
   * `auto` (default): WebTransport where it works, else WebSocket; see `stats().choice` for why. The other two: this one,
   * with no way back. `webtransport` needs its address.
   */
  transport?: 'auto' | 'websocket' | 'webtransport';
  /** For a gateway with a development certificate; see WebTransportLinkOptions. */
  certificateHashes?: WebTransportLinkOptions['certificateHashes'];
  /** Where `auto` remembers its results. Default: localStorage, else the memory of this client. */
  storage?: TransportStorage;
  /** Stands around every link: for logs, and for tests that spoil links. */
  wrap?: (open: OpenLink) => OpenLink;
}

/** Where the gateway is, or a way of one's own to open links. */
export type Target = Addresses | { open: OpenLink };

export type ConnectOptions = Target & {
  /**
   * JWT for the Hello. A function is asked before each attempt, again in the last quarter of its token's life (5 minutes
   * at most before the end), and where a token expired or was refused; it has to give another one then. The time that it
   * takes counts as part of an attempt, and an attempt fails with it.
   */
  token?: string | (() => string | Promise<string>);
  /** Names the device for the per-user device policy. */
  device?: string;
  /** Name and version of the application, for the gateway's logs. */
  client?: string;
  /** For one attempt, Welcome included, ms. Default 8,000. */
  connectTimeoutMs?: number;
  /** Default for `request`, ms. Default 10,000. */
  requestTimeoutMs?: number;
  /** Requests that wait, and frames that wait for their acknowledgement: each at most so many. Default 1,024. */
  pendingMax?: number;
  /** False: a lost link is not replaced. */
  reconnect?: BackoffOptions | false;
  /** Ends the first attempt. */
  signal?: AbortSignal;
  /** For tests. */
  clock?: Clock;
};

export type ClientState = 'connecting' | 'open' | 'reconnecting' | 'closed';

export type StateEvent =
  /** Comes before every frame of the new link. `recovered`: nothing was lost and nothing comes twice. */
  | { state: 'open'; sessionId: string; recovered: boolean; replayed: number }
  | { state: 'reconnecting'; code: number; reason: string; retryInMs: number }
  | { state: 'closed'; code: number; reason: string };

/** An Error message of the gateway that no request and no acknowledgement was waiting for. */
export interface ErrorEvent {
  seq: number;
  route: number;
  msgId: number;
  error: ClientError;
}

/** What the gateway says of a token that it took. */
export interface Authentication {
  /** Decimal. */
  userId: string;
  /** Unix ms, by the gateway's clock; 0: never. The session ends with it, unless a newer token is shown before. */
  expiresAtMs: number;
  permissions: readonly string[];
}

/** A newer token could not be had from the `token` function, or the gateway did not take it. */
export interface RefreshFailure {
  /** NO_TOKEN, or what `refresh` rejects with. */
  error: ClientError;
  /** Undefined: the present token ends before. */
  retryInMs: number | undefined;
}

export interface ClientEvents {
  /** Reliable frames: pushes, and responses that nobody waits for. Notifications (route 3) too. */
  message: Message;
  /** Frames with the flag `latest`, by datagram or not. */
  latest: Message;
  state: StateEvent;
  goaway: GoAway;
  error: ErrorEvent;
  refreshFailed: RefreshFailure;
}

export interface SendOptions {
  /** Only the newest counts: may travel as a datagram, may be lost. */
  latest?: boolean;
}

export interface RequestOptions {
  timeoutMs?: number;
  signal?: AbortSignal;
}

export interface ClientStats {
  state: ClientState;
  /** Of the link in use; undefined between links. */
  transport: 'websocket' | 'webtransport' | undefined;
  /** Why the last link is what it is; undefined with an `open` of one's own. */
  choice: TransportChoice | undefined;
  sessionId: string;
  /** Of the last Ping that was answered; undefined before. */
  rttMs: number | undefined;
  /** Frames other than system frames; datagrams included. */
  sent: number;
  received: number;
  datagramsSent: number;
  datagramsReceived: number;
  /** `latest` frames not sent: there was no link, or too many datagrams waited. */
  latestDropped: number;
  reconnects: number;
  /** Of these, with nothing lost. */
  recoveries: number;
  pendingRequests: number;
  unacknowledged: number;
}

/** A session with the gateway that outlives its links. */
export interface Client {
  readonly state: ClientState;
  /**
   * Sends one frame; the payload is copied. False: not sent, there is no link (and for `latest`, counted as dropped).
   */
  send(route: number, msgId: number, payload: Uint8Array, options?: SendOptions & { ack?: false }): boolean;
  /**
   * Sends one reliable frame until it is acknowledged, over other links too while the session lives. Resolves when the
   * gateway has it for good; rejects with a ClientError: the gateway's code, SESSION_LOST, CLOSED, TOO_MANY_PENDING.
   */
  send(route: number, msgId: number, payload: Uint8Array, options: { ack: true }): Promise<void>;
  /** Sends one frame and resolves with the response of the same seq; rejects with a ClientError. */
  request(route: number, msgId: number, payload: Uint8Array, options?: RequestOptions): Promise<Message>;
  /**
   * Shows a token to a session that has no user yet; later links show it too, unless there is a `token` function. Rejects
   * with a ClientError: what the gateway says (UNAUTHENTICATED, USER_MISMATCH, UNAVAILABLE), DISCONNECTED, NO_ANSWER.
   */
  login(token: string): Promise<Authentication>;
  /**
   * Shows a newer token of the same user before the present one expires, as `login` does; absent: one of the `token`
   * function. With a function there is no need to call it.
   */
  refresh(token?: string): Promise<Authentication>;
  /**
   * Ends the session, with `everywhere` all sessions of the user, and the client for good (4208). Rejects where the gateway
   * did not answer: whether the session ended is unknown then.
   */
  logout(options?: { everywhere?: boolean }): Promise<void>;
  /** Returns the function that unsubscribes. */
  on<Name extends keyof ClientEvents>(name: Name, listener: (event: ClientEvents[Name]) => void): () => void;
  stats(): ClientStats;
  /**
   * Gives the link up, or the wait for the next one, and resumes over a new link at once: when the device is back online,
   * say. Nothing happens once closed.
   */
  reconnect(): void;
  /**
   * Ends the session's link for good; what waits rejects with CLOSED. Idempotent. `code` is 1000 (default) or from 3000
   * to 4999, as browsers demand; a reason beyond 123 bytes of UTF-8 is cut.
   */
  close(code?: number, reason?: string): void;
}
