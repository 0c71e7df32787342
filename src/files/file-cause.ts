const CAUSES: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'no permission to read it',
  EISDIR: 'this is a folder, not a file',
  ENOTDIR: 'no such file: a part of its path is not a folder',
  NOT_REGULAR: 'no regular file, and it is read several times',
};

/** Why a file could not be read, in words. */
export function causeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  if (code === undefined) throw error;
  return CAUSES[code] ?? `cannot be read (${code})`;
}
