import { defineConfig } from 'vitest/config';

const FAST = ['unit', 'compliance', 'integration', 'fuzz', 'e2e'].map(
  (folder) => `test/${folder}/**/*.test.ts`,
);
const SLOW = ['stress', 'chaos'].map((folder) => `test/${folder}/**/*.test.ts`);

const common = {
  // The HTTP/3 addon works on a process's main thread only, so threads are no choice.
  pool: 'forks',
  // The same result on a developer's machine as where CI is set: a forgotten .only fails both.
  allowOnly: false,
  // By default 1 s, which a busy machine may well need for something that is there at once else.
  expect: { poll: { timeout: 15_000 } },
} as const;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...common,
          name: 'default',
          include: [...FAST, 'test/architecture.test.ts'],
          // Most of their time is waiting, so that two fit even where there are only two cores.
          maxWorkers: 2,
          // Of a machine that has better things to do: a test takes a second or two, and waits for 15 s for what it needs.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          ...common,
          name: 'stress',
          include: SLOW,
          maxWorkers: 1,
          testTimeout: 300_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
