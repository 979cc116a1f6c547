import { expect, test, vi } from 'vitest';
import { LENGTH_PREFIX_BYTES } from '../../src/protocol/batch.ts';
import type { Link } from '../../web-client/sdk/link.ts';
import {
  browserWebTransportLink,
  type WebTransportLinkOptions,
} from '../../web-client/sdk/webtransport-link.ts';
import { settle } from '../support/fake-clock.ts';
import { gameFrame } from '../support/fake-link.ts';
import { RecordingHandlers } from '../support/fake-open.ts';
import { type FakeSession, fakeWebTransport, type Quirks } from '../support/fake-webtransport.ts';

const URL = 'https://gateway:8082/wt';
const HASH = 'ab'.repeat(32);

interface Stage {
  session: FakeSession;
  handlers: RecordingHandlers;
  opening: Promise<Link>;
  controller: AbortController;
}

async function begin(quirks: Quirks = {}, options: WebTransportLinkOptions = {}): Promise<Stage> {
  const { api, sessions } = fakeWebTransport(quirks);
  const handlers = new RecordingHandlers();
  const controller = new AbortController();
  const opening = browserWebTransportLink(URL, { api, ...options })(handlers, controller.signal);
  opening.catch(() => {});
  await settle();
  return { session: sessions[0], handlers, opening, controller };
}

async function opened(quirks: Quirks = {}): Promise<Stage & { link: Link }> {
  const stage = await begin(quirks);
  await stage.session.becomeReady();
  return { ...stage, link: await stage.opening };
}

test('frames of one turn leave in one write, each behind its length', async () => {
  const { session, link } = await opened();
  const frames = [gameFrame({ seq: 1 }, [1]), gameFrame({ seq: 2 }, [2, 3])];
  for (const frame of frames) link.send(frame);
  expect(link.bufferedBytes).toBe(frames[0].length + frames[1].length);
  await settle();
  expect(session.stream.written).toHaveLength(1);
  expect([...session.stream.written[0]]).toEqual(
    frames.flatMap((frame) => [0, 0, 0, frame.length, ...frame]),
  );
  expect(link.bufferedBytes).toBe(0);
});

test('frames are cut from the stream however it is split', async () => {
  const { session, handlers } = await opened();
  const frame = gameFrame({ seq: 7 }, [1, 2, 3]);
  const bytes = Uint8Array.from([0, 0, 0, frame.length, ...frame, 0, 0, 0, frame.length, ...frame]);
  for (const byte of bytes) await session.stream.feed(Uint8Array.of(byte));
  expect(handlers.frames).toEqual([[...frame], [...frame]]);
  expect(bytes.length).toBe(2 * (LENGTH_PREFIX_BYTES + frame.length));
});

test('a length over 16 MiB ends the link', async () => {
  const { session } = await opened();
  await session.stream.feed(Uint8Array.of(1, 0, 0, 1));
  await settle();
  expect(session.closedWith).toMatchObject({ closeCode: 4201 });
});

test.each([{}, { createWritable: true }])('a datagram is one frame, both ways (%o)', async (quirks) => {
  const { session, link, handlers } = await opened(quirks);
  expect(link.datagramBytesMax).toBe(1_150);
  expect(link.sendDatagram(Uint8Array.of(1, 2, 3))).toBe(true);
  await settle();
  expect(session.datagramPipe.written.map((bytes) => [...bytes])).toEqual([[1, 2, 3]]);
  await session.datagramPipe.feed(Uint8Array.of(4, 5));
  expect(handlers.datagrams).toEqual([[4, 5]]);
});

test('queues are set by whichever name the engine has', async () => {
  const newer = await opened({ queue: { incomingMaxBufferedDatagrams: 1 } });
  expect(newer.session.datagrams).toMatchObject({ incomingMaxBufferedDatagrams: 64, outgoingMaxAge: 100 });
  const older = await opened({ queue: { incomingHighWaterMark: 1 } });
  expect(older.session.datagrams.incomingHighWaterMark).toBe(64);
  expect('incomingMaxBufferedDatagrams' in older.session.datagrams).toBe(false);
});

test('datagrams beyond 64 that wait are thrown away and counted', async () => {
  const { session, link } = await opened();
  session.datagramPipe.hold = new Promise(() => {});
  for (let count = 0; count < 66; count++) expect(link.sendDatagram(Uint8Array.of(count))).toBe(true);
  expect(link.datagramsDropped).toBe(2);
});

test('close lets out what was sent, finishes the stream, and closes with the code', async () => {
  const { session, link, handlers } = await opened();
  link.send(gameFrame({ seq: 1 }));
  link.close(4001, 'nothing heard');
  link.close(1000);
  expect(session.closedWith).toBeUndefined();
  await settle();
  expect(session.stream.written).toHaveLength(1);
  expect(session.stream.finished).toBe(true);
  expect(session.closedWith).toEqual({ closeCode: 4001, reason: 'nothing heard' });
  expect(handlers.closes).toEqual([{ code: 4001, reason: 'nothing heard' }]);
  expect(link.sendDatagram(Uint8Array.of(1))).toBe(false);
});

test('a close waits half a second for a stream that does not move', async () => {
  vi.useFakeTimers();
  try {
    const { session, link } = await opened();
    session.stream.hold = new Promise(() => {});
    link.send(gameFrame({ seq: 1 }));
    link.close();
    await vi.advanceTimersByTimeAsync(499);
    expect(session.closedWith).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(session.closedWith).toEqual({ closeCode: 1000, reason: '' });
  } finally {
    vi.useRealTimers();
  }
});

test('a page that goes away closes the session at once, one that has ended is left alone', async () => {
  const page = new EventTarget();
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
  try {
    const [left, stayed] = [await opened(), await opened()];
    await stayed.session.end(4000, 'gateway shuts down');
    page.dispatchEvent(new Event('pagehide'));
    expect(left.session.closedWith).toEqual({ closeCode: 1001, reason: 'the page went away' });
    await settle();
    expect(left.handlers.closes).toEqual([{ code: 1001, reason: 'the page went away' }]);
    expect(stayed.session.closedWith).toBeUndefined();
  } finally {
    vi.unstubAllGlobals();
  }
});

test("the gateway's close code is told, a loss is told as 0, each once", async () => {
  const closed = await opened();
  await closed.session.end(4100, 'too many connections');
  expect(closed.handlers.closes).toEqual([{ code: 4100, reason: 'too many connections' }]);
  const lost = await opened();
  await lost.session.lose();
  expect(lost.handlers.closes).toEqual([{ code: 0, reason: '' }]);
});

test('a refused handshake rejects and tells the owner nothing', async () => {
  const { session, opening, handlers } = await begin();
  await session.refuse('Opening handshake failed.');
  await expect(opening).rejects.toThrow('Opening handshake failed.');
  expect(handlers.closes).toEqual([]);
});

test('an aborted attempt is let finish and closed then', async () => {
  const { session, opening, controller } = await begin();
  controller.abort(new Error('the other transport won'));
  await expect(opening).rejects.toThrow('the other transport won');
  expect(session.closedWith).toBeUndefined();
  await session.becomeReady();
  await settle();
  expect(session.closedWith).toEqual({ closeCode: 1000, reason: '' });
});

test('certificate hashes are asked for before each attempt', async () => {
  const ask = vi.fn(async () => [HASH]);
  const { session } = await begin({}, { certificateHashes: ask });
  expect(ask).toHaveBeenCalledOnce();
  const [pinned] = session.options?.serverCertificateHashes ?? [];
  expect(pinned).toEqual({ algorithm: 'sha-256', value: new Uint8Array(32).fill(0xab) });
  const trusted = await begin({}, { certificateHashes: async () => undefined });
  expect(trusted.session.options).not.toHaveProperty('serverCertificateHashes');
});

test('a hash that is none fails the attempt', async () => {
  const { opening } = await begin({}, { certificateHashes: ['12'] });
  await expect(opening).rejects.toThrow('a certificate hash is 64 hex digits');
});

test('a platform without WebTransport says so', async () => {
  await expect(browserWebTransportLink(URL)(new RecordingHandlers())).rejects.toThrow('not supported here');
});
