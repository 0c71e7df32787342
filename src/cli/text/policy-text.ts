import type { Jitter, ReconnectPolicy } from '../../plan/ladder.ts';
import { grouped } from '../../text/counts.ts';
import { exactDuration } from '../../time/units.ts';

/** A reconnect policy in words: `1s, then x2 up to 1m, full jitter; starts over at CONNACK`. */
export function policyText(policy: ReconnectPolicy): string {
  const ladder = [firstText(policy), growthText(policy), jitterText(policy.jitter)].filter((part) => part !== '');
  const counted = policy.from === 'attempt' ? ' from the last attempt' : '';
  return [`${ladder.join(', ')}${counted}`, resetText(policy), ...givingUpTexts(policy)].join('; ');
}

function firstText({ first }: ReconnectPolicy): string {
  if (first === undefined) return '';
  if (first.kind === 'none') return 'first at once';
  return first.kind === 'fixed' ? `first ${exactDuration(first.us)}` : `first within ${exactDuration(first.us)}`;
}

function growthText({ growth, baseUs, factor, capUs }: ReconnectPolicy): string {
  const base = exactDuration(baseUs);
  const cap = exactDuration(capUs);
  switch (growth) {
    case 'fixed':
      return `every ${exactDuration(Math.min(baseUs, capUs))}`;
    case 'linear':
      return `${base} more each time up to ${cap}`;
    case 'quadratic':
      return `${base} x n² up to ${cap}`;
    case 'exponential':
      return `${base} x${factor} each time up to ${cap}`;
    case 'decorrelated':
      return `decorrelated, ${base} to x${factor} of the last up to ${cap}`;
    default:
      return unreachable(growth);
  }
}

function jitterText(jitter: Jitter): string {
  switch (jitter.kind) {
    case 'none':
      return '';
    case 'percent':
      return `jitter of ${Number((jitter.ratio * 100).toPrecision(12))}%`;
    case 'factor':
      return `jitter by a factor of ${jitter.factor}`;
    case 'per-boot':
      return `offset of ${exactDuration(jitter.us)} per device`;
    default:
      return `${jitter.kind} jitter`;
  }
}

function resetText({ resetAfterUs }: ReconnectPolicy): string {
  return `starts over ${resetAfterUs === 0 ? 'at CONNACK' : `after ${exactDuration(resetAfterUs)} online`}`;
}

function givingUpTexts({ onRefusal, maxAttempts }: ReconnectPolicy): string[] {
  const codes = Object.entries(onRefusal.byCode).flatMap(([code, answer]) => (answer === 'stop' ? [code] : []));
  return [
    ...(onRefusal.otherwise === 'stop' ? ['gives up when refused'] : []),
    ...(codes.length === 0 ? [] : [`gives up after CONNACK ${codes.join(', ')}`]),
    ...(maxAttempts === 0
      ? []
      : [`gives up after ${maxAttempts === 1 ? '1 retry' : `${grouped(maxAttempts)} retries`}`]),
  ];
}

function unreachable(growth: never): never {
  throw new TypeError(`unknown growth ${String(growth)}`);
}
