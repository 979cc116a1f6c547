import fc from 'fast-check';
import { expect, test } from 'vitest';
import { forEachFrame } from '../../src/protocol/batch.ts';
import { StreamFramer } from '../../src/protocol/framer.ts';
import { HEADER_BYTES, payloadOf } from '../../src/protocol/header.ts';
import * as system from '../../src/protocol/system.ts';

/** Random bytes, and real messages with some bytes changed or cut: the second get past the first checks. */
const RUNS = 2_000;

const messages = [
  system.encodeHello({ token: 'token', resumeToken: 'r', received: 9, batch: true, client: 'c' }, 1),
  system.encodePong({ sentAtMs: 1e12, serverTimeMs: 1e12, received: 1 }, 1),
  system.encodeGoAway({ spreadMs: 1, deadlineMs: 2, reason: 'reason', reconnectUrl: 'url' }),
  system.encodeErrorFrame({ seq: 1, route: 2, msgId: 3, code: 'BUSY', message: 'm', retryAfterMs: 1 }),
  system.encodeNotification({ kind: 'k', text: 'text', data: new Uint8Array(9) }),
  system.encodeAuthResult(
    {
      ...{ userId: '-1', token: 't', refreshToken: 'r', expiresAtMs: 1e12, permissions: ['a', 'b'] },
      resumeToken: 's',
    },
    1,
  ),
].map(payloadOf);

const damaged = fc
  .record({
    message: fc.constantFrom(...messages),
    changes: fc.array(fc.tuple(fc.nat(200), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }),
    cut: fc.nat(200),
  })
  .map(({ message, changes, cut }) => {
    const bytes = message.slice(0, Math.max(1, message.length - (cut % message.length)));
    for (const [at, value] of changes) bytes[at % bytes.length] = value;
    return bytes;
  });

const payload = fc.oneof(fc.uint8Array({ maxLength: 120 }), damaged);

const decoders = Object.entries(system).flatMap(([name, decode]) =>
  name.startsWith('decode') && typeof decode === 'function' ? [{ name, decode }] : [],
);

/** Numbers, strings, booleans, bytes, and arrays or objects of them: no Long, no class of the generated code. */
function isPlain(value: unknown): boolean {
  if (typeof value === 'number') return true;
  if (typeof value === 'string' || typeof value === 'boolean' || value instanceof Uint8Array) return true;
  if (Array.isArray(value)) return value.every(isPlain);
  if (typeof value !== 'object' || value === null) return false;
  return Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every(isPlain);
}

test('every decoder is under test', () => {
  expect(decoders.map(({ name }) => name).sort()).toEqual([
    'decodeAuthLogin',
    'decodeAuthLogout',
    'decodeAuthRefresh',
    'decodeAuthResult',
    'decodeError',
    'decodeGoAway',
    'decodeHello',
    'decodeNotification',
    'decodePing',
    'decodePong',
    'decodeStatus',
    'decodeWelcome',
  ]);
});

test.each(decoders)('$name: a plain value or undefined, whatever the bytes', ({ decode }) => {
  fc.assert(
    fc.property(payload, (bytes) => {
      const before = bytes.slice();
      const value: unknown = Reflect.apply(decode, undefined, [bytes]);
      expect(value === undefined || isPlain(value)).toBe(true);
      expect(bytes).toEqual(before);
    }),
    { numRuns: RUNS },
  );
});

test('a batch: whole frames within the payload, and a fault or none', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      let taken = 0;
      const fault = forEachFrame(bytes, (frame) => {
        expect(frame.length).toBeGreaterThanOrEqual(HEADER_BYTES);
        expect(frame.buffer).toBe(bytes.buffer);
        taken += 4 + frame.length;
      });
      expect(taken).toBeLessThanOrEqual(bytes.length);
      if (fault === undefined) expect(taken).toBe(bytes.length);
    }),
    { numRuns: RUNS },
  );
});

test('a stream: frames within the limit, or the length that breaks it', () => {
  const chunks = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 10 });
  fc.assert(
    fc.property(chunks, fc.integer({ min: 0, max: 64 }), (list, frameBytesMax) => {
      const framer = new StreamFramer(frameBytesMax, (frame) => {
        expect(frame.length).toBeLessThanOrEqual(frameBytesMax);
      });
      for (const chunk of list) {
        const broken = framer.push(chunk);
        expect(framer.pendingBytes).toBeLessThanOrEqual(frameBytesMax + 4);
        if (broken === undefined) continue;
        expect(broken).toBeGreaterThan(frameBytesMax);
        return;
      }
    }),
    { numRuns: RUNS },
  );
});
