import type { Dash } from './data/page-data.ts';

/** Axis of the charts that zoom together. */
export const RUN_TIME = { label: 'time of the run', unit: 'sec', column: 'time' } as const;

/** Look of the totals, in a colour that no fleet uses. */
export const ALL_LOOK = { color: 7, isFilled: true } as const;

const DASHES: readonly (Dash | undefined)[] = [undefined, 'dashed', 'dotted', 'dash-dot'];

/** A fleet looks the same in every chart, according to its place in the scenario. Neighbours differ in colour and in stroke. */
export function fleetLook(index: number): { readonly color: number; readonly dash?: Dash } {
  const dash = DASHES[index % DASHES.length];
  return dash === undefined ? { color: index } : { color: index, dash };
}
