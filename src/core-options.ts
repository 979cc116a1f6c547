import { randomInt } from 'node:crypto';
import type { Config } from './config/schema.ts';
import type { Metrics } from './observe/metrics.ts';
import { NO_PLACE, type PushPlace } from './queue/push-place.ts';
import type { SendQueueShared } from './queue/send-queue.ts';
import type { TickFlusher } from './queue/tick-flusher.ts';
import { MACHINE_ID_MAX } from './session/ids/snowflake.ts';
import type { RateLimits } from './session/session-rates.ts';

/** Refused frames that are forgiven each second, of `rate_strikes`. */
const STRIKES_FORGIVEN = 0.1;

export function rateLimits(config: Config): RateLimits {
  const { limits } = config;
  const beforeLogin = limits.frames_per_sec_unauthenticated;
  return {
    frames: { perSec: limits.frames_per_sec, burst: limits.frames_burst },
    bytes: { perSec: limits.bytes_per_sec, burst: limits.bytes_burst },
    userFrames: { perSec: limits.user_frames_per_sec, burst: limits.user_frames_per_sec * 2 },
    unauthenticatedFrames: { perSec: beforeLogin, burst: beforeLogin * 2 },
    strikes: { perSec: limits.rate_strikes * STRIKES_FORGIVEN, burst: limits.rate_strikes },
  };
}

/** Of the dispatcher, as configured. */
export function queueOptions({ queue, bridge }: Config) {
  return {
    format: bridge.upstream.format,
    topic: bridge.upstream.topic,
    framesMax: queue.size_max,
    bytesMax: queue.bytes_max,
    batchSize: queue.batch_size,
    batchTimeoutMs: queue.batch_timeout_ms,
    batchesInFlight: queue.batches_in_flight,
    retryDelayMs: queue.retry_delay_ms,
  };
}

/** What of a gateway its send queues use. */
export interface SendQueueParts {
  readonly metrics: Metrics;
  readonly flusher: TickFlusher;
  /** Undefined: nobody counts. */
  readonly pushes: PushPlace | undefined;
}

export function sendQueueOptions(
  config: Config,
  { metrics, flusher, pushes }: SendQueueParts,
): SendQueueShared {
  const { session } = config;
  const promoted = metrics.datagramsPromoted.cell();
  return {
    framesMax: session.send_queue_frames_max,
    bytesMax: session.send_queue_bytes_max,
    slowGraceMs: session.slow_grace_ms,
    replay: {
      framesMax: session.resume_frames_max,
      bytesMax: session.resume_bytes_max,
      ageMaxSec: session.resume_log_sec,
    },
    flusher,
    pushes: pushes ?? NO_PLACE,
    wait: metrics.sendQueueWait,
    nowSec: () => Math.floor(performance.now() / 1000),
    onDropped: (reason, frames) => metrics.framesDropped.add(frames, 'downstream', reason),
    onPromoted: () => {
      promoted.value++;
    },
  };
}

/** As configured, or a random one. */
export function machineIdOf(config: Config): number {
  const { machine_id: machineId } = config.gateway;
  return machineId >= 0 ? machineId : randomInt(MACHINE_ID_MAX + 1);
}
