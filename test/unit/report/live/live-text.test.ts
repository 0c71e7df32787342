import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { LiveState } from '../../../../src/report/live/live-state.ts';
import { renderLive } from '../../../../src/report/live/live-text.ts';
import { textWidth } from '../../../../src/report/text/text.ts';
import type { TimelineLine } from '../../../../src/results/timeline-line.ts';
import { flatPercentiles } from '../../metrics/judge/summaries.ts';

const STYLE = { columns: 80, color: false, unicode: true };
const RUN = { scenario: 'quick\u001b[2Jstart', target: 'emulator 2017', sessions: 1000, plannedDurationSec: 30 };

function line(interval: number, online: number, outcomes: Record<string, number>, slipMaxUs = 0): TimelineLine {
  const accepted = outcomes['accepted'] ?? 0;
  const total = {
    ...{ planned: 100, started: 100, retries: 3, online, connecting: 7, waiting: 2, slipMaxUs },
    ...{ outcomes, ended: { kicked: 1 } },
    latency: accepted === 0 ? {} : { response: { ...flatPercentiles(accepted, 4_120), p99Us: 31_700 } },
  };
  return { interval, startSec: interval, endSec: interval + 1, total, fleets: { meters: total }, workers: [] };
}

function state(): LiveState {
  const live = new LiveState(RUN);
  live.add(line(0, 98, { accepted: 98, 'refused-4': 2 }));
  live.add(line(1, 190, { accepted: 92, 'refused-4': 5, 'tcp-refused': 3 }, 120_000));
  return live;
}

describe('renderLive', () => {
  it('shows the run so far and the last second', () => {
    expect(renderLive(state(), 2.1, STYLE)).toEqual([
      'quick\\u001b[2Jstart → emulator 2017',
      '  ███░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  2s / 30s',
      '  online      190 of 1,000  connecting 7  waiting 2  ▅█',
      '  connects/s  92 of 100 planned  retries 3  this machine is 120ms late',
      '  CONNACK     0: 190  4: 7',
      '  failures    tcp-refused 3',
      '  latency     p50 4.12ms  p99 31.7ms',
      '  Ctrl-C ends the run and writes its results',
    ]);
  });

  it('shows a run that has not begun, in as many lines', () => {
    const lines = renderLive(new LiveState(RUN), -0.2, STYLE);
    expect(lines).toHaveLength(renderLive(state(), 2, STYLE).length);
    expect(lines.join('\n')).toContain('0s / 30s');
    expect(lines.join('\n')).toContain('none yet');
  });

  it('says how many attempts wait to be started, where they are more than those of the last instants', () => {
    const late = (notStarted: number): string | undefined => {
      const live = new LiveState(RUN);
      const one = line(0, 27, { accepted: 27 });
      live.add({ ...one, total: { ...one.total, notStarted } });
      return renderLive(live, 1, STYLE)[3];
    };
    expect(late(73)).toBe('  connects/s  27 of 100 planned  retries 3  73 not started');
    expect(late(5)).toBe('  connects/s  27 of 100 planned  retries 3');
  });

  it('says how to end at once when it is ending', () => {
    const stopping = state();
    stopping.isStopping = true;
    expect(renderLive(stopping, 3, STYLE).at(-1)).toBe('  ending sessions; Ctrl-C again ends at once');
  });

  it.each([20, 40, 80, 200])('keeps within %i columns, in colour too', (columns) => {
    const plain = renderLive(state(), 500, { ...STYLE, columns });
    expect(plain.filter((text) => textWidth(text) > columns)).toEqual([]);
    const coloured = renderLive(state(), 500, { ...STYLE, columns, color: true });
    expect(coloured.map((text) => stripVTControlCharacters(text))).toEqual(plain);
    expect(coloured).not.toEqual(plain);
  });

  it('is pure ASCII where that is asked for', () => {
    expect(renderLive(state(), 2, { ...STYLE, unicode: false }).join('\n')).toMatch(/^[\n -~]*$/);
  });

  it('keeps a bounded history', () => {
    const live = new LiveState(RUN);
    for (let interval = 0; interval < 1000; interval++) live.add(line(interval, interval, {}));
    expect(live.online).toHaveLength(400);
    expect(live.online.at(-1)).toBe(999);
  });
});
