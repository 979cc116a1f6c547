import type { Readiness } from './admin/admin-server.ts';
import type { Bridge, BridgeStatus } from './bridge/bridge.ts';
import type { Gateway } from './gateway.ts';
import { type WebTransportParts, webTransportState } from './listeners.ts';
import type { Metrics } from './observe/metrics.ts';

export interface ReadinessParts {
  readonly gateway: Gateway;
  readonly bridge: Bridge;
  readonly webTransport: WebTransportParts;
  /** Of the sessions' own connections to Redis; undefined: they need none. */
  readonly store: (() => BridgeStatus) | undefined;
}

interface Check {
  /** False: the gateway is not ready. */
  readonly well: boolean;
  /** `ok`, or what is wrong, in one line. */
  readonly text: string;
}

/**
 * Ready: the gateway accepts, has ids for new sessions, what it accepts gets through the message queue in both directions,
 * and it shares its sessions with the gateways that it is to share them with.
 */
export function readiness(parts: ReadinessParts): Readiness {
  const checks = Object.entries(checksOf(parts));
  return {
    ready: checks.every(([, { well }]) => well),
    checks: Object.fromEntries(checks.map(([name, { text }]) => [name, text])),
  };
}

/** The same as gauges, for a metrics page about to be shown. */
export function refreshReadiness(parts: ReadinessParts, { readyChecks }: Metrics): void {
  for (const [name, { well }] of Object.entries(checksOf(parts))) {
    readyChecks.cell(name).value = well ? 1 : 0;
  }
}

function checksOf({ gateway, bridge, webTransport, store }: ReadinessParts): Record<string, Check> {
  const queue = bridge.status();
  return {
    gateway: check(gateway.closing ? 'closing' : undefined),
    bridge_publish: check(queue.up ? undefined : queue.detail),
    bridge_subscribe: check(queue.subscribed ? undefined : queue.detail),
    session_ids: check(gateway.idFault),
    ...(store === undefined ? {} : storeChecks(store())),
    webtransport: { well: !lacksWebTransport(webTransport), text: webTransportState(webTransport) },
  };
}

function storeChecks({ up, subscribed, detail }: BridgeStatus): Record<string, Check> {
  return {
    session_store: check(up ? undefined : detail),
    session_subscribe: check(subscribed ? undefined : detail),
  };
}

function check(fault: string | undefined): Check {
  return { well: fault === undefined, text: fault ?? 'ok' };
}

/** Of a gateway that was to serve it and may not do without. */
function lacksWebTransport(parts: WebTransportParts): boolean {
  return 'listener' in parts && parts.needed && !parts.listener.serving;
}
