import { WAIT_MS_MAX } from './deadline.ts';

/** As `eventually`, of something that takes a round trip to see. */
export async function until(
  condition: () => Promise<boolean>,
  what: () => string,
  deadlineMs = WAIT_MS_MAX,
): Promise<void> {
  const endMs = performance.now() + deadlineMs;
  while (!(await condition())) {
    if (performance.now() > endMs) throw new Error(`waited in vain for ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
