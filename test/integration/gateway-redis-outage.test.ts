import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RedisBackendPort } from '../../src/bridge/redis-backend-port.ts';
import { decodeUpstreamBatch } from '../../src/protocol/envelopes.ts';
import { FLAG } from '../../src/protocol/header.ts';
import { decodeError } from '../../src/protocol/system.ts';
import { WAIT_MS_MAX } from '../support/deadline.ts';
import { gameFrame, gamePayload } from '../support/frames.ts';
import { eventually } from '../support/recording-sink.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { type Served, startServed } from '../support/served.ts';
import type { TestClient } from '../support/test-client.ts';

let redis: RedisServer;
let served: Served | undefined;
let backend: RedisBackendPort;
let heard: number[];

beforeEach(async () => {
  redis = await startRedis();
  heard = [];
  backend = new RedisBackendPort({ addr: redis.addr });
});
afterEach(async () => {
  await served?.close();
  await backend.close();
  await redis.stop();
});

/** Resolves once the backend hears; comes back by itself after an outage, as Redis clients do. */
function listen(): Promise<void> {
  return backend.subscribe('game:request:chess', (message) => {
    for (const { seq } of decodeUpstreamBatch(new Uint8Array(message)) ?? []) heard.push(seq);
  });
}

function start(settings: Record<string, string> = {}): Promise<Served> {
  return startServed({ 'redis.addr': redis.addr, games: '[{"id":"chess"}]', ...settings });
}

function sendChess(client: TestClient, from: number, to: number, flags = 0): void {
  for (let seq = from; seq <= to; seq++)
    client.send(gameFrame(seq, { flags, payload: gamePayload(seq, 7, 'chess') }));
}

/** Empties the inbox: seqs that were refused, with their codes, and those that were acknowledged. */
function answersOf(client: TestClient): { refused: Map<number, string>; acked: Set<number> } {
  const refused = new Map<number, string>();
  const acked = new Set<number>();
  for (const { seq, flags, payload } of client.inbox.splice(0)) {
    if (flags & FLAG.error) refused.set(seq, decodeError(payload)?.code ?? 'none');
    else if (flags & FLAG.ack) acked.add(seq);
  }
  return { refused, acked };
}

/** The subscribing connection comes back on its own, and /ready waits for both. */
async function untilReady({ json }: Served): Promise<void> {
  const endMs = performance.now() + WAIT_MS_MAX;
  while ((await json('/ready')).status !== 200) expect(performance.now()).toBeLessThan(endMs);
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('Redis away at the start', () => {
  it('the gateway serves, refuses only beyond its spool, and delivers in order what it took', async () => {
    await redis.kill();
    served = await start({ 'queue.size_max': '60', 'queue.batch_size': '7' });
    expect((await served.json('/ready')).status).toBe(503);
    expect((await served.json('/health')).status).toBe(200);
    const client = await served.open();
    sendChess(client, 1, 100);
    await client.fence();
    const { refused } = answersOf(client);
    expect([...refused.keys()]).toEqual(range(61, 100));
    expect(new Set(refused.values())).toEqual(new Set(['UNAVAILABLE']));
    const { metrics } = served.running;
    expect(metrics.upstreamFrames.total('refused_unavailable')).toBe(40);
    expect((await served.json('/stats')).body).toMatchObject({
      upstream: { pending_frames: 60 },
      bridge: { up: false, subscribed: false },
    });
    const listening = listen();
    await redis.restart();
    await listening;
    await eventually(() => heard.length >= 60, 'the spool at the backend');
    expect(heard).toEqual(range(1, 60));
    // The backend may hear a frame before the gateway is told that Redis has it.
    await eventually(() => metrics.upstreamFrames.total('published') === 60, 'word of the last frame');
    expect(served.running.gateway.dispatcher.pendingFrames).toBe(0);
    await untilReady(served);
    expect(metrics.bridgeUp.total()).toBe(1);
  });
});

describe('Redis killed in between', () => {
  it('loses no accepted frame, says so to who asked, and /ready follows', async () => {
    served = await start();
    await listen();
    const client = await served.open();
    sendChess(client, 1, 200, FLAG.ackRequested);
    await eventually(() => heard.length === 200, 'the first frames');
    expect((await served.json('/ready')).status).toBe(200);
    sendChess(client, 201, 300, FLAG.ackRequested);
    await redis.kill();
    await eventually(() => served?.running.metrics.bridgeUp.total() === 0, 'the loss to be seen');
    expect((await served.json('/ready')).status).toBe(503);
    sendChess(client, 301, 400, FLAG.ackRequested);
    await client.fence();
    expect(answersOf(client).refused.size).toBe(0);
    await redis.restart();
    await eventually(() => new Set(heard).size === 400, 'all frames at the backend');
    // What was in flight at the kill may come twice; nothing overtakes.
    const firsts = heard.filter((seq, index) => heard.indexOf(seq) === index);
    expect(firsts).toEqual(range(1, 400));
    sendChess(client, 401, 401, FLAG.ackRequested);
    await client.takeSeq(401);
    const { metrics, gateway } = served.running;
    expect(metrics.upstreamFrames.total('published')).toBe(401);
    expect(metrics.upstreamFrames.total('given_up')).toBe(0);
    expect(metrics.acksSent.total()).toBe(401);
    expect([gateway.dispatcher.pendingFrames, gateway.dispatcher.pendingBytes]).toEqual([0, 0]);
    await untilReady(served);
    expect(metrics.bridgeUp.total()).toBe(1);
  });

  it('ends within some seconds though the spool is not empty, and counts what is lost', async () => {
    served = await start();
    const client = await served.open();
    await client.fence();
    await redis.kill();
    await eventually(() => served?.running.metrics.bridgeUp.total() === 0, 'the loss to be seen');
    sendChess(client, 1, 10);
    await client.fence();
    const startedMs = performance.now();
    await served.close();
    expect(performance.now() - startedMs).toBeLessThan(10_000);
    expect((await client.closed).code).toBe(4000);
    expect(served.running.metrics.upstreamFrames.total('given_up')).toBe(10);
  });
});
