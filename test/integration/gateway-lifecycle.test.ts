import { afterEach, describe, expect, it } from 'vitest';
import { DISCONNECT } from '../../src/protocol/disconnect.ts';
import { encodeDownstreamBatch } from '../../src/protocol/envelopes.ts';
import { FLAG } from '../../src/protocol/header.ts';
import { FakeBridge } from '../support/fake-bridge.ts';
import { gameFrame, gamePayload } from '../support/frames.ts';
import { eventually } from '../support/recording-sink.ts';
import { startTestGateway, type TestGateway, type TestGatewayOptions } from '../support/test-gateway.ts';

const running: TestGateway[] = [];

async function start(options: TestGatewayOptions): Promise<TestGateway> {
  const test = await startTestGateway(options);
  running.push(test);
  return test;
}

afterEach(async () => {
  for (const test of running.splice(0)) await test.close();
});

const gauge = (test: TestGateway): number[] => [...test.metrics.bridgeUp.entries()].map(({ value }) => value);

describe('a queue that is away at the start', () => {
  it('is told to operators: gauge, counter and log', async () => {
    const bridge = new FakeBridge();
    bridge.up = false;
    const test = await start({ bridge });
    expect(gauge(test)).toEqual([0]);
    expect(test.metrics.bridgeChanges.total('down')).toBe(1);
    expect(test.logLines.filter((line) => line.includes('message queue is away'))).toHaveLength(1);
    bridge.change(true);
    expect(gauge(test)).toEqual([1]);
  });

  it('loses nothing to a backend that comes back after it', async () => {
    const bridge = new FakeBridge();
    bridge.up = false;
    const test = await start({ bridge, settings: { 'queue.retry_delay_ms': '1' } });
    const client = test.openMemory();
    client.send(gameFrame(1, { flags: FLAG.ackRequested }));
    await client.fence();
    bridge.change(true);
    bridge.take()[0].succeed(0);
    await eventually(() => bridge.calls.length === 2, 'a second attempt');
    expect(client.inbox).toEqual([]);
    bridge.take()[0].succeed(1);
    expect((await client.takeSeq(1)).flags).toBe(FLAG.ack);
  });
});

describe('the frame limit', () => {
  it('is the configured one from the first frame on, and is told in the Welcome', async () => {
    const test = await start({ settings: { 'session.frame_bytes_max_unauthenticated': '1000' } });
    for (const client of [test.openMemory(), await test.openWebSocket()]) {
      expect((await client.hello()).frameBytesMax).toBe(1000);
      client.send(new Uint8Array(1000));
      await client.fence();
      client.send(new Uint8Array(1001));
      expect((await client.closed).code).toBe(4201);
    }
  });
});

describe('closing', () => {
  it('sends the acks of what the queue takes in the last moment, batching or not', async () => {
    const bridge = new FakeBridge();
    const test = await start({ bridge });
    const plain = test.openMemory();
    const batching = test.openMemory();
    await batching.hello({ batch: true });
    plain.send(gameFrame(1, { flags: FLAG.ackRequested }));
    batching.send(gameFrame(2, { flags: FLAG.ackRequested }));
    await eventually(() => bridge.calls.length > 0, 'the frames at the bridge');
    const closed = test.close();
    for (const call of bridge.take()) call.succeed();
    await closed;
    expect((await plain.takeSeq(1)).flags).toBe(FLAG.ack);
    expect((await batching.takeSeq(2)).flags).toBe(FLAG.ack);
    expect((await batching.closed).code).toBe(4000);
    expect(test.metrics.framesDropped.total()).toBe(0);
  });

  it('refuses frames that come while it waits for the queue', async () => {
    const bridge = new FakeBridge();
    const test = await start({ bridge });
    const client = test.openMemory();
    client.send(gameFrame(1));
    await eventually(() => bridge.calls.length > 0, 'the frame at the bridge');
    const closed = test.close();
    client.send(gameFrame(2));
    expect(await client.takeError(2)).toMatchObject({ code: 'UNAVAILABLE' });
    expect(() => test.openMemory()).toThrow();
    for (const call of bridge.take()) call.succeed();
    await closed;
    expect(test.gateway.dispatcher.pendingFrames).toBe(0);
  });

  it('is bounded with a queue that never answers, and counts what is lost', async () => {
    const bridge = new FakeBridge();
    const test = await start({ bridge });
    const client = test.openMemory();
    client.send(gameFrame(1));
    await eventually(() => bridge.calls.length > 0, 'the frame at the bridge');
    bridge.change(false);
    client.send(gameFrame(2));
    await client.fence();
    const startedMs = performance.now();
    await test.close();
    expect(performance.now() - startedMs).toBeLessThan(10_000);
    bridge.take()[0].fail('closed');
    expect(test.metrics.upstreamFrames.total('given_up')).toBe(2);
    expect(test.gateway.dispatcher.pendingFrames).toBe(0);
  });

  it('names the code it is given, and closes once', async () => {
    const test = await start({});
    const client = await test.openWebSocket();
    await Promise.all([test.gateway.close(DISCONNECT.drained), test.gateway.close()]);
    expect(await client.closed).toEqual({ code: 4002, reason: 'gateway drains' });
  });
});

describe('a client that reads too slowly', () => {
  it('is disconnected with 4102, logged once, and another one is unhurt', async () => {
    const test = await start({
      settings: { 'session.send_queue_frames_max': '10', 'session.slow_grace_ms': '0' },
      memory: { highWaterBytes: 1000, datagrams: false },
    });
    const slow = test.openMemory();
    const other = test.openMemory();
    const { sessionId } = await slow.hello();
    slow.pause();
    const payload = new Uint8Array(200);
    for (let seq = 1; seq <= 60; seq++) {
      const message = { targetSessionIds: [sessionId], route: 2, msgId: 0, seq, payload };
      await test.backend.push({ message });
    }
    await other.fence();
    slow.resume();
    expect((await slow.closed).code).toBe(4102);
    expect(test.logLines.filter((line) => line.includes('reads too slowly'))).toHaveLength(1);
    const seqs = slow.inbox.map(({ seq }) => seq);
    expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, index) => index + 1));
    const dropped = test.metrics.framesDropped.total('downstream');
    expect(seqs.length + dropped + test.metrics.downstreamIgnored.total('unknown_session')).toBe(60);
  });
});

describe('what is a bug', () => {
  it('in a frame ends that link with 4105, is counted and logged, and another one is unhurt', async () => {
    const test = await start({ settings: { 'websocket.json_debug': 'true' } });
    const other = test.openMemory();
    const text = JSON.stringify({
      route: 2,
      msgId: 1001,
      payload: Buffer.from(gamePayload(1)).toString('base64'),
    });
    for (const kind of ['frame', 'text']) {
      const client = test.openMemory();
      const { sessionId } = await client.hello();
      const session = test.gateway.hub.session(sessionId);
      Object.defineProperty(session, 'upstreamPrefix', {
        get() {
          throw new Error('spoilt');
        },
      });
      if (kind === 'frame') client.send(gameFrame(1));
      else client.sendText(text);
      expect((await client.closed).code).toBe(4105);
    }
    expect(test.metrics.uncaught.total('frame')).toBe(2);
    await other.fence();
  });

  it('in a push is counted, and the next push arrives', async () => {
    const bridge = new FakeBridge();
    const test = await start({ bridge });
    const client = test.openMemory();
    const { sessionId } = await client.hello();
    const session = test.gateway.hub.session(sessionId);
    const push = encodeDownstreamBatch([
      { message: { targetSessionIds: [sessionId], route: 2, msgId: 0, seq: 4, payload: new Uint8Array(0) } },
    ]);
    let spoilt = true;
    Object.defineProperty(session, 'id', {
      get() {
        if (spoilt) throw new Error('spoilt');
        return sessionId;
      },
    });
    bridge.push(
      encodeDownstreamBatch([
        {
          message: {
            everyone: true,
            excludeSessionIds: ['x'],
            route: 2,
            msgId: 0,
            payload: new Uint8Array(0),
          },
        },
      ]),
    );
    expect(test.metrics.uncaught.total('downstream')).toBe(1);
    spoilt = false;
    bridge.push(push);
    await client.takeSeq(4);
  });
});
