import { readFile, stat } from 'node:fs/promises';

/** A file that exists but cannot be read more than once. */
export class NotRegularFileError extends Error {
  override readonly name = 'NotRegularFileError';
  readonly code = 'NOT_REGULAR';
}

/** Throws a `NotRegularFileError` for pipes and devices, which may never end or block a reader forever, and the file system's own errors. */
export async function refuseSpecialFile(path: string): Promise<void> {
  const status = await stat(path);
  if (!status.isFile() && !status.isDirectory()) throw new NotRegularFileError(path);
}

/** The bytes of a file that is read again later. Throws as `refuseSpecialFile` does. */
export async function readRegularFile(path: string): Promise<Buffer> {
  await refuseSpecialFile(path);
  return await readFile(path);
}
