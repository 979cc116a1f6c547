import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** A UDP proxy on a loopback port for one client, as a NAT on its way. */
export interface UdpProxy {
  readonly port: number;
  /** The source port that the server sees now. */
  readonly natPort: number;
  /** Sends from another source port from now on; packets to the old one are lost, as after a NAT's timeout. */
  rebind(): Promise<void>;
  /** Loses every packet in both directions from now on. */
  cut(): void;
  close(): Promise<void>;
}

/** Forwards to `127.0.0.1:targetPort`. */
export async function startUdpProxy(targetPort: number): Promise<UdpProxy> {
  const front = createSocket('udp4');
  let client: AddressInfo | undefined;
  let cut = false;
  const openBack = async (): Promise<Socket> => {
    const socket = createSocket('udp4');
    socket.on('message', (bytes) => {
      if (client !== undefined && !cut) front.send(bytes, client.port, client.address);
    });
    await bind(socket);
    return socket;
  };
  let back = await openBack();
  front.on('message', (bytes, { address, port, family }) => {
    client = { address, port, family };
    if (!cut) back.send(bytes, targetPort, '127.0.0.1');
  });
  await bind(front);
  return {
    port: front.address().port,
    get natPort() {
      return back.address().port;
    },
    rebind: async () => {
      const old = back;
      back = await openBack();
      await close(old);
    },
    cut: () => {
      cut = true;
    },
    close: async () => {
      await close(front);
      await close(back);
    },
  };
}

async function bind(socket: Socket): Promise<void> {
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
}

async function close(socket: Socket): Promise<void> {
  const closed = once(socket, 'close');
  socket.close();
  await closed;
}
