import { hrtime } from 'node:process';

/** Instant 0 of a run, on both clocks of this machine. */
export interface RunStart {
  readonly epochNs: bigint;
  readonly beginsAt: Date;
}

/** From "all workers are ready" to instant 0 of the plan: long enough for the start message to reach every thread. */
const START_LEAD_MS = 200;
/** An appointed start is announced earlier by this much, so that a timer of a busy machine may be late without delaying it. */
const MARGIN_MS = 500;
/** The clock is read again this often while a run waits for its start, so that a clock that is set meanwhile is followed. */
const MAX_SLEEP_MS = 1_000;
const NS_PER_MS = 1_000_000n;

/**
 * Fixes instant 0: as soon as possible, or at the appointed time of this machine's wall clock, for which it waits until shortly before. A
 * time that is too near or past is not kept: `beginsAt` is later. Undefined if `stopped` settles first. `leadMs`: how long the start message
 * may be under way.
 */
export async function runStart(
  appointed: Date | undefined,
  stopped: Promise<void>,
  leadMs: number = START_LEAD_MS,
): Promise<RunStart | undefined> {
  let isStopped = false;
  void stopped.then(() => {
    isStopped = true;
  });
  const leftMs = (nowMs: number): number => (appointed === undefined ? 0 : appointed.getTime() - nowMs);
  const waitMs = (): number => leftMs(Date.now()) - leadMs - MARGIN_MS;
  while (waitMs() > 0 && !isStopped) await sleep(Math.min(MAX_SLEEP_MS, waitMs()), stopped);
  if (isStopped) return undefined;
  const nowMs = Date.now();
  const inMs = Math.max(leadMs, leftMs(nowMs));
  return { epochNs: hrtime.bigint() + BigInt(inMs) * NS_PER_MS, beginsAt: new Date(nowMs + inMs) };
}

async function sleep(ms: number, orUntil: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, Math.max(1, ms));
  });
  await Promise.race([over, orUntil]);
  clearTimeout(timer);
}
