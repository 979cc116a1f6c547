import type { Addresses, Client, ConnectOptions } from './client-api.ts';
import { type Clock, systemClock } from './clock.ts';
import { echoedLink } from './echo-probe.ts';
import { GatewayClient } from './gateway-client.ts';
import type { LinkSource, OpenLink, TransportChoice } from './link.ts';
import { RedirectedLinks } from './redirected-links.ts';
import { platformStorage, TransportMemory } from './transport-memory.ts';
import { TransportRace } from './transport-race.ts';
import { browserWebSocketLink } from './websocket-link.ts';
import { platformWebTransport } from './webtransport-api.ts';
import { browserWebTransportLink } from './webtransport-link.ts';

type Why = Pick<TransportChoice, 'cause' | 'detail'>;

const CHOSEN: Why = { cause: 'chosen', detail: 'by the application' };
const REDIRECTED: Why = { cause: 'redirected', detail: 'by a gateway that drained' };

/** Resolves with the Welcome of the first link; rejects with a ClientError (DISCONNECTED, ABORTED, the gateway's). */
export function connect(options: ConnectOptions): Promise<Client> {
  return new GatewayClient('open' in options ? options : linksOf(options), options).start(options.signal);
}

function linksOf(options: Addresses & { clock?: Clock }): LinkSource {
  const { clock = systemClock } = options;
  return new RedirectedLinks(sourceOf(options, clock), (url) => sourceAt(url, options, clock));
}

/** By one transport, told by the scheme, which is one that the application uses: no way leads from TLS to none. */
function sourceAt(url: string, addresses: Addresses, clock: Clock): LinkSource | undefined {
  const { transport, webSocketUrl, webTransportUrl } = addresses;
  const scheme = schemeOf(url);
  if (scheme === undefined) return undefined;
  if (transport !== 'websocket' && scheme === schemeOf(webTransportUrl)) {
    return sourceOf({ ...addresses, transport: 'webtransport', webTransportUrl: url }, clock, REDIRECTED);
  }
  if (transport !== 'webtransport' && scheme === schemeOf(webSocketUrl)) {
    return sourceOf({ ...addresses, transport: 'websocket', webSocketUrl: url }, clock, REDIRECTED);
  }
  return undefined;
}

function schemeOf(url = ''): string | undefined {
  return /^(wss?|https):\/\//.exec(url)?.[1];
}

function sourceOf(addresses: Addresses, clock: Clock, why: Why = CHOSEN): LinkSource {
  const { transport = 'auto', webTransportUrl, wrap = (open) => open } = addresses;
  const webSocket = wrap(browserWebSocketLink(addresses.webSocketUrl));
  if (transport === 'websocket') return chosen(webSocket, clock, why);
  const webTransport = webTransportOf(addresses, clock);
  if (transport === 'webtransport') return chosen(webTransport.open, clock, why);
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

/** One transport, without a choice. */
function chosen(open: OpenLink, clock: Clock, why: Why): LinkSource {
  let choice: TransportChoice | undefined;
  return {
    get choice() {
      return choice;
    },
    open: async (handlers, signal) => {
      const startedAtMs = clock.nowMs();
      const link = await open(handlers, signal);
      const afterMs = clock.nowMs() - startedAtMs;
      choice = { ...why, transport: link.transport, afterMs };
      return link;
    },
  };
}
