import { describe, expect, it } from 'vitest';
import { type FigureSource, LiveFigures } from '../../../../src/outlets/dashboard/live-figures.ts';
import { stormSummary } from '../../../fixtures/reports/storm-run.ts';

const SUMMARY = stormSummary();
const SOURCE: FigureSource = {
  summary: () => SUMMARY,
  figures: () => ({
    ...SUMMARY,
    disturbances: [],
    distributions: () => undefined,
    byAddress: () => [],
    lastInterval: undefined,
  }),
};
const TIMELINE = { columns: {}, width: 1, rates: {} };

describe('LiveFigures', () => {
  it('has none before the run has begun', () => {
    const figures = new LiveFigures([], () => 0);
    expect([figures.isDue, figures.measured(TIMELINE, () => 'made')]).toEqual([false, undefined]);
  });

  it('takes at most a fiftieth of the time: the longer one took, the later the next', () => {
    let nowMs = 1_000;
    const figures = new LiveFigures([], () => nowMs);
    figures.follow(SOURCE);
    expect(figures.isDue).toBe(true);
    figures.measured(TIMELINE, () => {
      nowMs += 30;
    });
    nowMs += 1_499;
    expect(figures.isDue).toBe(false);
    nowMs += 1;
    expect(figures.isDue).toBe(true);
  });

  it('hands on the figures so far', () => {
    const figures = new LiveFigures(['a'], () => 0);
    figures.follow(SOURCE);
    const made = figures.measured(TIMELINE, ({ summary, distributions }) => [summary, distributions.heatMap]);
    expect(made).toEqual([SUMMARY, undefined]);
  });
});
