import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Io } from './io.ts';

/** A CA's certificate in a file in a folder of its own. */
export interface PassingCaFile {
  readonly path: string;
  remove(): void;
}

/** Writes it where clients can read it as long as the process runs; the folder is removed at the end, unless that is by SIGKILL. */
export function passingCaFile(io: Pick<Io, 'onExit'>, ca: string): PassingCaFile {
  const folder = mkdtempSync(join(tmpdir(), 'fleetstorm-'));
  const removeFolder = (): void => rmSync(folder, { recursive: true, force: true });
  const offExit = io.onExit(removeFolder);
  const path = join(folder, 'ca.pem');
  writeFileSync(path, ca);
  return {
    path,
    remove: () => {
      offExit();
      removeFolder();
    },
  };
}
