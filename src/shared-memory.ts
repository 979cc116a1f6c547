import { randomInt } from 'node:crypto';
import { MemoryBroker } from './bridge/memory-broker.ts';
import { MemoryPeers } from './session/control/memory-control-channel.ts';
import { type IdSource, MACHINE_ID_MAX, SnowflakeGenerator } from './session/ids/snowflake.ts';
import { MemorySessionStore } from './session/store/memory-session-store.ts';

/**
 * What the gateways of one process share in place of Redis: the queue, the sessions, what they say to each other, and
 * where session ids come from. A gateway alone in its process is better off without: nobody else would read what it
 * writes (docs/benchmarks.md, `sessions`, has the price).
 */
export class SharedMemory {
  readonly broker = new MemoryBroker();
  readonly store = new MemorySessionStore();
  readonly peers = new MemoryPeers();
  readonly ids: IdSource = new SnowflakeGenerator(randomInt(MACHINE_ID_MAX + 1));
}
