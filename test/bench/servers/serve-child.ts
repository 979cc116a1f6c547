/** The server under test listens. */
export interface Started {
  readonly port: number;
}

/** `usage`: processor time. `collect`: memory, after garbage collections. */
export type Request = 'usage' | 'collect';

export interface Reply {
  readonly cpuUs: number;
  readonly rssBytes: number;
  /** JavaScript heap in use and memory outside it that the engine knows of. */
  readonly heapBytes: number;
}

const COLLECTIONS = 4;
const COLLECTION_PAUSE_MS = 50;

/** The child's side: says where it listens, answers questions, and ends with its parent. */
export function reportTo(parent: NodeJS.Process, port: number, close: () => Promise<void>): void {
  parent.on('message', (request: unknown) => {
    if (request === 'usage') reply(parent);
    if (request === 'collect') void collect().then(() => reply(parent));
  });
  parent.once('disconnect', () => {
    void close().finally(() => process.exit());
  });
  parent.send?.({ port } satisfies Started);
}

/** What the parent passed on the command line, as JSON. */
export function argument(): unknown {
  return JSON.parse(process.argv[2] ?? '{}');
}

function reply(parent: NodeJS.Process): void {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed, external } = process.memoryUsage();
  parent.send?.({ cpuUs: user + system, rssBytes: rss, heapBytes: heapUsed + external } satisfies Reply);
}

/** Several, with pauses: V8 gives pages back behind a collection, and finalizers run between two. */
async function collect(): Promise<void> {
  for (let count = 0; count < COLLECTIONS; count++) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, COLLECTION_PAUSE_MS));
  }
}

export function isStarted(message: unknown): message is Started {
  return typeof message === 'object' && message !== null && 'port' in message;
}

export function isReply(message: unknown): message is Reply {
  return typeof message === 'object' && message !== null && 'cpuUs' in message && 'rssBytes' in message;
}
