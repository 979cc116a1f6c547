import { Metrics } from '../../../src/observe/metrics.ts';
import { encodeFrame, ROUTE } from '../../../src/protocol/header.ts';
import { IngressLanes, type QueuedFrame } from '../../../src/queue/ingress-lanes.ts';
import { LANE, type Lane } from '../../../src/queue/lane.ts';
import { NO_PLACE } from '../../../src/queue/push-place.ts';
import { SendQueue, type SendQueueShared } from '../../../src/queue/send-queue.ts';
import { SeqWindow } from '../../../src/queue/seq-window.ts';
import { TickFlusher } from '../../../src/queue/tick-flusher.ts';
import type { Group, Row, Sample } from '../bench.ts';
import { nullConnection } from '../null-connection.ts';

const OPERATIONS = 10_000;
const LANES: readonly Lane[] = [LANE.critical, LANE.high, LANE.normal, LANE.low];
const EMPTY = new Uint8Array(0);

/** Runs `work`, which does `OPERATIONS`, for about `ms` in this process. */
function row(name: string, title: string, prepare: () => () => void): Row {
  return {
    name,
    title,
    start: async () => {
      const work = prepare();
      return {
        measure: async (ms: number): Promise<Sample> => {
          const startedAtMs = performance.now();
          let operations = 0;
          while (performance.now() - startedAtMs < ms) {
            work();
            operations += OPERATIONS;
          }
          return { perSec: (operations / (performance.now() - startedAtMs)) * 1000 };
        },
        close: async () => {},
      };
    },
  };
}

function ingressLanes(): () => void {
  const rest = { prefix: EMPTY, payload: EMPTY, seq: 1, route: 2, msgId: 1, receivedAtMs: 0, latest: false };
  const account = { source: undefined, feed: undefined, costBytes: 0, sinceMs: 0 };
  const frames: QueuedFrame[] = LANES.map((lane) => ({ ...rest, ...account, lane }));
  const lanes = new IngressLanes();
  return () => {
    for (let index = 0; index < OPERATIONS; index++) lanes.push(frames[index & 3]);
    for (let index = 0; index < OPERATIONS; index++) lanes.shift();
  };
}

function seqWindow(): () => void {
  const window = new SeqWindow(60);
  let seq = 0;
  return () => {
    for (let index = 0; index < OPERATIONS; index++) {
      seq = (seq + 1) >>> 0;
      window.enter(seq, seq / 10);
      window.acknowledge(seq);
    }
  };
}

function sendQueue(takes: boolean): () => void {
  const metrics = new Metrics();
  const shared: SendQueueShared = {
    framesMax: OPERATIONS,
    bytesMax: Number.MAX_SAFE_INTEGER,
    slowGraceMs: 60_000,
    replay: { framesMax: 1024, bytesMax: 1_048_576, ageMaxSec: 30 },
    flusher: new TickFlusher(() => {}),
    pushes: NO_PLACE,
    wait: metrics.sendQueueWait,
    nowSec: () => 0,
    onDropped() {},
    onPromoted() {},
  };
  const queue = new SendQueue(shared, () => {});
  queue.attach(nullConnection(takes), metrics.forTransport('null'));
  const frame = encodeFrame({ seq: 1, route: ROUTE.game, flags: 0, msgId: 1 }, new Uint8Array(64));
  return () => {
    for (let index = 0; index < OPERATIONS; index++) queue.push(frame, LANES[index & 3]);
    while (queue.pendingFrames > 0) queue.onDrain();
  };
}

/** Queues by themselves, in this process: a push and a pop are one operation. */
export const queues: Group = {
  name: 'queues',
  title: 'Queues: frames in and out per second, one core',
  rows: [
    row('queue-ingress', 'ingress lanes, weighted', ingressLanes),
    row('queue-dedup', 'dedup window, a new seq and its ack', seqWindow),
    row('queue-send-direct', 'send queue, connection takes all', () => sendQueue(true)),
    row('queue-send-lanes', 'send queue, through the lanes', () => sendQueue(false)),
  ],
  metrics: [{ name: 'perSec', unit: 'frames/s', digits: 0 }],
  comparisons: [],
};
