import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hlogFileLines, timelineFileLines } from '../folder/read-lines.ts';
import { readScenarioText } from '../folder/read-scenario.ts';
import { readSummary } from '../folder/read-summary.ts';
import { loadPageAssets } from './assets.ts';
import { readDistributions } from './data/distributions.ts';
import { TimelineColumns } from './data/timeline-columns.ts';
import { renderHtml } from './report-page.ts';

export const REPORT_FILE = 'report.html';

/** Writes `report.html` of a finished run from its other files; it appears whole or not at all. Rejects when one cannot be read or it cannot be written. */
export async function writeHtmlReport(folder: string): Promise<void> {
  const read = await readSummary(folder);
  if (!read.ok) throw new Error(read.fault);
  const fleetNames = read.summary.fleets.map(({ name }) => name);
  const timeline = new TimelineColumns(fleetNames);
  for await (const line of timelineFileLines(folder)) timeline.add(line);
  const page = renderHtml(
    {
      summary: read.summary,
      timeline: { columns: timeline.columns(), width: timeline.width },
      distributions: await readDistributions(hlogFileLines(folder), fleetNames),
      scenarioYaml: await readScenarioText(folder),
    },
    await loadPageAssets(),
  );
  const path = join(folder, REPORT_FILE);
  await writeFile(`${path}.part`, page);
  await rename(`${path}.part`, path);
}
