export { ERROR_CODES, type ErrorCode } from '../../src/protocol/error-codes.ts';
export { FLAG, ROUTE } from '../../src/protocol/header.ts';
export type { BackoffOptions } from './backoff.ts';
export { connect } from './client.ts';
export type {
  Addresses,
  Authentication,
  Client,
  ClientEvents,
  ClientState,
  ClientStats,
  ConnectOptions,
  ErrorEvent,
  RefreshFailure,
  RequestOptions,
  SendOptions,
  StateEvent,
  Target,
} from './client-api.ts';
export { certificateHashes, type Discovered, discover } from './discover.ts';
export { ClientError, type ClientErrorCode } from './errors.ts';
export type { Link, LinkHandlers, OpenLink, TransportChoice } from './link.ts';
export type { Message } from './message.ts';
export type { TransportStorage } from './transport-memory.ts';
export { browserWebSocketLink } from './websocket-link.ts';
export { browserWebTransportLink, type WebTransportLinkOptions } from './webtransport-link.ts';
