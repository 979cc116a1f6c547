import type { TickFlusher } from '../../queue/tick-flusher.ts';
import type { ControlChannel } from '../control/control-channel.ts';
import type { SessionDirectory } from './session-directory.ts';

/**
 * Tells every gateway which copies of sessions and users are stale, once a tick for all that changed. To be told after
 * the write: a copy that was read before it is dropped then.
 */
export class ChangeNotices {
  readonly #flusher: TickFlusher;
  readonly #directory: SessionDirectory;
  readonly #control: ControlChannel;
  readonly #sessions = new Set<string>();
  readonly #users = new Set<string>();

  constructor(flusher: TickFlusher, directory: SessionDirectory, control: ControlChannel) {
    this.#flusher = flusher;
    this.#directory = directory;
    this.#control = control;
  }

  /** `userId`: of the session; `0`: not bound. */
  tell(sessionId: string, userId = '0'): void {
    if (this.#sessions.size === 0) this.#flusher.schedule({ flush: () => this.#send() });
    this.#sessions.add(sessionId);
    if (userId !== '0') this.#users.add(userId);
  }

  #send(): void {
    const [sessions, users] = [[...this.#sessions], [...this.#users]];
    this.#sessions.clear();
    this.#users.clear();
    this.#directory.drop(sessions, users);
    void this.#control.sendAll({ kind: 'changed', sessions, users });
  }
}
