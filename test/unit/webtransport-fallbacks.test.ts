import { describe, expect, it } from 'vitest';
import { encodeStreamChunk } from '../../src/protocol/framer.ts';
import { FlushList } from '../../transports/flush-list.ts';
import { ControlStream } from '../../transports/webtransport/control-stream.ts';
import {
  backingStream,
  closeClientGently,
  nativeDatagramWriter,
  nativeReading,
  onAcknowledged,
} from '../../transports/webtransport/native.ts';
import { refuseStream, SessionDriver } from '../../transports/webtransport/session-driver.ts';
import { frameOf, until } from '../compliance/transport-harness.ts';

/** Web streams alone: a library whose private parts are other ones. */
class PlainStream {
  readonly written: Uint8Array[] = [];
  #source: ReadableStreamDefaultController<Uint8Array> | undefined;
  readonly readable = new ReadableStream<Uint8Array>({
    start: (controller) => {
      this.#source = controller;
    },
  });
  readonly writable = new WritableStream<Uint8Array>({
    write: (chunk) => {
      this.written.push(chunk);
    },
  });

  receive(...frames: Uint8Array[]): void {
    this.#source?.enqueue(encodeStreamChunk(frames));
  }
}

class StreamStage {
  readonly plain = new PlainStream();
  readonly frames: Uint8Array[] = [];
  floods = 0;
  ends = 0;
  readonly stream: ControlStream;

  constructor(unreadBytesMax = 1_000) {
    const events = {
      onFrame: (frame: Uint8Array) => this.frames.push(frame.slice()),
      onFrameTooLarge: () => {},
      onFlooded: () => {
        this.floods++;
      },
      onDrain: () => {},
      onEnd: () => {
        this.ends++;
      },
      onFault: () => {},
    };
    this.stream = new ControlStream(this.plain, events, {
      backing: this.plain,
      flushList: new FlushList(),
      frameBytesMax: 10_000,
      highWaterBytes: 1_000,
      unreadBytesMax,
    });
    this.stream.start();
  }
}

function plainSession() {
  const written: Uint8Array[] = [];
  const pending = new Promise<never>(() => {});
  let closeNow: (info: { closeCode: number; reason: string }) => void = () => {};
  const session = {
    state: 'connected',
    ready: Promise.resolve(),
    closed: new Promise<{ closeCode: number; reason: string }>((resolve) => {
      closeNow = resolve;
    }),
    draining: pending,
    datagrams: {
      readable: new ReadableStream<Uint8Array>(),
      maxDatagramSize: 5_000,
      createWritable: () =>
        new WritableStream<Uint8Array>({
          write: (chunk) => {
            written.push(chunk);
          },
        }),
    },
    incomingBidirectionalStreams: new ReadableStream<PlainStream>(),
    incomingUnidirectionalStreams: new ReadableStream<ReadableStream<Uint8Array>>(),
    createBidirectionalStream: () => pending,
    getStats: () => pending,
    close: (info: { closeCode: number; reason: string }) => closeNow(info),
  };
  return { session, written };
}

describe('without the private parts of the library', () => {
  it('they are not found', () => {
    const { session } = plainSession();
    const stream = new PlainStream();
    expect(nativeReading(stream)).toBeUndefined();
    expect(nativeReading({ objint: { stopReading: 7 } })).toBeUndefined();
    expect(nativeDatagramWriter(session)).toBeUndefined();
    expect(onAcknowledged(stream, () => {})).toBe(false);
    expect(backingStream(session, stream)).toBe(stream);
    expect(() => closeClientGently(session)).not.toThrow();
  });

  it('a paused stream keeps what comes, in order, and hands it over on resume', async () => {
    const { plain, stream, frames } = new StreamStage();
    stream.pause();
    plain.receive(frameOf(10, 1));
    plain.receive(frameOf(10, 2), frameOf(10, 3));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(frames).toHaveLength(0);
    stream.resume();
    plain.receive(frameOf(10, 4));
    await until(() => frames.length === 4, 'all frames');
    expect(frames).toEqual([1, 2, 3, 4].map((number) => frameOf(10, number)));
  });

  it('a paused stream is flooded above its limit, not at it', async () => {
    const stage = new StreamStage(104);
    stage.stream.pause();
    stage.plain.receive(frameOf(100));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(stage.floods).toBe(0);
    stage.plain.receive(frameOf(0));
    await until(() => stage.floods === 1, 'the flood');
  });

  it('a finish is done when the stream has taken it', async () => {
    const { plain, stream } = new StreamStage();
    stream.send(frameOf(10));
    await new Promise<void>((resolve) => stream.finish(resolve));
    expect(plain.written).toEqual([encodeStreamChunk([frameOf(10)])]);
  });

  it('datagrams go by the public writable, within the budget', async () => {
    const { session, written } = plainSession();
    const ends: unknown[] = [];
    const driver = new SessionDriver(session, {
      onStream: refuseStream,
      onStreamRefused: () => {},
      onDatagram: () => {},
      onEnd: (info) => ends.push(info),
      onFault: () => {},
    });
    driver.start();
    expect(driver.datagramBytesMax).toBe(1150);
    expect(driver.sendDatagram(frameOf(1151))).toBe(false);
    expect(driver.sendDatagram(frameOf(1150))).toBe(true);
    await until(() => written.length === 1, 'the datagram');
    driver.close(4000, 'bye');
    await until(() => ends.length === 1, 'the end');
    expect(ends).toEqual([{ closeCode: 4000, reason: 'bye' }]);
    expect(driver.datagramBytesMax).toBe(0);
    expect(driver.sendDatagram(frameOf(1))).toBe(false);
  });
});
