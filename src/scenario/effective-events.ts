import type { Fleet } from '../device/fleet.ts';
import type { DelayTime, Misbehaviour } from '../emulator/contract/control.ts';
import type { DuplicatesPlan } from '../plan/duplicates.ts';
import type { FirstWait, Jitter, OnRefusal, ReconnectPolicy } from '../plan/ladder.ts';
import { exactDuration, exactPercent, exactRate } from '../time/units.ts';
import type { ScenarioEvent, ServiceMisbehaviour } from './event.ts';
import type { Portion } from './schema/values.ts';

/** Policies, copies and events as in a scenario file. */

/** A policy in full, so that the file says what was really run even if its preset changes. */
export function reconnectOf(policy: ReconnectPolicy, preset?: string): object {
  return {
    ...(preset === undefined ? {} : { preset }),
    ...(policy.first === undefined ? {} : { first: firstOf(policy.first) }),
    growth: policy.growth,
    base: exactDuration(policy.baseUs),
    factor: policy.factor,
    cap: exactDuration(policy.capUs),
    jitter: jitterOf(policy.jitter),
    from: policy.from,
    resetAfter: policy.resetAfterUs === 0 ? 'connack' : exactDuration(policy.resetAfterUs),
    onRefusal: onRefusalOf(policy.onRefusal),
    maxAttempts: policy.maxAttempts,
  };
}

function firstOf(first: FirstWait): string | object {
  if (first.kind === 'none') return 'none';
  return { [first.kind]: exactDuration(first.us) };
}

function jitterOf(jitter: Jitter): string | object {
  switch (jitter.kind) {
    case 'percent':
      return { percent: Number((jitter.ratio * 100).toPrecision(12)) };
    case 'factor':
      return { factor: jitter.factor };
    case 'per-boot':
      return { 'per-boot': exactDuration(jitter.us) };
    default:
      return jitter.kind;
  }
}

function onRefusalOf({ otherwise, byCode }: OnRefusal): string | object {
  return Object.keys(byCode).length === 0 ? otherwise : byCode;
}

export function duplicatesOf({ deviceCount, copies, laterUs }: DuplicatesPlan): object {
  if (deviceCount === 0) return {};
  const start = laterUs === 0 ? 'together' : { later: exactDuration(laterUs) };
  return { duplicates: { fraction: deviceCount, copies, start } };
}

/** An event; `fleets` maps device filters back to fleet names. */
export function eventOf(event: ScenarioEvent, fleets: readonly Fleet[]): object {
  return { ...whenOf(event), ...whatOf(event, fleets) };
}

function whenOf({ atUs, after }: ScenarioEvent): object {
  if (after === undefined) return { at: exactDuration(atUs) };
  const { online, fleet, waitUs } = after;
  const wait = waitUs === 0 ? {} : { wait: exactDuration(waitUs) };
  return { after: { online: portionOf(online), ...(fleet === undefined ? {} : { fleet }), ...wait } };
}

function portionOf(part: Portion): string | number {
  return 'count' in part ? part.count : exactPercent(part.ratio);
}

function whatOf(event: ScenarioEvent, fleets: readonly Fleet[]): object {
  switch (event.kind) {
    case 'drop': {
      const { fleet, part, way } = event;
      return { drop: { ...(fleet === undefined ? {} : { fleet }), fraction: portionOf(part), by: way } };
    }
    case 'restart-target':
      return { 'restart-target': { down: exactDuration(event.downUs) } };
    case 'expire-tokens':
      return { 'expire-tokens': {} };
    default:
      return misbehaviourOf(event, fleets);
  }
}

function misbehaviourOf(
  { misbehaviour, forUs }: Pick<ServiceMisbehaviour, 'misbehaviour' | 'forUs'>,
  fleets: readonly Fleet[],
): object {
  const lasts = forUs === undefined ? {} : { for: exactDuration(forUs) };
  switch (misbehaviour.kind) {
    case 'refuse':
      return { refuse: { code: misbehaviour.code, ...lasts, ...partOf(misbehaviour, fleets) } };
    case 'limit': {
      const over = misbehaviour.over === 'wait' ? { wait: true } : { refuse: misbehaviour.over.refuse };
      const rate = { rate: exactRate(misbehaviour.perSec), burst: misbehaviour.burst };
      return { limit: { ...rate, ...over, ...collapseOf(misbehaviour), ...lasts, ...partOf(misbehaviour, fleets) } };
    }
    case 'delay':
      return { delay: { ...delayOf(misbehaviour.time), ...lasts } };
    case 'stall-auth':
      return { 'stall-auth': lasts };
    case 'fail-auth':
      return { 'fail-auth': { ...misbehaviour.answer, ...lasts, ...partOf(misbehaviour, fleets) } };
    case 'limit-auth':
      throw new Error('limit-auth is not an event of scenario files');
    default:
      return unreachable(misbehaviour);
  }
}

function collapseOf({ collapse }: Extract<Misbehaviour, { kind: 'limit' }>): object {
  if (collapse === undefined) return {};
  return { collapse: { wait: exactDuration(collapse.waitUs), rate: exactRate(collapse.perSec) } };
}

interface Part {
  readonly fraction?: number | undefined;
  readonly devices?: readonly { readonly productKey: string; readonly namePrefix?: string | undefined }[] | undefined;
}

function partOf({ fraction, devices }: Part, fleets: readonly Fleet[]): object {
  const [filter] = devices ?? [];
  const fleet = fleets.find(({ name, productKey }) =>
    filter?.namePrefix === undefined ? productKey === filter?.productKey : `${name}-` === filter.namePrefix,
  );
  return {
    ...(fraction === undefined ? {} : { fraction: exactPercent(fraction) }),
    ...(filter === undefined || fleet === undefined ? {} : { fleet: fleet.name }),
  };
}

function delayOf(time: DelayTime): object {
  switch (time.kind) {
    case 'fixed':
      return { fixed: exactDuration(time.us) };
    case 'uniform':
      return { uniform: [exactDuration(time.minUs), exactDuration(time.maxUs)] };
    case 'normal':
      return { normal: { mean: exactDuration(time.meanUs), sd: exactDuration(time.sdUs) } };
    case 'lognormal':
      return { lognormal: { median: exactDuration(time.medianUs), sigma: time.sigma } };
    case 'exponential':
      return { exponential: { mean: exactDuration(time.meanUs) } };
    default:
      return unreachable(time);
  }
}

function unreachable(value: never): never {
  throw new TypeError(`unknown part of an event ${JSON.stringify(value)}`);
}
