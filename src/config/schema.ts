import { z } from 'zod';
import { anyAlgorithmUsable, jwksUrl, jwtPublicKey } from './jwt-keys.ts';
import { redisAddress } from './redis-address.ts';

/**
 * The configuration: every key, its default, its bounds and its meaning. README's table is held equal to this file by
 * a test. Names are a contract: keys are added, never renamed.
 */

const port = z.int().min(0).max(65535);
const count = z.int().min(1);
const orNone = z.int().min(0);
// Within what a timer holds: setTimeout fires at once above 2^31 ms.
const seconds = count.max(1_000_000);
const millis = count.max(1_000_000_000);
const secondsOrNone = orNone.max(1_000_000);
const millisOrNone = orNone.max(1_000_000_000);
const host = z.string().min(1);
const path = z.string().regex(/^\/[^?#\s]*$/, 'a path that starts with /');
const origins = z.array(z.string().min(1));
const lane = z.enum(['critical', 'high', 'normal', 'low']);
const channelName = z.string().min(1).max(200);

/** A segment of the history. */
const HISTORY_BYTES_MIN = 65_536;
const HARD_FRAME_BYTES_MAX = 16 * 1024 * 1024;
const frameBytes = z.int().min(64).max(HARD_FRAME_BYTES_MAX);

const gateway = z.strictObject({
  id: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,64}$/, '1-64 of A-Z a-z 0-9 _ . -')
    .default('auto')
    .describe('Name of this gateway in envelopes and channels; `auto`: host name and a random part'),
  workers: z.int().min(1).max(1).default(1).describe('Processes; this version runs one'),
  machine_id: z
    .int()
    .min(-1)
    .max(1023)
    .default(-1)
    .describe('Machine part of session ids; -1: leased in Redis, random without'),
  ids_without_lease: z
    .enum(['until-leased', 'reserve', 'refuse'])
    .default('until-leased')
    .describe(
      'Without a leased machine id: session ids from a reserve before the first lease, no new sessions after it; ' +
        'or always one of the two (docs/sessions.md)',
    ),
  drain_deadline_sec: secondsOrNone
    .default(30)
    .describe('After this long a draining gateway closes what is left'),
  drain_spread_sec: secondsOrNone
    .default(10)
    .describe('Clients told to go reconnect at a random moment within this'),
});

const sessionKeys = z.strictObject({
  heartbeat_interval_sec: seconds.default(30).describe('A Ping to every session this often'),
  heartbeat_ttl_sec: seconds.default(60).describe('A session that is silent this long is disconnected'),
  check_interval_sec: seconds
    .default(10)
    .describe('A silent session is found within this after `session.heartbeat_ttl_sec`'),
  ttl_sec: seconds.default(1800).describe('Life of a stored session without activity'),
  local_cache_size: count
    .default(5000)
    .describe("Copies of other gateways' sessions kept in memory, and as many of users"),
  resume_window_sec: secondsOrNone
    .default(30)
    .describe('How long a session waits for its client to come back'),
  resume_frames_max: orNone.default(1024).describe('Frames kept for replay'),
  resume_bytes_max: orNone.default(1048576).describe('Bytes kept for replay'),
  resume_log_sec: count.default(120).describe('Frames sent longer ago are not kept for replay'),
  durable: z
    .boolean()
    .default(false)
    .describe(
      'Write sessions with a connection through to Redis, too, so that a gateway that dies loses none',
    ),
  history_bytes_max: orNone
    .refine((bytes) => bytes === 0 || bytes >= HISTORY_BYTES_MIN, `0, or ${HISTORY_BYTES_MIN} and more`)
    .default(16777216)
    .describe('Recent pushes by `broadcast` kept for sessions of gateways that die; 0: none'),
  devices_per_user: count.default(3).describe('Sessions of one user at a time, over all gateways'),
  device_policy: z
    .enum(['kick-oldest', 'refuse', 'unlimited'])
    .default('kick-oldest')
    .describe('What happens to one device too many'),
  send_queue_frames_max: count.default(1024).describe('Frames waiting for one client'),
  send_queue_bytes_max: count.default(1048576).describe('Bytes waiting for one client'),
  slow_grace_ms: millisOrNone.default(5000).describe('A client over these limits for longer is disconnected'),
  frame_bytes_max: frameBytes
    .default(HARD_FRAME_BYTES_MAX)
    .describe('Largest frame of a session bound to a user'),
  frame_bytes_max_unauthenticated: frameBytes.default(65536).describe('Largest frame before that'),
});

/** A client that only listens is heard by its answers to Pings. */
const session = sessionKeys.refine((keys) => keys.heartbeat_ttl_sec > keys.heartbeat_interval_sec, {
  path: ['heartbeat_ttl_sec'],
  error: 'more than heartbeat_interval_sec',
});

const websocket = z.strictObject({
  enabled: z.boolean().default(true).describe('Serve WebSocket'),
  host: host.default('0.0.0.0').describe('Address to bind'),
  port: port.default(8081).describe('TCP port; 0: any free one'),
  path: path.default('/ws').describe('Request path'),
  max_connections: count.default(20000).describe('Connections at a time'),
  allowed_origins: origins.default(['*']).describe('Origins of pages that may connect; `*`: any'),
  per_message_deflate: z
    .boolean()
    .default(false)
    .describe('Offer compression (RFC 7692): memory and time per client'),
  proxy_protocol: z
    .boolean()
    .default(false)
    .describe(
      'Connections from `limits.trusted_proxies`, which then has to name one, begin with a PROXY header, version 1 or 2',
    ),
  json_debug: z.boolean().default(false).describe('Take JSON text frames; answers are binary. For debugging'),
});

const quicKeys = z.strictObject({
  enabled: z.boolean().default(true).describe('Serve WebTransport'),
  required: z.boolean().default(false).describe('Do not start where WebTransport cannot be served'),
  host: host.default('0.0.0.0').describe('Address to bind'),
  port: port.default(8082).describe('UDP port; 0: any free one'),
  path: path.default('/wt').describe('Request path'),
  max_connections: count.default(10000).describe('Sessions at a time'),
  cert: z
    .string()
    .default('certs/cert.pem')
    .describe('Certificate file (PEM); made for development if missing'),
  key: z.string().default('certs/key.pem').describe('Key file (PEM)'),
  cert_names: z.array(z.string().min(1)).default([]).describe('More names in a development certificate'),
  allowed_origins: origins.default(['*']).describe('Origins of pages that may connect; `*`: any'),
  recv_buffer_bytes: orNone
    .default(1048576)
    .describe('Receive buffer of the UDP socket; 0: as the system has it'),
  send_buffer_bytes: orNone
    .default(1048576)
    .describe('Send buffer of the UDP socket; 0: as the system has it'),
});

const ADMIN_PATHS = ['/health', '/ready', '/stats', '/discovery', '/cert-hash'];

const quic = quicKeys.refine((keys) => keys.enabled || !keys.required, {
  path: ['required'],
  error: 'false where quic.enabled is false',
});

const metrics = z.strictObject({
  enabled: z.boolean().default(true).describe('Serve metrics and admin pages'),
  host: host.default('0.0.0.0').describe('Address to bind'),
  port: port.default(9090).describe('TCP port; 0: any free one'),
  path: z
    .string()
    .regex(/^\/[A-Za-z0-9/_.-]+$/, 'a path that starts with /, of A-Z a-z 0-9 / _ . -')
    .refine((value) => !ADMIN_PATHS.includes(value), `none of ${ADMIN_PATHS.join(', ')}`)
    .default('/metrics')
    .describe('Path of the Prometheus page'),
  admin_token: z
    .string()
    .default('')
    .describe('Bearer token of the admin pages; empty: they answer on loopback only'),
});

const web = z.strictObject({
  enabled: z.boolean().default(true).describe('Serve the web client'),
  host: host.default('0.0.0.0').describe('Address to bind'),
  port: port.default(8080).describe('TCP port; 0: any free one'),
});

const auth = z
  .strictObject({
    mode: z
      .enum(['none', 'trust-first-message', 'jwt'])
      .default('none')
      .describe('How a session gets its user'),
    chat_permission: z
      .string()
      .default('')
      .describe('Permission for chat frames, mode jwt; empty: none needed'),
    game_permission: z
      .string()
      .default('')
      .describe('Permission for game frames, mode jwt; empty: none needed'),
    jwt: z
      .strictObject({
        jwks_url: jwksUrl.default('').describe('Where the keys are'),
        jwks_stale_max_sec: secondsOrNone
          .default(86400)
          .describe('Known keys hold for so long beyond their 10 minutes while that address gives none'),
        secret: z.string().default('').describe('Shared secret for HS256; to be 32 bytes or more'),
        issuer: z.string().default('').describe('Required issuer; empty: any'),
        audience: z.string().default('').describe('Required audience; empty: any'),
        public_key: jwtPublicKey.default('').describe('Public key for RS256, ES256 or EdDSA: PEM, SPKI'),
        algorithms: z
          .array(z.enum(['HS256', 'RS256', 'ES256', 'EdDSA']))
          .min(1)
          .default(['HS256', 'RS256', 'ES256', 'EdDSA'])
          .describe('Algorithms that are accepted, of those that the configured keys allow'),
        permissions_claim: z
          .string()
          .min(1)
          .default('permissions')
          .describe('Claim that holds permissions: a list, or words with spaces between'),
        attributes_claim: z
          .string()
          .default('')
          .describe('Claim that holds attributes of the session, texts by name; empty: none'),
        clock_tolerance_sec: orNone.default(5).describe('Clocks may differ by this'),
        user_id_claim: z.string().min(1).default('sub').describe('Claim that holds the user id'),
      })
      .prefault({}),
  })
  .refine(({ mode, jwt }) => mode !== 'jwt' || `${jwt.jwks_url}${jwt.public_key}${jwt.secret}` !== '', {
    path: ['jwt'],
    error: 'jwks_url, public_key or secret, for mode jwt',
    abort: true,
  })
  .refine(({ mode, jwt }) => mode !== 'jwt' || anyAlgorithmUsable(jwt), {
    path: ['jwt', 'algorithms'],
    error: 'one that a configured key is for',
  });

const format = z.enum(['envelope', 'raw']);
const bridge = z.strictObject({
  kind: z
    .enum(['memory', 'redis', 'redis-streams'])
    .default('memory')
    .describe('Message queue; where it is not given and `redis.addr` is, it is `redis` (Pub/Sub)'),
  stream_maxlen: count
    .default(100000)
    .describe('Entries (batches, pushes) that a stream keeps, roughly; redis-streams'),
  upstream: z
    .strictObject({
      format: format.default('envelope').describe('UpstreamBatch, or the payload as it is'),
      topic: channelName
        .refine((topic) => topic.includes('{game_id}'), 'a name with {game_id} in it')
        .default('game:request:{game_id}')
        .describe('Topic of a game'),
    })
    .prefault({}),
  downstream: z
    .strictObject({
      format: format.default('envelope').describe('DownstreamBatch, or ChatResponse as it is'),
      channel: channelName.default('broadcast').describe('Channel that every gateway hears'),
    })
    .prefault({}),
});

const redis = z.strictObject({
  addr: redisAddress
    .default('localhost:6379')
    .describe('host:port; several, as a list, for cluster and sentinel'),
  username: z.string().default('').describe('ACL user'),
  password: z.string().default('').describe('Password'),
  db: orNone.default(0).describe('Database, standalone and sentinel'),
  tls: z.boolean().default(false).describe('Connect by TLS'),
  mode: z.enum(['standalone', 'cluster', 'sentinel']).default('standalone').describe('Kind of deployment'),
  master_name: z.string().default('mymaster').describe('Name of the master, sentinel'),
  sharded: z.boolean().default(false).describe('Sharded Pub/Sub, cluster'),
  command_timeout_ms: millis.default(5000).describe('A command without answer for longer has failed'),
  probe_interval_ms: millis.default(5000).describe('A subscriber silent for this long is probed'),
  probe_timeout_ms: millis.default(2000).describe('A probe unheard for this long: connect again'),
});

const game = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/, '1-64 of A-Z a-z 0-9 _ . -'),
  backend: z.enum(['demo']).optional(),
});

const route = z
  .strictObject({
    from: z.int().min(1).max(65535),
    to: z.int().min(1).max(65535),
    service: z.string().min(1),
    lane: lane.default('normal'),
    permission: z.string().min(1).optional(),
  })
  .refine((row) => row.from <= row.to, 'from <= to');

function withoutOverlap(rows: readonly { from: number; to: number }[]): boolean {
  const sorted = [...rows].sort((a, b) => a.from - b.from);
  return sorted.every((row, index) => index === 0 || row.from > sorted[index - 1].to);
}

const queue = z.strictObject({
  size_max: count.default(10000).describe('Upstream frames waiting for the message queue'),
  bytes_max: count.default(67108864).describe('Upstream bytes waiting for it'),
  dedup_window_sec: secondsOrNone
    .default(60)
    .describe('A frame with ackRequested that comes again within this is answered, not published; 0: it is'),
  batch_size: z.int().min(1).max(10000).default(100).describe('Frames of one batch'),
  batch_timeout_ms: millisOrNone.default(10).describe('A batch waits no longer than this'),
  batches_in_flight: count.default(10).describe('Batches of one topic without answer at a time'),
  retry_delay_ms: millis.default(100).describe('A failed batch is tried again after this, with jitter'),
});

const groups = z.strictObject({
  client_prefixes: z
    .array(z.string().max(128))
    .default([])
    .describe('Clients may join groups whose name begins with one of these; empty: none'),
  per_session_max: count.default(100).describe('Groups of one session at a time, where its client joins'),
  client_presence: z.boolean().default(false).describe('Clients may ask which users are online'),
});

const limits = z.strictObject({
  frames_per_sec: count.default(200).describe('Frames of one session'),
  frames_burst: count.default(400).describe('Frames of one session at once'),
  frames_per_sec_unauthenticated: count
    .default(20)
    .describe('Frames of one session before it has authenticated, mode jwt'),
  bytes_per_sec: orNone.default(4194304).describe('Bytes of one session; 0: no limit'),
  bytes_burst: count.default(16777216).describe('Bytes of one session at once'),
  user_frames_per_sec: orNone
    .default(0)
    .describe('Frames of all sessions of one user on this gateway; 0: no limit'),
  rate_strikes: count
    .default(100)
    .describe('Refused frames after which a session is disconnected; one in ten comes back each second'),
  trusted_proxies: z
    .array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], 'an address, or a network as 10.0.0.0/8'))
    .default([])
    .describe('Proxies whose X-Forwarded-For is believed, WebSocket: addresses, or networks as 10.0.0.0/8'),
  connections_per_ip: count
    .default(200)
    .describe('Connections of one address (IPv6: of one /64), loopback included'),
  handshakes_per_sec: count
    .default(1000)
    .describe('Connections accepted by each transport, with a burst of five times as many'),
  handshakes_per_sec_per_ip: orNone
    .default(0)
    .describe(
      'The same for one address (IPv6: for one /64), loopback included; 0: connections_per_ip a second',
    ),
  hello_timeout_ms: millis.default(8000).describe('Handshake, and Hello where one is required'),
});

const sections = z.strictObject({
  gateway: gateway.prefault({}),
  session: session.prefault({}),
  websocket: websocket.prefault({}),
  quic: quic.prefault({}),
  metrics: metrics.prefault({}),
  web: web.prefault({}),
  auth: auth.prefault({}),
  bridge: bridge.prefault({}),
  redis: redis.prefault({}),
  games: z
    .array(game)
    .refine((games) => new Set(games.map(({ id }) => id)).size === games.length, 'ids that differ')
    .default([{ id: 'mmo' }, { id: 'demo', backend: 'demo' }])
    .describe('Games; empty: any id'),
  routes: z
    .array(route)
    .default([
      { from: 1000, to: 1999, service: 'logic', lane: 'normal' },
      { from: 2000, to: 2999, service: 'chat', lane: 'normal' },
      { from: 3000, to: 3999, service: 'fight', lane: 'high' },
      { from: 9000, to: 9999, service: 'gateway', lane: 'critical' },
    ])
    .refine(withoutOverlap, 'ranges that do not overlap')
    .describe('Ranges of msgId, the service that takes them, and their lane'),
  services: z
    .record(z.string(), z.never())
    .default({})
    .describe('gRPC services by name; none in this version'),
  queue: queue.prefault({}),
  groups: groups.prefault({}),
  limits: limits.prefault({}),
  log: z
    .strictObject({
      level: z
        .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
        .default('info')
        .describe('Least severity that is logged'),
    })
    .prefault({}),
});

/** Without proxies nobody is expected to send a PROXY header: those that do would be refused as bad handshakes. */
export const configSchema = sections.refine(
  ({ websocket, limits }) => !websocket.proxy_protocol || limits.trusted_proxies.length > 0,
  { path: ['limits', 'trusted_proxies'], error: 'one proxy or more, where websocket.proxy_protocol is true' },
);

export type Config = z.output<typeof configSchema>;
export type LaneName = z.output<typeof lane>;
