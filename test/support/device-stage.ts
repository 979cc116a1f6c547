import { SignJWT } from 'jose';
import { RedisStoreCommands } from '../../src/bridge/redis-commands.ts';
import { encodeHello, type Hello } from '../../src/protocol/system.ts';
import { RedisSessionStore, SESSION_SCRIPTS } from '../../src/session/store/redis-session-store.ts';
import type { SessionStore } from '../../src/session/store/session-store.ts';
import { SharedMemory } from '../../src/shared-memory.ts';
import type { TestClient } from './test-client.ts';
import type { Settings } from './test-gateway.ts';
import { type Shared, startTwoGateways, type TwoGateways } from './two-gateways.ts';
import { until } from './until.ts';

/** Clients come and go faster here than an address may by default. */
const UNLIMITED: Settings = { 'limits.connections_per_ip': '100000', 'limits.handshakes_per_sec': '100000' };
const SECRET = 'a secret of more than 32 bytes, for HS256';

export function userToken(user: number): Promise<string> {
  return new SignJWT({ sub: String(user) })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('1h')
    .sign(Buffer.from(SECRET));
}

/** Two gateways that verify users, and a look at the index that they share. */
export class DeviceStage {
  readonly pair: TwoGateways;
  readonly store: SessionStore;
  readonly #commands: RedisStoreCommands | undefined;

  private constructor(pair: TwoGateways, store: SessionStore, commands: RedisStoreCommands | undefined) {
    this.pair = pair;
    this.store = store;
    this.#commands = commands;
  }

  /** A Redis is emptied. */
  static async start(shared: Shared, settings: Settings = {}): Promise<DeviceStage> {
    const all = { ...UNLIMITED, 'auth.mode': 'jwt', 'auth.jwt.secret': SECRET, ...settings };
    if (shared instanceof SharedMemory) {
      return new DeviceStage(await startTwoGateways(shared, all), shared.store, undefined);
    }
    const commands = new RedisStoreCommands({ addr: shared.addr }, SESSION_SCRIPTS);
    await commands.start();
    await commands.call('FLUSHALL');
    return new DeviceStage(await startTwoGateways(shared, all), new RedisSessionStore(commands), commands);
  }

  /** Of the Redis that they share. */
  get commands(): RedisStoreCommands {
    if (this.#commands === undefined) throw new Error('there is no Redis');
    return this.#commands;
  }

  async close(): Promise<void> {
    await this.pair.close();
    this.#commands?.close();
  }

  /** Says Hello with a token; resolves with the session's id, or the close code of a link that gets none. */
  async logIn(gateway: number, user = 7, hello: Partial<Hello> = {}): Promise<Login> {
    const client = await this.pair.gateways[gateway].open();
    const token = await userToken(user);
    const refused = client.closed.then(({ code }) => ({ client, sessionId: '', code }));
    const welcomed = client
      .hello({ ...hello, token })
      .then(({ sessionId }) => ({ client, sessionId, code: 0 }));
    welcomed.catch(() => undefined);
    return await Promise.race([welcomed, refused]);
  }

  /** Hello of a client that does not wait for the answer. */
  async greet(gateway: number, user = 7): Promise<TestClient> {
    const client = await this.pair.gateways[gateway].open();
    client.send(encodeHello({ token: await userToken(user) }, 1));
    return client;
  }

  /** `session@gateway` of a user, as Redis has it. */
  async index(user = 7): Promise<string[]> {
    const entries = await this.store.users.sessionsOf(String(user));
    return [...entries].map(([id, gateway]) => `${id}@${gateway}`).sort();
  }

  /** The same, as the gateways have it. */
  hubs(user = 7): string[] {
    return this.pair.gateways
      .flatMap(({ running: { gateway } }) =>
        [...(gateway.hub.sessionsOf(user) ?? [])].map(({ id }) => `${id}@${gateway.id}`),
      )
      .sort();
  }

  /** Resolves once the index has what the gateways have, which is `count` sessions. */
  async settled(count: number, user = 7): Promise<void> {
    let state = '';
    const look = async (): Promise<boolean> => {
      const [index, hubs] = [await this.index(user), this.hubs(user)];
      state = `index [${index}], hubs [${hubs}]`;
      return hubs.length === count && String(index) === String(hubs);
    };
    // Redis may be on its way back.
    await until(
      () => look().catch(() => false),
      () => `${count} sessions of user ${user}: ${state}`,
    );
  }

  /** Failures of the store, as a gateway has counted them. */
  async storeErrors(gateway: number, operation: string): Promise<number> {
    const { samples } = await this.pair.gateways[gateway].page();
    const sample = samples.find(
      ({ name, labels }) => name === 'dualgate_session_store_errors_total' && labels.operation === operation,
    );
    return sample?.value ?? 0;
  }
}

export interface Login {
  readonly client: TestClient;
  readonly sessionId: string;
  /** 0: welcomed. */
  readonly code: number;
}
