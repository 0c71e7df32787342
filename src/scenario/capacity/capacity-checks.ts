import { parseThreshold } from '../../metrics/judge/thresholds.ts';
import type { Fault, Path } from '../text/fault.ts';
import { foundAt } from '../text/found.ts';
import { faultAt, nodeAt, type RawNode } from '../text/raw.ts';
import { itemsAt, textAt, writtenFleetNames } from '../text/written.ts';
import { EXPECTATION, type Form, LOGIN_RATE, RATE_RANGE, type SearchKind } from './capacity-words.ts';
import { areOfSessions, type Goal, goalOf, SESSION_GOALS } from './goal.ts';

const AT = 'capacity';

/** Faults in what a capacity search is told that need more than one key. Values of the wrong shape are left to the schema. */
export function capacityFaults(root: RawNode): Fault[] {
  if (nodeAt(root, [AT]) === undefined) return [];
  const search: SearchKind = textAt(root, [AT, 'search']) === 'sessions' ? 'sessions' : 'rate';
  return [
    ...goalFaults(root, search),
    ...formFaults(root, 'rate', search === 'rate' ? RATE_RANGE : LOGIN_RATE),
    ...formFaults(root, 'expect', EXPECTATION[search]),
    ...sessionFaults(root, search),
  ];
}

function goalFaults(root: RawNode, search: SearchKind): Fault[] {
  const fleetNames = [...new Set(writtenFleetNames(root).filter((name) => name !== undefined))];
  const path: Path = [AT, 'goals'];
  const faults: Fault[] = [];
  const goals: Goal[] = [];
  for (const [index] of itemsAt(root, path).entries()) {
    const text = textAt(root, [...path, index]);
    if (text === undefined) continue;
    const parsed = parseThreshold(text, fleetNames);
    const checked = parsed.ok ? goalOf(parsed.threshold) : parsed;
    if (checked.ok) goals.push(checked.goal);
    else {
      const { message, expected } = checked;
      const hint = 'hint' in checked && checked.hint !== undefined ? `did you mean ${checked.hint}?` : undefined;
      faults.push(faultAt(root, [...path, index], { message, expected, hint }));
    }
  }
  if (search === 'rate' || areOfSessions(goals)) return faults;
  const message = 'a search for sessions cannot be held to this';
  return [...faults, faultAt(root, path, { message, expected: SESSION_GOALS })];
}

function formFaults(root: RawNode, key: string, { parse, expected }: Form<unknown>): Fault[] {
  const path = [AT, key];
  const [node, text] = [nodeAt(root, path), textAt(root, path)];
  if (node === undefined || text === undefined || parse(text) !== undefined) return [];
  return [faultAt(root, path, { message: 'wrong value', found: foundAt(node, path), expected })];
}

function sessionFaults(root: RawNode, search: SearchKind): Fault[] {
  if (search === 'sessions' || nodeAt(root, [AT, 'sessions']) === undefined) return [];
  const message = 'this is a search for logins per second';
  return [faultAt(root, [AT, 'sessions'], { message, expected: '`search: sessions` beside it, or `rate` instead' })];
}
