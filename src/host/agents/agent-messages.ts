import { z } from 'zod';
import type { AttemptBatch } from '../../fleet/attempts/attempt-batch.ts';
import type { ToWorker } from '../../fleet/protocol.ts';
import type { Snapshot } from '../../metrics/measure/snapshot.ts';
import type { EventId } from '../../plan/timetable.ts';
import { fromTaggedJson } from '../../text/tagged-json.ts';
import type { WorkerEnd } from '../host.ts';

/** The coordinator to an agent that has one of its shares. Every message is plain data. */
export type ToAgent =
  /** To each of its workers. Instants are on the agent's clock. */
  | { readonly type: 'broadcast'; readonly message: ToWorker }
  | { readonly type: 'give-up'; readonly worker: number; readonly why: string }
  /** Nothing more is wanted: end, whatever is under way. */
  | { readonly type: 'close' };

/** An agent to the coordinator. */
export type FromAgent =
  /** It does not take the share; nothing of it was started. */
  | { readonly type: 'refused'; readonly why: string }
  /** Each of its workers has prepared its share, or has ended. */
  | { readonly type: 'ready' }
  | { readonly type: 'snapshot'; readonly snapshot: Snapshot }
  | { readonly type: 'attempts'; readonly batch: AttemptBatch }
  | { readonly type: 'online'; readonly worker: number; readonly online: readonly number[] }
  | { readonly type: 'event-known'; readonly worker: number; readonly event: EventId }
  | { readonly type: 'worker-end'; readonly worker: number; readonly end: WorkerEnd }
  /** It ends its sessions before their time. */
  | { readonly type: 'stopping'; readonly why: string }
  /** Something that degrades the run, in words. */
  | { readonly type: 'trouble'; readonly words: string };

const whole = z.number().int().min(0);
const words = z.string().max(10_000);

/** Checked for what every reader relies on; their insides are those of the same version of this program. */
const toAgentSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('broadcast'),
    message: z.looseObject({ type: z.enum(['start', 'event', 'stop', 'attempts-taken']) }),
  }),
  z.strictObject({ type: z.literal('give-up'), worker: whole, why: words }),
  z.strictObject({ type: z.literal('close') }),
]);

const fromAgentSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('refused'), why: words }),
  z.strictObject({ type: z.literal('ready') }),
  z.strictObject({
    type: z.literal('snapshot'),
    snapshot: z.looseObject({
      worker: whole,
      interval: whole,
      fleets: z.array(z.looseObject({ fleet: z.string() })),
      health: z.looseObject({}),
    }),
  }),
  z.strictObject({
    type: z.literal('attempts'),
    batch: z.looseObject({ rows: whole, numbers: z.instanceof(Float64Array), devices: z.array(z.string()) }),
  }),
  z.strictObject({ type: z.literal('online'), worker: whole, online: z.array(whole) }),
  z.strictObject({ type: z.literal('event-known'), worker: whole, event: whole }),
  z.strictObject({
    type: z.literal('worker-end'),
    worker: whole,
    end: z.looseObject({ state: z.enum(['finished', 'died', 'unresponsive']) }),
  }),
  z.strictObject({ type: z.literal('stopping'), why: words }),
  z.strictObject({ type: z.literal('trouble'), words }),
]);

/** Undefined if the text is no such message. */
export function readToAgent(text: string): ToAgent | undefined {
  return read<ToAgent>(toAgentSchema, text);
}

/** Undefined if the text is no such message. */
export function readFromAgent(text: string): FromAgent | undefined {
  return read<FromAgent>(fromAgentSchema, text);
}

function read<Message>(schema: z.ZodType, text: string): Message | undefined {
  let value: unknown;
  try {
    value = fromTaggedJson(text);
  } catch {
    return undefined;
  }
  return schema.safeParse(value).success ? (value as Message) : undefined;
}
