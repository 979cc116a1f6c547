/** Signals that end the gateway cleanly. */
const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

const PARENT_CHECK_MS = 500;

/**
 * Passes signals on to `child`, each kind once: npm repeats a signal that the terminal has already given to everybody, and
 * the second one would tell the gateway to stop waiting for its clients. A terminal's Ctrl-C and hang-up reach the child by
 * themselves, because it is in the same process group; so nothing is passed on then.
 * @param {import('node:child_process').ChildProcess} child
 * @param {boolean} [terminal] whether a terminal is at hand to signal the whole group
 */
export function passSignals(child, terminal = process.stdin.isTTY === true) {
  for (const signal of SIGNALS) {
    let passed = terminal && signal !== 'SIGTERM';
    process.on(signal, () => {
      if (!passed) child.kill(signal);
      passed = true;
    });
  }
}

/**
 * Ends `child` when npm is gone. npm gives a SIGTERM to the shell between itself and this process only, and the shell dies
 * of it without a word; the gateway would stay behind with its ports taken.
 * @param {import('node:child_process').ChildProcess} child
 */
export function endWithParent(child) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    child.kill('SIGTERM');
  }, PARENT_CHECK_MS);
  timer.unref();
}
