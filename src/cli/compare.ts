import { writeFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { CommandModule } from 'yargs';
import { EXIT_CODES } from '../metrics/results.ts';
import { type ComparedRun, compareRuns } from '../report/compare/comparison.ts';
import { renderComparisonPage } from '../report/compare/comparison-page.ts';
import { renderComparison } from '../report/compare/comparison-text.ts';
import { checkGates, type Gate, parseGate } from '../report/compare/gate.ts';
import { hlogFileLines } from '../report/folder/read-lines.ts';
import { readSummary } from '../report/folder/read-summary.ts';
import { loadPageAssets } from '../report/html/assets.ts';
import { type Distributions, readDistributions } from '../report/html/data/distributions.ts';
import type { Io } from './io.ts';
import { styleOf } from './style.ts';

/** Arguments of `compare`. */
export interface CompareArgs {
  readonly dirs: readonly string[];
  readonly html?: string | undefined;
  readonly 'fail-if': readonly string[];
  readonly all: boolean;
}

/** `fleetstorm compare A B [C ...]`: sets runs beside the first of them. */
export function compareCommand(io: Io, exit: (code: number) => void): CommandModule<object, CompareArgs> {
  return {
    command: 'compare <dirs..>',
    describe: 'Set finished runs beside each other, and gate on what changed',
    builder: (yargs) =>
      yargs
        .positional('dirs', {
          type: 'string',
          array: true,
          demandOption: true,
          describe: 'Folders of the runs; the others are compared with the first',
        })
        .option('fail-if', {
          type: 'string',
          array: true,
          nargs: 1,
          default: [] as string[],
          describe: 'Exit with 99 when a metric changed so: `response.p99 > +10%`; may be given again',
        })
        .option('html', { type: 'string', describe: 'Write the comparison, distributions overlaid, into this file' })
        .option('all', {
          type: 'boolean',
          default: false,
          describe: 'All metrics that have values, not only the main ones',
        })
        .example(`$0 compare results/before results/after --fail-if 'response.p99 > +10%'`, 'A gate for a pipeline'),
    handler: async (args) => exit(await runCompare(io, args)),
  };
}

/** Runs the command: 0 when no condition failed, 99 when one did, 2 when the runs could not be compared. */
export async function runCompare(io: Io, args: CompareArgs): Promise<number> {
  const runs = await readRuns(io, args.dirs);
  if (runs === undefined) return EXIT_CODES.usage;
  const gates = readGates(io, args['fail-if'], runs);
  if (gates === undefined) return EXIT_CODES.usage;
  const comparison = compareRuns(runs);
  const results = checkGates(gates, runs);
  io.stdout.write(renderComparison(comparison, results, styleOf(io, io.stdout), args.all));
  if (args.html !== undefined) {
    try {
      const distributions = await Promise.all(runs.map((run, index) => distributionsOf(run, args.dirs[index] ?? '')));
      await writeFile(args.html, renderComparisonPage(comparison, results, distributions, await loadPageAssets()));
      io.stderr.write(`Wrote ${args.html}\n`);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      io.stderr.write(`${args.html} could not be written: ${error.message}\n`);
      return EXIT_CODES.usage;
    }
  }
  return results.some(({ hasFailed }) => hasFailed) ? EXIT_CODES.thresholdFailed : EXIT_CODES.passed;
}

async function readRuns(io: Io, dirs: readonly string[]): Promise<ComparedRun[] | undefined> {
  if (dirs.length < 2) {
    io.stderr.write('Name at least two runs: fleetstorm compare results/before results/after\n');
    return undefined;
  }
  const runs: ComparedRun[] = [];
  for (const [index, dir] of dirs.entries()) {
    const read = await readSummary(dir);
    if (read.ok) runs.push({ letter: letterOf(index), name: basename(resolve(dir)), summary: read.summary });
    else io.stderr.write(`${read.fault}\n`);
  }
  return runs.length === dirs.length ? runs : undefined;
}

/** A, B, ... Z, then by number: nobody compares that many. */
function letterOf(index: number): string {
  return index < 26 ? String.fromCharCode('A'.charCodeAt(0) + index) : String(index + 1);
}

/** The conditions; undefined when one is not, all of them told. */
function readGates(io: Io, sources: readonly string[], runs: readonly ComparedRun[]): Gate[] | undefined {
  const fleetNames = [...new Set(runs.flatMap(({ summary }) => summary.fleets.map(({ name }) => name)))];
  const parsed = sources.map((source) => parseGate(source, fleetNames));
  for (const one of parsed) if (!one.ok) io.stderr.write(`--fail-if ${one.fault}\n`);
  const gates = parsed.flatMap((one) => (one.ok ? [one.gate] : []));
  return gates.length === parsed.length ? gates : undefined;
}

async function distributionsOf({ summary }: ComparedRun, dir: string): Promise<Distributions> {
  return readDistributions(
    hlogFileLines(dir),
    summary.fleets.map(({ name }) => name),
  );
}
