import { Metrics } from '../../src/observe/metrics.ts';
import { encodeUpstreamPrefix } from '../../src/protocol/upstream-writer.ts';
import {
  Dispatcher,
  type DispatcherOptions,
  type Refusal,
  type UpstreamOrigin,
} from '../../src/queue/dispatcher.ts';
import { TickFlusher } from '../../src/queue/tick-flusher.ts';
import type { UpstreamSource } from '../../src/queue/upstream-batch.ts';
import type { UpstreamTarget } from '../../src/queue/upstream-target.ts';
import { FakeBridge } from './fake-bridge.ts';

export type DispatcherSettings = Partial<Omit<DispatcherOptions, 'bridge' | 'flusher' | 'metrics'>>;

/** A dispatcher on a fake bridge. Frames go to game `demo` and carry their seq. */
export function setUpDispatcher(settings: DispatcherSettings = {}) {
  const bridge = new FakeBridge();
  const metrics = new Metrics();
  const bugs: unknown[] = [];
  const dispatcher = new Dispatcher({
    bridge,
    metrics,
    flusher: new TickFlusher((error) => bugs.push(error)),
    format: 'envelope',
    topic: 'game:request:{game_id}',
    framesMax: 1000,
    bytesMax: 1_000_000_000,
    batchSize: 100,
    batchTimeoutMs: 10,
    batchesInFlight: 10,
    retryDelayMs: 100,
    ...settings,
  });
  void bridge.start({
    onDownstream() {},
    onMissed() {},
    onStateChange: (up) => dispatcher.onBridgeState(up),
  });
  const heard: string[] = [];
  const source: UpstreamSource = {
    acknowledge: (seq, route, msgId) => heard.push(`ack ${seq} route ${route} msgId ${msgId}`),
    reject: (seq, route, msgId) => heard.push(`reject ${seq} route ${route} msgId ${msgId}`),
  };
  const prefix = encodeUpstreamPrefix({
    gatewayId: 'g1',
    sessionId: '42',
    userIdLow: 7,
    userIdHigh: 0,
    transport: 'memory',
  });
  const offerFor = (
    asked: UpstreamSource | undefined,
    target: UpstreamTarget,
    seq: number,
    more: { bytes?: Uint8Array; origin?: UpstreamOrigin } = {},
  ) =>
    dispatcher.offer(
      target,
      {
        prefix,
        seq,
        route: 2,
        msgId: 1001,
        receivedAtMs: 1_700_000_000_123,
        latest: false,
        payload: more.bytes ?? new Uint8Array([seq, 0, 0, 0]),
      },
      asked,
      more.origin,
    );
  const demo = dispatcher.target('demo');
  return {
    bridge,
    metrics,
    dispatcher,
    bugs,
    heard,
    prefixBytes: prefix.length,
    offer: (...seqs: number[]): (Refusal | undefined)[] => seqs.map((seq) => offerFor(undefined, demo, seq)),
    offerAsked: (...seqs: number[]): (Refusal | undefined)[] =>
      seqs.map((seq) => offerFor(source, demo, seq)),
    offerTo: (target: UpstreamTarget, seq: number, bytes?: Uint8Array) =>
      offerFor(undefined, target, seq, { bytes }),
    offerFrom: (origin: UpstreamOrigin, seq: number) => offerFor(undefined, demo, seq, { origin }),
  };
}
