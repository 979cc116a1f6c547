import { afterEach, describe, expect, it } from 'vitest';
import { SharedMemory } from '../../src/shared-memory.ts';
import { ResumingClient, webSocketWire } from '../support/resuming-client.ts';
import { type Served, startServed } from '../support/served.ts';

const DEMO = { games: '[{"id":"demo"}]' };

const served: Served[] = [];
afterEach(async () => {
  for (const gateway of served.splice(0)) await gateway.close();
});

async function start(id: string, memory?: SharedMemory, durable = 'false') {
  const gateway = await startServed({ ...DEMO, 'gateway.id': id, 'session.durable': durable }, memory);
  served.push(gateway);
  return webSocketWire(`ws://127.0.0.1:${gateway.running.addresses.get('websocket')?.port}/ws`);
}

describe('sessions without Redis', () => {
  it('may be configured durable, and are resumed as they are otherwise', async () => {
    const wire = await start('g1', undefined, 'true');
    const client = new ResumingClient();
    const { sessionId } = (await client.connect(wire)) ?? {};
    client.vanish();
    expect(await client.connect(wire)).toMatchObject({ sessionId, recovered: true });
  });

  it('stay with their gateway, where that shares no memory with others', async () => {
    const wires = [await start('g1'), await start('g2')];
    const client = new ResumingClient();
    await client.connect(wires[0]);
    expect(await client.connect(wires[1])).toMatchObject({ recovered: false, gatewayId: 'g2' });
  });

  it('wait in the memory for a gateway that starts when theirs has closed', async () => {
    const memory = new SharedMemory();
    const client = new ResumingClient();
    const { sessionId } = (await client.connect(await start('g1', memory))) ?? {};
    await served[0].close();
    const wire = await start('g2', memory);
    expect(await client.connect(wire)).toMatchObject({ sessionId, recovered: true, gatewayId: 'g2' });
    // The session and the gateway.
    expect(memory.store.size).toBe(2);
  });
});
