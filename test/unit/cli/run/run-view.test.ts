import { describe, expect, it } from 'vitest';
import { RunView } from '../../../../src/cli/run/run-view.ts';
import { Screen } from '../../../fixtures/screen.ts';
import { FakeIo } from '../emulator-io.ts';

const RUN = { scenario: 'storm', target: 'emulator', sessions: 10, plannedDurationSec: 30, fleets: ['meters'] };
const COURSE = { events: [], disturbances: [] };

/** A view on a screen of 80 x 24, or on a pipe. */
function viewed(isTTY: boolean) {
  const screen = new Screen(80, 24);
  const write = (text: string): void => screen.write(text.replaceAll('\n', '\r\n'));
  const output = { write, draw: isTTY ? write : undefined, isTTY, columns: 80, rows: 24 };
  const io = Object.assign(new FakeIo({ env: { LANG: 'C.UTF-8' } }), { stderr: output });
  return { screen, view: new RunView(io, { isQuiet: false }) };
}

describe('RunView', () => {
  it('fills the terminal, and makes room for what is announced', () => {
    const { screen, view } = viewed(true);
    view.announce('Dashboard: http://127.0.0.1:8080/');
    view.started(RUN, '1 worker thread', { course: () => COURSE, hosts: [] });
    view.announce('response.p99 failed: ending the run');
    expect(screen.lines.slice(0, 3)).toEqual([
      'Dashboard: http://127.0.0.1:8080/',
      'response.p99 failed: ending the run',
      'storm → emulator',
    ]);
    expect(screen.lines.join('\n')).toContain('┤');
    expect([screen.scrolled, screen.wrapped]).toEqual([0, 0]);
    view.close();
    expect(screen.lines.filter((line) => line !== '')).toHaveLength(2);
  });

  it('begins the log of a pipe with what runs', () => {
    const { screen, view } = viewed(false);
    view.started(RUN, '2 worker threads', { course: () => COURSE, hosts: [] });
    view.close();
    expect(screen.lines[0]).toBe('Running storm against emulator: 10 sessions, 30s, 2 worker threads');
  });
});
