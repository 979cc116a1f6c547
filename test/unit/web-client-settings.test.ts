import { expect, test } from 'vitest';
import { decodeDemo, encodeDemo } from '../../web-client/app/payload.ts';
import { Probes } from '../../web-client/app/probes.ts';
import { readSettings, writeSettings } from '../../web-client/app/settings.ts';

test('settings come back from the address they were written to', () => {
  const settings = readSettings(
    '?view=arena&mode=auto&gateway=http%3A%2F%2Fa%3A8080&user=9&rate=0&connect=0',
  );
  expect(settings).toMatchObject({ view: 'arena', mode: 'auto', gateway: 'http://a:8080', user: 9 });
  expect(settings).toMatchObject({ rate: 0, connect: false, delivery: 'latest', bytes: 64 });
  expect(readSettings(writeSettings(settings))).toEqual(settings);
});

test('an address that says nonsense gives the defaults', () => {
  const settings = readSettings('?view=x&mode=&rate=1e9&bytes=1&user=-3&delivery=0');
  expect(settings).toMatchObject({ view: 'console', mode: 'both', rate: 20, bytes: 64, delivery: 'latest' });
  expect(settings.user).toBeGreaterThan(0);
});

test.each([0, 40, 64, 127, 128, 129, 130, 131, 132, 133, 200, 1_100])('a probe of %i bytes', (bytes) => {
  const message = { user: 300, number: 5, sentAtMs: 1234.5, x: 9_999, y: 0, page: 4_000_003, text: 'hé' };
  const payload = encodeDemo(message, bytes);
  expect(decodeDemo(payload)).toEqual(message);
  // A padding of 128 bytes and more takes a length of two bytes: one size in between cannot be hit.
  if (bytes > 60) expect(Math.abs(payload.length - bytes)).toBeLessThanOrEqual(1);
});

test('what is cut short decodes as far as it goes', () => {
  const payload = encodeDemo({ user: 300, number: 5, sentAtMs: 1 });
  for (let length = 0; length < payload.length; length++) {
    expect(() => decodeDemo(payload.subarray(0, length))).not.toThrow();
  }
});

test('probes are echoed or, after two seconds, lost', () => {
  const probes = new Probes();
  expect(probes.lossPercent).toBeUndefined();
  const numbers = [0, 0, 0, 0].map(() => probes.begin(1_000));
  probes.end(numbers[0], 1_010);
  probes.end(numbers[1], 1_030);
  probes.cancel(numbers[2]);
  probes.sweep(3_000);
  expect(probes.lost).toBe(0);
  probes.sweep(3_001);
  probes.end(numbers[3], 3_002);
  expect(probes).toMatchObject({ sent: 3, lost: 1 });
  expect(probes.lossPercent).toBeCloseTo(33.3, 1);
  expect(probes.percentile(50)).toBe(30);
  expect(probes.histogram().reduce((sum, count) => sum + count)).toBe(2);
});
