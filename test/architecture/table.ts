import type { Row } from './rules.ts';

const PROTOCOL = 'src/protocol';
const ERRORS = 'src/errors.ts';
const TRANSPORT = 'src/transport.ts';
const CONFIG = 'src/config';
const OBSERVE = 'src/observe';
const BRIDGE = 'src/bridge';
/** The boundary only; which bridge it is, is the composition's business. */
const BRIDGE_TYPES = 'src/bridge/bridge.ts';
const QUEUE = 'src/queue';
const SESSION = 'src/session';
const STORE = 'src/session/store';
const CONTROL = 'src/session/control';
const HISTORY = 'src/session/history';
const DIRECTORY = 'src/session/directory';
const CLAIMS = 'src/session/claims';
/** The sessions of one gateway by itself. */
const OWN_SESSIONS = [
  'session',
  'hub',
  'lifecycle',
  'resume-token',
  'device-policy',
  'remote',
  'cached-reads',
].map((file) => `${SESSION}/${file}.ts`);
const AUTH = 'src/auth';
const ROUTER = 'src/router';
const SERVICES = 'src/services';
const ADMIN = 'src/admin';
const GATEWAY = 'src/gateway.ts';
const CORE_OPTIONS = 'src/core-options.ts';
const SDK = 'web-client/sdk';
/** What the client side of a transport implements. */
const SDK_LINK = 'web-client/sdk/link.ts';

const BASE = [PROTOCOL, ERRORS];
const CORE = [...BASE, TRANSPORT, OBSERVE, BRIDGE_TYPES, QUEUE, SESSION, AUTH, ROUTER];
/** What the adapters share. */
const ADMISSION = 'transports/admission.ts';
const FLUSH_LIST = 'transports/flush-list.ts';
const ADAPTER = [...BASE, TRANSPORT, SDK_LINK, ADMISSION, FLUSH_LIST];
const WHOLE_SERVER = [...CORE, CONFIG, BRIDGE, SERVICES, ADMIN, GATEWAY, 'transports'];

const SHARED_MEMORY = 'src/shared-memory.ts';
const COMPOSITION = [
  ...[
    'src/access.ts',
    'src/identity.ts',
    'src/sharing.ts',
    'src/bridges.ts',
    'src/listeners.ts',
    'src/stats.ts',
    'src/readiness.ts',
  ],
  SHARED_MEMORY,
];

/**
 * Who may import what, lowest layer first. Every folder may import itself. A package stands in one row only, so what
 * replaces it one day changes one folder.
 */
export const TABLE: readonly Row[] = [
  { folder: PROTOCOL, may: [], packages: ['protobufjs'], node: false },
  { folder: ERRORS, may: [PROTOCOL], packages: [], node: false },
  { folder: TRANSPORT, may: [PROTOCOL], packages: [], node: false },

  { folder: CONFIG, may: BASE, packages: ['zod', 'yaml'], node: true },
  { folder: OBSERVE, may: BASE, packages: ['pino', 'prom-client'], node: true },
  { folder: BRIDGE, may: [...BASE, OBSERVE], packages: ['ioredis'], node: true },
  { folder: QUEUE, may: [...BASE, TRANSPORT, OBSERVE, BRIDGE_TYPES], packages: [], node: true },
  { folder: SESSION, may: [...BASE, TRANSPORT, OBSERVE, QUEUE], packages: ['lru-cache'], node: true },
  { folder: STORE, may: [...BASE, OBSERVE], packages: [], node: true },
  { folder: 'src/session/ids', may: [...BASE, STORE], packages: [], node: true },
  { folder: CONTROL, may: [PROTOCOL, STORE], packages: [], node: true },
  { folder: HISTORY, may: [PROTOCOL, QUEUE, CONTROL], packages: [], node: true },
  {
    folder: DIRECTORY,
    may: [OBSERVE, QUEUE, ...OWN_SESSIONS, STORE, CONTROL],
    packages: [],
    node: true,
  },
  {
    folder: CLAIMS,
    may: [PROTOCOL, OBSERVE, QUEUE, ...OWN_SESSIONS, STORE, CONTROL, HISTORY, DIRECTORY],
    packages: [],
    node: true,
  },
  {
    folder: 'src/session/writes',
    may: [OBSERVE, QUEUE, ...OWN_SESSIONS, STORE, HISTORY, DIRECTORY, CLAIMS],
    packages: [],
    node: true,
  },
  {
    folder: 'src/session/handover',
    may: [OBSERVE, ...OWN_SESSIONS, STORE, CONTROL, CLAIMS],
    packages: [],
    node: true,
  },
  {
    folder: 'src/session/users',
    may: [PROTOCOL, OBSERVE, ...OWN_SESSIONS, STORE, CONTROL, DIRECTORY],
    packages: [],
    node: true,
  },
  { folder: AUTH, may: [...BASE, OBSERVE], packages: ['jose'], node: true },
  { folder: SERVICES, may: [...BASE, OBSERVE, BRIDGE_TYPES], packages: ['@grpc/grpc-js'], node: true },
  { folder: ROUTER, may: CORE, packages: [], node: true },
  { folder: ADMIN, may: [...BASE, TRANSPORT, OBSERVE], packages: ['fastify'], node: true },

  { folder: CORE_OPTIONS, may: [...CORE, CONFIG], packages: [], node: true },
  { folder: GATEWAY, may: [...CORE, CONFIG, CORE_OPTIONS], packages: [], node: true },
  // The composition: the only place that knows which transports and bridges there are.
  { folder: 'src/bridges.ts', may: WHOLE_SERVER, packages: [], node: true },
  { folder: 'src/listeners.ts', may: WHOLE_SERVER, packages: [], node: true },
  { folder: 'src/access.ts', may: [...BASE, CONFIG, OBSERVE, AUTH], packages: [], node: true },
  { folder: SHARED_MEMORY, may: [BRIDGE, SESSION], packages: [], node: true },
  { folder: 'src/identity.ts', may: [...BASE, CONFIG, OBSERVE, SESSION], packages: [], node: true },
  {
    folder: 'src/sharing.ts',
    may: [...WHOLE_SERVER, 'src/bridges.ts', 'src/identity.ts', SHARED_MEMORY],
    packages: [],
    node: true,
  },
  { folder: 'src/stats.ts', may: [...WHOLE_SERVER, 'src/listeners.ts'], packages: [], node: true },
  { folder: 'src/readiness.ts', may: [...WHOLE_SERVER, 'src/listeners.ts'], packages: [], node: true },
  { folder: 'src/serve.ts', may: [...WHOLE_SERVER, ...COMPOSITION], packages: [], node: true },
  {
    folder: 'src/banner.ts',
    may: [...WHOLE_SERVER, ...COMPOSITION, 'src/serve.ts'],
    packages: [],
    node: true,
  },
  {
    folder: 'src/main.ts',
    may: [...WHOLE_SERVER, 'src/serve.ts', 'src/banner.ts', 'tools'],
    packages: [],
    node: true,
  },

  { folder: ADMISSION, may: [], packages: [], node: false },
  { folder: FLUSH_LIST, may: [], packages: [], node: false },
  { folder: 'transports/memory', may: ADAPTER, packages: [], node: true },
  { folder: 'transports/websocket', may: ADAPTER, packages: ['ws'], node: true },
  {
    folder: 'transports/webtransport',
    may: ADAPTER,
    packages: ['@fails-components/webtransport', '@fails-components/webtransport-transport-http3-quiche'],
    node: true,
  },

  { folder: SDK, may: [PROTOCOL], packages: [], node: false },
  { folder: 'web-client/app', may: [PROTOCOL, SDK], packages: ['uplot'], node: false },
  // Renders the tables of README.md from what they are about.
  { folder: 'tools/readme-tables.ts', may: [PROTOCOL, CONFIG, OBSERVE], packages: [], node: true },
  { folder: 'tools', may: [...BASE, SDK, 'transports'], packages: ['hdr-histogram-js'], node: true },
];
