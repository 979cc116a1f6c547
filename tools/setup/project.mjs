import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. Every path of the set-up starts here, whatever the working directory is. */
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** A fault with a message for people: printed as one line, without a stack. */
export class SetupError extends Error {}

/**
 * A path inside the project.
 * @param {...string} parts
 */
export function inProject(...parts) {
  return join(ROOT, ...parts);
}

/**
 * A progress line. Goes to stderr, so that stdout stays the gateway's.
 * @param {string} text
 */
export function say(text) {
  process.stderr.write(`dualgate: ${text}\n`);
}

/**
 * Runs a script's main function; its result is the exit code.
 * @param {() => Promise<number>} main
 */
export async function runScript(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    say(
      error instanceof SetupError ? error.message : String((error instanceof Error && error.stack) || error),
    );
    process.exitCode = 1;
  }
}
