import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../src/observe/log.ts';
import { FLAG, ROUTE, readHeader } from '../../src/protocol/header.ts';
import { type Running, serve } from '../../src/serve.ts';
import { gameFrame } from '../support/frames.ts';
import { openWebSocketClient, type TestClient } from '../support/test-client.ts';
import { testConfig } from '../support/test-gateway.ts';

const loopback = {
  'websocket.host': '127.0.0.1',
  'websocket.port': '0',
  'quic.enabled': 'false',
  'metrics.enabled': 'false',
  'web.enabled': 'false',
};

describe('the demo backend', () => {
  let running: Running;
  let sender: TestClient;
  let other: TestClient;

  beforeEach(async () => {
    running = await serve(testConfig(loopback), silentLog);
    const port = running.addresses.get('websocket')?.port;
    sender = await openWebSocketClient(`ws://127.0.0.1:${port}/ws`);
    other = await openWebSocketClient(`ws://127.0.0.1:${port}/ws`);
    await sender.hello();
    await other.hello();
  });

  afterEach(() => running.close());

  it.each([
    [1100, FLAG.latest],
    [1150, 0],
    [1199, FLAG.latest],
  ])('relays message %i of the arena to everyone, with its flags %i', async (msgId, flags) => {
    sender.send(gameFrame(5, { msgId, flags }));
    for (const client of [sender, other]) {
      const frame = await client.take('the relayed frame', ({ route }) => route === ROUTE.game);
      expect(frame).toMatchObject({ msgId, flags });
      expect(frame.payload).toEqual(readPayload(gameFrame(5)));
    }
  });

  it.each([1099, 1200])('answers message %i to its sender alone', async (msgId) => {
    sender.send(gameFrame(6, { msgId }));
    expect(await sender.takeSeq(6)).toMatchObject({ msgId, flags: FLAG.response });
    // What is sent to everyone now comes after anything that might have been sent before.
    sender.send(gameFrame(7, { msgId: 1150 }));
    const first = await other.take('a game frame', ({ route }) => route === ROUTE.game);
    expect(first.msgId).toBe(1150);
  });
});

function readPayload(frame: Uint8Array): Uint8Array {
  expect(readHeader(frame).route).toBe(ROUTE.game);
  return frame.subarray(8);
}
