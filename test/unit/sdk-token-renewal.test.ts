import { describe, expect, test } from 'vitest';
import { SYSTEM } from '../../src/protocol/system.ts';
import { connect } from '../../web-client/sdk/client.ts';
import { FakeClock, settle } from '../support/fake-clock.ts';
import { FakeNetwork } from '../support/fake-link.ts';
import {
  accept,
  afterEnd,
  Issuer,
  MINUTE_MS,
  NOW_MS,
  refreshes,
  refuse,
  withToken,
} from '../support/token-stage.ts';

describe('a token that is about to expire', () => {
  test('is replaced in the last five minutes, at a moment of chance', async () => {
    const issuer = new Issuer();
    const { client, link, clock, failures } = await withToken(60 * MINUTE_MS, issuer.token);
    issuer.next = 'token-2';
    await clock.advance(56.25 * MINUTE_MS - 1);
    expect(refreshes(link)).toEqual([]);
    await clock.advance(1);
    expect(refreshes(link)).toEqual(['token-2']);
    await accept(link, SYSTEM.authRefresh, { expiresAtMs: NOW_MS + 120 * MINUTE_MS });
    issuer.next = 'token-3';
    await clock.advance(60 * MINUTE_MS);
    expect(refreshes(link)).toEqual(['token-2', 'token-3']);
    expect(failures).toEqual([]);
    expect(client.state).toBe('open');
  });

  test('that lives shortly is replaced in its last quarter', async () => {
    const issuer = new Issuer();
    const { link, clock } = await withToken(20_000, issuer.token);
    issuer.next = 'token-2';
    await clock.advance(16_249);
    expect(issuer.asked).toBe(1);
    await clock.advance(1);
    expect(refreshes(link)).toEqual(['token-2']);
  });

  test('that was shown by login is replaced too', async () => {
    const issuer = new Issuer();
    const { client, link, clock } = await withToken(0, issuer.token);
    const login = client.login('token-2');
    await accept(link, SYSTEM.authLogin, { expiresAtMs: NOW_MS + 20_000 });
    await login;
    issuer.next = 'token-3';
    await clock.advance(20_000);
    expect(refreshes(link)).toEqual(['token-3']);
  });

  test('after more than a timer can wait for', async () => {
    const issuer = new Issuer();
    const days = 24 * 60 * MINUTE_MS;
    const { link, clock } = await withToken(40 * days, issuer.token);
    issuer.next = 'token-2';
    expect(clock.longestMs).toBeLessThan(2 ** 31);
    await clock.advance(40 * days - 4 * MINUTE_MS);
    expect(issuer.asked).toBe(1);
    await clock.advance(20_000);
    expect(refreshes(link)).toEqual(['token-2']);
  });

  test('is asked for again when the function fails, and each failure is reported', async () => {
    const issuer = new Issuer();
    const { link, clock, failures } = await withToken(MINUTE_MS, issuer.token);
    issuer.next = new Error('login server away');
    await clock.advance(48_750);
    expect(failures).toMatchObject([
      { error: { code: 'NO_TOKEN', message: 'login server away' }, retryInMs: 750 },
    ]);
    await clock.advance(750);
    expect(failures).toHaveLength(2);
    issuer.next = 'token-2';
    await clock.advance(1_500);
    expect(refreshes(link)).toEqual(['token-2']);
  });

  test('is not shown twice: the function has to give another', async () => {
    const issuer = new Issuer();
    const { link, clock, failures } = await withToken(MINUTE_MS, issuer.token);
    await clock.advance(48_750);
    expect(failures[0]).toMatchObject({ error: { code: 'NO_TOKEN' } });
    issuer.next = 'token-2';
    await clock.advance(750);
    await refuse(link, SYSTEM.authRefresh, 'UNAUTHENTICATED');
    expect(failures.at(-1)).toMatchObject({ error: { code: 'UNAUTHENTICATED' } });
    await clock.advance(MINUTE_MS);
    expect(refreshes(link)).toEqual(['token-2']);
  });

  test('is shown again where the gateway could not tell', async () => {
    const issuer = new Issuer();
    const { link, clock } = await withToken(MINUTE_MS, issuer.token);
    issuer.next = 'token-2';
    await clock.advance(48_750);
    await refuse(link, SYSTEM.authRefresh, 'UNAVAILABLE');
    await clock.advance(1_000);
    expect(refreshes(link)).toEqual(['token-2', 'token-2']);
  });

  test('is not asked for beyond its end, nor between links', async () => {
    const issuer = new Issuer();
    const { client, link, clock, failures } = await withToken(20_000, issuer.token);
    await clock.advance(60_000);
    expect(failures.at(-1)?.retryInMs).toBeUndefined();
    expect(clock.pending).toBe(0);
    link.end(0);
    client.close();
    expect(clock.pending).toBe(0);
  });

  test('leaves no timer behind a client that is closed', async () => {
    const { client, clock } = await withToken(MINUTE_MS, new Issuer().token);
    expect(clock.pending).toBe(1);
    client.close();
    expect(clock.pending).toBe(0);
  });

  test('is not refreshed while there is no link: the next Hello shows a token anyway', async () => {
    const { link, clock, network, failures } = await withToken(MINUTE_MS, new Issuer().token);
    network.refusal = new Error('away');
    link.end(0);
    await clock.advance(MINUTE_MS);
    expect(failures).toEqual([]);
  });

  test('is not refreshed by what the function gives after the link has gone', async () => {
    let fail = (_error: Error) => {};
    let asked = 0;
    const token = () => {
      if (asked++ !== 1) return 'token-1';
      return new Promise<string>((_resolve, reject) => {
        fail = reject;
      });
    };
    const stage = await withToken(MINUTE_MS, token);
    await stage.clock.advance(48_750);
    const next = await afterEnd(stage, 0);
    next.welcome({ recovered: true, serverTimeMs: NOW_MS, expiresAtMs: NOW_MS + MINUTE_MS });
    const { pending } = stage.clock;
    fail(new Error('too late'));
    await settle();
    expect(stage.failures).toEqual([]);
    expect(stage.clock.pending).toBe(pending);
  });

  test('a success starts the delays between failures anew', async () => {
    const issuer = new Issuer();
    const { link, clock, failures } = await withToken(MINUTE_MS, issuer.token);
    await clock.advance(49_500);
    issuer.next = 'token-2';
    await clock.advance(1_500);
    await accept(link, SYSTEM.authRefresh, { expiresAtMs: NOW_MS + 2 * MINUTE_MS });
    await clock.advance(MINUTE_MS);
    expect(failures.slice(0, 3).map(({ retryInMs }) => retryInMs)).toEqual([750, 1_500, 750]);
  });

  test('is left alone where it is a fixed one, or does not expire', async () => {
    for (const [livesMs, token] of [
      [20_000, 'fixed'],
      [0, () => 'token'],
    ] as const) {
      const { link, clock } = await withToken(livesMs, token);
      expect(clock.pending).toBe(0);
      await clock.advance(MINUTE_MS);
      expect(refreshes(link)).toEqual([]);
    }
  });
});

describe('a token that has expired or is refused', () => {
  test('is replaced by a fresh one: the client comes back', async () => {
    const issuer = new Issuer();
    const stage = await withToken(0, issuer.token);
    issuer.next = 'token-2';
    const next = await afterEnd(stage, 4204);
    expect(next.hello?.token).toBe('token-2');
    next.welcome({ sessionId: '78' });
    expect(stage.states.map(({ state }) => state)).toEqual(['reconnecting', 'open']);
  });

  test('ends the client where the function has no other', async () => {
    const issuer = new Issuer();
    const stage = await withToken(0, issuer.token);
    stage.link.end(4204, 'token expired');
    await stage.clock.advance(MINUTE_MS);
    expect(stage.states.at(-1)).toEqual({ state: 'closed', code: 4204, reason: 'token expired' });
    expect(stage.network.attempts).toBe(1);
    expect(stage.clock.pending).toBe(0);
  });

  test('ends the client where it is a fixed one', async () => {
    const { link, states } = await withToken(0, 'fixed');
    link.end(4204, 'token expired');
    expect(states).toEqual([{ state: 'closed', code: 4204, reason: 'token expired' }]);
  });

  test('a function that fails is asked again', async () => {
    const issuer = new Issuer();
    const stage = await withToken(0, issuer.token);
    issuer.next = new Error('login server away');
    stage.link.end(4204);
    await stage.clock.advance(1_000);
    expect(stage.states.at(-1)).toMatchObject({ state: 'reconnecting', reason: 'login server away' });
    issuer.next = 'token-2';
    await stage.clock.advance(5_000);
    expect((await stage.network.link()).hello?.token).toBe('token-2');
  });

  test('refused on the way back: another one is tried, and no third', async () => {
    const issuer = new Issuer();
    const stage = await withToken(0, issuer.token);
    issuer.next = 'token-2';
    const second = await afterEnd(stage, 0);
    issuer.next = 'token-3';
    await refuse(second, SYSTEM.hello, 'UNAUTHENTICATED');
    await stage.clock.advance(1_500);
    const third = await stage.network.link();
    expect(third.hello?.token).toBe('token-3');
    issuer.next = 'token-4';
    await refuse(third, SYSTEM.hello, 'UNAUTHENTICATED');
    expect(stage.client.state).toBe('closed');
    expect(stage.network.attempts).toBe(3);
  });

  test('refused by a close alone, and after a while again: each time another one is tried', async () => {
    const issuer = new Issuer();
    const stage = await withToken(0, issuer.token);
    for (const token of ['token-2', 'token-3']) {
      issuer.next = token;
      const next = await afterEnd({ ...stage, link: await stage.network.link() }, 4203);
      expect(next.hello?.token).toBe(token);
      next.welcome();
    }
    expect(stage.client.state).toBe('open');
  });

  test('refused at the first attempt: connect tries another one before it rejects', async () => {
    const [clock, network, issuer] = [new FakeClock(), new FakeNetwork(), new Issuer()];
    const connecting = connect({ open: network.open, clock, token: issuer.token });
    const rejected = expect(connecting).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    const first = await network.link();
    issuer.next = 'token-2';
    await refuse(first, SYSTEM.hello, 'UNAUTHENTICATED');
    await clock.advance(1_000);
    const second = await network.link();
    expect(second.hello?.token).toBe('token-2');
    await refuse(second, SYSTEM.hello, 'UNAUTHENTICATED');
    await rejected;
    expect(clock.pending).toBe(0);
  });

  test('a function that fails at the first attempt rejects connect', async () => {
    const [clock, network, issuer] = [new FakeClock(), new FakeNetwork(), new Issuer()];
    issuer.next = new Error('login server away');
    await expect(connect({ open: network.open, clock, token: issuer.token })).rejects.toMatchObject({
      message: 'login server away',
    });
    expect(network.attempts).toBe(0);
    expect(clock.pending).toBe(0);
  });

  test('a function that does not answer is bounded by the attempt', async () => {
    const [clock, network] = [new FakeClock(), new FakeNetwork()];
    let answer = (_token: string) => {};
    const token = () =>
      new Promise<string>((resolve) => {
        answer = resolve;
      });
    const connecting = connect({ open: network.open, clock, token, connectTimeoutMs: 500 });
    const rejected = expect(connecting).rejects.toMatchObject({ closeCode: 4104 });
    await clock.advance(500);
    await rejected;
    answer('token-1');
    await settle();
    expect(network.attempts).toBe(0);
  });
});
