import { DISCONNECT } from '../../src/protocol/disconnect.ts';
import type { ErrorCode } from '../../src/protocol/error-codes.ts';
import {
  encodeFrame,
  FLAG,
  payloadOf,
  ROUTE,
  readFlags,
  readHeader,
  readMsgId,
  readRoute,
  readSeq,
} from '../../src/protocol/header.ts';
import { encodeAckFrame, encodeErrorFrame, encodeWelcome, SYSTEM } from '../../src/protocol/system.ts';
import type { Connection, ConnectionHandlers } from '../../src/transport.ts';
import { WebSocketListener } from '../../transports/websocket/websocket-listener.ts';

export interface EchoGatewayOptions {
  /** Game frames with this seq are taken and not answered. */
  swallowedSeq?: number;
  /** Game frames are refused with this code. */
  refuseWith?: ErrorCode;
  /** The connection closes with `kicked` instead of answering this seq. */
  kickAtSeq?: number;
}

export interface EchoGateway {
  /** `host:port` of its WebSocket. */
  readonly address: string;
  close(): Promise<void>;
}

/** The least of a gateway, over real sockets: Welcome, echo of game frames, relay of chat frames, acks. */
export async function startEchoGateway(options: EchoGatewayOptions = {}): Promise<EchoGateway> {
  const connections = new Set<Connection>();
  const listener = new WebSocketListener({
    connectionsPerAddressMax: 20_000,
    handshakesPerSecPerAddress: 100_000,
  });
  const { host, port } = await listener.listen((connection) => {
    connections.add(connection);
    return handlersOf(connection, connections, options);
  });
  return { address: `${host}:${port}`, close: () => listener.close(DISCONNECT.shutdown) };
}

function handlersOf(
  connection: Connection,
  connections: Set<Connection>,
  options: EchoGatewayOptions,
): ConnectionHandlers {
  return {
    onFrame(frame) {
      const answer = answerTo(frame, options);
      if (answer === 'kick') connection.close(DISCONNECT.kicked);
      else if (answer === 'relay') for (const each of connections) each.send(frame.slice());
      else if (answer !== undefined) connection.send(answer);
    },
    onText: () => {},
    onDrain: () => {},
    onClose: () => connections.delete(connection),
  };
}

function answerTo(frame: Uint8Array, options: EchoGatewayOptions): Uint8Array | 'relay' | 'kick' | undefined {
  const route = readRoute(frame);
  const seq = readSeq(frame);
  if (route === ROUTE.system) return readMsgId(frame) === SYSTEM.hello ? welcome(seq) : undefined;
  if (seq === options.kickAtSeq) return 'kick';
  if (seq === options.swallowedSeq) return undefined;
  if (options.refuseWith !== undefined) {
    return encodeErrorFrame({ ...readHeader(frame), code: options.refuseWith, message: 'by order' });
  }
  if (readFlags(frame) & FLAG.ackRequested) return encodeAckFrame(seq, route, readMsgId(frame));
  if (route === ROUTE.chat) return 'relay';
  return encodeFrame({ ...readHeader(frame), flags: FLAG.response }, payloadOf(frame));
}

function welcome(seq: number): Uint8Array {
  return encodeWelcome(
    {
      sessionId: '1',
      resumeToken: '',
      epoch: 1,
      recovered: false,
      replayed: 0,
      accepted: 0,
      heartbeatIntervalMs: 30_000,
      frameBytesMax: 65_536,
      datagramBytesMax: 0,
      gatewayId: 'echo',
      userId: '0',
      serverTimeMs: 0,
      expiresAtMs: 0,
    },
    seq,
  );
}
