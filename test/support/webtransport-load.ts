import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { certificateHash } from '../../transports/webtransport/certificate-check.ts';
import type { LibrarySession } from '../../transports/webtransport/library.ts';
import { until } from '../compliance/transport-harness.ts';
import { WAIT_MS_MAX } from './deadline.ts';
import type { TestServer } from './webtransport-server.ts';

const VANISHING_CLIENTS = join(import.meta.dirname, 'children', 'vanishing-clients.mjs');
const CLIENTS_PER_CHILD = 25;
/** On loopback a handshake takes some 10 ms. */
const DELAY_MAX_MS = 16;

/** Resolves when `count` clients in child processes have vanished, each after a random time up to `delayMaxMs`. */
export async function vanishInHandshake(
  server: TestServer,
  count: number,
  delayMaxMs = DELAY_MAX_MS,
): Promise<void> {
  const hash = certificateHash(server.certificate.certPem);
  const args = [VANISHING_CLIENTS, server.url, hash, `${CLIENTS_PER_CHILD}`, `${delayMaxMs}`];
  for (let gone = 0; gone < count; ) {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    child.stdout.on('data', (dots: Buffer) => {
      gone += dots.length;
    });
    const [code] = await once(child, 'close');
    // One that the child crashed with has vanished too.
    if (code !== 0) gone++;
  }
}

/** Opens and closes `count` sessions with a control stream, `parallel` at a time. */
export async function connectAndClose(server: TestServer, count: number, parallel: number): Promise<void> {
  let started = 0;
  const one = async () => {
    while (started++ < count) {
      const session = await server.session();
      const stream = await session.createBidirectionalStream();
      const writer = stream.writable.getWriter();
      writer.closed.catch(ignore);
      await writer.write(Uint8Array.of(0));
      session.close({ closeCode: 1000, reason: '' });
      await session.closed.catch(ignore);
    }
  };
  await Promise.all(Array.from({ length: parallel }, one));
}

/** Opens `count` streams besides the control stream, each with some bytes, one after the other as credit comes. */
export async function openShortStreams(session: LibrarySession, count: number): Promise<void> {
  for (let opened = 0; opened < count; ) {
    const stream = await session.createBidirectionalStream().catch(ignore);
    if (stream === undefined) {
      // No credit: the server gives some as it gets rid of those that are there.
      await new Promise((resolve) => setTimeout(resolve, 1));
      continue;
    }
    opened++;
    const writer = stream.writable.getWriter();
    writer.closed.catch(ignore);
    writer.write(new Uint8Array(100)).catch(ignore);
    stream.readable.getReader().closed.catch(ignore);
  }
}

/** Resident memory of the process after a collection, in MiB. */
export function rssMiB(): number {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') throw new Error('no garbage collector to call');
  collect();
  return process.memoryUsage().rss / 2 ** 20;
}

/** Waits until the gateway has ended every connection. */
export async function allClosed(server: TestServer, deadlineMs = WAIT_MS_MAX): Promise<void> {
  await until(
    () => server.recorders.every(({ closes }) => closes.length === 1),
    'every connection has ended',
    deadlineMs,
  );
}

function ignore(): undefined {}
