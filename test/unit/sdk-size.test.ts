import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { expect, test } from 'vitest';

const ENTRY = join(import.meta.dirname, '../../web-client/sdk/index.ts');
/** What an application pays for the SDK, protobufjs not counted. */
const GZIP_BYTES_MAX = 15_000;

async function bundle(options: { input: string; external: RegExp[] }): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      rolldownOptions: {
        ...options,
        preserveEntrySignatures: 'strict',
        output: { format: 'es', minify: true },
      },
    },
  });
  if (Array.isArray(result) || !('output' in result)) throw new Error('one bundle was expected');
  return result.output.map((file) => ('code' in file ? file.code : '')).join('');
}

test('the SDK with all it exports stays under 15 KB, compressed, without the protobuf runtime', async () => {
  const code = await bundle({ input: ENTRY, external: [/^protobufjs/] });
  expect(code.length).toBeGreaterThan(10_000);
  expect(gzipSync(code).length).toBeLessThan(GZIP_BYTES_MAX);
});
