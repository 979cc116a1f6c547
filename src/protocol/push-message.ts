import { FLAG, MSG_ID_MAX, ROUTE } from './header.ts';
import { type UserKey, userKey } from './user-id.ts';

const EMPTY = new Uint8Array(0);
const USER_IDS_FIRST = 16;

/** A list of int64 user ids as words, growing and reused: no object per id. */
export class UserIdList {
  #low = new Uint32Array(USER_IDS_FIRST);
  #high = new Uint32Array(USER_IDS_FIRST);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Key of the id at `index`, which is below `count`. */
  key(index: number): UserKey {
    return userKey(this.#low[index], this.#high[index]);
  }

  push(low: number, high: number): void {
    if (this.#count === this.#low.length) {
      this.#low = grown(this.#low);
      this.#high = grown(this.#high);
    }
    this.#low[this.#count] = low;
    this.#high[this.#count] = high;
    this.#count += 1;
  }

  clear(): void {
    this.#count = 0;
  }
}

function grown(words: Uint32Array): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(words.length * 2);
  larger.set(words);
  return larger;
}

/** Keeps the array's memory, where `length = 0` would give it up and leave the fast path. */
function empty(list: string[]): void {
  while (list.length > 0) list.pop();
}

/** The flags of the frame that a push becomes; undefined: its header would not hold what the backend asks for. */
export function flagsOf({ route, msgId, response, latest }: PushMessage): number | undefined {
  if (route < ROUTE.chat || route > ROUTE.system || msgId > MSG_ID_MAX) return undefined;
  return (response ? FLAG.response : 0) | (latest ? FLAG.latest : 0);
}

/** A MessageBroadcast (proto/gateway.proto). The reader owns and reuses it: valid during `onMessage` only. */
export class PushMessage {
  readonly targetUserIds = new UserIdList();
  readonly targetSessionIds: string[] = [];
  group = '';
  everyone = false;
  readonly excludeSessionIds: string[] = [];
  route = 0;
  msgId = 0;
  /** Of the request, where `response` is true. */
  seq = 0;
  response = false;
  /** 0 default, 1 critical, 2 high, 3 normal, 4 low; other values are read as 0. */
  lane = 0;
  latest = false;
  /** Empty: the msgId. */
  conflationKey = '';
  /** A view of what was read. */
  payload: Uint8Array = EMPTY;

  clear(): void {
    this.targetUserIds.clear();
    empty(this.targetSessionIds);
    this.group = '';
    this.everyone = false;
    empty(this.excludeSessionIds);
    this.route = 0;
    this.msgId = 0;
    this.seq = 0;
    this.response = false;
    this.lane = 0;
    this.latest = false;
    this.conflationKey = '';
    this.payload = EMPTY;
  }
}
