import { US_PER_MS } from '../../time/units.ts';

/** Lateness of starts below this never makes a run doubtful: a few hundred attempts planned for one instant take as long. */
export const SLIP_FLOOR_US = 50 * US_PER_MS;
/** An event loop that is late by less than this is a busy machine, not a limit. */
export const LOOP_DELAY_FLOOR_US = 50 * US_PER_MS;
/** Above this share of the response time, the tool's own lateness is a part of the result. */
export const MAX_LATE_SHARE = 0.1;
