import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { setReceiveBytesMax } from '../../transports/websocket/receive-limit.ts';

/**
 * ws has no public way to change the limit of a standing connection. The compliance suite shows that the limit
 * works; this names the cause where another version of ws has other privates.
 */
describe('setReceiveBytesMax', () => {
  let server: WebSocketServer | undefined;

  afterEach(() => {
    for (const client of server?.clients ?? []) client.terminate();
    server?.close();
  });

  it.each([false, true])('finds what ws keeps the limit in; perMessageDeflate: %s', async (deflate) => {
    const { accepted } = await connectedPair(deflate);
    expect(accepted.extensions).toBe(deflate ? 'permessage-deflate' : '');
    expect(setReceiveBytesMax(accepted, 10)).toBe(true);
  });

  it('says so where there is nothing of the kind', async () => {
    const { accepted } = await connectedPair(false);
    const receiver: unknown = Reflect.get(accepted, '_receiver');
    Reflect.set(accepted, '_receiver', { maxPayload: 1 });
    expect(setReceiveBytesMax(accepted, 10)).toBe(false);
    Reflect.set(accepted, '_receiver', undefined);
    expect(setReceiveBytesMax(accepted, 10)).toBe(false);
    Reflect.set(accepted, '_receiver', receiver);
  });

  async function connectedPair(perMessageDeflate: boolean): Promise<{ accepted: WebSocket }> {
    const listening = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate });
    server = listening;
    await new Promise<void>((resolve) => listening.once('listening', () => resolve()));
    const address = listening.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const client = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate });
    client.on('error', () => {});
    return new Promise((resolve) => listening.once('connection', (accepted) => resolve({ accepted })));
  }
});
