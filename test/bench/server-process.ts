import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { BenchContext } from './bench.ts';
import { isReply, isStarted, type Reply, type Request } from './servers/serve-child.ts';

const START_DEADLINE_MS = 10_000;
const STOP_DEADLINE_MS = 3_000;

/** A server under test in a process of its own: one of `servers/`, with `argument` for it as JSON. */
export class ServerProcess {
  readonly port: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  /** `name` without ending. Rejects where the child ends or does not say in time where it listens. */
  static async start(context: BenchContext, name: string, argument: object): Promise<ServerProcess> {
    const { profileDir } = context;
    const profiling =
      profileDir === undefined
        ? []
        : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`, `--cpu-prof-name=${name}-${Date.now()}.cpuprofile`];
    const script = new URL(`./servers/${name}.js`, import.meta.url);
    const child = fork(script, [JSON.stringify(argument)], { execArgv: ['--expose-gc', ...profiling] });
    const stopWithUs = (): void => void child.kill('SIGKILL');
    process.once('exit', stopWithUs);
    child.once('exit', () => process.off('exit', stopWithUs));
    try {
      const message = await nextMessage(child, START_DEADLINE_MS);
      if (!isStarted(message)) throw new Error(`server ${name} did not start`);
      return new ServerProcess(child, message.port);
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }

  /** Processor time of the child so far, in microseconds. */
  async cpuUs(): Promise<number> {
    return (await this.#ask('usage')).cpuUs;
  }

  /** Memory after garbage collections. */
  memory(): Promise<Reply> {
    return this.#ask('collect');
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    const deadline = setTimeout(() => this.#child.kill('SIGKILL'), STOP_DEADLINE_MS);
    this.#child.disconnect();
    await exited;
    clearTimeout(deadline);
  }

  async #ask(request: Request): Promise<Reply> {
    const reply = nextMessage(this.#child, START_DEADLINE_MS);
    this.#child.send(request);
    const message = await reply;
    if (!isReply(message)) throw new Error(`unexpected answer to ${request}`);
    return message;
  }
}

function nextMessage(child: ChildProcess, deadlineMs: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      child.off('message', onMessage);
      child.off('exit', onExit);
      act();
    };
    const onMessage = (message: unknown): void => settle(() => resolve(message));
    const onExit = (): void => settle(() => reject(new Error('the server under test ended')));
    const timer = setTimeout(
      () => settle(() => reject(new Error('the server under test does not answer'))),
      deadlineMs,
    );
    child.on('message', onMessage);
    child.on('exit', onExit);
  });
}
