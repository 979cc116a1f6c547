import { FLAG, HEADER_BYTES, ROUTE, readFlags, readUint32, writeHeader, writeUint32 } from './header.ts';

/** Bytes of the length prefix before each frame in a batch and on a stream. */
export const LENGTH_PREFIX_BYTES = 4;

/**
 * Calls `onFrame` with a view of each frame in a batch payload, in order. Views are valid during the call only.
 *
 * Returns undefined, or why the payload is not a batch: a frame shorter than a header, a length past the end, or a
 * batch inside a batch (never nested). Frames before the fault have been handed over by then.
 */
export function forEachFrame(payload: Uint8Array, onFrame: (frame: Uint8Array) => void): string | undefined {
  let offset = 0;
  while (offset < payload.length) {
    if (payload.length - offset < LENGTH_PREFIX_BYTES) return 'length prefix cut short';
    const length = readUint32(payload, offset);
    offset += LENGTH_PREFIX_BYTES;
    if (length < HEADER_BYTES) return `frame of ${length} bytes is shorter than a header`;
    if (length > payload.length - offset) return `frame of ${length} bytes passes the end`;
    if (readFlags(payload, offset) & FLAG.batch) return 'batch inside a batch';
    onFrame(payload.subarray(offset, offset + length));
    offset += length;
  }
  return undefined;
}

/** Bytes that a batch frame of these frames takes, its own header included. */
export function batchBytes(frames: readonly Uint8Array[]): number {
  let bytes = HEADER_BYTES;
  for (const frame of frames) bytes += LENGTH_PREFIX_BYTES + frame.length;
  return bytes;
}

/** Returns one batch frame (route system, msgId 0, seq 0) that holds copies of `frames` in order. */
export function encodeBatch(frames: readonly Uint8Array[]): Uint8Array {
  const batch = new Uint8Array(batchBytes(frames));
  writeHeader(batch, 0, { seq: 0, route: ROUTE.system, flags: FLAG.batch, msgId: 0 });
  let offset = HEADER_BYTES;
  for (const frame of frames) {
    writeUint32(batch, offset, frame.length);
    batch.set(frame, offset + LENGTH_PREFIX_BYTES);
    offset += LENGTH_PREFIX_BYTES + frame.length;
  }
  return batch;
}

/** The frames in order, in groups whose batch is no larger than `bytesMax`, or a single frame. */
export function splitBatches(frames: readonly Uint8Array[], bytesMax: number): Uint8Array[][] {
  const groups: Uint8Array[][] = [];
  let bytes = bytesMax;
  for (const frame of frames) {
    bytes += LENGTH_PREFIX_BYTES + frame.length;
    if (bytes > bytesMax) {
      groups.push([]);
      bytes = HEADER_BYTES + LENGTH_PREFIX_BYTES + frame.length;
    }
    groups[groups.length - 1].push(frame);
  }
  return groups;
}
