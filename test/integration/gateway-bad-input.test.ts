import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeBatch } from '../../src/protocol/batch.ts';
import type { ErrorCode } from '../../src/protocol/error-codes.ts';
import { encodeFrame, FLAG, ROUTE } from '../../src/protocol/header.ts';
import { encodeHello, SYSTEM } from '../../src/protocol/system.ts';
import { gameFrame, gamePayload } from '../support/frames.ts';
import { eventually } from '../support/recording-sink.ts';
import type { TestClient } from '../support/test-client.ts';
import { errorCount, startTestGateway, type TestGateway } from '../support/test-gateway.ts';

const GARBAGE = new Uint8Array([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);

function system(seq: number, msgId: number, payload?: Uint8Array): Uint8Array {
  return encodeFrame({ seq, route: ROUTE.system, flags: 0, msgId }, payload);
}

function batchOf(seq: number, payload: Uint8Array): Uint8Array {
  return encodeFrame({ seq, route: ROUTE.system, flags: FLAG.batch, msgId: 0 }, payload);
}

/** Well-formed, with a last field that fills it up. */
function paddedPayload(bytes: number, userId: number): Uint8Array {
  const head = gamePayload(1, userId);
  const rest = bytes - head.length - 4;
  const payload = new Uint8Array(bytes);
  payload.set([...head, 0x22, (rest & 0x7f) | 0x80, ((rest >> 7) & 0x7f) | 0x80, rest >> 14]);
  return payload;
}

interface Fault {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly code: ErrorCode;
  /** The Error refers to this seq. */
  readonly seq: number;
}

const FAULTS: readonly Fault[] = [
  { name: 'an empty frame', bytes: new Uint8Array(0), code: 'SHORT_FRAME', seq: 0 },
  { name: 'a frame one byte short of a header', bytes: new Uint8Array(7), code: 'SHORT_FRAME', seq: 0 },
  { name: 'a reserved flag', bytes: gameFrame(31, { flags: 0x40 }), code: 'RESERVED_FLAG', seq: 31 },
  { name: 'the other reserved flag', bytes: gameFrame(32, { flags: 0x80 }), code: 'RESERVED_FLAG', seq: 32 },
  { name: 'route 0', bytes: gameFrame(33, { route: 0 }), code: 'UNKNOWN_ROUTE', seq: 33 },
  { name: 'route 255', bytes: gameFrame(34, { route: 255 }), code: 'UNKNOWN_ROUTE', seq: 34 },
  { name: 'a msgId in no row', bytes: gameFrame(35, { msgId: 999 }), code: 'UNKNOWN_ROUTE', seq: 35 },
  { name: 'the largest msgId', bytes: gameFrame(36, { msgId: 65_535 }), code: 'UNKNOWN_ROUTE', seq: 36 },
  { name: 'a msgId of the gateway', bytes: gameFrame(37, { msgId: 9000 }), code: 'UNKNOWN_ROUTE', seq: 37 },
  { name: 'an unknown system message', bytes: system(38, 500), code: 'UNKNOWN_ROUTE', seq: 38 },
  {
    name: 'a system message of the gateway',
    bytes: system(39, SYSTEM.welcome),
    code: 'UNKNOWN_ROUTE',
    seq: 39,
  },
  { name: 'a garbage Hello', bytes: system(40, SYSTEM.hello, GARBAGE), code: 'BAD_MESSAGE', seq: 40 },
  { name: 'a garbage Ping', bytes: system(41, SYSTEM.ping, GARBAGE), code: 'BAD_MESSAGE', seq: 41 },
  { name: 'a garbage Pong', bytes: system(42, SYSTEM.pong, GARBAGE), code: 'BAD_MESSAGE', seq: 42 },
  { name: 'a login', bytes: system(43, SYSTEM.authLogin), code: 'FORBIDDEN', seq: 43 },
  { name: 'a garbage payload', bytes: gameFrame(44, { payload: GARBAGE }), code: 'BAD_PAYLOAD', seq: 44 },
  {
    name: 'a cut payload',
    bytes: gameFrame(45, { payload: gamePayload(1).subarray(0, 5) }),
    code: 'BAD_PAYLOAD',
    seq: 45,
  },
  {
    name: 'an unknown game',
    bytes: gameFrame(46, { payload: gamePayload(1, 7, 'chess') }),
    code: 'UNKNOWN_GAME',
    seq: 46,
  },
  { name: 'a batch cut in a prefix', bytes: batchOf(47, new Uint8Array(3)), code: 'BAD_BATCH', seq: 47 },
  {
    name: 'a batch that passes its end',
    bytes: batchOf(48, new Uint8Array([0, 0, 0, 9, 1, 2])),
    code: 'BAD_BATCH',
    seq: 48,
  },
  {
    name: 'a batch of a short frame',
    bytes: batchOf(49, new Uint8Array([0, 0, 0, 1, 1])),
    code: 'BAD_BATCH',
    seq: 49,
  },
  {
    name: 'a batch in a batch',
    bytes: batchOf(50, encodeBatch([encodeBatch([])]).subarray(8)),
    code: 'BAD_BATCH',
    seq: 50,
  },
  {
    name: 'a batch with a reserved flag',
    bytes: encodeFrame({ seq: 51, route: 3, flags: FLAG.batch | 0x40, msgId: 0 }),
    code: 'RESERVED_FLAG',
    seq: 51,
  },
];

const openers: { name: string; open: (test: TestGateway) => Promise<TestClient> }[] = [
  { name: 'memory', open: async (test) => test.openMemory() },
  { name: 'websocket', open: (test) => test.openWebSocket() },
];

describe.each(openers)('bad input on $name', ({ name, open }) => {
  let test: TestGateway;
  let client: TestClient;
  let neighbour: TestClient;
  beforeEach(async () => {
    test = await startTestGateway();
    client = await open(test);
    neighbour = await open(test);
  });
  afterEach(async () => {
    await neighbour.fence();
    expect(neighbour.inbox).toEqual([]);
    neighbour.send(gameFrame(77));
    await eventually(() => test.backend.received.some(({ seq }) => seq === 77), 'the neighbour to be served');
    expect(test.metrics.uncaught.total()).toBe(0);
    await test.close();
  });

  it.each(FAULTS)(
    '$name is answered with $code, counted, and the link lives',
    async ({ bytes, code, seq }) => {
      client.send(bytes);
      expect(await client.takeError(seq)).toMatchObject({ code });
      await client.fence();
      expect(client.inbox).toEqual([]);
      expect(errorCount(test.metrics, code)).toBe(1);
      expect(test.metrics.frameErrors.total(name)).toBe(1);
      client.send(gameFrame(1));
      expect((await test.backend.frames(1))[0].seq).toBe(1);
    },
  );

  it('takes the frames of a batch before its fault', async () => {
    const good = encodeBatch([gameFrame(1), gameFrame(2)]).subarray(8);
    client.send(batchOf(60, new Uint8Array([...good, 0, 0])));
    expect(await client.takeError(60)).toMatchObject({ code: 'BAD_BATCH' });
    expect((await test.backend.frames(2)).map(({ seq }) => seq)).toEqual([1, 2]);
  });

  it('answers each bad frame of a batch by itself', async () => {
    client.send(
      encodeBatch([gameFrame(1), gameFrame(2, { flags: 0x40 }), gameFrame(3, { msgId: 5 }), gameFrame(4)]),
    );
    expect(await client.takeError(2)).toMatchObject({ code: 'RESERVED_FLAG' });
    expect(await client.takeError(3)).toMatchObject({ code: 'UNKNOWN_ROUTE' });
    expect((await test.backend.frames(2)).map(({ seq }) => seq)).toEqual([1, 4]);
  });

  it('answers a text frame', async () => {
    client.sendText('{"seq":1}');
    expect(await client.takeError(0)).toMatchObject({ code: 'TEXT_FRAME' });
    await client.fence();
    expect(errorCount(test.metrics, 'TEXT_FRAME')).toBe(1);
  });

  it('answers a second Hello, and the session stays what it was', async () => {
    const { sessionId } = await client.hello();
    client.send(encodeHello({}, 9));
    expect(await client.takeError(9)).toMatchObject({ code: 'BAD_MESSAGE' });
    await client.fence();
    expect(client.inbox).toEqual([]);
    expect(test.gateway.hub.session(sessionId)).toBeDefined();
  });

  it.each([0, 2, 4_000_000_000])('ends the link for protocol version %d', async (protocol) => {
    client.send(encodeHello({ protocol }, 1));
    const end = await client.closed;
    expect(end).toEqual({ code: 4202, reason: `protocol ${protocol}, expected 1` });
    await eventually(() => test.metrics.closed.total(name) === 1, 'the close to be counted');
    expect([...test.metrics.closed.entries()]).toEqual([
      { labels: { transport: name, disconnect: 'unsupportedProtocol', by: 'local' }, value: 1 },
    ]);
  });

  it('takes nothing more of a batch whose Hello it refuses', async () => {
    const rest = Array.from({ length: 20 }, (_, index) => gameFrame(index + 2));
    client.send(encodeBatch([encodeHello({ protocol: 99 }, 1), ...rest]));
    expect((await client.closed).code).toBe(4202);
    await neighbour.fence();
    expect(test.backend.received).toHaveLength(0);
    expect(test.metrics.upstreamFrames.total()).toBe(0);
  });

  it('takes a frame at the limit, and ends the link for a longer one', async () => {
    client.send(gameFrame(1, { payload: paddedPayload(65_536 - 8, 0) }));
    await test.backend.frames(1);
    client.send(gameFrame(2, { payload: paddedPayload(65_537 - 8, 0) }));
    expect((await client.closed).code).toBe(4201);
    expect(test.backend.received).toHaveLength(1);
  });

  it('takes longer frames once the session has a user', async () => {
    client.send(gameFrame(1));
    await client.fence();
    client.send(gameFrame(2, { payload: paddedPayload(200_000, 7) }));
    expect((await test.backend.frames(2))[1].payload).toHaveLength(200_000);
  });
});

describe('JSON debugging', () => {
  it('takes text frames as JSON, answers in binary, and refuses what is none', async () => {
    const test = await startTestGateway({ settings: { 'websocket.json_debug': 'true' } });
    try {
      const client = await test.openWebSocket();
      const payload = Buffer.from(gamePayload(1)).toString('base64');
      client.sendText(JSON.stringify({ seq: 1, route: 'game', msgId: 1001, payload }));
      client.sendText(JSON.stringify({ seq: 2, route: 3, msgId: SYSTEM.heartbeat }));
      expect((await test.backend.frames(1))[0]).toMatchObject({ seq: 1, msgId: 1001 });
      expect(await client.takeSeq(2)).toMatchObject({ route: 3, msgId: 0 });
      const bad = [
        '',
        'null',
        '[]',
        '7',
        '{',
        '{"seq":-1,"route":1}',
        '{"seq":1.5,"route":1}',
        '{"route":"system ?"}',
      ];
      bad.push('{"route":"unknown"}', '{"seq":1,"route":1,"payload":7}', '{"route":1,"msgId":65536}');
      for (const text of bad) client.sendText(text);
      await client.fence();
      expect(client.inbox).toHaveLength(bad.length);
      expect(errorCount(test.metrics, 'BAD_JSON')).toBe(bad.length);
    } finally {
      await test.close();
    }
  });
});
