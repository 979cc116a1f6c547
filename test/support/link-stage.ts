import { silentLog } from '../../src/observe/log.ts';
import { Metrics } from '../../src/observe/metrics.ts';
import { NO_PLACE } from '../../src/queue/push-place.ts';
import { TickFlusher } from '../../src/queue/tick-flusher.ts';
import type { Link } from '../../src/router/link.ts';
import { Links } from '../../src/router/links.ts';
import { Hub } from '../../src/session/hub.ts';
import { SnowflakeGenerator } from '../../src/session/ids/snowflake.ts';
import { SessionLifecycle } from '../../src/session/lifecycle.ts';
import { GatedConnection } from './gated-connection.ts';

export const HEARTBEAT = { intervalMs: 30_000, timeoutMs: 60_000, checkMs: 10_000 } as const;

/** Links with the heartbeats of the defaults and a session core of their own, on whatever clock there is. */
export function stageLinks(requiresHello = false) {
  const hub = new Hub();
  const metrics = new Metrics();
  const ids = new SnowflakeGenerator(1);
  const lifecycle = new SessionLifecycle({
    ...{ gatewayId: 'g1', hub, metrics, log: silentLog, resumeWindowMs: 0, devices: undefined },
    nextId: () => ids.next(),
    queues: {
      ...{ framesMax: 1024, bytesMax: 1_048_576, slowGraceMs: 5000 },
      replay: { framesMax: 16, bytesMax: 65_536, ageMaxSec: 120 },
      ...{
        flusher: new TickFlusher(() => {}),
        pushes: NO_PLACE,
        wait: metrics.sendQueueWait,
        nowSec: () => 0,
      },
      onDropped() {},
      onPromoted() {},
    },
  });
  const links = new Links({
    ...{ lifecycle, metrics, heartbeat: HEARTBEAT, checkIntervalMs: HEARTBEAT.checkMs },
    ...{ frameBytesMax: 65_536, frameBytesMaxBound: 1_048_576, requiresHello, helloTimeoutMs: 8_000 },
    receive() {},
    receiveText() {},
    onClosed() {},
  });
  const accept = (): { link: Link; connection: GatedConnection } => {
    const connection = new GatedConnection();
    return { link: links.accept(connection), connection };
  };
  return { links, lifecycle, hub, accept };
}
