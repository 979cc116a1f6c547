import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AckKeys, BatchIdentity } from '../../src/bridge/bridge.ts';
import { RedisStreamsBridge } from '../../src/bridge/redis-streams-bridge.ts';
import { decodeUpstreamBatch } from '../../src/protocol/envelopes.ts';
import { encodeUpstreamPrefix, UpstreamBatchWriter } from '../../src/protocol/upstream-writer.ts';
import { eventually, RecordingSink } from '../support/recording-sink.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';

let server: RedisServer;
let redis: Redis;
const cleanUp: (() => Promise<void>)[] = [];

beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(server.port, '127.0.0.1');
});
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

async function start(
  options: { addr?: string; format?: 'raw'; maxlen?: number; dedupWindowSec?: number } = {},
) {
  const topic = `game:request:${randomUUID()}`;
  const channels = { broadcast: `broadcast-${randomUUID()}`, addressed: `gateway:${randomUUID()}` };
  const bridge = new RedisStreamsBridge({ addr: server.addr, channels, ...options });
  cleanUp.push(() => bridge.close());
  const sink = new RecordingSink();
  await bridge.start(sink);
  await sink.state(true);
  const publish = (messages: Uint8Array[], identity?: BatchIdentity, to = topic) =>
    new Promise<string>((resolve) => {
      bridge.publish(to, messages, (error) => resolve(error?.message ?? 'ok'), identity);
    });
  return { bridge, sink, topic, channels, publish };
}

function batch(...seqs: number[]): Uint8Array {
  const writer = new UpstreamBatchWriter('demo');
  const prefix = encodeUpstreamPrefix({
    gatewayId: 'g1',
    sessionId: '42',
    userIdLow: 0,
    userIdHigh: 0,
    transport: 'memory',
  });
  for (const seq of seqs) {
    const payload = new Uint8Array(seq * 40).fill(seq);
    writer.append({ prefix, seq, route: 2, msgId: 1, receivedAtMs: 5, latest: false, payload });
  }
  return writer.finish();
}

/** Frames `seqs` of session 42, each at its place in the batch. */
function acksOf(...seqs: (number | undefined)[]): AckKeys {
  const places = seqs.flatMap((seq, position) => (seq === undefined ? [] : [{ seq, position }]));
  return {
    length: places.length,
    position: (index) => places[index].position,
    key: (index) => `42:${places[index].seq}`,
  };
}

async function seqsIn(topic: string): Promise<number[]> {
  const entries = await redis.xrangeBuffer(topic, '-', '+');
  return entries.flatMap(([, fields]) => (decodeUpstreamBatch(fields[1]) ?? []).map(({ seq }) => seq));
}

const identity = (number: number, oldest: number, acks?: AckKeys): BatchIdentity => ({
  number,
  oldest,
  acks,
});

describe('RedisStreamsBridge', () => {
  it('takes a batch once only, and refuses what would leave a gap', async () => {
    const { publish, topic } = await start();
    expect(await publish([batch(1)], identity(0, 0))).toBe('ok');
    expect(await publish([batch(1)], identity(0, 0))).toBe('ok');
    expect(await publish([batch(3)], identity(2, 1))).toContain('GAP');
    expect(await publish([batch(2)], identity(1, 1))).toBe('ok');
    expect(await publish([batch(3)], identity(2, 1))).toBe('ok');
    expect(await publish([batch(9)], identity(7, 7))).toBe('ok');
    expect(await seqsIn(topic)).toEqual([1, 2, 3, 9]);
  });

  it('goes on where Redis has forgotten its number', async () => {
    const { publish, topic } = await start();
    expect(await publish([batch(1)], identity(41, 41))).toBe('ok');
    expect(await publish([batch(2)], identity(42, 41))).toBe('ok');
    expect(await seqsIn(topic)).toEqual([1, 2]);
  });

  it('cuts out frames that another gateway has brought, and keeps the rest whole', async () => {
    const first = await start();
    const second = await start();
    expect(await first.publish([batch(1, 2, 3)], identity(0, 0, acksOf(1, undefined, 3)))).toBe('ok');
    const again = batch(3, 2, 4, 1, 5);
    const acks = acksOf(3, undefined, 4, 1, 5);
    expect(await second.publish([again], identity(0, 0, acks), first.topic)).toBe('ok');
    expect(await second.publish([batch(1)], identity(1, 1, acksOf(1)), first.topic)).toBe('ok');
    expect(await seqsIn(first.topic)).toEqual([1, 2, 3, 2, 4, 5]);
    const entries = await redis.xrangeBuffer(first.topic, '-', '+');
    expect(entries).toHaveLength(2);
    const kept = decodeUpstreamBatch(entries[1][1][1]) ?? [];
    expect(kept.map(({ payload }) => payload.length)).toEqual([80, 160, 200]);
  });

  it('cuts out whole messages in format raw', async () => {
    const { publish, topic } = await start({ format: 'raw' });
    const [one, two] = [Uint8Array.of(1), Uint8Array.of(2)];
    expect(await publish([one], identity(0, 0, acksOf(1)))).toBe('ok');
    expect(await publish([one, two], identity(1, 1, acksOf(1, 2)))).toBe('ok');
    const entries = await redis.xrangeBuffer(topic, '-', '+');
    expect(entries.map(([, fields]) => [...fields[1]])).toEqual([[1], [2]]);
  });

  it('knows 5,000 frames of one batch', async () => {
    const { publish, topic } = await start();
    const seqs = Array.from({ length: 5000 }, (_value, index) => index % 3);
    const keys: AckKeys = { length: 5000, position: (index) => index, key: (index) => `42:${index}` };
    expect(await publish([batch(...seqs)], identity(0, 0, keys))).toBe('ok');
    expect(await publish([batch(...seqs)], identity(1, 1, keys))).toBe('ok');
    expect(await seqsIn(topic)).toHaveLength(5000);
  });

  it('holds its streams to about maxlen, and lets what it remembers expire', async () => {
    const { publish, topic } = await start({ maxlen: 100 });
    for (let number = 0; number < 1000; number++) {
      await publish([batch(1)], identity(number, number, acksOf(number)));
    }
    expect(await redis.xlen(topic)).toBeLessThan(400);
    const keys = await redis.keys(`{${topic}}:*`);
    expect(keys.length).toBeGreaterThanOrEqual(2);
    for (const key of keys) expect(await redis.ttl(key)).toBeGreaterThan(0);
  });

  it('loads its script again where Redis has lost it', async () => {
    const { publish, bridge, topic } = await start();
    await publish([batch(1)], identity(0, 0));
    await redis.script('FLUSH');
    expect(await publish([batch(2)], identity(1, 1))).not.toBe('ok');
    await eventually(() => bridge.up, 'the bridge');
    expect(await publish([batch(2)], identity(1, 1))).toBe('ok');
    expect(await seqsIn(topic)).toEqual([1, 2]);
  });

  it('is away while Redis refuses to write, and back afterwards', async () => {
    const { publish, bridge, sink } = await start();
    await redis.config('SET', 'maxmemory', '1');
    expect(await publish([batch(1)], identity(0, 0))).toContain('OOM');
    await sink.state(false);
    await redis.config('SET', 'maxmemory', '0');
    await eventually(() => bridge.up, 'the bridge');
    expect(await publish([batch(1)], identity(0, 0))).toBe('ok');
  });

  it('does not double what was written on a connection that was lost before the answer', async () => {
    const proxy = await startTcpProxy(server.port);
    cleanUp.push(() => proxy.close());
    const { publish, bridge, topic } = await start({ addr: proxy.addr });
    proxy.swallowFromServer('script');
    const answers = [batch(1), batch(2)].map((message, index) => publish([message], identity(index, 0)));
    await eventually(() => proxy.bytesFromClients > 0, 'the write');
    let seqs: number[] = [];
    while (seqs.length < 2) seqs = await seqsIn(topic);
    proxy.dropConnections();
    for (const answer of await Promise.all(answers)) expect(answer).not.toBe('ok');
    await eventually(() => bridge.up, 'the bridge');
    expect(await publish([batch(1)], identity(0, 0))).toBe('ok');
    expect(await publish([batch(2)], identity(1, 0))).toBe('ok');
    expect(await seqsIn(topic)).toEqual([1, 2]);
  });

  it('hears afterwards what was pushed while its connection was lost', async () => {
    const proxy = await startTcpProxy(server.port);
    cleanUp.push(() => proxy.close());
    const { sink, channels, bridge } = await start({ addr: proxy.addr });
    await redis.xadd(channels.broadcast, '*', 'd', 'before');
    await sink.receive(1);
    proxy.dropConnections();
    for (const text of ['one', 'two']) await redis.xadd(channels.broadcast, '*', 'd', text);
    await redis.xadd(channels.addressed, '*', 'd', 'three');
    const heard = (await sink.receive(4)).map((message) => Buffer.from(message).toString());
    expect(heard.slice(0, 1)).toEqual(['before']);
    expect(heard.slice(1).sort()).toEqual(['one', 'three', 'two']);
    expect(sink.missed).toBe(0);
    await eventually(() => bridge.status().subscribed, 'both streams');
  });

  it('says so where entries were trimmed that it has not read', async () => {
    const proxy = await startTcpProxy(server.port);
    cleanUp.push(() => proxy.close());
    const { sink, channels } = await start({ addr: proxy.addr });
    await redis.xadd(channels.broadcast, '*', 'd', 'before');
    await sink.receive(1);
    // Else it may be back between the two, and read what is about to be trimmed.
    proxy.refuse();
    await redis.xadd(channels.broadcast, '*', 'd', 'trimmed');
    await redis.xadd(channels.broadcast, 'MAXLEN', 1, '*', 'd', 'after');
    proxy.accept();
    const heard = (await sink.receive(2)).map((message) => Buffer.from(message).toString());
    expect([heard, sink.missed]).toEqual([['before', 'after'], 1]);
  });

  it('hears of the past where it is told to, as such', async () => {
    const broadcast = `broadcast-${randomUUID()}`;
    await redis.xadd(broadcast, '1000-0', 'd', 'old');
    await redis.xadd(broadcast, '5000-0', 'd', 'oldest that counts');
    await redis.xadd(broadcast, '9000-0', 'd', 'newest');
    const channels = { broadcast, addressed: `gateway:${randomUUID()}` };
    const bridge = new RedisStreamsBridge({ addr: server.addr, channels, pastMs: 5000 });
    cleanUp.push(() => bridge.close());
    const sink = new RecordingSink();
    await bridge.start(sink);
    await redis.xadd(broadcast, '*', 'd', 'now');
    const heard = (await sink.receive(3)).map((message) => Buffer.from(message).toString());
    expect(heard).toEqual(['oldest that counts', 'newest', 'now']);
    expect(sink.sources).toEqual(['past', 'past', 'broadcast']);
  });

  it('does not hear what was pushed before it was there', async () => {
    const { channels } = await start();
    await redis.xadd(channels.broadcast, '*', 'd', 'old');
    const late = new RedisStreamsBridge({
      addr: server.addr,
      channels: { broadcast: channels.broadcast, addressed: `gateway:${randomUUID()}` },
    });
    cleanUp.push(() => late.close());
    const sink = new RecordingSink();
    await late.start(sink);
    await redis.xadd(channels.broadcast, '*', 'd', 'new');
    expect((await sink.receive(1)).map((message) => Buffer.from(message).toString())).toEqual(['new']);
  });
});
