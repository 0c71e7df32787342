import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, describe, it, vi } from 'vitest';
import { textWidth } from '../../src/report/text/text.ts';
import { summarySchema } from '../../src/results/summary/summary.ts';
import { BIN } from '../e2e/cli.ts';
import { Screen } from '../fixtures/screen.ts';

const SCENARIO = `
version: 1
name: watched
duration: 20s
target: { emulator: { profile: "2017" } }
workers: 1
fleets:
  - name: meters
    productKey: a1Meters
    devices: 40
    connect: { arrival: ramp, over: 2s }
`;
const HIDE = '\u001b[?25l';
const SHOW = '\u001b[?25h';
/** Where the live view goes back to the top of its frame. */
const UP = new RegExp(`${'\u001b'}\\[\\d+A\\r`);

/** Of all tests: they run side by side, each in a folder and on a terminal of its own. */
const folders: string[] = [];
const shells: ChildProcess[] = [];
afterAll(() => {
  for (const shell of shells) shell.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true });
});

interface OnTerminal {
  readonly columns: number;
  readonly rows?: number;
  readonly env?: Record<string, string>;
  readonly duration?: string;
  /** What starts the program. */
  readonly by?: string;
  readonly scenario?: string;
}

/** The program on a terminal of its own (util-linux `script`). */
function onTerminal({ columns, rows = 40, env = {}, duration = '20s', by = '', scenario = SCENARIO }: OnTerminal) {
  const dir = mkdtempSync(join(tmpdir(), 'fleetstorm-terminal-'));
  folders.push(dir);
  writeFileSync(join(dir, 'watched.yaml'), scenario);
  const run = `exec ${by} '${process.execPath}' '${BIN}' run watched.yaml --set duration=${duration} --out out`;
  const command = `stty cols ${columns} rows ${rows}; tty > tty; echo $$ > pid; ${run}`;
  const child = spawn('script', ['-qfec', command, '/dev/null'], {
    cwd: dir,
    env: { PATH: process.env['PATH'], TERM: 'xterm-256color', LANG: 'en_US.UTF-8', FLEETSTORM_TUNING: 'off', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  shells.push(child);
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const ended = new Promise<string>((resolve) => child.on('close', () => resolve(text)));
  const live = () =>
    vi.waitFor(() => assert.match(stripVTControlCharacters(text), /online +[1-9]/), { timeout: 60_000, interval: 20 });
  const pid = async () => Number(await readFile(join(dir, 'pid'), 'utf8'));
  const resize = async (toColumns: number, toRows: number) => {
    const tty = (await readFile(join(dir, 'tty'), 'utf8')).trim();
    execFileSync('stty', ['-F', tty, 'cols', String(toColumns), 'rows', String(toRows)]);
  };
  return { dir, child, ended, live, pid, resize, output: () => text };
}

function onceOnly<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Hidden while the view is live, and shown as the last that is said of it. */
function expectCursorBack(text: string): void {
  assert.ok(text.includes(HIDE));
  assert.ok(text.lastIndexOf(SHOW) > text.lastIndexOf(HIDE));
}

/** Throws where nobody catches it, once the live view has hidden the cursor. */
const BOOM = `
import { isMainThread } from 'node:worker_threads';
const { stderr, argv } = process;
const write = stderr.write;
if (isMainThread && argv[2] === 'run') {
  stderr.write = (text, ...more) => {
    if (String(text).includes('\\u001b[?25l')) setTimeout(() => { throw new Error('boom'); }, 100);
    return write.call(stderr, text, ...more);
  };
}`;

/** A run to its end on a terminal that shows links: several tests look at it. */
const toItsEnd = onceOnly(async () => {
  const { dir, ended } = onTerminal({ columns: 80, env: { VTE_VERSION: '7200' }, duration: '3s' });
  return { dir, text: await ended };
});

describe.concurrent('the terminal gets its cursor back', () => {
  it('when the run ends', async ({ expect }) => {
    const { text } = await toItsEnd();
    expectCursorBack(text);
    expect(text).toContain('Exit code');
  });

  it('at Ctrl-C, with the results', async ({ expect }) => {
    const { child, ended, live } = onTerminal({ columns: 80 });
    await live();
    child.stdin.write('\u0003');
    const text = await ended;
    expectCursorBack(text);
    expect(text).toContain('interrupted, results are written');
  });

  it('at SIGTERM', async ({ expect }) => {
    const { ended, live, pid } = onTerminal({ columns: 200 });
    await live();
    process.kill(await pid(), 'SIGTERM');
    const text = await ended;
    expectCursorBack(text);
    expect(text).toContain('interrupted, results are written');
  });

  it('or takes it along: a run whose terminal goes away ends in order, with its results', async ({ expect }) => {
    const { dir, child, live, pid } = onTerminal({ columns: 80 });
    await live();
    const run = await pid();
    child.kill('SIGKILL');
    await expect.poll(() => isAlive(run)).toBe(false);
    const summary = summarySchema.parse(JSON.parse(await readFile(join(dir, 'out', 'summary.json'), 'utf8')));
    expect([summary.interrupted, summary.exitCode]).toEqual([true, 130]);
  });

  it('or leaves it behind: a run in a session of its own goes on to its end', async ({ expect }) => {
    const { dir, child, live } = onTerminal({ columns: 80, duration: '6s', by: 'setsid --wait' });
    await live();
    child.kill('SIGKILL');
    const path = join(dir, 'out', 'summary.json');
    await expect.poll(() => existsSync(path)).toBe(true);
    expect(summarySchema.parse(JSON.parse(await readFile(path, 'utf8'))).interrupted).toBe(false);
  });

  it('at a fault that nobody catches', async ({ expect }) => {
    const { ended } = onTerminal({
      columns: 80,
      env: { NODE_OPTIONS: `--import=data:text/javascript;base64,${btoa(BOOM)}` },
    });
    const text = await ended;
    expect(text).toContain('Error: boom');
    expectCursorBack(text);
  });
});

describe.concurrent('the live view and the summary', () => {
  it.for([
    [80, {}],
    [200, {}],
    [80, { NO_COLOR: '1' }],
  ] as const)('fit %i columns, coloured only where that is wanted (%o)', async ([columns, env], { expect }) => {
    const text = await onTerminal({ columns, env, duration: '3s' }).ended;
    const lines = stripVTControlCharacters(text).split(/\r?\n/);
    expect(lines.filter((line) => textWidth(line.replaceAll('\r', '')) > columns)).toEqual([]);
    // Colours are SGR codes; the cursor moves with or without them.
    expect(text.includes('\u001b[1;36m')).toBe(!('NO_COLOR' in env));
    expect(lines.findLastIndex((line) => line.startsWith('Verdict'))).toBeGreaterThan(
      lines.findLastIndex((line) => line.startsWith('Latency')),
    );
  });
});

const STORM = `
version: 1
name: storm
target: { emulator: { profile: "2017" } }
duration: 4s
workers: 1
fleets:
  - { name: meters, productKey: a1Meters, devices: 30, connect: { arrival: burst }, reconnect: { preset: aliyun-node } }
  - { name: gateways, productKey: a1Gateways, devices: 10, connect: { arrival: burst } }
events:
  - { after: { online: 100% }, drop: { fraction: 100%, by: reset } }
`;

describe.concurrent('the live view', () => {
  it.for<readonly [number, number, number]>([
    [80, 24, 16],
    [120, 30, 22],
    [200, 50, 40],
  ])('uses the room of %i x %i, and neither wraps nor scrolls', async ([columns, rows, least], { expect }) => {
    const text = await onTerminal({ columns, rows, duration: '4s', scenario: STORM }).ended;
    const screen = new Screen(columns, rows);
    // Up to where the last frame is cleared away.
    screen.write(text.slice(0, text.lastIndexOf(`\u001b[J${SHOW}`)));
    expect([screen.wrapped, screen.scrolled]).toEqual([0, 0]);
    const shown = screen.lines.join('\n');
    for (const part of ['online', 'fleet', 'gateways', 'event', 'loss', 'T95', '┤', '└']) expect(shown).toContain(part);
    expect(screen.lines.filter((line) => line !== '').length).toBeGreaterThanOrEqual(least);
  });

  it('follows the size of the terminal', async ({ expect }) => {
    const { child, live, resize, output, ended } = onTerminal({
      columns: 200,
      rows: 50,
      duration: '60s',
      scenario: STORM,
    });
    /** Lines of the latest frame that is complete. */
    const frame = () =>
      stripVTControlCharacters(output().split(UP).at(-2) ?? '')
        .split(/\r?\n/)
        .slice(0, -1);
    const size = () => [Math.max(...frame().map((line) => textWidth(line.trimEnd()))), frame().length];
    await live();
    await expect.poll(() => size()[1]).toBeGreaterThan(40);
    await resize(80, 24);
    await expect.poll(() => size().map((one, index) => one <= (index === 0 ? 80 : 23))).toEqual([true, true]);
    await resize(120, 30);
    await expect.poll(() => size()[1]).toBeGreaterThan(23);
    expect(size()[0]).toBeLessThanOrEqual(120);
    child.stdin.write('\u0003');
    await ended;
  });
});

describe.concurrent('after the run', () => {
  it('says first how it went, and last where the report is, as a link where there are links', async ({ expect }) => {
    const { dir, text } = await toItsEnd();
    const after = text.slice(text.lastIndexOf(SHOW) + SHOW.length);
    const lines = stripVTControlCharacters(after).trim().split(/\r?\n/);
    expect(lines[0]).toMatch(/^(Passed|The load generator was the limit)/);
    expect(lines.at(-1)).toMatch(/^Report: +out\/report\.html$/);
    expect(after).toContain(`\u001b]8;;file://${join(dir, 'out', 'report.html')}\u001b\\out/report.html`);
  });
});
