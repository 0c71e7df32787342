/** Length of an interval of the timeline, in microseconds. */
export const INTERVAL_US = 1_000_000;
