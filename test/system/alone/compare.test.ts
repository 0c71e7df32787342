import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT_CODES } from '../../../src/results/exit-codes.ts';
import { type CliResult, runCli } from '../../e2e/cli.ts';
import { runHere } from '../../e2e/here.ts';
import { drawnPixels, launchBrowser, watchPage } from '../../fixtures/browser.ts';

/** 300 devices are lost at once; 60 a second are let in again. */
const SCENARIO = `
version: 1
name: firmware
seed: 3
duration: 15s
target: { emulator: { profile: "2017" } }
workers: 1
fleets:
  - name: meters
    productKey: a1Meters
    devices: 300
    connect: { arrival: ramp, over: 1s }
    reconnect: { preset: full-jitter }
events:
  - { at: 2s, limit: { rate: 60/s, burst: 60 } }
  - { at: 2s, drop: { fraction: 100%, by: reset } }
`;

let dir: string;
/** The comparison of two policies, and the page that it wrote. */
let policies: CliResult;
let page: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'fleetstorm-compared-'));
  page = join(dir, 'compare.html');
  await writeFile(join(dir, 'firmware.yaml'), SCENARIO);
  // Side by side, so that what else the machine does, and each of them, falls on all.
  await Promise.all([
    play('jitter'),
    play('jitter-again'),
    play('esp', '--set', 'fleets.meters.reconnect.preset=esp-mqtt'),
  ]);
  policies = await compare(runCli, 'jitter', 'esp', '--html', page);
}, 240_000);
afterAll(() => rm(dir, { recursive: true }));

/** Runs that the machine was too busy for: they say so, and `compare` must tell it. */
const limited = new Set<string>();

async function play(name: string, ...options: string[]): Promise<void> {
  const args = ['run', join(dir, 'firmware.yaml'), '--quiet', '--out', join(dir, name), ...options];
  const { code, stderr } = await runCli(args);
  if (code === EXIT_CODES.generatorLimited) limited.add(name);
  else if (code !== EXIT_CODES.passed) throw new Error(`the run ${name} ended with ${code}: ${stderr}`);
}

function compare(run: typeof runCli, a: string, b: string, ...options: string[]): Promise<CliResult> {
  return run(['compare', join(dir, a), join(dir, b), '--fail-if', 'regression', ...options]);
}

describe('compare', () => {
  it('finds no regression between two runs of one scenario and seed, whichever is first', async () => {
    for (const [a, b] of [
      ['jitter', 'jitter-again'],
      ['jitter-again', 'jitter'],
    ] as const) {
      const { code, stdout } = await compare(runHere, a, b);
      if (limited.has(a)) expect(stdout).toContain('A is generator-limited');
      if (limited.has(b)) expect(stdout).toContain('B is generator-limited');
      if (limited.has(a) || limited.has(b)) continue;
      expect(stdout).toContain('Same scenario and seed: firmware');
      expect(stdout).toMatch(/Judgement at 25%\n {2}B {2}no regression {2}1\d of \d+ metrics judged/);
      expect(code).toBe(0);
    }
  });

  it('shows at a glance what another reconnect policy does', async () => {
    const { code, stdout } = policies;
    expect(stdout).toMatch(
      /B ran firmware with other settings than A: fleets\.meters\.reconnect\.preset full-jitter to\s+esp-mqtt/,
    );
    const html = await readFile(page, 'utf8');
    expect(html).toContain('<div class="plot" id="recovery-overlay">');
    if (limited.has('jitter')) expect(stdout).toContain('A is generator-limited');
    if (limited.has('esp')) expect(stdout).toContain('B is generator-limited');
    if (limited.has('jitter') || limited.has('esp')) return;
    expect(stdout).toMatch(/worse +recovery\.t95 +[\d.]+s +to +never/);
    expect(stdout).toMatch(/worse +recovery\.never-recovered +\d+ +to +[12]\d\d/);
    expect(code).toBe(99);
    expect(html).toMatch(/<p class="outcome">✗ B: \d+ worse/);
  });

  it('draws both runs over each other on a page that needs no network', async () => {
    const browser = await launchBrowser();
    const tab = await browser.newPage();
    const faults = watchPage(tab);
    const url = pathToFileURL(page).href;
    await tab.goto(url);
    for (const chart of ['time-online', 'time-started', 'overlay-response', 'recovery-overlay']) {
      // Those out of sight are drawn a moment later.
      await expect.poll(async () => (await drawnPixels(tab, chart)).pixels > 500, { interval: 200 }).toBe(true);
    }
    expect(await tab.locator('#recovery-overlay .legend').textContent()).toContain('B esp: drop 300 of 300 sessions');
    expect(faults).toEqual({ errors: [], requests: [url] });
    await browser.close();
  });
});
