import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A real redis-server on a loopback port, for one test file. */
export interface RedisServer {
  readonly port: number;
  /** `127.0.0.1:port`. */
  readonly addr: string;
  /** Ends the process at once, as a crash would (SIGKILL). */
  kill(): Promise<void>;
  /** Ends the process and removes its directory. Idempotent. */
  stop(): Promise<void>;
  /** Starts it again on the same port, after `kill` or while it runs. Data is gone unless a flag keeps it. */
  restart(): Promise<void>;
  /** The process stands still, and its sockets stay open (SIGSTOP). */
  pause(): void;
  resume(): void;
}

export interface RedisServerOptions {
  readonly password?: string;
  /** Further arguments of redis-server, such as `--cluster-enabled yes`. */
  readonly args?: readonly string[];
  /** Default: a free port. */
  readonly port?: number;
  /** Runs as a sentinel that watches the master on this port under the name `game`, with a quorum of one. */
  readonly sentinelOf?: number;
}

const READY_DEADLINE_MS = 10_000;
const PORT_TRIES = 5;

/** Resolves once the server answers PING. */
export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const directory = await mkdtemp(join(tmpdir(), 'dualgate-redis-'));
  for (let tries = 1; ; tries += 1) {
    const port = options.port ?? (await freePort());
    const server = new SpawnedRedis(port, directory, options);
    try {
      await server.launch();
      return server;
    } catch (error) {
      await server.kill();
      if (options.port === undefined && tries < PORT_TRIES) continue;
      await server.stop();
      throw error;
    }
  }
}

/** From here on a cluster's bus port, 10,000 above, would not exist. */
const PORT_LIMIT = 55_536;

/** A loopback port that was free a moment ago. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = await anyFreePort();
    if (port < PORT_LIMIT) return port;
  }
}

async function anyFreePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}

class SpawnedRedis implements RedisServer {
  readonly port: number;
  readonly addr: string;
  readonly #directory: string;
  readonly #options: RedisServerOptions;
  #child: ChildProcess | undefined;
  #exited: Promise<unknown> = Promise.resolve();
  readonly #onProcessExit = (): void => void this.#child?.kill('SIGKILL');

  constructor(port: number, directory: string, options: RedisServerOptions) {
    this.port = port;
    this.addr = `127.0.0.1:${port}`;
    this.#directory = directory;
    this.#options = options;
  }

  async launch(): Promise<void> {
    const child = spawn('redis-server', await this.#arguments(), { stdio: 'ignore' });
    this.#child = child;
    this.#exited = new Promise((resolve) => {
      child.once('error', resolve);
      child.once('exit', resolve);
    });
    process.once('exit', this.#onProcessExit);
    const ended = this.#exited.then((how) => {
      throw new Error(`redis-server ended at start (${String(how)}); is it installed?`);
    });
    await Promise.race([whenAnswers(this.port), ended]);
  }

  async #arguments(): Promise<string[]> {
    const { password, args = [], sentinelOf } = this.#options;
    const common = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.#directory];
    if (sentinelOf !== undefined) {
      const config = join(this.#directory, 'sentinel.conf');
      await writeFile(config, sentinelConfig(sentinelOf));
      return [config, '--sentinel', ...common];
    }
    const secret = password === undefined ? [] : ['--requirepass', password];
    return [...common, '--save', '', '--appendonly', 'no', '--daemonize', 'no', ...secret, ...args];
  }

  async kill(): Promise<void> {
    process.off('exit', this.#onProcessExit);
    this.#child?.kill('SIGKILL');
    await this.#exited;
    this.#child = undefined;
  }

  async stop(): Promise<void> {
    await this.kill();
    await rm(this.#directory, { recursive: true, force: true });
  }

  async restart(): Promise<void> {
    await this.kill();
    await this.launch();
  }

  pause(): void {
    this.#child?.kill('SIGSTOP');
  }

  resume(): void {
    this.#child?.kill('SIGCONT');
  }
}

function sentinelConfig(masterPort: number): string {
  return [
    `sentinel monitor game 127.0.0.1 ${masterPort} 1`,
    'sentinel down-after-milliseconds game 500',
    'sentinel failover-timeout game 3000',
    '',
  ].join('\n');
}

/** Any answer to PING will do: with a password it is an error, and the server is up all the same. */
async function whenAnswers(port: number): Promise<void> {
  const deadlineMs = Date.now() + READY_DEADLINE_MS;
  while (!(await ping(port))) {
    if (Date.now() > deadlineMs) throw new Error(`redis-server on port ${port} does not answer`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function ping(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.setTimeout(1000, () => socket.destroy());
    socket.once('data', (answer) => {
      const text = answer.toString('latin1');
      resolve(text.startsWith('+PONG') || text.startsWith('-NOAUTH'));
      socket.destroy();
    });
    socket.on('error', () => undefined);
    socket.once('close', () => resolve(false));
  });
}
