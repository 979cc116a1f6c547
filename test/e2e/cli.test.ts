import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Cli, runCli } from '../support/cli.ts';
import { WAIT_MS_MAX } from '../support/deadline.ts';
import { gameFrame } from '../support/frames.ts';
import { openWebSocketClient, type TestClient } from '../support/test-client.ts';

const FREE_PORTS = [
  ...[
    '--websocket.host',
    '127.0.0.1',
    '--websocket.port',
    '0',
    '--metrics.host=127.0.0.1',
    '--metrics.port=0',
  ],
  ...['--quic.enabled=false', '--web.enabled=false'],
];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dualgate-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const started: Cli[] = [];
afterEach(async () => {
  for (const cli of started.splice(0)) {
    cli.signal('SIGKILL');
    await cli.exit();
  }
});

const WEBSOCKET = /WebSocket +(ws:\/\/127\.0\.0\.1:\d+\/ws)/;

async function expectCleanEnd(cli: Cli, client: TestClient, signal: 'SIGINT' | 'SIGTERM'): Promise<void> {
  const startedMs = performance.now();
  cli.signal(signal);
  expect(await client.closed).toEqual({ code: 4000, reason: 'gateway shuts down' });
  expect(await cli.exit()).toBe(0);
  expect(performance.now() - startedMs).toBeLessThan(WAIT_MS_MAX);
  expect(cli.stderr).not.toContain('rror');
}

/** A gateway that runs, with the addresses that it prints. */
async function serve(...args: string[]) {
  const cli = new Cli(['serve', ...FREE_PORTS, ...args]);
  started.push(cli);
  const webSocket = await cli.shown(WEBSOCKET);
  const metrics = await cli.shown(/Metrics +(http:\/\/127\.0\.0\.1:\d+)\/metrics/);
  return { cli, webSocket, metrics, addr: new URL(webSocket).host };
}

describe('serve', () => {
  it('prints where everything is, works there, and ends with 0 on SIGINT', async () => {
    const { cli, webSocket, metrics } = await serve('--gateway.id', 'g7');
    expect(cli.stdout).toMatch(/^dualgate g7 is running/);
    expect(cli.stdout).toMatch(/Queue +in memory/);
    const client = await openWebSocketClient(webSocket);
    client.send(gameFrame(1));
    expect(await client.takeSeq(1)).toMatchObject({ route: 2, msgId: 1001, flags: 1 });
    expect((await fetch(`${metrics}/ready`)).status).toBe(200);
    const page = await (await fetch(`${metrics}/metrics`)).text();
    expect(page).toContain('dualgate_connections{transport="websocket"} 1');
    await expectCleanEnd(cli, client, 'SIGINT');
  });

  it('is the command where none is named, takes the environment, and ends with 0 on SIGTERM', async () => {
    const cli = new Cli(FREE_PORTS, { DUALGATE_GATEWAY_ID: 'from-env' });
    started.push(cli);
    expect(await cli.shown(/^dualgate (\S+) is running/)).toBe('from-env');
    const client = await openWebSocketClient(await cli.shown(WEBSOCKET));
    await expectCleanEnd(cli, client, 'SIGTERM');
  });

  it('names a port that is taken and exits 1, and serves the commands meanwhile', async () => {
    const { addr } = await serve();
    const port = addr.split(':')[1];
    const [webSocket, metrics, client, load] = await Promise.all([
      runCli(['serve', ...FREE_PORTS, `--websocket.port=${port}`]),
      runCli(['serve', ...FREE_PORTS, `--metrics.port=${port}`]),
      runCli(['client', '--addr', addr, '--messages', '3', '--interval', '1', '--json']),
      runCli([
        'load',
        '--addr',
        addr,
        '--conn',
        '5',
        '--msg',
        '4',
        '--interval',
        '1',
        '--rampup',
        '0',
        '--json',
      ]),
    ]);
    for (const { code, stderr } of [webSocket, metrics]) {
      expect(code).toBe(1);
      expect(stderr).toMatch(new RegExp(`^dualgate: .*${port}`, 'm'));
      expect(stderr).not.toContain('    at ');
    }
    expect([client.code, client.stderr]).toEqual([0, '']);
    expect(JSON.parse(client.stdout)).toMatchObject({ sent: 3, answered: 3, lost: 0, ok: true });
    expect(load.code).toBe(0);
    expect(JSON.parse(load.stdout)).toMatchObject({ sent: 20, answered: 20, lost: 0, ok: true });
  });
});

describe('the configuration', () => {
  it('is shown by check-config, from the file of DUALGATE_CONFIG, with secrets masked', async () => {
    const file = join(folder, 'gateway.yaml');
    writeFileSync(file, 'websocket:\n  port: 1234\nredis:\n  password: hunter2hunter2\n');
    const { code, stdout, stderr } = await runCli(['check-config'], { DUALGATE_CONFIG: file });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).not.toContain('hunter2hunter2');
    expect(JSON.parse(stdout)).toMatchObject({ redis: { password: '[set]' }, websocket: { port: 1234 } });
  });

  it.each([
    ['check-config', '--websocket.port=99999', 'websocket.port: found 99999, expected at most 65535'],
    ['serve', '--config=/nowhere/x.json', 'configuration (/nowhere/x.json):'],
  ])('that is bad ends %s %s with 2 and says why', async (command, flag, text) => {
    const { code, stdout, stderr } = await runCli([command, flag]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(text);
    expect(stderr).not.toContain('    at ');
  });
});

describe('other commands', () => {
  it('client exits 1 with nobody there', async () => {
    const { code, stdout } = await runCli(['client', '--addr', '127.0.0.1:1', '--messages', '1', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false });
  });

  it('an unknown command exits 2 with the usage, help exits 0', async () => {
    const [unknown, help] = await Promise.all([runCli(['sevre']), runCli(['--help'])]);
    expect([unknown.code, unknown.stdout]).toEqual([2, '']);
    expect(unknown.stderr).toContain('unknown command sevre');
    expect(help.code).toBe(0);
    expect(help.stdout).toMatch(/^usage: dualgate/);
  });
});
