import { openersOf } from './endpoint.ts';
import { LOAD_USAGE, type LoadOptions, parseLoadOptions } from './load-options.ts';
import { LoadProcesses } from './load-processes.ts';
import { type LoadCounts, type LoadResult, total } from './load-result.ts';
import { LoadRun } from './load-run.ts';
import { formatCounts, formatMs, formatTable, onInterrupts, Progress, runCommand } from './output.ts';

/**
 * `load`: many connections that send, and a table or (`--json`) one JSON object of what came back. Resolves with the
 * exit code: 0 without loss and error, 1 otherwise, 2 for bad flags. Never rejects.
 */
export function runLoad(args: string[]): Promise<number> {
  return runCommand(async () => {
    const options = parseLoadOptions(args);
    if (options === undefined) {
      process.stdout.write(`${LOAD_USAGE}\n`);
      return 0;
    }
    const result = await runWithProgress(options);
    process.stdout.write(
      `${options.json ? JSON.stringify(loadReport(options, result)) : loadTable(options, result)}\n`,
    );
    return result.clean ? 0 : 1;
  });
}

async function runWithProgress(options: LoadOptions): Promise<LoadResult> {
  const run =
    options.processes > 1 ? new LoadProcesses(options) : new LoadRun(options, await openersOf(options));
  const interrupts = onInterrupts(() => run.interrupt());
  const progress = options.json ? undefined : new Progress(() => progressLine(options, run.counts));
  try {
    return await run.run();
  } finally {
    progress?.stop();
    interrupts.release();
  }
}

function progressLine(options: LoadOptions, counts: LoadCounts): string {
  const { connected, sent, answered, errorCount } = counts;
  return `${connected}/${options.connections} connected, ${sent} sent, ${answered} answered, ${errorCount} errors`;
}

function loadTable(options: LoadOptions, result: LoadResult): string {
  const unit = options.ack ? 'acknowledged' : 'answered';
  return formatTable([
    ['connections', `${result.connected} of ${options.connections} (${options.transport}, ${options.url})`],
    ['connect failures', formatCounts(result.connectFailures)],
    ['dropped', formatCounts(result.dropped)],
    ['sent', String(result.sent)],
    [unit, String(result.answered)],
    ['received', String(result.received)],
    ['lost', String(result.lost)],
    ['errors', formatCounts(result.errors)],
    ['duration', `${(result.durationMs / 1_000).toFixed(3)} s`],
    ['rate', `${result.answersPerSec.toFixed(1)} msgs/s`],
    ['latency p50', formatMs(result.latencyUs(50))],
    ['latency p90', formatMs(result.latencyUs(90))],
    ['latency p99', formatMs(result.latencyUs(99))],
    ['latency max', formatMs(result.latencyUsMax)],
  ]);
}

function loadReport(options: LoadOptions, result: LoadResult) {
  return {
    tool: 'load',
    url: options.url,
    transport: options.transport,
    connections: options.connections,
    connected: result.connected,
    connectFailures: result.connectFailures,
    dropped: result.dropped,
    sent: result.sent,
    answered: result.answered,
    received: result.received,
    lost: result.lost,
    errorCount: total(result.errors),
    errors: result.errors,
    durationMs: result.durationMs,
    msgsPerSec: result.answersPerSec,
    latencyUs: {
      mean: Math.round(result.latencyUsMean),
      p50: result.latencyUs(50),
      p90: result.latencyUs(90),
      p99: result.latencyUs(99),
      max: result.latencyUsMax,
    },
    ok: result.clean,
  };
}
