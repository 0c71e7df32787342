import { join } from 'node:path';
import { replaceFile } from '../../files/replace-file.ts';
import { hlogFileLines, timelineFileLines } from '../../results/folder/read-lines.ts';
import { readScenarioText } from '../../results/folder/read-scenario.ts';
import type { Summary } from '../../results/summary/summary.ts';
import { loadPageAssets } from './assets.ts';
import { readDistributions } from './data/distributions.ts';
import { TimelineColumns } from './data/timeline-columns.ts';
import { renderHtml } from './report-page.ts';

export const REPORT_FILE = 'report.html';

/**
 * Writes `report.html` of a run from its summary and its other files. Rejects if one of them cannot be read or the report cannot be
 * written.
 */
export async function writeHtmlReport(folder: string, summary: Summary): Promise<void> {
  await replaceFile(join(folder, REPORT_FILE), await htmlReport(folder, summary));
}

/** The page of a run. Rejects if a file of the folder cannot be read. */
export async function htmlReport(folder: string, summary: Summary): Promise<string> {
  const fleetNames = summary.fleets.map(({ name }) => name);
  const timeline = new TimelineColumns(fleetNames);
  for await (const line of timelineFileLines(folder)) timeline.add(line);
  return renderHtml(
    {
      summary,
      timeline: { columns: timeline.columns(), width: timeline.width, rates: timeline.rates() },
      distributions: await readDistributions(hlogFileLines(folder), fleetNames),
      scenarioYaml: await readScenarioText(folder),
    },
    await loadPageAssets(),
  );
}
