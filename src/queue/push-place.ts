/**
 * Where a gateway is among the items of the channel of pushes that every gateway hears, counted from 1 on. `place` is
 * twice the number of the item in hand; one more where there is none: what comes then (an Error, an addressed push)
 * stands behind that item, and is none of the channel.
 */
export interface PushPlace {
  readonly place: number;
}

/** Of a gateway that does not count. */
export const NO_PLACE: PushPlace = { place: 1 };

/** The number of the item that a frame of that place is from; undefined: of none. */
export function itemAt(place: number): number | undefined {
  return place % 2 === 0 ? place / 2 : undefined;
}

/** The number of the last item that stands before that place. */
export function itemBefore(place: number): number {
  return Math.floor((place - 1) / 2);
}
