import { expect, it, vi } from 'vitest';
import { WorkerPool } from '../../../../src/host/threads/worker-pool.ts';

const given = vi.hoisted(() => [] as { resourceLimits: object }[]);
vi.mock('piscina', () => ({
  Piscina: class {
    constructor(options: { resourceLimits: object }) {
      given.push(options);
    }
    on(): void {
      // Nothing is told.
    }
  },
}));

it.each([
  [true, { maxYoungGenerationSizeMb: 16 }],
  [false, {}],
])('a thread has a small young heap, unless that tuning is off: %s', (hasSmallYoungHeap, limits) => {
  new WorkerPool([], {} as never, { entry: new URL('file:///x').href, hasSmallYoungHeap, undo: () => undefined });
  expect(given.at(-1)?.resourceLimits).toEqual(limits);
});
