import { RedisStoreCommands } from '../../src/bridge/redis-commands.ts';
import { LEFT_KEY } from '../../src/session/store/redis-session-store.ts';

/** Drops the sessions that closed gateways have left: those of the next test on that Redis would take them. */
export async function forgetLeft(addr: string): Promise<void> {
  const commands = new RedisStoreCommands({ addr }, []);
  await commands.start();
  // A test may have ended its Redis.
  await commands.call('DEL', LEFT_KEY).catch(() => undefined);
  commands.close();
}
