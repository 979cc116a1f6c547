import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { inProject } from '../../tools/setup/project.mjs';

/**
 * Stands for the gateway: says which signals it gets. Ends at a line of input, at a signal once nobody holds its input
 * any more, and after 15 s in any case.
 */
const GATEWAY = `
  let alone = false;
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.on(signal, () => {
      console.log(signal);
      if (alone) process.exit(0);
    });
  process.stdin.on('end', () => { alone = true; });
  process.stdin.on('data', () => { console.log('ends'); process.exit(0); });
  setTimeout(() => process.exit(1), 15_000);
  console.log('up');
`;

/** Stands for tools/setup/start.mjs. */
const START = `
  const { spawn } = await import('node:child_process');
  const { passSignals, endWithParent } = await import(process.env.SIGNALS);
  const child = spawn(process.execPath, ['-e', process.env.GATEWAY], { stdio: 'inherit' });
  passSignals(child, process.env.TERMINAL === 'yes');
  endWithParent(child);
`;

const started: ChildProcess[] = [];

afterEach(() => {
  for (const child of started.splice(0)) child.stdin?.end('end\n');
});

function start(command: string, args: readonly string[], terminal = 'no') {
  const signals = pathToFileURL(inProject('tools', 'setup', 'signals.mjs')).href;
  const env = { ...process.env, SIGNALS: signals, GATEWAY, START, TERMINAL: terminal };
  const child = spawn(command, [...args], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  started.push(child);
  return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
}

const START_ARGS = ['--input-type=module', '-e', START] as const;

it('passes a repeated signal on once', async () => {
  const { child, lines } = start(process.execPath, START_ARGS);
  expect((await lines.next()).value).toBe('up');
  child.kill('SIGINT');
  expect((await lines.next()).value).toBe('SIGINT');
  child.kill('SIGINT');
  child.kill('SIGTERM');
  expect((await lines.next()).value).toBe('SIGTERM');
  child.stdin.write('end\n');
  expect((await lines.next()).value).toBe('ends');
  await once(child, 'exit');
});

it('leaves Ctrl-C to the terminal, but passes on a SIGTERM', async () => {
  const { child, lines } = start(process.execPath, START_ARGS, 'yes');
  expect((await lines.next()).value).toBe('up');
  child.kill('SIGINT');
  child.kill('SIGTERM');
  expect((await lines.next()).value).toBe('SIGTERM');
});

it.skipIf(process.platform === 'win32')('ends the gateway when the shell before it dies', async () => {
  const { child, lines } = start('sh', [
    '-c',
    '"$0" --input-type=module -e "$START"; true',
    process.execPath,
  ]);
  expect((await lines.next()).value).toBe('up');
  child.kill('SIGTERM');
  expect((await lines.next()).value).toBe('SIGTERM');
});
