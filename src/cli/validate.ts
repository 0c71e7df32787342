import { type MachineLimits, readMachineLimits } from '../host/machine/machine-limits.ts';
import { preflightOf } from '../host/machine/preflight.ts';
import { targetHosts } from '../host/machine/target-hosts.ts';
import { forbiddenHosts } from '../link/socket/remote-hosts.ts';
import { EXIT_CODES } from '../results/exit-codes.ts';
import { planFigures } from '../scenario/plan-figures.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Io } from './io/io.ts';
import type { CommandCode } from './options/command-code.ts';
import { loadScenarioFile, type ScenarioArgs, scenarioOptions } from './options/scenario-options.ts';
import { needsOf, planText } from './text/plan-text.ts';
import { refusalText } from './text/preflight-text.ts';

/** Arguments of `validate`. */
export interface ValidateArgs extends ScenarioArgs {
  /** Whether to check this machine against the plan, as `run` does; left out: yes. */
  readonly preflight?: boolean | undefined;
}

/** `fleetstorm validate FILE`: reports what is wrong with a scenario, or what a run of it would do. */
export function validateCommand(io: Io, exit: (code: number) => void): CommandCode<ValidateArgs> {
  return {
    builder: (yargs) =>
      scenarioOptions(yargs)
        .option('preflight', {
          type: 'boolean',
          default: true,
          describe: 'Check this machine against the plan, as `run` does; --no-preflight: for a run on another machine',
        })
        .example('$0 validate scenarios/quickstart.yaml', 'Faults, warnings, and the plan in words')
        .example('$0 validate storm.yaml --set fleets.meters.devices=1000000', 'The same at another size'),
    handler: async (args) => exit(await runValidate(io, args)),
  };
}

/** Runs the command: 0 when the scenario may be run here, warnings or not; 2 when it has faults; 3 when `run` would refuse it here. */
export async function runValidate(
  io: Pick<Io, 'stdout' | 'stderr' | 'env'>,
  args: ValidateArgs,
  machine?: MachineLimits,
): Promise<number> {
  const loaded = await loadScenarioFile(io, args);
  if (loaded === undefined) return EXIT_CODES.usage;
  const { scenario } = loaded;
  const limits = machine ?? (await readMachineLimits());
  const figures = planFigures(scenario);
  const isFit = args.preflight === false || (await isFitMachine(io, scenario, limits));
  io.stdout.write(planText(scenario, figures, needsOf(scenario, figures, limits), limits));
  return isFit ? EXIT_CODES.passed : EXIT_CODES.preflightRefused;
}

async function isFitMachine(io: Pick<Io, 'stderr'>, scenario: Scenario, limits: MachineLimits): Promise<boolean> {
  const { refusals, hints } = await preflightOf(scenario, limits, undefined);
  // Nothing is sent, so no host needs to be allowed yet.
  for (const host of forbiddenHosts(targetHosts(scenario), [])) {
    io.stderr.write(`warning: ${host} is not this machine: \`run\` needs --allow-remote '${host}'\n`);
  }
  for (const hint of hints) io.stderr.write(`warning: ${hint}\n`);
  if (refusals.length === 0) return true;
  io.stderr.write(refusalText(refusals));
  io.stderr.write('`run` would refuse it without --force. To validate it for another machine: --no-preflight\n');
  return false;
}
