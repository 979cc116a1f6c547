import type { Dispatcher } from '../queue/dispatcher.ts';
import type { UpstreamTarget } from '../queue/upstream-target.ts';

/** A game that frames go to. */
export interface Game {
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
 * The games that clients may name. Where the configuration lists none, any well-formed id will do. A payload without
 * a game id goes to the game that the session named last, else to the only one there is, or the one with the built-in
 * demo backend.
 */
export class Games {
  readonly #dispatcher: Dispatcher;
  readonly #open: boolean;
  readonly #games = new Map<string, Game>();
  readonly #decoder = new TextDecoder();
  readonly fallback: Game | undefined;

  constructor(rows: readonly GameRow[], dispatcher: Dispatcher) {
    this.#dispatcher = dispatcher;
    this.#open = rows.length === 0;
    for (const row of rows) this.#add(row.id);
    const chosen = rows.length === 1 ? rows[0] : rows.find((row) => row.backend === 'demo');
    this.fallback = chosen === undefined ? undefined : this.#games.get(chosen.id);
  }

  /** The game whose id is `bytes[start, end)`; undefined where it is not one that frames may go to. */
  find(bytes: Uint8Array, start: number, end: number): Game | undefined {
    if (end - start > ID_BYTES_MAX) return undefined;
    const id = this.#decoder.decode(bytes.subarray(start, end));
    const known = this.#games.get(id);
    if (known !== undefined || !this.#open) return known;
    if (this.#games.size >= OPEN_GAMES_MAX || !ID_PATTERN.test(id)) return undefined;
    return this.#add(id);
  }

  /** A game that frames went to before. */
  named(id: string): Game | undefined {
    return this.#games.get(id);
  }

  #add(id: string): Game {
    const target = this.#dispatcher.target(id);
    const game = { id, idBytes: new TextEncoder().encode(id), target };
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
