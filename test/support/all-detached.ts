import { RedisStoreCommands } from '../../src/bridge/redis-commands.ts';
import { sessionKey } from '../../src/session/store/redis-session-store.ts';
import { until } from './until.ts';

/** Resolves once all these sessions wait for their clients, as far as Redis knows. */
export async function allDetached(sessionIds: readonly string[], addr: string): Promise<void> {
  const commands = new RedisStoreCommands({ addr }, []);
  await commands.start();
  const isDetached = async (id: string): Promise<boolean> =>
    String(await commands.call('HGET', sessionKey(id), 'state')) === 'detached';
  await until(
    async () => (await Promise.all(sessionIds.map(isDetached))).every((is) => is),
    () => 'all sessions to be written',
    30_000,
  );
  commands.close();
}
