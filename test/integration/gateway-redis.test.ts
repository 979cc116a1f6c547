import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { RedisBackendPort } from '../../src/bridge/redis-backend-port.ts';
import { RedisStoreCommands } from '../../src/bridge/redis-commands.ts';
import {
  decodeUpstreamBatch,
  encodeChatResponse,
  encodeDownstreamBatch,
  type Upstream,
} from '../../src/protocol/envelopes.ts';
import { FLAG, ROUTE } from '../../src/protocol/header.ts';
import { forgetLeft } from '../support/forget-left.ts';
import { gameFrame, gamePayload } from '../support/frames.ts';
import { sampleOf } from '../support/prometheus-text.ts';
import { eventually } from '../support/recording-sink.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { type Served, startServed } from '../support/served.ts';

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function serveOn(settings: Record<string, string> = {}): Promise<Served> {
  const served = await startServed({
    'redis.addr': redis.addr,
    games: '[{"id":"chess"},{"id":"go"}]',
    ...settings,
  });
  closers.push(async () => {
    await served.close();
    await forgetLeft(redis.addr);
  });
  return served;
}

async function backendOf(topic: string, onMessage: (message: Uint8Array) => void): Promise<RedisBackendPort> {
  const backend = new RedisBackendPort({ addr: redis.addr });
  closers.push(() => backend.close());
  await backend.subscribe(topic, onMessage);
  return backend;
}

/** Somebody hears that channel. */
async function subscribed(channel: string): Promise<void> {
  const commands = new RedisStoreCommands({ addr: redis.addr }, []);
  closers.push(async () => commands.close());
  await commands.start();
  for (let count = 0; count === 0; ) {
    const reply = await commands.call('PUBSUB', 'NUMSUB', channel);
    count = Array.isArray(reply) ? Number(reply[1]) : 0;
  }
}

const chessFrame = (seq: number, flags = 0): Uint8Array =>
  gameFrame(seq, { flags, payload: gamePayload(seq, 7, 'chess') });

describe('the main job on Redis', () => {
  it('carries a frame to the backend of its game and the answer back, in envelopes', async () => {
    const served = await serveOn({ 'gateway.id': 'gw-a' });
    const wrong: Uint8Array[] = [];
    await backendOf('game:request:go', (message) => wrong.push(message));
    const backend = await backendOf('game:request:chess', (message) => {
      for (const { gatewayId, sessionId, seq, msgId, payload } of decodeUpstreamBatch(message) ?? []) {
        const answer = { targetSessionIds: [sessionId], route: ROUTE.game, msgId, seq, response: true };
        void backend.publish(
          `gateway:${gatewayId}`,
          encodeDownstreamBatch([{ message: { ...answer, payload } }]),
        );
      }
    });
    const client = await served.open();
    await client.hello();
    for (let seq = 1; seq <= 50; seq++) client.send(chessFrame(seq));
    const answer = await client.takeSeq(50);
    expect(answer).toMatchObject({ route: ROUTE.game, flags: FLAG.response, msgId: 1001 });
    expect([...answer.payload]).toEqual([...gamePayload(50, 7, 'chess')]);
    expect(client.inbox.map(({ seq }) => seq)).toEqual(Array.from({ length: 49 }, (_, index) => index + 1));
    expect(wrong).toEqual([]);
  });

  it('carries payloads as they are in format raw, both ways', async () => {
    const served = await serveOn({ 'bridge.upstream.format': 'raw', 'bridge.downstream.format': 'raw' });
    const heard: number[][] = [];
    const backend = await backendOf('game:request:chess', (message) => heard.push([...message]));
    const client = await served.open();
    for (const seq of [1, 2, 3]) client.send(chessFrame(seq));
    await eventually(() => heard.length === 3, 'three payloads');
    expect(heard).toEqual([1, 2, 3].map((seq) => [...gamePayload(seq, 7, 'chess')]));
    const message = encodeChatResponse('7', new Uint8Array([1, 2]));
    await backend.publish('broadcast', message);
    const frame = await client.take('the chat frame', ({ route }) => route === ROUTE.chat);
    expect([...frame.payload]).toEqual([...message]);
  });

  it('works on topic and channel names of the configuration', async () => {
    const served = await serveOn({
      'bridge.upstream.topic': 'in:{game_id}:x',
      'bridge.downstream.channel': 'out',
    });
    const backend = await backendOf('in:chess:x', () => {
      const message = {
        targetUserIds: ['7'],
        route: ROUTE.chat,
        msgId: 0,
        seq: 9,
        payload: new Uint8Array(0),
      };
      void backend.publish('out', encodeDownstreamBatch([{ message }]));
    });
    const client = await served.open();
    client.send(chessFrame(1));
    await client.takeSeq(9);
  });

  it('serves two gateways: each hears the broadcast, and only its own address', async () => {
    const [a, b] = [await serveOn({ 'gateway.id': 'gw-a' }), await serveOn({ 'gateway.id': 'gw-b' })];
    const heard: Upstream[] = [];
    const backend = await backendOf('game:request:chess', (message) => {
      heard.push(...(decodeUpstreamBatch(new Uint8Array(message)) ?? []));
    });
    const [first, second] = [await a.open(), await b.open()];
    for (const client of [first, second]) client.send(chessFrame(1));
    await eventually(() => heard.length === 2, 'a frame of each');
    expect(heard.map(({ gatewayId }) => gatewayId).sort()).toEqual(['gw-a', 'gw-b']);
    const push = (seq: number, target: { everyone?: boolean; targetSessionIds?: string[] }): Uint8Array =>
      encodeDownstreamBatch([
        { message: { route: ROUTE.chat, msgId: 0, seq, payload: new Uint8Array(0), ...target } },
      ]);
    await backend.publish('gateway:gw-a', push(31, { everyone: true }));
    await backend.publish('broadcast', push(32, { everyone: true }));
    const onB = heard.find(({ gatewayId }) => gatewayId === 'gw-b')?.sessionId ?? '';
    await backend.publish('broadcast', push(33, { targetSessionIds: [onB] }));
    await second.takeSeq(33);
    await first.takeSeq(32);
    expect(first.inbox.map(({ seq }) => seq)).toEqual([31]);
    expect(second.inbox.map(({ seq }) => seq)).toEqual([32]);
    await eventually(
      () => a.running.metrics.downstreamIgnored.total('unknown_session') === 1,
      'the other to ignore it',
    );
    expect(b.running.metrics.downstreamIgnored.total()).toBe(0);
  });

  it('runs the demo backend on Redis: echo of game frames, relay of chat', async () => {
    const served = await serveOn({ games: '[{"id":"demo","backend":"demo"}]' });
    const [client, other] = [await served.open(), await served.open()];
    await eventually(() => served.running.metrics.bridgeUp.total() === 1, 'the queue');
    await subscribed('game:request:demo');
    client.send(gameFrame(1, { payload: new Uint8Array([0x18, 5]) }));
    expect(await client.takeSeq(1)).toMatchObject({ route: ROUTE.game, flags: FLAG.response, msgId: 1001 });
    client.send(gameFrame(2, { route: ROUTE.chat, msgId: 2001, payload: new Uint8Array([0x18, 6]) }));
    for (const each of [client, other]) {
      const chat = await each.take('the chat', ({ route }) => route === ROUTE.chat);
      expect(chat).toMatchObject({ msgId: 2001, flags: 0 });
      expect([...chat.payload]).toEqual([0x18, 6]);
    }
  });
});

describe('numbers', () => {
  it('of /metrics and /stats agree with what happened', async () => {
    const served = await serveOn({ 'gateway.id': 'gw-n' });
    const backend = await backendOf('game:request:chess', () => {});
    const client = await served.open();
    await client.hello();
    for (let seq = 1; seq <= 20; seq++) client.send(chessFrame(seq, seq % 2 === 0 ? FLAG.ackRequested : 0));
    client.send(gameFrame(21, { payload: gamePayload(1, 7, 'nothing') }));
    expect(await client.takeError(21)).toMatchObject({ code: 'UNKNOWN_GAME' });
    await client.takeSeq(20);
    const message = {
      targetUserIds: ['7', '8'],
      route: ROUTE.chat,
      msgId: 0,
      seq: 40,
      payload: new Uint8Array(10),
    };
    await backend.publish('broadcast', encodeDownstreamBatch([{ message }]));
    await client.takeSeq(40);
    const page = await served.page();
    const transport = 'websocket';
    const expected: [string, Record<string, string>, number][] = [
      ['dualgate_connections', { transport }, 1],
      ['dualgate_connections_opened_total', { transport }, 1],
      ['dualgate_sessions', {}, 1],
      ['dualgate_frames_received_total', { transport, route: 'system' }, 1],
      ['dualgate_frames_received_total', { transport, route: 'game' }, 21],
      ['dualgate_frames_sent_total', { transport, route: 'system' }, 1],
      ['dualgate_frames_sent_total', { transport, route: 'game' }, 11],
      ['dualgate_frames_sent_total', { transport, route: 'chat' }, 1],
      ['dualgate_frame_errors_total', { transport, code: 'UNKNOWN_GAME' }, 1],
      ['dualgate_upstream_frames_total', { outcome: 'published' }, 20],
      ['dualgate_upstream_pending_frames', {}, 0],
      ['dualgate_upstream_pending_bytes', {}, 0],
      ['dualgate_frame_latency_seconds_count', {}, 20],
      ['dualgate_acks_sent_total', {}, 10],
      ['dualgate_downstream_messages_total', { kind: 'message' }, 1],
      ['dualgate_downstream_deliveries_total', {}, 1],
      ['dualgate_downstream_ignored_total', { reason: 'unknown_user' }, 1],
      ['dualgate_bridge_up', { kind: 'redis' }, 1],
    ];
    for (const [name, labels, value] of expected) {
      expect(sampleOf(page, name, labels), `${name} ${JSON.stringify(labels)}`).toBe(value);
    }
    expect((await served.json('/stats')).body).toMatchObject({
      gateway: { id: 'gw-n' },
      connections: { websocket: 1 },
      sessions: { total: 1, users: 1, groups: 0 },
      frames: { received: 22, sent: 13 },
      upstream: { pending_frames: 0, pending_bytes: 0, frames: { published: 20 } },
      downstream: { deliveries: 1, ignored: { unknown_user: 1 } },
      bridge: { kind: 'redis', up: true, subscribed: true },
    });
  });
});
