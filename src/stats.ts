import type { Bridge } from './bridge/bridge.ts';
import type { Gateway } from './gateway.ts';
import { type WebTransportParts, webTransportState } from './listeners.ts';
import type { Distribution } from './observe/counters.ts';
import type { Metrics } from './observe/metrics.ts';
import type { ConnectionStats } from './transport.ts';

/** `/stats` asks no more connections than this for their round trip. */
const LINKS_SAMPLED = 200;

export interface StatsParts {
  readonly gateway: Gateway;
  readonly bridge: Bridge;
  readonly metrics: Metrics;
  readonly webTransport: WebTransportParts;
}

/** What `/stats` answers. */
export async function gatewayStats(parts: StatsParts): Promise<object> {
  const { gateway, bridge, metrics } = parts;
  const { hub, dispatcher } = gateway;
  return {
    gateway: { id: gateway.id, uptime_seconds: gateway.uptimeMs / 1000 },
    connections: totals(metrics.connections.entries(), 'transport'),
    links: await linkStats(gateway),
    sessions: {
      total: hub.size,
      users: hub.userCount,
      groups: hub.groupCount,
      lookups: lookupStats(metrics),
    },
    heartbeats: { rtt_seconds: percentiles(metrics.pingRtt) },
    frames: { received: metrics.framesReceived.total(), sent: metrics.framesSent.total() },
    upstream: {
      pending_frames: dispatcher.pendingFrames,
      pending_bytes: dispatcher.pendingBytes,
      frames: totals(metrics.upstreamFrames.entries(), 'outcome'),
      ingress: ingressStats(gateway, metrics),
      latency_seconds: percentiles(metrics.frameLatency),
    },
    downstream: {
      deliveries: metrics.downstreamDeliveries.total(),
      ignored: totals(metrics.downstreamIgnored.entries(), 'reason'),
    },
    bridge: { kind: bridge.kind, ...bridge.status() },
    webtransport: webTransportState(parts.webTransport),
  };
}

/** Of sessions on other gateways: from memory or from the store. */
function lookupStats({ sessionLookups }: Metrics): object {
  const [hit, miss] = [sessionLookups.total('hit'), sessionLookups.total('miss')];
  return { hit, miss, hit_ratio: hit + miss === 0 ? null : hit / (hit + miss) };
}

function ingressStats(gateway: Gateway, metrics: Metrics): object {
  const { queuedFrames, usageRatio, pausedConnections, pauses } = gateway.dispatcher.ingress;
  return {
    size: queuedFrames,
    usage_ratio: usageRatio,
    enqueued: totals(metrics.ingressEnqueued.entries(), 'lane'),
    dequeued: totals(metrics.ingressDequeued.entries(), 'lane'),
    duplicates: metrics.upstreamDuplicates.total(),
    rejected:
      metrics.upstreamFrames.total('refused_busy') + metrics.upstreamFrames.total('refused_unavailable'),
    paused_connections: pausedConnections,
    pauses,
    wait_seconds: percentiles(metrics.ingressWait),
  };
}

function percentiles(distribution: Distribution): object {
  return { p50: distribution.quantile(0.5) ?? null, p99: distribution.quantile(0.99) ?? null };
}

/** Round trip and loss by transport, as far as it measures them, over a sample of its connections. */
async function linkStats(gateway: Gateway): Promise<object> {
  const samples = new Map<string, ConnectionStats[]>();
  const asked = gateway.sampleConnections(LINKS_SAMPLED).map(async ({ info, stats }) => {
    const measured = await stats;
    if (measured !== undefined)
      samples.set(info.transport, [...(samples.get(info.transport) ?? []), measured]);
  });
  await Promise.all(asked);
  return Object.fromEntries([...samples].map(([transport, list]) => [transport, summary(list)]));
}

function summary(list: readonly ConnectionStats[]): object {
  const rtts = list.map(({ rttMs }) => rttMs).filter((rtt) => rtt !== undefined);
  return {
    sampled: list.length,
    rtt_seconds_mean: rtts.length === 0 ? null : sum(rtts) / rtts.length / 1000,
    datagrams_lost: sum(list.map(({ datagramsLost }) => datagramsLost ?? 0)),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function totals(
  entries: Iterable<{ labels: Record<string, string>; value: number }>,
  label: string,
): Record<string, number> {
  const result: Record<string, number> = {};
  for (const { labels, value } of entries) result[labels[label]] = (result[labels[label]] ?? 0) + value;
  return result;
}
