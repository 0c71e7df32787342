import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadPageAssets } from '../../src/report/html/assets.ts';
import { judgedStudies } from '../../src/report/study/study-comparison.ts';
import { renderStudyComparisonPage } from '../../src/report/study/study-comparison-page.ts';
import { renderStudyPage } from '../../src/report/study/study-page.ts';
import { drawnPixels, launchBrowser, watchPage } from '../fixtures/browser.ts';
import { foundStudy } from '../fixtures/study/study-summary.ts';

/** The pages of capacity searches, in a real browser. */

let browser: Browser;
let dir: string;
beforeAll(async () => {
  browser = await launchBrowser();
  dir = await mkdtemp(join(tmpdir(), 'fleetstorm-study-page-'));
  const assets = await loadPageAssets();
  await writeFile(join(dir, 'study.html'), renderStudyPage(foundStudy(), 'name: any-broker\n', assets));
  const studies = ['A', 'B'].map((letter) => ({ letter, name: letter.toLowerCase(), study: foundStudy() }));
  await writeFile(join(dir, 'compare.html'), renderStudyComparisonPage(judgedStudies(studies), [], assets));
});
afterAll(async () => {
  await browser.close();
  await rm(dir, { recursive: true });
});

it.each([
  ['study.html', ['response', 'parts']],
  ['compare.html', ['p50', 'p99']],
])('%s draws its charts without an error or a request, and fits a phone', async (file, charts) => {
  const url = pathToFileURL(join(dir, file)).href;
  const page = await browser.newPage({ viewport: { width: 390, height: 800 } });
  const faults = watchPage(page);
  await page.goto(url);
  for (const chart of charts) {
    const isDrawn = async (): Promise<boolean> => {
      const { pixels, colors } = await drawnPixels(page, chart);
      return pixels > 300 && colors > 2;
    };
    await expect.poll(async () => ({ chart, isDrawn: await isDrawn() })).toEqual({ chart, isDrawn: true });
    expect(await page.locator(`#${chart} .uplot`).getAttribute('aria-label')).toContain('673/s holds, 703/s does not');
  }
  expect(faults).toEqual({ errors: [], requests: [url] });
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
  await page.close();
});
