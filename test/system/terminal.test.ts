import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { textWidth } from '../../src/report/text/text.ts';
import { summarySchema } from '../../src/results/summary/summary.ts';
import { BIN } from '../e2e/cli.ts';

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

let dir: string;
let shell: ChildProcess | undefined;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'fleetstorm-terminal-'));
  await writeFile(join(dir, 'watched.yaml'), SCENARIO);
});
afterEach(async () => {
  shell?.kill('SIGKILL');
  await rm(dir, { recursive: true });
});

/** The program on a terminal of its own (util-linux `script`), `columns` wide. */
function onTerminal(columns: number, env: Record<string, string> = {}, duration = '20s', by = '') {
  const run = `exec ${by} '${process.execPath}' '${BIN}' run watched.yaml --set duration=${duration} --out out`;
  const command = `stty cols ${columns} rows 40; echo $$ > pid; ${run}`;
  const child = spawn('script', ['-qfec', command, '/dev/null'], {
    cwd: dir,
    env: { PATH: process.env['PATH'], TERM: 'xterm-256color', LANG: 'en_US.UTF-8', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  shell = child;
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const ended = new Promise<string>((resolve) => child.on('close', () => resolve(text)));
  const live = () => expect.poll(() => stripVTControlCharacters(text)).toMatch(/online +[1-9]/);
  const pid = async () => Number(await readFile(join(dir, 'pid'), 'utf8'));
  return { child, ended, live, pid };
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
  expect(text).toContain(HIDE);
  expect(text.lastIndexOf(SHOW)).toBeGreaterThan(text.lastIndexOf(HIDE));
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

describe('the terminal gets its cursor back', () => {
  it('when the run ends', async () => {
    const text = await onTerminal(80, {}, '3s').ended;
    expectCursorBack(text);
    expect(text).toContain('Exit code');
  });

  it('at Ctrl-C, with the results', async () => {
    const { child, ended, live } = onTerminal(80);
    await live();
    child.stdin.write('\u0003');
    const text = await ended;
    expectCursorBack(text);
    expect(text).toContain('interrupted, results are written');
  });

  it('at SIGTERM', async () => {
    const { ended, live, pid } = onTerminal(200);
    await live();
    process.kill(await pid(), 'SIGTERM');
    const text = await ended;
    expectCursorBack(text);
    expect(text).toContain('interrupted, results are written');
  });

  it('or takes it along: a run whose terminal goes away ends in order, with its results', async () => {
    const { child, live, pid } = onTerminal(80);
    await live();
    const run = await pid();
    child.kill('SIGKILL');
    await expect.poll(() => isAlive(run)).toBe(false);
    const summary = summarySchema.parse(JSON.parse(await readFile(join(dir, 'out', 'summary.json'), 'utf8')));
    expect([summary.interrupted, summary.exitCode]).toEqual([true, 130]);
  });

  it('or leaves it behind: a run in a session of its own goes on to its end', async () => {
    const { child, live } = onTerminal(80, {}, '6s', 'setsid --wait');
    await live();
    child.kill('SIGKILL');
    const path = join(dir, 'out', 'summary.json');
    await expect.poll(() => existsSync(path)).toBe(true);
    expect(summarySchema.parse(JSON.parse(await readFile(path, 'utf8'))).interrupted).toBe(false);
  });

  it('at a fault that nobody catches', async () => {
    const { ended } = onTerminal(80, { NODE_OPTIONS: `--import=data:text/javascript;base64,${btoa(BOOM)}` });
    const text = await ended;
    expect(text).toContain('Error: boom');
    expectCursorBack(text);
  });
});

describe('the live view and the summary', () => {
  it.each([
    [80, {}],
    [200, {}],
    [80, { NO_COLOR: '1' }],
  ] as const)('fit %i columns, coloured only where that is wanted (%o)', async (columns, env) => {
    const text = await onTerminal(columns, env, '3s').ended;
    const lines = stripVTControlCharacters(text).split(/\r?\n/);
    expect(lines.filter((line) => textWidth(line.replaceAll('\r', '')) > columns)).toEqual([]);
    // Colours are SGR codes; the cursor moves with or without them.
    expect(text.includes('\u001b[1;36m')).toBe(!('NO_COLOR' in env));
    expect(lines.findLastIndex((line) => line.startsWith('Verdict'))).toBeGreaterThan(
      lines.findLastIndex((line) => line.startsWith('Latency')),
    );
  });
});
