import { dirname, join, resolve } from 'node:path';
import { makeFault } from '../../files/make-folder.ts';
import { isSameFile } from '../../files/same-file.ts';
import { writeFault } from '../../files/write-check.ts';
import { folderFault, RUN_FILES } from '../../outlets/folder/contents.ts';
import type { Scenario } from '../../scenario/scenario.ts';

/** A file that a command was asked to write. */
export interface OutputFile {
  readonly option: string;
  readonly path: string;
}

/** A file that a command reads and must not change. */
export interface InputFile {
  /** `the scenario`, `the device list`. */
  readonly what: string;
  readonly path: string;
}

/** The options that were given, with their paths. */
export function outputFiles(paths: Readonly<Record<string, string | undefined>>): OutputFile[] {
  return Object.entries(paths).flatMap(([name, path]) => (path === undefined ? [] : [{ option: `--${name}`, path }]));
}

/** Everything that a run reads. */
export function scenarioFiles(file: string, { target, fleets }: Scenario): InputFile[] {
  const { caPath, clientCertPath, clientKeyPath, clientPfxPath } = target.tls;
  const tls = [caPath, clientCertPath, clientKeyPath, clientPfxPath].flatMap((path) =>
    path === undefined ? [] : [{ what: 'a certificate or key of the scenario', path }],
  );
  const lists = fleets.flatMap(({ devices }) =>
    devices.kind === 'csv' ? [{ what: 'a device list of the scenario', path: devices.path }] : [],
  );
  return [{ what: 'the scenario', path: file }, ...lists, ...tls];
}

/** Files of a finished run that are read from its folder. */
export function runFiles(folder: string): InputFile[] {
  return RUN_FILES.filter((name) => name !== 'report.html').map((name) => ({
    what: 'a result of the run',
    path: join(folder, name),
  }));
}

/** Where results go unless `--out` says otherwise, each run into a folder of its own. */
export const RESULTS_FOLDER = 'results';

/** All reasons against writing these files and this result folder, in words. Checking changes nothing. */
export async function outputFaults(
  files: readonly OutputFile[],
  inputs: readonly InputFile[],
  folder?: string,
): Promise<string[]> {
  const results = folder === undefined ? [] : RUN_FILES.map((name) => ({ option: '--out', path: join(folder, name) }));
  const clashes = await clashesOf([...files, ...results], inputs);
  if (clashes.length > 0) return clashes;
  const faults: string[] = [];
  const paths = files.map(({ path }) => path);
  const fault = folder === undefined ? undefined : ((await folderFault(folder, paths)) ?? (await makeFault(folder)));
  if (fault !== undefined) faults.push(`--out ${folder} cannot take the results: ${fault}; name another folder`);
  for (const { option, path } of files) {
    const why = await writeFault(path);
    // The result folder may not exist yet; it is made before anything is written.
    const isLater =
      why?.startsWith('ENOENT') === true && folder !== undefined && dirname(resolve(path)) === resolve(folder);
    if (why !== undefined && !isLater) faults.push(`${option} ${path} cannot be written: ${why}`);
  }
  return faults;
}

/** Outputs that would overwrite something that is read, or each other. */
export async function clashesOf(outputs: readonly OutputFile[], inputs: readonly InputFile[]): Promise<string[]> {
  const faults: string[] = [];
  for (const [index, { option, path }] of outputs.entries()) {
    for (const input of inputs) {
      if (await isSameFile(path, input.path)) faults.push(`${option} would overwrite ${path}, which is ${input.what}`);
    }
    for (const other of outputs.slice(index + 1)) {
      if (await isSameFile(path, other.path)) faults.push(`${option} and ${other.option} would both write ${path}`);
    }
  }
  return faults;
}
