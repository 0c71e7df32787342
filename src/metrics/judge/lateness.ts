import { US_PER_MS } from '../../time/units.ts';

/** Starts less late than this never make a run doubtful: starting a few hundred attempts planned for one instant takes as long. */
export const SLIP_FLOOR_US = 50 * US_PER_MS;
/** An event loop less late than this indicates a busy machine, not a limit. */
export const LOOP_DELAY_FLOOR_US = 50 * US_PER_MS;
/** Above this share of the response time, the tool's own lateness is part of the result. */
export const MAX_LATE_SHARE = 0.1;
