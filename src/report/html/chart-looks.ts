/** Axis of the charts that zoom together. */
export const RUN_TIME = { label: 'time of the run (min:s)', unit: 'sec', column: 'time' } as const;

/** Look of the totals, in a colour that no fleet uses. */
export const ALL_LOOK = { color: 7, isFilled: true } as const;

/** A fleet looks the same in every chart, according to its place in the scenario. */
export function fleetLook(index: number): { color: number; isDashed: boolean } {
  return { color: index, isDashed: index % 2 === 1 };
}
