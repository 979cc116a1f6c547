import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeBatch } from '../../src/protocol/batch.ts';
import { DISCONNECT } from '../../src/protocol/disconnect.ts';
import { type Downstream, encodeDownstreamBatch } from '../../src/protocol/envelopes.ts';
import { ERROR_CODES } from '../../src/protocol/error-codes.ts';
import { encodeFrame, FLAG, ROUTE } from '../../src/protocol/header.ts';
import {
  decodeError,
  encodeHello,
  encodePing,
  encodePong,
  encodeStatusQuery,
  SYSTEM,
} from '../../src/protocol/system.ts';
import { gameFrame } from '../support/frames.ts';
import type { TestClient } from '../support/test-client.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

const TABLE_CODES = new Set<number>(Object.values(DISCONNECT).map(({ code }) => code));

let test: TestGateway;
let neighbour: TestClient;
beforeAll(async () => {
  test = await startTestGateway({ settings: { 'websocket.json_debug': 'true' } });
  neighbour = test.openMemory();
  await neighbour.hello();
});
afterAll(() => test.close());

const header = fc.record({
  seq: fc.nat(0xffff),
  route: fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 1, max: 3 }) },
    { weight: 1, arbitrary: fc.nat(255) },
  ),
  flags: fc.oneof(fc.constant(0), fc.nat(255)),
  msgId: fc.oneof(fc.integer({ min: 0, max: 14 }), fc.constantFrom(1001, 2001, 9001), fc.nat(0xffff)),
});
const randomFrame = fc
  .tuple(header, fc.uint8Array({ maxLength: 60 }))
  .map(([fields, payload]) => encodeFrame(fields, payload));
const validFrame = fc.constantFrom(
  gameFrame(1),
  gameFrame(2, { flags: FLAG.ackRequested | FLAG.latest }),
  encodeHello({ token: 't', device: 'd', client: 'c', batch: true }, 1),
  encodePing({ sentAtMs: Number.MAX_SAFE_INTEGER, received: 1 }, 2),
  encodePong({ sentAtMs: -1, serverTimeMs: 1, received: 1 }, 3),
  encodeStatusQuery(4),
  encodeBatch([gameFrame(5), encodeStatusQuery(6), gameFrame(7, { msgId: 2001 })]),
);
/** A valid frame with some bytes changed, and cut or grown. */
const mutatedFrame = fc
  .tuple(
    validFrame,
    fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 4 }),
    fc.integer({ min: -6, max: 3 }),
  )
  .map(([frame, changes, growth]) => mutated(frame, changes, growth));

function mutated(
  frame: Uint8Array,
  changes: readonly (readonly [number, number])[],
  growth: number,
): Uint8Array {
  const bytes = new Uint8Array(Math.max(0, frame.length + growth));
  bytes.set(frame.subarray(0, bytes.length));
  for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
  return bytes;
}

const anyFrame = fc.oneof(fc.uint8Array({ maxLength: 40 }), randomFrame, mutatedFrame, validFrame);

/** The client's end of what it sent: it is served still, or was closed with a code of the table. */
async function expectServedOrClosed(client: TestClient): Promise<void> {
  const fenced = client.fence().catch(() => {});
  const end = await Promise.race([fenced, client.closed]);
  if (end !== undefined) expect(TABLE_CODES).toContain(end.code);
  for (const { route, flags, msgId, payload } of client.inbox) {
    // A heartbeat comes back as it is, whatever flags the client gave it.
    const isEcho = route === ROUTE.system && msgId === SYSTEM.heartbeat;
    if (flags & FLAG.error && !isEcho)
      expect(ERROR_CODES).toHaveProperty(decodeError(payload)?.code ?? 'none');
  }
  if (client.isOpen) await client.close();
}

async function expectUnhurt(): Promise<void> {
  await neighbour.fence();
  neighbour.inbox.length = 0;
  expect(test.metrics.uncaught.total()).toBe(0);
}

describe('any frames', () => {
  it('are answered or end their own link with a code of the table', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyFrame, { minLength: 1, maxLength: 20 }), async (frames) => {
        const client = test.openMemory();
        client.unwrapsBatches = true;
        for (const frame of frames) client.send(frame);
        await expectServedOrClosed(client);
        await expectUnhurt();
      }),
      { numRuns: 400 },
    );
    expect(test.gateway.connections).toBe(1);
    expect(test.gateway.hub.size).toBe(1);
  });

  it('as JSON text as well', async () => {
    const field = fc.oneof(
      fc.nat(70_000),
      fc.string({ maxLength: 6 }),
      fc.constantFrom('game', 'system', null, -1, 1.5),
    );
    const object = fc.record(
      { seq: field, route: field, msgId: field, flags: field, payload: field },
      { requiredKeys: [] },
    );
    const text = fc.oneof(
      fc.string({ maxLength: 40 }),
      fc.json({ maxDepth: 2 }),
      object.map((value) => JSON.stringify(value)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 10 }), async (texts) => {
        const client = test.openMemory();
        for (const each of texts) client.sendText(each);
        await expectServedOrClosed(client);
        await expectUnhurt();
      }),
      { numRuns: 200 },
    );
  });
});

describe('any messages of a backend', () => {
  const ids = fc.array(fc.constantFrom('1', '7', '-1', '9223372036854775807'), { maxLength: 3 });
  const push = fc
    .record({
      targetUserIds: ids,
      targetSessionIds: ids,
      group: fc.constantFrom('', 'g'),
      everyone: fc.boolean(),
      route: fc.nat(5),
      msgId: fc.nat(70_000),
      seq: fc.nat(0xffffffff),
      lane: fc.nat(6),
      latest: fc.boolean(),
      conflationKey: fc.string({ maxLength: 3 }),
      payload: fc.uint8Array({ maxLength: 20 }),
    })
    .map((message): Downstream => ({ message }));
  const groupChange = fc
    .record({ group: fc.constantFrom('', 'g'), addUserIds: ids, removeUserIds: ids, dissolve: fc.boolean() })
    .map((group): Downstream => ({ group }));
  const valid = fc
    .array(fc.oneof(push, groupChange), { maxLength: 5 })
    .map((items) => encodeDownstreamBatch(items));
  const changes = fc.array(fc.tuple(fc.nat(100), fc.nat(255)), { maxLength: 4 });
  const spoilt = fc
    .tuple(valid, changes, fc.integer({ min: -6, max: 3 }))
    .map(([bytes, at, growth]) => mutated(bytes, at, growth));

  it('are delivered or ignored, and the sessions are unhurt', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 60 }), valid, spoilt), async (message) => {
        await test.backend.publish('broadcast', message);
        await expectUnhurt();
        expect(test.gateway.hub.size).toBe(1);
      }),
      { numRuns: 400 },
    );
  });
});
