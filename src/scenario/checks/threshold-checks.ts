import type { Threshold } from '../../metrics/judge/threshold.ts';
import { parseThreshold } from '../../metrics/judge/thresholds.ts';
import { parseDurationUs } from '../../time/units.ts';
import type { Fault, Path } from '../text/fault.ts';
import { faultAt, nodeAt, type RawNode } from '../text/raw.ts';
import { itemsAt, textAt, writtenFleetNames } from '../text/written.ts';

/** Parses the thresholds; each that cannot be parsed is a fault. Items of the wrong shape are left to the schema. */
export function readThresholds(root: RawNode): { thresholds: Threshold[]; faults: Fault[] } {
  const fleetNames = [...new Set(writtenFleetNames(root).filter((name) => name !== undefined))];
  const thresholds: Threshold[] = [];
  const faults: Fault[] = [];
  for (const [index, item] of itemsAt(root, ['thresholds']).entries()) {
    const path: Path = item.kind === 'map' ? ['thresholds', index, 'condition'] : ['thresholds', index];
    const condition = textAt(root, path);
    if (condition === undefined) continue;
    const parsed = parseThreshold(condition, fleetNames);
    if (!parsed.ok) {
      const hint = parsed.hint === undefined ? undefined : `did you mean ${parsed.hint}?`;
      faults.push(faultAt(root, path, { message: parsed.message, expected: parsed.expected, hint }));
      continue;
    }
    const abort = item.kind === 'map' ? abortOf(root, ['thresholds', index], faults) : undefined;
    thresholds.push(abort === undefined ? parsed.threshold : { ...parsed.threshold, abort });
  }
  return { thresholds, faults };
}

function abortOf(root: RawNode, path: Path, faults: Fault[]): Threshold['abort'] {
  const [abort, grace] = [nodeAt(root, [...path, 'abort']), textAt(root, [...path, 'grace'])];
  if (abort?.kind === 'scalar' && abort.value === true) {
    return { graceUs: (grace === undefined ? undefined : parseDurationUs(grace)) ?? 0 };
  }
  if (grace !== undefined) {
    faults.push(faultAt(root, [...path, 'grace'], { message: 'grace without abort', expected: 'abort: true with it' }));
  }
  return undefined;
}

/** Counts and rates grow from zero: before the end, a minimum not reached yet has not failed. */
export function abortWarnings(root: RawNode, thresholds: readonly Threshold[]): Fault[] {
  return thresholds.flatMap(({ source, operator, limit, metric, abort }, index) => {
    const mustGrow = (operator === '>' || operator === '>=' || operator === '==') && limit > 0;
    const grows = /\.(?:count|peak|(?:first-)?planned|retries)$|^(?:online|connects)\./.test(metric);
    if (abort === undefined || abort.graceUs > 0 || !mustGrow || !grows) return [];
    return [
      faultAt(root, ['thresholds', index], {
        message: `\`${source}\` fails until enough has been counted, and stops the run in its first second`,
        hint: 'give it a grace time, such as grace: 10s',
      }),
    ];
  });
}
