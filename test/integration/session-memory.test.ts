import { afterEach, describe, expect, it, vi } from 'vitest';
import { createResumeToken } from '../../src/session/resume-token.ts';
import { SharedMemory } from '../../src/shared-memory.ts';
import { eventually } from '../support/recording-sink.ts';
import { ResumingClient, webSocketWire } from '../support/resuming-client.ts';
import { type Served, startServed } from '../support/served.ts';
import type { Settings } from '../support/test-gateway.ts';

const DEMO = { games: '[{"id":"demo"}]' };

const served: Served[] = [];
afterEach(async () => {
  for (const gateway of served.splice(0)) await gateway.close();
});

async function start(id: string, memory?: SharedMemory, settings: Settings = {}) {
  const gateway = await startServed({ ...DEMO, 'gateway.id': id, ...settings }, memory);
  served.push(gateway);
  return webSocketWire(`ws://127.0.0.1:${gateway.running.addresses.get('websocket')?.port}/ws`);
}

describe('sessions without Redis', () => {
  it('may be configured durable, and are resumed as they are otherwise', async () => {
    const wire = await start('g1', undefined, { 'session.durable': 'true' });
    const client = new ResumingClient();
    const { sessionId } = (await client.connect(wire)) ?? {};
    client.vanish();
    expect(await client.connect(wire)).toMatchObject({ sessionId, recovered: true });
  });

  it('end with their gateway, where that shares no memory with others', async () => {
    const wires = [await start('g1'), await start('g2')];
    const client = new ResumingClient();
    await client.connect(wires[0]);
    await served[0].close();
    expect(await client.connect(wires[1])).toMatchObject({ recovered: false, gatewayId: 'g2' });
  });

  it.each([
    ['another', 'g2'],
    ['one of the same id', 'g1'],
  ])('wait in the memory for %s that starts when theirs has closed', async (_name, id) => {
    const memory = new SharedMemory();
    const claims = vi.spyOn(memory.store, 'claim');
    const client = new ResumingClient();
    const { sessionId } = (await client.connect(await start('g1', memory))) ?? {};
    await served[0].close();
    const wire = await start(id, memory);
    expect(await client.connect(wire)).toMatchObject({ sessionId, recovered: true, gatewayId: id });
    // It was taken before the client came.
    expect(claims).toHaveBeenCalledTimes(1);
    // The session and the gateway.
    expect(memory.store.size).toBe(2);
  });

  it('that are on their way to another gateway are not taken back by force', async () => {
    const memory = new SharedMemory();
    const wire = await start('g1', memory);
    const client = new ResumingClient();
    const welcome = await client.connect(wire);
    if (welcome === undefined) throw new Error('no Welcome');
    const { text, secretHash } = createResumeToken('42');
    const { store } = memory;
    const record = await store.get(welcome.sessionId);
    if (record === undefined) throw new Error('not stored');
    const hashes = { secretHash, earlierHash: new Uint8Array(0) };
    const detached = { ...record, ...hashes, id: '42', state: 'detached', next: 0, taken: 0 } as const;
    await store.save(detached, { log: [], position: '', ttlMs: 60_000, releasedTo: 'n' });
    const claims = vi.spyOn(store, 'claim');
    const other = new ResumingClient();
    other.welcomes.push({ ...welcome, resumeToken: text });
    const connected = other.connect(wire);
    await eventually(() => claims.mock.calls.length >= 3, 'the gateway to wait');
    const claim = { id: '42', secretHash, received: 0, gatewayId: 'g2', nonce: 'n', force: false } as const;
    expect(await store.claim(claim, 60_000)).toMatchObject({ outcome: 'taken' });
    expect(await connected).toMatchObject({ recovered: false });
  });
});
