import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isSameFile } from '../files/same-file.ts';
import { fileCause, fileErrorCode } from '../files/system-error.ts';
import type { EmulatorArgs } from './options/emulator-options.ts';

/** Names in a folder of `--state`: certificates and keys, and remains of one that was being written. */
const STATE_FILE = /^(?:ca|server)[\w-]*\.pem(?:\.new)?$/;

/** Why the emulator's certificates may not be kept in the folder of `--state`; empty when they may. */
export async function stateFaults({
  state,
  devicesCsv,
}: Pick<EmulatorArgs, 'state' | 'devicesCsv'>): Promise<string[]> {
  if (state === undefined || state === '') return [];
  let names: string[];
  try {
    names = await readdir(state);
  } catch (error) {
    return fileErrorCode(error) === 'ENOENT' ? [] : [`--state ${state} cannot be used: ${fileCause(error)}`];
  }
  const foreign = names.filter((name) => !name.startsWith('.') && !STATE_FILE.test(name));
  if (foreign.length > 0)
    return [`--state ${state} contains ${foreign[0]}, which is not the emulator's; name another folder`];
  for (const name of ['ca', 'server']) {
    if (names.includes(`${name}.pem`) && !names.includes(`${name}-key.pem`)) {
      return [
        `--state ${state} contains a ${name}.pem without its ${name}-key.pem, which would be overwritten; name another folder`,
      ];
    }
  }
  for (const name of names) {
    if (devicesCsv !== undefined && (await isSameFile(join(state, name), devicesCsv))) {
      return [`--state ${state} contains ${devicesCsv}, the device list; name another folder`];
    }
  }
  return [];
}
