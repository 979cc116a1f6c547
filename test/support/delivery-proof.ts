import { Redis } from 'ioredis';
import { WebSocket } from 'ws';
import { forEachFrame } from '../../src/protocol/batch.ts';
import { decodeUpstreamBatch } from '../../src/protocol/envelopes.ts';
import {
  encodeFrame,
  FLAG,
  payloadOf,
  readFlags,
  readMsgId,
  readRoute,
  readSeq,
} from '../../src/protocol/header.ts';
import { decodeWelcome, encodeHello, SYSTEM } from '../../src/protocol/system.ts';
import { GatewayProcess } from './gateway-process.ts';
import { freePort, startRedis } from './redis-server.ts';

export interface ProofOptions {
  /** Frames to be acknowledged, over all clients. */
  readonly frames: number;
  readonly clients: number;
  /** Each so often, at a random moment: SIGKILL, and start again. */
  readonly redisKills: number;
  readonly gatewayKills: number;
}

export interface ProofResult {
  readonly acknowledged: number;
  /** Acknowledged, and not in the stream. */
  readonly lost: number;
  /** In the stream more than once. */
  readonly doubled: number;
  /** Sent, and without answer when the session ended: in the stream once, or not. */
  readonly unknown: number;
  /** Frames sent again with the same seq. */
  readonly resent: number;
}

const WINDOW = 100;
const RESEND_MS = 700;
const RECONNECT_MS = 50;
const POLL_MS = 10;

/**
 * Clients that send frames with ackRequested through a gateway process into Redis Streams, while Redis (which writes
 * every command to its file before it answers) and the gateway are killed; then counts what is in the stream.
 */
export async function proveDelivery(options: ProofOptions): Promise<ProofResult> {
  const redis = await startRedis({ args: ['--appendonly', 'yes', '--appendfsync', 'always'] });
  const port = await freePort();
  const gateway = new GatewayProcess({
    'websocket.port': String(port),
    'websocket.host': '127.0.0.1',
    'quic.enabled': 'false',
    'metrics.enabled': 'false',
    'web.enabled': 'false',
    'bridge.kind': 'redis-streams',
    'bridge.stream_maxlen': '10000000',
    'redis.addr': redis.addr,
    games: '[{"id":"proof"}]',
    'limits.frames_per_sec': '1000000',
    'limits.frames_burst': '1000000',
    'log.level': 'silent',
  });
  const clients: ProofClient[] = [];
  try {
    await gateway.start();
    const each = Math.ceil(options.frames / options.clients);
    for (let index = 0; index < options.clients; index++) clients.push(new ProofClient(index, port, each));
    const acknowledged = (): number => clients.reduce((sum, client) => sum + client.acknowledged.size, 0);
    const kills = [
      ...Array(options.redisKills).fill(() => redis.restart()),
      ...Array(options.gatewayKills).fill(async () => {
        await gateway.kill();
        await gateway.start();
      }),
    ].sort(() => Math.random() - 0.5);
    for (const [index, kill] of kills.entries()) {
      const goal = (options.frames * (index + Math.random())) / kills.length;
      while (acknowledged() < goal) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      await kill();
    }
    await Promise.all(clients.map((client) => client.done));
    return await count(clients, redis.port);
  } finally {
    for (const client of clients) client.close();
    await gateway.kill();
    await redis.stop();
  }
}

async function count(clients: readonly ProofClient[], port: number): Promise<ProofResult> {
  const redis = new Redis(port, '127.0.0.1');
  const times = new Map<number, number>();
  for (let from = '-'; ; ) {
    const entries = await redis.xrangeBuffer('game:request:proof', from, '+', 'COUNT', 1000);
    for (const [, fields] of entries) {
      for (const { payload } of decodeUpstreamBatch(fields[1]) ?? []) {
        const id = idOf(payload);
        times.set(id, (times.get(id) ?? 0) + 1);
      }
    }
    const last = entries.at(-1);
    if (last === undefined) break;
    from = `(${last[0].toString()}`;
  }
  redis.disconnect();
  const all = clients.flatMap((client) => [...client.acknowledged]);
  return {
    acknowledged: all.length,
    lost: all.filter((id) => !times.has(id)).length,
    doubled: [...times.values()].filter((value) => value > 1).length,
    unknown: clients.reduce((sum, client) => sum + client.unknown, 0),
    resent: clients.reduce((sum, client) => sum + client.resent, 0),
  };
}

/** Field 15, fixed32: the number of the frame. */
function payloadOfId(id: number): Uint8Array {
  const payload = new Uint8Array(5);
  payload[0] = (15 << 3) | 5;
  new DataView(payload.buffer).setUint32(1, id, true);
  return payload;
}

function idOf(payload: Uint8Array): number {
  return new DataView(payload.buffer, payload.byteOffset, payload.length).getUint32(1, true);
}

/** Sends frames until enough are acknowledged; a frame without answer goes again, as long as its session lives. */
class ProofClient {
  readonly acknowledged = new Set<number>();
  readonly done: Promise<void>;
  unknown = 0;
  resent = 0;
  readonly #port: number;
  readonly #goal: number;
  readonly #resend: NodeJS.Timeout;
  /** Id by seq. */
  readonly #waiting = new Map<number, number>();
  #nextId: number;
  #seq = 0;
  #socket: WebSocket | undefined;
  #sessionId = '';
  #resumeToken = '';
  #ready = false;
  #closed = false;
  #settle = (): void => {};

  constructor(index: number, port: number, goal: number) {
    this.#port = port;
    this.#goal = goal;
    this.#nextId = index * 0x100_0000;
    this.done = new Promise((resolve) => {
      this.#settle = resolve;
    });
    this.#resend = setInterval(() => this.#sendAgain(), RESEND_MS);
    this.#connect();
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#resend);
    this.#socket?.terminate();
  }

  #connect(): void {
    if (this.#closed) return;
    const socket = new WebSocket(`ws://127.0.0.1:${this.#port}/ws`, { perMessageDeflate: false });
    socket.binaryType = 'nodebuffer';
    this.#socket = socket;
    socket.on('error', () => {});
    socket.on('open', () => socket.send(encodeHello({ resumeToken: this.#resumeToken }, 0)));
    socket.on('message', (data) => {
      if (Buffer.isBuffer(data)) this.#receive(data);
    });
    socket.on('close', () => {
      this.#ready = false;
      setTimeout(() => this.#connect(), RECONNECT_MS);
    });
  }

  #receive(frame: Uint8Array): void {
    const flags = readFlags(frame);
    if (flags & FLAG.batch) forEachFrame(payloadOf(frame), (inner) => this.#receive(inner));
    else if (flags & FLAG.ack) this.#onAck(readSeq(frame));
    else if (readRoute(frame) === 3 && readMsgId(frame) === SYSTEM.welcome) this.#onWelcome(frame);
  }

  /** A refused frame waits for the next round of sending again. */
  #onAck(seq: number): void {
    const id = this.#waiting.get(seq);
    if (id === undefined) return;
    this.#waiting.delete(seq);
    this.acknowledged.add(id);
    if (this.acknowledged.size >= this.#goal) this.#settle();
    this.#fill();
  }

  #onWelcome(frame: Uint8Array): void {
    const welcome = decodeWelcome(payloadOf(frame));
    if (welcome === undefined) return;
    this.#ready = true;
    this.#resumeToken = welcome.resumeToken;
    if (welcome.sessionId !== this.#sessionId) {
      this.unknown += this.#waiting.size;
      this.#waiting.clear();
    }
    this.#sessionId = welcome.sessionId;
    this.#sendAgain();
    this.#fill();
  }

  #sendAgain(): void {
    if (!this.#ready) return;
    for (const [seq, id] of this.#waiting) {
      this.resent++;
      this.#send(seq, id);
    }
  }

  #fill(): void {
    while (this.#ready && this.#waiting.size < WINDOW && this.acknowledged.size < this.#goal) {
      const seq = ++this.#seq;
      const id = this.#nextId++;
      this.#waiting.set(seq, id);
      this.#send(seq, id);
    }
  }

  #send(seq: number, id: number): void {
    this.#socket?.send(
      encodeFrame({ seq, route: 2, flags: FLAG.ackRequested, msgId: 1001 }, payloadOfId(id)),
    );
  }
}
