import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommandModule } from 'yargs';
import { EXIT_CODES, SUMMARY_SCHEMA_VERSION, type Summary, summarySchema } from '../metrics/results.ts';
import { renderSummary } from '../report/summary-text.ts';
import { escapeControls } from '../report/text.ts';
import type { Io } from './io.ts';
import { styleOf } from './style.ts';

/** Arguments of `report`. */
export interface ReportArgs {
  readonly dir: string;
  readonly json: boolean;
}

/** `fleetstorm report DIR`: shows a finished run again. */
export function reportCommand(io: Io, exit: (code: number) => void): CommandModule<object, ReportArgs> {
  return {
    command: 'report <dir>',
    describe: 'Show the summary of a finished run again',
    builder: (yargs) =>
      yargs
        .positional('dir', { type: 'string', demandOption: true, describe: 'Folder of the run' })
        .option('json', { type: 'boolean', default: false, describe: 'Print the summary as JSON' })
        .example('$0 report results/2026-01-02T03-04-05-quickstart', 'The same summary as at the end of the run'),
    handler: async (args) => exit(await runReport(io, args)),
  };
}

/** Runs the command. The exit code is 0 when the run could be shown, whatever the run's own was, and 2 when it could not. */
export async function runReport(io: Io, args: ReportArgs): Promise<number> {
  const path = join(args.dir, 'summary.json');
  const read = await readSummary(path);
  if (!read.ok) {
    io.stderr.write(`${read.fault}\n`);
    return EXIT_CODES.usage;
  }
  io.stdout.write(
    args.json ? `${JSON.stringify(read.summary, null, 2)}\n` : renderSummary(read.summary, styleOf(io, io.stdout)),
  );
  return EXIT_CODES.passed;
}

type ReadSummary = { readonly ok: true; readonly summary: Summary } | { readonly ok: false; readonly fault: string };

async function readSummary(path: string): Promise<ReadSummary> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    return { ok: false, fault: unreadable(path, error) };
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
  return parsed.success ? { ok: true, summary: parsed.data } : { ok: false, fault: invalid(path, parsed.error.issues) };
}

function unreadable(path: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code !== 'ENOENT' && code !== 'ENOTDIR') return `${path} cannot be read: ${messageOf(error)}`;
  return `${path} does not exist. Name the folder of a finished run; a run that was killed leaves only timeline.ndjson and latency.hlog.`;
}

function newerVersion(value: unknown): number | undefined {
  if (typeof value !== 'object' || value === null || !('schemaVersion' in value)) return undefined;
  const { schemaVersion } = value;
  return typeof schemaVersion === 'number' && schemaVersion > SUMMARY_SCHEMA_VERSION ? schemaVersion : undefined;
}

/** Faults named before the rest is only counted. */
const FAULTS_SHOWN = 5;

function invalid(path: string, issues: readonly { path: readonly PropertyKey[]; message: string }[]): string {
  const lines = issues.slice(0, FAULTS_SHOWN).map((issue) => {
    const field = issue.path.length === 0 ? 'the whole file' : issue.path.map(String).join('.');
    return escapeControls(`  ${field}: ${issue.message}`);
  });
  const hidden = issues.length - lines.length;
  return [
    `${path} is not a summary that fleetstorm wrote:`,
    ...lines,
    ...(hidden > 0 ? [`  and ${hidden} more`] : []),
  ].join('\n');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
