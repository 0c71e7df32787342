import { expect, it } from 'vitest';
import { raiseFirstHeap } from '../../../../src/host/machine/first-heap.ts';

it('is raised for as long as threads start, and left to V8 again', () => {
  const flags: string[] = [];
  const restore = raiseFirstHeap((flag) => flags.push(flag));
  expect(flags).toEqual(['--initial-old-space-size=256']);
  restore();
  expect(flags).toEqual(['--initial-old-space-size=256', '--initial-old-space-size=0']);
});
