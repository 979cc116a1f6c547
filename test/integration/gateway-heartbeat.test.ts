import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { decodePing, encodePong, SYSTEM } from '../../src/protocol/system.ts';
import { gameFrame } from '../support/frames.ts';
import type { TestClient } from '../support/test-client.ts';
import type { TestGateway } from '../support/test-gateway.ts';
import { startTestGateway } from '../support/test-gateway.ts';

/** Heartbeats of a whole gateway on the memory transport, whose clock and timers are the test's. */
let test: TestGateway;
let client: TestClient;

beforeEach(async () => {
  vi.useFakeTimers({
    toFake: ['setInterval', 'setTimeout', 'clearTimeout', 'clearInterval', 'performance', 'Date'],
  });
  test = await startTestGateway();
  client = test.openMemory();
});
afterEach(async () => {
  vi.useRealTimers();
  await test.close();
});

const pings = (): number =>
  client.inbox.filter(({ route, msgId }) => route === 3 && msgId === SYSTEM.ping).length;

describe('heartbeats', () => {
  it('go out every interval, numbered, with time and count', async () => {
    client.send(gameFrame(1));
    await vi.advanceTimersByTimeAsync(30_000);
    expect(pings()).toBe(1);
    const [ping] = client.inbox;
    expect(ping.seq).toBe(1);
    expect(decodePing(ping.payload)).toEqual({ sentAtMs: Date.now(), received: 1 });
    client.send(encodePong({ sentAtMs: Date.now(), serverTimeMs: 0, received: 0 }, 1));
    await vi.advanceTimersByTimeAsync(30_000);
    expect(client.inbox.map(({ seq }) => seq)).toEqual([1, 2]);
  });

  it('are not stopped by a flood from the client', async () => {
    for (let second = 0; second < 300; second++) {
      client.send(gameFrame(second));
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(client.isOpen).toBe(true);
    expect(pings()).toBeGreaterThanOrEqual(7);
  });

  it('keep a client that only answers them, for ever', async () => {
    for (let minute = 0; minute < 20; minute++) {
      await vi.advanceTimersByTimeAsync(30_000);
      for (const { seq } of client.inbox.splice(0)) {
        client.send(encodePong({ sentAtMs: Date.now(), serverTimeMs: 0, received: 0 }, seq));
      }
    }
    expect(client.isOpen).toBe(true);
  });

  it('end a silent client with 4001 within one step of the timeout', async () => {
    await vi.advanceTimersByTimeAsync(59_000);
    expect(client.isOpen).toBe(true);
    await vi.advanceTimersByTimeAsync(11_000);
    expect((await client.closed).code).toBe(4001);
    expect([test.gateway.hub.size, test.gateway.connections]).toEqual([0, 0]);
  });

  it('count a text frame and a datagram as a sign of life', async () => {
    await vi.advanceTimersByTimeAsync(50_000);
    client.sendText('x');
    await vi.advanceTimersByTimeAsync(50_000);
    expect(client.isOpen).toBe(true);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(client.isOpen).toBe(false);
  });

  it('leave no timer with the last session and the gateway gone', async () => {
    await client.close();
    await test.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});
