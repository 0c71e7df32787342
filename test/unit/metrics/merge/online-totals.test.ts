import { expect, it } from 'vitest';
import { OnlineTotals } from '../../../../src/metrics/merge/online-totals.ts';

const extent = (max: number, standing: number, atStop = 0) => ({
  last: standing,
  min: 0,
  max,
  low: 0,
  standing,
  atStop,
});

it('has the most of all intervals, and those who stand', () => {
  const totals = new OnlineTotals();
  expect([totals.wasAny, totals.figures()]).toEqual([false, { peak: 0, last: 0 }]);
  totals.add(extent(7, 5));
  totals.add(extent(6, 4));
  expect([totals.wasAny, totals.figures()]).toEqual([true, { peak: 7, last: 4 }]);
});

it('has those who were online when their workers began to end them, whenever each told it', () => {
  const totals = new OnlineTotals();
  // One worker with 4 online tells its interval in time; another one is late, and tells with the same interval the end of its 5.
  totals.add(extent(9, 4, 5));
  // The first had one more by the end.
  totals.add(extent(5, 0, 5));
  expect(totals.figures()).toEqual({ peak: 10, last: 10 });
});
