import type { CommandModule } from 'yargs';
import { EXIT_CODES } from '../metrics/exit-code.ts';
import { type MachineLimits, readMachineLimits } from '../run/machine-limits.ts';
import { preflightOf } from '../run/preflight.ts';
import { planFigures } from '../scenario/plan-figures.ts';
import type { Io } from './io.ts';
import { needsOf, planText } from './plan-text.ts';
import { loadScenarioFile, type ScenarioArgs, scenarioOptions } from './scenario-options.ts';

/** `fleetstorm validate FILE`: says what is wrong with a scenario, or what a run of it would do. */
export function validateCommand(io: Io, exit: (code: number) => void): CommandModule<object, ScenarioArgs> {
  return {
    command: 'validate <file>',
    describe: 'Check a scenario and say what a run of it would do',
    builder: (yargs) =>
      scenarioOptions(yargs)
        .example('$0 validate scenarios/quickstart.yaml', 'Faults, warnings, and the plan in words')
        .example('$0 validate storm.yaml --set fleets.meters.devices=1000000', 'The same with another size'),
    handler: async (args) => exit(await runValidate(io, args)),
  };
}

/** Runs the command: 0 when the scenario may be run, warnings or not; 2 when it has faults. */
export async function runValidate(
  io: Pick<Io, 'stdout' | 'stderr' | 'env'>,
  args: ScenarioArgs,
  machine?: MachineLimits,
): Promise<number> {
  const loaded = await loadScenarioFile(io, args);
  if (loaded === undefined) return EXIT_CODES.usage;
  const limits = machine ?? (await readMachineLimits());
  const figures = planFigures(loaded.scenario);
  const needs = needsOf(loaded.scenario, figures, limits);
  const { refusals, hints } = preflightOf(loaded.scenario, limits, undefined);
  for (const shortage of [...refusals, ...hints]) io.stderr.write(`warning: ${shortage}\n`);
  io.stdout.write(planText(loaded.scenario, figures, needs, limits));
  return EXIT_CODES.passed;
}
