import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from '../results/folder/read-lines.ts';
import { SUMMARY_SCHEMA_VERSION, type Summary, summarySchema } from '../results/summary/summary.ts';
import { escapeControls } from '../text/safe-text.ts';
import { withEventIds } from './event-ids.ts';
import { killedRunSummary } from './killed-run.ts';
import { summaryFaults } from './summary-faults.ts';

/** A run's summary, or why there is none. */
export type ReadSummary =
  /** `remark`: a note about a summary that the run did not write itself. */
  | { readonly ok: true; readonly summary: Summary; readonly remark?: string | undefined }
  | { readonly ok: false; readonly fault: string };

/** Reads and checks `summary.json` in a run's folder; if there is none, rebuilds it from what a killed run has left. Never rejects. */
export async function readSummary(folder: string): Promise<ReadSummary> {
  const path = join(folder, 'summary.json');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    return isMissing(error) ? await readKilledRun(folder, error) : { ok: false, fault: unreadable(path, error) };
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { ok: false, fault: `${path} is not JSON: ${escapeControls(messageOf(error))}` };
  }
  const newer = newerVersion(value);
  if (newer !== undefined) {
    const fault = `${path} has schema version ${newer}, this fleetstorm reads version ${SUMMARY_SCHEMA_VERSION}. Use the fleetstorm that wrote it, or a newer one.`;
    return { ok: false, fault };
  }
  const parsed = summarySchema.safeParse(value);
  return parsed.success
    ? { ok: true, summary: withEventIds(parsed.data) }
    : { ok: false, fault: summaryFaults(`${path} is not a summary that fleetstorm wrote:`, parsed.error.issues) };
}

async function readKilledRun(folder: string, missing: unknown): Promise<ReadSummary> {
  const path = join(folder, 'summary.json');
  try {
    const summary = await killedRunSummary(folder);
    if (summary === undefined) return { ok: false, fault: unreadable(path, missing) };
    return {
      ok: true,
      summary,
      remark: `${path} does not exist: this was rebuilt from the files of a run that was killed or is not over`,
    };
  } catch (error) {
    return { ok: false, fault: `${path} does not exist, and what the run left cannot be read: ${messageOf(error)}` };
  }
}

function unreadable(path: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code !== 'ENOENT' && code !== 'ENOTDIR') return `${path} cannot be read: ${messageOf(error)}`;
  return `${path} does not exist, and neither does a timeline.ndjson such as a killed run leaves. Name the folder of a run.`;
}

function newerVersion(value: unknown): number | undefined {
  if (typeof value !== 'object' || value === null || !('schemaVersion' in value)) return undefined;
  const { schemaVersion } = value;
  return typeof schemaVersion === 'number' && schemaVersion > SUMMARY_SCHEMA_VERSION ? schemaVersion : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
