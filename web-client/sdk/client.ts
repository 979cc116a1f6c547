import type { Addresses, Client, ConnectOptions } from './client-api.ts';
import { type Clock, systemClock } from './clock.ts';
import { echoedLink } from './echo-probe.ts';
import { GatewayClient } from './gateway-client.ts';
import type { LinkSource, OpenLink, TransportChoice } from './link.ts';
import { platformStorage, TransportMemory } from './transport-memory.ts';
import { TransportRace } from './transport-race.ts';
import { browserWebSocketLink } from './websocket-link.ts';
import { platformWebTransport } from './webtransport-api.ts';
import { browserWebTransportLink } from './webtransport-link.ts';

/** Resolves with the Welcome of the first link; rejects with a ClientError (DISCONNECTED, ABORTED, the gateway's). */
export function connect(options: ConnectOptions): Promise<Client> {
  const source = 'open' in options ? options : sourceOf(options, options.clock ?? systemClock);
  return new GatewayClient(source, options).start(options.signal);
}

function sourceOf(addresses: Addresses, clock: Clock): LinkSource {
  const { transport = 'auto', webTransportUrl, wrap = (open) => open } = addresses;
  const webSocket = wrap(browserWebSocketLink(addresses.webSocketUrl));
  if (transport === 'websocket') return chosen(webSocket, clock);
  const webTransport = webTransportOf(addresses, clock);
  if (transport === 'webtransport') return chosen(webTransport.open, clock);
  const { storage = platformStorage() } = addresses;
  return new TransportRace({
    webSocket,
    webTransport: webTransport.absent === undefined ? webTransport.open : undefined,
    absent: webTransport.absent ?? '',
    memory: new TransportMemory(storage, originOf(webTransportUrl), clock),
    clock,
  });
}

function originOf(url: string | undefined): string {
  return url === undefined ? '' : new URL(url).origin;
}

/** The way to open it, which fails where `absent` says why there is none. */
function webTransportOf(addresses: Addresses, clock: Clock): { open: OpenLink; absent?: string } {
  const { webTransportUrl, certificateHashes, wrap = (open) => open } = addresses;
  if (webTransportUrl === undefined) return missing('the gateway has no WebTransport');
  if (platformWebTransport() === undefined) return missing('WebTransport is not supported here');
  return { open: echoedLink(wrap(browserWebTransportLink(webTransportUrl, { certificateHashes })), clock) };
}

function missing(absent: string): { open: OpenLink; absent: string } {
  return { open: () => Promise.reject(new Error(absent)), absent };
}

/** One transport, by the application's choice. */
function chosen(open: OpenLink, clock: Clock): LinkSource {
  let choice: TransportChoice | undefined;
  return {
    get choice() {
      return choice;
    },
    open: async (handlers, signal) => {
      const startedAtMs = clock.nowMs();
      const link = await open(handlers, signal);
      const afterMs = clock.nowMs() - startedAtMs;
      choice = { transport: link.transport, cause: 'chosen', detail: 'by the application', afterMs };
      return link;
    },
  };
}
