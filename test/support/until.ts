/** As `eventually`, of something that takes a round trip to see. */
export async function until(
  condition: () => Promise<boolean>,
  what: () => string,
  deadlineMs = 8000,
): Promise<void> {
  const endMs = performance.now() + deadlineMs;
  while (!(await condition())) {
    if (performance.now() > endMs) throw new Error(`waited in vain for ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
