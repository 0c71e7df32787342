import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ALL_TUNINGS } from '../../dist/host/machine/tuning.js';
import { dashboardObserver } from '../../dist/outlets/dashboard/dashboard-observer.js';
import { startDashboard } from '../../dist/outlets/dashboard/dashboard-server.js';
import { writeHtmlReport } from '../../dist/report/html/write.js';
import type { StartedRun } from '../../dist/run/observer.js';
import { loadScenario } from '../../dist/scenario/load.js';
import { drawnPixels, launchBrowser, watchPage } from '../fixtures/browser.ts';
import { runIntoFolder } from '../fixtures/run-into-folder.ts';

const TEXT = `
version: 1
name: watched
seed: 7
duration: 600s
target: { emulator: { profile: "2017" } }
workers: 1
fleets:
  - name: meters
    productKey: a1Meters
    devices: 1000
    connect: { arrival: ramp, over: 500s }
thresholds:
  - accepted.ratio >= 1%
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

const LIVE_SECTIONS = [...['Now', 'Connects', 'Outcomes', 'Latency', 'Generator health', 'What was run', 'Scenario']];

function attemptsSoFar(page: Page): Promise<string | null> {
  return page.locator('#run dd', { hasText: 'started' }).textContent();
}

describe('the dashboard', () => {
  it('follows a run, stops it when its button is pressed and confirmed, and becomes its report', async () => {
    const check = await loadScenario({ path: 'inline.yaml', text: TEXT }, [], {});
    if (!check.ok) throw new Error(JSON.stringify(check.faults));
    let stop: (() => void) | undefined;
    const dashboard = await startDashboard({
      port: 0,
      run: { scenario: 'watched', target: 'the emulator', sessions: 1000, plannedDurationSec: 600, fleets: ['meters'] },
      onStop: () => stop?.(),
    });
    const page = await browser.newPage();
    const faults = watchPage(page);
    await page.goto(dashboard.url);
    const { close: _closedBelow, finished: _toldBelow, ...watching } = dashboardObserver(dashboard, folder);
    const stopper = {
      started: (run: StartedRun) => {
        stop = run.stop;
      },
    };
    const running = runIntoFolder(check.scenario, folder, {
      threads: { tuning: ALL_TUNINGS },
      observers: [watching, stopper],
    });

    const figures = page.locator('#live-figures');
    await expect.poll(() => figures.textContent()).toMatch(/Elapsed(?:[3-9]s|\d\d)/);
    // It is the report, as far as it is known.
    await expect.poll(() => page.locator('h2').allTextContents()).toEqual(LIVE_SECTIONS);
    for (const chart of ['online', 'outcomes', 'percentiles', 'heat'])
      await expect.poll(async () => (await drawnPixels(page, chart)).pixels, { interval: 200 }).toBeGreaterThan(200);
    expect(await page.locator('#live-beside').textContent()).toContain('holds');

    // It begins with charts, and the tab says how far the run is.
    const [chart, tiles] = [page.locator('#online'), page.locator('.tiles').first()];
    expect((await chart.boundingBox())?.y ?? 999).toBeLessThan(300);
    expect(await tiles.isVisible()).toBe(true);
    expect(await page.title()).toMatch(/^\d+% watched/);

    // What a reader has opened or zoomed stays so while the figures go on.
    const table = page.locator('figure:has(> #percentiles) details');
    await table.locator('summary').click();
    const before = Number(/^\d+/.exec((await attemptsSoFar(page)) ?? '')?.[0]);
    await expect.poll(async () => Number(/^\d+/.exec((await attemptsSoFar(page)) ?? '')?.[0])).toBeGreaterThan(before);
    expect(await table.getAttribute('open')).toBe('');
    expect(await table.locator('tbody tr').count()).toBeGreaterThan(3);

    await page.locator('#stop').click();
    await page.locator('#stop-dialog button[value=cancel]').click();
    expect(await page.locator('#stop').isEnabled()).toBe(true);
    await page.locator('#stop').click();
    await page.locator('#stop-dialog button[value=stop]').click();
    const { summary } = await running;
    expect([summary.interrupted, summary.elapsedSec < 500]).toEqual([true, true]);

    await writeHtmlReport(folder, summary);
    await dashboard.finished(folder);
    await expect.poll(() => page.locator('#verdict').count()).toBe(1);
    await dashboard.close();
    // The page outlives its server, and says where it stays.
    expect(await page.locator('.notice code').textContent()).toBe(join(folder, 'report.html'));
    expect(await page.title()).toMatch(/^✗ watched: .*[Ii]nterrupted after/);
    expect(await page.locator('.banner .outcome').textContent()).toMatch(/[Ii]nterrupted after/);
    expect(faults.errors).toEqual([]);
    expect(new Set(faults.requests.map((url) => new URL(url).origin))).toEqual(new Set([dashboard.url.slice(0, -1)]));
    await page.close();
  });
});
