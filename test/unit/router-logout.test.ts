import { beforeEach, expect, it } from 'vitest';
import { payloadOf } from '../../src/protocol/header.ts';
import { decodeAuthResult, decodeError, encodeAuthLogout } from '../../src/protocol/system.ts';
import { AuthHandler } from '../../src/router/auth-handler.ts';
import { stageLinks } from '../support/link-stage.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

let settle: (told: boolean) => void;
let stage: ReturnType<typeof stageLinks>;
let auth: AuthHandler;
beforeEach(() => {
  stage = stageLinks();
  auth = handler(true);
});

function handler(trustsUsers: boolean): AuthHandler {
  return new AuthHandler({
    ...{ verifier: undefined, trustsUsers, lifecycle: stage.lifecycle, hub: stage.hub },
    onAuthenticated() {},
    onBug() {},
    logoutElsewhere: () =>
      new Promise((resolve) => {
        settle = resolve;
      }),
  });
}

function logIn() {
  const { link, connection } = stage.accept();
  const { session } = link;
  stage.lifecycle.list(session);
  stage.lifecycle.bind(session, 7, 0);
  session.secretHash = Buffer.alloc(32, 1);
  return { link, connection, session, codes: () => connection.closes.map(({ code }) => code) };
}

it.each([true, false])(
  'ends others at once, and itself with the answer (told everywhere: %s)',
  async (told) => {
    const [asking, other] = [logIn(), logIn()];
    auth.logout(asking.link, encodeAuthLogout(true, 5));
    expect([asking.codes(), other.codes()]).toEqual([[], [4208]]);
    settle(told);
    await turn();
    const payload = payloadOf(asking.connection.sent[0]);
    if (told) expect(decodeAuthResult(payload)).toMatchObject({ userId: '0' });
    else expect(decodeError(payload)).toMatchObject({ code: 'UNAVAILABLE', retryAfterMs: 1000 });
    expect([asking.codes(), asking.session.ended, stage.hub.size]).toEqual([[4208], true, 0]);
  },
);

it('is resumed by nobody while it waits for that, and gone with its link', async () => {
  const { link, connection, session } = logIn();
  auth.logout(link, encodeAuthLogout(true, 5));
  expect(session.isSecret(Buffer.alloc(32, 1))).toBe(false);
  stage.lifecycle.closed(session, connection, { code: 1006, reason: '', by: 'peer' });
  expect([session.ended, stage.hub.size, stage.lifecycle.detached]).toEqual([true, 0, 0]);
  settle(false);
  await turn();
  expect(connection.sent).toEqual([]);
});

it('ends nobody else where everybody may claim to be the user', () => {
  const [asking, other] = [logIn(), logIn()];
  handler(false).logout(asking.link, encodeAuthLogout(true, 5));
  expect(decodeError(payloadOf(asking.connection.sent[0]))).toMatchObject({ code: 'FORBIDDEN' });
  expect([asking.codes(), other.codes()]).toEqual([[], []]);
  handler(false).logout(asking.link, encodeAuthLogout(false, 6));
  expect([asking.codes(), other.codes()]).toEqual([[4208], []]);
});
