import { beforeEach, expect, test } from 'vitest';
import { encodeFrame, FLAG, ROUTE, readHeader } from '../../src/protocol/header.ts';
import { SYSTEM } from '../../src/protocol/system.ts';
import { echoedLink } from '../../web-client/sdk/echo-probe.ts';
import type { Link } from '../../web-client/sdk/link.ts';
import { FakeClock, settle } from '../support/fake-clock.ts';
import { gameFrame } from '../support/fake-link.ts';
import { type FakeAttempt, FakeOpen, RecordingHandlers } from '../support/fake-open.ts';

let clock: FakeClock;
let handlers: RecordingHandlers;
let raw: FakeAttempt;
let opening: Promise<Link>;
let link: Link | undefined;
let controller: AbortController;

beforeEach(async () => {
  clock = new FakeClock();
  handlers = new RecordingHandlers();
  controller = new AbortController();
  const open = new FakeOpen('webtransport');
  link = undefined;
  opening = echoedLink(open.open, clock)(handlers, controller.signal);
  opening.then(
    (value) => {
      link = value;
    },
    () => {},
  );
  raw = open.last;
  raw.datagramBytesMax = 1_150;
});

/** The gateway returns a probe the way it came. */
async function echo(probe: Uint8Array | undefined, datagram: boolean): Promise<void> {
  if (probe === undefined) throw new Error('no probe was sent');
  raw.handlers.onFrame(probe, datagram);
  await settle();
}

test('a link is handed over once an echo came by stream and one by datagram', async () => {
  await raw.succeed();
  const heartbeat = { route: ROUTE.system, msgId: SYSTEM.heartbeat };
  expect(readHeader(raw.sent[0])).toMatchObject({ ...heartbeat, flags: 0 });
  expect(readHeader(raw.datagrams[0])).toMatchObject({ ...heartbeat, flags: FLAG.latest });
  await echo(raw.sent[0], false);
  expect(link).toBeUndefined();
  await echo(raw.datagrams[0], true);
  expect(link?.datagramBytesMax).toBe(1_150);
  expect(handlers.frames).toEqual([]);
  expect(clock.pending).toBe(0);
});

test('the datagram may come back first', async () => {
  await raw.succeed();
  await echo(raw.datagrams[0], true);
  expect(link).toBeUndefined();
  await echo(raw.sent[0], false);
  expect(link?.datagramBytesMax).toBe(1_150);
});

test('a lost datagram is sent again', async () => {
  await raw.succeed();
  await echo(raw.sent[0], false);
  await clock.advance(100);
  expect(raw.datagrams.length).toBeGreaterThan(1);
  await echo(raw.datagrams[1], true);
  expect(link?.datagramBytesMax).toBe(1_150);
  expect(clock.pending).toBe(0);
});

test('without an echo by datagram the link is used without datagrams, 400 ms after the stream echo', async () => {
  await raw.succeed();
  await echo(raw.sent[0], false);
  await clock.advance(399);
  expect(link).toBeUndefined();
  await clock.advance(1);
  expect(link?.datagramBytesMax).toBe(0);
  expect(link?.sendDatagram(new Uint8Array(8))).toBe(false);
  link?.send(gameFrame({ seq: 9 }));
  expect(readHeader(raw.sent.at(-1) ?? new Uint8Array(8)).seq).toBe(9);
  expect(clock.pending).toBe(0);
});

test('an echo of the datagram that comes by stream is no proof', async () => {
  await raw.succeed();
  await echo(raw.sent[0], false);
  await echo(raw.datagrams[0], false);
  await clock.advance(400);
  expect(link?.datagramBytesMax).toBe(0);
});

test('where the transport has no datagrams the stream echo is enough', async () => {
  raw.datagramBytesMax = 0;
  await raw.succeed();
  expect(raw.datagrams).toEqual([]);
  await echo(raw.sent[0], false);
  expect(link).toBeDefined();
});

test('a handshake without an echo is no link', async () => {
  await raw.succeed();
  await clock.advance(60_000);
  expect(link).toBeUndefined();
  controller.abort(new Error('too late'));
  await expect(opening).rejects.toThrow('too late');
  expect(raw.closedWith).toBeDefined();
  expect(clock.pending).toBe(0);
});

test('a link that ends before its echo is a failure', async () => {
  await raw.succeed();
  raw.handlers.onClose({ code: 4100, reason: 'too many connections' });
  await expect(opening).rejects.toThrow('closed with 4100 before its echo too many connections');
  expect(handlers.closes).toEqual([]);
});

test('frames that come before the echo are kept and come first', async () => {
  await raw.succeed();
  const push = gameFrame({ seq: 3 });
  raw.handlers.onFrame(push, false);
  await echo(raw.datagrams[0], true);
  expect(handlers.frames).toEqual([]);
  await echo(raw.sent[0], false);
  const later = encodeFrame({ seq: 5, route: ROUTE.system, flags: 0, msgId: SYSTEM.heartbeat });
  raw.handlers.onFrame(later, false);
  raw.handlers.onClose({ code: 4000, reason: '' });
  expect(handlers.frames).toEqual([[...push], [...later]]);
  expect(handlers.closes).toEqual([{ code: 4000, reason: '' }]);
});
