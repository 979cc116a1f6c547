import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeBatch, forEachFrame } from '../../src/protocol/batch.ts';
import { encodeFrame, FLAG, ROUTE, readSeq } from '../../src/protocol/header.ts';
import {
  decodePong,
  decodeStatus,
  encodePing,
  encodeStatusQuery,
  SYSTEM,
} from '../../src/protocol/system.ts';
import { gameFrame, gamePayload } from '../support/frames.ts';
import { eventually } from '../support/recording-sink.ts';
import type { TestClient } from '../support/test-client.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

const openers: { name: string; open: (test: TestGateway) => Promise<TestClient> }[] = [
  { name: 'memory', open: async (test) => test.openMemory() },
  { name: 'websocket', open: (test) => test.openWebSocket() },
];

describe.each(openers)('a client on $name', ({ name, open }) => {
  let test: TestGateway;
  let client: TestClient;
  beforeEach(async () => {
    test = await startTestGateway();
    client = await open(test);
  });
  afterEach(() => test.close());

  it('is welcomed, with the limits that hold', async () => {
    const welcome = await client.hello();
    expect(welcome).toMatchObject({
      gatewayId: 'g1',
      epoch: 1,
      recovered: false,
      userId: '0',
      heartbeatIntervalMs: 30_000,
      frameBytesMax: 65_536,
    });
    expect(test.gateway.hub.session(welcome.sessionId)?.id).toBe(welcome.sessionId);
    expect(Math.abs(welcome.serverTimeMs - Date.now())).toBeLessThan(60_000);
  });

  it('gets its heartbeat back as it is', async () => {
    const payload = new Uint8Array([1, 2, 3, 250]);
    client.send(encodeFrame({ seq: 5, route: ROUTE.system, flags: 0, msgId: SYSTEM.heartbeat }, payload));
    const echo = await client.takeSeq(5);
    expect(echo).toMatchObject({ route: ROUTE.system, flags: 0, msgId: SYSTEM.heartbeat });
    expect([...echo.payload]).toEqual([...payload]);
  });

  it('gets a Pong with its own time and the count of frames taken', async () => {
    client.send(gameFrame(1));
    client.send(encodePing({ sentAtMs: 1_700_000_000_123, received: 9 }, 6));
    const pong = decodePong((await client.takeSeq(6)).payload);
    expect(pong).toMatchObject({ sentAtMs: 1_700_000_000_123, received: 1 });
  });

  it('gets a Status', async () => {
    client.send(encodeStatusQuery(7));
    const status = decodeStatus((await client.takeSeq(7)).payload);
    expect(status).toMatchObject({ gatewayId: 'g1', connections: 1, load: 0 });
  });

  it('reaches the backend of its game, and the answer reaches it', async () => {
    const { sessionId } = await client.hello();
    client.send(gameFrame(10));
    const [upstream] = await test.backend.frames(1);
    expect(upstream).toMatchObject({
      gatewayId: 'g1',
      sessionId,
      userId: '7',
      transport: name,
      seq: 10,
      route: ROUTE.game,
      msgId: 1001,
      gameId: 'demo',
      latest: false,
    });
    expect([...upstream.payload]).toEqual([...gamePayload(10)]);
    const payload = new Uint8Array([9, 9]);
    await test.backend.push({
      message: {
        targetSessionIds: [sessionId],
        route: ROUTE.game,
        msgId: 1001,
        seq: 10,
        response: true,
        payload,
      },
    });
    const answer = await client.takeSeq(10);
    expect(answer).toMatchObject({ route: ROUTE.game, flags: FLAG.response, msgId: 1001 });
    expect([...answer.payload]).toEqual([9, 9]);
  });

  it('keeps the order of its frames, and of the pushes to it', async () => {
    const { sessionId } = await client.hello();
    for (let seq = 1; seq <= 300; seq++) client.send(gameFrame(seq));
    const received = await test.backend.frames(300);
    const expected = Array.from({ length: 300 }, (_, index) => index + 1);
    expect(received.map(({ seq }) => seq)).toEqual(expected);
    for (const seq of expected) {
      void test.backend.push({
        message: {
          targetSessionIds: [sessionId],
          route: ROUTE.game,
          msgId: 0,
          seq,
          payload: new Uint8Array(0),
        },
      });
    }
    await client.take('the last push', (frame) => frame.seq === 300);
    expect(client.inbox.map(({ seq }) => seq)).toEqual(expected.slice(0, -1));
  });

  it('gets an ack once the queue has the frame, where it asked', async () => {
    client.send(gameFrame(1));
    client.send(gameFrame(2, { flags: FLAG.ackRequested }));
    const ack = await client.takeSeq(2);
    expect(ack).toMatchObject({ route: ROUTE.game, flags: FLAG.ack, msgId: 1001 });
    expect(ack.payload).toHaveLength(0);
    await client.fence();
    expect(client.inbox).toEqual([]);
    expect(test.metrics.acksSent.total()).toBe(1);
  });

  it('may send batches, and gets them once its Hello said so', async () => {
    const { sessionId } = await client.hello({ batch: true });
    client.send(encodeBatch([gameFrame(1), gameFrame(2), encodeStatusQuery(3)]));
    await test.backend.frames(2);
    await client.takeSeq(3);
    const message = {
      targetSessionIds: [sessionId],
      route: ROUTE.game,
      msgId: 1001,
      payload: gamePayload(0),
    };
    await test.backend.push(
      { message: { ...message, seq: 11 } },
      { message: { ...message, seq: 12, lane: 1 } },
      { message: { ...message, seq: 13 } },
    );
    const batch = await client.take('a batch', ({ flags }) => (flags & FLAG.batch) !== 0);
    const seqs: number[] = [];
    forEachFrame(batch.payload, (frame) => seqs.push(readSeq(frame)));
    expect(seqs).toEqual([12, 11, 13]);
    expect(test.metrics.framesReceived.total(name)).toBe(4);
  });

  it('gets what was pushed before it is disconnected by a backend, batching or not', async () => {
    const batching = await open(test);
    const ids = [await client.hello(), await batching.hello({ batch: true })].map(
      ({ sessionId }) => sessionId,
    );
    const targets = { targetSessionIds: ids, route: ROUTE.game, msgId: 0, payload: new Uint8Array(0) };
    await test.backend.push(
      { message: { ...targets, seq: 21 } },
      { disconnect: { sessionIds: ids, code: 4209, reason: 'ß'.repeat(200) } },
    );
    for (const each of [client, batching]) {
      await each.takeSeq(21);
      const end = await each.closed;
      expect(end.code).toBe(4209);
      expect(end.reason).toBe('ß'.repeat(61));
    }
    await eventually(() => test.metrics.closed.total(name) === 2, 'both links to be closed');
    expect(test.gateway.hub.size).toBe(0);
  });

  it('leaves nothing behind when it closes', async () => {
    client.send(gameFrame(1));
    await test.backend.frames(1);
    await client.close();
    await eventually(() => test.gateway.hub.size === 0, 'the session to be gone');
    expect([test.gateway.connections, test.gateway.hub.userCount]).toEqual([0, 0]);
    expect(test.metrics.connections.total()).toBe(0);
    const [closed] = [...test.metrics.closed.entries()];
    expect(closed).toEqual({ labels: { transport: name, disconnect: 'normal', by: 'peer' }, value: 1 });
  });

  it('hears 4000 when the gateway shuts down, after the acks of what was accepted', async () => {
    const batching = await open(test);
    await batching.hello({ batch: true });
    for (const each of [client, batching]) {
      each.send(gameFrame(1, { flags: FLAG.ackRequested }));
    }
    await eventually(() => test.metrics.framesReceived.total(name) === 3, 'the frames to arrive');
    await test.close();
    for (const each of [client, batching]) {
      expect((await each.closed).code).toBe(4000);
      expect(each.inbox.filter(({ flags }) => flags === FLAG.ack)).toHaveLength(1);
    }
    await test.close();
  });
});
