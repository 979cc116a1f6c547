import { describe, expect, it } from 'vitest';
import { MemoryBridge } from '../../src/bridge/memory-bridge.ts';
import { MemoryBroker } from '../../src/bridge/memory-broker.ts';

function published(broker: MemoryBroker, channel: string, ...values: number[]): Promise<number> {
  return new Promise((resolve) => {
    const messages = values.map((value) => Uint8Array.of(value));
    broker.publish(channel, messages, (_error, receivers) => resolve(receivers));
  });
}

describe('MemoryBroker', () => {
  it('delivers nothing inside publish, and all of a tick in one go', async () => {
    const broker = new MemoryBroker();
    const events: string[] = [];
    broker.subscribe('a', ([value]) => events.push(`a${value}`));
    broker.subscribe('b', ([value]) => events.push(`b${value}`));
    const first = published(broker, 'a', 1, 2);
    const second = published(broker, 'b', 3);
    setImmediate(() => events.push('next'));
    events.push('returned');
    await Promise.all([first, second]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(events).toEqual(['returned', 'a1', 'a2', 'b3', 'next']);
  });

  it('serves the others when a subscriber throws, and reports it', async () => {
    const errors: unknown[] = [];
    const broker = new MemoryBroker((error) => errors.push(error));
    const received: number[] = [];
    const fault = new Error('subscriber failed');
    broker.subscribe('a', () => {
      throw fault;
    });
    broker.subscribe('a', ([value]) => received.push(value));
    expect(await published(broker, 'a', 1, 2)).toBe(2);
    expect(received).toEqual([1, 2]);
    expect(errors).toEqual([fault, fault]);
  });

  it('gives each subscriber its own bytes, also of a Buffer', async () => {
    const broker = new MemoryBroker();
    const received: number[] = [];
    for (let index = 0; index < 3; index += 1) {
      broker.subscribe('a', (message) => {
        received.push(message[0]);
        message.fill(0);
      });
    }
    await new Promise<void>((resolve) => broker.publish('a', [Buffer.of(5)], () => resolve()));
    expect(received).toEqual([5, 5, 5]);
  });

  it('lets a subscriber leave, also twice and during delivery', async () => {
    const broker = new MemoryBroker();
    const received: number[] = [];
    const leave = broker.subscribe('a', ([value]) => {
      received.push(value);
      leave();
      leave();
    });
    expect(await published(broker, 'a', 1, 2)).toBe(0);
    expect(received).toEqual([1]);
  });
});

describe('MemoryBridge', () => {
  it('fails a publish before start', async () => {
    const bridge = new MemoryBridge(new MemoryBroker(), { broadcast: 'b', addressed: 'g' });
    const error = await new Promise((resolve) => bridge.publish('a', [Uint8Array.of(1)], resolve));
    expect(String(error)).toContain('not started');
  });

  it('has a backend on its own broker', async () => {
    const bridge = new MemoryBridge(new MemoryBroker(), { broadcast: 'b', addressed: 'g' });
    const pushed: number[] = [];
    await bridge.start({
      onDownstream: ([value]) => pushed.push(value),
      onMissed: () => undefined,
      onStateChange: () => undefined,
    });
    const backend = bridge.backend();
    await backend.subscribe('topic', (message) => void backend.publish('g', message));
    await new Promise<void>((resolve) => bridge.publish('topic', [Uint8Array.of(4)], () => resolve()));
    await new Promise((resolve) => setImmediate(resolve));
    expect(pushed).toEqual([4]);
    await backend.close();
    await bridge.close();
  });
});
