import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GATEWAY } from './compile.mjs';
import { ensureDebianPackage } from './debian.mjs';
import { prepare } from './prepare.mjs';
import { inProject, runScript, SetupError, say } from './project.mjs';
import { runTool } from './run.mjs';
import { filesUnder } from './stamp.mjs';
import { countsOf, exitCodeFor, summaryLine } from './summary.mjs';

/** `npm test`: all set-up, real servers included, then the tests. `--stress` runs the long ones instead. */
await runScript(async () => {
  const args = process.argv.slice(2);
  await prepare(GATEWAY);
  await ensureDebianPackage('redis-server', 'redis-server');
  if (hasBrowserTests()) {
    await ensureDebianPackage('chromium', 'chromium');
    await wantFirefox();
  }
  return runTests(args);
});

/** The second engine: where it cannot be installed its tests are skipped, and say so. */
async function wantFirefox() {
  try {
    await ensureDebianPackage('firefox-esr', 'firefox-esr');
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(`the tests in Firefox are skipped: ${error.message}`);
  }
}

/** Tests that drive a browser carry it in their name, so that nobody installs one for a run without them. */
function hasBrowserTests() {
  return filesUnder(inProject('test')).some((file) => file.endsWith('.browser.test.ts'));
}

/** @param {readonly string[]} args */
async function runTests(args) {
  const folder = mkdtempSync(join(tmpdir(), 'dualgate-test-'));
  try {
    const reportFile = join(folder, 'report.json');
    const code = await runTool('node_modules/vitest/vitest.mjs', vitestArgs(args, reportFile));
    const counts = countsOf(readReport(reportFile), code);
    process.stdout.write(`${summaryLine(counts)}\n`);
    return exitCodeFor(counts);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {readonly string[]} args
 * @param {string} reportFile
 */
function vitestArgs(args, reportFile) {
  const project = args.includes('--stress') ? 'stress' : 'default';
  const others = args.filter((arg) => arg !== '--stress');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
  return ['run', '--project', project, ...reporters, ...others];
}

/**
 * The report, an empty one when vitest ended before it wrote any.
 * @param {string} file
 * @returns {import('./summary.mjs').VitestReport}
 */
function readReport(file) {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  return { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [] };
}
