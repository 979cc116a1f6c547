import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RedisBackendPort } from '../../src/bridge/redis-backend-port.ts';
import { RedisBridge, type RedisBridgeOptions } from '../../src/bridge/redis-bridge.ts';
import { eventually, RecordingSink } from '../support/recording-sink.ts';
import { freePort, type RedisServer, startRedis } from '../support/redis-server.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';

const CHANNELS = { broadcast: 'broadcast', addressed: 'gateway:1' };
const TOPIC = 'game:request:mmo';

describe('Redis bridge through outages', () => {
  const cleanUp: (() => Promise<void>)[] = [];
  const faults: unknown[] = [];
  const onFault = (fault: unknown): void => void faults.push(fault);

  beforeEach(() => {
    faults.length = 0;
    process.on('unhandledRejection', onFault);
    process.on('uncaughtException', onFault);
  });

  afterEach(async () => {
    for (const step of cleanUp.splice(0).reverse()) await step();
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', onFault);
    process.off('uncaughtException', onFault);
    expect(faults).toEqual([]);
  });

  async function startServer(options = {}): Promise<RedisServer> {
    const redis = await startRedis(options);
    cleanUp.push(() => redis.stop());
    return redis;
  }

  async function startBridge(addr: string, options: Partial<RedisBridgeOptions> = {}) {
    const bridge = new RedisBridge({ addr, channels: CHANNELS, ...options });
    cleanUp.push(() => bridge.close());
    const sink = new RecordingSink();
    await bridge.start(sink);
    return { bridge, sink };
  }

  function publish(bridge: RedisBridge): Promise<Error | undefined> {
    return new Promise((resolve) => bridge.publish(TOPIC, [Uint8Array.of(1)], resolve));
  }

  it('starts without Redis, says why, and comes up when Redis does', async () => {
    const port = await freePort();
    const { bridge, sink } = await startBridge(`127.0.0.1:${port}`);
    expect(bridge.status()).toEqual({
      up: false,
      subscribed: false,
      detail: `127.0.0.1:${port}: ECONNREFUSED`,
    });
    expect((await publish(bridge))?.message).toContain('ECONNREFUSED');
    expect(sink.states).toEqual([]);
    await startServer({ port });
    await sink.state(true);
    await eventually(() => bridge.status().subscribed, 'subscription');
    expect(await publish(bridge)).toBeUndefined();
  });

  it('settles what is in flight when Redis is killed, then reconnects and subscribes again', async () => {
    const redis = await startServer();
    const { bridge, sink } = await startBridge(redis.addr, { commandTimeoutMs: 60_000 });
    redis.pause();
    const inFlight = Array.from({ length: 50 }, () => publish(bridge));
    const startedMs = performance.now();
    await redis.kill();
    const errors = await Promise.all(inFlight);
    expect(performance.now() - startedMs).toBeLessThan(10_000);
    expect(errors.every((error) => error instanceof Error)).toBe(true);
    await sink.state(false);
    await eventually(() => !bridge.status().subscribed, 'the subscription to be gone');
    expect(bridge.up).toBe(false);

    await redis.restart();
    await sink.state(true);
    await eventually(() => bridge.status().subscribed, 'subscription');
    expect(sink.states).toEqual([true, false, true]);
    expect(sink.missed).toBe(1);
    expect(await publish(bridge)).toBeUndefined();
    const backend = new RedisBackendPort({ addr: redis.addr });
    cleanUp.push(() => backend.close());
    await backend.publish(CHANNELS.broadcast, Uint8Array.of(1));
    await backend.publish(CHANNELS.addressed, Uint8Array.of(2));
    expect((await sink.receive(2)).map(([value]) => value)).toEqual([1, 2]);
  });

  it('sends nothing again that was in flight when the link broke', async () => {
    const redis = await startServer();
    const proxy = await startTcpProxy(redis.port);
    cleanUp.push(() => proxy.close());
    const { bridge, sink } = await startBridge(proxy.addr);
    const backend = new RedisBackendPort({ addr: redis.addr });
    cleanUp.push(() => backend.close());
    const received: number[] = [];
    await backend.subscribe(TOPIC, (message) => received.push(message.length));

    redis.pause();
    const bytesBefore = proxy.bytesFromClients;
    const inFlight = publish(bridge);
    await eventually(() => proxy.bytesFromClients > bytesBefore, 'the publish to leave');
    proxy.dropConnections();
    expect(await inFlight).toBeInstanceOf(Error);
    await sink.state(false);
    redis.resume();
    await sink.state(true);
    await new Promise((resolve) => bridge.publish(TOPIC, [new Uint8Array(9)], resolve));
    await eventually(() => received.includes(9), 'the second publish');
    expect(received).toEqual([1, 9]);
  });

  it('settles publishes of a Redis that stands still by the command timeout', async () => {
    const redis = await startServer();
    const { bridge, sink } = await startBridge(redis.addr, { commandTimeoutMs: 1_000 });
    redis.pause();
    const results = await Promise.all([publish(bridge), publish(bridge)]);
    expect(results.map((error) => error?.message)).toEqual([
      'redis: no answer in time',
      'redis: no answer in time',
    ]);
    await sink.state(false);
    expect((await publish(bridge))?.message).toMatch(/^redis: /);
    redis.resume();
    await sink.state(true);
    expect(await publish(bridge)).toBeUndefined();
  });

  it('does not hold up the start when Redis accepts and says nothing', async () => {
    const redis = await startServer();
    redis.pause();
    const startedMs = performance.now();
    const { bridge, sink } = await startBridge(redis.addr, { commandTimeoutMs: 60_000 });
    expect(performance.now() - startedMs).toBeLessThan(10_000);
    expect(bridge.status()).toMatchObject({ up: false, subscribed: false });
    redis.resume();
    await sink.state(true);
  });

  it('closes while Redis stands still, without waiting for it, and settles first', async () => {
    const redis = await startServer();
    const { bridge } = await startBridge(redis.addr, { commandTimeoutMs: 60_000 });
    redis.pause();
    const hanging = publish(bridge);
    const startedMs = performance.now();
    await bridge.close();
    expect(performance.now() - startedMs).toBeLessThan(10_000);
    expect((await hanging)?.message).toBe('redis: closed');
  });

  it('closes while it connects, without a handle left', async () => {
    const redis = await startServer();
    const bridge = new RedisBridge({ addr: redis.addr, channels: CHANNELS });
    redis.pause();
    const started = bridge.start(new RecordingSink());
    await new Promise((resolve) => setTimeout(resolve, 50));
    await bridge.close();
    await started;
    await eventually(() => !process.getActiveResourcesInfo().includes('TCPSocketWrap'), 'sockets to close');
  });

  it('shows a wrong password as such, and no credentials', async () => {
    const redis = await startServer({ password: 'right-secret' });
    const { bridge } = await startBridge(redis.addr, { username: 'mallory-user', password: 'wrong-secret' });
    const error = await publish(bridge);
    const shown = `${bridge.status().detail} ${String(error)} ${error?.stack} ${JSON.stringify(error)}`;
    expect(shown).toContain('WRONGPASS');
    expect(shown).not.toMatch(/wrong-secret|right-secret|mallory-user/);
  });

  it('says that a password is missing, and serves with the right one', async () => {
    const redis = await startServer({ password: 'right-secret' });
    const { bridge } = await startBridge(redis.addr);
    expect(bridge.status().detail).toContain('NOAUTH');
    const { bridge: trusted } = await startBridge(redis.addr, { password: 'right-secret' });
    expect(trusted.status()).toEqual({ up: true, subscribed: true, detail: `connected to ${redis.addr}` });
  });

  it('is not up where the user may not publish', async () => {
    const args = ['--user', 'reader', 'on', '>secret', 'allchannels', '+@all', '-publish'];
    const redis = await startServer({ args });
    const { bridge } = await startBridge(redis.addr, { username: 'reader', password: 'secret' });
    expect(bridge.status()).toMatchObject({ up: false, subscribed: true });
    expect(bridge.status().detail).toContain('NOPERM');
  });

  it('refuses an address that holds a password, without repeating it', () => {
    const options = { addr: 'redis://:hidden@localhost:6379', channels: CHANNELS };
    expect(() => new RedisBridge(options)).toThrow(RangeError);
    expect(() => new RedisBridge(options)).not.toThrow(/hidden/);
  });
});
