import { z } from 'zod';
import { type Fleet, fleetSessions } from '../../device/fleet.ts';
import type { Collapse, DelayTime, DeviceFilter, Misbehaviour } from '../../emulator/contract/control.ts';
import { eventId } from '../../plan/timetable.ts';
import { grouped } from '../../text/counts.ts';
import { exactDuration, exactPercent, exactRate } from '../../time/units.ts';
import type { Anchor, EventTime, ScenarioEvent } from '../event.ts';
import { delay, drop, expireTokens, failAuth, fleet, limit, refuse, restart, stallAuth } from './acts/act-schemas.ts';
import { duration, portion, portionCount } from './values.ts';

const at = duration({ minUs: 0 })
  .optional()
  .meta({
    description: 'When the event happens, from the start of the run. Either this or after, which keeps counts exact.',
    examples: ['15s', '2m'],
  });
const after = z
  .strictObject(
    {
      online: portion({ isSome: true }).meta({
        description: 'Sessions that must be online at once: a share of all, rounded up, or a number.',
        examples: ['100%', 500],
      }),
      fleet: fleet.meta({ description: 'Only sessions of this fleet. Left out: of all fleets together.' }),
      wait: duration({ minUs: 0 })
        .optional()
        .meta({ description: 'Delay from reaching the state to the event. Left out: none.', examples: ['10s'] }),
    },
    { error: 'a state, such as { online: 100% } or { online: 100%, wait: 1s }' },
  )
  .optional()
  .meta({
    description:
      'State that the event waits for, the first time it is reached. Either this or at. A state that is never reached is a warning.',
    examples: [{ online: '100%' }, { online: '95%', fleet: 'meters', wait: '10s' }],
  });

const eventError =
  'an event: { at: 10s, drop | restart-target | refuse | limit | delay | stall-auth | fail-auth | expire-tokens: {...} }, or with after: { online: 100% } instead of at';

const eventSchema = z
  .union(
    [
      z.strictObject({ at, after, drop }),
      z.strictObject({ at, after, 'restart-target': restart }),
      z.strictObject({ at, after, refuse }),
      z.strictObject({ at, after, limit }),
      z.strictObject({ at, after, delay }),
      z.strictObject({ at, after, 'stall-auth': stallAuth }),
      z.strictObject({ at, after, 'fail-auth': failAuth }),
      z.strictObject({ at, after, 'expire-tokens': expireTokens }),
    ],
    { error: eventError },
  )
  .refine((input) => (input.at === undefined) !== (input.after === undefined), {
    error: 'either at or after, such as at: 10s, or after: { online: 100% }',
  })
  .meta({ oneOf: [{ required: ['at'] }, { required: ['after'] }] });

const eventsError = 'a list of events, such as [{ at: 10s, drop: { fraction: 50%, by: reset } }]';

/** `events`: the timetable of disturbances. */
export const eventsSchema = z
  .array(eventSchema, { error: eventsError })
  .max(1_000, { error: eventsError })
  .default([])
  .meta({
    title: 'Events',
    description:
      'What happens in the run, and when: sessions are lost (drop), or the emulator misbehaves. All events except drop need the embedded emulator.',
    limits: 'At most 1000.',
    examples: [
      [{ at: '10s', drop: { fleet: 'meters', fraction: '50%', by: 'reset' } }],
      [{ after: { online: '100%' }, drop: { by: 'reset' } }],
      [{ at: '15s', limit: { rate: '200/s', refuse: 3, for: '30s' } }],
    ],
  });

export type EventInput = z.output<typeof eventSchema>;

/** An event as the rest of the program knows it; its id follows from its place in the file, its numbers and filters from the fleets. */
export function toEvent(input: EventInput, place: number, fleets: readonly Fleet[]): ScenarioEvent {
  const what = { id: eventId(place), ...toAct(input, fleets) };
  return input.after === undefined
    ? { atUs: input.at ?? 0, ...what }
    : { after: toAnchor(input.after, fleets), ...what };
}

function toAnchor({ online, fleet, wait }: NonNullable<EventInput['after']>, fleets: readonly Fleet[]): Anchor {
  const all = sessionsOfFleets(fleet, fleets);
  // At least that share: 99.9% of 100 sessions is all of them.
  const sessions = 'count' in online ? online.count : Math.ceil(Number((online.ratio * all).toPrecision(12)));
  const whose = fleet === undefined ? '' : ` of ${fleet}`;
  const words =
    sessions === all
      ? `all ${grouped(all)} sessions${whose} are online`
      : `${grouped(sessions)} of ${grouped(all)} sessions${whose} are online`;
  return { online, sessions, fleet, waitUs: wait ?? 0, words };
}

/** Sessions of a fleet, or of all together. */
export function sessionsOfFleets(fleet: string | undefined, fleets: readonly Fleet[]): number {
  const meant = fleets.filter(({ name }) => fleet === undefined || name === fleet);
  return meant.reduce((sum, one) => sum + fleetSessions(one), 0);
}

type Act = DistributiveOmit<ScenarioEvent, keyof EventTime | 'id'>;
type DistributiveOmit<T, Key extends PropertyKey> = T extends unknown ? Omit<T, Key> : never;

function toAct(input: EventInput, fleets: readonly Fleet[]): Act {
  if ('drop' in input) return toDrop(input.drop, fleets);
  if ('restart-target' in input) {
    const { down } = input['restart-target'];
    return { kind: 'restart-target', downUs: down, label: `restart the target, down for ${exactDuration(down)}` };
  }
  if ('expire-tokens' in input) return { kind: 'expire-tokens', label: 'all tokens expire' };
  if ('refuse' in input) return toRefusal(input.refuse, fleets);
  if ('limit' in input) return toLimit(input.limit, fleets);
  if ('delay' in input) return toDelay(input.delay);
  if ('stall-auth' in input) {
    return service(input['stall-auth'].for, { kind: 'stall-auth' }, 'the auth service gives no answers');
  }
  return toAuthFailure(input['fail-auth'], fleets);
}

function toDrop(input: z.output<typeof drop>, fleets: readonly Fleet[]): Act {
  const sessions = sessionsOfFleets(input.fleet, fleets);
  const count = Math.min(sessions, portionCount(input.fraction, sessions));
  const label = `drop ${grouped(count)} of ${grouped(sessions)} sessions${input.fleet === undefined ? '' : ` of ${input.fleet}`} by ${input.by}`;
  return { kind: 'drop', way: input.by, fleet: input.fleet, part: input.fraction, count, label };
}

function toRefusal(input: z.output<typeof refuse>, fleets: readonly Fleet[]): Act {
  const misbehaviour: Misbehaviour = {
    kind: 'refuse',
    code: input.code,
    fraction: input.fraction,
    devices: filterOf(input.fleet, fleets),
  };
  return service(input.for, misbehaviour, `refuse ${part(input)} with CONNACK ${input.code}`);
}

function toLimit(input: z.output<typeof limit>, fleets: readonly Fleet[]): Act {
  const burst = input.burst ?? Math.max(1, Math.round(input.rate));
  const over = input.wait === true ? ('wait' as const) : { refuse: input.refuse ?? 3 };
  const misbehaviour: Misbehaviour = {
    kind: 'limit',
    over,
    perSec: input.rate,
    burst,
    devices: filterOf(input.fleet, fleets),
    ...(input.collapse === undefined ? {} : { collapse: toCollapse(input.collapse) }),
  };
  const words = over === 'wait' ? 'others wait' : `others get CONNACK ${over.refuse}`;
  const whom = input.fleet === undefined ? '' : ` of ${input.fleet}`;
  const falls =
    input.collapse === undefined
      ? ''
      : `, only ${exactRate(input.collapse.rate)} once one has waited ${exactDuration(input.collapse.wait)}`;
  const admits = `admit ${exactRate(input.rate)}${whom}, burst ${grouped(burst)}, ${words}${falls}`;
  return service(input.for, misbehaviour, admits);
}

function toCollapse({ wait, rate }: NonNullable<z.output<typeof limit>['collapse']>): Collapse {
  return { waitUs: wait, perSec: rate };
}

function toDelay(input: z.output<typeof delay>): Act {
  const time = toDelayTime(input);
  return service(input.for, { kind: 'delay', time }, `delay CONNACK by ${delayWords(time)}`);
}

function delayWords(time: DelayTime): string {
  switch (time.kind) {
    case 'fixed':
      return exactDuration(time.us);
    case 'uniform':
      return `${exactDuration(time.minUs)} to ${exactDuration(time.maxUs)}`;
    case 'normal':
      return `${exactDuration(time.meanUs)} on average, normal with sd ${exactDuration(time.sdUs)}`;
    case 'lognormal':
      return `${exactDuration(time.medianUs)} in the median, lognormal with sigma ${time.sigma}`;
    case 'exponential':
      return `${exactDuration(time.meanUs)} on average, exponential`;
    default:
      return unreachable(time);
  }
}

function toDelayTime(input: z.output<typeof delay>): DelayTime {
  if ('fixed' in input) return { kind: 'fixed', us: input.fixed };
  if ('uniform' in input) return { kind: 'uniform', minUs: input.uniform[0], maxUs: input.uniform[1] };
  if ('normal' in input) return { kind: 'normal', meanUs: input.normal.mean, sdUs: input.normal.sd };
  if ('lognormal' in input)
    return { kind: 'lognormal', medianUs: input.lognormal.median, sigma: input.lognormal.sigma };
  return { kind: 'exponential', meanUs: input.exponential.mean };
}

function toAuthFailure(input: z.output<typeof failAuth>, fleets: readonly Fleet[]): Act {
  const answer = input.httpStatus === undefined ? { code: input.code ?? 500 } : { httpStatus: input.httpStatus };
  const misbehaviour: Misbehaviour = {
    kind: 'fail-auth',
    answer,
    fraction: input.fraction,
    devices: filterOf(input.fleet, fleets),
  };
  const words = 'code' in answer ? `code ${answer.code}` : `HTTP status ${answer.httpStatus}`;
  return service(input.for, misbehaviour, `the auth service fails ${part(input)} with ${words}`);
}

function service(forUs: number | undefined, misbehaviour: Misbehaviour, words: string): Act {
  const label = forUs === undefined ? words : `${words}, for ${exactDuration(forUs)}`;
  return { kind: misbehaviour.kind, forUs, misbehaviour, label };
}

function part(input: { fraction?: number | undefined; fleet?: string | undefined }): string {
  const share = input.fraction === undefined ? 'all logins' : `${exactPercent(input.fraction)} of logins`;
  return input.fleet === undefined ? share : `${share} of ${input.fleet}`;
}

function unreachable(time: never): never {
  throw new TypeError(`unknown delay ${JSON.stringify(time)}`);
}

/** Devices of a fleet as the emulator tells them apart: by product, and generated ones by name too. */
function filterOf(name: string | undefined, fleets: readonly Fleet[]): DeviceFilter[] | undefined {
  const meant = fleets.find((candidate) => candidate.name === name);
  if (meant?.productKey === undefined) return undefined;
  const { productKey, devices } = meant;
  return [devices.kind === 'generated' ? { productKey, namePrefix: `${meant.name}-` } : { productKey }];
}
