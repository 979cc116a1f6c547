import { defineConfig } from 'vite';

/** The web client: static files, no request to anywhere but the gateway. */
export default defineConfig({
  root: 'web-client/app',
  base: './',
  build: { target: 'es2022', emptyOutDir: true, sourcemap: true },
});
