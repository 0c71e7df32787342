import { describe, expect, it } from 'vitest';
import { MergeRun } from '../../../bench/merge-run.ts';

const INTERVALS = 3;

/** How many steps through sets and maps it takes to merge what so many agents report. */
function stepsOf(agents: number): number {
  const run = new MergeRun({ agents, workersEach: 1, sessions: 100 * agents, intervals: INTERVALS });
  const snapshots = Array.from({ length: INTERVALS }, (_, interval) => run.snapshotsOf(interval)).flat();
  const steps = counted(() => {
    for (const snapshot of snapshots) run.take(snapshot);
  });
  run.check();
  return steps;
}

/** Counts them while `act` runs, which is not interrupted. */
function counted(act: () => void): number {
  let steps = 0;
  const step = (): void => {
    steps++;
  };
  const undo = [
    watch(Map.prototype, 'get', step),
    watch(Map.prototype, 'has', step),
    watch(Set.prototype, 'has', step),
  ];
  const { values } = Set.prototype;
  Set.prototype[Symbol.iterator] = function* each<T>(this: Set<T>) {
    for (const value of values.call(this)) {
      step();
      yield value as T;
    }
  } as (typeof Set.prototype)[typeof Symbol.iterator];
  try {
    act();
  } finally {
    Set.prototype[Symbol.iterator] = values;
    for (const back of undo) back();
  }
  return steps;
}

function watch(owner: object, name: string, step: () => void): () => void {
  const before: unknown = Reflect.get(owner, name);
  if (typeof before !== 'function') throw new Error(`${name} is no method`);
  Reflect.set(owner, name, function watched(this: unknown, ...given: unknown[]): unknown {
    step();
    return Reflect.apply(before, this, given);
  });
  return () => void Reflect.set(owner, name, before);
}

describe('merging', () => {
  it('takes as many steps per snapshot however many agents report', () => {
    const [few, many] = [stepsOf(20), stepsOf(160)];
    // Eight times the agents: eight times the steps. Were they compared with each other, it would be 64 times.
    expect(many / few).toBeGreaterThan(4);
    expect(many / few).toBeLessThan(10);
  });
});
