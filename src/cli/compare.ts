import { basename, resolve } from 'node:path';
import { readSummary } from '../archive/read-summary.ts';
import { type ComparedRun, compareRuns } from '../report/compare/comparison.ts';
import { type MeasuredRun, renderComparisonPage } from '../report/compare/comparison-page.ts';
import { comparisonReport, gateExitCode } from '../report/compare/comparison-report.ts';
import { renderComparison } from '../report/compare/comparison-text.ts';
import { checkGates, checkRegressions, type Gate, parseGate, REGRESSION_GATE } from '../report/compare/gate.ts';
import { DEFAULT_TOLERANCE, judged } from '../report/compare/judgement.ts';
import { loadPageAssets } from '../report/html/assets.ts';
import { readDistributions } from '../report/html/data/distributions.ts';
import { TimelineColumns } from '../report/html/data/timeline-columns.ts';
import { EXIT_CODES } from '../results/exit-codes.ts';
import { hlogFileLines, timelineFileLines } from '../results/folder/read-lines.ts';
import { version } from '../run/version.ts';
import { letterOf, pageWritten, playedScenario } from './compare/compared-files.ts';
import type { Io } from './io/io.ts';
import { styleOf } from './io/terminal-style.ts';
import type { CommandCode } from './options/command-code.ts';
import { outputFaults, outputFiles, runFiles } from './options/output-files.ts';
import { runStudyCompare } from './study/study-compare.ts';

/** Arguments of `compare`. */
export interface CompareArgs {
  readonly dirs: readonly string[];
  readonly html?: string | undefined;
  readonly 'fail-if': readonly string[];
  readonly all: boolean;
  readonly json?: boolean | undefined;
  /** How much a metric may differ from the first run's, such as `25%`; left out: 25% of runs, what both precisions allow of studies. */
  readonly tolerance?: string | undefined;
}

/** `fleetstorm compare A B [C ...]`: compares runs with the first of them. */
export function compareCommand(io: Io, exit: (code: number) => void): CommandCode<CompareArgs> {
  return {
    builder: (yargs) =>
      yargs
        .positional('dirs', {
          type: 'string',
          array: true,
          demandOption: true,
          describe: 'Folders of runs, or of studies; the others are compared with the first',
        })
        .option('fail-if', {
          type: 'string',
          array: true,
          nargs: 1,
          default: [] as string[],
          defaultDescription: 'none',
          describe:
            'Exit with 99 if a metric changed like this: `response.p99 > +10%`, of studies `capacity < -10%`, or `regression`: if any is judged worse; may be repeated',
        })
        .option('html', {
          type: 'string',
          describe: 'Write the comparison, distributions overlaid, as a page into this file',
        })
        .option('tolerance', {
          type: 'string',
          defaultDescription: `${DEFAULT_TOLERANCE * 100}%; of studies what both precisions allow`,
          describe: 'How much a metric may change before it counts as better or worse',
        })
        .option('all', {
          type: 'boolean',
          default: false,
          describe: 'All metrics that have values, not only the main ones; of studies all loads',
        })
        .option('json', { type: 'boolean', default: false, describe: 'Print the comparison as JSON' })
        .example(`$0 compare results/before results/after --fail-if 'response.p99 > +10%'`, 'A gate for a pipeline')
        .example('$0 compare results/before results/after --fail-if regression', 'The same, for all main metrics')
        .example(
          '$0 compare results/before-capacity results/after-capacity --fail-if regression',
          'Of studies: 99 if the service takes less',
        ),
    handler: async (args) => exit(await runCompare(io, args)),
  };
}

/** Runs the command: 0 when no condition failed, 99 when one did, 2 when the runs could not be compared. */
export async function runCompare(io: Io, args: CompareArgs): Promise<number> {
  const faults = await outputFaults(outputFiles({ html: args.html }), args.dirs.flatMap(runFiles));
  if (faults.length > 0) {
    io.stderr.write(faults.map((fault) => `${fault}\n`).join(''));
    return EXIT_CODES.usage;
  }
  const tolerance = args.tolerance === undefined ? DEFAULT_TOLERANCE : parseTolerance(args.tolerance);
  if (tolerance === undefined) {
    io.stderr.write(`--tolerance takes a share such as 25%, not ${args.tolerance}\n`);
    return EXIT_CODES.usage;
  }
  const ofStudies = await runStudyCompare(io, { ...args, tolerance: args.tolerance === undefined ? 0 : tolerance });
  return ofStudies ?? (await compareRunFolders(io, args, tolerance));
}

async function compareRunFolders(io: Io, args: CompareArgs, tolerance: number): Promise<number> {
  const runs = await readRuns(io, args.dirs);
  if (runs === undefined) return EXIT_CODES.usage;
  const sources = args['fail-if'].map((source) => source.trim());
  const gates = readGates(
    io,
    sources.filter((source) => source !== REGRESSION_GATE),
    runs,
  );
  if (gates === undefined) return EXIT_CODES.usage;
  const comparison = judged(compareRuns(runs), tolerance);
  const hasRegressionGate = sources.includes(REGRESSION_GATE);
  const results = [...checkGates(gates, runs), ...(hasRegressionGate ? checkRegressions(comparison.judgements) : [])];
  io.stdout.write(
    args.json === true
      ? `${JSON.stringify(comparisonReport(comparison, results, version), null, 2)}\n`
      : renderComparison(comparison, results, styleOf(io, io.stdout), args.all),
  );
  const page = async (): Promise<string> => {
    const measured = await Promise.all(runs.map((run, index) => measuredOf(run, args.dirs[index] ?? '')));
    return renderComparisonPage(comparison, results, measured, await loadPageAssets());
  };
  const isWritten = args.html === undefined || (await pageWritten(io, args.html, page));
  return isWritten ? gateExitCode(results) : EXIT_CODES.usage;
}

/** `25%` as 0.25; undefined when the text is not a share. */
function parseTolerance(text: string): number | undefined {
  const percents = /^(\d+(?:\.\d+)?)\s*%?$/.exec(text.trim())?.[1];
  return percents === undefined ? undefined : Number(percents) / 100;
}

async function readRuns(io: Io, dirs: readonly string[]): Promise<ComparedRun[] | undefined> {
  if (dirs.length < 2) {
    io.stderr.write('Name at least two runs: fleetstorm compare results/before results/after\n');
    return undefined;
  }
  const runs: ComparedRun[] = [];
  for (const [index, dir] of dirs.entries()) {
    const read = await readSummary(dir);
    if (!read.ok) {
      io.stderr.write(`${read.fault}\n`);
      continue;
    }
    if (read.remark !== undefined) io.stderr.write(`${read.remark}\n`);
    runs.push({
      letter: letterOf(index),
      name: basename(resolve(dir)),
      summary: read.summary,
      scenario: await playedScenario(io, dir),
    });
  }
  return runs.length === dirs.length ? runs : undefined;
}

/** The conditions; undefined when one is invalid, after telling all that are. */
function readGates(io: Io, sources: readonly string[], runs: readonly ComparedRun[]): Gate[] | undefined {
  const fleetNames = [...new Set(runs.flatMap(({ summary }) => summary.fleets.map(({ name }) => name)))];
  const parsed = sources.map((source) => parseGate(source, fleetNames));
  for (const one of parsed) if (!one.ok) io.stderr.write(`--fail-if ${one.fault}\n`);
  const gates = parsed.flatMap((one) => (one.ok ? [one.gate] : []));
  return gates.length === parsed.length ? gates : undefined;
}

async function measuredOf({ summary }: ComparedRun, dir: string): Promise<MeasuredRun> {
  const names = summary.fleets.map(({ name }) => name);
  const timeline = new TimelineColumns(names);
  for await (const line of timelineFileLines(dir)) timeline.add(line);
  return { distributions: await readDistributions(hlogFileLines(dir), names), timeline: timeline.columns() };
}
