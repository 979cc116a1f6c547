import fc from 'fast-check';
import protobuf from 'protobufjs/minimal.js';
import { describe, expect, it } from 'vitest';
import { DownstreamReader, readChatResponse } from '../../src/protocol/downstream-reader.ts';
import { dualgate } from '../../src/protocol/gen/gateway.js';
import type { PushMessage } from '../../src/protocol/push-message.ts';

const { DownstreamBatch, GroupChange, DisconnectRequest, ChatResponse } = dualgate.v1;

const int64Text = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String);
const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });
const text = fc.string({ unit: 'grapheme', maxLength: 60 });
const push = fc.record({
  targetUserIds: fc.array(int64Text, { maxLength: 40 }),
  targetSessionIds: fc.array(text, { maxLength: 4 }),
  group: text,
  everyone: fc.boolean(),
  excludeSessionIds: fc.array(text, { maxLength: 4 }),
  route: uint32,
  msgId: uint32,
  seq: uint32,
  response: fc.boolean(),
  lane: fc.integer({ min: 0, max: 4 }),
  latest: fc.boolean(),
  conflationKey: text,
  payload: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('hex')),
});
type Push = typeof push extends fc.Arbitrary<infer Value> ? Value : never;
const item = fc.oneof(
  push.map((message) => ({ kind: 'message' as const, message })),
  fc.record({ kind: fc.constant('group' as const), group: text }),
  fc.record({ kind: fc.constant('disconnect' as const), code: uint32 }),
);
type Item = typeof item extends fc.Arbitrary<infer Value> ? Value : never;

/** A value of protobufjs' own 64-bit type. */
function longOf(decimal: string) {
  return ChatResponse.decode(protobuf.Writer.create().uint32(8).int64(decimal).finish()).targetUserId;
}

function toProto(sample: Item) {
  if (sample.kind === 'group') return { group: { group: sample.group } };
  if (sample.kind === 'disconnect') return { disconnect: { code: sample.code } };
  const { targetUserIds, payload, ...rest } = sample.message;
  return {
    message: {
      ...rest,
      targetUserIds: targetUserIds.map(longOf),
      payload: Buffer.from(payload, 'hex'),
    },
  };
}

function read(bytes: Uint8Array, reader = new DownstreamReader()) {
  const items: Item[] = [];
  const fault = reader.read(bytes, {
    onMessage: (message) => items.push({ kind: 'message', message: copyOf(message) }),
    onGroupChange: (encoded) => items.push({ kind: 'group', group: GroupChange.decode(encoded).group }),
    onDisconnectRequest: (encoded) =>
      items.push({ kind: 'disconnect', code: DisconnectRequest.decode(encoded).code }),
  });
  return { items, fault };
}

function copyOf(message: PushMessage): Push {
  const { targetUserIds, payload, ...rest } = message;
  return {
    group: rest.group,
    everyone: rest.everyone,
    route: rest.route,
    msgId: rest.msgId,
    seq: rest.seq,
    response: rest.response,
    lane: rest.lane,
    latest: rest.latest,
    conflationKey: rest.conflationKey,
    targetSessionIds: [...rest.targetSessionIds],
    excludeSessionIds: [...rest.excludeSessionIds],
    targetUserIds: Array.from({ length: targetUserIds.count }, (_value, index) =>
      String(targetUserIds.key(index)),
    ),
    payload: Buffer.from(payload).toString('hex'),
  };
}

/** A batch of one message from its raw fields. */
function batchOf(fields: readonly number[]): Uint8Array {
  return Uint8Array.of(0x0a, fields.length + 2, 0x0a, fields.length, ...fields);
}

function readOne(fields: readonly number[]): Push {
  const { items, fault } = read(batchOf(fields));
  expect(fault).toBeUndefined();
  const [first] = items;
  if (first?.kind !== 'message') throw new Error('expected a message');
  return first.message;
}

describe('DownstreamReader', () => {
  it('reads what protobufjs writes, one reader for all', () => {
    const reader = new DownstreamReader();
    fc.assert(
      fc.property(fc.array(item, { maxLength: 6 }), (samples) => {
        const bytes = DownstreamBatch.encode({ items: samples.map(toProto) }).finish();
        expect(read(bytes, reader)).toEqual({ items: samples, fault: undefined });
      }),
      { numRuns: 300 },
    );
  });

  it('takes int64 packed, unpacked and mixed', () => {
    expect(readOne([0x0a, 3, 1, 0x80, 1, 0x08, 7, 0x0a, 1, 9]).targetUserIds).toEqual(['1', '128', '7', '9']);
  });

  it('skips unknown fields of every wire type', () => {
    const unknown = [0xa0, 1, 5, 0xa1, 1, 1, 2, 3, 4, 5, 6, 7, 8, 0xa2, 1, 2, 9, 9, 0xa5, 1, 1, 2, 3, 4];
    expect(readOne([...unknown, 0x30, 2, ...unknown]).route).toBe(2);
  });

  it('skips known numbers with a wire type of their own', () => {
    expect(readOne([0x32, 1, 5, 0x18, 5, 0x1d, 1, 2, 3, 4, 0x38, 8])).toMatchObject({
      route: 0,
      group: '',
      msgId: 8,
    });
  });

  it('reads an unknown lane as default', () => {
    expect(readOne([0x50, 5]).lane).toBe(0);
    expect(readOne([0x50, 4]).lane).toBe(4);
  });

  it('merges a message in pieces and lets the last kind win', () => {
    const pieces = Uint8Array.of(0x0a, 8, 0x0a, 2, 0x30, 2, 0x0a, 2, 0x38, 9);
    expect(read(pieces).items).toMatchObject([{ message: { route: 2, msgId: 9 } }]);
    const replaced = Uint8Array.of(0x0a, 8, 0x0a, 2, 0x30, 2, 0x12, 2, 0x30, 1);
    expect(read(replaced).items).toEqual([{ kind: 'group', group: '' }]);
    const back = Uint8Array.of(0x0a, 10, 0x0a, 2, 0x30, 2, 0x12, 0, 0x0a, 2, 0x38, 9);
    expect(read(back).items).toMatchObject([{ message: { route: 0, msgId: 9 } }]);
  });

  it('keeps a byte order mark and replaces what is not UTF-8', () => {
    expect(readOne([0x1a, 4, 0xef, 0xbb, 0xbf, 0x61]).group).toBe('\ufeffa');
    expect(readOne([0x1a, 2, 0xff, 0x61]).group).toBe('\ufffda');
  });

  it('says nothing of an item without a known body', () => {
    expect(read(Uint8Array.of(0x0a, 0, 0x0a, 2, 0x20, 1))).toEqual({ items: [], fault: undefined });
  });

  it.each([
    ['field number 0', [0x00, 1]],
    ['group start', [0x0b]],
    ['group end', [0x0c]],
    ['wire type 6', [0x0e]],
    ['wire type 7', [0x0f]],
    ['length past the end', [0x0a, 3, 0x0a, 0]],
    ['body past its item', [0x0a, 2, 0x0a, 5, 0, 0, 0, 0, 0]],
    ['field past its body', [0x0a, 4, 0x0a, 2, 0x6a, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
    ['packed varint past its field', [0x0a, 5, 0x0a, 3, 0x0a, 1, 0x80, 1]],
    ['varint cut short', [0x0a, 4, 0x0a, 2, 0x30, 0x80]],
    ['varint of 11 bytes', [0x10, ...new Array<number>(10).fill(0x80), 1]],
    ['length of 2^32', [0x0a, 0x80, 0x80, 0x80, 0x80, 0x10]],
    ['fixed64 cut short', [0x11, 1, 2, 3]],
  ])('reports %s after the items before it', (_name, bytes) => {
    const { items, fault } = read(Uint8Array.of(...batchOf([0x30, 2]), ...bytes));
    expect(fault).toMatch(/\w/);
    expect(items).toMatchObject([{ message: { route: 2 } }]);
  });

  it('never throws and never hands out bytes from outside, whatever it reads', () => {
    const reader = new DownstreamReader();
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 100 }),
      fc.tuple(fc.array(item, { maxLength: 3 }), fc.nat(), fc.nat(255)).map(([samples, at, value]) => {
        const bytes = DownstreamBatch.encode({ items: samples.map(toProto) }).finish();
        if (bytes.length > 0) bytes[at % bytes.length] = value;
        return bytes;
      }),
    );
    fc.assert(
      fc.property(noise, (bytes) => {
        const around = new Uint8Array(bytes.length + 64).fill(0x01);
        around.set(bytes, 32);
        const view = around.subarray(32, 32 + bytes.length);
        const inside = (part: Uint8Array) => {
          if (part.length === 0) return;
          expect(part.byteOffset).toBeGreaterThanOrEqual(view.byteOffset);
          expect(part.byteOffset + part.length).toBeLessThanOrEqual(view.byteOffset + view.length);
        };
        const fault = reader.read(view, {
          onMessage: (message) => inside(message.payload),
          onGroupChange: inside,
          onDisconnectRequest: inside,
        });
        expect(fault === undefined || fault.length > 0).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('readChatResponse', () => {
  it('gives the target that protobufjs wrote', () => {
    fc.assert(
      fc.property(int64Text, fc.uint8Array({ maxLength: 50 }), (target, rest) => {
        const targetUserId = longOf(target);
        expect(String(readChatResponse(ChatResponse.encode({ targetUserId, rest }).finish()))).toBe(target);
      }),
    );
  });

  it('gives 0 without a target, and undefined for garbage', () => {
    expect(readChatResponse(new Uint8Array(0))).toBe(0);
    expect(readChatResponse(Uint8Array.of(0x0a, 0))).toBe(0);
    expect(readChatResponse(Uint8Array.of(0x08, 5, 0x7a, 9))).toBeUndefined();
    expect(readChatResponse(Uint8Array.of(0x08))).toBeUndefined();
  });
});
