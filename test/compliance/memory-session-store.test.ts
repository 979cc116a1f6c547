import { MemorySessionStore } from '../../src/session/store/memory-session-store.ts';
import { describeSessionStore } from './session-store-suite.ts';

describeSessionStore('MemorySessionStore', async () => ({
  store: new MemorySessionStore(),
  close: async () => {},
}));
