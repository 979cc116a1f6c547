import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { startRedis } from '../support/redis-server.ts';
import type { Comparison, Group } from './bench.ts';
import { downstream } from './groups/downstream.ts';
import { fanOut } from './groups/fan-out.ts';
import { heartbeats } from './groups/heartbeats.ts';
import { held } from './groups/held.ts';
import { history } from './groups/history.ts';
import { latency } from './groups/latency.ts';
import { memory } from './groups/memory.ts';
import { paced } from './groups/paced.ts';
import { queues } from './groups/queues.ts';
import { sessionMemory } from './groups/session-memory.ts';
import { sessions } from './groups/sessions.ts';
import { upstream, upstreamApart, upstreamWide } from './groups/upstream.ts';
import { webTransportDatagrams, webTransportSingle, webTransportStream } from './groups/webtransport-echo.ts';
import { webTransportAccept, webTransportMemory } from './groups/webtransport-sessions.ts';
import { markdownGroup } from './markdown.ts';
import { BENCH_USAGE, type BenchOptions, parseBenchOptions } from './options.ts';
import { formatGroup, formatList, toJson } from './report.ts';
import { type GroupResult, runGroup } from './run-group.ts';
import { prepareWebTransport } from './webtransport-context.ts';

/** Add a group here; add a row in its group's file. */
const GROUPS: readonly Group[] = [
  upstream,
  upstreamApart,
  upstreamWide,
  downstream,
  history,
  ...fanOut,
  latency,
  paced,
  queues,
  memory,
  webTransportStream,
  webTransportDatagrams,
  webTransportSingle,
  webTransportAccept,
  webTransportMemory,
  held,
  heartbeats,
  sessions,
  sessionMemory,
];

/** Exit codes: 0 measured (aims met or not), 1 failed, 2 called wrongly. */
async function main(args: string[]): Promise<number> {
  let options: BenchOptions | undefined;
  try {
    options = parseBenchOptions(args);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${BENCH_USAGE}\n`);
    return 2;
  }
  if (options === undefined) {
    process.stdout.write(`${BENCH_USAGE}\n`);
    return 0;
  }
  const groups = chosenGroups(options.filter);
  if (options.list) process.stdout.write(`${formatList(groups)}\n`);
  else await runAll(groups, options);
  return 0;
}

async function runAll(groups: readonly Group[], options: BenchOptions): Promise<void> {
  const { seconds, rounds, profileDir, markdown } = options;
  const redis = await startRedis();
  const webTransport = await prepareWebTransport();
  const context = { redisAddr: redis.addr, profileDir, webTransport };
  const results: GroupResult[] = [];
  try {
    for (const group of groups) {
      if (group.needsWebTransport === true && webTransport === undefined) {
        process.stdout.write(`\n${group.title}: left out, the HTTP/3 addon cannot be loaded\n`);
        continue;
      }
      const result = await runGroup(group, context, { seconds, rounds, onProgress: showProgress });
      showProgress('');
      results.push(result);
      process.stdout.write(`${markdown ? markdownGroup(result) : formatGroup(result)}\n`);
      await mkdir(dirname(options.json), { recursive: true });
      await writeFile(options.json, toJson(results, { ...machine(), seconds, rounds }));
    }
  } finally {
    await webTransport?.remove();
    await redis.stop();
  }
  process.stdout.write(`\nmedian (min..max) over the rounds; written to ${options.json}\n`);
}

/** On a terminal only. */
function showProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}

function machine(): object {
  return {
    at: new Date().toISOString(),
    node: process.version,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryBytes: totalmem(),
  };
}

/** A group's name brings all its rows; a part of a row's name brings that row and those that it is compared with. */
function chosenGroups(filter: readonly string[]): Group[] {
  if (filter.length === 0) return [...GROUPS];
  const parts = filter.filter((part) => GROUPS.every((group) => group.name !== part));
  const fits = (name: string): boolean => parts.some((part) => name.includes(part));
  return GROUPS.flatMap((group) => {
    if (filter.includes(group.name)) return [group];
    const comparisons = group.comparisons.filter(({ row }) => fits(row));
    const wanted = new Set(comparisons.map(({ over }) => over));
    const rows = group.rows.filter((row) => fits(row.name) || wanted.has(row.name));
    return rows.length === 0 ? [] : [{ ...group, rows, comparisons: among(rows, comparisons) }];
  });
}

function among(rows: Group['rows'], comparisons: readonly Comparison[]): Comparison[] {
  const names = new Set(rows.map((row) => row.name));
  return comparisons.filter(({ row, over }) => names.has(row) && names.has(over));
}

process.exitCode = await main(process.argv.slice(2));
