import { afterEach, describe, expect, it } from 'vitest';
import { createLog } from '../../src/observe/log.ts';
import { Metrics } from '../../src/observe/metrics.ts';
import { NO_PLACE } from '../../src/queue/push-place.ts';
import { TickFlusher } from '../../src/queue/tick-flusher.ts';
import { claimNonce } from '../../src/session/claims/claim-proof.ts';
import type { ControlChannel, ControlMessage } from '../../src/session/control/control-channel.ts';
import { DevicePolicy } from '../../src/session/device-policy.ts';
import { Hub } from '../../src/session/hub.ts';
import { SessionLifecycle } from '../../src/session/lifecycle.ts';
import { parseResumeToken } from '../../src/session/resume-token.ts';
import type { Session } from '../../src/session/session.ts';
import { SharedSessions } from '../../src/session/shared-sessions.ts';
import type { StoredSession } from '../../src/session/store/session-store.ts';
import type { DeviceLimit } from '../../src/session/users/user-admission.ts';
import type { CloseEvent, Connection } from '../../src/transport.ts';
import { GatedConnection } from '../support/gated-connection.ts';
import { gatedStore } from '../support/gated-index.ts';
import { eventually } from '../support/recording-sink.ts';
import { until } from '../support/until.ts';

/** Remembers what was sent, and lets the test speak for the others. */
class FakeControl implements ControlChannel {
  readonly sent: ControlMessage[] = [];
  readonly nonces: string[] = [];
  hear: (message: ControlMessage) => void = () => {};

  listen(_gatewayId: string, onMessage: (message: ControlMessage) => void): void {
    this.hear = onMessage;
  }
  async start(): Promise<void> {}
  send(_gatewayId: string, message: ControlMessage): void {
    this.sent.push(message);
  }
  sendBarrier(_sessionIds: readonly string[], nonce: string): void {
    this.nonces.push(nonce);
  }
  sendMark(): void {}
  async sendAll(): Promise<number> {
    return 0;
  }
  close(): void {}
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const open: SharedSessions[] = [];
afterEach(async () => {
  for (const sharing of open.splice(0)) await sharing.close();
});

/** The sessions of gateway `g1`, without transports. */
async function start(devices: DeviceLimit | undefined) {
  const { store, index } = gatedStore();
  const [hub, metrics, control] = [new Hub(), new Metrics(), new FakeControl()];
  const log = createLog({ level: 'error', destination: { write() {} } });
  let ids = 100;
  const lifecycle = new SessionLifecycle({
    ...{ gatewayId: 'g1', hub, metrics, log, resumeWindowMs: 60_000 },
    queues: {
      ...{ framesMax: 100, bytesMax: 100_000, slowGraceMs: 1000 },
      ...{ replay: { framesMax: 100, bytesMax: 100_000, ageMaxSec: 60 }, wait: metrics.sendQueueWait },
      ...{
        flusher: new TickFlusher(() => {}),
        nowSec: () => 0,
        pushes: NO_PLACE,
        onDropped() {},
        onPromoted() {},
      },
    },
    devices: devices && new DevicePolicy(devices.policy, devices.perUser),
    nextId: () => String(ids++),
  });
  const sharing = new SharedSessions({
    ...{ gatewayId: 'g1', store, control, durable: false, ttlMs: 60_000, resumeWindowMs: 60_000 },
    ...{ devices, history: undefined, cacheSize: 10, metrics, log },
  });
  await sharing.start({ lifecycle, hub, closing: false });
  open.push(sharing);
  await settle();
  const connect = () => {
    const connection = new GatedConnection();
    const session = lifecycle.open(connection, metrics.forTransport('gated'));
    lifecycle.list(session);
    return { session, connection, codes: () => connection.closes.map(({ code }) => code) };
  };
  const entries = async (user: number) => [...(await store.users.sessionsOf(String(user)))];
  return { store, index, hub, metrics, control, lifecycle, sharing, connect, entries };
}

const KICK: DeviceLimit = { policy: 'kick-oldest', perUser: 1 };
const REFUSE: DeviceLimit = { policy: 'refuse', perUser: 1 };
const errors = (metrics: Metrics): number => metrics.sessionStoreErrors.total('bind');

describe('the place of a session', () => {
  it('follows its user, the last of many while one is written', async () => {
    const { index, lifecycle, connect, entries } = await start(undefined);
    const { session } = connect();
    index.hold();
    for (let user = 1; user <= 1000; user++) lifecycle.bind(session, user, 0);
    index.release();
    await settle();
    expect(index.asked).toEqual(['keep 1 100', 'unbind 1 100', 'keep 1000 100']);
    expect(await entries(1000)).toEqual([['100', 'g1']]);
  });

  it('is given back when the session ends before it has heard of it', async () => {
    const { index, lifecycle, connect, entries } = await start(KICK);
    const { session } = connect();
    index.hold();
    lifecycle.bind(session, 7, 0);
    lifecycle.closed(session, ...closeOf(session));
    expect(await entries(7)).toHaveLength(1);
    index.release();
    await settle();
    expect(await entries(7)).toEqual([]);
  });

  it('is given back at whatever moment after the answer the session ends', async () => {
    const { index, lifecycle, connect, entries } = await start(undefined);
    for (let moments = 0; moments < 30; moments++) {
      const { session } = connect();
      index.hold();
      lifecycle.bind(session, 7, 0);
      index.release();
      for (let moment = 0; moment < moments; moment++) await Promise.resolve();
      lifecycle.closed(session, ...closeOf(session));
      await settle();
      expect(await entries(7)).toEqual([]);
    }
  });

  it('is not taken from anybody by a session that ends while it waits', async () => {
    const { index, lifecycle, connect, entries } = await start(KICK);
    lifecycle.bind(connect().session, 7, 0);
    await settle();
    const { session } = connect();
    index.hold();
    lifecycle.bind(session, 7, 0);
    lifecycle.closed(session, ...closeOf(session));
    index.release();
    await settle();
    expect(index.asked.slice(1)).toEqual(['ask 7 101', 'unbind 7 101']);
    expect(await entries(7)).toEqual([['100', 'g1']]);
  });

  it('stays for the gateway that has the session by then, and is not written here again', async () => {
    const { index, lifecycle, sharing, control, connect, entries, store } = await start(KICK);
    const { session } = connect();
    lifecycle.bind(session, 7, 0);
    await settle();
    control.hear({ kind: 'taken', session: session.id, epoch: 9 });
    expect(session.ended).toBe(true);
    await store.users.keep({ userId: '7', id: session.id, gatewayId: 'g2', device: '' }, 60_000);
    // The store seems to have lost everything.
    await store.announce('g1', 0);
    await until(
      () => store.isAlive('g1'),
      () => 'the next sign of life',
    );
    await settle();
    await sharing.close();
    expect(index.asked).toEqual(['ask 7 100', 'keep 7 100']);
    expect(await entries(7)).toEqual([['100', 'g2']]);
  });

  it('is lost to a newer one elsewhere, which this gateway is told', async () => {
    const { lifecycle, control, connect, entries, store } = await start(KICK);
    const { session, codes } = connect();
    lifecycle.bind(session, 7, 0);
    await settle();
    control.hear({ kind: 'replaced', user: '8', sessions: [session.id] });
    expect(session.ended).toBe(false);
    const newer = { userId: '7', id: '900', gatewayId: 'g2', device: '' };
    await store.users.unbind('7', [{ id: session.id, gatewayId: 'g1' }]);
    await store.users.keep(newer, 60_000);
    control.hear({ kind: 'replaced', user: '7', sessions: [session.id] });
    expect(codes()).toEqual([4206]);
    await settle();
    expect(await entries(7)).toEqual([['900', 'g2']]);
  });
});

describe('while the store fails', () => {
  it.each([
    ['kick-oldest', KICK, [4206], []],
    ['refuse', REFUSE, [], [4207]],
  ] as const)('two logins at a time leave one (%s)', async (_name, devices, older, newer) => {
    const { index, lifecycle, connect, metrics, entries } = await start(devices);
    index.failing = true;
    const [first, second] = [connect(), connect()];
    lifecycle.bind(first.session, 7, 0);
    lifecycle.bind(second.session, 7, 0);
    await Promise.all([lifecycle.admission(first.session), lifecycle.admission(second.session)]);
    expect([first.codes(), second.codes()]).toEqual([older, newer]);
    expect(errors(metrics)).toBe(2);
    index.failing = false;
    const survivor = older.length > 0 ? second : first;
    await eventually(() => index.asked.length === 4, 'what was put off');
    await settle();
    expect(await entries(7)).toEqual([[survivor.session.id, 'g1']]);
  });

  it('it is asked again once it is there, and not for each change', async () => {
    const { index, lifecycle, connect, metrics, entries } = await start(undefined);
    const { session } = connect();
    index.failing = true;
    for (let user = 1; user <= 100; user++) {
      lifecycle.bind(session, user, 0);
      await settle();
    }
    expect(errors(metrics)).toBe(1);
    index.failing = false;
    await eventually(() => index.asked.length === 3, 'what was put off');
    await settle();
    expect(index.asked.slice(1)).toEqual(['unbind 1 100', 'keep 100 100']);
    expect(await entries(100)).toEqual([['100', 'g1']]);
  });

  it('nobody gives way to a session that has ended', async () => {
    const { index, lifecycle, connect } = await start(KICK);
    const [other, { session }] = [connect(), connect()];
    lifecycle.bind(other.session, 7, 0);
    await settle();
    index.hold();
    lifecycle.bind(session, 7, 0);
    const decided = lifecycle.admission(session);
    lifecycle.closed(session, ...closeOf(session));
    index.failing = true;
    index.release();
    await decided;
    expect(other.codes()).toEqual([]);
  });

  it('nobody gives way to a session that another gateway has got', async () => {
    const { index, lifecycle, control, connect } = await start(KICK);
    const [other, { session }] = [connect(), connect()];
    lifecycle.bind(other.session, 7, 0);
    await settle();
    index.hold();
    lifecycle.bind(session, 7, 0);
    const decided = lifecycle.admission(session);
    control.hear({ kind: 'taken', session: session.id, epoch: 9 });
    index.failing = true;
    index.release();
    await decided;
    expect(index.asked.slice(1)).toEqual(['ask 7 101']);
    expect(other.codes()).toEqual([]);
  });
});

describe('a session on its way here', () => {
  const details = {
    ...{ userId: '7', device: '', gameId: '', groups: [], verified: true, permissions: [] },
    ...{ expiresAtMs: 0, startedAtMs: 1, attributes: {} },
  };
  const token = parseResumeToken(`42.${'A'.repeat(22)}`);
  const stored = (): StoredSession => ({
    ...{ id: '42', gatewayId: 'g2', epoch: 3, state: 'attached', details, next: 0, taken: 0 },
    ...{ secretHash: token?.secretHash ?? new Uint8Array(0), earlierHash: new Uint8Array(0) },
  });

  async function claiming(devices: DeviceLimit) {
    const parts = await start(devices);
    const { store, sharing, control } = parts;
    await store.announce('g2', 60_000);
    await store.save(stored(), { log: [], position: '', ttlMs: 60_000, releasedTo: '' });
    await store.users.keep({ userId: '7', id: '42', gatewayId: 'g2', device: '' }, 60_000);
    if (token === undefined) throw new Error('no token');
    const claim = sharing.claim(token, 0);
    await eventually(() => control.nonces.length > 0, 'the claim');
    const release = (userId = '7') =>
      store.save(
        { ...stored(), state: 'detached', details: { ...details, userId } },
        { log: [], position: '', ttlMs: 60_000, releasedTo: control.nonces[0] },
      );
    const arrive = async (): Promise<Session | undefined> => {
      sharing.onBarrier(['42'], control.nonces[0]);
      return await claim;
    };
    return { ...parts, release, arrive };
  }

  it('has its place already', async () => {
    const { store, lifecycle, connect, entries, release, arrive } = await claiming(REFUSE);
    await release();
    await until(
      async () => (await store.get('42'))?.gatewayId === 'g1',
      () => 'the session to be taken',
    );
    expect(await entries(7)).toEqual([['42', 'g1']]);
    const { session, codes } = connect();
    lifecycle.bind(session, 7, 0);
    await lifecycle.admission(session);
    expect(codes()).toEqual([4207]);
    expect(await arrive()).toMatchObject({ user: { id: '7' } });
  });

  it('has the user that it had last', async () => {
    const { hub, release, arrive } = await claiming(REFUSE);
    await release('8');
    expect(await arrive()).toMatchObject({ user: { id: '8' } });
    expect([hub.sessionsOf(7), hub.sessionsOf(8)?.size]).toEqual([undefined, 1]);
  });

  it('stays here whatever is said of an earlier move of it', async () => {
    const { hub, sharing, control, release, arrive } = await claiming(REFUSE);
    sharing.onBarrier(['42'], control.nonces[0]);
    control.hear({ kind: 'taken', session: '42', epoch: 3 });
    await release();
    expect(await arrive()).toMatchObject({ id: '42', ended: false });
    expect(hub.size).toBe(1);
  });

  it('is gone everywhere where it was ended meanwhile', async () => {
    const { store, hub, sharing, control, release, arrive, entries } = await claiming(REFUSE);
    sharing.onBarrier(['42'], control.nonces[0]);
    control.hear({ kind: 'logout', user: '7', nonce: '', beforeMs: 0 });
    await release();
    expect(await arrive()).toBeUndefined();
    expect([hub.size, await store.get('42'), await entries(7)]).toEqual([0, undefined, []]);
  });

  it('is ended where it stays, too, when it gives way to a newer one meanwhile', async () => {
    const { sharing, control, lifecycle, connect } = await claiming(KICK);
    sharing.onBarrier(['42'], control.nonces[0]);
    lifecycle.bind(connect().session, 7, 0);
    const told = (): boolean => control.sent.some(({ kind }) => kind === 'replaced');
    await eventually(told, 'word to the other gateway');
    expect(control.sent).toContainEqual({ kind: 'replaced', user: '7', sessions: ['42'] });
  });

  it('has it also on the gateway that it goes on to', async () => {
    const { store, hub, sharing, control, release, arrive } = await claiming(REFUSE);
    sharing.onBarrier(['42'], control.nonces[0]);
    sharing.onBarrier(['42'], claimNonce('g3:1', stored().secretHash));
    await release('8');
    expect(await arrive()).toBeUndefined();
    expect((await store.get('42'))?.details.userId).toBe('8');
    expect([hub.size, hub.userCount]).toEqual([0, 0]);
  });
});

/** The link of a session is closed by its client, for good. */
function closeOf(session: Session): [Connection, CloseEvent] {
  const { connection } = session;
  if (connection === undefined) throw new Error('no connection');
  return [connection, { code: 1000, reason: '', by: 'peer' }];
}
