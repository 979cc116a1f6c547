import { type DeviceStage, userToken } from './device-stage.ts';
import { Random } from './random.ts';
import { ResumingClient } from './resuming-client.ts';

const STEPS = 30;
const TURNS_MAX = 6;
const DEVICES = ['', '', 'phone', 'desk'] as const;

/** A client, and its latest attempt to get a session. */
interface Player {
  readonly client: ResumingClient;
  attempt: Promise<unknown>;
}

/**
 * Logins, logouts, lost links and resumes of one user on both gateways, as the seed says, each without waiting for the
 * one before. Resolves with the clients once every attempt has been answered.
 */
export async function deviceRun(
  stage: DeviceStage,
  user: number,
  seed: number,
): Promise<readonly ResumingClient[]> {
  const random = new Random(seed);
  const token = await userToken(user);
  const players: Player[] = [];
  const connect = (player: Player, withToken: boolean): void => {
    player.attempt = player.client.connect(random.pick(stage.pair.wires), withToken ? token : '');
  };
  for (let step = 0; step < STEPS; step++) {
    const player = players.length === 0 || random.chance(0.4) ? undefined : random.pick(players);
    if (player === undefined) {
      const client = new ResumingClient();
      client.device = random.pick(DEVICES);
      const added = { client, attempt: Promise.resolve() };
      players.push(added);
      connect(added, true);
    } else if (random.chance(0.25)) player.client.wire?.close();
    else if (random.chance(0.4)) player.client.vanish();
    else if (player.client.welcomes.length > 0) connect(player, random.chance(0.5));
    for (let turns = random.below(TURNS_MAX); turns > 0; turns--) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  await Promise.all(players.map(({ attempt }) => attempt));
  return players.map(({ client }) => client);
}
