import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dualgate } from '../../src/protocol/gen/gateway.js';
import { encodeUpstreamPrefix, UpstreamBatchWriter } from '../../src/protocol/upstream-writer.ts';

const { UpstreamBatch } = dualgate.v1;

const word = fc.oneof(fc.constantFrom(0, 1, 0x7f, 0x80, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff), fc.nat());
const uint32 = fc.oneof(
  fc.constantFrom(0, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152, 268_435_455, 268_435_456, 0xffff_ffff),
  fc.integer({ min: 0, max: 0xffff_ffff }),
);
const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const timeMs = fc.oneof(
  fc.constantFrom(
    0,
    1,
    2 ** 31,
    2 ** 32 - 1,
    2 ** 32,
    2 ** 35,
    2 ** 42,
    2 ** 49,
    Number.MAX_SAFE_INTEGER,
    -1,
  ),
  fc.maxSafeInteger(),
);
const frame = fc.record({
  identity: fc.record({
    gatewayId: text,
    sessionId: text,
    userIdLow: word,
    userIdHigh: word,
    transport: text,
  }),
  seq: uint32,
  route: fc.integer({ min: 0, max: 255 }),
  msgId: fc.integer({ min: 0, max: 0xffff }),
  receivedAtMs: timeMs,
  latest: fc.boolean(),
  payload: fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.uint8Array({ minLength: 16_380, maxLength: 16_390 }),
  ),
});
type SampleFrame = typeof frame extends fc.Arbitrary<infer Value> ? Value : never;

function append(writer: UpstreamBatchWriter, sample: SampleFrame): void {
  writer.append({ ...sample, prefix: encodeUpstreamPrefix(sample.identity) });
}

function expected(sample: SampleFrame, gameId: string) {
  const { gatewayId, sessionId, userIdLow, userIdHigh, transport } = sample.identity;
  return {
    gatewayId,
    sessionId,
    userId: int64(userIdLow, userIdHigh),
    transport,
    seq: sample.seq,
    route: sample.route,
    msgId: sample.msgId,
    receivedAtMs: BigInt(sample.receivedAtMs),
    gameId,
    payload: Buffer.from(sample.payload).toString('hex'),
    latest: sample.latest,
  };
}

function decoded(bytes: Uint8Array) {
  return UpstreamBatch.decode(bytes).messages.map((message) => ({
    gatewayId: message.gatewayId,
    sessionId: message.sessionId,
    userId: BigInt(String(message.userId)),
    transport: message.transport,
    seq: message.seq,
    route: message.route,
    msgId: message.msgId,
    receivedAtMs: BigInt(String(message.receivedAtMs)),
    gameId: message.gameId,
    payload: Buffer.from(message.payload ?? []).toString('hex'),
    latest: message.latest,
  }));
}

function int64(low: number, high: number): bigint {
  return BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(low));
}

const SAMPLE: SampleFrame = {
  identity: {
    gatewayId: 'gw-1',
    sessionId: '7123456789012345678',
    userIdLow: 42,
    userIdHigh: 0,
    transport: 'websocket',
  },
  seq: 300,
  route: 2,
  msgId: 3001,
  receivedAtMs: 1_767_225_600_000,
  latest: true,
  payload: Uint8Array.of(1, 2, 3),
};

describe('UpstreamBatchWriter', () => {
  it('writes what protobufjs reads, for all fields', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 8 }), text, (samples, gameId) => {
        const writer = new UpstreamBatchWriter(gameId);
        for (const sample of samples) append(writer, sample);
        expect(writer.count).toBe(samples.length);
        const { bytes } = writer;
        const batch = writer.finish();
        expect(batch.length).toBe(bytes);
        expect(decoded(batch)).toEqual(samples.map((sample) => expected(sample, gameId)));
      }),
      { numRuns: 300 },
    );
  });

  it('writes these bytes', () => {
    const writer = new UpstreamBatchWriter('mmo');
    append(writer, SAMPLE);
    expect(Buffer.from(writer.finish()).toString('hex')).toBe(
      '0a43' +
        '0a0467772d31' +
        `1213${Buffer.from('7123456789012345678').toString('hex')}` +
        '182a' +
        `2209${Buffer.from('websocket').toString('hex')}` +
        '28ac02' +
        '3002' +
        '38b917' +
        '4080d0eab6b733' +
        '4a036d6d6f' +
        '5203010203' +
        '5801',
    );
  });

  it('starts anew after finish and leaves finished batches alone', () => {
    const writer = new UpstreamBatchWriter('mmo');
    const batches: Uint8Array[] = [];
    const frames = Array.from({ length: 2000 }, (_value, seq) => ({
      ...SAMPLE,
      seq,
      payload: new Uint8Array(200).fill(seq),
    }));
    for (const [index, sample] of frames.entries()) {
      append(writer, sample);
      if (index % 7 === 6) batches.push(writer.finish());
    }
    batches.push(writer.finish());
    expect([writer.count, writer.bytes, writer.finish().length]).toEqual([0, 0, 0]);
    expect(batches.flatMap(decoded)).toEqual(frames.map((sample) => expected(sample, 'mmo')));
  });

  it('holds a payload larger than its slab, before and after small ones', () => {
    const writer = new UpstreamBatchWriter('mmo');
    const frames = [3, 300_000, 5, 70_000].map((size) => ({
      ...SAMPLE,
      payload: new Uint8Array(size).fill(size),
    }));
    for (const sample of frames) append(writer, sample);
    expect(decoded(writer.finish())).toEqual(frames.map((sample) => expected(sample, 'mmo')));
  });

  it('copies the payload', () => {
    const writer = new UpstreamBatchWriter('');
    const payload = Uint8Array.of(9);
    append(writer, { ...SAMPLE, payload });
    payload.fill(0);
    expect(decoded(writer.finish())[0].payload).toBe('09');
  });
});
