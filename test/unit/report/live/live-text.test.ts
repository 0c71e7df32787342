import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { LiveState } from '../../../../src/report/live/live-state.ts';
import { type FrameStyle, renderLive } from '../../../../src/report/live/live-text.ts';
import { textWidth } from '../../../../src/report/text/text.ts';
import type { TimelineLine } from '../../../../src/results/timeline-line.ts';
import { flatPercentiles } from '../../metrics/judge/summaries.ts';
import { STORM_SEC, stormSoFar } from './a-storm.ts';

/** Too few rows for anything but figures. */
const STYLE: FrameStyle = { columns: 80, rows: 8, color: false, unicode: true };
const RUN = { scenario: 'quick\u001b[2Jstart', target: 'emulator 2017', sessions: 1000, plannedDurationSec: 30 };

function line(interval: number, online: number, outcomes: Record<string, number>, slipMaxUs = 0): TimelineLine {
  const accepted = outcomes['accepted'] ?? 0;
  const total = {
    planned: 100,
    started: 100,
    retries: 3,
    online,
    connecting: 7,
    waiting: 2,
    slipMaxUs,
    outcomes,
    ended: { kicked: 1 },
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

const SIZES = [
  [80, 24],
  [120, 30],
  [200, 50],
] as const;

describe('renderLive', () => {
  it('shows how many sessions are online at each address of a service that has several', () => {
    const live = new LiveState(RUN);
    const at = (online: number) => ({ outcomes: {}, ended: {}, online });
    live.add({ ...line(0, 98, { accepted: 98 }), addresses: { 'a:1883': at(98), 'b:1883': at(0) } });
    expect(renderLive(live, 1, { ...STYLE, rows: 12 })).toContain('  addresses   a:1883 98  b:1883 0');
  });

  it('shows the run so far and the last second', () => {
    expect(renderLive(state(), 2.1, STYLE)).toEqual([
      'quick\\u001b[2Jstart → emulator 2017',
      '  ███░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  2s / 30s',
      '  online      190 of 1,000  connecting 7  waiting 2  ▅█',
      '  connects/s  92 of 100 planned  retries 3  this machine is 120ms late',
      '  latency     p50 4.12ms  p99 31.7ms',
      '  CONNACK     0: 190  4: 7',
      '  failures    tcp-refused 3',
      '  Ctrl-C ends the run and writes its results',
    ]);
  });

  it.each(SIZES)('uses the room of %i x %i', async (columns, rows) => {
    for (const [name, unicode] of [
      ['unicode', true],
      ['ascii', false],
    ] as const) {
      const frame = renderLive(stormSoFar(), STORM_SEC, { columns, rows: rows - 1, color: false, unicode });
      await expect(`${frame.join('\n')}\n`).toMatchFileSnapshot(
        `../../../golden/live-storm-${columns}x${rows}-${name}.txt`,
      );
    }
  });

  it('shows a run that has not begun', () => {
    const text = renderLive(new LiveState(RUN), -0.2, { ...STYLE, rows: 40 }).join('\n');
    expect(text).toContain('0s / 30s');
    expect(text).toContain('none yet');
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

  it('says that sessions end once the plan is over', () => {
    expect(renderLive(state(), 31.2, STYLE)[1]).toMatch(/ 30s \/ 30s {2}sessions end$/);
  });

  it('says how to end at once when it is ending', () => {
    const stopping = state();
    stopping.isStopping = true;
    expect(renderLive(stopping, 3, STYLE).at(-1)).toBe('  ending sessions; Ctrl-C again ends at once');
  });

  it('keeps within every size, in colour too', () => {
    const storm = stormSoFar();
    for (const columns of [1, 20, 40, 63, 64, 80, 109, 139, 140, 400]) {
      for (const rows of [1, 2, 5, 8, 13, 17, 20, 23, 29, 40, 49, 70]) {
        const style = { columns, rows, color: false, unicode: true };
        const plain = renderLive(storm, STORM_SEC, style);
        expect([plain.length > rows, plain.filter((text) => textWidth(text) > columns)]).toEqual([false, []]);
        const coloured = renderLive(storm, STORM_SEC, { ...style, color: true });
        expect(coloured.map((text) => stripVTControlCharacters(text))).toEqual(plain);
      }
    }
  });

  it('gives up room first, then charts, fleets, events and losses, and last the figures', () => {
    const partsAt = (rows: number): string => {
      const text = renderLive(stormSoFar(), STORM_SEC, { ...STYLE, rows }).join('\n');
      const parts = { chart: '┤', fleet: 'fleet ', event: 'event ', loss: 'loss ', latency: 'latency', hint: 'Ctrl-C' };
      return Object.entries(parts)
        .flatMap(([name, sign]) => (text.includes(sign) ? [name] : []))
        .join(' ');
    };
    const seen = Array.from({ length: 40 }, (_, index) => partsAt(40 - index));
    expect([...new Set(seen)]).toEqual([
      'chart fleet event loss latency hint',
      'fleet event loss latency hint',
      'event loss latency hint',
      'loss latency hint',
      'latency hint',
      'latency',
      '',
    ]);
  });

  it('is pure ASCII where that is asked for', () => {
    const ascii = renderLive(stormSoFar(), STORM_SEC, { columns: 200, rows: 50, color: false, unicode: false });
    expect(ascii.join('\n')).toMatch(/^[\n -~]*$/);
  });

  it('keeps a bounded history', () => {
    const live = new LiveState(RUN);
    for (let interval = 0; interval < 1000; interval++) live.add(line(interval, interval, {}));
    expect(live.online).toHaveLength(400);
    expect(live.online.at(-1)).toBe(999);
  });
});
