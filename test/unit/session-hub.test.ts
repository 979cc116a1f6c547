import { describe, expect, it } from 'vitest';
import { Metrics } from '../../src/observe/metrics.ts';
import { encodeFrame, FLAG, ROUTE, readFlags, readHeader } from '../../src/protocol/header.ts';
import { decodeError } from '../../src/protocol/system.ts';
import { LANE } from '../../src/queue/lane.ts';
import { NO_PLACE } from '../../src/queue/push-place.ts';
import { SendQueue } from '../../src/queue/send-queue.ts';
import { TickFlusher } from '../../src/queue/tick-flusher.ts';
import { Hub } from '../../src/session/hub.ts';
import { Session } from '../../src/session/session.ts';
import { GatedConnection } from '../support/gated-connection.ts';

function makeSession(id: string) {
  const connection = new GatedConnection();
  const acks = { sent: 0 };
  const queue = new SendQueue(
    {
      framesMax: 100,
      bytesMax: 100_000,
      slowGraceMs: 1000,
      replay: { framesMax: 100, bytesMax: 100_000, ageMaxSec: 60 },
      flusher: new TickFlusher(() => {}),
      pushes: NO_PLACE,
      wait: new Metrics().sendQueueWait,
      nowSec: () => 0,
      onDropped() {},
      onPromoted() {},
    },
    () => {},
  );
  const session = new Session(id, queue, {
    gatewayId: 'g1',
    onConfirmed() {},
    onAckSent: () => {
      acks.sent += 1;
    },
  });
  session.attach(connection, new Metrics().forTransport('gated'));
  return { session, connection, acks };
}

const sessionOf = (id: string): Session => makeSession(id).session;
const ids = (sessions: Iterable<Session> | undefined): string[] | undefined =>
  sessions && [...sessions].map(({ id }) => id);

describe('Hub', () => {
  it('finds sessions by id and by user, oldest first', () => {
    const hub = new Hub();
    const [a, b, c] = ['a', 'b', 'c'].map(sessionOf);
    for (const session of [a, b, c]) hub.add(session);
    hub.bind(a, 7, 0);
    hub.bind(b, 7, 0);
    hub.bind(c, 7, 1);
    expect(hub.session('b')).toBe(b);
    expect(ids(hub.sessionsOf(7))).toEqual(['a', 'b']);
    expect(ids(hub.sessionsOf(2 ** 32 + 7))).toEqual(['c']);
    expect(ids(hub.all())).toEqual(['a', 'b', 'c']);
    expect([hub.size, hub.userCount]).toEqual([3, 2]);
  });

  it('forgets a session everywhere, and its user and groups with the last one', () => {
    const hub = new Hub();
    const [a, b] = ['a', 'b'].map(sessionOf);
    for (const session of [a, b]) {
      hub.add(session);
      hub.bind(session, 7, 0);
      hub.join('raid', session);
    }
    hub.join('solo', a);
    hub.remove(a);
    hub.remove(a);
    expect(ids(hub.sessionsOf(7))).toEqual(['b']);
    expect(ids(hub.group('raid'))).toEqual(['b']);
    expect(hub.group('solo')).toBeUndefined();
    hub.remove(b);
    expect([hub.size, hub.userCount, hub.groupCount]).toEqual([0, 0, 0]);
  });

  it('leaves the newer session of an id alone when the older one goes', () => {
    const hub = new Hub();
    const [older, newer] = ['a', 'a'].map(sessionOf);
    hub.add(older);
    hub.add(newer);
    hub.bind(newer, 7, 0);
    hub.remove(older);
    expect(hub.session('a')).toBe(newer);
    expect([...(hub.sessionsOf(7) ?? [])]).toEqual([newer]);
  });

  it('moves a session to another user', () => {
    const hub = new Hub();
    const a = sessionOf('a');
    hub.add(a);
    hub.bind(a, 7, 0);
    expect(hub.bind(a, 8, 0)).toMatchObject({ id: '8', key: 8 });
    expect(hub.sessionsOf(7)).toBeUndefined();
    expect(ids(hub.sessionsOf(8))).toEqual(['a']);
  });

  it('may lose sessions while their group or user is walked', () => {
    const hub = new Hub();
    const all = ['a', 'b', 'c'].map(sessionOf);
    for (const session of all) {
      hub.add(session);
      hub.bind(session, 7, 0);
      hub.join('raid', session);
    }
    const seen: string[] = [];
    for (const session of hub.sessionsOf(7) ?? []) {
      seen.push(session.id);
      hub.remove(session);
    }
    expect(seen).toEqual(['a', 'b', 'c']);
    expect([hub.size, hub.groupCount, hub.userCount]).toEqual([0, 0, 0]);
  });

  it('keeps the names of its groups with the session', () => {
    const hub = new Hub();
    const a = sessionOf('a');
    hub.add(a);
    hub.join('x', a);
    hub.join('x', a);
    hub.join('y', a);
    expect([...(a.groups ?? [])]).toEqual(['x', 'y']);
    hub.dissolve('x');
    hub.leave('y', a);
    hub.leave('y', a);
    hub.dissolve('nothing');
    expect([...(a.groups ?? [])]).toEqual([]);
    expect(hub.groupCount).toBe(0);
  });

  it('tells of groups that change, and of no other request', () => {
    const hub = new Hub();
    const a = sessionOf('a');
    hub.add(a);
    const told: string[] = [];
    hub.onGroups = ({ groups }) => told.push([...(groups ?? [])].join());
    hub.join('x', a);
    hub.join('x', a);
    hub.leave('y', a);
    hub.leave('x', a);
    hub.join('z', a);
    hub.remove(a);
    expect(told).toEqual(['x', '', 'z']);
    expect(hub.groupCount).toBe(0);
  });
});

describe('Session', () => {
  const frame = (route: number): Uint8Array => encodeFrame({ seq: 1, route, flags: 0, msgId: 0 });

  it('counts frames that go out, but for system frames and latest ones', () => {
    const { session } = makeSession('a');
    const latest = encodeFrame({ seq: 1, route: ROUTE.game, flags: FLAG.latest, msgId: 0 });
    session.send(frame(ROUTE.game), LANE.normal);
    session.send(frame(ROUTE.chat), LANE.normal);
    session.send(frame(ROUTE.system), LANE.critical);
    session.sendLatest(latest, LANE.normal, 'k');
    expect(session.queue.log.next).toBe(2);
  });

  it('answers with acks and Errors that name the frame', () => {
    const { session, connection, acks } = makeSession('a');
    session.acknowledge(0xfffffffe, ROUTE.chat, 2001);
    session.reject(3, ROUTE.game, 1001);
    expect(readHeader(connection.sent[0])).toEqual({
      seq: 0xfffffffe,
      route: 1,
      flags: FLAG.ack,
      msgId: 2001,
    });
    expect(readFlags(connection.sent[1])).toBe(FLAG.response | FLAG.error);
    expect(decodeError(connection.sent[1].subarray(8))).toMatchObject({
      code: 'UNAVAILABLE',
      retryAfterMs: 1000,
    });
    expect(acks.sent).toBe(1);
    expect(session.queue.log.next).toBe(2);
  });

  it('encodes its prefix anew with its user', () => {
    const { session } = makeSession('42');
    const before = session.upstreamPrefix;
    expect(session.isUser(0, 0)).toBe(false);
    session.setUser(-1, -1);
    expect(session.user).toEqual({ key: -1, id: '-1', low: 0xffffffff, high: 0xffffffff });
    expect(session.isUser(0xffffffff, -1)).toBe(true);
    expect(session.isUser(0xffffffff, 0)).toBe(false);
    expect(session.upstreamPrefix).not.toEqual(before);
  });
});
