import { MemoryBridge } from '../../src/bridge/memory-bridge.ts';
import { MemoryBroker } from '../../src/bridge/memory-broker.ts';
import { Gateway } from '../../src/gateway.ts';
import { silentLog } from '../../src/observe/log.ts';
import { Metrics } from '../../src/observe/metrics.ts';
import { DISCONNECT } from '../../src/protocol/disconnect.ts';
import { type Downstream, encodeDownstreamBatch } from '../../src/protocol/envelopes.ts';
import type { ControlChannel, ControlMessage } from '../../src/session/control/control-channel.ts';
import { PushHistory } from '../../src/session/history/push-history.ts';
import { SharedSessions } from '../../src/session/shared-sessions.ts';
import { MemorySessionStore } from '../../src/session/store/memory-session-store.ts';
import type { SessionStore } from '../../src/session/store/session-store.ts';
import { MemoryListener } from '../../transports/memory/memory-listener.ts';
import type { Random } from './random.ts';
import { eventually } from './recording-sink.ts';
import { memoryWire, type OpenWire, ResumingClient } from './resuming-client.ts';
import { type Settings, testConfig } from './test-gateway.ts';

export interface MortalGateway {
  readonly id: string;
  readonly gateway: Gateway;
  readonly metrics: Metrics;
  readonly history: PushHistory;
  readonly wire: OpenWire;
  /** The store takes nothing of it, and says so. */
  refuse(refusing: boolean): void;
  /** Nothing that it does reaches anybody from now on, nor anything it. */
  kill(): Promise<void>;
}

/** Where gateways of one process meet: a queue, and a store that takes what is written to it in order and its time. */
export class MortalGateways {
  readonly broker = new MemoryBroker();
  readonly store = new MemorySessionStore();
  readonly #random: Random;
  readonly #listeners = new Map<string, ((message: ControlMessage) => void)[]>();
  readonly #gateways: MortalGateway[] = [];
  readonly #mortals: MortalStore[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  push(items: readonly Downstream[], channel = 'broadcast'): void {
    this.broker.publish(channel, [encodeDownstreamBatch(items)], () => {});
  }

  /** Its sessions are durable, where the settings do not say otherwise. */
  async start(id: string, settings: Settings = {}): Promise<MortalGateway> {
    const config = testConfig({ games: '[{"id":"demo"}]', 'session.durable': 'true', ...settings });
    const metrics = new Metrics();
    const mortal = new MortalStore(this.store, this.#random);
    const history = new PushHistory({
      bytesMax: config.session.history_bytes_max,
      ...{ ageMaxSec: 60, nowSec: () => Math.floor(performance.now() / 1000) },
    });
    const sessions = new SharedSessions({
      ...{ gatewayId: id, store: mortal.store, control: this.#control(id), history, metrics },
      ...{
        durable: config.session.durable,
        ttlMs: 60_000,
        resumeWindowMs: 30_000,
        devices: undefined,
        cacheSize: 100,
        log: silentLog,
        aliveStepMs: 5,
      },
    });
    const bridge = new MemoryBridge(this.broker, { broadcast: 'broadcast', addressed: `gateway:${id}` });
    const listener = new MemoryListener({ highWaterBytes: 200, datagrams: false });
    const gateway = new Gateway({
      ...{ config, id, bridge, listeners: [listener], metrics, log: silentLog },
      sharing: {
        ...{ directory: sessions.directory, history },
        start: (started) => sessions.start(started),
        claim: (token, received) => sessions.claim(token, received),
        onBarrier: (ids, nonce) => sessions.onBarrier(ids, nonce),
        handOver: () => sessions.handOver(),
        logoutEverywhere: (user, session) => sessions.logoutEverywhere(user, session),
        close: () => sessions.close(),
      },
    });
    await gateway.start();
    this.#mortals.push(mortal);
    const kill = async (): Promise<void> => {
      mortal.cut();
      await bridge.close();
      this.#listeners.delete(id);
      await this.store.announce(id, 0);
    };
    const refuse = (refusing: boolean): void => {
      mortal.refusing = refusing;
    };
    const started = { id, gateway, metrics, history, wire: memoryWire(listener), refuse, kill };
    this.#gateways.push(started);
    return started;
  }

  async close(): Promise<void> {
    for (const mortal of this.#mortals) mortal.end();
    await Promise.all(this.#gateways.map(({ gateway }) => gateway.close()));
  }

  #control(id: string): ControlChannel {
    const inOrder = (sessionIds: readonly string[], reason: string): void => {
      if (this.#listeners.has(id)) {
        this.push([{ disconnect: { sessionIds: [...sessionIds], code: DISCONNECT.resumed.code, reason } }]);
      }
    };
    const tell = (to: string, message: ControlMessage): void => {
      if (!this.#listeners.has(id)) return;
      setImmediate(() => {
        for (const listener of this.#listeners.get(to) ?? []) listener(message);
      });
    };
    return {
      listen: (name, onMessage) => void this.#listeners.set(name, [onMessage]),
      start: async () => {},
      send: tell,
      sendBarrier: inOrder,
      sendMark: (name) => inOrder([], name),
      sendAll: async (message) => {
        for (const name of this.#listeners.keys()) tell(name, message);
        return this.#listeners.size;
      },
      close: () => {},
    };
  }
}

/** Resolves once the gateway can name a place among the pushes. */
export async function startMarked(
  world: MortalGateways,
  id: string,
  settings: Settings = {},
): Promise<MortalGateway> {
  const gateway = await world.start(id, settings);
  await eventually(() => gateway.history.positionOf(gateway.history.items) !== undefined, 'a mark');
  return gateway;
}

/** A client with a new session, and the id of that. */
export async function join(gateway: MortalGateway): Promise<{ client: ResumingClient; id: string }> {
  const client = new ResumingClient();
  return { client, id: (await client.connect(gateway.wire))?.sessionId ?? '' };
}

/** Gives up its link, if it has one, and goes to that gateway. Resolves with whether it has its session again. */
export async function comeBack(client: ResumingClient, to: MortalGateway): Promise<boolean | undefined> {
  client.vanish();
  const welcome = await client.connect(to.wire);
  await client.fence();
  return welcome?.recovered;
}

/** Sessions that the gateway has taken over by force, by outcome. */
export function takeoversOf({ metrics }: MortalGateway): Record<string, number> {
  return Object.fromEntries(
    [...metrics.sessionTakeovers.entries()].map(({ labels, value }) => [labels.outcome, value]),
  );
}

interface Command {
  run(): void;
  fail(error: Error): void;
}

/** A way to the store on which commands take their time, in order; what has not arrived when it is cut never does. */
class MortalStore {
  readonly store: SessionStore;
  refusing = false;
  readonly #random: Random;
  readonly #queue: Command[] = [];
  #running = false;
  #state: 'open' | 'cut' | 'ended' = 'open';

  constructor(store: SessionStore, random: Random) {
    this.#random = random;
    const later =
      <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
      (...args: A): Promise<R> =>
        new Promise((resolve, reject) => {
          this.#enqueue({ run: () => void call(...args).then(resolve, reject), fail: reject });
        });
    const { users, logouts } = store;
    this.store = {
      users: {
        bind: later((request) => users.bind(request)),
        keep: later((session, ttlMs) => users.keep(session, ttlMs)),
        unbind: later((userId, entries) => users.unbind(userId, entries)),
        sessionsOf: later((userId) => users.sessionsOf(userId)),
      },
      logouts: {
        add: later((logout, ttlMs) => logouts.add(logout, ttlMs)),
        after: later((place) => logouts.after(place)),
      },
      save: later((session, write) => store.save(session, write)),
      append: later((fence, change) => store.append(fence, change)),
      confirm: later((fence) => store.confirm(fence)),
      claim: later((request, ttlMs) => store.claim(request, ttlMs)),
      remove: later((fence) => store.remove(fence)),
      renew: later((renewal) => store.renew(renewal)),
      leave: later((batches, ttlMs) => store.leave(batches, ttlMs)),
      takeLeft: later(() => store.takeLeft()),
      announce: later((id, ttlMs) => store.announce(id, ttlMs)),
      isAlive: later((id, run) => store.isAlive(id, run)),
      livingGateways: later(() => store.livingGateways()),
      savePosition: later((writer, position, ttlMs) => store.savePosition(writer, position, ttlMs)),
      positionOf: later((writer) => store.positionOf(writer)),
      get: later((id) => store.get(id)),
    };
  }

  cut(): void {
    this.#state = 'cut';
  }

  /** For the end of a test: nothing is waited for any more. */
  end(): void {
    this.#state = 'ended';
    for (const { fail } of this.#queue.splice(0)) fail(new Error('ended'));
  }

  #enqueue(command: Command): void {
    if (this.#state === 'ended' || this.refusing) return command.fail(new Error('refused'));
    this.#queue.push(command);
    if (!this.#running) this.#run();
  }

  #run(): void {
    this.#running = true;
    setImmediate(() => {
      this.#running = false;
      if (this.#state !== 'open') return;
      for (let some = 1 + this.#random.below(4); some > 0; some--) this.#queue.shift()?.run();
      if (this.#queue.length > 0) this.#run();
    });
  }
}
