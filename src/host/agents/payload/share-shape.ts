import { z } from 'zod';
import type { DeviceIdentity } from '../../../device/identity.ts';
import type { FleetShard, PlannedShard, ServiceAccess } from '../../../fleet/protocol.ts';
import { shareSize } from '../../../plan/split.ts';
import { SPREADS } from '../../../plan/spread.ts';
import type { AgentShare } from './agent-share.ts';

/*
 * What came over a network, checked. A fleet, a plan and an access are carried whole: they are checked for what every reader relies on, and
 * their settings are those of the same version of this program (a share of another one is refused before this), sealed or summed by it.
 */

const whole = z.int().min(0);

/** A value carried as it is, once it has at least this shape. */
function carried<T>(shape: z.ZodType): z.ZodType<T> {
  return z.custom<T>().check((context) => {
    const result = shape.safeParse(context.value);
    if (result.success) return;
    for (const { path } of result.error.issues) {
      context.issues.push({ code: 'custom', input: context.value, path: [...path] });
    }
  });
}

const rowSchema: z.ZodType<DeviceIdentity> = z.strictObject({
  productKey: z.string(),
  deviceName: z.string(),
  deviceSecret: z.string(),
  columns: z.array(z.string()).optional(),
  certificate: z.strictObject({ cert: z.string(), key: z.string() }).optional(),
  certificateFault: z.string().optional(),
});

const fleetShape = z.looseObject({
  name: z.string(),
  productKey: z.string().optional(),
  devices: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('generated'), count: whole }),
    z.strictObject({ kind: z.literal('csv'), path: z.string(), count: whole }),
  ]),
  auth: z.looseObject({ mode: z.enum(['direct', 'https-token', 'password']) }),
  connect: z.looseObject({ arrival: z.enum(['burst', 'rate', 'ramp', 'stages', 'poisson']) }),
  connection: z.looseObject({}),
  flaws: z.looseObject({}),
  reconnect: z.looseObject({ name: z.string(), policy: z.looseObject({}) }),
  duplicates: z.looseObject({}),
});

const shareShape = z
  .strictObject({ offsets: z.array(whole), step: z.int().min(1) })
  .refine(({ offsets, step }) => offsets.every((offset, at) => offset < step && offset > (offsets[at - 1] ?? -1)));

const shardShape = carried<FleetShard>(
  z.looseObject({
    fleet: fleetShape,
    share: shareShape,
    transport: z.enum(['tcp', 'tls']),
    endpoints: z.array(z.looseObject({ host: z.string().min(1), port: whole.max(65_535) })).min(1),
    spread: z.enum(SPREADS),
    devicesBefore: whole,
    rows: z.array(rowSchema).optional(),
  }),
);

const planShape = carried<PlannedShard>(
  z.looseObject({
    worker: whole,
    seed: z.int(),
    durationUs: whole,
    client: z.string(),
    fleets: z.array(shardShape),
    events: z.array(z.looseObject({ event: whole })),
    drops: z.array(z.looseObject({ event: whole })),
    lossSpans: z.array(z.looseObject({ event: whole })),
  }),
);

const accessShape = carried<ServiceAccess>(
  z.looseObject({
    tls: z.looseObject({ verify: z.boolean() }).optional(),
    auth: z.looseObject({ host: z.string(), port: whole.max(65_535), path: z.string() }).optional(),
    authConnections: z.enum(['own', 'pooled']),
    followsResources: z.boolean(),
    allowedHosts: z.array(z.string()),
  }),
);

/** A list's name, from which no path leads anywhere. */
const baseName = z.string().regex(/^(?!\.{1,2}$)[^/\\\0]+$/);

const listFileSchema = z.strictObject({
  name: baseName,
  bytes: whole,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/** What an agent is to play. */
export const agentShareSchema: z.ZodType<AgentShare> = z
  .strictObject({
    plans: z.array(planShape).min(1),
    access: accessShape,
    environment: z.record(z.string(), z.string()),
    sources: z.union([z.enum(['auto', 'system']), z.array(z.string())]),
    sessions: whole,
    targetHosts: z.array(z.string().min(1)).min(1),
    files: z.array(listFileSchema),
  })
  .check(({ value, issues }) => {
    const names = new Set(value.files.map(({ name }) => name));
    value.plans.forEach(({ fleets }, plan) => {
      fleets.forEach((shard, fleet) => {
        if (hasItsDevices(shard, names)) return;
        issues.push({ code: 'custom', input: undefined, path: ['plans', plan, 'fleets', fleet, 'rows'] });
      });
    });
  });

/** A listed fleet has a row for each device of its share, or a file that each agent has. */
function hasItsDevices({ fleet: { devices }, share, rows }: FleetShard, files: ReadonlySet<string>): boolean {
  if (devices.kind === 'generated') return rows === undefined;
  return rows === undefined ? files.has(devices.path) : rows.length === shareSize(share, devices.count);
}
