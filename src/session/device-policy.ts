import type { Session } from './session.ts';

/** What happens to one session of a user too many. */
export type DevicePolicyName = 'kick-oldest' | 'refuse' | 'unlimited';

/** How many devices a user may have at a time, and who gives way. */
export class DevicePolicy {
  readonly #name: DevicePolicyName;
  readonly #perUser: number;

  constructor(name: DevicePolicyName, perUser: number) {
    this.#name = name;
    this.#perUser = perUser;
  }

  /**
   * The sessions that give way to `session`; or that it is refused. `all`: of its user, the ones bound first in front;
   * those after it have their own turn.
   */
  decide(session: Session, all: Iterable<Session>): readonly Session[] | 'refuse' {
    const strangers: Session[] = [];
    const giveWay: Session[] = [];
    for (const other of all) {
      if (other === session) break;
      // The same device again: the player reinstalled, or lost the token.
      if (session.device !== '' && other.device === session.device) giveWay.push(other);
      else strangers.push(other);
    }
    if (this.#name === 'unlimited') return giveWay;
    const tooMany = strangers.length + 1 - this.#perUser;
    if (tooMany <= 0) return giveWay;
    return this.#name === 'refuse' ? 'refuse' : giveWay.concat(strangers.slice(0, tooMany));
  }
}
