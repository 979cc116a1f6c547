import { connect } from '../../web-client/sdk/client.ts';
import type { Client, ConnectOptions, StateEvent } from '../../web-client/sdk/client-api.ts';
import { FakeClock } from './fake-clock.ts';
import { type FakeLink, FakeNetwork } from './fake-link.ts';

/** A client that is connected over a fake link, and what surrounds it. */
export interface Stage {
  clock: FakeClock;
  network: FakeNetwork;
  client: Client;
  link: FakeLink;
  states: StateEvent[];
}

/** The events of `states` begin after the first Welcome. */
export async function connected(
  options: Partial<ConnectOptions> = {},
  welcome: Parameters<FakeLink['welcome']>[0] = {},
): Promise<Stage> {
  const clock = new FakeClock();
  const network = new FakeNetwork();
  const connecting = connect({ open: network.open, clock, ...options });
  const link = await network.link();
  link.welcome(welcome);
  const client = await connecting;
  const states: StateEvent[] = [];
  client.on('state', (event) => states.push(event));
  return { clock, network, client, link, states };
}
