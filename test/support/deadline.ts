/**
 * How long tests wait for what comes at once on a machine that has time: long enough for one that has none, and short of
 * the runner's own limit (vitest.config.ts), so that a failure says what was waited for.
 */
export const WAIT_MS_MAX = 15_000;
