import { describe, expect, test } from 'vitest';
import { encodeFrame, FLAG, payloadOf, ROUTE, readHeader } from '../../src/protocol/header.ts';
import { decodeAuthLogin, decodeAuthLogout, SYSTEM } from '../../src/protocol/system.ts';
import type { Authentication } from '../../web-client/sdk/client-api.ts';
import { settle } from '../support/fake-clock.ts';
import { connected } from '../support/sdk-stage.ts';
import {
  accept,
  afterEnd,
  Issuer,
  NOW_MS,
  refreshes,
  refuse,
  taken,
  withToken,
} from '../support/token-stage.ts';

describe('login, refresh and logout', () => {
  test('login resolves with what the token grants, and later links show it', async () => {
    const stage = await connected();
    const login: Promise<Authentication> = stage.client.login('fresh');
    const frame = taken(stage.link, SYSTEM.authLogin);
    expect(decodeAuthLogin(payloadOf(frame))?.token).toBe('fresh');
    await accept(stage.link, SYSTEM.authLogin, { permissions: ['chat'], expiresAtMs: NOW_MS });
    expect(await login).toEqual({ userId: '7', permissions: ['chat'], expiresAtMs: NOW_MS });
    expect((await afterEnd(stage, 0)).hello?.token).toBe('fresh');
  });

  test('a login brings the resume token that the Welcome had none of; others leave it alone', async () => {
    const stage = await connected({}, { resumeToken: '' });
    const login = stage.client.login('fresh');
    await accept(stage.link, SYSTEM.authLogin, { resumeToken: 'resume-7' });
    await login;
    const refresh = stage.client.refresh('fresher');
    await settle();
    await accept(stage.link, SYSTEM.authRefresh);
    await refresh;
    expect((await afterEnd(stage, 0)).hello?.resumeToken).toBe('resume-7');
  });

  test('a refused login rejects with the code, and later links do not show the token', async () => {
    const stage = await connected({ token: 'first' });
    const login = expect(stage.client.login('bad')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await refuse(stage.link, SYSTEM.authLogin, 'UNAUTHENTICATED');
    await login;
    expect((await afterEnd(stage, 0)).hello?.token).toBe('first');
  });

  test('an AuthResult that does not decode rejects', async () => {
    const { client, link } = await connected();
    const login = expect(client.login('fresh')).rejects.toMatchObject({ code: 'INTERNAL' });
    const { seq } = readHeader(taken(link, SYSTEM.authLogin));
    const header = { seq, route: ROUTE.system, flags: FLAG.response, msgId: SYSTEM.authResult };
    link.receive(encodeFrame(header, new Uint8Array([0xff])));
    await login;
  });

  test('refresh shows a token in place of the one in use', async () => {
    const stage = await connected({ token: 'first' });
    const refresh = stage.client.refresh('second');
    await settle();
    expect(refreshes(stage.link)).toEqual(['second']);
    await accept(stage.link, SYSTEM.authRefresh, { expiresAtMs: NOW_MS });
    expect(await refresh).toMatchObject({ userId: '7', expiresAtMs: NOW_MS });
    expect((await afterEnd(stage, 0)).hello?.token).toBe('second');
  });

  test('refresh without a token asks the function', async () => {
    const issuer = new Issuer();
    const { client, link } = await withToken(0, issuer.token);
    issuer.next = 'token-2';
    const refresh = client.refresh();
    await settle();
    expect(refreshes(link)).toEqual(['token-2']);
    await accept(link, SYSTEM.authRefresh);
    await refresh;
    await expect((await connected()).client.refresh()).rejects.toMatchObject({ code: 'NO_TOKEN' });
  });

  test.each([false, true])('logout (everywhere: %s) ends the client for good', async (everywhere) => {
    const { client, link, clock, states } = await connected({ token: () => 'token' });
    const logout = client.logout({ everywhere });
    expect(decodeAuthLogout(payloadOf(taken(link, SYSTEM.authLogout)))).toBe(everywhere);
    await accept(link, SYSTEM.authLogout, { userId: '0' });
    await logout;
    expect(states).toMatchObject([{ state: 'closed', code: 4208 }]);
    expect(clock.pending).toBe(0);
  });

  test('logout resolves where the gateway closes before its answer is there', async () => {
    const { client, link } = await connected();
    const logout = client.logout();
    link.end(4208, 'logged out');
    await expect(logout).resolves.toBeUndefined();
  });

  test('without a link all three reject', async () => {
    const { client, link } = await connected();
    link.end(0);
    for (const attempt of [client.login('t'), client.refresh('t'), client.logout()]) {
      await expect(attempt).rejects.toMatchObject({ code: 'DISCONNECTED' });
    }
    client.close();
    await expect(client.logout()).rejects.toMatchObject({ code: 'CLOSED' });
  });
});
