/** Does `then` once that is stored; now, where there is nothing to wait for. */
export function whenStored(stored: Promise<void> | undefined, then: () => void): Promise<void> | undefined {
  if (stored !== undefined) return stored.then(then);
  then();
  return undefined;
}
