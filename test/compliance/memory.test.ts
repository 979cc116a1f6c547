import { MemoryListener } from '../../transports/memory/memory-listener.ts';
import { transportSuite } from './transport-suite.ts';

transportSuite('memory, with datagrams', async () => {
  const listeners = new Map<unknown, MemoryListener>();
  return {
    hasPort: false,
    createListener: ({ frameBytesMax }) => {
      const listener = new MemoryListener({ frameBytesMax });
      listeners.set(listener, listener);
      return listener;
    },
    connect: async (listener, _address, handlers) => {
      const memory = listeners.get(listener);
      if (memory === undefined) throw new Error('not a listener of this harness');
      return memory.connect(handlers);
    },
  };
});
