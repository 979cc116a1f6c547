import { payloadOf, ROUTE, readHeader } from '../../src/protocol/header.ts';
import {
  type AuthResult,
  decodeAuthRefresh,
  encodeAuthResult,
  encodeErrorFrame,
  SYSTEM,
} from '../../src/protocol/system.ts';
import type { RefreshFailure } from '../../web-client/sdk/client-api.ts';
import { settle } from './fake-clock.ts';
import type { FakeLink } from './fake-link.ts';
import { connected, type Stage } from './sdk-stage.ts';

/** Of the gateway's clock, when the link under test got its Welcome. */
export const NOW_MS = 1_700_000_000_000;
/** For times that are told in minutes. */
export const MINUTE_MS = 60_000;

/** A token function that gives what the test says, and counts. */
export class Issuer {
  asked = 0;
  next: string | Error = 'token-1';

  readonly token = async (): Promise<string> => {
    this.asked++;
    if (this.next instanceof Error) throw this.next;
    return this.next;
  };
}

/** A client with a token that lives for `livesMs` more. */
export async function withToken(
  livesMs: number,
  token: string | (() => string | Promise<string>),
): Promise<Stage & { failures: RefreshFailure[] }> {
  const expiresAtMs = livesMs === 0 ? 0 : NOW_MS + livesMs;
  const stage = await connected({ token }, { userId: '7', serverTimeMs: NOW_MS, expiresAtMs });
  const failures: RefreshFailure[] = [];
  stage.client.on('refreshFailed', (failure) => failures.push(failure));
  return { ...stage, failures };
}

/** The last system message of that kind that the client sent; throws where there is none. */
export function taken(link: FakeLink, msgId: number): Uint8Array {
  const frame = link.lastSystem(msgId);
  if (frame === undefined) throw new Error(`no system message ${msgId}`);
  return frame;
}

/** The gateway answers the last one of that kind with an AuthResult. */
export async function accept(link: FakeLink, msgId: number, result: Partial<AuthResult> = {}): Promise<void> {
  const { seq } = readHeader(taken(link, msgId));
  const none = { userId: '7', token: '', refreshToken: '', expiresAtMs: 0, permissions: [], resumeToken: '' };
  link.receive(encodeAuthResult({ ...none, ...result }, seq));
  await settle();
}

/** The gateway answers the last one of that kind with an Error. */
export async function refuse(
  link: FakeLink,
  msgId: number,
  code: 'UNAUTHENTICATED' | 'UNAVAILABLE',
): Promise<void> {
  const { seq } = readHeader(taken(link, msgId));
  link.receive(encodeErrorFrame({ seq, route: ROUTE.system, msgId, code, message: 'no' }));
  await settle();
}

/** The tokens of the AuthRefreshes that the client sent. */
export function refreshes(link: FakeLink): (string | undefined)[] {
  const frames = link.sent.filter((frame) => {
    const { route, msgId } = readHeader(frame);
    return route === ROUTE.system && msgId === SYSTEM.authRefresh;
  });
  return frames.map((frame) => decodeAuthRefresh(payloadOf(frame)));
}

/** The gateway ends the link; the client comes back to the newest one. */
export async function afterEnd({ link, clock, network }: Stage, code: number): Promise<FakeLink> {
  link.end(code);
  await clock.advance(1_000);
  return await network.link();
}
