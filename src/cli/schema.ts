import { comparisonJsonSchema } from '../results/comparison/comparison-report.ts';
import { loginJsonSchema } from '../results/login/login-report.ts';
import { studyJsonSchema } from '../results/study/study-summary.ts';
import { summaryJsonSchema } from '../results/summary/summary-schema.ts';
import { scenarioJsonSchema } from '../scenario/schema/scenario-schema.ts';
import type { Io } from './io/io.ts';
import type { CommandCode } from './options/command-code.ts';

/** Arguments of `schema`. */
export interface SchemaArgs {
  readonly summary?: boolean | undefined;
  readonly login?: boolean | undefined;
  readonly study?: boolean | undefined;
  readonly comparison?: boolean | undefined;
}

/** `fleetstorm schema`: the JSON Schema of scenario files, for editors, of `summary.json` of a run or a study, or of what `login --json` and `compare --json` print. */
export function schemaCommand(io: Io, exit: (code: number) => void): CommandCode<SchemaArgs> {
  return {
    builder: (yargs) =>
      yargs
        .option('summary', { type: 'boolean', describe: 'The schema of summary.json, for tools that read results' })
        .option('login', { type: 'boolean', describe: 'The schema of what `login --json` prints' })
        .option('study', { type: 'boolean', describe: "The schema of a study's summary.json, as `capacity` writes it" })
        .option('comparison', { type: 'boolean', describe: 'The schema of what `compare --json` prints' })
        .conflicts('summary', ['login', 'study', 'comparison'])
        .conflicts('login', ['study', 'comparison'])
        .conflicts('study', 'comparison')
        .example('$0 schema > scenarios/schema.json', 'Then start a scenario with')
        .example('# yaml-language-server: $schema=./schema.json', '')
        .example('$0 schema --summary', 'For tools that read summary.json'),
    handler: async (args) => exit(await runSchema(io, args)),
  };
}

/** Prints the schema to stdout. */
export function runSchema(io: Pick<Io, 'stdout'>, args: SchemaArgs = {}): Promise<number> {
  const schema = schemaOf(args);
  io.stdout.write(`${JSON.stringify(schema, null, 2)}\n`);
  return Promise.resolve(0);
}

function schemaOf({ summary, login, study, comparison }: SchemaArgs): object {
  if (summary === true) return summaryJsonSchema();
  if (study === true) return studyJsonSchema();
  if (comparison === true) return comparisonJsonSchema();
  return login === true ? loginJsonSchema() : scenarioJsonSchema();
}
