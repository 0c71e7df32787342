import { type MachineLimits, readMachineLimits } from '../host/machine/machine-limits.ts';
import { preflightOf } from '../host/machine/preflight.ts';
import { processCount } from '../host/machine/process-count.ts';
import { remoteTargets } from '../host/machine/target-hosts.ts';
import { EXIT_CODES } from '../results/exit-codes.ts';
import { planFigures } from '../scenario/plan-figures.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Io } from './io/io.ts';
import type { CommandCode } from './options/command-code.ts';
import { loadScenarioFile, type ScenarioArgs } from './options/scenario-options.ts';
import { busyFaults } from './run/busy-faults.ts';
import { outputFaultsOf, partFaults } from './run/run-checks.ts';
import { askedProcesses, type RunArgs, runFault, runOptions } from './run/run-options.ts';
import { askedPart } from './run/share-options.ts';
import { type AskedThreads, needsOf, planText } from './text/plan-text.ts';
import { refusalText } from './text/preflight-text.ts';

/** Arguments of `validate`: those of the run to come. */
export interface ValidateArgs extends ScenarioArgs, Partial<Omit<RunArgs, keyof ScenarioArgs>> {
  /** Whether to check this machine against the plan, as `run` does; left out: yes. */
  readonly preflight?: boolean | undefined;
}

/** `fleetstorm validate FILE`: reports what is wrong with a scenario, or what a run of it would do. */
export function validateCommand(io: Io, exit: (code: number) => void): CommandCode<ValidateArgs> {
  return {
    builder: (yargs) =>
      runOptions(yargs)
        .option('preflight', {
          type: 'boolean',
          default: true,
          describe: 'Check this machine against the plan, as `run` does; --no-preflight: for a run on another machine',
        })
        .example('$0 validate scenarios/quickstart.yaml', 'Faults, warnings, and the plan in words')
        .example('$0 validate storm.yaml --set fleets.meters.devices=1000000', 'The same at another size')
        .example('$0 validate storm.yaml --out results/storm --junit junit.xml', 'With the options of the run to come')
        .epilog(
          'Nothing is sent and nothing is written, whatever the options: they are checked as `run` would check them.',
        ),
    handler: async (args) => exit(await runValidate(io, args)),
    bare: ['dashboard'],
  };
}

/**
 * Runs the command: 0 when the scenario may be run here, warnings or not; 2 when it or an option has faults; 3 when `run` would refuse it
 * here.
 */
export async function runValidate(
  io: Pick<Io, 'stdout' | 'stderr' | 'env'>,
  args: ValidateArgs,
  machine?: MachineLimits,
): Promise<number> {
  const fault = runFault(io, args);
  if (fault !== undefined) io.stderr.write(`${fault}\n`);
  const loaded = await loadScenarioFile(io, args);
  if (loaded === undefined || fault !== undefined) return EXIT_CODES.usage;
  const { scenario } = loaded;
  const part = args.shard === undefined ? undefined : askedPart(args.shard);
  const limits = machine ?? (await readMachineLimits());
  warnOfRemote(io, scenario, args);
  const faults = [...partFaults(args, scenario), ...(await placeFaults(args, scenario))];
  io.stderr.write(faults.map((words) => `${words}\n`).join(''));
  const figures = planFigures(scenario, part);
  const asked = { workers: args.workers, processes: askedProcesses(args.processes), part };
  const isElsewhere = args.preflight === false || args.redis !== undefined;
  const isFit = isElsewhere || (await isFitMachine(io, scenario, limits, { ...asked, force: args.force }));
  io.stdout.write(planText(scenario, figures, needsOf(scenario, figures, limits, asked), limits));
  if (faults.length > 0) return EXIT_CODES.usage;
  return isFit ? EXIT_CODES.passed : EXIT_CODES.preflightRefused;
}

/** Nothing is sent, so no host needs to be allowed yet. */
function warnOfRemote(io: Pick<Io, 'stderr'>, scenario: Scenario, args: ValidateArgs): void {
  for (const host of remoteTargets(scenario, args['allow-remote'] ?? [])) {
    io.stderr.write(`warning: ${host} is not this machine: \`run\` needs --allow-remote '${host}'\n`);
  }
}

/** Files, folders and ports of this machine that a run could not use; another machine has its own. */
async function placeFaults(args: ValidateArgs, scenario: Scenario): Promise<string[]> {
  if (args.preflight === false) return [];
  return [...(await outputFaultsOf(args, scenario)), ...(await busyFaults(args))];
}

async function isFitMachine(
  io: Pick<Io, 'stderr'>,
  scenario: Scenario,
  limits: MachineLimits,
  { workers, processes, part, force }: AskedThreads & Pick<ValidateArgs, 'force'>,
): Promise<boolean> {
  const spread = processCount(scenario, limits, processes, workers, part);
  const { refusals, hints } = await preflightOf(scenario, limits, workers, spread, part);
  const isForced = force === true;
  for (const hint of isForced ? [...refusals, ...hints] : hints) io.stderr.write(`warning: ${hint}\n`);
  if (refusals.length === 0 || isForced) return true;
  io.stderr.write(refusalText(refusals));
  io.stderr.write('`run` would refuse it without --force. To validate it for another machine: --no-preflight\n');
  return false;
}
