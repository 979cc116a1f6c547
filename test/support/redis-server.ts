import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
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

const READY_DEADLINE_MS = 20_000;
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

/**
 * Below those that systems give to whoever asks for any (from 32,768 on Linux), and so is the bus port of a cluster's
 * node, 10,000 above: nobody gets the port of a server that is about to start, or between its end and its restart.
 */
const PORTS = { first: 11_000, count: 11_000 } as const;

/** A loopback port that was free a moment ago, and that only another call of this could give away. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = PORTS.first + randomInt(PORTS.count);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  return new Promise((resolve) => {
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
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
    await Promise.race([whenAnswers(this.port, child.pid, this.#options.password), ended]);
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

/** That process, and no other server that has the port. */
async function whenAnswers(
  port: number,
  pid: number | undefined,
  password: string | undefined,
): Promise<void> {
  const deadlineMs = Date.now() + READY_DEADLINE_MS;
  while (!(await answers(port, pid, password))) {
    if (Date.now() > deadlineMs) throw new Error(`redis-server on port ${port} does not answer`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** While it loads its data it tells about itself and answers no PING. */
function answers(port: number, pid: number | undefined, password: string | undefined): Promise<boolean> {
  const auth = password === undefined ? '' : `AUTH ${password}\r\n`;
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(`${auth}PING\r\nINFO server\r\n`));
    socket.setTimeout(1000, () => socket.destroy());
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
      if (!text.includes('process_id:') || !text.endsWith('\r\n')) return;
      resolve(text.includes('+PONG\r\n') && text.includes(`process_id:${pid}\r\n`));
      socket.destroy();
    });
    socket.on('error', () => undefined);
    socket.once('close', () => resolve(false));
  });
}
