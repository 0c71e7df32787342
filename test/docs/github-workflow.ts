import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { data, Evaluator, Lexer, Parser } from '@actions/expressions';
import { parse } from 'yaml';
import { z } from 'zod';

/** Plays the `run` steps of a workflow for GitHub Actions as a runner does: in order, in bash, as their conditions say. */

const stepSchema = z.object({
  name: z.string().optional(),
  id: z.string().optional(),
  if: z.string().optional(),
  run: z.string().optional(),
  uses: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
});
const jobSchema = z.object({ env: z.record(z.string(), z.string()).default({}), steps: z.array(stepSchema) });
const workflowSchema = z.object({ jobs: z.record(z.string(), jobSchema) });
type Step = z.infer<typeof stepSchema>;

/** What conditions of steps may ask for. */
export interface Surroundings {
  readonly github: { readonly event_name: 'push' | 'pull_request' | 'workflow_dispatch' };
  readonly inputs: { readonly accept: boolean };
}

/** How a job ended. */
export interface PlayedJob {
  readonly isSuccess: boolean;
  /** Names of the steps that were carried out; those that use an action are only named. */
  readonly steps: readonly string[];
  readonly output: string;
  readonly stepSummary: string;
}

/** Plays the only job in that folder. `environment`: what its steps find besides the runner's own variables. */
export async function playJob(
  file: string,
  folder: string,
  environment: Readonly<Record<string, string>>,
  surroundings: Surroundings,
): Promise<PlayedJob> {
  const [job] = Object.values(workflowSchema.parse(parse(readFileSync(file, 'utf8'))).jobs);
  if (job === undefined) throw new Error(`${file} has no job`);
  const files = runnerFiles(folder);
  const outputs: Record<string, { outputs: Record<string, string> }> = {};
  const steps: string[] = [];
  let [isSuccess, output] = [true, ''];
  for (const step of job.steps) {
    if (!isWanted(step.if ?? 'success()', { ...surroundings, steps: outputs }, isSuccess)) continue;
    steps.push(step.name ?? step.uses ?? '');
    if (step.run === undefined) continue;
    writeFileSync(files.GITHUB_OUTPUT, '');
    const played = await playStep(step, folder, { ...process.env, ...job.env, ...files, ...environment });
    output += played.text;
    if (played.code !== 0) isSuccess = false;
    if (step.id !== undefined) outputs[step.id] = { outputs: outputsIn(readFileSync(files.GITHUB_OUTPUT, 'utf8')) };
  }
  return { isSuccess, steps, output, stepSummary: readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8') };
}

/** The files that steps write to. */
function runnerFiles(folder: string) {
  const own = join(folder, '.runner');
  mkdirSync(own, { recursive: true });
  const files = { GITHUB_OUTPUT: join(own, 'output'), GITHUB_STEP_SUMMARY: join(own, 'summary.md') };
  writeFileSync(files.GITHUB_STEP_SUMMARY, '');
  return files;
}

/** With `shell: bash`, GitHub calls it like this. */
function playStep(
  { run = '' }: Step,
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<{ code: number | null; text: string }> {
  const script = join(cwd, '.runner', 'step.sh');
  writeFileSync(script, run);
  const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (more: string) => {
      text += more;
    });
  }
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ code, text }));
  });
}

function outputsIn(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line.includes('='));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

/** Whether a condition holds. Without a function that asks for the status of the job, it holds only as long as nothing has failed. */
function isWanted(condition: string, contexts: object, isSuccess: boolean): boolean {
  const status = { success: isSuccess, failure: !isSuccess, always: true, cancelled: false };
  const functions = Object.entries(status).map(([name, value]) => ({
    ...{ name, minArgs: 0, maxArgs: 0 },
    call: () => new data.BooleanData(value),
  }));
  const asksStatus = Object.keys(status).some((name) => condition.includes(`${name}(`));
  const { tokens } = new Lexer(asksStatus ? condition : `success() && (${condition})`).lex();
  const expression = new Parser(tokens, Object.keys(contexts), functions).parse();
  const context: unknown = JSON.parse(JSON.stringify(contexts), data.reviver);
  if (!(context instanceof data.Dictionary)) throw new Error('contexts are objects');
  const byName = new Map(functions.map((one) => [one.name, one]));
  return new Evaluator(expression, context, byName).evaluate().coerceString() === 'true';
}
