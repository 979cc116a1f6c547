import type { Dispatcher } from '../queue/dispatcher.ts';
import type { UpstreamTarget } from '../queue/upstream-target.ts';

/** A game that frames go to. Whoever keeps one looks at `live` before each use. */
export interface Game {
  /** False once the game was forgotten: its target takes nothing any more, and another object stands for it. */
  live: boolean;
  /** When the last frame to it came, on the monotonic clock; kept by whoever sends there. */
  usedAtMs: number;
  readonly id: string;
  readonly idBytes: Uint8Array;
  readonly target: UpstreamTarget;
}

export interface GameRow {
  readonly id: string;
  readonly backend?: 'demo' | undefined;
}

const ID_PATTERN = /^[A-Za-z0-9_.-]{1,64}$/;
const ID_BYTES_MAX = 64;
/** Games at a time where the configuration names none: clients choose the names then. */
const OPEN_GAMES_MAX = 1000;
/**
 * A game that no frame went to for so long makes room for another name. Not sooner: a topic that clients invent may
 * leave a stream in the message queue.
 */
const OPEN_GAME_IDLE_MS = 600_000;
/** So many are looked at for one that may be forgotten; those in use are looked at last the next time. */
const EVICTION_TRIES = 16;

/**
 * The games that clients may name. Where the configuration lists none, any well-formed id will do, and one that is
 * not used any more makes room for a new one. A payload without
 * a game id goes to the game that the session named last, else to the only one there is, or the one with the built-in
 * demo backend.
 */
export class Games {
  readonly #dispatcher: Dispatcher;
  readonly #open: boolean;
  readonly #games = new Map<string, Game>();
  readonly #now: () => number;
  readonly #decoder = new TextDecoder();
  readonly fallback: Game | undefined;

  /** `now`: monotonic milliseconds; `performance.now` by default. */
  constructor(rows: readonly GameRow[], dispatcher: Dispatcher, now: () => number = () => performance.now()) {
    this.#dispatcher = dispatcher;
    this.#now = now;
    this.#open = rows.length === 0;
    for (const row of rows) this.#add(row.id);
    const chosen = rows.length === 1 ? rows[0] : rows.find((row) => row.backend === 'demo');
    this.fallback = chosen === undefined ? undefined : this.#games.get(chosen.id);
  }

  /** The game whose id is `bytes[start, end)`; undefined where it is not one that frames may go to. */
  find(bytes: Uint8Array, start: number, end: number): Game | undefined {
    if (end - start > ID_BYTES_MAX) return undefined;
    const id = this.#decoder.decode(bytes.subarray(start, end));
    return this.named(id);
  }

  /** As `find`, for a session's last game: frames may have gone to it on another gateway only. */
  named(id: string): Game | undefined {
    const known = this.#games.get(id);
    if (!this.#open) return known;
    if (known !== undefined) {
      this.#touch(known);
      return known;
    }
    if (!ID_PATTERN.test(id) || !this.#makeRoom()) return undefined;
    return this.#add(id);
  }

  /** The map is in the order of use. */
  #touch(game: Game): void {
    this.#games.delete(game.id);
    this.#games.set(game.id, game);
  }

  /** False where all that were looked at are in use. */
  #makeRoom(): boolean {
    const idleSinceMs = this.#now() - OPEN_GAME_IDLE_MS;
    for (let tries = EVICTION_TRIES; this.#games.size >= OPEN_GAMES_MAX; tries--) {
      const oldest = this.#games.values().next().value;
      if (oldest === undefined || tries === 0) return false;
      if (oldest.usedAtMs <= idleSinceMs && this.#dispatcher.release(oldest.id)) {
        oldest.live = false;
        this.#games.delete(oldest.id);
      } else this.#touch(oldest);
    }
    return true;
  }

  #add(id: string): Game {
    const target = this.#dispatcher.target(id);
    const game = { live: true, usedAtMs: this.#now(), id, idBytes: new TextEncoder().encode(id), target };
    this.#games.set(id, game);
    return game;
  }
}

/** True where `bytes[start, end)` is the game's id; for the frames after a session's first. */
export function isGame(game: Game, bytes: Uint8Array, start: number, end: number): boolean {
  const { idBytes } = game;
  if (end - start !== idBytes.length) return false;
  for (let index = 0; index < idBytes.length; index++) {
    if (bytes[start + index] !== idBytes[index]) return false;
  }
  return true;
}
