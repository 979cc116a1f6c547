import type { PushPosition } from './push-history.ts';

/**
 * How far a stored log reaches in the stream of pushes: what came up to there for the session is in it, but for the
 * items `waiting`; what came later is not.
 */
export interface LogPosition {
  /** Names the process that wrote it: one gateway after the other may bear the same id. */
  readonly run: string;
  /** As that process counts items; of two positions of a run the larger one is the later. */
  readonly item: number;
  /** Undefined: the gateway does not know it. */
  readonly at: PushPosition | undefined;
  /** Items before it whose frames waited in the send queue, as distances back from it; from the last to the first. */
  readonly waiting: readonly number[];
}

/** One line of words; the name of the mark is the rest of it, as it may hold anything. */
export function encodePosition({ run, item, at, waiting }: LogPosition): string {
  return `${run} ${item} ${at?.items ?? -1} ${waiting.join(',')} ${at?.mark ?? ''}`;
}

/** Undefined where the text is none: whoever wrote it keeps no positions. */
export function decodePosition(text: string): LogPosition | undefined {
  const match = /^(\S+) (\d+) (-1|\d+) ([\d,]*) (.*)$/s.exec(text);
  if (match === null) return undefined;
  const [, run, item, items, waiting, mark] = match;
  return {
    ...{ run, item: Number(item) },
    at: items === '-1' ? undefined : { mark, items: Number(items) },
    waiting: waiting === '' ? [] : waiting.split(',').map(Number),
  };
}
