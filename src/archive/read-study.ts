import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { STUDY_SCHEMA_VERSION, type StudySummary, studySummarySchema } from '../results/study/study-summary.ts';
import { summaryFaults } from './summary-faults.ts';

/** A study's summary, or why it cannot be read. */
export type ReadStudy =
  | { readonly ok: true; readonly study: StudySummary }
  | { readonly ok: false; readonly fault: string };

/** Reads and checks the summary of a study; undefined if the folder holds none, as that of a run. Never rejects. */
export async function readStudy(folder: string): Promise<ReadStudy | undefined> {
  const path = join(folder, 'summary.json');
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch {
    // What is wrong with it is told by whoever reads it as the summary of a run.
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('study' in value)) return undefined;
  const version = 'schemaVersion' in value ? value.schemaVersion : undefined;
  if (typeof version === 'number' && version > STUDY_SCHEMA_VERSION) {
    const fault = `${path} has schema version ${version}, this fleetstorm reads version ${STUDY_SCHEMA_VERSION}. Use the fleetstorm that wrote it, or a newer one.`;
    return { ok: false, fault };
  }
  const parsed = studySummarySchema.safeParse(value);
  if (parsed.success) return { ok: true, study: parsed.data };
  return { ok: false, fault: summaryFaults(`${path} is not a study that fleetstorm wrote:`, parsed.error.issues) };
}
