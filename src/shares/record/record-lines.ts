import { z } from 'zod';
import { machineSchema } from '../../results/summary/host-result.ts';
import { kernelSchema } from '../../results/summary/latency-hint.ts';
import { planSchema } from './plan-schema.ts';
import { snapshotSchema } from './snapshot-schema.ts';

/**
 * The lines of `share.ndjson`: everything that was heard of the workers of a share, in that order, and what is needed to count it as a part
 * of the whole run. First a `share`, then a `started`, then what was heard, and an `over` at the end; a record that was cut lacks that.
 */

/** Version of its layout. */
export const RECORD_FORMAT = 1;

const count = z.number().int().nonnegative();
const instant = z.iso.datetime();

/** Which share of which run it is. */
const shareLine = z.strictObject({
  type: z.literal('share'),
  format: z.literal(RECORD_FORMAT),
  tool: z.string(),
  index: z.number().int().min(1),
  of: z.number().int().min(1),
  /** When all shares are to start; left out: each at once. */
  plannedStart: instant.optional(),
  scenarioSha256: z.string(),
  /** SHA-256 of the device list of each fleet that has one. */
  lists: z.record(z.string(), z.string()),
  plan: planSchema,
  /** The content of `scenario.yaml`. */
  yaml: z.string(),
});
export type ShareLine = z.infer<typeof shareLine>;

/** Instant 0 is fixed, and the workers are known. */
const startedLine = z.strictObject({
  type: z.literal('started'),
  /** Instant 0 by the clock of the machine. */
  start: instant,
  /** When the command was given. */
  startedAt: instant,
  /** In words. */
  target: z.string(),
  workers: z.number().int().min(1).max(1_024),
  /** Where they are, if not in one process. */
  hosts: z.array(z.strictObject({ name: z.string(), workers: z.array(count) })),
  machine: machineSchema,
  /** Names the kernel that counts: of two shares that have the same, one counts for both. Left out where it is not known. */
  kernelId: z.string().optional(),
  descriptors: z.strictObject({ used: count, limit: count.optional() }),
  warnings: z.array(z.string()),
});
export type StartedLine = z.infer<typeof startedLine>;

const snapshotLine = z.strictObject({ type: z.literal('snapshot'), snapshot: snapshotSchema });

const workerEndLine = z.strictObject({
  type: z.literal('worker-end'),
  worker: count,
  end: z.union([
    z.strictObject({ state: z.literal('finished') }),
    z.strictObject({ state: z.enum(['died', 'unresponsive', 'stopped']), error: z.string() }),
  ]),
});

const stoppedLine = z.strictObject({ type: z.literal('stopped'), atUs: z.number() });

/** Nothing follows. */
const overLine = z.strictObject({
  type: z.literal('over'),
  elapsedSec: z.number().nonnegative(),
  finishedAt: instant,
  kernel: kernelSchema.optional(),
  /** Of all lines before this one, line ends included. */
  sha256: z.string(),
});
export type OverLine = z.infer<typeof overLine>;

export const recordLineSchema = z.discriminatedUnion('type', [
  shareLine,
  startedLine,
  snapshotLine,
  workerEndLine,
  stoppedLine,
  overLine,
]);
export type RecordLine = z.infer<typeof recordLineSchema>;
