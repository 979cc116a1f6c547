/** Priority classes of frames (DESIGN.md section 1), as indices into arrays: the smaller goes first. */
export const LANE = { critical: 0, high: 1, normal: 2, low: 3 } as const;
export const LANE_COUNT = 4;
export type Lane = (typeof LANE)[keyof typeof LANE];
export type LaneName = keyof typeof LANE;

/** By lane, as labels. */
export const LANE_NAMES: readonly LaneName[] = ['critical', 'high', 'normal', 'low'];

const lanes: readonly Lane[] = [LANE.critical, LANE.high, LANE.normal, LANE.low];

/** The lane of a number read from a message of a backend (`Lane` in gateway.proto); 0 and unknown: `fallback`. */
export function laneFromProto(value: number, fallback: Lane): Lane {
  return value >= 1 && value <= LANE_COUNT ? lanes[value - 1] : fallback;
}
