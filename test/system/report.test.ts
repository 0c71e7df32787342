/// <reference lib="dom" />
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeHtmlReport } from '../../src/report/html/write.ts';
import { drawnPixels, launchBrowser, type PageFaults, watchPage } from '../fixtures/browser.ts';
import { STORM_SHAPE, writeStormRun } from '../fixtures/reports/storm-run.ts';

let browser: Browser;
/** Of all tests but those of a page's start: a page of its own is most of what a small test takes. Each loads the report anew. */
let page: Page;
let faults: PageFaults;
let dir: string;
beforeAll(async () => {
  browser = await launchBrowser();
  page = await browser.newPage();
  faults = watchPage(page);
  dir = await mkdtemp(join(tmpdir(), 'fleetstorm-page-'));
  await writeHtmlReport(join(dir, 'storm'), await writeStormRun(join(dir, 'storm')));
});
afterAll(async () => {
  await browser.close();
  await rm(dir, { recursive: true });
});

const CHARTS = [
  ...[
    'online',
    'online-by-fleet',
    'ended',
    'rates',
    'latency-rate',
    'outcomes',
    'latency',
    'p99-by-fleet',
    'percentiles',
    'heat',
  ],
  ...['recovery-1', 'recovery-2', 'kicks', 'lateness', 'cpu'],
];

/** Playwright's own. */
const VIEWPORT = { width: 1280, height: 720 };

/** Of polls that read pictures. */
const CALMLY = { interval: 200 };

function reportUrl(run = 'storm'): string {
  return pathToFileURL(join(dir, run, 'report.html')).href;
}

/** How a reader sees it. */
interface Look {
  readonly colorScheme?: 'light' | 'dark';
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly run?: string;
}

/** Loads a report as if nobody had looked at one before. */
async function open({ colorScheme = 'light', viewport = VIEWPORT, run = 'storm' }: Look = {}): Promise<void> {
  await page.goto('about:blank');
  await page.emulateMedia({ colorScheme, media: null });
  await page.setViewportSize(viewport);
  for (const seen of [faults.errors, faults.requests]) seen.length = 0;
  await page.goto(reportUrl(run));
}

/** Zooms as a reader does: presses, pulls, lets go. */
async function dragAcross(page: Page, chart: string): Promise<void> {
  const plot = page.locator(`#${chart} .u-over`);
  await plot.scrollIntoViewIfNeeded();
  const area = await plot.boundingBox();
  if (area === null) throw new Error(`the chart ${chart} has no area`);
  await page.mouse.move(area.x + area.width * 0.3, area.y + 50);
  await page.mouse.down();
  await page.mouse.move(area.x + area.width * 0.6, area.y + 60, { steps: 5 });
  await page.mouse.up();
}

/** The pixels of the axis of time: they change with what it shows. */
function axisPicture(page: Page, chart: string): Promise<string> {
  return page.evaluate((id) => {
    const canvas = document.querySelector<HTMLCanvasElement>(`#${id} canvas`);
    const height = canvas?.height ?? 0;
    return (
      canvas
        ?.getContext('2d')
        ?.getImageData(0, height - 50, canvas.width, 30)
        .data.join() ?? ''
    );
  }, chart);
}

describe('the report of a storm', () => {
  it('opens from disk without an error or a request, and draws every chart', async () => {
    await open();
    for (const chart of CHARTS) {
      // Those out of sight are drawn a moment later.
      const isDrawn = async (): Promise<boolean> => {
        const { pixels, colors } = await drawnPixels(page, chart);
        return pixels > 500 && colors > 2;
      };
      await expect.poll(async () => ({ chart, isDrawn: await isDrawn() }), CALMLY).toEqual({ chart, isDrawn: true });
    }
    expect(faults).toEqual({ errors: [], requests: [reportUrl()] });
  });

  it('zooms all charts of the run together, and out again', async () => {
    await open();
    await expect.poll(async () => (await drawnPixels(page, 'latency')).pixels, CALMLY).toBeGreaterThan(500);
    const before = await axisPicture(page, 'latency');
    await dragAcross(page, 'online');
    await expect.poll(() => page.locator('#reset-zoom').isVisible()).toBe(true);
    await expect.poll(() => axisPicture(page, 'latency'), CALMLY).not.toBe(before);
    await page.locator('#reset-zoom').click();
    await expect.poll(() => axisPicture(page, 'latency'), CALMLY).toBe(before);
    expect(await page.locator('#reset-zoom').isVisible()).toBe(false);
  });

  it('zooms out at a double click', async () => {
    await open();
    await dragAcross(page, 'online');
    await expect.poll(() => page.locator('#reset-zoom').isVisible()).toBe(true);
    await page.locator('#online .u-over').dblclick();
    await expect.poll(() => page.locator('#reset-zoom').isVisible()).toBe(false);
  });

  it('follows the dark style, and the choice of its reader', async () => {
    await open({ colorScheme: 'dark' });
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(await background()).toBe('rgb(20, 24, 29)');
    await page.locator('#theme').click();
    expect(await background()).toBe('rgb(255, 255, 255)');
    expect((await drawnPixels(page, 'online')).pixels).toBeGreaterThan(500);
    expect(faults.errors).toEqual([]);
  });

  it('is light and as wide as the paper in print, whatever the screen is', async () => {
    await open({ colorScheme: 'dark', viewport: { width: 1300, height: 900 } });
    await page.emulateMedia({ media: 'print' });
    await expect
      .poll(() =>
        page
          .locator('#online .uplot')
          .boundingBox()
          .then((box) => (box?.width ?? 9_999) <= 660),
      )
      .toBe(true);
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(255, 255, 255)');
    expect(await page.locator('.tools').isVisible()).toBe(false);
    const pdf = await page.pdf({ format: 'A4' });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    await page.emulateMedia({ media: 'screen' });
    await expect
      .poll(() =>
        page
          .locator('#online .uplot')
          .boundingBox()
          .then((box) => (box?.width ?? 0) !== 660 && (box?.width ?? 0) > 500),
      )
      .toBe(true);
  });

  it('answers on its first screen: the verdict, the figures, the sessions online and what happened', async () => {
    await open({ viewport: { width: 1440, height: 900 } });
    for (const part of ['.banner', '.tiles', '#online', '#verdict .scroll', '.happenings']) {
      const box = await page.locator(part).first().boundingBox();
      expect({ part, isInSight: box !== null && box.y + box.height <= 900 }).toEqual({ part, isInSight: true });
    }
    expect(await page.locator('.banner').textContent()).toMatch(
      /✗ 1 of 3 thresholds failed exit code 99\s*accepted\.ratio >= 99%: measured 40%/,
    );
  });

  it.each([390, 768, 1100, 1440, 2560])(
    'has an instant on one vertical line in all charts, %i px wide',
    async (width) => {
      await open({ viewport: { width, height: 900 } });
      const places = new Set<string>();
      for (const chart of ['online', 'online-by-fleet', 'rates', 'outcomes', 'latency', 'heat', 'lateness', 'cpu']) {
        const box = await page.locator(`#${chart} .u-over`).boundingBox();
        places.add(`${box?.x} ${box?.width}`);
      }
      expect(places.size).toBe(1);
      const beside = await page.locator('#latency-rate .u-over').boundingBox();
      const [left = 0] = [...places].map((place) => Number(place.split(' ')[0]));
      expect((beside?.x ?? 0) > left).toBe(width >= 1100);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    },
  );

  it('is read with the keyboard: values, zoom, tables that are cut', async () => {
    await open({ viewport: { width: 390, height: 800 } });
    const chart = page.locator('#online .uplot');
    await chart.focus();
    for (const key of ['Home', 'ArrowRight']) await page.keyboard.press(key);
    expect(await page.locator('#online output').textContent()).toMatch(/^1s: online [\d,]+, connecting \d+, waiting/);
    await page.keyboard.press('+');
    expect(await page.locator('#reset-zoom').isVisible()).toBe(true);
    await page.keyboard.press('0');
    expect(await page.locator('#reset-zoom').isVisible()).toBe(false);
    expect(await chart.getAttribute('aria-label')).toContain('Line chart: Sessions online. online: 0 to 10,000');
    const cut = page.getByRole('region', { name: 'Percentiles' });
    await cut.focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => cut.evaluate((region) => region.scrollLeft)).toBeGreaterThan(0);
    const whole = page.getByRole('region', { name: 'Replies of the HTTPS login' });
    expect([await cut.getAttribute('tabindex'), await whole.getAttribute('tabindex')]).toEqual(['0', null]);
  });

  it('hides a line at the press of its name', async () => {
    await open();
    const name = page.locator('#online .legend button', { hasText: 'connecting' });
    await name.press('Enter');
    expect(await name.getAttribute('aria-pressed')).toBe('false');
  });

  it('opens what a link leads to, and everything on paper', async () => {
    await open();
    await page.getByRole('link', { name: 'Scenario' }).click();
    await expect.poll(() => page.locator('#scenario pre').isVisible()).toBe(true);
    expect(await page.locator('#run dl').isVisible()).toBe(false);
    await page.emulateMedia({ media: 'print' });
    await expect.poll(() => page.locator('#run dl').isVisible()).toBe(true);
    await page.emulateMedia({ media: 'screen' });
    await expect.poll(() => page.locator('#run dl').isVisible()).toBe(false);
    expect(await page.locator('#scenario pre').isVisible()).toBe(true);
  });

  it('fits a narrow screen without scrolling sideways', async () => {
    await open({ viewport: { width: 380, height: 800 } });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(380);
  });

  it('has a table behind each chart', async () => {
    await open();
    for (const chart of CHARTS) {
      const figure = page.locator(`figure:has(> #${chart})`);
      await figure.locator('summary').click();
      // The table is filled when it is opened.
      await expect.poll(() => figure.locator('details table tbody tr').count()).toBeGreaterThan(1);
    }
  });

  it('does nothing that the name of a fleet says', async () => {
    const hostile = '<script>alert(1)</script><img src=x onerror=alert(2)>';
    const summary = await writeStormRun(join(dir, 'hostile'), {
      ...STORM_SHAPE,
      intervals: 60,
      fleets: [hostile, '"onload="alert(3)'],
    });
    await writeHtmlReport(join(dir, 'hostile'), summary);
    await open({ run: 'hostile' });
    expect(await page.locator('#fleets table td').first().textContent()).toBe(hostile);
    await page.locator('figure:has(> #online-by-fleet) summary').click();
    expect(await page.locator('#online-by-fleet .legend').textContent()).toContain(hostile);
    expect(faults).toEqual({ errors: [], requests: [reportUrl('hostile')] });
  });
});

/** Milliseconds until the first chart of a page is there. */
async function openingMs(run: string): Promise<number> {
  const opened = await browser.newPage();
  const startMs = performance.now();
  await opened.goto(reportUrl(run));
  expect((await drawnPixels(opened, 'online')).pixels).toBeGreaterThan(500);
  const tookMs = performance.now() - startMs;
  await opened.close();
  return tookMs;
}

describe('the report of a day', () => {
  it('is small, and opens as fast as one of ten minutes', async () => {
    // Intervals are joined by powers of two until there are at most 1,200: a 64th of a day fills as many rows as a day.
    const shape = { ...STORM_SHAPE, intervals: 86_400 / 64, sessionsPerFleet: 50_000 };
    await writeHtmlReport(join(dir, 'day'), await writeStormRun(join(dir, 'day'), shape));
    expect((await stat(join(dir, 'day', 'report.html'))).size).toBeLessThan(5_000_000);
    let [shortMs, longMs] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    // In turn, so that what else the machine does falls on both. It only ever adds to a time, so the least is what a page itself takes.
    for (let round = 0; round < 3; round++) {
      shortMs = Math.min(shortMs, await openingMs('storm'));
      longMs = Math.min(longMs, await openingMs('day'));
    }
    expect(longMs / shortMs).toBeLessThan(3);
  });
});
