import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { platform } from 'node:os';

/** Keeps a folder reserved for one run until it is released. */
export interface FolderClaim {
  letGo(): void;
}

/**
 * Claims a folder for one run; undefined if another run on this machine holds it. The claim is an abstract socket name (`man 7 unix`),
 * which vanishes with its process, so a killed run leaves nothing behind. Only Linux has these; on other systems nothing is claimed.
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
    // Where the system forbids such names, go on without a claim: the files matter more.
    return { letGo: () => undefined };
  }
  server.on('error', () => undefined);
  return { letGo: () => void server.close() };
}
