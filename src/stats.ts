import type { Readiness } from './admin/admin-server.ts';
import type { Bridge } from './bridge/bridge.ts';
import type { Gateway } from './gateway.ts';
import type { Metrics } from './observe/metrics.ts';

/** What `/stats` answers. */
export function gatewayStats(gateway: Gateway, parts: { bridge: Bridge; metrics: Metrics }): object {
  const { bridge, metrics } = parts;
  const { hub, dispatcher } = gateway;
  return {
    gateway: { id: gateway.id, uptime_seconds: gateway.uptimeMs / 1000 },
    connections: totals(metrics.connections.entries(), 'transport'),
    sessions: { total: hub.size, users: hub.userCount, groups: hub.groupCount },
    frames: { received: metrics.framesReceived.total(), sent: metrics.framesSent.total() },
    upstream: {
      pending_frames: dispatcher.pendingFrames,
      pending_bytes: dispatcher.pendingBytes,
      frames: totals(metrics.upstreamFrames.entries(), 'outcome'),
      latency_seconds: { p50: metrics.frameLatency.quantile(0.5), p99: metrics.frameLatency.quantile(0.99) },
    },
    downstream: {
      deliveries: metrics.downstreamDeliveries.total(),
      ignored: totals(metrics.downstreamIgnored.entries(), 'reason'),
    },
    bridge: { kind: bridge.kind, ...bridge.status() },
  };
}

/** Ready: the gateway accepts, and what it accepts gets through the message queue in both directions. */
export function readiness(gateway: Gateway, bridge: Bridge): Readiness {
  const { up, subscribed, detail } = bridge.status();
  const checks = {
    gateway: gateway.closing ? 'closing' : 'ok',
    bridge_publish: up ? 'ok' : detail,
    bridge_subscribe: subscribed ? 'ok' : detail,
  };
  return { ready: !gateway.closing && up && subscribed, checks };
}

function totals(
  entries: Iterable<{ labels: Record<string, string>; value: number }>,
  label: string,
): Record<string, number> {
  const result: Record<string, number> = {};
  for (const { labels, value } of entries) result[labels[label]] = (result[labels[label]] ?? 0) + value;
  return result;
}
