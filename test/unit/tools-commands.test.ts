import { afterEach, expect, test, vi } from 'vitest';
import { runClient } from '../../tools/client-command.ts';
import { runLoad } from '../../tools/load-command.ts';
import { type EchoGateway, type EchoGatewayOptions, startEchoGateway } from '../support/echo-gateway.ts';
import { eventually } from '../support/recording-sink.ts';

let gateway: EchoGateway | undefined;

afterEach(async () => {
  vi.restoreAllMocks();
  await gateway?.close();
  gateway = undefined;
});

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a command with what it prints captured. */
async function run(command: (args: string[]) => Promise<number>, args: string[]): Promise<Outcome> {
  let stdout = '';
  let stderr = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    stdout += text;
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr += text;
    return true;
  });
  const code = await command(args);
  vi.restoreAllMocks();
  return { code, stdout, stderr };
}

async function runAgainst(
  command: (args: string[]) => Promise<number>,
  args: string[],
  options: EchoGatewayOptions = {},
): Promise<Outcome> {
  gateway = await startEchoGateway(options);
  return run(command, ['--addr', gateway.address, ...args]);
}

const LOAD = ['--json', '--conn', '5', '--msg', '4', '--rampup', '0', '--interval', '1'];

test('load sends every message, measures every answer, and prints one JSON object', async () => {
  const { code, stdout } = await runAgainst(runLoad, LOAD);
  const report = JSON.parse(stdout);
  expect(report).toMatchObject({ connected: 5, sent: 20, answered: 20, received: 20, lost: 0, ok: true });
  expect(report.latencyUs.p50).toBeGreaterThan(0);
  expect(report.latencyUs.max).toBeGreaterThanOrEqual(report.latencyUs.p99);
  expect(report.msgsPerSec).toBeGreaterThan(0);
  expect(code).toBe(0);
});

test('load without pause keeps its window full until all is answered', async () => {
  const args = [
    '--json',
    '--conn',
    '3',
    '--msg',
    '100',
    '--rampup',
    '0',
    '--interval',
    '0',
    '--in-flight',
    '8',
  ];
  const { code, stdout } = await runAgainst(runLoad, args);
  expect(JSON.parse(stdout)).toMatchObject({ sent: 300, answered: 300, lost: 0 });
  expect(code).toBe(0);
});

test('load with a window sends what is owed once there is room', async () => {
  const { code, stdout } = await runAgainst(runLoad, [...LOAD, '--in-flight', '1']);
  expect(JSON.parse(stdout)).toMatchObject({ sent: 20, answered: 20 });
  expect(code).toBe(0);
});

test('load counts acknowledgements as answers with --ack', async () => {
  const { code, stdout } = await runAgainst(runLoad, [...LOAD, '--ack']);
  expect(JSON.parse(stdout)).toMatchObject({ sent: 20, answered: 20 });
  expect(code).toBe(0);
});

test('load on chat matches the relayed copies of its own messages among all', async () => {
  const { code, stdout } = await runAgainst(runLoad, [...LOAD, '--route', 'chat', '--hold', '0.2']);
  expect(JSON.parse(stdout)).toMatchObject({ sent: 20, answered: 20, lost: 0 });
  expect(JSON.parse(stdout).received).toBeGreaterThanOrEqual(20);
  expect(code).toBe(0);
});

test('load reports what stays unanswered as lost and exits 1', async () => {
  const { code, stdout } = await runAgainst(runLoad, [...LOAD, '--timeout', '1500'], { swallowedSeq: 2 });
  expect(JSON.parse(stdout)).toMatchObject({ sent: 20, answered: 15, lost: 5, ok: false });
  expect(code).toBe(1);
});

test('load counts errors by code and exits 1', async () => {
  const { code, stdout } = await runAgainst(runLoad, LOAD, { refuseWith: 'BUSY' });
  expect(JSON.parse(stdout)).toMatchObject({ sent: 20, answered: 0, lost: 0, errors: { BUSY: 20 } });
  expect(code).toBe(1);
});

test('load counts connections that the gateway ends, by close code', async () => {
  const { code, stdout } = await runAgainst(runLoad, LOAD, { kickAtSeq: 3 });
  expect(JSON.parse(stdout).dropped).toEqual({ '4205 disconnected by a backend': 5 });
  expect(code).toBe(1);
});

test('load names why connections failed', async () => {
  gateway = await startEchoGateway();
  const { address } = gateway;
  await gateway.close();
  const { code, stdout } = await run(runLoad, ['--addr', address, ...LOAD]);
  const report = JSON.parse(stdout);
  expect(report.connected).toBe(0);
  expect(Object.entries(report.connectFailures)).toEqual([[expect.stringContaining('ECONNREFUSED'), 5]]);
  expect(code).toBe(1);
});

test('load ends early at SIGINT and prints what it has', async () => {
  gateway = await startEchoGateway();
  const args = ['--addr', gateway.address, '--json', '--conn', '2', '--msg', '100000', '--rampup', '0'];
  const ended = run(runLoad, [...args, '--interval', '10']);
  await eventually(() => process.listenerCount('SIGINT') > 0, 'the command to listen');
  process.emit('SIGINT');
  const { stdout } = await ended;
  expect(JSON.parse(stdout).sent).toBeLessThan(100_000);
  expect(process.listenerCount('SIGINT')).toBe(0);
});

test('load prints a table for people', async () => {
  const { code, stdout } = await runAgainst(runLoad, LOAD.slice(1));
  expect(stdout).toMatch(/^connections +5 of 5/m);
  expect(stdout).toMatch(/^latency p99 +\d+\.\d{3} ms$/m);
  expect(code).toBe(0);
});

const CLIENT = ['--json', '--messages', '3', '--interval', '1'];

test('client awaits the response of each game frame', async () => {
  const { code, stdout } = await runAgainst(runClient, CLIENT);
  expect(JSON.parse(stdout)).toMatchObject({ sent: 3, answered: 3, received: 3, lost: 0, ok: true });
  expect(code).toBe(0);
});

test('client awaits the relayed copy of each chat frame', async () => {
  const { code, stdout } = await runAgainst(runClient, [...CLIENT, '--route', 'chat']);
  expect(JSON.parse(stdout)).toMatchObject({ sent: 3, answered: 3, lost: 0 });
  expect(code).toBe(0);
});

test('client exits 1 on errors, on silence and without gateway', async () => {
  const refused = await runAgainst(runClient, CLIENT, { refuseWith: 'UNKNOWN_GAME' });
  expect(JSON.parse(refused.stdout).errors).toEqual({ UNKNOWN_GAME: 3 });
  expect(refused.code).toBe(1);
  await gateway?.close();
  const silent = await runAgainst(runClient, [...CLIENT, '--timeout', '1500'], { swallowedSeq: 3 });
  expect(JSON.parse(silent.stdout)).toMatchObject({ sent: 3, answered: 2, lost: 1, errors: {} });
  expect(silent.code).toBe(1);
  await gateway?.close();
  const away = await run(runClient, ['--addr', '127.0.0.1:1', ...CLIENT]);
  expect(Object.keys(JSON.parse(away.stdout).connectFailures)[0]).toContain('ECONNREFUSED');
  expect(away.code).toBe(1);
});

test('client shows each answer to people', async () => {
  const { stdout } = await runAgainst(runClient, CLIENT.slice(1));
  expect(stdout).toMatch(/^1: 64 bytes, msgId 1001, in \d+\.\d{3} ms$/m);
});

test.each([
  [['--conn', '0'], '--conn: found "0", expected a whole number from 1 to 100000'],
  [['--conn', '1e3'], '--conn: found "1e3"'],
  [['--addr', 'localhost'], '--addr: found "localhost", expected host:port'],
  [['--path', 'ws'], '--path: found "ws", expected a path that begins with /'],
  [['--route', 'system'], '--route: found "system", expected one of chat, game'],
  [['--transport', 'quic'], '--transport: found "quic", expected one of websocket'],
  [['--rampup', '-1'], '--rampup'],
  [['--nonsense'], "'--nonsense'"],
  [['--conn'], '--conn'],
  [['stray'], 'stray'],
])('load refuses %j, exits 2 and says why', async (args, message) => {
  const { code, stdout, stderr } = await run(runLoad, args);
  expect(stderr).toContain(message);
  expect(stdout).toBe('');
  expect(code).toBe(2);
});

test('client refuses a flag of load', async () => {
  const { code, stderr } = await run(runClient, ['--rampup', '1']);
  expect(stderr).toContain('--rampup');
  expect(code).toBe(2);
});

test.each([
  ['load', runLoad],
  ['client', runClient],
])('%s --help prints the flags and exits 0', async (name, command) => {
  const { code, stdout } = await run(command, ['--help']);
  expect(stdout).toContain(`usage: ${name}`);
  expect(code).toBe(0);
});
