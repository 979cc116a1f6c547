import { MemoryBackendPort, MemoryBridge } from '../../src/bridge/memory-bridge.ts';
import { MemoryBroker } from '../../src/bridge/memory-broker.ts';
import { bridgeSuite } from './bridge-suite.ts';

bridgeSuite('memory', async () => {
  const broker = new MemoryBroker();
  return {
    bridge: (channels) => new MemoryBridge(broker, channels),
    backend: () => new MemoryBackendPort(broker),
    countsReceivers: true,
    tearDown: async () => undefined,
  };
});
