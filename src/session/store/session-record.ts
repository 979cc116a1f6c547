/** A session as a store keeps it, but for its log. */
export interface SessionRecord {
  readonly id: string;
  /** The gateway that has it, or had it last. */
  readonly gatewayId: string;
  /** The process that wrote it: one gateway after the other may bear the same id. Empty: not known. */
  readonly run: string;
  readonly epoch: number;
  /**
   * `attached`: its gateway alone has the log. `durable`: it is attached, and the log here is complete. `detached`: it
   * waits for its client, and the log here is complete.
   */
  readonly state: SessionState;
  readonly details: SessionDetails;
}

export type SessionState = 'attached' | 'durable' | 'detached';

export interface SessionDetails {
  /** Decimal; `0`: not bound. */
  readonly userId: string;
  readonly device: string;
  readonly gameId: string;
  readonly groups: readonly string[];
  /** A token was verified that names the user. */
  readonly verified: boolean;
  readonly permissions: readonly string[];
  /** Unix ms; 0: never. */
  readonly expiresAtMs: number;
  readonly startedAtMs: number;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Grows when older gateways could not read what newer ones write. */
const VERSION = 1;

export function encodeDetails(details: SessionDetails): string {
  return JSON.stringify({ v: VERSION, ...details });
}

/** Undefined where the text is none, or of a version that this gateway does not know. */
export function decodeDetails(text: string): SessionDetails | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Reflect.get(value, 'v') !== VERSION) return undefined;
  return {
    userId: textOf(value, 'userId') || '0',
    device: textOf(value, 'device'),
    gameId: textOf(value, 'gameId'),
    groups: textsOf(value, 'groups'),
    verified: Reflect.get(value, 'verified') === true,
    permissions: textsOf(value, 'permissions'),
    expiresAtMs: numberOf(value, 'expiresAtMs'),
    startedAtMs: numberOf(value, 'startedAtMs'),
    attributes: attributesOf(Reflect.get(value, 'attributes')),
  };
}

function textOf(object: object, key: string): string {
  const value: unknown = Reflect.get(object, key);
  return typeof value === 'string' ? value : '';
}

function numberOf(object: object, key: string): number {
  const value: unknown = Reflect.get(object, key);
  return typeof value === 'number' ? value : 0;
}

function textsOf(object: object, key: string): string[] {
  const value: unknown = Reflect.get(object, key);
  return Array.isArray(value) ? value.filter((text) => typeof text === 'string') : [];
}

function attributesOf(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter(([, text]) => typeof text === 'string'));
}
