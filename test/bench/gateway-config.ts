import type { BenchContext } from './bench.ts';
import type { WebTransportContext } from './webtransport-context.ts';

/** Configuration of the gateway for a row: limits that a load test from one address would meet are out of the way. */
export function gatewayConfig<B extends object>(bridge: B) {
  return {
    gateway: { id: 'bench' },
    session: { heartbeat_interval_sec: 3600, heartbeat_ttl_sec: 7200, check_interval_sec: 600 },
    websocket: { host: '127.0.0.1', port: 0, max_connections: 50_000 },
    quic: { enabled: false },
    metrics: { enabled: false },
    web: { enabled: false },
    limits: {
      frames_per_sec: 1_000_000_000,
      frames_burst: 1_000_000_000,
      connections_per_ip: 50_000,
      handshakes_per_sec: 1_000_000,
      handshakes_per_sec_per_ip: 1_000_000,
    },
    ...bridge,
  };
}

/** Has WebTransport on beside WebSocket; the port that the server reports is then the UDP one. */
export function webTransportConfig({ certFile, keyFile }: WebTransportContext): object {
  const quic = { enabled: true, required: true, host: '127.0.0.1', port: 0, cert: certFile, key: keyFile };
  return gatewayConfig({ ...memoryBridge(), quic });
}

export function memoryBridge(): object {
  return { bridge: { kind: 'memory' } };
}

export function redisBridge(context: BenchContext) {
  return { bridge: { kind: 'redis' }, redis: { addr: context.redisAddr } };
}
