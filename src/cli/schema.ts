import { summaryJsonSchema } from '../results/summary/summary-schema.ts';
import { scenarioJsonSchema } from '../scenario/schema/scenario-schema.ts';
import type { Io } from './io/io.ts';
import type { CommandCode } from './options/command-code.ts';

/** Arguments of `schema`. */
export interface SchemaArgs {
  readonly summary?: boolean | undefined;
}

/** `fleetstorm schema`: the JSON Schema of scenario files, for editors, or of `summary.json`, for other tools. */
export function schemaCommand(io: Io, exit: (code: number) => void): CommandCode<SchemaArgs> {
  return {
    builder: (yargs) =>
      yargs
        .option('summary', { type: 'boolean', describe: 'The schema of summary.json, for tools that read results' })
        .example('$0 schema > scenarios/schema.json', 'Then start a scenario with')
        .example('# yaml-language-server: $schema=./schema.json', '')
        .example('$0 schema --summary', 'For tools that read summary.json'),
    handler: async (args) => exit(await runSchema(io, args)),
  };
}

/** Prints the schema to stdout. */
export function runSchema(io: Pick<Io, 'stdout'>, args: SchemaArgs = {}): Promise<number> {
  const schema = args.summary === true ? summaryJsonSchema() : scenarioJsonSchema();
  io.stdout.write(`${JSON.stringify(schema, null, 2)}\n`);
  return Promise.resolve(0);
}
