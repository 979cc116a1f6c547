import { expect, it } from 'vitest';
import { proveDelivery } from '../support/delivery-proof.ts';

it('loses and doubles nothing of 100,000 acknowledged frames while Redis and the gateway are killed', async () => {
  const result = await proveDelivery({ frames: 100_000, clients: 8, redisKills: 10, gatewayKills: 10 });
  process.stdout.write(`${JSON.stringify(result)}\n`);
  expect(result).toMatchObject({ lost: 0, doubled: 0 });
  expect(result.acknowledged).toBeGreaterThanOrEqual(100_000);
});
