import type { Connection } from '../../src/transport.ts';

/** A connection that takes everything, or with `takes: false` asks for rest after each frame until `onDrain`. */
export function nullConnection(takes = true): Connection {
  return {
    info: { transport: 'null', datagrams: false },
    datagramBytesMax: 0,
    bufferedBytes: 0,
    send: () => takes,
    sendDatagram: () => false,
    setFrameBytesMax() {},
    pause() {},
    resume() {},
    close() {},
  };
}
