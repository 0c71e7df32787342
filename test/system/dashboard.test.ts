import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeHtmlReport } from '../../dist/report/html/write.js';
import { startDashboard } from '../../dist/run/dashboard/server.js';
import { runScenario } from '../../dist/run/run.js';
import { loadScenario } from '../../dist/scenario/load.js';
import { drawnPixels, launchBrowser, watchPage } from '../fixtures/browser.ts';

const TEXT = `
version: 1
name: watched
seed: 7
duration: 60s
target: { emulator: { profile: "2017" } }
workers: 1
fleets:
  - name: meters
    productKey: a1Meters
    devices: 60
    connect: { arrival: ramp, over: 30s }
`;

let browser: Browser;
let folder: string;
beforeAll(async () => {
  browser = await launchBrowser();
  folder = await mkdtemp(join(tmpdir(), 'fleetstorm-watched-'));
});
afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});

describe('the dashboard', () => {
  it('follows a run, stops it when its button is pressed and confirmed, and becomes its report', async () => {
    const check = await loadScenario({ path: 'inline.yaml', text: TEXT }, [], {});
    if (!check.ok) throw new Error(JSON.stringify(check.faults));
    let stop: (() => void) | undefined;
    const dashboard = await startDashboard({
      port: 0,
      run: { scenario: 'watched', target: 'the emulator', sessions: 60, plannedDurationSec: 60, fleets: ['meters'] },
      onStop: () => stop?.(),
    });
    const page = await browser.newPage();
    const faults = watchPage(page);
    await page.goto(dashboard.url);
    const running = runScenario(check.scenario, {
      outFolder: folder,
      resultsFolder: folder,
      workers: undefined,
      env: {},
      warnings: [],
      observer: {
        onStart: (run) => {
          stop = run.stop;
        },
        onInterval: (line) => dashboard.interval(line),
      },
    });

    const figures = page.locator('#live-figures');
    await expect.poll(() => figures.textContent(), { timeout: 20_000 }).toMatch(/Elapsed[3-9]s/);
    expect(await page.locator('#live-outcomes').textContent()).toContain('accepted');
    expect((await drawnPixels(page, 'online')).pixels).toBeGreaterThan(200);

    await page.locator('#stop').click();
    await page.locator('#stop-dialog button[value=cancel]').click();
    expect(await page.locator('#stop').isEnabled()).toBe(true);
    await page.locator('#stop').click();
    await page.locator('#stop-dialog button[value=stop]').click();
    const { summary } = await running;
    expect([summary.interrupted, summary.elapsedSec < 50]).toEqual([true, true]);

    await writeHtmlReport(folder);
    await dashboard.finished(folder);
    await expect.poll(() => page.locator('#verdict').count()).toBe(1);
    await dashboard.close();
    expect(await page.locator('.banner .outcome').textContent()).toContain('interrupted, results are written');
    expect(faults.errors).toEqual([]);
    expect(new Set(faults.requests.map((url) => new URL(url).origin))).toEqual(new Set([dashboard.url.slice(0, -1)]));
    await page.close();
  });
});
