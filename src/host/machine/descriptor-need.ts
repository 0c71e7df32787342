/** Descriptors of a process besides those of sessions: files, the event loop of each thread, the channel to it. */
export const BASE_DESCRIPTORS = 64;
export const DESCRIPTORS_PER_WORKER = 16;

/** How a run is spread over processes of this machine. */
export interface ProcessSpread {
  readonly sessions: number;
  readonly workers: number;
  readonly processes: number;
}

/** What the fullest process holds: workers are dealt out in turn, and each has an even share of the sessions. */
export function fullestProcess({ sessions, workers, processes }: ProcessSpread): { sessions: number; workers: number } {
  const most = Math.ceil(workers / processes);
  return { sessions: Math.ceil((sessions * most) / workers), workers: most };
}

/** Descriptors that the fullest process needs with every session online at once. */
export function descriptorsNeeded(spread: ProcessSpread): number {
  const { sessions, workers } = fullestProcess(spread);
  return sessions + BASE_DESCRIPTORS + DESCRIPTORS_PER_WORKER * workers;
}
