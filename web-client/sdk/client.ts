import type { Client, ConnectOptions } from './client-api.ts';
import { GatewayClient } from './gateway-client.ts';
import { browserWebSocketLink } from './websocket-link.ts';

/** Resolves with the Welcome of the first link; rejects with a ClientError (DISCONNECTED, ABORTED, the gateway's). */
export function connect(options: ConnectOptions): Promise<Client> {
  const open = 'open' in options ? options.open : browserWebSocketLink(options.webSocketUrl);
  return new GatewayClient(open, options).start(options.signal);
}
