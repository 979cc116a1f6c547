import { WebSocketListener } from '../transports/websocket/websocket-listener.ts';
import { CertificateStore } from '../transports/webtransport/certificate-store.ts';
import { loadWebTransport } from '../transports/webtransport/library.ts';
import { WebTransportListener } from '../transports/webtransport/webtransport-listener.ts';
import type { Config } from './config/schema.ts';
import { StartError } from './errors.ts';
import type { Log } from './observe/log.ts';
import type { Metrics } from './observe/metrics.ts';

/** A WebTransport connection without a word for this much longer than the heartbeat allows is closed by its adapter. */
const IDLE_MARGIN_SEC = 30;

/** WebTransport as it is here: served with a certificate, or absent for a reason. */
export type WebTransportParts = WebTransportServed | { readonly absent: string };

interface WebTransportServed {
  readonly listener: WebTransportListener;
  readonly certificates: CertificateStore;
  /** The gateway is not ready without it: the configuration requires it, or serves nothing else. */
  readonly needed: boolean;
}

export function createWebSocket(config: Config, metrics: Metrics): WebSocketListener | undefined {
  const { websocket, limits, session } = config;
  if (!websocket.enabled) return undefined;
  return new WebSocketListener({
    host: websocket.host,
    port: websocket.port,
    path: websocket.path,
    connectionsMax: websocket.max_connections,
    connectionsPerAddressMax: limits.connections_per_ip,
    handshakesPerSec: limits.handshakes_per_sec,
    handshakesPerSecPerAddress: handshakesPerSecPerAddress(config),
    allowedOrigins: websocket.allowed_origins,
    trustedProxies: limits.trusted_proxies,
    proxyProtocol: websocket.proxy_protocol,
    perMessageDeflate: websocket.per_message_deflate,
    helloTimeoutMs: limits.hello_timeout_ms,
    frameBytesMax: session.frame_bytes_max_unauthenticated,
    frameBytesHardMax: session.frame_bytes_max,
    onRefused: (reason) => metrics.refused.add(1, 'websocket', reason),
  });
}

/**
 * WebTransport where it is enabled and the addon can be loaded. Its absence is said in one line, and is a StartError
 * where `quic.required` is set; so is a certificate that cannot be used.
 */
export async function createWebTransport(
  config: Config,
  metrics: Metrics,
  log: Log,
): Promise<WebTransportParts> {
  const { quic, limits, session } = config;
  if (!quic.enabled) return { absent: 'quic.enabled is false' };
  const loaded = await loadWebTransport();
  if (!loaded.available) {
    if (quic.required) throw new StartError(`WebTransport cannot be served: ${loaded.reason}`);
    log.warn({ reason: loaded.reason }, 'WebTransport is not served: the HTTP/3 addon cannot be loaded');
    return { absent: loaded.reason };
  }
  const certificates = await CertificateStore.open({
    certFile: quic.cert,
    keyFile: quic.key,
    names: quic.cert_names,
  });
  const listener = new WebTransportListener({
    library: loaded.library,
    certificate: certificates.pair,
    host: quic.host,
    port: quic.port,
    path: quic.path,
    connectionsMax: quic.max_connections,
    connectionsPerAddressMax: limits.connections_per_ip,
    handshakesPerSec: limits.handshakes_per_sec,
    handshakesPerSecPerAddress: handshakesPerSecPerAddress(config),
    allowedOrigins: quic.allowed_origins,
    helloTimeoutMs: limits.hello_timeout_ms,
    idleTimeoutMs: (session.heartbeat_ttl_sec + IDLE_MARGIN_SEC) * 1000,
    frameBytesMax: session.frame_bytes_max_unauthenticated,
    frameBytesHardMax: session.frame_bytes_max,
    recvBufferBytes: quic.recv_buffer_bytes,
    sendBufferBytes: quic.send_buffer_bytes,
    onServing: (serving) => log.info({}, serving ? 'WebTransport is served' : 'WebTransport is not served'),
    onRefused: (reason) => metrics.refused.add(1, 'webtransport', reason),
  });
  return { listener, certificates, needed: quic.required || !config.websocket.enabled };
}

/** An address may come with all the connections that it may have, each second. */
function handshakesPerSecPerAddress({ limits }: Config): number {
  return limits.handshakes_per_sec_per_ip || limits.connections_per_ip;
}

/** `ok`, or what is wrong with it, in one line. */
export function webTransportState(parts: WebTransportParts): string {
  if ('absent' in parts) return `absent: ${parts.absent}`;
  return parts.listener.serving ? 'ok' : 'away: the port is not open';
}
