import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { platform } from 'node:os';

/** A folder that is this run's until it is let go. */
export interface FolderClaim {
  letGo(): void;
}

/**
 * Claims a folder for one run; undefined when another run of this machine holds it. A name of the system that dies with its process stands
 * for the claim, so that nothing is left of a run that is killed; only Linux has such names (`man 7 unix`, abstract), elsewhere nothing
 * is held.
 */
export async function claimFolder(path: string): Promise<FolderClaim | undefined> {
  if (platform() !== 'linux') return { letGo: () => undefined };
  const { dev, ino } = await stat(path, { bigint: true });
  const server = createServer((socket) => socket.destroy()).unref();
  server.listen(`\0fleetstorm-results-${dev}-${ino}`);
  try {
    await once(server, 'listening');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return undefined;
    // A system that forbids such names has no claims; the files are what matters.
    return { letGo: () => undefined };
  }
  server.on('error', () => undefined);
  return { letGo: () => void server.close() };
}
