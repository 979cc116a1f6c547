import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import type { FastifyInstance } from 'fastify';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json',
  '.map': 'application/json',
  '.webmanifest': 'application/manifest+json',
};
/** File names under this folder carry a hash of their contents. */
const HASHED_FOLDER = '/assets/';

interface StaticFile {
  readonly type: string;
  readonly body: Buffer;
}

/**
 * The files of a small built page, read once: a request is a look-up by its path, so none can leave the folder. An
 * `index.html` answers for its folder.
 */
export class StaticFiles {
  readonly #files = new Map<string, StaticFile>();

  /** Throws where the folder cannot be read. */
  constructor(root: string) {
    for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
      const file = join(root, name);
      if (statSync(file).isFile()) this.#add(`/${relative(root, file).split(sep).join('/')}`, file);
    }
  }

  addTo(routes: FastifyInstance): void {
    routes.get('/*', (request, reply) => {
      const path = request.url.split('?', 1)[0];
      const file = this.#files.get(path);
      if (file === undefined) return reply.code(404).send({ error: 'not found' });
      const lasting = path.startsWith(HASHED_FOLDER);
      return reply
        .header('content-type', file.type)
        .header('cache-control', lasting ? 'public, max-age=31536000, immutable' : 'no-cache')
        .header('x-content-type-options', 'nosniff')
        .send(file.body);
    });
  }

  #add(path: string, file: string): void {
    const type = CONTENT_TYPES[extname(path)] ?? 'application/octet-stream';
    const entry = { type, body: readFileSync(file) };
    this.#files.set(path, entry);
    if (path.endsWith('/index.html')) this.#files.set(path.slice(0, -'index.html'.length), entry);
  }
}
