import { connect } from 'node:net';
import { eventually } from './recording-sink.ts';
import { type RedisServer, startRedis } from './redis-server.ts';

const SLOTS = 16_384;

/** A real Redis Cluster of masters on the loopback. */
export interface RedisCluster {
  readonly nodes: readonly RedisServer[];
  readonly addrs: readonly string[];
  stop(): Promise<void>;
}

/** Resolves once every node sees the cluster as ok. */
export async function startRedisCluster(count = 3): Promise<RedisCluster> {
  const args = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000'];
  const nodes: RedisServer[] = [];
  try {
    for (let index = 0; index < count; index += 1) nodes.push(await startRedis({ args }));
    for (const [index, node] of nodes.entries()) {
      const first = Math.floor((index * SLOTS) / count);
      const last = Math.floor(((index + 1) * SLOTS) / count) - 1;
      await redisCommand(node.port, `CLUSTER ADDSLOTSRANGE ${first} ${last}`);
      await redisCommand(node.port, `CLUSTER SET-CONFIG-EPOCH ${index + 1}`);
    }
    for (const node of nodes.slice(1)) {
      await redisCommand(nodes[0].port, `CLUSTER MEET 127.0.0.1 ${node.port}`);
    }
    for (const node of nodes) await whenClusterOk(node.port, count);
  } catch (error) {
    for (const node of nodes) await node.stop();
    throw error;
  }
  return {
    nodes,
    addrs: nodes.map((node) => node.addr),
    stop: async () => {
      for (const node of nodes) await node.stop();
    },
  };
}

async function whenClusterOk(port: number, count: number): Promise<void> {
  let info = '';
  const polling = setInterval(() => {
    redisCommand(port, 'CLUSTER INFO').then(
      (answer) => {
        info = answer;
      },
      () => undefined,
    );
  }, 50);
  try {
    await eventually(
      () => info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${count}`),
      'the cluster',
      15_000,
    );
  } finally {
    clearInterval(polling);
  }
}

/** Sends one inline command and resolves with the first chunk of the answer. */
export function redisCommand(port: number, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${command}\r\n`));
    socket.once('data', (answer) => {
      socket.destroy();
      const text = answer.toString('latin1');
      if (text.startsWith('-')) reject(new Error(`${command}: ${text}`));
      else resolve(text);
    });
    socket.once('error', reject);
  });
}
