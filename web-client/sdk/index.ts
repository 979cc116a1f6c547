export { ERROR_CODES, type ErrorCode } from '../../src/protocol/error-codes.ts';
export { FLAG, ROUTE } from '../../src/protocol/header.ts';
export type { BackoffOptions } from './backoff.ts';
export { connect } from './client.ts';
export type {
  Client,
  ClientEvents,
  ClientState,
  ClientStats,
  ConnectOptions,
  ErrorEvent,
  RequestOptions,
  SendOptions,
  StateEvent,
  Target,
} from './client-api.ts';
export { ClientError, type ClientErrorCode } from './errors.ts';
export type { Link, LinkHandlers, OpenLink } from './link.ts';
export type { Message } from './message.ts';
export { browserWebSocketLink } from './websocket-link.ts';
