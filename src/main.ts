#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { banner } from './banner.ts';
import { ConfigError } from './config/config-error.ts';
import { configSources } from './config/flags.ts';
import { loadConfig } from './config/load.ts';
import { printable } from './config/printable.ts';
import type { Config } from './config/schema.ts';
import { StartError } from './errors.ts';
import { createLog, type Log } from './observe/log.ts';
import type { Running } from './serve.ts';

const USAGE = `usage: dualgate <command> [flags]

  serve         run the gateway (default)     --config file, --section.key=value
  client        send a few messages           --addr 127.0.0.1:8081 --messages 10 --interval 1000
  load          many clients at once          --conn 100 --msg 10 --interval 100 --rampup 5
  check-config  check and show the configuration
  help          this text; client --help and load --help show their flags
`;

/** Signals within this time of the first are the same request. */
const REPEATED_SIGNAL_MS = 1000;

/**
 * Exit codes: 0 done, 1 failed, 2 called or configured wrongly. A command's parts are loaded by need: those of `serve`
 * alone take half a second.
 */
async function run(args: readonly string[]): Promise<number> {
  const [command = 'serve', ...rest] = args[0]?.startsWith('-') ? ['serve', ...args] : args;
  const asksForHelp = rest.includes('--help') || rest.includes('-h');
  if (asksForHelp && command !== 'client' && command !== 'load') return help();
  switch (command) {
    case 'serve':
      return await runServe(configOf(rest));
    case 'client':
      return await (await import('../tools/client-command.ts')).runClient(rest);
    case 'load':
      return await (await import('../tools/load-command.ts')).runLoad(rest);
    case 'check-config':
      process.stdout.write(`${JSON.stringify(printable(configOf(rest)), undefined, 2)}\n`);
      return 0;
    case 'help':
      return help();
    default:
      process.stderr.write(`unknown command ${command}\n\n${USAGE}`);
      return 2;
  }
}

function help(): number {
  process.stdout.write(USAGE);
  return 0;
}

function configOf(args: readonly string[]): Config {
  return loadConfig(configSources(args, process.env, existsSync));
}

async function runServe(config: Config): Promise<number> {
  // Standard output is for people, the log is for machines.
  const log = createLog({ level: config.log.level, destination: process.stderr });
  const { serve } = await import('./serve.ts');
  const running = await serve(config, log);
  surviveBugs(running, log);
  process.stdout.write(banner(config, running));
  await untilAsked();
  process.stdout.write('closing\n');
  await running.close();
  return 0;
}

/** What nothing caught is a bug: it is logged and counted, and the other clients keep playing. */
function surviveBugs(running: Running, log: Log): void {
  const count = (origin: string) => (error: unknown) => {
    running.metrics.uncaught.add(1, origin);
    log.error({ error, origin }, 'uncaught error');
  };
  process.on('uncaughtException', count('exception'));
  process.on('unhandledRejection', count('rejection'));
}

/**
 * SIGINT or SIGTERM. A further one ends the process at once, but not within a second: npm and terminals may send the
 * same Ctrl-C twice.
 */
function untilAsked(): Promise<void> {
  return new Promise((resolve) => {
    let askedAtMs: number | undefined;
    const onSignal = (): void => {
      const nowMs = performance.now();
      if (askedAtMs !== undefined && nowMs - askedAtMs > REPEATED_SIGNAL_MS) process.exit(1);
      askedAtMs ??= nowMs;
      resolve();
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
  });
}

function report(error: unknown): number {
  if (error instanceof ConfigError) {
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
  const text =
    error instanceof StartError ? error.message : String(error instanceof Error ? error.stack : error);
  process.stderr.write(`dualgate: ${text}\n`);
  return 1;
}

process.exitCode = await run(process.argv.slice(2)).catch(report);
