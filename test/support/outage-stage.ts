import { RedisStoreCommands } from '../../src/bridge/redis-commands.ts';
import { RedisSessionStore, SESSION_SCRIPTS } from '../../src/session/store/redis-session-store.ts';
import type { StoredSession } from '../../src/session/store/session-store.ts';
import { type RedisServer, startRedis } from './redis-server.ts';
import { ResumingClient, webSocketWire } from './resuming-client.ts';
import { type Served, startServed } from './served.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';
import type { TestClient } from './test-client.ts';
import type { Settings } from './test-gateway.ts';
import { JWT_SETTINGS, token } from './token.ts';
import { until } from './until.ts';

const IDS = ['g1', 'g2'] as const;

/** Two gateways on one Redis, each by a proxy of its own: Redis can be away for one of them alone. */
export class OutageStage {
  readonly redis: RedisServer;
  readonly proxies: readonly TcpProxy[];
  readonly gateways: readonly Served[];
  readonly commands: RedisStoreCommands;
  /** A look at what is stored, beside the gateways. */
  readonly store: RedisSessionStore;

  private constructor(
    redis: RedisServer,
    proxies: TcpProxy[],
    gateways: Served[],
    commands: RedisStoreCommands,
  ) {
    this.redis = redis;
    this.proxies = proxies;
    this.gateways = gateways;
    this.commands = commands;
    this.store = new RedisSessionStore(commands);
  }

  /** `settings`: of both. */
  static async start(settings: Settings = {}): Promise<OutageStage> {
    const redis = await startRedis();
    const commands = new RedisStoreCommands({ addr: redis.addr }, SESSION_SCRIPTS);
    await commands.start();
    const proxies: TcpProxy[] = [];
    const gateways: Served[] = [];
    for (const id of IDS) {
      const proxy = await startTcpProxy(redis.port);
      proxies.push(proxy);
      const own = { 'redis.addr': proxy.addr, 'gateway.id': id, games: '[{"id":"demo"}]' };
      const common = { ...JWT_SETTINGS, 'redis.command_timeout_ms': '2000' };
      gateways.push(await startServed({ ...common, ...settings, ...own }));
    }
    return new OutageStage(redis, proxies, gateways, commands);
  }

  /** Redis is away for the gateway, from now on. Resolves when it knows. */
  async cutOff(gateway: number): Promise<void> {
    this.proxies[gateway].refuse();
    await this.ready(gateway, false);
  }

  /** Resolves when the gateway has Redis back. */
  async reconnect(gateway: number): Promise<void> {
    this.proxies[gateway].accept();
    await this.ready(gateway, true);
  }

  async ready(gateway: number, expected: boolean): Promise<void> {
    await until(
      async () => ((await this.gateways[gateway].json('/ready')).status === 200) === expected,
      () => `gateway ${gateway} to be ${expected ? '' : 'not '}ready`,
    );
  }

  /** Resolves when both have told Redis that they are there: each has a connection for its sessions again. */
  async announced(): Promise<void> {
    await until(
      async () => (await this.store.livingGateways()).length === IDS.length,
      () => 'word of both gateways',
    );
  }

  /** A client that has said Hello with the token of a user. */
  async logIn(
    gateway: number,
    user = 7,
  ): Promise<{ client: TestClient; sessionId: string; resumeToken: string }> {
    const client = await this.gateways[gateway].open();
    const { sessionId, resumeToken } = await client.hello({ token: await token({ user }) });
    return { client, sessionId, resumeToken };
  }

  /** Whether a session can be resumed on the gateway. Its own link is gone then. */
  async resumes(gateway: number, resumeToken: string): Promise<boolean> {
    const client = await this.gateways[gateway].open();
    const { recovered } = await client.hello({ resumeToken });
    await client.close();
    return recovered;
  }

  /** A client that can come back. */
  async resuming(gateway: number, user = 7): Promise<ResumingClient> {
    const client = new ResumingClient();
    await client.connect(this.wire(gateway), await token({ user }));
    return client;
  }

  wire(gateway: number) {
    const port = this.gateways[gateway].running.addresses.get('websocket')?.port;
    return webSocketWire(`ws://127.0.0.1:${port}/ws`);
  }

  /** `session@gateway` of a user, as Redis has it. */
  async index(user = 7): Promise<string[]> {
    const entries = await this.store.users.sessionsOf(String(user));
    return [...entries].map(([id, gateway]) => `${id}@${gateway}`).sort();
  }

  async indexed(expected: readonly string[], user = 7): Promise<void> {
    await until(
      () => this.index(user).then((index) => String(index) === String([...expected].sort()), notYet),
      () => `the index of user ${user} to be [${expected}]`,
    );
  }

  async stored(sessionId: string, expected = true): Promise<void> {
    await until(
      () => this.#isStored(sessionId).then((is) => is === expected, notYet),
      () => `session ${sessionId} ${expected ? 'to be stored' : 'to be gone'}`,
    );
  }

  async #isStored(sessionId: string): Promise<boolean> {
    return (await this.store.get(sessionId)) !== undefined;
  }

  /** Failures of the store, as a gateway has counted them. */
  async storeErrors(gateway: number, operation: string): Promise<number> {
    const { samples } = await this.gateways[gateway].page();
    const sample = samples.find(
      ({ name, labels }) => name === 'dualgate_session_store_errors_total' && labels.operation === operation,
    );
    return sample?.value ?? 0;
  }

  async close(): Promise<void> {
    for (const gateway of this.gateways) await gateway.close();
    this.commands.close();
    for (const proxy of this.proxies) await proxy.close();
    await this.redis.stop();
  }
}

/** Redis may be on its way back. */
const notYet = (): boolean => false;

/** A durable session as a gateway that was killed leaves it. */
export function storedSession(id: string, gatewayId: string, userId = '7'): StoredSession {
  const details = {
    ...{ userId, device: '', gameId: '', groups: [], verified: true, permissions: [] },
    ...{ expiresAtMs: 0, startedAtMs: 1, attributes: {} },
  };
  return {
    ...{ id, gatewayId, epoch: 1, state: 'durable', details, next: 0, taken: 0 },
    ...{ secretHash: new Uint8Array(32), earlierHash: new Uint8Array(0) },
  };
}
