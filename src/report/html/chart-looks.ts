/** Axis of the charts that zoom together. */
export const RUN_TIME = { label: 'time of the run (min:s)', unit: 'sec', column: 'time' } as const;

/** Of what stands for all: it takes no colour from the fleets. */
export const ALL_LOOK = { color: 7, isFilled: true } as const;

/** A fleet, by its place in the scenario, looks the same in every chart. */
export function fleetLook(index: number): { color: number; isDashed: boolean } {
  return { color: index, isDashed: index % 2 === 1 };
}
