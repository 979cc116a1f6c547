/** What the page is set to. All of it stands in the address, so that a set-up can be shared; the token does not. */
export interface Settings {
  view: 'console' | 'arena';
  /** Which links: both side by side, or one. */
  mode: 'both' | 'auto' | 'websocket' | 'webtransport';
  /** Origin of the gateway's web or metrics port; empty: the page's own. */
  gateway: string;
  user: number;
  /** Probes per second and link; 0: none. */
  rate: number;
  delivery: 'latest' | 'reliable';
  /** Payload of a probe. */
  bytes: number;
  /** Connect on load. */
  connect: boolean;
  /** The arena's player moves by itself. */
  autopilot: boolean;
}

const DEFAULTS: Settings = {
  view: 'console',
  mode: 'both',
  gateway: '',
  user: 0,
  rate: 20,
  delivery: 'latest',
  bytes: 64,
  connect: true,
  autopilot: false,
};

export const RATE_MAX = 100;
/** So that a probe fits into a datagram. */
export const BYTES_MAX = 1_100;

/** What the query says, defaults for the rest; what it says wrongly is left out. */
export function readSettings(query: string): Settings {
  const params = new URLSearchParams(query);
  return {
    view: oneOf(params.get('view'), ['console', 'arena'], DEFAULTS.view),
    mode: oneOf(params.get('mode'), ['both', 'auto', 'websocket', 'webtransport'], DEFAULTS.mode),
    gateway: params.get('gateway') ?? DEFAULTS.gateway,
    user: integer(params.get('user'), 1, Number.MAX_SAFE_INTEGER) ?? 1 + Math.floor(Math.random() * 9_999),
    rate: integer(params.get('rate'), 0, RATE_MAX) ?? DEFAULTS.rate,
    delivery: oneOf(params.get('delivery'), ['latest', 'reliable'], DEFAULTS.delivery),
    bytes: integer(params.get('bytes'), 32, BYTES_MAX) ?? DEFAULTS.bytes,
    connect: flag(params.get('connect'), DEFAULTS.connect),
    autopilot: flag(params.get('autopilot'), DEFAULTS.autopilot),
  };
}

/** The query for these settings; defaults are left out. */
export function writeSettings(settings: Settings): string {
  const params = new URLSearchParams();
  const defaults = new Map<string, unknown>(Object.entries(DEFAULTS));
  for (const [key, value] of Object.entries(settings)) {
    if (value !== defaults.get(key))
      params.set(key, value === true ? '1' : value === false ? '0' : String(value));
  }
  return params.size === 0 ? '' : `?${params}`;
}

function oneOf<T extends string>(text: string | null, values: readonly T[], fallback: T): T {
  return values.find((value) => value === text) ?? fallback;
}

function integer(text: string | null, min: number, max: number): number | undefined {
  const value = text === null || text === '' ? Number.NaN : Number(text);
  return Number.isSafeInteger(value) && value >= min && value <= max ? value : undefined;
}

function flag(text: string | null, fallback: boolean): boolean {
  return text === null ? fallback : text === '1';
}
