import { describe, expect, it } from 'vitest';
import { markersOf } from '../../../src/report/html/data/markers.ts';
import { sessionsSection } from '../../../src/report/html/sections/course.ts';
import { renderSummary } from '../../../src/report/text/summary-text.ts';
import type { RunEvent } from '../../../src/results/summary/run-event.ts';
import { quickstart } from './fixtures.ts';

const STATE = 'all 150 sessions are online';
const EVENTS: RunEvent[] = [
  { id: 1, kind: 'refuse', label: 'refuse all logins', startSec: 2, endSec: 5, met: 0 },
  { id: 0, kind: 'drop', label: 'drop half', after: STATE, startSec: 4.25, asked: 75, met: 70 },
  { id: 2, kind: 'drop', label: 'drop the rest', after: STATE, asked: 80 },
];
const summary = { ...quickstart, events: EVENTS };

describe('the events of a run', () => {
  it('stand in the terminal with what they asked for and met', () => {
    const text = renderSummary(summary, { columns: 100, color: false, unicode: true });
    const lines = text.split('\n');
    const from = lines.indexOf('Events');
    expect(lines.slice(from, from + 5)).toEqual([
      'Events',
      '     at  event                                            asked  met',
      '     2s  refuse all logins                                    -    0',
      `  4.25s  drop half, once ${STATE}         75   70`,
      `  never  drop the rest, once ${STATE}     80    -`,
    ]);
  });

  it('are left out of files in which nobody counted', () => {
    const old = EVENTS.map(({ kind, label, startSec }) => ({ kind, label, startSec }));
    const text = renderSummary({ ...quickstart, events: old }, { columns: 100, color: false, unicode: true });
    expect(text.split('\n')).not.toContain('Events');
  });

  it('stand in the page with what they asked for and met', () => {
    const parts = { charts: [], markers: markersOf(summary), bucketSec: 1, scenarioYaml: undefined };
    const [page = ''] = sessionsSection(summary, parts)?.text.split('Why sessions ended') ?? [];
    const cells = [...page.matchAll(/<t[dh](?:\s[^>]*)?>(.*?)<\/t[dh]>/g)].map(([, text = '']) =>
      text.replace(/<[^>]*>/g, ''),
    );
    expect(cells).toEqual([
      ...['mark', 'at', 'until', 'event', 'asked', 'met', 'once'],
      ...['a', '2s', '5s', 'refuse all logins', '–', '0', '–'],
      ...['b', '4.25s', '–', 'drop half', '75', '70', STATE],
      ...['', 'never', '–', 'drop the rest', '80', '–', STATE],
    ]);
    expect([...page.matchAll(/<tr data-event="(\d+)">/g)].map(([, id]) => id)).toEqual(['1', '0', '2']);
  });

  it('are marked in the charts where they happened, and by number where sessions were lost', () => {
    const figures = { lost: 70, recovered: 70, neverRecovered: 0, lostBy: {}, peakAttemptsPerSec: 0 };
    const rest = { peakAttemptsPer100Ms: 0, refusals: {}, longestOfflineSec: 1, secondWaves: 0, curve: [] };
    const total = { ...figures, ...rest };
    const loss = { id: 0, event: 0, kind: 'drop', label: 'drop half', startSec: 4.25, total, fleets: [] };
    expect(markersOf({ ...summary, disturbances: [loss] })).toEqual([
      { tag: '1', isStorm: true, events: [0], startSec: 4.25, label: 'drop half' },
      { tag: 'a', isStorm: false, events: [1], startSec: 2, endSec: 5, label: 'refuse all logins' },
    ]);
  });
});
