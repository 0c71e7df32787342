import { describe, expect, it } from 'vitest';
import { CourseLog } from '../../../../src/report/live/course-log.ts';
import type { Disturbance } from '../../../../src/results/summary/disturbance.ts';
import { EVENTS } from './a-storm.ts';

function loss(startSec: number, figures: Partial<Disturbance['total']>): Disturbance {
  const total = {
    lost: 100,
    recovered: 0,
    neverRecovered: 0,
    lostBy: {},
    peakAttemptsPerSec: 0,
    peakAttemptsPer100Ms: 0,
    refusals: {},
    longestOfflineSec: 0,
    secondWaves: 0,
    curve: [],
  };
  return { id: 0, kind: 'drop', label: 'drop 100 sessions', startSec, total: { ...total, ...figures }, fleets: [] };
}

describe('CourseLog', () => {
  it('tells each event once, when it has happened', () => {
    const log = new CourseLog();
    const course = { events: EVENTS, disturbances: [] };
    expect(log.news(course, 10)).toEqual([]);
    expect(log.news(course, 16)).toEqual([
      'event: admit 100 logins/s, others get CONNACK 3',
      'event: drop 2,000 sessions by reset, met 1,998 of 2,000',
    ]);
    expect(log.news(course, 17)).toEqual([]);
  });

  it('tells a loss at once, and its milestones when no more are lost', () => {
    const log = new CourseLog();
    const news = (figures: Partial<Disturbance['total']>) =>
      log.news({ events: [], disturbances: [loss(3, figures)] }, 9);
    expect(news({ lost: 60, t50Sec: 0.1 })).toEqual(['loss: drop 100 sessions: lost 60']);
    expect(news({ lost: 100, recovered: 40, t50Sec: 0.1 })).toEqual([]);
    expect(news({ recovered: 60, t50Sec: 1.5 })).toEqual(['loss: drop 100 sessions: T50 1.5s, back 60 of 100']);
    expect(news({ recovered: 100, t50Sec: 1.5, t95Sec: 2, t100Sec: 3 })).toEqual([
      'loss: drop 100 sessions: T95 2s, T100 3s, back 100 of 100',
    ]);
  });

  it('does not fill the log, however often a service comes and goes', () => {
    const log = new CourseLog();
    const disturbances = Array.from({ length: 100 }, (_, at) => loss(at, {}));
    const news = Array.from({ length: 100 }, (_, at) =>
      log.news({ events: [], disturbances: disturbances.slice(0, at) }, at),
    ).flat();
    expect(news).toHaveLength(41);
    expect(news.at(-1)).toBe('further events and losses are told at the end');
  });
});
