import { MSG_ID_MAX, ROUTE } from '../protocol/header.ts';
import { LANE, type Lane, type LaneName } from '../queue/lane.ts';

export interface RouteRow {
  readonly from: number;
  readonly to: number;
  /** `gateway`: answered here; others go to the bridge, or to a service of that name. */
  readonly service: string;
  readonly lane: LaneName;
  /** What a session needs to be granted to send there, where tokens are verified. */
  readonly permission?: string | undefined;
}

/** Permissions of whole routes; a range's own comes before. */
export interface RoutePermissions {
  readonly chat: string;
  readonly game: string;
}

/** Where a frame goes. */
export const DESTINATION = { none: 0, business: 1, gateway: 2 } as const;

const GATEWAY_SERVICE = 'gateway';

/**
 * The route table, compiled into one byte per msgId: looking up is one array read (DESIGN.md section 6). msgId 0 is
 * business in the normal lane; one that no row names has no route.
 */
export class RouteTable {
  readonly #destinations = new Uint8Array(MSG_ID_MAX + 1);
  readonly #lanes = new Uint8Array(MSG_ID_MAX + 1).fill(LANE.normal);

  /** Index into `#permissions`, 0: none of its own. */
  readonly #permissionIndices = new Uint16Array(MSG_ID_MAX + 1);
  readonly #permissions: string[] = [''];
  readonly #routePermissions: RoutePermissions;

  constructor(rows: readonly RouteRow[], routePermissions: RoutePermissions = { chat: '', game: '' }) {
    this.#routePermissions = routePermissions;
    this.#destinations[0] = DESTINATION.business;
    for (const { from, to, service, lane, permission } of rows) {
      const destination = service === GATEWAY_SERVICE ? DESTINATION.gateway : DESTINATION.business;
      this.#destinations.fill(destination, from, to + 1);
      this.#lanes.fill(LANE[lane], from, to + 1);
      if (permission !== undefined) {
        this.#permissionIndices.fill(this.#permissions.push(permission) - 1, from, to + 1);
      }
    }
  }

  /** For frames of the routes chat and game. */
  destination(msgId: number): number {
    return this.#destinations[msgId];
  }

  /** What a session needs to be granted for a frame of the routes chat and game; undefined: nothing. */
  permission(route: number, msgId: number): string | undefined {
    const index = this.#permissionIndices[msgId];
    if (index > 0) return this.#permissions[index];
    const { chat, game } = this.#routePermissions;
    return (route === ROUTE.chat ? chat : game) || undefined;
  }

  /** Lane of a frame in either direction; system frames are critical. */
  lane(route: number, msgId: number): Lane {
    if (route === ROUTE.system) return LANE.critical;
    switch (this.#lanes[msgId]) {
      case LANE.critical:
        return LANE.critical;
      case LANE.high:
        return LANE.high;
      case LANE.low:
        return LANE.low;
      default:
        return LANE.normal;
    }
  }
}
