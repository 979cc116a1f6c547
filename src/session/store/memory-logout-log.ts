import { LOGOUTS_MAX, LOGOUTS_PER_READ, type LoggedOut, type Logout, type LogoutLog } from './logout-log.ts';

interface Entry extends Logout {
  readonly number: number;
}

/** Logouts in the memory of one process, bounded by their number alone. */
export class MemoryLogoutLog implements LogoutLog {
  #entries: Entry[] = [];
  #number = 0;

  async add(logout: Logout): Promise<void> {
    this.#entries.push({ ...logout, number: ++this.#number });
    if (this.#entries.length > LOGOUTS_MAX) this.#entries = this.#entries.slice(-LOGOUTS_MAX / 2);
  }

  async after(place: string): Promise<LoggedOut> {
    const from = Number(place);
    const logouts = this.#entries.filter(({ number }) => number > from).slice(0, LOGOUTS_PER_READ);
    return { place: String(logouts.at(-1)?.number ?? from), logouts };
  }
}
