import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileCause, fileErrorCode } from '../files/cause.ts';
import { isSameFile } from '../files/same-file.ts';
import type { EmulatorArgs } from './options/emulator-options.ts';

/** The names that a folder of `--state` holds: certificates and keys, and what is left of one that was being written. */
const STATE_FILE = /^(?:ca|server)[\w-]*\.pem(?:\.new)?$/;

/** Why the emulator's certificates may not be kept where `--state` says; none when they may. */
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
    return [`--state ${state} holds ${foreign[0]}, which no emulator keeps there; name another folder`];
  for (const name of ['ca', 'server']) {
    if (names.includes(`${name}.pem`) && !names.includes(`${name}-key.pem`)) {
      return [
        `--state ${state} holds a ${name}.pem without its ${name}-key.pem, which would be overwritten; name another folder`,
      ];
    }
  }
  for (const name of names) {
    if (devicesCsv !== undefined && (await isSameFile(join(state, name), devicesCsv))) {
      return [`--state ${state} holds ${devicesCsv}, the device list; name another folder`];
    }
  }
  return [];
}
