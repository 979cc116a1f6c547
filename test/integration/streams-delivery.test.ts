import { expect, it } from 'vitest';
import { proveDelivery } from '../support/delivery-proof.ts';

// The short one of test/chaos/streams-delivery.test.ts.
it('loses and doubles nothing acknowledged while Redis and the gateway are killed', async () => {
  const result = await proveDelivery({ frames: 5000, clients: 4, redisKills: 2, gatewayKills: 2 });
  expect(result).toMatchObject({ lost: 0, doubled: 0 });
  expect(result.acknowledged).toBeGreaterThanOrEqual(5000);
}, 120_000);
