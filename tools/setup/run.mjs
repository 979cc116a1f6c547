import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { inProject, ROOT } from './project.mjs';

/**
 * Runs a command in the project's folder and resolves with its exit code, 128 + n when signal n ended it. The child stays
 * in this process group, so Ctrl-C reaches it too.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options] stdio is inherited unless given here
 * @returns {Promise<number>}
 */
export function run(command, args, options = {}) {
  return exitCodeOf(spawn(command, [...args], { cwd: ROOT, stdio: 'inherit', ...options }));
}

/**
 * As `run`, for a tool of node_modules given by its JavaScript file: works without a shell on every platform.
 * @param {string} script path inside the project
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 */
export function runTool(script, args, options) {
  return run(process.execPath, [inProject(script), ...args], options);
}

/** Output of set-up steps goes to stderr as a whole. */
export const TO_STDERR = /** @type {const} */ (['ignore', 2, 2]);

/**
 * Rejects when the command cannot be started.
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<number>}
 */
export function exitCodeOf(child) {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(signal ? 128 + constants.signals[signal] : Number(code)));
  });
}
