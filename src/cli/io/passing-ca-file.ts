import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Io } from './io.ts';

/** A CA's certificate in a file of a folder of its own. */
export interface PassingCaFile {
  readonly path: string;
  remove(): void;
}

/** Writes it where clients can read it while the process lasts: however that ends, by SIGKILL apart, the folder goes with it. */
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
